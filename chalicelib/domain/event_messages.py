"""Messages of key events: which of them make one message, by which channel, and when it may leave.

Events that were not told yet at the victim's next send time are one message. The acknowledgement goes first, and is never one with them.
Must not decide whether a message may tell them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from chalicelib.domain.contact_safety import ChannelChoice
from chalicelib.domain.deadlines import LONDON, local_day, next_for_bad_news
from chalicelib.domain.delivery import MAY_HAVE_LEFT, Audience, Notification, State
from chalicelib.domain.draft import FINAL_FAILURE, Draft, may_arrive
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, VictimKind
from chalicelib.domain.news import News, rows_about, rule_of
from chalicelib.domain.obligations import Agreement, Obligation, evidence_rule_on
from chalicelib.domain.reminders import letter_arrives
from chalicelib.domain.situation import Situation, earliest, own_hours, written_in


@dataclass(frozen=True, slots=True)
class Tellable:
    """News that a message of ours may tell, and what it would meet."""

    item: News
    owed: Obligation


def channel_of(draft: Draft, choice: ChannelChoice | None, agreement: Agreement | None) -> Channel | None:
    """As agreed, where a message can go that way, once the acknowledgement has gone or may go. None: somebody has to tell it."""
    if choice is None or choice.notice is None or (_acknowledgements(draft) and not acknowledgements_alive(draft)):
        return None
    method = agreement.method if agreement is not None else choice.full or choice.notice
    return method if method in choice.usable else None


def _acknowledgements(draft: Draft) -> list[Notification]:
    before = draft.s.existing or {}
    return [before.get(key, row) for key, row in draft.notifications.items() if row.template is Template.ACKNOWLEDGEMENT]


def acknowledgements_alive(draft: Draft) -> tuple[str, ...]:
    """Acknowledgements that left or may still leave, and did not fail: one of them goes before anything else."""
    return tuple(sorted(row.notification_id for row in _acknowledgements(draft) if may_arrive(row)))


def tell(draft: Draft, tellable: list[Tellable], choice: ChannelChoice | None, agreement: Agreement | None) -> None:
    """One message for each send time; what left, or is being sent, is not told again."""
    channel = channel_of(draft, choice, agreement)
    gone = MAY_HAVE_LEFT | FINAL_FAILURE | {State.SENDING}
    left = [each for each in tellable if not any(row.state in gone for row in rows_about(draft.s, each.item.event.event_id))]
    while left and channel is not None:
        left.sort(key=lambda each: (_planned(draft.s, each), each.item.event.event_id))
        planned = _planned(draft.s, left[0])
        at = max(planned, _allowed(draft.s, left[0], max(planned, draft.s.now)))
        together = [each for each in left if _heard(draft.s, each) <= at and _allowed(draft.s, each, at) == at]
        _say(draft, together, channel, choice, planned if at <= draft.s.now else at)
        left = [each for each in left if each not in together]


def comes_too_late(s: Situation, each: Tellable, channel: Channel | None) -> bool:
    """Whether there was time to tell it when we heard of it, and a message comes only after that: it waits for its hour, or for the post.

    Both happen: the officer is asked to tell it in time, and the message goes unless they did.
    """
    leaves = _planned(s, each)
    arrives = letter_arrives(leaves, s.standing.holidays) if channel is Channel.LETTER else leaves
    return _heard(s, each) <= each.owed.due_at < arrives


def _say(draft: Draft, together: list[Tellable], channel: Channel, choice: ChannelChoice | None, not_before: datetime) -> None:
    s = draft.s
    words = evidence_rule_on("EVENT-WORDS", local_day(s.occurrence.reported_at))
    ids = tuple(each.owed.obligation_id for each in together)
    draft.say(
        Template.EVENT,
        Audience.VICTIM,
        channel,
        together[0].item.event.event_id,
        not_before=not_before,
        waits_for=acknowledgements_alive(draft),
        evidences=ids if channel in words.channels else (),
        lines=tuple((s.occurrence.reference, key) for key in ids),
        why_not=choice.why_not if choice else None,
        language=written_in(s),
    )


def _heard(s: Situation, each: Tellable) -> datetime:
    return max(each.item.event.heard_at or s.accepted_at, s.accepted_at)


def _planned(s: Situation, each: Tellable) -> datetime:
    """When it may leave by itself: a moment for corrections to come, and then the next allowed hour."""
    return _allowed(s, each, _heard(s, each) + s.standing.profile.hold.property_crime)


def _allowed(s: Situation, each: Tellable, moment: datetime) -> datetime:
    """The first instant at or after `moment` at which this victim may be told this."""
    if s.victim.kind is VictimKind.BUSINESS:
        another = max(moment, next_day(s))
        moment = another if _hour(s, each, another) <= each.owed.due_at else moment
    return _hour(s, each, moment)


def _hour(s: Situation, each: Tellable, moment: datetime) -> datetime:
    if not rule_of(each.item.event).bad_news:
        return earliest(s, moment)
    return next_for_bad_news(moment, s.standing.profile.quiet, s.standing.holidays, own_hours(s)) or earliest(s, moment)


def next_day(s: Situation) -> datetime:
    """A business contact gets one message a day: the day after the last that left of this case. What would then be late does not wait."""
    left = [row.sent_at for row in s.rows if row.audience is Audience.VICTIM and row.sent_at is not None]
    if not left:
        return s.accepted_at
    return datetime.combine(local_day(max(left)) + timedelta(days=1), time(), LONDON)

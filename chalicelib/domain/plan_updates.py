"""What officers' updates ask for: the message that says what was written, or the task of whoever wrote it where it cannot go or failed.

Specialist and held victims are sent none, whatever was written before. Must not send, and must not look at what a message says.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.agreements import keeper
from chalicelib.domain.contact_safety import ChannelChoice
from chalicelib.domain.deadlines import due, local_day, rule_on
from chalicelib.domain.delivery import AFTER_SETTLED, MAY_HAVE_LEFT, Audience, Notification, State
from chalicelib.domain.draft import FINAL_FAILURE, Draft
from chalicelib.domain.event_messages import acknowledgements_alive, channel_of, next_day
from chalicelib.domain.events import UpdateWritten
from chalicelib.domain.evidence import update_row_id, updates_written
from chalicelib.domain.free_text import unfit
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, VictimKind
from chalicelib.domain.news import named_in
from chalicelib.domain.obligations import Agreement, Kind, Purpose, evidence_rule_on
from chalicelib.domain.reminders import letter_arrives
from chalicelib.domain.situation import Situation, earliest, written_in
from chalicelib.domain.update_starts import Start, starts_on

_GONE = MAY_HAVE_LEFT | FINAL_FAILURE | {State.SENDING}


def way_of_updates(draft: Draft, choice: ChannelChoice | None, agreement: Agreement | None) -> Channel | None:
    """How an officer's update goes now: as agreed. None: nothing may be sent, or somebody has to ring."""
    if not draft.decision.automatic or agreement is None or agreement.ended is not None:
        return None
    return channel_of(draft, choice, agreement)


def tell_updates(draft: Draft, choice: ChannelChoice | None, agreement: Agreement | None) -> None:
    """One message for each update that was written. What left is not written again; what failed, or cannot go any more, is a person's."""
    open_now = draft.decision.automatic and agreement is not None and agreement.ended is None
    way = way_of_updates(draft, choice, agreement)
    for event in updates_written(draft.s):
        before = (draft.s.existing or {}).get(update_row_id(event))
        if before is not None and before.state in _GONE:
            came = _on_its_way(draft, before)
        else:
            came = way is event.channel and may_be_said(draft.s, event)
            if came:
                _say(draft, event, choice)
        if open_now and not came:
            draft.task(Purpose.UPDATE_NOT_DELIVERED, keeper(draft.s), begun_by=event.event_id)


def _on_its_way(draft: Draft, before: Notification) -> bool:
    """It left and may arrive: nobody is reminded of what it will meet."""
    if before.state in FINAL_FAILURE | {State.SETTLED} or before.reason == AFTER_SETTLED:
        return False
    draft.notifications[before.notification_id] = replace(before, evidences=_meets(draft, before.channel))
    return True


def may_be_said(s: Situation, event: UpdateWritten) -> bool:
    """Asked again whenever it might leave: the words still hold, the channel may carry them, and they name nobody of the case."""
    known = any(row.start == event.start for row in starts_on(event.channel, local_day(event.at)))
    return s.now <= holds_until(s, event) and known and _words_may_go(s, event)


def holds_until(s: Situation, event: UpdateWritten) -> datetime:
    """What an officer wrote of a case still holds until then; later it does not go."""
    return due(rule_on("WRITTEN-2WD", local_day(event.at)), event.at, s.standing.holidays)


def _words_may_go(s: Situation, event: UpdateWritten) -> bool:
    if event.words is None:
        return event.start != Start.OWN_WORDS
    return event.channel is not Channel.SMS and unfit(event.words, named_in(s.occurrence), s.standing.profile.own_words) is None


def _say(draft: Draft, event: UpdateWritten, choice: ChannelChoice | None) -> None:
    s = draft.s
    draft.say(
        Template.UPDATE,
        Audience.VICTIM,
        event.channel,
        event.event_id,
        not_before=_not_before(draft, event),
        waits_for=acknowledgements_alive(draft),
        evidences=_meets(draft, event.channel),
        why_not=choice.why_not if choice else None,
        language=written_in(s),
    )


def _meets(draft: Draft, channel: Channel) -> tuple[str, ...]:
    """The update that is owed now, where the words of this channel are one."""
    words = evidence_rule_on("UPDATE-WORDS", local_day(draft.s.occurrence.reported_at))
    owed = (key for key, row in draft.obligations.items() if row.kind is Kind.UPDATE and row.unmet)
    return tuple(owed) if channel in words.channels else ()


def _not_before(draft: Draft, event: UpdateWritten) -> datetime:
    """When it was written, in the hours in which this victim is written to; to a business on a day of its own, if that is in time."""
    s = draft.s
    moment = max(event.at, s.accepted_at)
    if s.victim.kind is not VictimKind.BUSINESS:
        return earliest(s, moment)
    another = earliest(s, max(moment, next_day(s)))
    return another if _in_time(draft, event, another) else earliest(s, moment)


def _in_time(draft: Draft, event: UpdateWritten, leaves: datetime) -> bool:
    """It still holds by then, and what it meets is not late."""
    s = draft.s
    heard = letter_arrives(leaves, s.standing.holidays) if event.channel is Channel.LETTER else leaves
    owed = (draft.obligations[key] for key in _meets(draft, event.channel))
    return leaves <= holds_until(s, event) and all(heard <= update.due_at for update in owed)

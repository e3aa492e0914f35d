"""What a victim's own page shows: what messages that left had told them already, in the same words, and what they may ask for.

Nothing of the record stands here that no accepted message said to this very reader; the terms that they agreed to themselves apart. Must
not be made for a victim who is not told automatically (services/victim_case.py opens no page for them).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from chalicelib.domain.compose import officer_contact, plain_offence, promise
from chalicelib.domain.compose_events import news_item
from chalicelib.domain.contact_safety import ChannelChoice
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import ACCEPTED, Notification, fact_id
from chalicelib.domain.event_news import NewsItem, ReviewScheme
from chalicelib.domain.events import ReviewStep, ReviewStepped
from chalicelib.domain.evidence import update_row_id, updates_written
from chalicelib.domain.free_text import unfit
from chalicelib.domain.messages import OfficerContact, Reader, Template, UpdatePromise
from chalicelib.domain.model import Channel, Offence, Officer, Unit
from chalicelib.domain.news import News, named_in, news, rows_about, rule_of
from chalicelib.domain.obligations import Agreement
from chalicelib.domain.plan import may_be_referred
from chalicelib.domain.plan_victim import asked, stopped
from chalicelib.domain.review import review_until, right_to_review
from chalicelib.domain.situation import Situation
from chalicelib.domain.update_content import finished
from chalicelib.domain.victim_events import Asked

FULL = frozenset({Channel.EMAIL, Channel.LETTER})
"""Channels whose messages say in full what happened; a text says that there is something."""


class Referral(StrEnum):
    """How it stands with the victim service, as far as the reader was told."""

    PASSED = "passed"
    REFUSED = "refused"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Update:
    """What an officer wrote to the reader: as in `OfficerUpdate`. `in_text`: a text said it, in fewer words."""

    start: str
    words: str | None
    in_text: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the reader was told, and when the message left: a key event or an officer's update."""

    told_on: date
    item: NewsItem | None = None
    update: Update | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """The right to a review of a decision that the reader was told of. `asked_on`: they did ask, on this page."""

    event_id: str
    scheme: ReviewScheme
    until: date
    asked_on: date | None


@dataclass(frozen=True, slots=True)
class VictimView:
    """The whole page. `crimes` and `reported_on` are as the acknowledgement said them, empty where none did in full.

    `methods` and `referral` are what may be chosen: the safe and usable ways of updates, and whether there is a referral to say no to.
    `late_for`: the day by which they should have heard from us, and did not. `corrected_on`: they asked for other contact details, and
    nobody spoke to them yet.
    """

    reference: str
    reader: Reader
    crimes: tuple[str, ...]
    reported_on: date | None
    officer: OfficerContact | None
    updates: UpdatePromise | None
    late_for: date | None
    declined: bool
    by_witness_care: bool
    lines: tuple[Line, ...]
    review: Review | None
    referral: Referral
    may_refuse: bool
    methods: tuple[Channel, ...]
    stopped: bool
    corrected_on: date | None


def told(s: Situation) -> list[Notification]:
    """Messages that providers took, and that went to whoever receives for this victim now, oldest first.

    One that went to another address told somebody else; a letter cannot be told apart.
    """
    kinds = {Template.ACKNOWLEDGEMENT, Template.EVENT, Template.UPDATE}
    left = [row for row in s.rows if row.template in kinds and row.state in ACCEPTED and row.sent_at is not None]
    theirs = (row for row in left if row.point is None or row.point in s.points)
    return sorted(theirs, key=lambda row: (row.sent_at or s.now, row.notification_id))


def victim_view(
    s: Situation, choice: ChannelChoice, agreement: Agreement | None, officer: Officer | None, correcting: date | None
) -> VictimView:
    """The page at `s.now`. `officer` is the one in the case as messages would name them; `correcting` since when other details wait."""
    rows = told(s)
    full = [row for row in rows if row.channel in FULL]
    reported = next((row for row in reversed(full) if row.names_crimes), None)
    updates = promise(agreement, local_day(s.now)) if full else None
    day = agreement.next_update_on if updates and agreement else None
    return VictimView(
        reference=s.occurrence.reference,
        reader=choice.recipient.reader,
        crimes=_crimes(reported),
        reported_on=local_day(s.occurrence.reported_at) if reported else None,
        officer=_officer(full, officer),
        updates=updates,
        late_for=day if day and day < local_day(s.now) else None,
        declined=bool(agreement and agreement.declined),
        by_witness_care=bool(full and agreement and agreement.keeper is Unit.WITNESS_CARE),
        lines=tuple(_lines(s, full, rows)),
        review=_review(s, full),
        referral=_referral(s, full),
        may_refuse=may_be_referred(s) and s.victim.referral_opt_out is not True and any(row.announces for row in full),
        methods=tuple(channel for channel in choice.usable if channel is not Channel.PHONE),
        stopped=stopped(s),
        corrected_on=correcting,
    )


def _crimes(row: Notification | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain_offence(Offence(code)) for code in row.names_crimes)) if row else ()


def _officer(full: list[Notification], officer: Officer | None) -> OfficerContact | None:
    """Who deals with it, where the last message said that this very officer does."""
    named = next((row.names_officer for row in reversed(full)), None)
    return officer_contact(officer) if officer and named is not None and officer.collar_number == named else None


def _lines(s: Situation, full: list[Notification], rows: list[Notification]) -> list[Line]:
    """Everything that was told, in the order in which it was; what a later message said was wrong is only told as that one says it."""
    items = [(item, at) for item in news(s) if (at := _told_on(s, item, full))]
    gone = {item.corrects.event_id for item, _ in items if item.corrects}
    lines = [Line(at, item=_as_told(s, item)) for item, at in items if item.event.event_id not in gone]
    by_id = {row.notification_id: row for row in rows}
    for event in updates_written(s):
        row = by_id.get(update_row_id(event))
        if row is not None and row.sent_at is not None:
            words = event.words if event.words and unfit(event.words, named_in(s.occurrence)) is None else None
            lines.append(Line(local_day(row.sent_at), update=Update(event.start, finished(words), event.channel is Channel.SMS)))
    return sorted(lines, key=lambda line: line.told_on)


def _as_told(s: Situation, item: News) -> NewsItem:
    """As the message said it. Its reason is shown where it could not have left without: of another it is not known whether it had one."""
    said = news_item(s, item)
    return said if rule_of(item.event).needs_reason else replace(said, reason=None)


def _told_on(s: Situation, item: News, full: list[Notification]) -> date | None:
    """When a message in full first told of this event."""
    return next((local_day(row.sent_at) for row in _about(s, item.event.event_id, full) if row.sent_at), None)


def _about(s: Situation, event_id: str, full: list[Notification]) -> list[Notification]:
    """Those of these messages that tell of an event."""
    about = {row.notification_id for row in rows_about(s, event_id)}
    return [row for row in full if row.notification_id in about]


def review_id(s: Situation, event_id: str) -> str:
    """The id of the request for a review of one decision that the victim makes on the page: it is made once."""
    return fact_id(s.occurrence.reference, s.victim.id, "review of the page", event_id)


def _review(s: Situation, full: list[Notification]) -> Review | None:
    """Of the last decision that was told with the right to a review, and stands."""
    asked_at = {event.event_id: event.at for event in s.events if isinstance(event, ReviewStepped) and event.step is ReviewStep.REQUESTED}
    for item in reversed(news(s)):
        at, scheme = _told_on(s, item, full), right_to_review(item.event).scheme
        if at is None or scheme is None or item.withdrawn or not item.stands:
            continue
        asked = asked_at.get(review_id(s, item.event.event_id))
        return Review(item.event.event_id, scheme, review_until(at), local_day(asked) if asked else None)
    return None


def may_ask_for_review(review: Review | None, today: date) -> bool:
    """Whether the page takes a request: ours is the scheme, there is time, and none was made here."""
    return review is not None and review.scheme is ReviewScheme.POLICE and today <= review.until and review.asked_on is None


def _referral(s: Situation, full: list[Notification]) -> Referral:
    if s.victim.referral_opt_out is True:
        return Referral.REFUSED if asked(s, Asked.OPT_OUT) or any(row.announces for row in full) else Referral.NONE
    return Referral.PASSED if any(row.announces for row in full) else Referral.NONE

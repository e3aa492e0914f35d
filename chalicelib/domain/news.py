"""The key events that one victim has to hear of, as they stand after corrections, and by when.

An event may correct an earlier one or take it back. Who had heard of the earlier one hears of that too; who had not never hears of the
earlier. Must not decide who tells it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.deadlines import due, local_day, rule_on
from chalicelib.domain.delivery import Notification, fact_id
from chalicelib.domain.enhanced import counts_unassessed
from chalicelib.domain.event_rules import EventRule, event_rule_on
from chalicelib.domain.events import EventType, InvestigationEvent
from chalicelib.domain.free_text import unfit
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Occurrence
from chalicelib.domain.obligations import Kind
from chalicelib.domain.situation import Situation


@dataclass(frozen=True, slots=True)
class News:
    """One event that stands or stood. `by` is the event that took its place, None while it stands; `corrects` the one it took the place of.

    `withdrawn`: it tells of nothing that happened, only that what it names was wrong.
    """

    event: InvestigationEvent
    by: InvestigationEvent | None
    corrects: InvestigationEvent | None
    withdrawn: bool

    @property
    def stands(self) -> bool:
        return self.by is None


def investigation(s: Situation) -> dict[str, InvestigationEvent]:
    """Every key event that concerns this victim, corrections that no longer name them too, by id in the order of time."""
    found = [event for event in s.events if isinstance(event, InvestigationEvent)]
    return {event.event_id: event for event in sorted(found, key=lambda event: (event.at, event.event_id))}


def news(s: Situation) -> tuple[News, ...]:
    """What the victim was, or is, to be told, in the order of time."""
    events = investigation(s)
    by = {event.corrects: event for event in events.values() if event.corrects in events and not _turns_back(event, events)}
    return tuple(
        News(event, by.get(event.event_id), _corrected(event, events), event.withdrawn or not event.names(s.victim.id))
        for event in events.values()
    )


def _turns_back(event: InvestigationEvent, events: dict[str, InvestigationEvent]) -> bool:
    """Events that correct each other in a circle: the one with the smallest id corrects nobody, so that another stands."""
    seen: list[str] = []
    at: InvestigationEvent | None = event
    while at is not None and at.event_id not in seen:
        seen.append(at.event_id)
        at = events.get(at.corrects) if at.corrects else None
    return at is event and event.event_id == min(seen)


def _corrected(event: InvestigationEvent, events: dict[str, InvestigationEvent]) -> InvestigationEvent | None:
    return events.get(event.corrects) if event.corrects and not _turns_back(event, events) else None


def hearing_listed(s: Situation) -> bool:
    """Whether a court hearing was listed for this victim and that was not taken back."""
    listed = (item for item in news(s) if item.event.type is EventType.HEARING_LISTED)
    return any(item.stands and not item.withdrawn for item in listed)


def news_id(s: Situation, event_id: str) -> str:
    """The id of the obligation to tell this victim of an event."""
    return fact_id(s.occurrence.reference, s.victim.id, Kind.EVENT, event_id)


def rows_about(s: Situation, event_id: str) -> list[Notification]:
    """Messages of ours that tell, or told, this victim of an event."""
    line = (s.occurrence.reference, news_id(s, event_id))
    return [row for row in s.rows if row.template is Template.EVENT and line in row.lines]


def rule_of(event: InvestigationEvent) -> EventRule:
    return event_rule_on(event.type, local_day(event.at))


def counts_from(event: InvestigationEvent) -> datetime:
    """What starts the clock: that it happened; of court news, that the force received it."""
    return event.received_at or event.at if rule_of(event).of_court else event.at


def due_by(s: Situation, event: InvestigationEvent, *, by_person: bool) -> tuple[str, datetime]:
    """The deadline's rule and instant. `by_person`: a specialist or held victim has the tightest clock.

    Enhanced rights count as of their assessment: where the deadline that they give had passed by then, within one working day of it, and
    never later than without them.
    """
    standard, enhanced = rule_of(event).deadlines
    start, holidays = counts_from(event), s.standing.holidays

    def until(rule_id: str, since: datetime) -> datetime:
        return due(rule_on(rule_id, local_day(since)), since, holidays)

    plain, tight = until(standard, start), until(enhanced, start)
    assessment = s.victim.enhanced
    if by_person or counts_unassessed(s.occurrence, s.victim):
        return enhanced, tight
    if assessment is None or not assessment.eligible:
        return standard, plain
    if assessment.assessed_at is None or assessment.assessed_at <= tight:
        return enhanced, tight
    again = until(enhanced, assessment.assessed_at)
    return (enhanced, again) if again < plain else (standard, plain)


def sayable(s: Situation, event: InvestigationEvent) -> bool:
    """Whether the record gives a reason that may stand in a message: one that names nobody and nowhere of this case."""
    return event.reason is not None and unfit(event.reason, named_in(s.occurrence), s.standing.profile.own_words) is None


def named_in(occurrence: Occurrence) -> list[str]:
    """Names and addresses of a case, none of whose words may stand in what is sent."""
    known: list[str | None] = [occurrence.location_text]
    for victim in occurrence.victims:
        person = victim.representative
        known += [victim.given_name, victim.family_name, victim.organisation, victim.contact_name, *victim.address]
        known += [person.given_name, person.family_name, *person.address] if person else []
    return [text for text in known if text]

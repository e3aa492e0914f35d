"""What key events ask for: the news owed to this victim, and who in the force tells it where no message of ours may.

Rules in words: docs/events.md. Must not send, and must not look at what a message says.
"""

from __future__ import annotations

from chalicelib.domain.contact_safety import ChannelChoice
from chalicelib.domain.delivery import MAY_HAVE_LEFT, State, fact_id
from chalicelib.domain.draft import Draft
from chalicelib.domain.events import EventType, ReviewStep, ReviewStepped
from chalicelib.domain.evidence import Evidence, by_message, earliest_of, told_of_event, tried_event
from chalicelib.domain.model import HoldKind, Relationship, Unit
from chalicelib.domain.news import News, counts_from, due_by, news, rule_of
from chalicelib.domain.obligations import Agreement, Kind, Obligation, ObligationState, Purpose

_RELEASES = {
    EventType.RELEASED_NO_CHARGE,
    EventType.RELEASED_ON_BAIL,
    EventType.RELEASED_UNDER_INVESTIGATION,
    EventType.BAIL_CHANGED,
    EventType.BAIL_CANCELLED,
    EventType.NOT_PROSECUTED,
    EventType.CHARGES_DROPPED,
}
"""News after which somebody whom the victim knows may meet them again."""


def owe_events(draft: Draft, choice: ChannelChoice | None, agreement: Agreement | None) -> None:
    """Every key event: the news that is owed, and the tasks of whoever tells it."""
    for item in news(draft.s):
        if _is_owed(draft, item):
            _owe_news(draft, item, choice, agreement)
    _owe_reviews(draft)


def owed_id(draft: Draft, event_id: str) -> str:
    return fact_id(*draft.key, Kind.EVENT, event_id)


def _was_told(draft: Draft, event_id: str) -> bool:
    """The victim has, or may have, heard of this event."""
    mine = owed_id(draft, event_id)
    left = any(row.state in MAY_HAVE_LEFT | {State.SENDING} and (draft.s.occurrence.reference, mine) in row.lines for row in draft.s.rows)
    return left or told_of_event(draft.s, event_id) is not None


def _is_owed(draft: Draft, item: News) -> bool:
    """What took back or corrected something nobody had heard of, and happened to somebody else, is no news."""
    if not item.withdrawn:
        return True
    return item.corrects is not None and _was_told(draft, item.corrects.event_id)


def _owe_news(draft: Draft, item: News, choice: ChannelChoice | None, agreement: Agreement | None) -> None:
    s, event = draft.s, item.event
    by_person = not draft.decision.automatic
    rule_id, due_at = due_by(s, event, by_person=by_person)
    mine = owed_id(draft, event.event_id)
    evidence = earliest_of([by_message(s, mine), told_of_event(s, event.event_id)])
    unit = Unit.WITNESS_CARE if rule_of(event).of_court else None
    owed = draft.owe(
        Kind.EVENT, rule_id, started_at=counts_from(event), due_at=due_at, facts=(event.event_id,), evidence=evidence,
        begun_by=event.event_id, event=event.type, unit=unit, tried_at=tried_event(s, event.event_id),
    )  # fmt: skip
    why = _not_owed(item, agreement)
    if owed.unmet and why:
        draft.keep(owed, state=ObligationState.WAIVED, reason=why)
    elif owed.unmet or any(row.task_id for row in s.rows):
        _ask(draft, item, owed, choice, agreement)


def _not_owed(item: News, agreement: Agreement | None) -> str | None:
    """Why nobody has to be told any more: a correction took its place, or the victim wants no news."""
    if item.by is not None:
        return "withdrawn" if item.by.withdrawn else "corrected"
    return "declined" if agreement is not None and agreement.declined else None

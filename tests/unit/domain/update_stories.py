"""Tells the story of one victim's updates in few words, and reads the chain of updates back as words.

A day is written with its weekday (`Mon 30 Nov 2026`), so that a table can be checked against a calendar. Must not decide anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from chalicelib.domain.agreements import UpdateOwed, updates
from chalicelib.domain.case import Said, Told
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.events import AgreementChanged, ContactRecorded, Event, EventType, InvestigationEvent, Result
from chalicelib.domain.model import AgreedUpdates, Channel, Occurrence, Status
from chalicelib.domain.situation import Situation
from tests.builders import NOW
from tests.domain_builders import at, occurrence, situation

REFERENCE = "26000712345"
EMAIL = Channel.EMAIL
Version = tuple[Told, Said]


def moment(text: str) -> datetime:
    """`2026-11-28 15:00` in UTC, noon where no hour is given."""
    return at(text if " " in text else f"{text} 12:00")


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def agreed(every: int | None = 10, on: str | None = None, method: Channel | None = EMAIL, declined: bool = False) -> AgreedUpdates:
    """What a record says of the agreement."""
    return AgreedUpdates(every, method, day(on), declined)


def version(
    number: int, sent: str, terms: AgreedUpdates | None = None, status: Status = Status.OPEN, silent: bool = False
) -> tuple[Told, Said]:
    """A version of the record, sent at `sent`."""
    return Told(number, moment(sent), status), Said(number, moment(sent), terms, silent)


def spoke(event_id: str, when: str, next_on: str | None = None, **changes: Any) -> ContactRecorded:
    """A contact that gave V1 an update, unless told otherwise."""
    return replace(ContactRecorded(REFERENCE, event_id, "V1", moment(when), next_update_on=day(next_on)), **changes)


def tried(event_id: str, when: str, result: Result = Result.NO_ANSWER) -> ContactRecorded:
    return spoke(event_id, when, result=result)


def changed(event_id: str, when: str, every: int | None = None, on: str | None = None, **changes: Any) -> AgreementChanged:
    """New terms for V1, told by the victim."""
    return replace(AgreementChanged(REFERENCE, event_id, "V1", moment(when), every, EMAIL, day(on), by="victim"), **changes)


def listed(event_id: str, when: str) -> InvestigationEvent:
    return InvestigationEvent(REFERENCE, event_id, EventType.HEARING_LISTED, moment(when))


FIRST = version(1, "2026-11-20 10:30", agreed(10, "2026-11-30"))
"""The contract's own example: every ten days, the next on Monday 30 November 2026."""
SILENT_RECORD = version(1, "2026-11-20 10:30")
"""A record that says nothing of updates."""


def story(*facts: Event | Version, accepted_at: datetime = NOW, **changes: Any) -> Situation:
    """What became of V1's updates. Without a version: the contract's example. The facts may come in any order."""
    versions = [fact for fact in facts if isinstance(fact, tuple)] or [FIRST]
    events = tuple(fact for fact in facts if not isinstance(fact, tuple))
    ordered = sorted(versions, key=lambda pair: pair[0].version)
    told, said = tuple(pair[0] for pair in ordered), tuple(pair[1] for pair in ordered)
    newest = _record(told[-1].version, told[-1].status)
    at_hand = situation(newest, accepted_at=accepted_at, now=accepted_at, events=events, told=told, said=said)
    return replace(at_hand, **changes)


@cache
def _record(number: int, status: Status) -> Occurrence:
    return occurrence(version=number, status=status.value)


def said_of(owed: UpdateOwed) -> str:
    """`start: Mon 30 Nov 2026, met by C-1`; a deadline that was passed is said of what was met or ended."""
    due = f"{owed.begun_by}: {local_day(owed.due_at):%a %-d %b %Y}{' (proposed)' if owed.proposed else ''}"
    if owed.met_at is not None:
        return f"{due}, met {'late ' if owed.met_at > owed.due_at else ''}by {owed.evidence}"
    if owed.ended_at is not None:
        return f"{due}, {'breached' if owed.ended_at > owed.due_at else 'waived'}: {owed.ended}"
    return f"{due}, open"


def chain(*facts: Event | Version, **changes: Any) -> list[str]:
    """Every update that was ever owed, in words."""
    return [said_of(owed) for owed in updates(story(*facts, **changes))]

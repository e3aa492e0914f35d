"""A case that a signed-in person handed over to another officer: the fact, and who deals with the case while it stands.

Must not decide who may hand over, nor what follows: obligations and messages follow the officer of the occurrence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.model import Occurrence, Officer


@dataclass(frozen=True, slots=True)
class CaseHandedOver:
    """From `at` on the officer in the case is `to`, a collar number. `over` is whom the records system named then (None: nobody)."""

    reference: str
    event_id: str
    at: datetime
    over: str | None
    to: str
    by: str

    @property
    def victim_id(self) -> None:
        """It concerns every victim of the case."""
        return None


def last_hand_over(events: Iterable[object]) -> CaseHandedOver | None:
    """The one that counts."""
    found = [event for event in events if isinstance(event, CaseHandedOver)]
    return max(found, key=lambda event: (event.at, event.event_id), default=None)


def named_officer(occurrence: Occurrence) -> str | None:
    """The collar number of its officer."""
    return occurrence.officer.collar_number if occurrence.officer else None


def as_handed_over(occurrence: Occurrence, events: Iterable[object]) -> Occurrence:
    """The occurrence of a record with the officer who has it now.

    A hand-over stands while the records system names whom it named then: it was not told. Naming anybody else is a later word.
    """
    last = last_hand_over(events)
    if last is None or named_officer(occurrence) != last.over:
        return occurrence
    return replace(occurrence, officer=Officer(last.to))


def recorded_officer(facts: Occurrence, events: Iterable[object]) -> str | None:
    """Whom the records system names, where `facts` are as handed over."""
    last, now = last_hand_over(events), named_officer(facts)
    return last.over if last is not None and last.to == now else now

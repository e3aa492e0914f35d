"""A signed-in person hands a case over to another officer, who is told at once what is owed in it.

A fact of the case, so that what is owed and who is named follow from it. Must not change the record: the records system's later word wins.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache

from chalicelib.domain.absence import Faults, Wrong
from chalicelib.domain.case import Case
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.desk import may_give_away
from chalicelib.domain.hand_overs import CaseHandedOver, last_hand_over, named_officer, recorded_officer
from chalicelib.domain.model import Unit
from chalicelib.domain.reminders import Listed, Recipient, away_on
from chalicelib.domain.sign_in import Person
from chalicelib.services.digest_rows import new_digest, reader_of
from chalicelib.services.ports import Cases, Changes, Officers, Queues, Swap
from chalicelib.services.record_event import RecordEvent
from chalicelib.services.record_occurrence import Recorded

REFUSED: Faults = {"to": Wrong.HAS_IT}
"""Somebody else handed it over meanwhile."""
MOST_LINES = 90
"""Tasks that one digest names at once."""


class HandOverCase:
    """The use case. What it returns are faults by field; none: it was done."""

    def __init__(self, cases: Cases, officers: Officers, events: RecordEvent, queues: Queues) -> None:
        self._cases = cases
        self._officers = officers
        self._events = events
        self._queues = queues

    def hand_over(self, reference: str, to: str, by: Person, now: datetime) -> Faults:
        """Give the case to the officer with collar number `to`: one's own case, or as the supervisor of its officer.

        The same post again is the same hand-over, by whom the case is no longer: it mends what a crash left undone.
        """
        listed, day = cache(self._officers.get), local_day(now)
        case = self._cases.load(reference)
        facts, last = case.head.facts, last_hand_over(case.events)
        if facts and last and (named_officer(facts), last.to, last.by) == (to, to, by.collar_number):
            self._tell(last, now)
            return {}
        if facts is None or not may_hand_over(case, by, day, listed):
            return {"reference": Wrong.UNKNOWN}
        before = named_officer(facts)
        if why := _wrong_officer(to, before, day, listed):
            return {"to": why}
        event_id = fact_id(reference, "handed_over", before or "", to, by.collar_number, now.isoformat())
        event = CaseHandedOver(reference, event_id, now, recorded_officer(facts, case.events), to, by.collar_number)

        def unmoved(current: Case) -> bool:
            return current.head.facts is not None and named_officer(current.head.facts) == before

        if self._events.record(event, event_id, now, by.collar_number, unmoved) in (Recorded.REFUSED, Recorded.STRIPPED):
            return REFUSED
        self._tell(event, now)
        return {}

    def _tell(self, event: CaseHandedOver, now: datetime) -> None:
        """The new officer gets what is owed in this case as a digest of its own, with the link to the case's page."""
        owed = [row for row in self._cases.obligations_of(event.reference) if row.unmet and row.officer == event.to]
        lines = [(row.reference, row.obligation_id) for row in owed if row.unit in (None, Unit.OFFICER)][:MOST_LINES]
        if not lines:
            return
        reader = reader_of(Recipient(Unit.OFFICER, event.to))
        digest = replace(new_digest(reader, fact_id("handover", event.event_id), now), lines=tuple(lines))
        if not self._cases.notifications([digest.notification_id]):
            self._cases.commit(Changes(notifications=(Swap(None, digest),)))
        self._queues.dispatch([digest.notification_id])


def may_hand_over(case: Case, by: Person, day: date, listed: Listed) -> bool:
    """Whether this person may give the case away."""
    facts = case.head.facts
    recorded = facts.supervisor.collar_number if facts and facts.supervisor else None
    return facts is not None and may_give_away(by, named_officer(facts), recorded, day, listed)


def _wrong_officer(to: str, before: str | None, day: date, listed: Listed) -> Wrong | None:
    """Why the case cannot go to this officer."""
    entry = listed(to) if to else None
    if not to:
        return Wrong.MISSING
    if entry is None:
        return Wrong.UNKNOWN
    if to == before:
        return Wrong.HAS_IT
    return Wrong.AWAY if away_on(entry, day) else None

"""A named person lifts a hold: the specialist hold of one victim, or the hold that a quarantined version put on an occurrence.

Every release is kept with who, when and why. Must not lift anything that the newest version of the record says by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.case import Head, Release
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.services.decide import TRIES, Decider, VictimChange, points_of
from chalicelib.services.ports import AuditEntry, Cases, Changes, Queues
from chalicelib.services.quarantine_record import settled_by


class ReleaseHold:
    """The use case behind `make ops release`, with a victim or without."""

    def __init__(self, cases: Cases, queues: Queues, decider: Decider) -> None:
        self._cases = cases
        self._queues = queues
        self._decider = decider

    def release_specialist(self, reference: str, victim_id: str, by: str, reason: str, now: datetime) -> bool:
        """Lift the specialist hold of one victim, as far as it is known now. False where there is no such victim."""
        case = self._cases.load(reference)
        part, newest = case.parts.get(victim_id), case.occurrence
        if part is None or newest is None:
            return False
        known = self._decider.known.of(case.head, newest, part, case.parts)
        elsewhere = tuple((name, self._decider.known.rules_of(name)) for name in sorted(known.specialist_in))
        release = Release(victim_id, case.head.version, by, now, reason, case.head.signs, elsewhere)
        self._move(reference, lambda head: replace(head, releases=(*head.releases, release)), "released", victim_id, by, now)
        return True

    def lift_suspension(self, reference: str, by: str, now: datetime) -> bool:
        """Lift the hold of a quarantined version. False where none stands: then rows that a crash left held are let go."""
        if self._cases.head(reference).suspension is None:
            self._decider.redecide(reference, now)
            return False
        self._move(reference, lambda head: replace(head, suspension=None), "suspension_lifted", None, by, now)
        return True

    def _move(self, reference: str, change: Callable[[Head], Head], op: str, victim_id: str | None, by: str, now: datetime) -> None:
        for _ in range(TRIES):
            case = self._cases.load(reference)
            if case.head.marker is not None:
                raise RetryLater("version in progress")
            after = change(case.head)
            entry = AuditEntry(reference, fact_id(reference, op, str(case.head.revision)), now, op, victim_id=victim_id, actor=by)
            lifts = case.head.suspension is not None and after.suspension is None
            lifted = settled_by(self._cases, reference, by, now) if lifts else Changes()
            changes = [VictimChange(replace(lifted, audit=(entry,)))]
            changes += self._decider.changes(case, after, now)
            try:
                decided = self._decider.commit(case.head, after, changes)
            except Contended:
                continue
            self._queues.dispatch(decided.due_now)
            self._decider.spread(points_of(case), reference, now)
            return
        raise Contended(op)

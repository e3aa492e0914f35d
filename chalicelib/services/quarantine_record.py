"""A body that cannot be taken: keep it whole, raise the alarm, and hold what is pending for its occurrence where the reference can be read.

The same body twice counts once. Must not log or repeat a value of the body.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.announcements import of_obligations
from chalicelib.domain.case import Case, Head, Suspension
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.domain.obligations import Kind, Obligation, Purpose
from chalicelib.domain.operations import asking_mail, met_by, owed_by_operations
from chalicelib.domain.situation import Standing
from chalicelib.services.decide import TRIES, Decider, VictimChange
from chalicelib.services.pause_sending import OPERATIONS
from chalicelib.services.ports import AuditEntry, Cases, Changes, ContactPoints, PointMark, Queues, Swap
from chalicelib.services.quarantine_ports import QUARANTINED, Quarantine, QuarantineRow


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a body was not taken: faults as (field path, reason), never values. `reference` and `version` where they can be read.

    `people` are the records system's numbers of whom it names: their own pages elsewhere are shut until somebody could read it.
    """

    faults: tuple[tuple[str, str], ...]
    reference: str | None = None
    version: int | None = None
    kind: str | None = None
    people: tuple[str, ...] = ()


class QuarantineRecord:
    """The use case behind every refusal."""

    def __init__(self, cases: Cases, quarantine: Quarantine, queues: Queues, decider: Decider, points: ContactPoints) -> None:
        self._points = points
        self._cases = cases
        self._quarantine = quarantine
        self._queues = queues
        self._decider = decider

    def quarantine(self, body: bytes, refused: Refused, now: datetime) -> bool:
        """Keep it. True where this very body is new. RetryLater: give the message back, nothing is lost.

        The row comes last: where it stands, the hold and the alarm are done, whatever failed on the way there.
        """
        quarantine_id = hashlib.sha256(body).hexdigest()[:32]
        known = self._quarantine.get(quarantine_id) is not None
        if refused.reference is not None:
            self._hold(refused.reference, quarantine_id, refused, now)
        if not known:
            self._queues.alarm(quarantine_id)
        new = self._quarantine.add(QuarantineRow(quarantine_id, now, refused.reference, refused.kind, refused.faults), body)
        if not new:
            self._quarantine.set_state(quarantine_id, QUARANTINED)
        return new

    def replay(self, quarantine_id: str, by: str, reason: str | None, now: datetime) -> bool:
        """Put the body back on the records queue, after the fault was mended on either side. False where the id is not known."""
        row = self._quarantine.get(quarantine_id)
        if row is None:
            return False
        self._log(row, "replayed", by, reason, now)
        self._queues.replay(self._quarantine.body(quarantine_id))
        self._quarantine.set_state(quarantine_id, "replayed")
        return True

    def settle(self, quarantine_id: str, by: str, reason: str, now: datetime) -> bool:
        """A named person has seen to it: a good version came, or none will. The alarm rings for it no more, and what it holds stays
        held. False where none of this id waits."""
        row = self._quarantine.get(quarantine_id)
        if row is None or row.state != QUARANTINED:
            return False
        self._log(row, "settled", by, reason, now)
        self._quarantine.set_state(quarantine_id, "settled")
        return True

    def _log(self, row: QuarantineRow, done: str, by: str, reason: str | None, now: datetime) -> None:
        """Who replayed or settled it and why, before it is done."""
        detail = f"{row.quarantine_id}: {reason}" if reason else row.quarantine_id
        entry_id = fact_id(detail, done, by, now.isoformat())
        entry = AuditEntry(row.reference or OPERATIONS, entry_id, now, f"quarantine_{done}", actor=by, detail=detail)
        self._cases.commit(Changes(audit=(entry,)))

    def _hold(self, reference: str, quarantine_id: str, refused: Refused, now: datetime) -> None:
        for _ in range(TRIES):
            case = self._cases.load(reference)
            if case.head.marker is not None:
                raise RetryLater("version in progress")
            owed = _owed(reference, quarantine_id, now, self._decider.standing)
            if self._cases.obligations(reference, [owed.obligation_id]):
                return
            head = _suspended(case, quarantine_id, refused.version, now)
            asked = replace(_task(owed, now), marks=self._named(reference, quarantine_id, refused.people))
            try:
                decided = self._decider.commit(case.head, head, self._changes(case, head, asked, now))
            except Contended:
                continue
            self._queues.dispatch(decided.due_now)
            return
        raise Contended("hold")

    def _named(self, reference: str, quarantine_id: str, people: tuple[str, ...]) -> tuple[PointMark, ...]:
        """That this occurrence names them, and nothing else: under no victim's id, since what it says of a victim cannot be read."""
        points = sorted({self._points.key("person", person) for person in people})
        return tuple(PointMark(point, reference, f"unread {quarantine_id}", specialist=False, do_not_contact=False) for point in points)

    def _changes(self, case: Case, head: Head, asked: Changes, now: datetime) -> list[VictimChange]:
        hints = tuple(row.notification_id for row in (*(swap.after for swap in asked.notifications), *asked.announced))
        return [VictimChange(asked, hints), *self._decider.changes(case, head, now)]


def settled_by(cases: Cases, reference: str, evidence: str, now: datetime) -> Changes:
    """What closes what operations owe for quarantined bodies of this occurrence: a good version came, or a person let it go."""
    rows = cases.obligations_of(reference)
    met = met_by((row for row in rows if row.kind is Kind.QUARANTINED_RECORD), evidence, now)
    return Changes(obligations=tuple(Swap(before, after) for before, after in met), announced=tuple(of_obligations(met, now)))


def _suspended(case: Case, quarantine_id: str, version: int | None, now: datetime) -> Head:
    """The head with the hold. The highest version that could not be read has to be reached; one that is late waits for any later one."""
    standing = case.head.suspension
    late = version is not None and version < case.head.version
    versions = [known for known in (None if late else version, standing.version if standing else None) if known is not None]
    return replace(case.head, suspension=Suspension(quarantine_id, max(versions, default=None), now))


def _owed(reference: str, quarantine_id: str, now: datetime, standing: Standing) -> Obligation:
    name = fact_id(reference, "quarantine", quarantine_id)
    return owed_by_operations(reference, name, Kind.QUARANTINED_RECORD, Purpose.QUARANTINE, "QUAR-1WD", quarantine_id, now, standing)


def _task(owed: Obligation, now: datetime) -> Changes:
    audit = AuditEntry(owed.reference, fact_id(owed.obligation_id, "held"), now, "held", detail="quarantined_version")
    announced = tuple(of_obligations([(None, owed)], now))
    mail = asking_mail(owed, now)
    return Changes(notifications=(Swap(None, mail),), obligations=(Swap(None, owed),), announced=announced, audit=(audit,))

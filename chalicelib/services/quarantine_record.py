"""A body that cannot be taken: keep it whole, raise the alarm, and hold what is pending for its occurrence where the reference can be read.

The same body twice counts once. Must not log or repeat a value of the body.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.announcements import of_obligations
from chalicelib.domain.case import Case, Head, Suspension
from chalicelib.domain.deadlines import due, local_day, rule_on
from chalicelib.domain.delivery import Audience, Notification, State, fact_id
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Unit
from chalicelib.domain.obligations import Kind, Obligation, ObligationState, Purpose
from chalicelib.domain.reminders import next_attention
from chalicelib.domain.situation import Standing
from chalicelib.services.decide import TRIES, Decider, VictimChange
from chalicelib.services.ports import AuditEntry, Cases, Changes, Quarantine, QuarantineRow, Queues, Swap


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a body was not taken: faults as (field path, reason), never values. `reference` and `version` where they can be read."""

    faults: tuple[tuple[str, str], ...]
    reference: str | None = None
    version: int | None = None
    kind: str | None = None


class QuarantineRecord:
    """The use case behind every refusal."""

    def __init__(self, cases: Cases, quarantine: Quarantine, queues: Queues, decider: Decider) -> None:
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
            self._hold(refused.reference, quarantine_id, refused.version, now)
        if not known:
            self._queues.alarm(quarantine_id)
        new = self._quarantine.add(QuarantineRow(quarantine_id, now, refused.reference, refused.kind, refused.faults), body)
        if not new:
            self._quarantine.set_state(quarantine_id, "quarantined")
        return new

    def replay(self, quarantine_id: str) -> bool:
        """Put the body back on the records queue, after the fault was mended on either side. False where the id is not known."""
        if self._quarantine.get(quarantine_id) is None:
            return False
        self._queues.replay(self._quarantine.body(quarantine_id))
        self._quarantine.set_state(quarantine_id, "replayed")
        return True

    def _hold(self, reference: str, quarantine_id: str, version: int | None, now: datetime) -> None:
        for _ in range(TRIES):
            case = self._cases.load(reference)
            if case.head.marker is not None:
                raise RetryLater("version in progress")
            owed = _owed(reference, quarantine_id, now, self._decider.standing)
            if self._cases.obligations(reference, [owed.obligation_id]):
                return
            head = _suspended(case, quarantine_id, version, now)
            try:
                decided = self._decider.commit(case.head, head, self._changes(case, head, owed, now))
            except Contended:
                continue
            self._queues.dispatch(decided.due_now)
            return
        raise Contended("hold")

    def _changes(self, case: Case, head: Head, owed: Obligation, now: datetime) -> list[VictimChange]:
        asked = _task(owed, now)
        hints = tuple(row.notification_id for row in (*(swap.after for swap in asked.notifications), *asked.announced))
        return [VictimChange(asked, hints), *self._decider.changes(case, head, now)]


def settled_by(cases: Cases, reference: str, evidence: str, now: datetime) -> Changes:
    """What closes what operations owe for quarantined bodies of this occurrence: a good version came, or a person let it go."""
    rows = cases.obligations_of(reference)
    owed = [row for row in rows if row.kind is Kind.QUARANTINED_RECORD and row.unmet]
    swaps = tuple(Swap(row, replace(row, state=ObligationState.MET, evidence=evidence, met_at=now, next_at=None)) for row in owed)
    return Changes(obligations=swaps, announced=tuple(of_obligations(((swap.before, swap.after) for swap in swaps), now)))


def _suspended(case: Case, quarantine_id: str, version: int | None, now: datetime) -> Head:
    """The head with the hold. The highest version that could not be read has to be reached; one that is late waits for any later one."""
    standing = case.head.suspension
    late = version is not None and version < case.head.version
    versions = [known for known in (None if late else version, standing.version if standing else None) if known is not None]
    return replace(case.head, suspension=Suspension(quarantine_id, max(versions, default=None), now))


def _owed(reference: str, quarantine_id: str, now: datetime, standing: Standing) -> Obligation:
    rule = rule_on("QUAR-1WD", local_day(now))
    owed = Obligation(
        obligation_id=fact_id(reference, "quarantine", quarantine_id),
        reference=reference,
        kind=Kind.QUARANTINED_RECORD,
        victim_id=None,
        rule_id=rule.id,
        rule_from=rule.effective_from,
        started_at=now,
        due_at=due(rule, now, standing.holidays),
        created_at=now,
        unit=Unit.OPERATIONS,
        purpose=Purpose.QUARANTINE,
        begun_by=quarantine_id,
    )
    return replace(owed, next_at=next_attention(owed, now, standing.holidays, standing.profile.reminders))


def _task(owed: Obligation, now: datetime) -> Changes:
    row = Notification(
        notification_id=fact_id(owed.obligation_id, Template.TASK),
        reference=owed.reference,
        victim_id=None,
        template=Template.TASK,
        audience=Audience.OPERATIONS,
        channel=Channel.EMAIL,
        not_before=now,
        created_at=now,
        state=State.PENDING,
        unit=Unit.OPERATIONS,
        task_id=owed.obligation_id,
        open_at=now,
    )
    audit = AuditEntry(owed.reference, fact_id(owed.obligation_id, "held"), now, "held", detail="quarantined_version")
    announced = tuple(of_obligations([(None, owed)], now))
    return Changes(notifications=(Swap(None, row),), obligations=(Swap(None, owed),), announced=announced, audit=(audit,))

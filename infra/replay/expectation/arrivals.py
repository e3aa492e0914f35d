"""The messages of a replay, one after another: recorded, stale or quarantined, and what follows at once.

Must not count rows (counting.py), nor let anything leave the force before its hour.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from infra.replay.expectation.bodies import Broken, read
from infra.replay.expectation.cases import Case, Cases, Record
from infra.replay.expectation.directory import Directory
from infra.replay.expectation.people import Point
from infra.replay.expectation.sending import Sending


class Force:
    """The whole: cases, directory, what was sent, and how the records fared."""

    def __init__(self) -> None:
        self.cases = Cases()
        self._directory = Directory()
        self.sending = Sending(self.cases, self._directory)
        self.records: Counter[str] = Counter()
        self._quarantined: set[str] = set()

    def take(self, body: str, now: datetime) -> None:
        """One delivery of one body."""
        found = read(body, now)
        outcome = "conflict"
        reference, version = None, None
        if isinstance(found, Broken):
            reference, version = found.reference, found.version
        elif found.kind == "officer":
            outcome = self._directory.take(found.content)
        else:
            reference, version = found.content["reference"], found.content["version"]
            outcome = self._occurrence(found.content, now)
        if outcome == "conflict":
            outcome = self._quarantine(body, reference, version, now)
        self.records[outcome] += 1

    def pass_time(self, now: datetime, until: datetime) -> None:
        """Everything that may leave until then leaves, with its receipts."""
        self.sending.outside(now, until)

    def _occurrence(self, record: Record, now: datetime) -> str:
        case = self.cases.named(record["reference"])
        if record["version"] == case.version:
            if record != case.record:
                return "conflict"
            self._hear(case, case.points, now)
            return "stale"
        late = record["version"] < case.version
        loud = (self.cases.late if late else self.cases.newest)(case, record, now)
        self.sending.inside(case, now)
        self._hear(case, loud, now)
        return "stale" if late else "recorded"

    def _hear(self, case: Case, points: frozenset[Point], now: datetime) -> None:
        """Every other record that names one of these points is decided again."""
        for reference in sorted(self.cases.naming(points) - {case.reference}):
            other = self.cases.all[reference]
            self.cases.decide(other, now)
            self.sending.inside(other, now)

    def _quarantine(self, body: str, reference: str | None, version: int | None, now: datetime) -> str:
        """The same body twice counts once. A readable reference suspends its occurrence, and operations have a task."""
        if body in self._quarantined:
            return "stale"
        self._quarantined.add(body)
        if reference is not None:
            case = self.cases.named(reference)
            late = version is not None and version < case.version
            standing = case.lifted_by if case.suspended else None
            case.lifted_by = max((known for known in (None if late else version, standing) if known is not None), default=None)
            case.suspended = True
            case.broken[body] = "open"
            self.sending.accepted["operations", "email", "task"] += 1
            self.cases.decide(case, now)
            self.sending.inside(case, now)
        return "quarantined"

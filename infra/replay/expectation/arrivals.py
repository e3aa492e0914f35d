"""The messages of a replay, one after another: recorded, stale or quarantined, and what follows at once.

An event before its occurrence waits with it.

Must not count rows (counting.py), nor let anything leave the force before its hour.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from infra.replay.expectation import recording
from infra.replay.expectation.bodies import Broken, Good, read
from infra.replay.expectation.cases import Case, Cases
from infra.replay.expectation.directory import Directory
from infra.replay.expectation.owed import Owed
from infra.replay.expectation.people import Point
from infra.replay.expectation.rows import Key
from infra.replay.expectation.sending import Sending
from infra.replay.expectation.working_days import working_days_after


class Force:
    """The whole: cases, directory, what was sent, and how the records fared."""

    def __init__(self, harmless: frozenset[str] = frozenset()) -> None:
        """`harmless` are the reasons that may stand in a message."""
        self.cases = Cases(harmless)
        self._directory = Directory()
        self.sending = Sending(self.cases, self._directory)
        self.records: Counter[str] = Counter()
        self._quarantined: set[str] = set()

    def take(self, body: str, now: datetime, task: tuple[str, Key] | None = None, outcome_of: str | None = None) -> None:
        """One delivery of one body. `task`: victim and question of the task that it names by its id; `outcome_of`: what the source calls
        what it tells of."""
        found = read(body, now)
        outcome = "conflict"
        reference, version = None, None
        if isinstance(found, Broken):
            reference, version = found.reference, found.version
        elif found.kind == "officer":
            outcome = self._directory.take(found.content)
        elif found.kind == "occurrence":
            reference, version = found.content["reference"], found.content["version"]
            outcome = self._occurrence(found, now)
        else:
            reference = found.content["reference"]
            outcome = self._event(found, now, task)
            if outcome_of is not None:
                self.cases.named(reference).outcomes[found.content["event_id"]] = outcome_of
        if outcome == "conflict":
            outcome = self._quarantine(body, reference, version, now)
        self.records[outcome] += 1

    def pass_time(self, now: datetime, until: datetime) -> None:
        """Everything that may leave until then leaves, with its receipts."""
        recording.pass_time(self.cases.all, now, until)
        self.sending.outside(now, until)
        self.sending.letters_arrive(until)

    def _event(self, found: Good, now: datetime, task: tuple[str, Key] | None) -> str:
        """Something happened in a case: it counts once, and is decided about at once."""
        said = found.content
        case = self.cases.named(said["reference"])
        known = case.events.get(said["event_id"])
        if known is not None and known != (found.kind, said):
            return "conflict"
        if known is None:
            case.events[said["event_id"]] = (found.kind, said)
            case.heard_at[said["event_id"]] = now
            if task is not None:
                case.tasks_done[said["task"]] = task
            if found.kind == "hold_released":
                self.cases.release(case, said["victim_id"], said["at"])
            self._decide(case, now)
        if found.kind == "hold_released":
            self._hear(case, case.points, now)
        if found.kind == "letter_returned":
            self.sending.letters_back(case, said["victim_id"], said["at"], now)
        return "recorded" if known is None else "stale"

    def _decide(self, case: Case, now: datetime) -> None:
        if case.version:
            recording.look(case, self.cases.all, now)
            self.cases.decide(case, now)
            self.sending.inside(case, now)

    def _occurrence(self, found: Good, now: datetime) -> str:
        record = found.content
        case = self.cases.named(record["reference"])
        if record["version"] == case.version:
            if record != case.record:
                return "conflict"
            self._hear(case, case.points, now)
            return "stale"
        late = record["version"] < case.version
        loud = (self.cases.late if late else self.cases.newest)(case, record, found.sent_at, now)
        recording.look(case, self.cases.all, now, answered_at=None if late else found.sent_at, late=record if late else None)
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
            case.broken[body] = Owed("quarantined_record", working_days_after(now, 1))
            self.sending.accepted["operations", "email", "task"] += 1
            self.cases.decide(case, now)
            self.sending.inside(case, now)
        return "quarantined"

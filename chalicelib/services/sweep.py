"""Repair what got stuck: find outbox rows that are due and hint at them again.

Cost grows with what is due, not with what is stored. Must not decide or send: it re-enters at dispatch.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.services.ports import Cases, Queues

AT_ONCE = 1000
"""Rows of one run; a backlog takes several runs, oldest first."""


@dataclass(frozen=True, slots=True)
class Swept:
    """`more`: the run was full, so more is due than it hinted at."""

    due: int
    more: bool


class Sweep:
    """The use case behind the schedule."""

    def __init__(self, cases: Cases, queues: Queues) -> None:
        self._cases = cases
        self._queues = queues

    def sweep(self, now: datetime) -> Swept:
        ids = self._cases.due(now, AT_ONCE)
        self._queues.dispatch(ids)
        return Swept(len(ids), len(ids) == AT_ONCE)

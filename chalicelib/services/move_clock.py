"""A named person moves the clock of a stage that is tried out, and lets it run with the real time again.

Must not exist where victims are written to: bootstrap makes none in prod.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.delivery import fact_id
from chalicelib.services.operation_ports import ClockOffset
from chalicelib.services.pause_sending import OPERATIONS
from chalicelib.services.ports import AuditEntry, Cases, Changes


class MoveClock:
    """The use case behind `make ops clock`."""

    def __init__(self, offset: ClockOffset, cases: Cases) -> None:
        self._offset = offset
        self._cases = cases

    def offset(self) -> timedelta:
        """How far the clock is ahead of the real time."""
        return self._offset.read()

    def by(self, to: datetime | None, now: datetime) -> timedelta:
        """The offset with which the clock stands at `to`; None: with the real time. `now` is the stage's own time."""
        return timedelta() if to is None else to - (now - self._offset.read())

    def move(self, offset: timedelta, by: str, reason: str, now: datetime) -> None:
        """Logged first, by the time before the move."""
        self.log(offset, by, reason, now)
        self._offset.write(offset)

    def log(self, offset: timedelta, by: str, reason: str, now: datetime) -> None:
        """That the clock is moved, by something else where that has to step through what becomes due: the local machine."""
        detail = f"{int(offset.total_seconds())} seconds from the real time: {reason}"
        entry = AuditEntry(OPERATIONS, fact_id("clock_moved", by, detail, now.isoformat()), now, "clock_moved", actor=by, detail=detail)
        self._cases.commit(Changes(audit=(entry,)))

"""The machine's time with an offset that the local and rehearsal stages keep in the row `clock` of `control`, and that row itself.

Must not be used in prod: bootstrap gives prod the SystemClock alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.adapters.clock import SystemClock
from chalicelib.adapters.store_errors import store_errors
from chalicelib.adapters.tables import ControlRow
from chalicelib.services.ports import Clock

ROW = "clock"


class OffsetClock:
    """The port `Clock`, moved. `refresh` reads the offset: call it at the start of each invocation."""

    def __init__(self, real: Clock | None = None) -> None:
        self._real = real or SystemClock()
        self._offset = timedelta()

    def refresh(self) -> None:
        """Read the offset consistently; no row is no offset. StoreUnavailable where the table does not answer."""
        self._offset = DynamoClockOffset().read()

    def now(self) -> datetime:
        return (self._real.now() + self._offset).replace(microsecond=0)


class DynamoClockOffset:
    """The port `ClockOffset`. Must be made by no stage whose clock stands."""

    @store_errors("clock")
    def read(self) -> timedelta:
        rows = list(ControlRow.query(ROW, consistent_read=True))
        seconds = rows[0].offset_seconds if rows else None
        return timedelta(seconds=seconds or 0)

    @store_errors("clock")
    def write(self, offset: timedelta) -> None:
        ControlRow(ROW, offset_seconds=int(offset.total_seconds())).save()

"""The simulated clock of the local machine: real time plus an offset that everybody reads from the `control` table.

Must not decide what is due (the rows say) and is never deployed: production has no adapter for the offset.
"""

import math
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.aws import client

TABLE, ROW = "kept-informed-control", "clock"
_DURATION = re.compile(r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?")


class ClockRequestError(ValueError):
    """What was asked of the clock cannot be meant; the message says why."""


def real_time() -> datetime:
    """The machine's own time."""
    return datetime.now(UTC)


class SimulatedClock:
    """Real time plus whole seconds. `bind` tells it where to write its offset; before that it is real time."""

    def __init__(self, real: Callable[[], datetime] = real_time) -> None:
        self._real = real
        self._offset = 0
        self._write: Callable[[int], None] | None = None
        self._lock = threading.Lock()

    @property
    def offset_seconds(self) -> int:
        """How far the simulated time is ahead of the real one."""
        return self._offset

    def now(self) -> datetime:
        """The simulated time, UTC."""
        return self._real() + timedelta(seconds=self._offset)

    def bind(self, endpoint_url: str) -> None:
        """Write the offset to the control table from now on."""
        dynamodb = client("dynamodb", endpoint_url)

        def write(offset: int) -> None:
            dynamodb.put_item(TableName=TABLE, Item={"name": {"S": ROW}, "offset_seconds": {"N": str(offset)}})

        self._write = write
        write(self._offset)

    def move_to(self, target: datetime) -> None:
        """Put the clock at `target`, or less than a second after it; it ticks on from there. Everybody else sees it first."""
        with self._lock:
            offset = math.ceil((target - self._real()).total_seconds())
            if self._write:
                self._write(offset)
            self._offset = offset


def requested(document: Any, now: datetime) -> datetime:
    """The moment that a request asks for: `{"advance": "P10D"}` or `{"set": "2026-12-01T09:00:00+00:00"}`. Raises `ClockRequestError`."""
    if not isinstance(document, dict) or len(document) != 1 or not set(document) <= {"advance", "set"}:
        raise ClockRequestError('expected {"advance": "<ISO 8601 duration>"} or {"set": "<ISO 8601 time with offset>"}')
    ((kind, text),) = document.items()
    if not isinstance(text, str):
        raise ClockRequestError(f"{kind} is not a text")
    return now + duration(text) if kind == "advance" else _moment(text)


def duration(text: str) -> timedelta:
    """An ISO 8601 duration of weeks, days, hours, minutes and seconds; years and months have no fixed length and are refused."""
    found = _DURATION.fullmatch(text)
    parts = {unit: int(count) for unit, count in found.groupdict().items() if count} if found else {}
    if not parts or text.endswith("T"):
        raise ClockRequestError("advance is no ISO 8601 duration of weeks, days, hours, minutes or seconds, such as P10D or P1DT2H")
    try:
        return timedelta(**parts)
    except OverflowError as error:
        raise ClockRequestError("advance is too long") from error


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ClockRequestError("set is no ISO 8601 time") from error
    if found.tzinfo is None:
        raise ClockRequestError("set lacks an offset, such as +00:00")
    return found.astimezone(UTC)

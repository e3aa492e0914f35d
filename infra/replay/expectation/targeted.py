"""Who may be persistently targeted: crimes reported on three days within a year, by the issue's section 5 and docs/events.md.

Pure. Must not say what is asked of whom (wants.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from infra.replay.expectation.people import Victim, london_day

Crime = tuple[datetime, bool]
"""When it was reported, and whether its record is specialist by itself."""
_TIMES, _DAYS = 3, 365


def crime_of(record: dict[str, Any], victim: Victim) -> datetime | None:
    """When it was reported, where it is a crime against a person."""
    counts = record["record_type"] == "crime" and record["status"] != "cancelled" and victim["kind"] == "person"
    return record["reported_at"] if counts else None


def since(own: datetime, others: Iterable[Crime], *, held: bool) -> datetime | None:
    """The report that made this crime one of three; None where nothing did. `held`: as specialist, so that specialist ones count."""
    reports = sorted([own, *(at for at, specialist in others if held or not specialist)])
    for last in reports:
        within = {london_day(at) for at in reports if 0 <= (london_day(last) - london_day(at)).days <= _DAYS}
        if london_day(own) in within and len(within) >= _TIMES:
            return next(at for at in reports if london_day(at) == london_day(last))
    return None

"""The evenings on which a replay feeds: the same hour in London, so many days after the first.

Must not know what is fed.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_EVENING = time(20, 5)
"""Quiet hours: nothing leaves to a victim while records are fed, so that what comes of them does not hang on the speed of feeding."""


def next_evening(clock: datetime) -> datetime:
    """The next 20:05 in London from `clock` on, in UTC."""
    local = clock.astimezone(LONDON)
    evening = datetime.combine(local.date(), _EVENING, LONDON)
    evening = evening if evening > local else datetime.combine(local.date() + timedelta(days=1), _EVENING, LONDON)
    return evening.astimezone(UTC)


def evening_after(first: datetime, days: int) -> datetime:
    """The same hour in London as `first`, so many days later, in UTC."""
    local = first.astimezone(LONDON)
    return datetime.combine(local.date() + timedelta(days=days), local.time(), LONDON).astimezone(UTC)

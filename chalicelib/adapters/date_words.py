"""Dates and times as English readers say them, in London time: "9:30am on Monday 23 November 2026".

Must not read a clock or the machine's locale.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _local_date(when: date) -> date:
    if isinstance(when, datetime):
        return when.astimezone(LONDON).date()
    return when


def short_day(when: date) -> str:
    """ "Monday 23 November", for a near date whose year nobody asks for."""
    local = _local_date(when)
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"


def day(when: date) -> str:
    """ "Monday 23 November 2026". An aware datetime counts by its London date."""
    return f"{short_day(when)} {_local_date(when).year}"


def clock(when: datetime) -> str:
    """ "9:30am", "10pm", "midday", "midnight", in London time (GOV.UK style)."""
    local = when.astimezone(LONDON)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def moment(when: datetime) -> str:
    """ "9:30am on Monday 23 November 2026"; a deadline in the day's last minute is "the end of Monday 23 November 2026"."""
    return _moment(when, day(when))


def _moment(when: datetime, day_words: str) -> str:
    local = when.astimezone(LONDON)
    return f"the end of {day_words}" if (local.hour, local.minute) == (23, 59) else f"{clock(when)} on {day_words}"


def near_day(when: date, today: date) -> str:
    """As `day`, the year only where it is not that of `today`."""
    return short_day(when) if _local_date(when).year == today.year else day(when)


def near_moment(when: datetime, today: date) -> str:
    """As `moment`, the year only where it is not that of `today`."""
    return _moment(when, near_day(when, today))


def between(start: datetime | None, end: datetime | None) -> str | None:
    """When something happened: one moment, a span, or None when neither is known."""
    known = [at for at in (start, end) if at is not None]
    if not known:
        return None
    first, last = known[0], known[-1]
    if first == last:
        return f"{clock(first)} on {day(first)}"
    if _local_date(first) == _local_date(last):
        return f"between {clock(first)} and {clock(last)} on {day(first)}"
    return f"between {clock(first)} on {day(first)} and {clock(last)} on {day(last)}"


def late_by(due_at: datetime, today: date) -> str:
    """ "2 days late", by the calendar of London; on the day itself only "late"."""
    days = (today - _local_date(due_at)).days
    if days < 1:
        return "late"
    return "1 day late" if days == 1 else f"{days} days late"

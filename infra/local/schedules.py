"""When a schedule expression of EventBridge fires next, in UTC.

Must not fire anything. Only whole `rate(...)` and `cron(...)` expressions of the EventBridge user guide; a rate of minutes is no daily
schedule and has no instants here: what it would do is done whenever something is due.
"""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import product
from zoneinfo import ZoneInfo

from infra.local.stack import Schedule

_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAY_NAMES = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTHS = {name: str(number) for number, name in enumerate(_MONTH_NAMES, start=1)}
_DAYS = {name: str(number) for number, name in enumerate(_DAY_NAMES, start=1)}
_HORIZON = timedelta(days=366 * 5)


class UnreadableScheduleError(ValueError):
    """The expression is none that the local machine can fire; the message repeats it."""


def is_interval(expression: str) -> bool:
    """Whether it is a rate of minutes."""
    return re.fullmatch(r"rate\(\d+ minutes?\)", expression) is not None


def minutes_of(expression: str) -> int:
    """How many minutes lie between two firings of an interval."""
    return int(expression.removeprefix("rate(").split()[0])


def next_firing(expression: str, after: datetime, zone: tzinfo = UTC) -> datetime | None:
    """The first firing after a moment, by the clock of `zone`; None for an interval, or where none is near.

    Raises `UnreadableScheduleError`.
    """
    if is_interval(expression):
        return None
    rate = re.fullmatch(r"rate\((\d+) (hour|day)s?\)", expression)
    if rate:
        return _next_of_rate(timedelta(**{f"{rate[2]}s": int(rate[1])}), after)
    cron = re.fullmatch(r"cron\(([^)]*)\)", expression)
    if not cron or len(cron[1].split()) != 6:
        raise UnreadableScheduleError(expression)
    return _next_of_cron(cron[1].split(), after, zone)


def fires_next(schedule: Schedule, after: datetime) -> datetime | None:
    """The first firing of a schedule after a moment, as `next_firing`."""
    return next_firing(schedule.expression, after, ZoneInfo(schedule.timezone))


def _next_of_rate(step: timedelta, after: datetime) -> datetime:
    epoch = datetime(2000, 1, 1, tzinfo=UTC)
    return epoch + ((after - epoch) // step + 1) * step


def _next_of_cron(fields: list[str], after: datetime, zone: tzinfo) -> datetime | None:
    minutes, hours = _numbers(fields[0], 0, 59), _numbers(fields[1], 0, 23)
    days, months = _numbers(fields[2], 1, 31), _numbers(fields[3], 1, 12, _MONTHS)
    weekdays, years = _numbers(fields[4], 1, 7, _DAYS), _numbers(fields[5], 1970, 2199)
    day = after.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    while day < after + _HORIZON:
        weekday = day.isoweekday() % 7 + 1
        if day.day in days and day.month in months and weekday in weekdays and day.year in years:
            for hour, minute in product(sorted(hours), sorted(minutes)):
                firing = day.replace(hour=hour, minute=minute).astimezone(UTC)
                if firing > after:
                    return firing
        day += timedelta(days=1)
    return None


def _numbers(field: str, low: int, high: int, names: dict[str, str] | None = None) -> set[int]:
    """The numbers that a cron field stands for: `*`, `?`, lists, ranges, steps and names."""
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = ("", "", "") if span in ("*", "?") else span.partition("-")
        bounds = [(names or {}).get(end.upper(), end) for end in (first or str(low), last or (first if first and not step else str(high)))]
        if not all(bound.isdigit() for bound in (*bounds, step or "1")):
            raise UnreadableScheduleError(field)
        found |= set(range(int(bounds[0]), int(bounds[1]) + 1, int(step or "1")))
    return found

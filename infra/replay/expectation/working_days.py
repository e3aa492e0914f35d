"""Working days of England and Wales and the deadlines that count in them, as docs/obligations.md words them.

Bank holidays are worked out from the law's own rules, not read from a list; a single royal day is in no rule, so years before 2024 are
wrong by a day. Must not know what falls due.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from infra.replay.expectation.fields import LONDON

_DAY = timedelta(days=1)
_MONDAY, _SATURDAY = 0, 5


def london_day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def last_second(day: date) -> datetime:
    """23:59:59 in London."""
    return datetime.combine(day, time(23, 59, 59), LONDON).astimezone(UTC)


def working_days_after(moment: datetime, count: int) -> datetime:
    """The end of the `count`-th working day after the day of `moment`, which is day 0 whatever day it is."""
    day = london_day(moment)
    while count:
        day += _DAY
        count -= working_day(day)
    return last_second(day)


def working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year)


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Good Friday, Easter Monday, the Mondays of May and August, and New Year and Christmas with their substitutes."""
    easter = _easter(year)
    new_year = _not_taken(date(year, 1, 1), frozenset())
    christmas = _not_taken(date(year, 12, 25), frozenset({date(year, 12, 26)}))
    boxing = _not_taken(date(year, 12, 26), frozenset({christmas}))
    mondays = {_monday_from(date(year, 5, 1)), _monday_from(date(year, 5, 25)), _monday_from(date(year, 8, 25))}
    return frozenset({new_year, easter - 2 * _DAY, easter + _DAY, *mondays, christmas, boxing})


def _not_taken(day: date, taken: frozenset[date]) -> date:
    """The day itself on a weekday; else the next weekday that is no holiday already."""
    if day.weekday() < _SATURDAY:
        return day
    while day.weekday() >= _SATURDAY or day in taken:
        day += _DAY
    return day


def _monday_from(day: date) -> date:
    while day.weekday() != _MONDAY:
        day += _DAY
    return day


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus)."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)

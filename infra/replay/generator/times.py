"""Moves a month by whole weeks to just before now, and draws when things happened in it by a daily and weekly curve.

Must not read a clock: now is an argument, and nothing drawn here lies after it.
"""

from __future__ import annotations

import calendar
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from infra.replay.generator.shares import draw, weights

LONDON = ZoneInfo("Europe/London")
DELAYS = {
    "report to record": (45, 1.4, 4 * 1440),
    "offence to report, against a person": (60, 1.8, 2 * 365 * 1440),
    "offence to report, otherwise": (240, 1.8, 2 * 365 * 1440),
    "length of an offence against property": (300, 1.0, 14 * 1440),
}
"""Log-normal delays in minutes: median, sigma, the most. An assumption; the counting rules ask for a record within 24 hours."""

_LATEST_REPORT = timedelta(minutes=40)
_LATEST_RECORD = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Moments:
    """When an occurrence happened, was reported and was recorded, in UTC and in this order; the record left a little later."""

    occurred_from: datetime
    occurred_to: datetime
    reported: datetime
    recorded: datetime
    sent: datetime


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the source, moved: weekdays stay what they were."""

    days: tuple[date, ...]
    cumulative: tuple[float, ...]
    weeks: int


def moved(month: str, now: datetime) -> Month:
    """`month` ("2022-01") by as many whole weeks as bring its last day nearest before today (London)."""
    year, number = (int(part) for part in month.split("-"))
    last = date(year, number, calendar.monthrange(year, number)[1])
    today = now.astimezone(LONDON).date()
    weeks = ((today - last).days - 1) // 7
    days = tuple(date(year, number, day) + timedelta(weeks=weeks) for day in range(1, last.day + 1))
    by_weekday = tuple(weights("time.weekday").values())
    return Month(days, tuple(accumulate(by_weekday[day.weekday()] for day in days)), weeks)


def reported_in(rng: Random, month: Month, now: datetime) -> datetime:
    """A moment of the month by the weekly and the daily curve, before now."""
    day = rng.choices(month.days, cum_weights=month.cumulative)[0]
    hour = int(draw(rng, "time.hour"))
    local = datetime(day.year, day.month, day.day, hour, rng.randrange(60), rng.randrange(60), tzinfo=LONDON)
    return min(local.astimezone(UTC), now - _LATEST_REPORT)


def moments(rng: Random, reported: datetime, now: datetime, *, personal: bool) -> Moments:
    """The rest of the times of an occurrence reported then. Most delays are short, few are long."""
    recorded = min(reported + _delay(rng, "report to record"), now - _LATEST_RECORD)
    before = _delay(rng, "offence to report, against a person" if personal else "offence to report, otherwise")
    lasted = timedelta() if personal else _delay(rng, "length of an offence against property")
    to = (reported - before).replace(second=0)
    return Moments(to - lasted, to, reported, recorded, recorded + timedelta(seconds=rng.randrange(20, 600)))


def _delay(rng: Random, what: str) -> timedelta:
    median, sigma, most = DELAYS[what]
    minutes = rng.lognormvariate(math.log(median), sigma)
    return timedelta(minutes=min(max(1, int(minutes)), most))


def iso(moment: datetime) -> str:
    """ISO 8601 with its offset, whole seconds."""
    return moment.isoformat(timespec="seconds")

"""Months moved by whole weeks to just before now, and times that follow their curves and lie in their order before now.

Must not read a clock.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.schemas.records import Parsed
from infra.replay.generator.times import moments, moved, reported_in
from tests.replay.made_up import NOW, fed_at, judged, made, occurrence_of

LONDON = ZoneInfo("Europe/London")

MOVES = {
    "a month of years ago": ("2022-01", "2026-11-21T20:05:00+00:00", date(2026, 11, 16)),
    "a month that ended yesterday": ("2026-10", "2026-11-01T20:05:00+00:00", date(2026, 10, 31)),
    "a month that ends today": ("2026-10", "2026-10-31T20:05:00+00:00", date(2026, 10, 24)),
    "a month to come": ("2027-02", "2026-11-21T20:05:00+00:00", date(2026, 11, 15)),
    "midnight in London is not midnight in UTC": ("2026-05", "2026-05-31T23:30:00+00:00", date(2026, 5, 31)),
    "a leap month": ("2024-02", "2026-11-21T20:05:00+00:00", date(2026, 11, 19)),
}


@pytest.mark.parametrize(("month", "now", "last"), MOVES.values(), ids=MOVES.keys())
def test_a_month_ends_just_before_now(month, now, last):
    found = moved(month, datetime.fromisoformat(now))
    assert found.days[-1] == last
    year, number = map(int, month.split("-"))
    assert (found.days[0] - date(year, number, 1)).days == 7 * found.weeks


@given(st.dates(date(2011, 1, 1), date(2030, 1, 1)), st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_every_month_keeps_its_weekdays_and_ends_within_the_last_week(month, now):
    found = moved(f"{month:%Y-%m}", now)
    today = now.astimezone(LONDON).date()
    assert 1 <= (today - found.days[-1]).days <= 7
    assert found.days[0].weekday() == month.replace(day=1).weekday()


@given(st.integers(0, 10**6), st.booleans(), st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_times_lie_in_their_order_and_before_now(seed, personal, now):
    rng = Random(seed)
    when = moments(rng, reported_in(rng, moved("2022-01", now), now), now, personal=personal)
    assert when.occurred_from <= when.occurred_to <= when.reported <= when.recorded < when.sent < now


def test_reports_follow_the_daily_and_the_weekly_curve():
    rng, month = Random(1), moved("2022-01", NOW)
    drawn = [reported_in(rng, month, NOW).astimezone(LONDON) for _ in range(20_000)]
    assert {each.date() for each in drawn} == set(month.days)
    hours = Counter(each.hour for each in drawn)
    assert hours[17] > 4 * hours[4]
    days = Counter(each.weekday() for each in drawn)
    saturdays, tuesdays = (sum(day.weekday() == number for day in month.days) for number in (5, 1))
    assert days[5] / saturdays > days[1] / tuesdays


def test_no_body_speaks_of_a_time_after_its_feeding():
    for line, found in judged(2000):
        if isinstance(found, Parsed) and found.occurrence:
            assert found.occurrence.recorded_at < NOW
            assert found.sent_at < fed_at(line)
            assert line["day"] == 0 or found.sent_at > NOW


def test_every_occurrence_was_reported_in_its_month_and_its_reference_says_the_year():
    days = set(moved("2022-01", NOW).days)
    for _, found in judged(2000):
        if isinstance(found, Parsed) and found.occurrence:
            assert found.occurrence.reported_at.astimezone(LONDON).date() in days
            assert found.occurrence.reference[:2] == f"{found.occurrence.recorded_at.astimezone(LONDON):%y}"


def test_two_months_are_each_moved_on_their_own_and_their_references_differ():
    both = made(300, months=("2021-09", "2022-01"))
    references = [each["reference"] for line in both[1:] if (each := occurrence_of(line["body"])) and "reference" in each]
    assert both[0]["run"]["months"] == ["2021-09", "2022-01"]
    assert len(set(references)) > 570


def test_the_same_crime_in_another_week_is_another_number():
    first, later = (
        {each["reference"] for line in made(300, now=now)[1:] if (each := occurrence_of(line["body"])) and "reference" in each}
        for now in (NOW, NOW + timedelta(weeks=1))
    )
    assert not first & later

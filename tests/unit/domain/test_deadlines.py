"""Working days, deadlines and quiet hours, with the weekday spelled out on both sides of every edge.

Issue 2, section 7 (working-day deadlines end 23:59:59 London) and section 6 (quiet hours 08:00 to 20:00 Europe/London); DOMAIN A7.
Left of an arrow is London, right of it UTC.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.deadlines import (
    DEADLINES,
    DeadlineRule,
    add_working_days,
    due,
    end_of,
    is_working_day,
    local_day,
    next_allowed,
    rule_on,
)
from tests.domain_builders import HOLIDAYS, PROFILE, at

LONDON = ZoneInfo("Europe/London")
MANY = settings(max_examples=200, deadline=None)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 1)).map(lambda moment: at(moment.replace(microsecond=0).isoformat()))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        pytest.param("2026-11-20", True, id="Friday"),
        pytest.param("2026-11-21", False, id="Saturday"),
        pytest.param("2026-11-22", False, id="Sunday"),
        pytest.param("2026-12-25", False, id="Christmas Day, a Friday"),
        pytest.param("2026-12-28", False, id="Monday in place of Boxing Day on Saturday"),
        pytest.param("2026-12-29", True, id="the Tuesday after it"),
        pytest.param("2027-03-26", False, id="Good Friday 2027"),
        pytest.param("2027-03-29", False, id="Easter Monday 2027"),
        pytest.param("2028-02-29", True, id="leap day 2028, a Tuesday"),
    ],
)
def test_a_working_day(day: str, working: bool) -> None:
    assert is_working_day(date.fromisoformat(day), HOLIDAYS) is working


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        pytest.param("2026-11-16", 2, "2026-11-18", id="Monday to Wednesday"),
        pytest.param("2026-11-18", 2, "2026-11-20", id="Wednesday to Friday"),
        pytest.param("2026-11-19", 2, "2026-11-23", id="Thursday to Monday"),
        pytest.param("2026-11-20", 2, "2026-11-24", id="Friday to Tuesday"),
        pytest.param("2026-11-21", 2, "2026-11-24", id="Saturday to Tuesday: the event's day is day 0 even so"),
        pytest.param("2026-11-22", 2, "2026-11-24", id="Sunday to Tuesday"),
        pytest.param("2026-11-20", 1, "2026-11-23", id="one day: Friday to Monday"),
        pytest.param("2026-11-20", 0, "2026-11-20", id="no day: itself"),
        pytest.param("2026-11-21", 0, "2026-11-21", id="no day: itself, though a Saturday"),
        pytest.param("2026-11-20", 5, "2026-11-27", id="five days: Friday to Friday"),
        pytest.param("2026-11-20", 10, "2026-12-04", id="ten days: two weeks"),
        pytest.param("2026-12-23", 2, "2026-12-29", id="Wednesday before Christmas to Tuesday"),
        pytest.param("2026-12-24", 2, "2026-12-30", id="Christmas Eve, a Thursday, to Wednesday"),
        pytest.param("2026-12-24", 1, "2026-12-29", id="Christmas Eve to Tuesday"),
        pytest.param("2026-12-25", 2, "2026-12-30", id="Christmas Day to Wednesday"),
        pytest.param("2026-12-30", 2, "2027-01-04", id="Wednesday to Monday over New Year's Day, a Friday"),
        pytest.param("2026-12-31", 2, "2027-01-05", id="New Year's Eve, a Thursday, to Tuesday"),
        pytest.param("2027-12-24", 2, "2027-12-30", id="Christmas Eve 2027, a Friday, to Thursday: two substitute days"),
        pytest.param("2027-03-25", 2, "2027-03-31", id="Maundy Thursday 2027 to Wednesday"),
        pytest.param("2027-03-24", 2, "2027-03-30", id="Wednesday before Easter to Tuesday"),
        pytest.param("2027-03-28", 1, "2027-03-30", id="Easter Sunday to Tuesday"),
        pytest.param("2028-02-28", 1, "2028-02-29", id="Monday to leap day"),
        pytest.param("2028-02-28", 2, "2028-03-01", id="Monday over leap day to Wednesday"),
        pytest.param("2028-02-29", 1, "2028-03-01", id="leap day to Wednesday"),
        pytest.param("2027-12-31", 2, "2028-01-05", id="year end 2027, a Friday, to Wednesday over a substitute Monday"),
    ],
)
def test_working_days_are_added_from_day_0(start: str, days: int, end: str) -> None:
    assert add_working_days(date.fromisoformat(start), days, HOLIDAYS) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("event", "deadline"),
    [
        pytest.param("2026-11-20 09:58:00", "2026-11-24 23:59:59", id="Friday morning to the end of Tuesday"),
        pytest.param("2026-11-20 23:59:59", "2026-11-24 23:59:59", id="Friday, the last second"),
        pytest.param("2026-11-21 00:00:00", "2026-11-24 23:59:59", id="Saturday, the first second"),
        pytest.param("2026-11-22 23:59:59", "2026-11-24 23:59:59", id="Sunday, the last second"),
        pytest.param("2026-11-23 00:00:00", "2026-11-25 23:59:59", id="Monday, the first second"),
        pytest.param("2026-12-31 23:59:59", "2027-01-05 23:59:59", id="the last second of the year"),
        pytest.param("2027-01-01 00:00:00", "2027-01-05 23:59:59", id="the first second of the year"),
        # British Summer Time begins on Sunday 28 March 2027, ends on Sunday 31 October
        pytest.param("2027-03-25 10:00:00", "2027-03-31 22:59:59", id="Thursday in winter time → Wednesday in summer time"),
        pytest.param("2027-03-28 00:30:00", "2027-03-31 22:59:59", id="half an hour before the clocks go forward"),
        pytest.param("2027-03-28 01:30:00", "2027-03-31 22:59:59", id="half an hour after it"),
        pytest.param("2027-07-05 22:59:59", "2027-07-07 22:59:59", id="Monday 23:59:59 in summer → Wednesday"),
        pytest.param("2027-07-05 23:00:00", "2027-07-08 22:59:59", id="Tuesday 00:00:00 in summer → Thursday"),
        pytest.param("2027-10-28 10:00:00", "2027-11-01 23:59:59", id="Thursday in summer time → Monday in winter time"),
        pytest.param("2027-10-29 10:00:00", "2027-11-02 23:59:59", id="Friday in summer time → Tuesday in winter time"),
        pytest.param("2027-10-31 00:30:00", "2027-11-02 23:59:59", id="the hour that comes twice, first time"),
        pytest.param("2027-10-31 01:30:00", "2027-11-02 23:59:59", id="the hour that comes twice, second time"),
        pytest.param("2028-02-28 10:00:00", "2028-03-01 23:59:59", id="Monday over leap day to Wednesday"),
    ],
)
def test_two_working_days_end_at_the_last_second_in_london(event: str, deadline: str) -> None:
    assert due(rule_on("REF-2WD", date(2026, 11, 20)), at(event), HOLIDAYS) == at(deadline)


@pytest.mark.parametrize(
    ("rule_id", "days"),
    [
        ("ACK-2WD", 2), ("REF-2WD", 2), ("NEEDS-2WD", 2), ("SPEC-1WD", 1), ("STOP-1WD", 1), ("QUAR-1WD", 1), ("UPDATE", 0),
        ("LETTER-2WD", 2), ("BREACH-3WD", 3),
    ],
)  # fmt: skip
def test_the_rules_in_words_are_rows(rule_id: str, days: int) -> None:
    """docs/obligations.md; Victims' Code, Right 4 {BED4}: two working days for the referral."""
    rule = rule_on(rule_id, date(2026, 11, 20))
    assert (rule.id, rule.days) == (rule_id, days)
    assert rule.source


def test_every_row_that_no_source_states_says_that_it_is_inferred() -> None:
    stated = {"REF-2WD", "UPDATE", "EVENT-5WD", "EVENT-1WD", "COURT-1WD", "REVIEW-10WD", "REVIEW-30WD"}
    assert {rule.id for rule in DEADLINES if "[INF]" not in rule.source} == stated


OLD = DeadlineRule("X", date(2021, 4, 1), 2, "old")
NEW = DeadlineRule("X", date(2027, 1, 1), 1, "new")


@pytest.mark.parametrize(
    ("day", "row"),
    [
        pytest.param("2020-01-01", OLD, id="before all of them: the oldest"),
        pytest.param("2021-04-01", OLD, id="the day it begins"),
        pytest.param("2026-12-31", OLD, id="the day before the new one"),
        pytest.param("2027-01-01", NEW, id="the day of the new one"),
        pytest.param("2030-01-01", NEW, id="long after"),
    ],
)
@pytest.mark.parametrize("rows", [(OLD, NEW), (NEW, OLD)], ids=["in order", "out of order"])
def test_the_row_in_force_on_a_day(rows: tuple[DeadlineRule, ...], day: str, row: DeadlineRule) -> None:
    """Old rows stay: running cases keep the rule that they began under."""
    assert rule_on("X", date.fromisoformat(day), rows) == row


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param("2026-11-20 23:59:59", "2026-11-20", id="winter: UTC's day"),
        pytest.param("2026-11-21 00:00:00", "2026-11-21", id="winter: at midnight"),
        pytest.param("2027-07-05 22:59:59", "2027-07-05", id="summer: an hour before UTC's midnight"),
        pytest.param("2027-07-05 23:00:00", "2027-07-06", id="summer: London's midnight"),
    ],
)
def test_the_day_is_londons(moment: str, day: str) -> None:
    assert local_day(at(moment)) == date.fromisoformat(day)


MORNING, LUNCH, LATE, NIGHT = (time(9), time(12)), (time(12), time(14)), (time(18), time(23)), (time(21), time(23))


@pytest.mark.parametrize(
    ("moment", "own", "allowed"),
    [
        # Greenwich Mean Time: Friday 20 November 2026
        pytest.param("2026-11-20 07:59:59", None, "2026-11-20 08:00:00", id="winter: a second before eight"),
        pytest.param("2026-11-20 08:00:00", None, "2026-11-20 08:00:00", id="winter: eight"),
        pytest.param("2026-11-20 19:59:59", None, "2026-11-20 19:59:59", id="winter: a second before twenty hours"),
        pytest.param("2026-11-20 20:00:00", None, "2026-11-21 08:00:00", id="winter: twenty hours is tomorrow, a Saturday"),
        pytest.param("2026-11-20 00:00:00", None, "2026-11-20 08:00:00", id="winter: midnight is this morning"),
        pytest.param("2026-12-31 23:30:00", None, "2027-01-01 08:00:00", id="year end"),
        pytest.param("2028-02-28 21:00:00", None, "2028-02-29 08:00:00", id="to leap day"),
        # British Summer Time: 08:00 → 07:00, 20:00 → 19:00
        pytest.param("2027-07-05 06:59:59", None, "2027-07-05 07:00:00", id="summer: a second before eight"),
        pytest.param("2027-07-05 07:00:00", None, "2027-07-05 07:00:00", id="summer: eight"),
        pytest.param("2027-07-05 18:59:59", None, "2027-07-05 18:59:59", id="summer: a second before twenty hours"),
        pytest.param("2027-07-05 19:00:00", None, "2027-07-06 07:00:00", id="summer: twenty hours is tomorrow"),
        pytest.param("2027-07-05 23:30:00", None, "2027-07-06 07:00:00", id="summer: half past midnight in London is this morning there"),
        # the nights on which the clocks change
        pytest.param("2027-03-27 21:00:00", None, "2027-03-28 07:00:00", id="over the night of the clocks going forward"),
        pytest.param("2027-03-27 19:59:59", None, "2027-03-27 19:59:59", id="the evening before it"),
        pytest.param("2027-10-30 19:30:00", None, "2027-10-31 08:00:00", id="over the night of the clocks going back"),
        pytest.param("2027-10-31 00:30:00", None, "2027-10-31 08:00:00", id="in the hour that comes twice"),
        # the victim's own safe hours
        pytest.param("2026-11-20 08:30:00", MORNING, "2026-11-20 09:00:00", id="own hours from nine: at half past eight"),
        pytest.param("2026-11-20 09:00:00", MORNING, "2026-11-20 09:00:00", id="own hours: as they open"),
        pytest.param("2026-11-20 11:59:59", MORNING, "2026-11-20 11:59:59", id="own hours: the last second"),
        pytest.param("2026-11-20 12:00:00", MORNING, "2026-11-21 09:00:00", id="own hours: as they close, tomorrow"),
        pytest.param("2027-07-05 10:59:59", LUNCH, "2027-07-05 11:00:00", id="own hours are London's, in summer too"),
        pytest.param("2026-11-20 17:00:00", LATE, "2026-11-20 18:00:00", id="own hours past twenty hours: from eighteen"),
        pytest.param("2026-11-20 20:00:00", LATE, "2026-11-21 18:00:00", id="own hours past twenty hours: the force's close counts"),
        pytest.param("2026-11-20 10:00:00", NIGHT, "2026-11-20 10:00:00", id="own hours that never overlap: the force's (a person has it)"),
    ],
)
def test_when_a_victim_may_be_written_to(moment: str, own: tuple[time, time] | None, allowed: str) -> None:
    assert next_allowed(at(moment), PROFILE.quiet, own) == at(allowed)


@MANY
@given(INSTANTS, st.sampled_from([None, MORNING, LUNCH, LATE]))
def test_an_allowed_instant_is_inside_the_hours_and_never_earlier(moment: datetime, own: tuple[time, time] | None) -> None:
    allowed = next_allowed(moment, PROFILE.quiet, own)
    local = allowed.astimezone(LONDON).time()
    assert moment <= allowed <= moment + timedelta(days=1, hours=1)
    assert time(8) <= local < time(20)
    assert own is None or own[0] <= local < own[1]
    assert next_allowed(allowed, PROFILE.quiet, own) == allowed


@MANY
@given(INSTANTS, st.integers(0, 12))
def test_a_deadline_ends_a_working_day_with_that_many_between(moment: datetime, days: int) -> None:
    start = local_day(moment)
    end = add_working_days(start, days, HOLIDAYS)
    passed = [start + timedelta(days=number) for number in range(1, (end - start).days + 1)]
    assert sum(is_working_day(day, HOLIDAYS) for day in passed) == days
    assert days == 0 or is_working_day(end, HOLIDAYS)
    assert end_of(end).astimezone(LONDON).time() == time(23, 59, 59)
    assert local_day(end_of(end)) == end

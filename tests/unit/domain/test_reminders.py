"""The clock of what is owed: when it is late and breached, when somebody is reminded of it, and how near its deadline is.

docs/obligations.md, "States" and "Reminders". Weekdays are spelled out on both sides of every edge; times are UTC, in summer an hour behind
London. The ladder is in test_reminders_ladder.py, who is reminded in test_reminders_readers.py.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.domain.messages import Urgency
from chalicelib.domain.obligations import Obligation, ObligationState
from chalicelib.domain.reminders import (
    breach_at,
    letter_arrives,
    morning,
    next_attention,
    next_morning,
    unmet_state,
    update_due,
    urgency_on,
)
from tests.domain_builders import HOLIDAYS, PROFILE, at
from tests.unit.domain.owed_rows import owed

OPEN, LATE, BREACHED = ObligationState.OPEN, ObligationState.LATE, ObligationState.BREACHED
MET, WAIVED = ObligationState.MET, ObligationState.WAIVED
REMINDERS = PROFILE.reminders


@pytest.mark.parametrize(
    ("due", "breach"),
    [
        pytest.param("2026-11-23 23:59:59", "2026-11-26 23:59:59", id="Monday: Thursday"),
        pytest.param("2026-11-24 23:59:59", "2026-11-27 23:59:59", id="Tuesday: Friday"),
        pytest.param("2026-11-25 23:59:59", "2026-11-30 23:59:59", id="Wednesday: Monday"),
        pytest.param("2026-11-20 23:59:59", "2026-11-25 23:59:59", id="Friday: Wednesday"),
        pytest.param("2026-11-21 23:59:59", "2026-11-25 23:59:59", id="Saturday: Wednesday"),
        pytest.param("2026-11-22 23:59:59", "2026-11-25 23:59:59", id="Sunday: Wednesday"),
        pytest.param("2026-12-23 23:59:59", "2026-12-30 23:59:59", id="Wednesday before Christmas: Thursday, Tuesday, Wednesday"),
        pytest.param("2026-12-24 23:59:59", "2026-12-31 23:59:59", id="Christmas Eve: New Year's Eve"),
        pytest.param("2026-12-25 23:59:59", "2026-12-31 23:59:59", id="Christmas Day: New Year's Eve"),
        pytest.param("2026-12-28 23:59:59", "2026-12-31 23:59:59", id="Monday in place of Boxing Day: New Year's Eve"),
        pytest.param("2026-12-29 23:59:59", "2027-01-04 23:59:59", id="Tuesday after it: Monday, over the year's end"),
        pytest.param("2027-03-24 23:59:59", "2027-03-31 22:59:59", id="Wednesday before Easter: Wednesday, in summer time"),
        pytest.param("2027-03-25 23:59:59", "2027-04-01 22:59:59", id="Maundy Thursday: Thursday"),
        pytest.param("2027-03-28 22:59:59", "2027-04-01 22:59:59", id="Easter Sunday, as the clocks go forward: Thursday"),
        pytest.param("2027-10-28 22:59:59", "2027-11-02 23:59:59", id="Thursday in summer time: Tuesday in winter time"),
        pytest.param("2027-10-31 23:59:59", "2027-11-03 23:59:59", id="Sunday as the clocks go back: Wednesday"),
        pytest.param("2027-11-30 23:59:59", "2027-12-03 23:59:59", id="the month's end"),
        pytest.param("2028-02-25 23:59:59", "2028-03-01 23:59:59", id="Friday: Wednesday over leap day"),
        pytest.param("2028-02-29 23:59:59", "2028-03-03 23:59:59", id="leap day: Friday"),
    ],
)
def test_open_then_late_then_breached(due: str, breach: str) -> None:
    """Late for three whole working days, to the last second in London [INF]."""
    second = timedelta(seconds=1)
    assert breach_at(at(due), HOLIDAYS) == at(breach)
    states = [unmet_state(at(due), moment, HOLIDAYS) for moment in (at(due), at(due) + second, at(breach), at(breach) + second)]
    assert states == [OPEN, LATE, LATE, BREACHED]


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        pytest.param("2026-11-20", "2026-11-20 07:00", id="winter"),
        pytest.param("2027-07-05", "2027-07-05 06:00", id="summer"),
        pytest.param("2027-03-27", "2027-03-27 07:00", id="the day before the clocks go forward"),
        pytest.param("2027-03-28", "2027-03-28 06:00", id="the day they do"),
        pytest.param("2027-10-30", "2027-10-30 06:00", id="the day before they go back"),
        pytest.param("2027-10-31", "2027-10-31 07:00", id="the day they do so"),
        pytest.param("2028-02-29", "2028-02-29 07:00", id="leap day"),
    ],
)
def test_reminders_leave_at_seven_in_london(day: str, instant: str) -> None:
    assert morning(date.fromisoformat(day), REMINDERS) == at(instant)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        pytest.param("2026-11-20 06:59:59", "2026-11-20 07:00", id="a second before"),
        pytest.param("2026-11-20 07:00:00", "2026-11-21 07:00", id="at the hour: tomorrow's, a Saturday"),
        pytest.param("2026-11-20 23:59:59", "2026-11-21 07:00", id="in the last second"),
        pytest.param("2026-12-31 12:00:00", "2027-01-01 07:00", id="over the year's end"),
        pytest.param("2027-03-27 12:00:00", "2027-03-28 06:00", id="over the night of the clocks going forward"),
        pytest.param("2027-07-05 23:30:00", "2027-07-06 06:00", id="half past midnight in London"),
        pytest.param("2027-10-30 12:00:00", "2027-10-31 07:00", id="over the night of the clocks going back"),
    ],
)
def test_the_next_morning(now: str, then: str) -> None:
    assert next_morning(at(now), REMINDERS) == at(then)


def done(state: ObligationState, reason: str | None = None) -> Obligation:
    return owed(state=state, reason=reason)


@pytest.mark.parametrize(
    ("row", "now", "then"),
    [
        pytest.param(owed(), "2026-11-20 10:31", "2026-11-22 07:00", id="open: the lead's first morning, a Sunday"),
        pytest.param(owed(), "2026-11-22 06:59:59", "2026-11-22 07:00", id="a second before it"),
        pytest.param(owed(), "2026-11-22 07:00", "2026-11-23 07:00", id="then every morning: Monday"),
        pytest.param(owed(), "2026-11-23 07:00", "2026-11-24 07:00", id="the day it is due"),
        pytest.param(owed(), "2026-11-24 07:00", "2026-11-25 00:00", id="then its deadline, before the next morning"),
        pytest.param(owed(), "2026-11-24 23:59:59", "2026-11-25 00:00", id="in its last second"),
        pytest.param(owed(state=LATE), "2026-11-25 00:00", "2026-11-25 07:00", id="late: the next morning"),
        pytest.param(owed(state=LATE), "2026-11-27 07:00", "2026-11-28 00:00", id="late: the breach comes before the morning"),
        pytest.param(owed(state=BREACHED), "2026-11-28 00:00", "2026-11-28 07:00", id="breached: every morning, a Saturday"),
        pytest.param(owed(state=BREACHED), "2027-03-27 07:00", "2027-03-28 06:00", id="breached: still, in summer time"),
        pytest.param(owed(automatic=True), "2026-11-20 10:31", "2026-11-25 00:00", id="our message will meet it: its deadline alone"),
        pytest.param(owed(automatic=True, state=LATE), "2026-11-25 00:00", "2026-11-25 07:00", id="our message is late: every morning"),
        pytest.param(owed("2026-12-31 23:59:59"), "2026-11-20 10:31", "2026-12-29 07:00", id="far ahead: two calendar days before"),
        pytest.param(owed("2027-03-29 22:59:59"), "2026-11-20 10:31", "2027-03-27 07:00", id="the lead over the clocks going forward"),
        pytest.param(owed("2027-03-30 22:59:59"), "2026-11-20 10:31", "2027-03-28 06:00", id="the lead begins as they do"),
        pytest.param(done(MET), "2026-11-20 10:31", None, id="met"),
        pytest.param(done(WAIVED, "closed"), "2026-11-20 10:31", None, id="waived"),
        pytest.param(done(BREACHED, "closed"), "2026-11-20 10:31", None, id="ended unmet: nothing is owed any more"),
    ],
)
def test_when_the_sweep_looks_at_it_next(row: Obligation, now: str, then: str | None) -> None:
    assert next_attention(row, at(now), HOLIDAYS, REMINDERS) == (at(then) if then else None)


@pytest.mark.parametrize(
    ("row", "day", "urgency"),
    [
        pytest.param(owed(), "2026-11-21", None, id="Saturday, three days ahead: not yet"),
        pytest.param(owed(), "2026-11-22", Urgency.SOON, id="Sunday, two days ahead"),
        pytest.param(owed(), "2026-11-23", Urgency.SOON, id="Monday, the day before"),
        pytest.param(owed(), "2026-11-24", Urgency.TODAY, id="Tuesday, the day"),
        pytest.param(owed(state=LATE), "2026-11-25", Urgency.LATE, id="Wednesday: late"),
        pytest.param(owed(state=BREACHED), "2026-12-01", Urgency.LATE, id="breached is late"),
        pytest.param(owed("2027-03-28 22:59:59"), "2027-03-28", Urgency.TODAY, id="summer: London's day, not UTC's"),
        pytest.param(owed("2027-03-28 22:59:59"), "2027-03-29", Urgency.LATE, id="summer: the day after"),
        pytest.param(owed("2026-12-31 23:59:59"), "2026-12-29", Urgency.SOON, id="over the year's end"),
        pytest.param(owed(automatic=True), "2026-11-23", None, id="our message will meet it"),
        pytest.param(owed(automatic=True), "2026-11-24", None, id="our message will meet it today"),
        pytest.param(owed(automatic=True, state=LATE), "2026-11-25", Urgency.LATE, id="our message did not"),
        pytest.param(owed(tried_at=at("2026-11-24 06:30")), "2026-11-24", None, id="tried today"),
        pytest.param(owed(tried_at=at("2026-11-23 17:00")), "2026-11-24", Urgency.TODAY, id="tried yesterday"),
        pytest.param(owed(state=LATE, tried_at=at("2026-11-25 00:00")), "2026-11-25", None, id="late, tried in today's first second"),
        pytest.param(owed(state=LATE, tried_at=at("2026-11-24 23:59:59")), "2026-11-25", Urgency.LATE, id="late, tried yesterday"),
        pytest.param(owed("2027-07-06 22:59:59", tried_at=at("2027-07-05 23:00")), "2027-07-06", None, id="tried at London's midnight"),
        pytest.param(done(MET), "2026-11-24", None, id="met"),
        pytest.param(done(WAIVED, "closed"), "2026-11-24", None, id="waived"),
        pytest.param(done(BREACHED, "closed"), "2026-11-30", None, id="ended unmet"),
    ],
)  # fmt: skip
def test_how_near_a_deadline_is_on_a_morning(row: Obligation, day: str, urgency: Urgency | None) -> None:
    assert urgency_on(row, date.fromisoformat(day), REMINDERS.lead_days) is urgency


@pytest.mark.parametrize(
    ("laid", "arrives"),
    [
        pytest.param("2026-11-20 15:00", "2026-11-24 23:59:59", id="Friday: Tuesday"),
        pytest.param("2026-11-20 23:59:59", "2026-11-24 23:59:59", id="Friday, the last second"),
        pytest.param("2026-11-21 00:00:00", "2026-11-24 23:59:59", id="Saturday, the first second"),
        pytest.param("2026-12-23 15:00", "2026-12-29 23:59:59", id="Wednesday before Christmas: Tuesday"),
        pytest.param("2026-12-24 15:00", "2026-12-30 23:59:59", id="Christmas Eve: Wednesday"),
        pytest.param("2027-03-25 15:00", "2027-03-31 22:59:59", id="Maundy Thursday: Wednesday, in summer time"),
        pytest.param("2027-10-29 15:00", "2027-11-02 23:59:59", id="Friday in summer time: Tuesday in winter time"),
        pytest.param("2028-02-28 15:00", "2028-03-01 23:59:59", id="Monday: Wednesday over leap day"),
    ],
)
def test_a_letter_arrives_two_working_days_after_it_was_laid_into_the_bucket(laid: str, arrives: str) -> None:
    assert letter_arrives(at(laid), HOLIDAYS) == at(arrives)


@pytest.mark.parametrize(("day", "due"), [("2026-11-30", "2026-11-30 23:59:59"), ("2027-07-05", "2027-07-05 22:59:59")])
def test_an_update_is_due_by_the_end_of_its_day(day: str, due: str) -> None:
    assert update_due(date.fromisoformat(day)) == at(due)

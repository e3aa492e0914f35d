"""Escalation: the mornings on which each rank hears of what is late, each step once, and the properties of the clock for anything unmet.

docs/obligations.md, "Reminders". One working day late is over at the end of the first working day after the deadline's day. Must not
repeat who each rank is (test_reminders_readers.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.model import Unit
from chalicelib.domain.obligations import Obligation, ObligationState
from chalicelib.domain.profile import Rank
from chalicelib.domain.reminders import (
    next_attention,
    reminded_by,
    step_reached,
    unmet_state,
    update_due,
)
from tests.domain_builders import HOLIDAYS, PROFILE, at
from tests.unit.domain.owed_rows import as_of, owed

LATE, BREACHED, MET = ObligationState.LATE, ObligationState.BREACHED, ObligationState.MET
REMINDERS, LADDER = PROFILE.reminders, PROFILE.ladder
MANY = settings(max_examples=300, deadline=None)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 11, 1)).map(lambda moment: at(moment.replace(microsecond=0).isoformat()))
DAYS = st.dates(date(2026, 1, 1), date(2028, 10, 1))

STEPS = [
    # due, the mornings on which the supervisor and the next rank hear of it
    pytest.param("2026-11-23 23:59:59", "2026-11-25 07:00", "2026-11-27 07:00", id="Monday: Wednesday and Friday"),
    pytest.param("2026-11-24 23:59:59", "2026-11-26 07:00", "2026-11-28 07:00", id="Tuesday: Thursday and Saturday"),
    pytest.param("2026-11-26 23:59:59", "2026-11-28 07:00", "2026-12-02 07:00", id="Thursday: Saturday after Friday, and Wednesday"),
    pytest.param("2026-11-20 23:59:59", "2026-11-24 07:00", "2026-11-26 07:00", id="Friday: Tuesday and Thursday"),
    pytest.param("2026-11-21 23:59:59", "2026-11-24 07:00", "2026-11-26 07:00", id="Saturday: as Friday"),
    pytest.param("2026-11-22 23:59:59", "2026-11-24 07:00", "2026-11-26 07:00", id="Sunday: as Friday"),
    pytest.param("2026-12-24 23:59:59", "2026-12-30 07:00", "2027-01-01 07:00", id="Christmas Eve: Wednesday and New Year's Day"),
    pytest.param("2026-12-25 23:59:59", "2026-12-30 07:00", "2027-01-01 07:00", id="Christmas Day: as Christmas Eve"),
    pytest.param("2026-12-29 23:59:59", "2026-12-31 07:00", "2027-01-05 07:00", id="Tuesday after Christmas: Thursday and Tuesday"),
    pytest.param("2026-12-31 23:59:59", "2027-01-05 07:00", "2027-01-07 07:00", id="New Year's Eve: Tuesday and Thursday"),
    pytest.param("2027-03-25 23:59:59", "2027-03-31 06:00", "2027-04-02 06:00", id="Maundy Thursday: Wednesday and Friday, in summer time"),
    pytest.param("2027-03-28 22:59:59", "2027-03-31 06:00", "2027-04-02 06:00", id="Easter Sunday: the same"),
    pytest.param("2027-10-28 22:59:59", "2027-10-30 06:00", "2027-11-03 07:00", id="Thursday in summer: Saturday, and Wednesday in winter"),
    pytest.param("2027-10-29 22:59:59", "2027-11-02 07:00", "2027-11-04 07:00", id="Friday in summer: Tuesday and Thursday in winter"),
    pytest.param("2028-02-25 23:59:59", "2028-02-29 07:00", "2028-03-02 07:00", id="Friday: leap day and Thursday"),
    pytest.param("2028-02-28 23:59:59", "2028-03-01 07:00", "2028-03-03 07:00", id="Monday: Wednesday, after leap day, and Friday"),
]  # fmt: skip


def reached(row: Obligation, now: datetime, ladder: tuple[Rank, ...] = LADDER) -> int:
    return step_reached(row, now, ladder, HOLIDAYS, REMINDERS)


@pytest.mark.parametrize(("due", "supervisor", "inspector"), STEPS)
def test_when_each_rank_hears_of_it(due: str, supervisor: str, inspector: str) -> None:
    """One working day late is over at its end, so the step is taken at seven on the morning after."""
    second = timedelta(seconds=1)
    moments = (
        at(due) + second,
        at(supervisor) - second,
        at(supervisor),
        at(inspector) - second,
        at(inspector),
        at(inspector) + timedelta(30),
    )
    assert [reached(as_of(moment, due=due), moment) for moment in moments] == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(("due", "supervisor", "inspector"), STEPS)
def test_what_we_hear_of_late_is_escalated_from_then(due: str, supervisor: str, inspector: str) -> None:
    """It fell due a month before we accepted the record: nobody is escalated over a morning that they did not have."""
    row = owed("2026-10-20 22:59:59", created_at=at(due) - timedelta(hours=9), state=BREACHED)
    second = timedelta(seconds=1)
    assert [reached(row, at(moment) - second) for moment in (supervisor, inspector)] == [0, 1]
    assert [reached(row, at(moment)) for moment in (supervisor, inspector)] == [1, 2]


@pytest.mark.parametrize(
    ("row", "steps"),
    [
        pytest.param(owed(state=BREACHED, step=1), 2, id="the supervisor has heard: the next rank too"),
        pytest.param(owed(state=BREACHED, step=2), 2, id="both have heard: no more"),
        pytest.param(owed("2027-01-29 23:59:59", step=1), 1, id="moved into the future: what was heard was heard"),
        pytest.param(owed(state=MET, step=1), 1, id="met: stopped at once"),
        pytest.param(owed(state=MET), 0, id="met before anybody heard"),
        pytest.param(owed(state=BREACHED, reason="closed", step=1), 1, id="ended unmet: stopped"),
    ],
)
def test_each_step_is_taken_once_and_none_after_evidence(row: Obligation, steps: int) -> None:
    assert reached(row, at("2026-12-24 12:00")) == steps


@pytest.mark.parametrize(
    ("ladder", "steps"),
    [
        pytest.param((), 0, id="a force without a ladder"),
        pytest.param((Rank(Unit.SUPERVISOR, 0),), 1, id="the morning after"),
        pytest.param((Rank(Unit.SUPERVISOR, 1), Rank(Unit.INSPECTOR, 2), Rank(Unit.DUTY_CONTACT, 5)), 2, id="three ranks"),
    ],
)
def test_the_ladder_is_the_forces_own(ladder: tuple[Rank, ...], steps: int) -> None:
    """Late since Tuesday's end, asked on Friday at noon."""
    assert reached(owed(state=LATE), at("2026-11-27 12:00"), ladder) == steps


@pytest.mark.parametrize(
    ("now", "step", "then"),
    [
        pytest.param("2026-11-25 07:00", 0, "2026-11-26 07:00", id="the first morning late"),
        pytest.param("2026-11-26 07:00", 1, "2026-11-27 07:00", id="the supervisor's morning"),
        pytest.param("2026-11-27 07:00", 1, "2026-11-28 00:00", id="the last day before the breach"),
        pytest.param("2026-11-28 07:00", 2, "2026-11-29 07:00", id="the next rank's morning"),
    ],
)
def test_after_the_sweep_attended_to_it(now: str, step: int, then: str) -> None:
    row = as_of(at(now))
    after = reminded_by(row, at(now), PROFILE, HOLIDAYS)
    assert after == replace(row, step=step, next_at=at(then))


OWED = st.builds(
    lambda day, created, automatic, step: owed(due_at=update_due(day), created_at=created, automatic=automatic, step=step),
    DAYS,
    INSTANTS,
    st.booleans(),
    st.integers(0, len(LADDER)),
)
"""Anything unmet; its state has to be set by the time."""


@MANY
@given(OWED, INSTANTS)
def test_what_is_unmet_is_always_looked_at_again_later_and_soon(row: Obligation, now: datetime) -> None:
    row = replace(row, state=unmet_state(row.due_at, now, HOLIDAYS))
    then = next_attention(row, now, HOLIDAYS, REMINDERS)
    assert then is not None
    assert now < then
    assert not row.late or then <= now + timedelta(hours=25), "what is late, every day"
    assert row.late or then <= row.due_at + timedelta(seconds=1), "what is open, by its deadline"


@MANY
@given(OWED, INSTANTS)
def test_between_two_looks_no_state_changes_and_no_step_is_due(row: Obligation, now: datetime) -> None:
    """So that the sweep, which looks only then, misses nothing."""
    row = replace(row, state=unmet_state(row.due_at, now, HOLIDAYS))
    then = next_attention(row, now, HOLIDAYS, REMINDERS)
    assert then is not None
    before = then - timedelta(seconds=1)
    assert unmet_state(row.due_at, before, HOLIDAYS) is row.state
    assert reached(row, before) == reached(row, now)


@MANY
@given(OWED, st.lists(INSTANTS, min_size=2, max_size=6).map(sorted))
def test_escalation_only_ever_climbs_and_never_above_the_ladder(row: Obligation, instants: list[datetime]) -> None:
    steps = []
    for now in instants:
        row = reminded_by(replace(row, state=unmet_state(row.due_at, now, HOLIDAYS)), now, PROFILE, HOLIDAYS)
        steps.append(row.step)
    assert steps == sorted(steps)
    assert max(steps) <= len(LADDER)


@MANY
@given(OWED, INSTANTS)
def test_attending_twice_at_one_instant_is_attending_once(row: Obligation, now: datetime) -> None:
    once = reminded_by(replace(row, state=unmet_state(row.due_at, now, HOLIDAYS)), now, PROFILE, HOLIDAYS)
    assert reminded_by(once, now, PROFILE, HOLIDAYS) == once

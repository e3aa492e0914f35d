"""When an officer is asked to consider whether a victim is persistently targeted, and what settles it.

docs/events.md, "Enhanced rights". Must not repeat how records hear of each other (services/test_targeted_stories.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.enhanced import counts_as_enhanced
from chalicelib.domain.events import TaskDone
from chalicelib.domain.messages import Template
from chalicelib.domain.model import KnownElsewhere, Suffered, Unit
from chalicelib.domain.obligations import ASSESSED, Obligation, ObligationState, Purpose
from chalicelib.domain.targeted import TARGETED, targeted_rule_on
from tests.builders import NOW, enhanced, iso
from tests.domain_builders import at, decide, occurrence, planned, tasks, victim_of
from tests.unit.domain.update_stories import moment

REPORTED = occurrence().reported_at
NOT_ASSESSED = {"enhanced": enhanced(eligible=None, assessed_at=None)}
DAYS = timedelta(days=1)


def known(*days: float, specialist: int = 0) -> KnownElsewhere:
    """Crimes of the same person, so many days before this one (after it: negative); the first `specialist` of them specialist."""
    return KnownElsewhere(crimes=tuple(Suffered(REPORTED - day * DAYS, number < specialist) for number, day in enumerate(days)))


def asked(*days: float, person: dict[str, Any] | None = None, rows: Any = (), events: Any = (), **facts: Any) -> Obligation | None:
    record = occurrence(person=NOT_ASSESSED | (person or {}), **facts)
    return tasks(planned(record, known=known(*days), rows=rows, events=events)).get(Purpose.PERSISTENTLY_TARGETED)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((), False),
        ((30,), False),
        ((30, 60), True),
        ((30, 365), True),
        ((30, 366), False),
        ((30, 30.1), False),
        ((0, 0.001, 30), False),
        ((0, 30, 60), True),
        ((-30, 30), True),
        ((-30, -60), True),
        ((-30, -365), True),
        ((-30, -366), False),
        ((-200, 200), False),
        ((-400, -410, -420), False),
        ((30, 60, 90, 120), True),
    ],
)
def test_three_days_of_reports_within_a_year_suggest_it(days: tuple[float, ...], expected: bool) -> None:
    task = asked(*days)
    assert (task is not None) is expected
    if task is not None:
        assert (task.unit, task.rule_id, task.state) == (Unit.OFFICER, "TARGETED-2WD", ObligationState.OPEN)


@pytest.mark.parametrize(
    ("facts", "person"),
    [
        ({"record_type": "incident"}, {}),
        ({"record_type": "n100"}, {}),
        ({"status": "cancelled"}, {}),
        ({"status": "transferred"}, {}),
        ({}, {"kind": "business"}),
        ({}, {"kind": "police_officer"}),
        ({}, {"deceased": True}),
        ({}, {"enhanced": enhanced(eligible=True, assessed_at=iso(REPORTED - 90 * DAYS))}),
        ({}, {"enhanced": enhanced(eligible=False, assessed_at=iso(REPORTED + DAYS / 100))}),
        ({}, {"enhanced": enhanced(eligible=False, assessed_at=None)}),
    ],
)
def test_nobody_is_asked(facts: dict[str, Any], person: dict[str, Any]) -> None:
    """No crime against a person, or assessed already, whatever the count."""
    assert asked(10, 20, 30, person=person, **facts) is None


def test_an_assessment_from_before_the_crime_settles_nothing() -> None:
    before = enhanced(eligible=False, assessed_at=iso(REPORTED - DAYS))
    assert asked(10, 20, person={"enhanced": before}) is not None


@pytest.mark.parametrize(("before", "after", "wanted"), [((10,), (10,), True), ((10,), (3, 10), False), ((10, 11), (10,), False)])
def test_an_assessment_settles_it_where_three_had_been_reported_by_then(
    before: tuple[int, ...], after: tuple[int, ...], wanted: bool
) -> None:
    """Assessed five days after this crime: one that comes later does not open it again."""
    early = REPORTED - 20 * DAYS
    times = {"reported_at": iso(early), "recorded_at": iso(early), "occurred_from": None, "occurred_to": None}
    assessed = {"enhanced": enhanced(eligible=False, assessed_at=iso(early + 5 * DAYS))}
    assert (asked(*(20 + day for day in before), *(20 - day for day in after), person=assessed, **times) is not None) is wanted


@pytest.mark.parametrize(("days", "wanted"), [((10, 20), True), ((-10, 20), False), ((-10, -20), False)])
def test_a_closed_record_is_asked_about_only_where_its_own_crime_makes_three(days: tuple[float, ...], wanted: bool) -> None:
    assert (asked(*days, status="closed") is not None) is wanted
    assert asked(*days) is not None


def test_it_changes_no_rights() -> None:
    record = occurrence(person=NOT_ASSESSED)
    without, plan = planned(record), planned(record, known=known(10, 20))
    more = {key: row for key, row in plan.obligations.items() if key not in without.obligations}
    assert {key: row for key, row in plan.obligations.items() if key not in more} == without.obligations
    assert [row.purpose for row in more.values()] == [Purpose.PERSISTENTLY_TARGETED]
    assert not counts_as_enhanced(record, victim_of(record))


@pytest.mark.parametrize(("held", "expected"), [(False, False), (True, True)])
def test_a_specialist_record_counts_only_where_this_one_is_held_as_specialist_too(held: bool, expected: bool) -> None:
    """Elsewhere the officer would learn from the suggestion that there is a record which they cannot see."""
    crimes = replace(known(10, 20, specialist=1), specialist=held)
    plan = planned(occurrence(person=NOT_ASSESSED), known=crimes)
    assert (Purpose.PERSISTENTLY_TARGETED in tasks(plan)) is expected


def test_held_and_specialist_victims_are_suggested_too() -> None:
    domestic = occurrence(person=NOT_ASSESSED, flags={"domestic_abuse": True})
    plan = planned(domestic, known=known(10, 20, specialist=2))
    assert Purpose.PERSISTENTLY_TARGETED in tasks(plan)
    assert not decide(domestic).automatic
    assert {row.audience for row in plan.notifications.values()} <= {"officer", "unit"}


def test_done_by_the_officers_word() -> None:
    task = asked(10, 20)
    assert task is not None
    done = asked(10, 20, events=(TaskDone("26000712345", "T-1", task.obligation_id, moment("2026-11-24")),))
    assert done is not None
    assert (done.state, done.evidence) == (ObligationState.MET, "T-1")


@pytest.mark.parametrize("eligible", [True, False])
def test_done_by_an_assessment_where_the_officer_was_asked(eligible: bool) -> None:
    plan = planned(occurrence(person=NOT_ASSESSED), known=known(10, 20))
    asked_of = tasks(plan)[Purpose.PERSISTENTLY_TARGETED].obligation_id
    mail = next(row for row in plan.notifications.values() if row.template is Template.TASK and row.task_id == asked_of)
    person = {"enhanced": enhanced(eligible=eligible, assessed_at=iso(NOW))}
    met = asked(10, 20, person=person, rows=[replace(mail, state=State.SENT, attempted=True)])
    assert met is not None
    assert (met.state, met.evidence, met.met_at) == (ObligationState.MET, ASSESSED, NOW)
    assert asked(10, 20, person=person, rows=[mail]) is None


def test_the_row_in_force_is_the_newest_that_has_begun() -> None:
    newer = replace(TARGETED[0], effective_from=date(2026, 1, 1), times=4)
    table = (newer, *TARGETED)
    assert targeted_rule_on(date(2026, 1, 1), table) is newer
    assert targeted_rule_on(date(2025, 12, 31), table) is TARGETED[0]
    assert targeted_rule_on(at("2001-01-01 00:00").date(), table) is TARGETED[0]

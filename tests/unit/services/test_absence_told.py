"""Sick or away, said at the desk: who may, who gets what is due, and what the records system's next word does to it. NOW is a Friday."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.domain.absence import AbsenceForm, Wrong
from chalicelib.domain.sign_in import Person
from tests.builders import officer_record
from tests.unit.services.at_desk import ASH, COLE, PEOPLE, REED, ROLE, STRANGER, present
from tests.unit.services.on_page import told
from tests.unit.services.stage import DAY, Stage

TODAY = date(2026, 11, 20)
COVER = "kim.bell@example.test"


def due_soon() -> Stage:
    """An update is due tomorrow, and the officer was reminded this morning."""
    stage = present(told())
    stage.through(date(2026, 11, 29))
    stage.left.clear()
    return stage


def say(stage: Stage, by: Person = ASH, **facts: Any) -> dict[str, Wrong]:
    form = AbsenceForm(**({"officer": "2345", "absent_from": stage.now.date()} | facts))
    faults = stage.house.absence.away(form, by, stage.now)
    stage.run()
    return faults


def entry(stage: Stage, collar: str = "2345"):
    found = stage.house.absence.listed(collar)
    assert found
    return found


def test_what_is_due_goes_to_the_cover_at_once():
    stage = due_soon()
    assert say(stage, cover="2399", absent_until=date(2026, 12, 3)) == {}
    assert [item.to for item in stage.digests()] == [COVER]
    assert (entry(stage).absent_from, entry(stage).absent_until, entry(stage).cover) == (date(2026, 11, 29), date(2026, 12, 3), "2399")


def test_without_a_cover_it_goes_to_the_supervisor_and_comes_back_with_the_officer():
    stage = due_soon()
    say(stage)
    assert [item.to for item in stage.digests()] == ["jo.reed@example.test"]
    stage.left.clear()
    assert stage.house.absence.back("2345", ASH, stage.now) == {}
    assert entry(stage).absent_from is None
    stage.through(date(2026, 11, 30))
    assert [item.to for item in stage.digests()] == ["sam.ash@example.test"]


def test_an_absence_to_come_is_prepared_for_on_the_last_duty_day_and_may_be_called_off():
    stage = due_soon()
    say(stage, absent_from=date(2026, 12, 10))
    assert stage.digests() == []
    stage.house.absence.back("2345", ASH, stage.now)
    assert entry(stage).absent_from is None


@pytest.mark.parametrize("by", [ASH, REED])
def test_an_officer_and_their_supervisor_may_say_it(by):
    stage = present(Stage())
    assert say(stage, by) == {}
    assert stage.house.absence.back("2345", by, stage.now) == {}
    audit = [(row.op, row.actor, row.detail) for row in stage.world.cases.audit.values() if row.detail == "2345"]
    assert audit == [("absence_told", by.collar_number, "2345"), ("duty_told", by.collar_number, "2345")]


@pytest.mark.parametrize("by", [COLE, STRANGER, ROLE])
def test_nobody_else_may_and_learns_nothing(by):
    stage = present(Stage())
    for officer in ("2345", "9999"):
        assert say(stage, by, officer=officer) == {"officer": Wrong.UNKNOWN}
        assert stage.house.absence.back(officer, by, stage.now) == {"officer": Wrong.UNKNOWN}
    assert entry(stage).absent_from is None


def test_whoever_stands_in_for_supervisors_may_where_the_supervisor_is_away():
    stage = present(Stage(), o1890={"absent_from": "2026-11-20"})
    assert say(stage, ROLE) == {}


@pytest.mark.parametrize(
    ("facts", "faults"),
    [
        ({"absent_from": None}, {"absent_from": Wrong.MISSING}),
        ({"absent_until": date(2026, 11, 19)}, {"absent_until": Wrong.PAST}),
        ({"cover": "2345"}, {"cover": Wrong.SELF}),
        ({"cover": "9999"}, {"cover": Wrong.UNKNOWN}),
        ({"cover": "2351"}, {"cover": Wrong.AWAY}),
        ({"absent_from": None, "unreadable": frozenset({"absent_from"})}, {"absent_from": Wrong.UNREADABLE}),
    ],
)
def test_what_is_wrong_is_said_by_field_and_nothing_is_kept(facts, faults):
    stage = present(Stage(), o2351={"absent_from": "2026-11-20"})
    assert say(stage, **facts) == faults
    assert entry(stage).absent_from is None


def version(stage: Stage, number: int, **facts: Any) -> str:
    there = {"absent_from": None, "absent_until": None, "cover": None} | PEOPLE["2345"] | {"version": number} | facts
    outcome = stage.put(officer_record(now=stage.now, collar_number="2345", **there))
    stage.run()
    return outcome


def test_the_records_systems_next_version_fits_and_what_was_said_stands_until_it_says_something_new():
    stage = present(Stage())
    say(stage, cover="2399")
    assert version(stage, 2, phone="0115 496 0000") == "recorded"
    assert (entry(stage).version, entry(stage).absent_from, entry(stage).phone) == (2, TODAY, "0115 496 0000")
    assert version(stage, 3, absent_from="2026-12-01") == "recorded"
    assert (entry(stage).absent_from, entry(stage).cover) == (date(2026, 12, 1), None)


def test_being_back_beats_an_absence_of_the_records_system():
    stage = present(Stage(), o2345={"absent_from": "2026-11-16", "absent_until": "2026-11-30"})
    assert stage.house.absence.back("2345", ASH, stage.now) == {}
    assert entry(stage).absent_from is None
    assert version(stage, 1, absent_from="2026-11-16", absent_until="2026-11-30") == "stale"
    assert entry(stage).absent_from is None


def test_said_twice_it_is_handed_over_once():
    stage = due_soon()
    for _ in range(2):
        say(stage, cover="2399")
    stage.later(DAY / 24)
    assert len([item for item in stage.digests() if item.to == COVER]) == 1

"""Stories of an occurrence with fifty victims, whose decision is several transactions: a marker stands meanwhile, and nothing leaves.

Must not test what one victim gets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import RetryLater
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Kind, ObligationState
from chalicelib.services.attempts import Delivered
from tests.builders import contact_message, contact_safety, victim
from tests.fake_calls import Crash, When
from tests.unit.services.stage import DAY, MINUTE, REF, Stage, hooked

ACK, COMPLETION = Template.ACKNOWLEDGEMENT, Template.COMPLETION
DOMESTIC = {"flags": {"domestic_abuse": True}}
OTHER = "26000799999"


def fifty(**fields: Any) -> list[dict[str, Any]]:
    return [victim(f"V{number}", **fields) for number in range(1, 51)]


def dying(stage: Stage, name: str, nth: int, when: When = "before") -> None:
    """The process dies at the nth call of a port from now."""
    seen = 0

    def on_call(called: str, moment: When) -> None:
        nonlocal seen
        seen += (called, moment) == (name, when)
        if seen == nth:
            stage.world.calls.on_call = None
            raise Crash

    stage.world.calls.on_call = on_call


def interrupted(version: int = 1, nth: int = 2, stage: Stage | None = None, **facts: Any) -> Stage:
    stage = stage or Stage()
    dying(stage, "cases.commit", nth)
    with pytest.raises(Crash):
        stage.version(version, **({"victims": fifty()} | facts))
    return stage


def in_order(stage: Stage) -> list[str]:
    return sorted(item.to for item in stage.left if item.audience == "victim")


def test_fifty_victims_are_all_told_and_referred():
    stage = Stage()
    assert stage.version(victims=fifty()) == "recorded"
    assert stage.world.calls.made.count("cases.commit") > 1
    assert stage.world.cases.heads[REF].marker is None
    assert stage.rows(COMPLETION) == []
    stage.later(30 * MINUTE)
    assert len(set(in_order(stage))) == len(in_order(stage)) == 50
    assert len(stage.sent_to("service")) == 50
    assert stage.leaks() == []


def test_nothing_leaves_while_the_marker_stands():
    stage = interrupted()
    assert stage.world.cases.heads[REF].marker is not None
    stage.world.clock.advance(MINUTE)
    keys = [row.notification_id for row in stage.rows(ACK)]
    stage.world.clock.advance(30 * MINUTE)
    attempts = [stage.one(key) for key in keys]
    assert {(attempt.outcome, attempt.code) for attempt in attempts} == {(Delivered.NOT_DUE, "version_in_progress")}
    assert stage.left == []


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_version_that_was_interrupted_is_completed_by_its_redelivery(nth, when):
    stage = Stage()
    dying(stage, "cases.commit", nth, when)
    with pytest.raises(Crash):
        stage.version(victims=fifty())
    stage.version(victims=fifty())
    assert (stage.world.cases.heads[REF].marker, stage.rows(COMPLETION)) == (None, [])
    stage.later(30 * MINUTE)
    assert len(set(in_order(stage))) == len(in_order(stage)) == 50


@pytest.mark.parametrize("nth", [2, 3])
def test_a_version_that_was_interrupted_is_completed_by_the_sweep(nth):
    stage = interrupted(nth=nth)
    (row,) = stage.rows(COMPLETION)
    assert (row.state, row.reason) == (State.HELD, "version_in_progress")
    stage.later(2 * MINUTE)
    assert (stage.world.cases.heads[REF].marker, stage.rows(COMPLETION)) == (None, [])
    stage.later(30 * MINUTE)
    assert len(set(in_order(stage))) == len(in_order(stage)) == 50


def test_a_completion_that_dies_is_completed_again():
    stage = interrupted()
    stage.world.clock.advance(2 * MINUTE)
    dying(stage, "cases.commit", 1)
    with pytest.raises(Crash):
        stage.sweep()
    stage.sweep()
    assert (stage.world.cases.heads[REF].marker, stage.rows(COMPLETION)) == (None, [])


def test_a_completion_row_of_a_version_that_was_overtaken_goes():
    stage = interrupted()
    assert stage.version(2, victims=fifty()) == "recorded"
    stage.later(2 * MINUTE)
    assert stage.rows(COMPLETION) == []
    stage.later(28 * MINUTE)
    assert len(set(in_order(stage))) == len(in_order(stage)) == 50


def test_a_newer_version_while_the_marker_stands_decides():
    stage = interrupted()
    assert stage.version(2, victims=fifty()[:10], **DOMESTIC) == "recorded"
    assert stage.version(victims=fifty()) == "stale"
    stage.later(2 * DAY)
    assert [item for item in stage.left if item.outside] == []
    assert len(stage.world.cases.parts[REF]) == 50


def test_signs_of_an_interrupted_version_hold_although_a_newer_one_is_clear():
    stage = interrupted(1, **DOMESTIC)
    stage.version(2, victims=fifty())
    stage.later(2 * DAY)
    assert [item for item in stage.left if item.outside] == []


def test_an_equal_version_with_other_content_while_the_marker_stands_is_quarantined_later():
    stage = interrupted()
    with pytest.raises(RetryLater):
        stage.version(victims=fifty()[:10])
    stage.version(victims=fifty())
    assert stage.version(victims=fifty()[:10]) == "quarantined"


@pytest.mark.parametrize(
    "action",
    [
        lambda stage: stage.version(1, victims=fifty()),
        lambda stage: stage.house.release.release_specialist(REF, "V1", "7001", "error", stage.now),
        lambda stage: stage.house.decider.redecide(REF, stage.now),
        lambda stage: stage.version(3, source="pigeon"),
        lambda stage: stage.version(reference=OTHER, victims=[victim("V1")], **DOMESTIC),
        lambda stage: stage.put(contact_message(now=stage.now)),
    ],
    ids=["late version", "release", "another decision", "broken version", "hold elsewhere", "contact"],
)
def test_what_comes_while_the_marker_stands_waits(action: Callable[[Stage], Any]):
    stage = Stage()
    stage.version(1, victims=fifty())
    interrupted(2, nth=2, stage=stage, victims=fifty(given_name="Sam"))
    with pytest.raises(RetryLater):
        action(stage)
    stage.version(2, victims=fifty(given_name="Sam"))
    action(stage)


def test_who_another_record_holds_is_held_although_the_marker_stood_when_it_was_heard():
    stage = Stage()
    stage.version(victims=[victim("V1")], reference=OTHER)
    interrupted(1, nth=2, **DOMESTIC, stage=stage)
    assert stage.version(victims=fifty(), **DOMESTIC) == "recorded"
    assert stage.only(ACK, reference=OTHER).state is State.CANCELLED


def test_a_person_who_lifts_the_hold_of_fifty_and_dies_lifts_it_again():
    stage = Stage()
    stage.version(victims=fifty())
    stage.version(2, source="pigeon")
    stage.world.clock.advance(30 * MINUTE)
    dying(stage, "cases.commit", 2)
    with pytest.raises(Crash):
        stage.house.release.lift_suspension(REF, "7001", stage.now)
    stage.house.release.lift_suspension(REF, "7001", stage.now)
    stage.sweep()
    assert len(in_order(stage)) == 50


def test_a_version_that_re_classifies_fifty_after_sending_stops_all():
    stage = Stage()
    stage.version(victims=fifty())
    stage.later(31 * MINUTE)
    interrupted(2, nth=3, stage=stage, **DOMESTIC)
    stage.version(2, victims=fifty(), **DOMESTIC)
    stage.run()
    assert [item[0] for item in stage.sent_to("service")].count("stop_notice") == 50


def test_a_decision_between_reading_and_writing_fifty_is_read_again():
    stage = Stage()
    stage.version(victims=fifty())
    hooked(stage, "cases.commit", "before", lambda: stage.version(2, victims=fifty(preferred_channel="sms")))
    stage.version(3, victims=fifty())
    assert stage.world.cases.heads[REF].version == 3
    assert {part.version for part in stage.world.cases.parts[REF].values()} == {3}


def test_one_victims_mark_and_anothers_may_differ_on_a_shared_number():
    stage = Stage()
    silent = victim("V1", mobile="+447700900777", contact_safety=contact_safety(do_not_contact=True))
    stage.version(victims=[silent, victim("V2", mobile="+447700900777")])
    point = stage.world.cases.points[stage.world.points.key("mobile", "+447700900777")]
    assert point.do_not_contact == {(REF, "V1")}


def test_rows_that_a_dead_reading_left_behind_are_not_sent():
    """A part that is ahead of its head: the marker was read before, the parts after."""
    stage = Stage()
    stage.version(victims=[victim("V1")])
    parts = stage.world.cases.parts[REF]
    parts["V1"] = replace(parts["V1"], version=2)
    stage.later(30 * MINUTE)
    assert stage.left == []


def test_a_sweep_while_the_marker_stands_leaves_what_has_passed_to_the_next():
    stage = Stage()
    stage.version(1, victims=fifty())
    interrupted(2, nth=2, stage=stage, victims=fifty(given_name="Sam"))
    stage.world.clock.advance(30 * DAY)
    assert stage.house.sweep.sweep(stage.now).contended > 0
    stage.version(2, victims=fifty(given_name="Sam"))
    assert stage.house.sweep.sweep(stage.now).contended == 0
    assert {row.state for row in stage.owed() if row.kind is Kind.UPDATE} == {ObligationState.BREACHED}

"""Reading and allocating messages at the desk: by whom, which, that reading is logged, and that nobody else learns anything."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.absence import Wrong
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.model import Unit
from chalicelib.domain.sign_in import Person
from chalicelib.services.consultations import CONSULTED
from chalicelib.services.officer_desk import DeskCase
from tests.unit.services.at_desk import ASH, BELL, COLE, REED, ROLE, STRANGER, present
from tests.unit.services.desk import DANGER, DOMESTIC, answer, message_id, recorded, write
from tests.unit.services.stage import DAY, REF, Stage

CENTRE, VCU, CONTROL = (Person("6001", frozenset({unit})) for unit in (Unit.CONTACT_CENTRE, Unit.VICTIM_CARE_UNIT, Unit.CONTROL_ROOM))


def case(facts: dict[str, Any] | None = None, **entries: dict[str, Any]) -> Stage:
    return present(recorded(**(facts or {})), **entries)


def look(stage: Stage, person: Person, reference: str = REF) -> DeskCase | None:
    return stage.house.officer_desk.case(reference, person, stage.now)


def reads(stage: Stage) -> list[str]:
    return [row.actor for row in stage.world.cases.audit.values() if row.op == "messages_read"]


def test_the_officer_sees_the_case_and_what_was_written():
    stage = case()
    write(stage)
    found = look(stage, ASH)
    assert found
    assert (found.reference, found.collar_number, found.officer and found.officer.name, found.may_hand_over) == (
        REF, "2345", "PC Sam Ash", True,
    )  # fmt: skip
    assert [one.message.form.name for one in found.messages] == ["Kim Field"]
    assert reads(stage) == ["2345"]


def consulted(stage: Stage) -> list[tuple[str, str, str | None]]:
    return [(row.reference, row.actor, row.detail) for row in stage.world.cases.audit.values() if row.op == CONSULTED]


def test_that_a_case_was_shown_is_in_the_log_also_without_messages():
    stage = case()
    assert look(stage, ASH)
    assert (consulted(stage), reads(stage)) == ([(REF, "2345", "desk_case")], [])


def test_a_case_and_its_messages_are_logged_in_one_call():
    stage = case()
    write(stage)
    before = stage.world.calls.made.count("cases.commit")
    assert look(stage, REED)
    assert (consulted(stage), reads(stage)) == ([(REF, "1890", "desk_case")], ["1890"])
    assert stage.world.calls.made.count("cases.commit") == before + 1


def test_a_form_that_is_shown_again_since_nothing_was_kept_is_no_new_consultation():
    stage = case()
    write(stage)
    first = look(stage, REED)
    logged = (consulted(stage), reads(stage))
    assert stage.house.officer_desk.case(REF, REED, stage.now, again=True) == first
    assert (consulted(stage), reads(stage)) == logged


def test_what_cannot_be_logged_is_not_shown():
    stage = case()
    stage.world.calls.fail("cases.commit", StoreUnavailable("down"))
    with pytest.raises(StoreUnavailable):
        look(stage, ASH)


@pytest.mark.parametrize(("person", "may_hand_over"), [(REED, True), (ASH, True)])
def test_who_has_the_case_in_charge(person, may_hand_over):
    found = look(case(), person)
    assert found
    assert found.may_hand_over is may_hand_over


def test_a_cover_reads_and_does_not_hand_over():
    stage = case(o2345={"absent_from": "2026-11-20", "cover": "2399"})
    write(stage)
    found = look(stage, BELL)
    assert found
    assert (found.may_hand_over, len(found.messages)) == (False, 1)


@pytest.mark.parametrize("person", [COLE, BELL, STRANGER, ROLE, CENTRE, VCU, CONTROL])
def test_nobody_else_sees_it_nor_that_it_is_there(person):
    stage = case()
    write(stage)
    assert look(stage, person) is None
    assert look(stage, person, "26000799999") is None
    assert (reads(stage), consulted(stage)) == ([], [])


def deals(stage: Stage, *readers: str) -> list[bool]:
    return [stage.house.officer_desk.deals_with(REF, reader, stage.now) for reader in readers]


def test_a_link_is_for_whoever_deals_with_the_case_now():
    stage = case()
    assert deals(stage, "2345", "1890", "2351", "2399", "7777", Unit.SUPERVISOR) == [True, True, False, False, False, True]
    stage.later(DAY)
    stage.version(2, officer={"collar_number": "2351", "name": "PC Robin Cole", "email": "robin.cole@example.test", "phone": None})
    assert deals(stage, "2345", "1890", "2351") == [False, True, True]


@pytest.mark.parametrize(
    ("entry", "officer", "cover"), [({"absent_from": "2026-11-20", "cover": "2399"}, True, True), ({"active": False}, False, False)]
)
def test_whoever_is_away_may_still_open_their_link_and_whoever_has_left_may_not(entry, officer, cover):
    assert deals(case(o2345=entry), "2345", "2399") == [officer, cover]


def test_whom_a_message_was_given_to_may_open_a_link_of_the_case():
    stage = case()
    write(stage)
    assert stage.house.officer_desk.allocate(REF, message_id(stage), "2351", REED, stage.now) == {}
    stage.run()
    assert deals(stage, "2351", "2399") == [True, False]


def test_to_whom_a_message_was_given_reads_that_one():
    stage = case()
    write(stage)
    write(stage, message="Another question.")
    first, second = sorted(stage.world.messages.kept)
    assert stage.house.officer_desk.allocate(REF, first, "2351", REED, stage.now) == {}
    stage.run()
    found = look(stage, COLE)
    assert found
    assert [one.message.message_id for one in found.messages] == [first]
    assert stage.house.officer_desk.allocate(REF, second, "2399", COLE, stage.now) == {"reference": Wrong.UNKNOWN}
    assert stage.house.officer_desk.allocate(REF, first, "2399", COLE, stage.now) == {}


def test_the_contact_centre_reads_what_no_pair_explains():
    stage = case()
    write(stage, collar_number="9999")
    write(stage)
    found = look(stage, CENTRE)
    assert found
    assert [one.message.form.collar_number for one in found.messages] == ["9999"]
    write(stage, reference="26000799999")
    unknown = look(stage, CENTRE, "26000799999")
    assert unknown
    assert (unknown.collar_number, unknown.officer, unknown.may_hand_over, len(unknown.messages)) == (None, None, False, 1)


def test_the_victim_care_unit_reads_where_a_person_decides():
    stage = case(DOMESTIC)
    write(stage)
    found = look(stage, VCU)
    assert found
    assert len(found.messages) == 1


def test_the_control_room_reads_words_of_danger_until_it_has_looked():
    stage = case()
    write(stage, message=DANGER)
    write(stage, message="Another question.")
    found = look(stage, CONTROL)
    assert found
    assert [one.message.danger for one in found.messages] == [True]


def test_after_the_limit_the_supervisors_role_reads_where_nobody_is_named():
    stage = case({"supervisor": None, "officer": None})
    write(stage)
    found = look(stage, ROLE)
    assert found
    assert found.officer is None


@pytest.mark.parametrize(("to", "why"), [("", Wrong.MISSING), ("9999", Wrong.UNKNOWN), ("2399", Wrong.AWAY)])
def test_to_whom_a_message_cannot_go(to, why):
    stage = case(o2399={"absent_from": "2026-11-20"})
    write(stage)
    assert stage.house.officer_desk.allocate(REF, message_id(stage), to, ASH, stage.now) == {"to": why}


def test_what_is_answered_or_unknown_is_given_to_nobody():
    stage = case()
    assert stage.house.officer_desk.allocate(REF, "made-up", "2351", ASH, stage.now) == {"to": Wrong.HAS_IT}


def test_given_away_the_new_officer_owes_the_answer():
    stage = case()
    write(stage)
    assert stage.house.officer_desk.allocate(REF, message_id(stage), "2351", ASH, stage.now) == {}
    stage.later(DAY)
    assert answer(stage).officer == "2351"

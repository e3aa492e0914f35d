"""A case handed over at the desk: who may, who is told, what follows, and which word of the records system ends it. NOW is a Friday."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.absence import Wrong
from chalicelib.domain.model import Officer
from chalicelib.domain.sign_in import Person
from tests.builders import officer_named
from tests.unit.services.at_desk import ASH, BELL, COLE, REED, ROLE, STRANGER, present
from tests.unit.services.desk import answer, write
from tests.unit.services.on_page import ORDINARY, told
from tests.unit.services.stage import MINUTE, REF, Stage, hooked

COLES = "robin.cole@example.test"


def case(**facts: Any) -> Stage:
    stage = present(told(**facts))
    stage.left.clear()
    return stage


def give(stage: Stage, to: str = "2351", by: Person = ASH, reference: str = REF) -> dict[str, Wrong]:
    faults = stage.house.hand_over_case.hand_over(reference, to, by, stage.now)
    stage.run()
    return faults


def officer(stage: Stage) -> str | None:
    facts = stage.world.cases.load(REF).head.facts
    assert facts
    return facts.officer and facts.officer.collar_number


def test_the_new_officer_has_what_is_owed_and_is_told_at_once():
    stage = case()
    assert give(stage) == {}
    assert officer(stage) == "2351"
    assert {row.officer for row in stage.owed() if row.unmet and row.victim_id} == {"2351"}
    assert [(item.to, str(item.audience)) for item in stage.digests()] == [(COLES, "officer")]
    assert [row.actor for row in stage.world.cases.audit.values() if row.op == "case_handed_over"] == ["2345"]
    assert stage.leaks() == []


def test_a_message_is_answered_by_the_new_officer_and_their_number_is_known():
    stage = case()
    write(stage)
    give(stage)
    assert answer(stage).officer == "2351"
    stage.left.clear()
    write(stage, collar_number="2351", message="Another question.")
    assert {item.to for item in stage.left if item.template == "contact_message"} == {COLES}


@pytest.mark.parametrize("by", [ASH, REED])
def test_the_officer_and_their_supervisor_may(by):
    assert give(case(), by=by) == {}


@pytest.mark.parametrize("by", [COLE, BELL, STRANGER, ROLE])
def test_nobody_else_may_and_an_unknown_case_looks_the_same(by):
    stage = case()
    assert give(stage, by=by) == {"reference": Wrong.UNKNOWN}
    assert give(stage, by=by, reference="26000799999") == {"reference": Wrong.UNKNOWN}
    assert officer(stage) == "2345"


def test_a_cover_may_not_give_the_case_away():
    stage = present(told(), o2345={"absent_from": "2026-11-20", "cover": "2399"})
    assert give(stage, by=BELL) == {"reference": Wrong.UNKNOWN}


def test_where_nobody_is_named_the_supervisors_of_the_record_or_their_role_may():
    stage = case(officer=officer_named(None))
    assert give(stage, by=REED) == {}
    other = case(officer=officer_named(None), supervisor=None)
    assert give(other, by=ROLE) == {}
    assert officer(other) == "2351"


@pytest.mark.parametrize(("to", "why"), [("", Wrong.MISSING), ("9999", Wrong.UNKNOWN), ("2345", Wrong.HAS_IT), ("2399", Wrong.AWAY)])
def test_to_whom_a_case_cannot_go(to, why):
    stage = present(told(), o2399={"absent_from": "2026-11-20"})
    assert give(stage, to) == {"to": why}
    assert officer(stage) == "2345"


def test_posted_again_it_is_one_hand_over_and_one_mail():
    stage = case()
    assert [give(stage), give(stage)] == [{}, {}]
    assert len(stage.digests()) == 1
    assert len([key for key in stage.world.cases.events if key[0] == REF]) == 1


def test_a_crash_before_the_mail_is_mended_by_posting_again():
    stage = case()
    stage.world.calls.fail("cases.obligations_of", RuntimeError("crash"))
    with pytest.raises(RuntimeError):
        give(stage)
    assert officer(stage) == "2351"
    assert give(stage) == {}
    assert [item.to for item in stage.digests()] == [COLES]


def test_where_somebody_else_was_faster_nothing_is_overwritten():
    stage = case()
    hooked(stage, "cases.commit", "before", lambda: stage.house.hand_over_case.hand_over(REF, "2399", REED, stage.now))
    assert give(stage) == {"to": Wrong.HAS_IT}
    assert officer(stage) == "2399"


def test_where_nothing_is_owed_nobody_is_written_to():
    stage = case(victims=[])
    assert give(stage) == {}
    assert stage.digests() == []


def test_it_stands_over_versions_that_name_the_old_officer_and_ends_with_another_word():
    stage = case()
    give(stage)
    stage.version(2, **ORDINARY)
    assert officer(stage) == "2351"
    stage.version(3, **ORDINARY, officer=officer_named("2399"))
    assert officer(stage) == "2399"
    stage.version(4, **ORDINARY, officer=officer_named("2351"))
    assert officer(stage) == "2351"


def test_handed_on_and_back_the_last_one_counts():
    stage = case()
    give(stage)
    stage.world.clock.advance(MINUTE)
    assert give(stage, "2399", COLE) == {}
    stage.version(2, **ORDINARY)
    assert officer(stage) == "2399"
    stage.world.clock.advance(MINUTE)
    assert give(stage, "2345", Person("1891")) == {}
    stage.version(3, **ORDINARY)
    assert officer(stage) == "2345"


def test_an_officer_of_the_directory_is_named_from_there():
    stage = case()
    give(stage)
    facts = stage.world.cases.load(REF).head.facts
    assert facts
    assert facts.officer == Officer("2351")

"""The log holds what section 62 of the Data Protection Act 2018 asks for: six operations, who, when, which record, whom, by which rule.

Must not test who reads the log.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import UnknownOutcomeError
from chalicelib.domain.messages import Template
from tests.fake_calls import Crash, When
from tests.unit.services.on_page import link, page
from tests.unit.services.stage import HOUR, MINUTE, REF, Stage

OTHER = "26000799999"
PERSONAL = ("Alex", "Morgan", "example.org", "900123", "Wood Street", "1988")


def entries(stage: Stage, *ops: str) -> list[tuple[str, str, str | None, str | None, str | None]]:
    found = sorted(stage.world.cases.audit.values(), key=lambda entry: (entry.at, entry.entry_id))
    return [
        (entry.op, entry.actor, entry.rule, entry.recipient, entry.detail) for entry in found if entry.op in ops and entry.reference == REF
    ]


def test_collection_alteration_combination_consultation_disclosure_and_erasure() -> None:
    stage = Stage()
    stage.version(reference=OTHER)
    stage.version()
    stage.later(HOUR)
    page(stage)
    assert [line[1] for line in entries(stage, "recorded")] == ["records_system"], "collection"
    ((_, actor, rule, _, detail),) = entries(stage, "decided")
    assert (actor, bool(rule), detail) == ("system", True, "combined"), "alteration, and combination with what others say of the person"
    told = {(row[3], row[4], row[2]) for row in entries(stage, "disclosed") if row[3] in ("victim", "service")}
    assert told == {("victim", "acknowledgement:email:part_3", rule), ("service", "referral:email:uk_gdpr", rule)}, (
        "disclosure, by which rule"
    )
    assert entries(stage, "consulted") == [("consulted", "2345", None, None, "officer_page")]
    wanted = stage.house.erasing.would(REF, "V1")
    assert wanted is not None
    stage.house.erasing.erase(wanted, "7001", "asked", stage.now)
    assert [line[1] for line in entries(stage, "erased")] == ["7001"]
    assert not [word for word in PERSONAL if word in repr(list(stage.world.cases.audit.values()))]


def test_what_may_have_left_is_in_the_log_as_such_and_again_when_it_is_known():
    stage = Stage()
    stage.version()
    stage.world.calls.fail("email.send", UnknownOutcomeError("timeout"), when="after")
    stage.later(30 * MINUTE)
    unknown = ("victim", "acknowledgement:email:part_3:outcome_unknown")
    assert [row[3:] for row in entries(stage, "disclosed")] == [unknown]
    stage.world.clock.advance(MINUTE)
    stage.receive(stage.only(Template.ACKNOWLEDGEMENT))
    assert [row[3:] for row in entries(stage, "disclosed") if row[3] == "victim"] == [unknown, ("victim", "acknowledgement:email:part_3")]


def dies_once(name: str, when: When) -> Callable[[str, When], None]:
    dead = []

    def on_call(called: str, moment: When) -> None:
        if (called, moment) == (name, when) and not dead:
            dead.append(name)
            raise Crash

    return on_call


def test_so_is_what_left_or_not_when_its_worker_died():
    stage = Stage()
    stage.version()
    stage.world.calls.on_call = dies_once("email.send", "after")
    with pytest.raises(Crash):
        stage.later(30 * MINUTE)
    stage.later(5 * MINUTE)
    assert [row[3:] for row in entries(stage, "disclosed")] == [("victim", "acknowledgement:email:part_3:outcome_unknown")]


def test_a_form_that_is_shown_again_since_nothing_was_kept_is_no_new_consultation() -> None:
    stage = Stage()
    stage.version()
    stage.later(HOUR)
    again = stage.house.page.view(link(stage), stage.now, again=True)
    assert (again is not None, entries(stage, "consulted")) == (True, [])
    assert page(stage) == again


def test_an_address_that_is_closed_is_an_alteration_too() -> None:
    stage = Stage()
    stage.version()
    stage.later(HOUR)
    stage.receive(stage.only(Template.ACKNOWLEDGEMENT), State.BOUNCED, permanent=True)
    assert [line[0] for line in entries(stage, "address_closed")] == ["address_closed"]

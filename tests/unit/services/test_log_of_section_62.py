"""The log holds what section 62 of the Data Protection Act 2018 asks for: six operations, who, when, which record, whom, by which rule.

Must not test who reads the log.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.delivery import Audience, State
from chalicelib.domain.errors import UnknownOutcomeError
from chalicelib.domain.messages import Template
from chalicelib.services.disclosures import recipient
from tests.builders import officer_named, representative, victim
from tests.fake_calls import Crash, dies_at
from tests.unit.services.desk import recorded, write
from tests.unit.services.on_page import link, page
from tests.unit.services.stage import HOUR, MINUTE, REF, Stage, due, hooked

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
    told = {(row[3], row[4], row[2]) for row in entries(stage, "disclosed") if str(row[3]).startswith(("victim", "service"))}
    assert told == {
        ("victim", "acknowledgement:email:part_3", rule),
        (f"service {stage.house.profile.victim_service.name}", "referral:email:uk_gdpr", rule),
    }, "disclosure, by which rule"
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


def test_so_is_what_left_or_not_when_its_worker_died():
    stage = Stage()
    stage.version()
    stage.world.calls.on_call = dies_at(1, "after", {"email.send"})
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


def told(stage: Stage) -> set[tuple[str, str]]:
    """(recipient, message) of every line of what left."""
    return {
        (str(line.recipient), str(line.detail).partition(":")[0]) for line in stage.world.cases.audit.values() if line.op == "disclosed"
    }


def test_a_line_says_which_recipient() -> None:
    for side, who in ((None, "victim"), (representative(), "representative")):
        stage = due(victims=[victim(representative=side)])
        stage.through(date(2026, 12, 31))
        lines = told(stage)
        assert {whom for whom, what in lines if what == "acknowledgement"} == {who}
        assert {whom for whom, what in lines if what == "digest"} >= {"officer 2345", "supervisor 1890"}
        assert not [word for word in PERSONAL if word in repr(lines)]


@pytest.mark.parametrize(("email", "who"), [("sam.ash@example.test", "officer 2345"), (None, "unit officer")])
def test_mail_inside_the_force_names_the_officer_or_where_nobody_can_be_addressed_the_unit(email: str | None, who: str) -> None:
    stage = recorded(officer=officer_named(email=email), flags={"domestic_abuse": True})
    write(stage)
    assert told(stage) >= {(who, "contact_message"), ("unit victim_care_unit", "task")}
    stage.through(date(2026, 12, 31))
    assert who in {whom for whom, what in told(stage) if what == "digest"}


def test_a_receipt_that_was_faster_than_our_own_write_names_the_same_recipient() -> None:
    stage = due()
    hooked(stage, "email.send", "after", lambda: stage.receive(stage.only(Template.ACKNOWLEDGEMENT)))
    stage.sweep()
    assert ("victim", "acknowledgement") in told(stage)


def test_a_message_that_was_on_its_way_before_lines_named_anybody_still_has_its_audience() -> None:
    stage = due()
    stage.sweep()
    row = stage.only(Template.REFERRAL)
    assert recipient(replace(row, went_to=None)) == "service"
    assert recipient(replace(row, audience=Audience.OFFICER, went_to="officer")) == "officer"
    assert recipient(replace(row, audience=Audience.PUBLIC, went_to="victim")) == "public victim"

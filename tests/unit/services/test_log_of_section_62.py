"""The log holds what section 62 of the Data Protection Act 2018 asks for: six operations, who, when, which record, whom, by which rule.

Must not test who reads the log.
"""

from __future__ import annotations

from chalicelib.domain.delivery import State
from chalicelib.domain.messages import Template
from tests.unit.services.on_page import link, page
from tests.unit.services.stage import HOUR, REF, Stage

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

"""Routing by who the victim is: age, representative, police officer, business, death. Issue 2, section 3; DOMAIN A6.

Age is that of the day of the report, in London: the report is made on 20 November 2026 unless a case says otherwise.
"""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.model import HoldKind, Route, Unit
from tests import builders
from tests.builders import representative, victim
from tests.domain_builders import at, codes, decide, occurrence, profile

UNLINKED = representative(linked_to_suspect=False)
LINKED = representative(linked_to_suspect=True)
NOT_KNOWN = representative(linked_to_suspect=None)
PATH = "victims[V1]."


@pytest.mark.parametrize(
    ("born", "reported", "rule"),
    [
        pytest.param("1988-04-02", "2026-11-20 10:00", "non-specialist", id="an adult"),
        pytest.param("2008-11-20", "2026-11-20 10:00", "non-specialist", id="eighteen today"),
        pytest.param("2008-11-21", "2026-11-20 10:00", "child", id="eighteen tomorrow"),
        pytest.param("2008-11-20", "2026-11-20 00:00", "non-specialist", id="eighteen at midnight"),
        pytest.param("2008-11-20", "2026-11-19 23:59", "child", id="a minute before it"),
        pytest.param("2009-07-01", "2027-06-30 23:30", "non-specialist", id="eighteen at midnight of British Summer Time, 23:00 UTC"),
        pytest.param("2009-07-01", "2027-06-30 22:59", "child", id="a minute before it, in summer"),
        pytest.param("2008-02-29", "2026-02-28 10:00", "child", id="born on 29 February: not yet on the 28th"),
        pytest.param("2008-02-29", "2026-03-01 10:00", "non-specialist", id="born on 29 February: on 1 March"),
        pytest.param("2010-02-28", "2028-02-28 10:00", "non-specialist", id="eighteen in a leap year"),
        pytest.param("2026-11-20", "2026-11-20 10:00", "child", id="born today"),
        pytest.param(None, "2026-11-20 10:00", "age-unknown", id="no date of birth"),
    ],
)
def test_a_child_or_a_person_of_unknown_age_is_held(born: str | None, reported: str, rule: str) -> None:
    now = at(reported)
    facts = {"reported_at": builders.iso(now), "recorded_at": builders.iso(now)}
    decision = decide(occurrence(now=now, person={"date_of_birth": born}, **facts), now=now)
    assert decision.rule_id == rule
    assert decision.automatic == (rule == "non-specialist")


def test_who_was_a_child_on_the_day_of_the_report_stays_one() -> None:
    """A hold window over a birthday must not let a message out."""
    record = occurrence(person={"date_of_birth": "2008-11-21"})
    assert decide(record, now=at("2026-12-24 10:00")).rule_id == "child"


CHILD, ADULT, UNKNOWN = "2014-05-05", "1988-04-02", None


@pytest.mark.parametrize(
    ("born", "person", "rule", "missing"),
    [
        pytest.param(CHILD, None, "child", "representative", id="child, nobody named"),
        pytest.param(CHILD, NOT_KNOWN, "child", "representative.linked_to_suspect", id="child, link not known"),
        pytest.param(CHILD, LINKED, "representative-linked", "", id="child, representative linked to the suspect"),
        pytest.param(CHILD, UNLINKED, "non-specialist", "", id="child, representative known not linked: informed"),
        pytest.param(ADULT, None, "non-specialist", "", id="adult acting alone"),
        pytest.param(ADULT, NOT_KNOWN, "cannot-act", "representative.linked_to_suspect", id="adult, link not known"),
        pytest.param(ADULT, LINKED, "representative-linked", "", id="adult, representative linked to the suspect"),
        pytest.param(ADULT, UNLINKED, "non-specialist", "", id="adult, representative known not linked"),
        pytest.param(UNKNOWN, UNLINKED, "age-unknown", "date_of_birth", id="age not known, representative known not linked"),
        pytest.param(UNKNOWN, LINKED, "representative-linked", "date_of_birth", id="age not known, representative linked"),
    ],
)
def test_a_representative(born: str | None, person: dict[str, Any] | None, rule: str, missing: str) -> None:
    decision = decide(occurrence(person={"date_of_birth": born, "representative": person}))
    assert decision.rule_id == rule
    assert decision.missing == ((PATH + missing,) if missing else ())


@pytest.mark.parametrize("kind", ["parent", "guardian", "nominated", "family_spokesperson", None])
def test_any_representative_may_stand_for_a_child_but_the_bereaved_relative_of_a_dead_one(kind: str | None) -> None:
    person = representative(relationship=kind, linked_to_suspect=False)
    assert decide(occurrence(person={"date_of_birth": CHILD, "representative": person})).automatic


def test_a_force_may_refuse_children_altogether() -> None:
    record = occurrence(person={"date_of_birth": CHILD, "representative": UNLINKED})
    decision = decide(record, profile=profile(child_with_representative=False))
    assert (decision.rule_id, decision.hold, decision.unit) == ("child", HoldKind.DOUBT, Unit.OFFICER)


@pytest.mark.parametrize(
    ("person", "rule"),
    [
        pytest.param({"deceased": True}, "death", id="a deceased victim"),
        pytest.param({"representative": representative(relationship="bereaved_relative", linked_to_suspect=False)}, "death", id="bereaved"),
        pytest.param({"deceased": None}, "non-specialist", id="not said to be deceased"),
    ],
)
def test_a_bereaved_or_deceased_victim_is_never_automatic(person: dict[str, Any], rule: str) -> None:
    decision = decide(occurrence(person=person))
    assert decision.rule_id == rule
    assert (decision.unit is Unit.FAMILY_LIAISON) == (rule == "death")


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({}, id="an adult"),
        pytest.param({"date_of_birth": None}, id="without a date of birth, which a force does not tell of its officers"),
        pytest.param({"representative": UNLINKED}, id="with a representative"),
    ],
)
def test_a_police_officer_is_for_the_supervisor(facts: dict[str, Any]) -> None:
    decision = decide(occurrence(person={"kind": "police_officer"} | facts))
    assert (decision.rule_id, decision.route, decision.unit, decision.missing) == ("police-officer", Route.HELD, Unit.SUPERVISOR, ())


@pytest.mark.parametrize(
    ("code", "relationship", "rule"),
    [
        pytest.param("30C", None, "non-specialist", id="a burgled shop: automatic, without a date of birth"),
        pytest.param("46", "unknown", "non-specialist", id="shoplifting, relationship not known"),
        pytest.param("34A", "stranger", "non-specialist", id="a robbed shop, by a stranger"),
        pytest.param("34A", None, "relationship-unknown", id="a robbed shop: against a person, relationship not known"),
        pytest.param("46", "family", "domestic-abuse-relationship", id="by family of whoever runs it"),
    ],
)
def test_a_business_with_a_named_contact(code: str, relationship: str | None, rule: str) -> None:
    person = {"kind": "business", "relationship_to_suspect": relationship}
    assert decide(occurrence(offences=codes(code), person=person)).rule_id == rule


def test_a_business_without_contact_in_a_specialist_record_is_held_like_everyone() -> None:
    record = occurrence(victims=[builders.business(contact_name=None), victim("V2", relationship_to_suspect="partner")])
    assert decide(record, "V1").rule_id == "domestic-abuse-relationship"


@pytest.mark.parametrize(
    ("victim_id", "shown"),
    [("V1", "V1"), ("12", "12"), ("PER_00012345", "PER_00012345"), ("vic-7", "vic-7"), ("Alex", "?"), ("Alex Morgan 1", "?"), ("V1]", "?")],
)
def test_a_missing_field_names_the_victim_only_where_the_id_cannot_be_a_name(victim_id: str, shown: str) -> None:
    """A task holds no name (issue 2, section 3), and an id is free text of the records system."""
    record = occurrence(victims=[victim(victim_id, date_of_birth=None)])
    assert decide(record, victim_id).missing == (f"victims[{shown}].date_of_birth",)


def test_every_gap_is_named_at_once() -> None:
    """A doubt names the missing fields, so that one new version can fill them all."""
    record = occurrence(
        flags={"domestic_abuse": None, "stalking_harassment": None, "safeguarding": None},
        offences=codes("8N", ""),
        source="third_party",
        person={"date_of_birth": None, "relationship_to_suspect": None, "contact_safety": None, "representative": NOT_KNOWN},
    )
    assert set(decide(record).missing) == {
        "flags.domestic_abuse", "flags.stalking_harassment", "flags.safeguarding", "offences[1].code", PATH + "date_of_birth",
        PATH + "relationship_to_suspect", PATH + "contact_safety.confirmed_at", PATH + "representative.linked_to_suspect",
    }  # fmt: skip

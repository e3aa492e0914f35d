"""What decides when several signs meet: the most careful crime decides for everyone, signs stick, and other records are heard.

Issue 2, section 3. One row a case; the id says the case.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.model import HoldKind, KnownElsewhere, RecordType, Route
from chalicelib.domain.routes import RULE, RULES, case_signs, specialist_signs
from tests.builders import offence, victim
from tests.domain_builders import codes, decide, occurrence

DA, HELD = Route.DOMESTIC_ABUSE, Route.HELD
SPECIALIST, DOUBT = HoldKind.SPECIALIST, HoldKind.DOUBT

CAREFUL_TO_LESS = [
    ("death", {"offences": codes("1")}),
    ("domestic-abuse-flag", {"flags": {"domestic_abuse": True}}),
    ("sexual-offence", {"record_type": "n100"}),
    ("safeguarding", {"flags": {"safeguarding": True}}),
    ("transferred", {"status": "transferred"}),
    ("domestic-abuse-unknown", {"flags": {"domestic_abuse": None}}),
    ("stalking-unknown", {"flags": {"stalking_harassment": None}}),
]
PAIRS = [
    pytest.param(first, {**a, **b}, id=f"{first} before {second}")
    for index, (first, a) in enumerate(CAREFUL_TO_LESS)
    for second, b in CAREFUL_TO_LESS[index + 1 :]
    if not a.keys() & b.keys()
]


@pytest.mark.parametrize(("rule", "facts"), PAIRS)
def test_of_two_signs_the_more_careful_decides(rule: str, facts: dict[str, Any]) -> None:
    assert decide(occurrence(**facts)).rule_id == rule


@pytest.mark.parametrize(
    ("offences", "rule"),
    [
        pytest.param(codes("28E", "8N", "19C"), "sexual-offence", id="burglary, assault and rape"),
        pytest.param(codes("19C", "8U"), "domestic-abuse-class", id="rape and controlling behaviour"),
        pytest.param(codes("8U", "1"), "death", id="controlling behaviour and murder"),
        pytest.param(codes("45", "8Q"), "stalking-harassment", id="theft from a vehicle and stalking"),
        pytest.param([offence("28E"), offence("19C", principal=False)], "sexual-offence", id="whichever is principal"),
    ],
)
def test_the_most_careful_crime_decides(offences: list[dict[str, Any]], rule: str) -> None:
    assert decide(occurrence(offences=offences)).rule_id == rule


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        pytest.param({"relationship_to_suspect": "partner"}, "domestic-abuse-relationship", id="one of two is the suspect's partner"),
        pytest.param({"deceased": True}, "death", id="one of two died"),
        pytest.param({"relationship_to_suspect": "unknown"}, "relationship-unknown", id="for one of two it is not known"),
    ],
)
def test_a_sign_on_one_victim_holds_everyone(other: dict[str, Any], rule: str) -> None:
    record = occurrence(offences=codes("8N"), victims=[victim("V1"), victim("V2", **other)])
    assert {decide(record, key).rule_id for key in ("V1", "V2")} == {rule}


@pytest.mark.parametrize(
    "other",
    [{"date_of_birth": None}, {"date_of_birth": "2015-01-01"}, {"kind": "police_officer"}],
    ids=["no date of birth", "a child", "a police officer"],
)
def test_what_is_so_of_one_person_holds_that_person_alone(other: dict[str, Any]) -> None:
    record = occurrence(victims=[victim("V1"), victim("V2", **other)])
    assert decide(record, "V1").automatic
    assert not decide(record, "V2").automatic


@pytest.mark.parametrize(
    ("known", "rule", "route", "hold", "elsewhere"),
    [
        pytest.param({"specialist": True}, "specialist-elsewhere", DA, SPECIALIST, True, id="specialist in another record"),
        pytest.param({"do_not_contact": True}, "do-not-contact-elsewhere", HELD, DOUBT, True, id="do-not-contact in another record"),
        pytest.param({"specialist": True, "do_not_contact": True}, "specialist-elsewhere", DA, SPECIALIST, True, id="both"),
        pytest.param({"closed": frozenset({"a@b.example"})}, "non-specialist", Route.VICTIM_SERVICES, None, False, id="a closed address"),
    ],
)
def test_what_other_records_say_of_the_person(
    known: dict[str, Any], rule: str, route: Route, hold: HoldKind | None, elsewhere: bool
) -> None:
    decision = decide(occurrence(), known=KnownElsewhere(**known))
    assert (decision.rule_id, decision.route, decision.hold, decision.elsewhere) == (rule, route, hold, elsewhere)


def test_a_record_that_is_specialist_by_itself_is_not_held_because_of_another() -> None:
    decision = decide(occurrence(flags={"domestic_abuse": True}), known=KnownElsewhere(specialist=True))
    assert (decision.rule_id, decision.elsewhere) == ("domestic-abuse-flag", False)


@pytest.mark.parametrize("rule", sorted(rule.id for rule in RULES if rule.hold is SPECIALIST and rule.id != "specialist-elsewhere"))
def test_a_sticky_sign_holds_a_record_that_no_longer_shows_it(rule: str) -> None:
    """Specialist is sticky: only a recorded release lifts it, even if a later version clears the flag."""
    decision = decide(occurrence(), sticky={rule})
    assert (decision.rule_id, decision.route, decision.hold, decision.missing) == (rule, RULE[rule].route, SPECIALIST, ())


def test_every_sign_is_told_the_deciding_one_first() -> None:
    record = occurrence(flags={"domestic_abuse": True, "safeguarding": None}, dash_risk="high", offences=codes("19C"))
    decision = decide(record, sticky={"restricted"})
    assert decision.signs == (
        "domestic-abuse-dash", "domestic-abuse-flag", "sexual-offence", "restricted", "safeguarding-unknown", "non-specialist",
    )  # fmt: skip
    assert decision.rule_id == decision.signs[0]


@pytest.mark.parametrize(
    ("facts", "sticky"),
    [
        pytest.param({}, set(), id="nothing"),
        pytest.param({"flags": {"domestic_abuse": None, "safeguarding": None}}, set(), id="doubts are not sticky"),
        pytest.param({"status": "transferred"}, set(), id="a transfer is not sticky"),
        pytest.param({"record_type": "n100", "dash_risk": "high"}, {"sexual-offence", "domestic-abuse-dash"}, id="N100 with a DASH"),
        pytest.param({"markers": ["fgm", "doma_form"]}, {"marker", "domestic-abuse-marker"}, id="markers of both kinds"),
        pytest.param({"victims": [victim("V1", kind="police_officer"), victim("V2")]}, {"police-officer#V1"}, id="a police officer"),
    ],
)  # fmt: skip
def test_what_is_sticky_in_a_version(facts: dict[str, Any], sticky: set[str]) -> None:
    assert specialist_signs(occurrence(**facts)) == sticky


def test_a_record_without_victims_still_has_signs() -> None:
    assert {sign.rule_id for sign in case_signs(occurrence(victims=[], dash_risk="high"))} == {"domestic-abuse-dash"}


@pytest.mark.parametrize(
    ("record_type", "rule"),
    [(RecordType.CRIME, "class-unknown"), (RecordType.N100, "sexual-offence"), (RecordType.INCIDENT, "incident-without-offence")],
)
def test_a_crime_that_names_no_offence_is_never_automatic(record_type: RecordType, rule: str) -> None:
    """The contract refuses it; the rule does not rely on that."""
    assert decide(replace(occurrence(), offences=(), record_type=record_type)).rule_id == rule

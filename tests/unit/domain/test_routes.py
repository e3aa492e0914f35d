"""Routing as tables: every sign to the route, unit, destination and missing field that issue 2, section 3 and DOMAIN B1 give it.

One row a case; the id says the case. Classes are in test_offences.py, victims in test_routes_of_people.py, what
beats what in test_routes_precedence.py.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.domain.model import HoldKind, Route, Unit
from chalicelib.domain.routes import RULE, RULES
from tests.builders import business
from tests.domain_builders import codes, decide, occurrence

DA, SO, HELD = Route.DOMESTIC_ABUSE, Route.SEXUAL_OFFENCE, Route.HELD
SPECIALIST, DOUBT = HoldKind.SPECIALIST, HoldKind.DOUBT
VCU, FLO, OFFICER = Unit.VICTIM_CARE_UNIT, Unit.FAMILY_LIAISON, Unit.OFFICER


AUTOMATIC = ("non-specialist", Route.VICTIM_SERVICES, None, None)
NO_ROUTE = (Route.NO_ROUTE, None, None)
CLASS, STALKING = "offences[0].code", "flags.stalking_harassment"


def row(case: str, facts: dict[str, Any], rule: str, route: Route, hold: HoldKind | None, unit: Unit | None, missing: str = "") -> Any:
    return pytest.param(facts, rule, route, hold, unit, (missing,) if missing else (), id=case)


SIGNS = [
    row("nothing holds: a burglary by a stranger", {}, *AUTOMATIC),
    row("closed on arrival is routed like any other", {"status": "closed"}, *AUTOMATIC),
    row("an incident with a known offence is routed by it", {"record_type": "incident"}, *AUTOMATIC),
    # domestic abuse: any one sign is enough
    row("DA flag true", {"flags": {"domestic_abuse": True}}, "domestic-abuse-flag", DA, SPECIALIST, VCU),
    row("DA flag not known", {"flags": {"domestic_abuse": None}}, "domestic-abuse-unknown", DA, DOUBT, VCU, "flags.domestic_abuse"),
    row("DASH high", {"dash_risk": "high"}, "domestic-abuse-dash", DA, SPECIALIST, VCU),
    row("DASH medium", {"dash_risk": "medium"}, "domestic-abuse-dash", DA, SPECIALIST, VCU),
    row("DASH standard", {"dash_risk": "standard"}, "domestic-abuse-dash", DA, SPECIALIST, VCU),
    row("class 8U", {"offences": codes("8U")}, "domestic-abuse-class", DA, SPECIALIST, VCU),
    row("marker DOMA form", {"markers": ["doma_form"]}, "domestic-abuse-marker", DA, SPECIALIST, VCU),
    row("marker same address", {"markers": ["same_address"]}, "domestic-abuse-marker", DA, SPECIALIST, VCU),
    row("marker protective order", {"markers": ["protective_order"]}, "domestic-abuse-marker", DA, SPECIALIST, VCU),
    row("marker strangulation", {"markers": ["strangulation"]}, "domestic-abuse-marker", DA, SPECIALIST, VCU),
    # sexual offences
    row("a sexual class", {"offences": codes("88E")}, "sexual-offence", SO, SPECIALIST, VCU),
    row("N100 by record type", {"record_type": "n100"}, "sexual-offence", SO, SPECIALIST, VCU),
    row("N100 by sub-code", {"record_type": "n100", "offences": codes("N100/3")}, "sexual-offence", SO, SPECIALIST, VCU),
    row("N100, unknown sub-code", {"record_type": "n100", "offences": codes("N100/9")}, "sexual-offence", SO, SPECIALIST, VCU, CLASS),
    # held for a person
    row("stalking flag true", {"flags": {"stalking_harassment": True}}, "stalking-harassment", HELD, SPECIALIST, VCU),
    row("stalking not known", {"flags": {"stalking_harassment": None}}, "stalking-unknown", HELD, DOUBT, OFFICER, STALKING),
    row("safeguarding true", {"flags": {"safeguarding": True}}, "safeguarding", HELD, SPECIALIST, VCU),
    row("safeguarding not known", {"flags": {"safeguarding": None}}, "safeguarding-unknown", HELD, DOUBT, OFFICER, "flags.safeguarding"),
    *[
        row(f"marker {marker}", {"markers": [marker]}, "marker", HELD, SPECIALIST, VCU)
        for marker in ("honour_based_abuse", "forced_marriage", "fgm", "exploitation", "private_images", "terrorism", "other text", "none")
    ],
    row("restricted", {"restricted": True}, "restricted", HELD, SPECIALIST, VCU),
    row("restricted not said does not hold", {"restricted": None}, *AUTOMATIC),
    row("threats to kill", {"offences": codes("3B")}, "held-class", HELD, SPECIALIST, VCU),
    row("a death", {"offences": codes("4.4")}, "death", HELD, SPECIALIST, FLO),
    row("a class that nobody knows", {"offences": codes("ZZ9")}, "class-unknown", HELD, DOUBT, OFFICER, "offences[0].code"),
    row("a blank class", {"offences": codes("")}, "class-unknown", HELD, DOUBT, OFFICER, "offences[0].code"),
    row("the second of two classes is blank", {"offences": codes("28E", "")}, "class-unknown", HELD, DOUBT, OFFICER, "offences[1].code"),
    # hate crime never holds
    row("hate crime true", {"flags": {"hate_crime": True}}, *AUTOMATIC),
    row("hate crime not known", {"flags": {"hate_crime": None}}, *AUTOMATIC),
    row("an aggravated class", {"offences": codes("8P")}, *AUTOMATIC),
    # no route, and transferred
    row("cancelled", {"status": "cancelled"}, "cancelled", *NO_ROUTE),
    row("cancelled though specialist", {"status": "cancelled", "dash_risk": "high"}, "cancelled", *NO_ROUTE),
    row("an incident without an offence", {"record_type": "incident", "offences": []}, "incident-without-offence", *NO_ROUTE),
    row("transferred", {"status": "transferred"}, "transferred", Route.TRANSFERRED, None, OFFICER),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "rule", "route", "hold", "unit", "missing"), SIGNS)
def test_a_sign_has_its_route(
    facts: dict[str, Any], rule: str, route: Route, hold: HoldKind | None, unit: Unit | None, missing: tuple[str, ...]
) -> None:
    decision = decide(occurrence(**facts))
    assert (decision.rule_id, decision.route, decision.hold, decision.unit) == (rule, route, hold, unit)
    assert decision.missing == missing
    assert decision.automatic == (route is Route.VICTIM_SERVICES)
    assert decision.rule_version == RULE[rule].version


@pytest.mark.parametrize("relationship", ["partner", "ex_partner", "family", "household"])
@pytest.mark.parametrize("code", ["28E", "8N"])
def test_a_domestic_relationship_is_domestic_abuse_in_any_offence(relationship: str, code: str) -> None:
    decision = decide(occurrence(offences=codes(code), person={"relationship_to_suspect": relationship}))
    assert (decision.rule_id, decision.route, decision.hold) == ("domestic-abuse-relationship", DA, SPECIALIST)


@pytest.mark.parametrize("relationship", ["acquaintance", "professional", "stranger"])
@pytest.mark.parametrize("code", ["28E", "8N"])
def test_any_other_known_relationship_does_not_hold(relationship: str, code: str) -> None:
    assert decide(occurrence(offences=codes(code), person={"relationship_to_suspect": relationship})).automatic


@pytest.mark.parametrize("relationship", [None, "unknown"])
def test_beside_an_unknown_class_an_unknown_relationship_is_missing_too(relationship: str | None) -> None:
    """A class that nobody knows may be against a person."""
    decision = decide(occurrence(offences=codes("ZZ9"), person={"relationship_to_suspect": relationship}))
    assert decision.missing == ("offences[0].code", "victims[V1].relationship_to_suspect")


ELM, REFUGE, SESSION, VCU_NAME = "Elm", "Refuge", "Victim Care Unit single session", "Victim Care Unit"


@pytest.mark.parametrize(
    ("grade", "consent", "district", "destination"),
    [
        pytest.param("high", None, "Derby", "IDVA", id="high: IDVA, without asking"),
        pytest.param("high", True, "Derby", "IDVA", id="high: IDVA with consent"),
        pytest.param("high", False, "Derby", "IDVA", id="high: IDVA though consent was declined"),
        pytest.param("medium", True, "Derby", REFUGE, id="medium, consent, the city: Refuge"),
        pytest.param("medium", True, " DERBY ", REFUGE, id="a district is read in any case"),
        pytest.param("medium", True, "Amber Valley", ELM, id="medium, consent, the county: Elm"),
        pytest.param("standard", True, "Derby", REFUGE, id="standard, consent, the city: Refuge"),
        pytest.param("standard", True, "High Peak", ELM, id="standard, consent, the county: Elm"),
        pytest.param("standard", True, None, "Elm or Refuge", id="no district: who has the task chooses"),
        pytest.param("standard", True, "Elsewhere", "Elm or Refuge", id="an unknown district: who has the task chooses"),
        pytest.param("medium", False, "Derby", SESSION, id="medium, declined: Victim Care Unit single session"),
        pytest.param("standard", False, "Derby", SESSION, id="standard, declined: Victim Care Unit single session"),
        pytest.param("medium", None, "Derby", "ask for consent, then Refuge", id="medium, not asked: ask"),
        pytest.param("standard", None, "Derby", "ask for consent, then Refuge", id="standard, not asked: ask"),
        pytest.param(None, True, "Derby", VCU_NAME, id="no grade: never taken for standard"),
        pytest.param(None, False, "Derby", VCU_NAME, id="no grade, declined"),
        pytest.param(None, None, "Derby", VCU_NAME, id="no grade, not asked"),
    ],
)
def test_where_domestic_abuse_should_go(grade: str | None, consent: bool | None, district: str | None, destination: str) -> None:
    """The force's report of 6 July 2022, 3.14 to 3.16; DOMAIN B1."""
    facts = {"flags": {"domestic_abuse": True}, "dash_risk": grade, "location": {"text": None, "district": district}}
    decision = decide(occurrence(**facts, person={"support_consent": consent}))
    assert (decision.route, decision.destinations) == (DA, (destination,))


@pytest.mark.parametrize(
    ("facts", "destinations"),
    [
        pytest.param({"offences": codes("19C")}, ("SV2",), id="sexual offence: SV2"),
        pytest.param({"offences": codes("19C"), "dash_risk": "high"}, ("IDVA", "SV2"), id="both: IDVA and SV2"),
        pytest.param(
            {"offences": codes("1", "19C"), "dash_risk": "high"}, ("Family Liaison",), id="a death: family liaison alone owns contact"
        ),
        pytest.param({"flags": {"domestic_abuse": None}}, (VCU_NAME,), id="domestic abuse not known: the Victim Care Unit"),
        pytest.param({"flags": {"safeguarding": True}}, (), id="held: the unit itself"),
        pytest.param({}, (), id="automatic: nobody"),
        pytest.param({"status": "transferred", "flags": {"domestic_abuse": None}}, (), id="transferred: nobody of ours"),
    ],
)
def test_where_else_it_should_go(facts: dict[str, Any], destinations: tuple[str, ...]) -> None:
    assert decide(occurrence(**facts)).destinations == destinations


@pytest.mark.parametrize("source", ["third_party", "professional"])
@pytest.mark.parametrize(
    ("safety", "held"),
    [
        pytest.param({"safe_channels": ["email"], "confirmed_at": "2026-11-20T10:00:00+00:00"}, False, id="confirmed"),
        pytest.param({"safe_channels": ["email"], "confirmed_at": "2026-08-22T10:31:00+00:00"}, False, id="confirmed 90 days ago"),
        pytest.param({"safe_channels": ["email"], "confirmed_at": "2026-08-22T10:30:59+00:00"}, True, id="a second longer ago"),
        pytest.param({"safe_channels": ["email"], "confirmed_at": None}, True, id="never confirmed"),
        pytest.param({"safe_channels": None, "confirmed_at": "2026-11-20T10:00:00+00:00"}, True, id="confirmed, but no channel was said"),
        pytest.param(None, True, id="nothing about safety"),
    ],
)
def test_reported_by_another_holds_unless_safety_was_confirmed(source: str, safety: dict[str, Any] | None, held: bool) -> None:
    decision = decide(occurrence(source=source, person={"contact_safety": safety}))
    assert decision.automatic is not held
    if held:
        assert (decision.rule_id, decision.hold, decision.unit) == ("reported-by-another", DOUBT, OFFICER)
        assert decision.missing == ("victims[V1].contact_safety.confirmed_at",)


@pytest.mark.parametrize("source", ["999", "101", "online", "counter", "officer"])
def test_any_other_source_does_not_hold(source: str) -> None:
    assert decide(occurrence(source=source, person={"contact_safety": None})).automatic


@pytest.mark.parametrize("person", [business(contact_name=None), business(contact_name="")], ids=["no contact", "an empty contact"])
def test_a_business_without_a_named_contact_has_no_route(person: dict[str, Any]) -> None:
    decision = decide(occurrence(victims=[person]))
    assert (decision.rule_id, decision.route, decision.unit) == ("business-without-contact", Route.NO_ROUTE, None)


def test_rules_are_dated_rows_with_a_source() -> None:
    assert len(RULE) == len(RULES)
    for rule in RULES:
        assert rule.version
        assert rule.source
        assert rule.effective_from <= date(2026, 11, 21), rule.id
        assert (rule.unit is None) == (rule.route in {Route.NO_ROUTE, Route.VICTIM_SERVICES}), rule.id
        assert (rule.hold is None) == (rule.route in {Route.NO_ROUTE, Route.VICTIM_SERVICES, Route.TRANSFERRED}), rule.id


def test_the_automatic_rule_is_the_least_careful_of_all() -> None:
    assert max(RULES, key=lambda rule: rule.rank).id == "non-specialist"
    assert [rule.id for rule in RULES if rule.route is Route.VICTIM_SERVICES] == ["non-specialist"]

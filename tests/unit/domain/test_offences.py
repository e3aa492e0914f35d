"""The table of offence classes: complete, and each class on the route that the force's rule (DOMAIN B1, B2) and issue 2, section 3 give it.

The groups are spelled out here a second time on purpose: a class that moves must be moved in both places.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from chalicelib.domain.model import HoldKind, Route, Unit
from chalicelib.domain.offences import CLASSES, Family, disagrees, family_of_stats_code, offence_class
from tests.domain_builders import codes, decide, occurrence

PUBLISHED = Path(__file__).parents[4] / "shared" / "data" / "home-office-offence-codes-2017-18.csv"


def listed(classes: str) -> list[str]:
    return classes.split()


SEXUAL = listed("17A 17B 19C 19D 19E 19F 19G 19H 20A 20B 21 22A 22B 23 70 71 72 73 88A 88C 88D 88E N100 N100/1 N100/2 N100/3")
STALKING = listed("8L 8M 8Q 8R")
DEATH = listed("1 1-4.1-4.10-4.2 4.1 4.10 4.2 4.3 4.4 4.6 4.7 4.8 4.9 15 37.1 76")
HELD = listed("2 3A 3B 5D 5E 11A 13 14 24 26 27 35 36 66 79 86 95 99 106")
AGAINST_PERSON = listed("8N 8P 8S 8T 9A 9B 10A 10B 10C 10D 34A 34B 39 53F 56A 59 62A 81 90 104 104A 104B 105A 105B 802")
PROPERTY = listed("""
28A 28B 28C 28D 28E 28F 28G 28H 29 29A 30A 30B 30C 30D 31 31A 33 33A 37.2 38 40 41 42 43 44 45 46 47 48 49 49A 51 52 53B 53C 53D 53E 54 55
56B 58A 58B 58C 58D 58J 60 61 61A 67 69 80 83 92A 92C 92D 92E 96 126 814
""")
AUTOMATIC = AGAINST_PERSON + PROPERTY
EVERY_CLASS = SEXUAL + STALKING + DEATH + HELD + AUTOMATIC + ["8U"]

STRANGER = {"relationship_to_suspect": "stranger"}


def test_the_table_is_the_one_that_these_tests_spell_out() -> None:
    assert sorted(row.code for row in CLASSES) == sorted(EVERY_CLASS)


@pytest.mark.parametrize("code", AUTOMATIC)
def test_a_non_specialist_class_goes_to_victim_services(code: str) -> None:
    decision = decide(occurrence(offences=codes(code), person=STRANGER))
    assert (decision.route, decision.rule_id, decision.automatic) == (Route.VICTIM_SERVICES, "non-specialist", True)


@pytest.mark.parametrize(
    ("code", "route", "rule", "unit"),
    [
        *[(code, Route.SEXUAL_OFFENCE, "sexual-offence", Unit.VICTIM_CARE_UNIT) for code in SEXUAL],
        *[(code, Route.HELD, "stalking-harassment", Unit.VICTIM_CARE_UNIT) for code in STALKING],
        *[(code, Route.HELD, "death", Unit.FAMILY_LIAISON) for code in DEATH],
        *[(code, Route.HELD, "held-class", Unit.VICTIM_CARE_UNIT) for code in HELD],
        ("8U", Route.DOMESTIC_ABUSE, "domestic-abuse-class", Unit.VICTIM_CARE_UNIT),
    ],
)
def test_a_specialist_class_goes_to_its_unit(code: str, route: Route, rule: str, unit: Unit) -> None:
    decision = decide(occurrence(offences=codes(code), person=STRANGER))
    assert (decision.route, decision.rule_id, decision.unit) == (route, rule, unit)
    assert decision.hold is HoldKind.SPECIALIST
    assert not decision.automatic


@pytest.mark.parametrize("code", ["", "ZZ9", "28", "28I", "0", "19", "100", "N1001", "N100/4", "28E/1", "28E,45", "burglary"])
def test_an_unknown_or_blank_class_is_never_automatic(code: str) -> None:
    decision = decide(occurrence(offences=codes(code)))
    assert (decision.route, decision.rule_id, decision.hold) == (Route.HELD, "class-unknown", HoldKind.DOUBT)
    assert decision.missing == ("offences[0].code",)


@pytest.mark.parametrize("code", PROPERTY)
def test_in_property_crime_an_unknown_relationship_does_not_hold(code: str) -> None:
    assert decide(occurrence(offences=codes(code), person={"relationship_to_suspect": None})).automatic


@pytest.mark.parametrize("code", AGAINST_PERSON)
@pytest.mark.parametrize("relationship", [None, "unknown"])
def test_in_an_offence_against_a_person_an_unknown_relationship_holds(code: str, relationship: str | None) -> None:
    decision = decide(occurrence(offences=codes(code), person={"relationship_to_suspect": relationship}))
    assert (decision.route, decision.rule_id) == (Route.HELD, "relationship-unknown")
    assert decision.missing == ("victims[V1].relationship_to_suspect",)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("28E", "28E"),
        ("28e", "28E"),
        (" 28 e ", "28E"),
        ("n100/2", "N100/2"),
        ("N100 / 2", "N100/2"),
        ("37.2", "37.2"),
        ("", None),
        ("28", None),
    ],
)
def test_a_class_is_read_as_records_write_it(written: str, code: str | None) -> None:
    row = offence_class(written)
    assert (row.code if row else None) == code


def test_words_are_there_exactly_where_a_victim_may_read_them() -> None:
    assert {row.code for row in CLASSES if row.plain} == set(AUTOMATIC)
    assert {row.code for row in CLASSES if row.family is Family.NON_SPECIALIST} == set(AUTOMATIC)


def test_racially_or_religiously_aggravated_classes_are_hate_crimes() -> None:
    """DOMAIN B2: hate means enhanced."""
    assert {row.code for row in CLASSES if row.hate} == {"8M", "8P", "9B", "58J", "105B"}


def test_compensation_can_only_apply_to_violence() -> None:
    """Criminal injuries: never for damage or theft without violence (aggravated burglary has a weapon)."""
    of_property = {row.code for row in CLASSES if row.compensation and not row.against_person}
    assert of_property == {"29", "29A", "31", "31A"}
    assert all(row.family is Family.NON_SPECIALIST for row in CLASSES if row.compensation)


@pytest.mark.parametrize(
    ("stats_code", "family"),
    [
        ("019/07", Family.SEXUAL),
        ("088/01", Family.SEXUAL),
        ("001/01", Family.DEATH),
        ("004/04", Family.DEATH),
        ("002/00", Family.ATTEMPTED_MURDER),
        ("003/01", Family.THREATS_TO_KILL),
        ("005/01", Family.GRIEVOUS_HARM),
        ("011/01", Family.CHILD),
        ("036/01", Family.KIDNAPPING),
        ("066/01", Family.PROTECTIVE_ORDER),
        ("086/02", Family.INDECENT_IMAGES),
        ("106/01", Family.EXPLOITATION),
        ("008/01", None),
        ("028/03", None),
        ("037/02", None),
        (None, None),
        ("", None),
    ],
)
def test_the_number_of_a_stats_code_can_prove_a_careful_family(stats_code: str | None, family: Family | None) -> None:
    assert family_of_stats_code(stats_code) is family


@pytest.mark.parametrize(
    ("code", "stats_code", "conflict"),
    [
        ("8N", "008/06", False),
        (" 8n", "008/06", False),
        ("28E", "008/06", True),
        ("", "008/06", True),
        ("28E", "028/03", False),
        ("28E", None, False),
    ],
)
def test_a_stats_code_of_class_eight_beside_another_class_is_conflicting_data(code: str, stats_code: str | None, conflict: bool) -> None:
    assert disagrees(code, stats_code) is conflict


@pytest.mark.parametrize(
    ("pair", "rule"),
    [
        pytest.param("28E 028/03", "non-specialist", id="agreeing: automatic"),
        pytest.param("28E", "non-specialist", id="no stats code: the class decides"),
        pytest.param("28E 999/99", "non-specialist", id="a number that proves nothing"),
        pytest.param("28E 019/07", "sexual-offence", id="burglary with a rape's number"),
        pytest.param("49 001/01", "death", id="theft with a murder's number"),
        pytest.param("8N 005/01", "held-class", id="assault with the number of grievous harm"),
        pytest.param("49 008/30", "class-unknown", id="theft with the number of assaults and harassment"),
        pytest.param("19C 028/03", "sexual-offence", id="rape with a burglary's number: never less careful"),
        pytest.param("8Q 008/01", "stalking-harassment", id="stalking stays stalking"),
        pytest.param("ZZ9 028/03", "class-unknown", id="the number never makes an unknown class known"),
        pytest.param("ZZ9 019/07", "sexual-offence", id="an unknown class with a rape's number is more than a doubt"),
    ],
)
def test_a_stats_code_makes_routing_more_careful_and_never_less(pair: str, rule: str) -> None:
    """Contract: `code` decides; `ho_code` can make routing more careful, never less."""
    assert decide(occurrence(offences=codes(pair))).rule_id == rule


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published table is not beside this tree")
class TestAgainstThePublishedTable:
    """The Home Office's own hierarchy of 2017-18."""

    def rows(self) -> list[dict[str, str]]:
        return list(csv.DictReader(PUBLISHED.read_text(encoding="utf-8-sig").splitlines()))

    def test_every_published_class_is_known(self) -> None:
        assert [row["code"] for row in self.rows() if offence_class(row["code"]) is None] == []

    def test_the_sexual_group_is_the_published_one(self) -> None:
        published = {row["code"] for row in self.rows() if row["offence_group"] == "Sexual offences"}
        ours = {row.code for row in CLASSES if row.family is Family.SEXUAL and not row.code.startswith("N100")}
        assert ours == published

    def test_every_published_class_that_speaks_of_a_killing_or_of_children_is_for_a_person(self) -> None:
        words = re.compile("death|murder|manslaughter|infanticide|homicide|suicide|unborn|child|rape|sexual|exploit|slavery", re.IGNORECASE)
        named = [row["code"] for row in self.rows() if words.search(row["description"])]
        assert len(named) > 30
        assert [code for code in named if (row := offence_class(code)) is None or row.family is Family.NON_SPECIALIST] == []

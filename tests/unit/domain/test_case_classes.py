"""Which class of retention a case is of: as a table, with what is not known taken for the longest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.case import Case, Head, Part, Release, Told
from chalicelib.domain.case_classes import CaseClass, case_class
from chalicelib.domain.model import HoldKind, RecordType, Route, RouteDecision, Status, Victim, VictimKind
from tests.builders import NOW
from tests.stored_cases import FACTS

CLOSED = replace(FACTS, status=Status.CLOSED)
TOLD = (Told(1, NOW, Status.OPEN, RecordType.CRIME), Told(2, NOW, Status.CLOSED, RecordType.CRIME))
PLAIN = RouteDecision(Route.VICTIM_SERVICES, "VS-1", "2026-04-01")


def person(decision: RouteDecision | None = PLAIN, kind: VictimKind = VictimKind.PERSON, **changes: Any) -> Part:
    return Part(Victim("V1", kind), 1, NOW, decision=decision, **changes)


def case(*parts: Part, **changes: Any) -> Case:
    head = replace(Head(FACTS.reference, 1, 2, "hash", CLOSED, told=TOLD), **changes)
    return Case(head, {f"V{number}": part for number, part in enumerate(parts or [person()])})


def routed(route: Route, hold: HoldKind | None = None) -> Part:
    return person(RouteDecision(route, "X-1", "2026-04-01", hold=hold))


SHOP = person(kind=VictimKind.BUSINESS)
INCIDENT = (Told(1, NOW, Status.OPEN, RecordType.INCIDENT),)
TABLE: dict[str, tuple[Case, CaseClass]] = {
    "a burglary": (case(), CaseClass.ORDINARY),
    "a shop": (case(SHOP), CaseClass.BUSINESS),
    "a shop and a person": (case(SHOP, person()), CaseClass.ORDINARY),
    "a shop, and a person who was named once": (case(SHOP, person(None, removed=True)), CaseClass.ORDINARY),
    "nobody": (Case(case().head), CaseClass.ORDINARY),
    "an officer on duty": (case(person(kind=VictimKind.POLICE_OFFICER)), CaseClass.ORDINARY),
    "cancelled": (case(facts=replace(FACTS, status=Status.CANCELLED)), CaseClass.NO_CRIME),
    "never a crime": (case(told=INCIDENT), CaseClass.NO_CRIME),
    "a crime once": (case(told=(*INCIDENT, *TOLD)), CaseClass.ORDINARY),
    "a kind that is not known": (case(told=(replace(TOLD[0], record_type=None),)), CaseClass.ORDINARY),
    "transferred": (case(routed(Route.TRANSFERRED)), CaseClass.ORDINARY),
    "a sexual offence": (case(routed(Route.SEXUAL_OFFENCE)), CaseClass.SPECIALIST),
    "domestic abuse": (case(routed(Route.DOMESTIC_ABUSE)), CaseClass.SPECIALIST),
    "held": (case(routed(Route.HELD)), CaseClass.SPECIALIST),
    "a hold that stands": (case(routed(Route.VICTIM_SERVICES, HoldKind.DOUBT)), CaseClass.SPECIALIST),
    "one of several": (case(person(), routed(Route.SEXUAL_OFFENCE)), CaseClass.SPECIALIST),
    "not decided": (case(person(None)), CaseClass.SPECIALIST),
    "a sign of an early version": (case(signs=((1, frozenset({"DA-1"})),)), CaseClass.SPECIALIST),
    "a hold that was released": (case(releases=(Release("V1", 1, "7001", NOW, "Error"),)), CaseClass.SPECIALIST),
    "restricted": (case(facts=replace(CLOSED, restricted=True)), CaseClass.SPECIALIST),
    "no record at all": (Case(Head(FACTS.reference, 1, events=2)), CaseClass.SPECIALIST),
    "cancelled, but specialist once": (
        case(facts=replace(FACTS, status=Status.CANCELLED), signs=((1, frozenset({"SO-1"})),)),
        CaseClass.SPECIALIST,
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_a_case_is_of_the_class_that_what_is_known_of_it_says(name: str) -> None:
    given, expected = TABLE[name]
    assert case_class(given) is expected


def test_every_class_is_in_the_table() -> None:
    assert {kind for _, kind in TABLE.values()} == set(CaseClass)

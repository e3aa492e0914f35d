"""The stored case: signs of every version, what sticks to whom, releases, and the victims that the newest version names.

Issue 2, section 3: specialist is sticky, and only a recorded release by a named person lifts it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.case import Case, Head, Part, Release
from tests.builders import NOW, victim
from tests.domain_builders import occurrence

EMPTY = Head("26000712345")


def signs(*rules: str) -> frozenset[str]:
    return frozenset(rules)


def released(head: Head, victim_id: str, version: int) -> Release:
    """A release of what was known when `version` was the newest."""
    return Release(victim_id, version, "7001", NOW, "Flag set in error.", tuple(row for row in head.signs if row[0] <= version))


@pytest.mark.parametrize(
    ("seen", "kept"),
    [
        pytest.param([(1, signs("restricted"))], ((1, signs("restricted")),), id="one version"),
        pytest.param([(1, signs())], (), id="a version without signs leaves no row"),
        pytest.param(
            [(2, signs("marker")), (1, signs("restricted"))], ((1, signs("restricted")), (2, signs("marker"))), id="late: in order"
        ),
        pytest.param([(1, signs("marker")), (1, signs("marker"))], ((1, signs("marker")),), id="twice"),
        pytest.param([(1, signs("marker")), (1, signs("restricted"))], ((1, signs("marker", "restricted")),), id="one version, more signs"),
    ],
)
def test_the_head_keeps_the_signs_of_every_version(seen: list[Any], kept: tuple[Any, ...]) -> None:
    head = EMPTY
    for version, rules in seen:
        head = head.with_signs(version, rules)
    assert head.signs == kept


@pytest.mark.parametrize(
    ("seen", "releases", "sticky"),
    [
        pytest.param([], [], (), id="nothing seen"),
        pytest.param([(1, ("marker",)), (3, ("restricted",))], [], ("marker", "restricted"), id="signs of every version"),
        pytest.param([(1, ("marker",))], [("V1", 1)], (), id="released"),
        pytest.param([(1, ("marker",))], [("V1", 4)], (), id="released at a later version"),
        pytest.param([(1, ("marker",)), (3, ("restricted",))], [("V1", 2)], ("restricted",), id="a sign after the release holds again"),
        pytest.param([(1, ("marker",))], [("V2", 1)], ("marker",), id="another victim was released"),
        pytest.param([(2, ("marker",))], [("V1", 1), ("V1", 3), ("V1", 2)], (), id="the highest release counts"),
        pytest.param([(1, ("police-officer#V1", "marker"))], [], ("marker", "police-officer"), id="what is so of this victim alone"),
        pytest.param([(1, ("police-officer#V2",))], [], (), id="what is so of another victim alone"),
        pytest.param([(1, ("police-officer#V11",))], [], (), id="an id that begins like this one's"),
    ],
)
def test_what_sticks_to_a_victim(seen: list[Any], releases: list[tuple[str, int]], sticky: tuple[str, ...]) -> None:
    head = EMPTY
    for version, rules in seen:
        head = head.with_signs(version, signs(*rules))
    head = replace(head, releases=tuple(released(head, *one) for one in releases))
    assert head.sticky("V1") == signs(*sticky)


def test_a_sign_of_a_late_version_holds_although_a_person_released_what_was_known() -> None:
    head = EMPTY.with_signs(1, signs("marker"))
    head = replace(head, releases=(released(head, "V1", 3),)).with_signs(2, signs("restricted")).with_signs(1, signs("marker"))
    assert (head.sticky("V1"), head.sticky("V2")) == (signs("restricted"), signs("marker", "restricted"))


def test_a_case_without_a_version_has_no_occurrence() -> None:
    assert Case(EMPTY).occurrence is None


def test_the_occurrence_of_a_case_has_the_victims_that_are_not_removed_in_order_of_their_ids() -> None:
    record = occurrence(victims=[victim(key) for key in ("V3", "V1", "V2")])
    parts = {one.id: Part(one, 1, NOW, removed=one.id == "V2") for one in record.victims}
    case = Case(replace(EMPTY, facts=replace(record, victims=())), parts)
    assert case.occurrence is not None
    assert [one.id for one in case.occurrence.victims] == ["V1", "V3"]
    assert replace(case.occurrence, victims=()) == replace(record, victims=())

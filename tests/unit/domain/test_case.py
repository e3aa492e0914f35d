"""The stored case: signs of every version, what sticks to whom, releases, what was told when, and which victims the newest names.

Issue 2, section 3: specialist is sticky, and only a recorded release by a named person lifts it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.case import Case, Head, Part, Release, Said, Told
from chalicelib.domain.model import AgreedUpdates, Channel, Occurrence, RecordType, Status
from tests.builders import NOW, contact_safety, update_agreement, victim
from tests.domain_builders import at, occurrence

EMPTY = Head("26000712345")
NAMED = ("2345", "1890")


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


def test_the_rules_that_any_version_fired() -> None:
    assert EMPTY.rules == frozenset()
    assert EMPTY.with_signs(1, signs("marker")).with_signs(2, signs("restricted", "marker")).rules == {"marker", "restricted"}


def test_what_a_person_lifted_elsewhere_is_told_by_reference_for_that_victim_alone() -> None:
    first, second = (("26000700001", signs("marker")),), (("26000700001", signs("restricted")), ("26000700002", signs("marker")))
    releases = tuple(
        Release(victim_id, 1, "7001", NOW, "Flag set in error.", elsewhere=elsewhere)
        for victim_id, elsewhere in (("V1", first), ("V1", second), ("V2", (("26000700003", signs("marker")),)))
    )
    head = replace(EMPTY, releases=releases)
    assert head.released_elsewhere("V1") == {"26000700001": signs("marker", "restricted"), "26000700002": signs("marker")}
    assert head.released_elsewhere("V3") == {}


def version(number: int, status: Status = Status.OPEN) -> Occurrence:
    return occurrence(version=number, status=status)


NINE, TEN, ELEVEN = (at(f"2026-11-20 {hour:02d}:00") for hour in (9, 10, 11))
SENT_AT_TEN = EMPTY.with_signs(1, signs("marker")).with_told(version(1, Status.OPEN), TEN)

ANOTHER_AT_ELEVEN = SENT_AT_TEN.with_signs(2, signs("restricted")).with_told(version(2, Status.OPEN), ELEVEN)


def told_release(when: Any, victim_id: str = "V1") -> Release:
    """A release that the records system told of: it names no sign."""
    return Release(victim_id, 7, "7001", when, "Flag set in error.", event_id="H-1")


@pytest.mark.parametrize(
    ("head", "releases", "sticky"),
    [
        pytest.param(SENT_AT_TEN, [told_release(ELEVEN)], (), id="sent before it"),
        pytest.param(SENT_AT_TEN, [told_release(TEN)], (), id="sent as it was made"),
        pytest.param(SENT_AT_TEN, [told_release(NINE)], ("marker",), id="sent after it: the person did not know"),
        pytest.param(SENT_AT_TEN, [told_release(NINE), told_release(ELEVEN)], (), id="the last release counts"),
        pytest.param(SENT_AT_TEN, [told_release(ELEVEN, "V2")], ("marker",), id="of another victim"),
        pytest.param(EMPTY.with_signs(1, signs("marker")), [told_release(ELEVEN)], ("marker",), id="nobody knows when it was sent"),
        pytest.param(ANOTHER_AT_ELEVEN, [told_release(TEN)], ("restricted",), id="one of two"),
        pytest.param(SENT_AT_TEN, [replace(told_release(ELEVEN), event_id=None)], ("marker",), id="made here: it names what it covers"),
    ],
)
def test_a_release_that_was_told_of_covers_what_was_sent_until_then(head: Head, releases: list[Release], sticky: tuple[str, ...]) -> None:
    """Whenever a version reaches us."""
    assert replace(head, releases=tuple(releases)).sticky("V1") == signs(*sticky)


def test_the_head_keeps_when_each_version_was_sent_and_what_it_says_of_the_case() -> None:
    head = (
        EMPTY.with_told(version(2, Status.CLOSED), ELEVEN)
        .with_told(version(1, Status.OPEN), TEN)
        .with_told(version(2, Status.CLOSED), ELEVEN)
    )
    assert head.told == (Told(1, TEN, Status.OPEN, RecordType.CRIME, NAMED), Told(2, ELEVEN, Status.CLOSED, RecordType.CRIME, NAMED))


def test_a_part_keeps_what_each_version_says_of_updates() -> None:
    agreed = AgreedUpdates(10, Channel.EMAIL, at("2026-11-30").date())
    first, silent, unsaid = (
        occurrence(person=person).victims[0]
        for person in (
            {"update_agreement": update_agreement()},
            {"update_agreement": None, "contact_safety": contact_safety(do_not_contact=True)},
            {"update_agreement": None, "contact_safety": None},
        )
    )
    part = Part(first, 1, NOW).with_said(3, ELEVEN, unsaid).with_said(2, TEN, silent).with_said(1, NINE, first).with_said(1, NINE, first)
    assert part.said == (Said(1, NINE, agreed, False), Said(2, TEN, None, True), Said(3, ELEVEN, None, False))


@pytest.mark.parametrize("times", [(NINE, TEN), (TEN, NINE)], ids=["in order", "out of order"])
def test_a_version_that_is_sent_again_dates_from_its_first_sending(times: tuple[Any, Any]) -> None:
    """One content, two sendings: the same whichever reaches us first."""
    head, part, one = EMPTY, Part(occurrence().victims[0], 1, NOW), occurrence().victims[0]
    for sent_at in times:
        head, part = head.with_told(version(1, Status.OPEN), sent_at), part.with_said(1, sent_at, one)
    assert (head.told[0].sent_at, part.said[0].sent_at) == (NINE, NINE)


def test_a_version_that_comes_again_with_other_content_keeps_what_it_said_first() -> None:
    """An older version that is contradicted is out of date, and undoes nothing."""
    one, silent = (occurrence(person=person).victims[0] for person in ({}, {"contact_safety": contact_safety(do_not_contact=True)}))
    head = EMPTY.with_told(version(1, Status.OPEN), TEN).with_told(version(1, Status.CLOSED), NINE)
    part = Part(one, 1, NOW).with_said(1, TEN, one).with_said(1, NINE, silent)
    assert (head.told, part.said[0].silent) == ((Told(1, NINE, Status.OPEN, RecordType.CRIME, NAMED),), False)


def test_a_case_without_a_version_has_no_occurrence() -> None:
    assert Case(EMPTY).occurrence is None


def test_the_occurrence_of_a_case_has_the_victims_that_are_not_removed_in_order_of_their_ids() -> None:
    record = occurrence(victims=[victim(key) for key in ("V3", "V1", "V2")])
    parts = {one.id: Part(one, 1, NOW, removed=one.id == "V2") for one in record.victims}
    case = Case(replace(EMPTY, facts=replace(record, victims=())), parts)
    assert case.occurrence is not None
    assert [one.id for one in case.occurrence.victims] == ["V1", "V3"]
    assert replace(case.occurrence, victims=()) == replace(record, victims=())

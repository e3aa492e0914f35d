"""Who may do what at the desk: officer, cover, supervisor, whoever stands in for a supervisor, a unit; and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.absence import Absence, Wrong, as_told, day_faults, says_otherwise
from chalicelib.domain.desk import covers, has, in_charge, may_give_away, supervises
from chalicelib.domain.hand_overs import CaseHandedOver, as_handed_over, last_hand_over, named_officer, recorded_officer
from chalicelib.domain.model import DirectoryOfficer, Officer, Unit
from chalicelib.domain.obligations import ObligationState
from chalicelib.domain.sign_in import Person
from tests.domain_builders import occurrence
from tests.unit.domain.owed_rows import owed

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 10, 31, tzinfo=UTC)
ASH = DirectoryOfficer("2345", 1, True, "PC Sam Ash", supervisor="1890")
AWAY = replace(ASH, absent_from=DAY, cover="2399")
REED = DirectoryOfficer("1890", 1, True, "Sgt Jo Reed")
ROLE = Person("5555", frozenset({Unit.SUPERVISOR}))


def listed(*entries: DirectoryOfficer):
    return {entry.collar_number: entry for entry in entries}.get


@pytest.mark.parametrize(
    ("person", "officer", "recorded", "entries", "may"),
    [
        (Person("1890"), "2345", None, (ASH, REED), True),
        (Person("1890"), "2345", None, (ASH,), True),
        (Person("1891"), "2345", "1891", (ASH, REED), False),  # the directory beats the record
        (Person("1891"), "2345", "1891", (replace(ASH, supervisor=None),), True),
        (Person("1891"), "2345", "1891", (), True),
        (Person("1891"), None, "1891", (), True),
        (Person("5555"), "2345", None, (ASH, REED), False),
        (ROLE, "2345", None, (ASH, REED), False),  # a supervisor of others
        (ROLE, "2345", None, (ASH,), False),  # not listed is not away
        (ROLE, "2345", None, (ASH, replace(REED, absent_from=DAY)), True),
        (ROLE, "2345", None, (ASH, replace(REED, active=False)), True),
        (Person("1890"), "2345", None, (ASH, replace(REED, absent_from=DAY)), True),
        (ROLE, "2345", None, (replace(ASH, supervisor=None),), True),
        (Person("5555"), "2345", None, (replace(ASH, supervisor=None),), False),
        (ROLE, None, None, (), True),
    ],
)
def test_who_supervises(person, officer, recorded, entries, may):
    assert supervises(person, officer, recorded, DAY, listed(*entries)) is may


@pytest.mark.parametrize(
    ("collar", "entry", "stands_in"),
    [("2399", AWAY, True), ("2399", replace(AWAY, absent_from=None), False), ("2398", AWAY, False), ("2399", None, False)],
)
def test_a_cover_stands_in_while_the_officer_is_away(collar, entry, stands_in):
    entries = listed(*([entry] if entry else []))
    assert covers(Person(collar), "2345", DAY, entries) is stands_in
    assert in_charge(Person(collar), "2345", None, DAY, entries) is stands_in
    assert not may_give_away(Person(collar), "2345", None, DAY, entries)
    assert not covers(Person(collar), None, DAY, entries)


def test_an_officer_gives_away_their_own():
    assert may_give_away(Person("2345"), "2345", None, DAY, listed(ASH))
    assert in_charge(Person("1890"), "2345", None, DAY, listed(ASH))
    assert not may_give_away(Person("2346"), "2345", None, DAY, listed(ASH))


@pytest.mark.parametrize(
    ("person", "changes", "entries", "with_them"),
    [
        (Person("2345"), {"officer": "2345", "unit": Unit.OFFICER}, (ASH,), True),
        (Person("2345"), {"officer": "2345", "unit": Unit.OFFICER, "state": ObligationState.MET}, (ASH,), True),
        (Person("2346"), {"officer": "2345", "unit": Unit.OFFICER}, (ASH,), False),
        (Person("2399"), {"officer": "2345", "unit": Unit.OFFICER}, (AWAY, DirectoryOfficer("2399", 1, True)), True),
        (Person("1890"), {"officer": "2345", "unit": Unit.SUPERVISOR}, (ASH, REED), True),
        (ROLE, {"officer": "2345", "unit": Unit.SUPERVISOR}, (ASH, REED), False),
        (Person("7", frozenset({Unit.CONTACT_CENTRE})), {"officer": None, "unit": Unit.CONTACT_CENTRE}, (), True),
        (Person("7", frozenset({Unit.CONTACT_CENTRE})), {"officer": None, "unit": Unit.CONTROL_ROOM}, (), False),
        (Person("7", frozenset({Unit.CONTACT_CENTRE})), {"unit": Unit.CONTACT_CENTRE, "state": ObligationState.MET}, (), False),
    ],
)
def test_with_whom_something_is(person, changes, entries, with_them):
    assert has(person, replace(owed(), **changes), DAY, listed(*entries)) is with_them


# ---- absence


def test_what_was_said_beats_the_entry_and_a_cover_that_nobody_named_is_the_entrys():
    told = Absence(NOW, "1890", DAY, DAY + timedelta(days=3), None)
    assert as_told(AWAY, None) == AWAY
    assert as_told(AWAY, told) == replace(AWAY, absent_until=DAY + timedelta(days=3))
    assert as_told(AWAY, replace(told, cover="2400")).cover == "2400"
    assert as_told(AWAY, Absence(NOW, "2345", None)).absent_from is None


def test_only_a_new_word_about_absence_is_a_later_word():
    assert not says_otherwise(AWAY, replace(AWAY, version=2, phone="101"))
    for changes in ({"absent_from": None}, {"absent_until": DAY}, {"cover": None}):
        assert says_otherwise(AWAY, replace(AWAY, version=2, **changes))


@pytest.mark.parametrize(
    ("first", "last", "faults"),
    [
        (DAY, None, {}),
        (DAY, DAY, {}),
        (DAY - timedelta(days=31), DAY, {}),
        (DAY + timedelta(days=366), DAY + timedelta(days=380), {}),
        (None, None, {"absent_from": Wrong.MISSING}),
        (None, DAY, {"absent_from": Wrong.MISSING}),
        (DAY - timedelta(days=32), None, {"absent_from": Wrong.TOO_EARLY}),
        (DAY + timedelta(days=367), None, {"absent_from": Wrong.TOO_LATE}),
        (DAY, DAY - timedelta(days=1), {"absent_until": Wrong.PAST}),
        (DAY + timedelta(days=2), DAY + timedelta(days=1), {"absent_until": Wrong.BEFORE_START}),
        (DAY, DAY + timedelta(days=398), {"absent_until": Wrong.TOO_LATE}),
    ],
)
def test_days_of_an_absence(first, last, faults):
    assert dict(day_faults(first, last, DAY)) == faults


# ---- hand-overs


def handed(to: str, over: str | None = "2345", minutes: int = 0) -> CaseHandedOver:
    return CaseHandedOver("26000712345", f"H{minutes}", NOW + timedelta(minutes=minutes), over, to, "1890")


def test_a_hand_over_stands_while_the_records_system_names_whom_it_named_then():
    named = replace(occurrence(), officer=Officer("2345", "PC Sam Ash"))
    assert as_handed_over(named, []) == named
    assert as_handed_over(named, [handed("2346")]).officer == Officer("2346")
    assert as_handed_over(named, [handed("2347", minutes=1), handed("2346")]).officer == Officer("2347")
    assert as_handed_over(named, [handed("2346", over="2399")]) == named
    nobody = replace(named, officer=None)
    assert as_handed_over(nobody, [handed("2346", over=None)]).officer == Officer("2346")
    assert handed("2346").victim_id is None
    assert last_hand_over([]) is None


def test_whom_the_records_system_names_is_known_through_a_hand_over():
    named = replace(occurrence(), officer=Officer("2345"))
    assert recorded_officer(named, []) == "2345"
    assert recorded_officer(as_handed_over(named, [handed("2346")]), [handed("2346")]) == "2345"
    assert recorded_officer(replace(named, officer=Officer("2350")), [handed("2346")]) == "2350"
    assert named_officer(replace(named, officer=None)) is None

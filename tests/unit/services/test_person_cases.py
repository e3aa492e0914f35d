"""Whoever answers a request of a person finds every case that names them, and no address."""

from __future__ import annotations

from chalicelib.services.person_cases import Named, PersonCases
from tests.builders import victim
from tests.unit.services.stage import REF, Stage

NUMBER, ALEX, MOBILE = "N123456", "alex.morgan@example.org", "+447700900123"
OTHER, THIRD, FOURTH = "26000799999", "26000788888", "26000777777"


def named(stage: Stage, reference: str = REF, victim_id: str = "V1") -> list[Named] | None:
    return PersonCases(stage.world.cases, stage.world.points).of(reference, victim_id)


def test_other_cases_of_the_same_number_and_those_that_share_an_address_alone() -> None:
    stage = Stage()
    stage.version(victims=[victim("V1"), victim("V2", person_ref="N2", email="kit.lane@example.org", mobile=None)])
    assert named(stage) == []
    stage.version(reference=OTHER, victims=[victim("V7", person_ref=NUMBER, email="new.address@example.org", mobile=None)])
    sharing, apart = victim("V3", person_ref="N3", email=ALEX, mobile=None), victim("V4", person_ref="N4", email=None, mobile=None)
    stage.version(reference=THIRD, victims=[sharing, apart])
    assert named(stage) == [Named(THIRD, "V3", same_number=False), Named(OTHER, "V7", same_number=True)]
    assert named(stage, OTHER, "V7") == [Named(REF, "V1", same_number=True)]
    assert named(stage, REF, "V2") == []
    assert not [word for word in ("@", "Alex", "N123456") if word in repr(named(stage))]


def test_who_shares_a_point_within_the_case_and_who_did_in_an_earlier_version() -> None:
    stage = Stage()
    stage.version(victims=[victim("V1"), victim("V2", person_ref="N2", email=None, mobile=MOBILE)])
    stage.version(2, victims=[victim("V1", mobile=None), victim("V2", person_ref="N2", email=None, mobile="+447700900777")])
    assert named(stage) == [Named(REF, "V2", same_number=False)]


def test_a_victim_whose_content_was_erased_is_still_found() -> None:
    stage = Stage()
    stage.version()
    stage.version(reference=OTHER)
    wanted = stage.house.erasing.would(REF, "V1")
    assert wanted is not None
    stage.house.erasing.erase(wanted, "7001", "asked", stage.now)
    assert named(stage) == [Named(OTHER, "V1", same_number=False)]
    assert named(stage, OTHER) == [Named(REF, "V1", same_number=True)]


def test_nobody_of_that_id_and_a_case_of_which_no_victim_is_kept() -> None:
    stage = Stage()
    stage.version()
    assert (named(stage, REF, "V9"), named(stage, FOURTH)) == (None, None)
    point = stage.world.points.key("person", NUMBER)
    stage.world.cases.points[point].named.add((FOURTH, "V1"))
    assert named(stage) == [Named(FOURTH, None, same_number=False)]

"""Who is reminded of what is owed, and who hears of it when it is late: the officer, whoever stands in, the unit, each rank.

docs/obligations.md, "Reminders" and "Absence". 2345 is the officer in the case, 1890 the supervisor that the record names.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chalicelib.domain.model import DirectoryOfficer, Unit
from chalicelib.domain.profile import Rank
from chalicelib.domain.reminders import Recipient, away_on, escalated_to, last_duty_day, responsible
from tests.domain_builders import PROFILE
from tests.unit.domain.owed_rows import owed

FROM, UNTIL = date(2026, 12, 1), date(2026, 12, 10)
OFFICER, SUPERVISOR, DUTY = Unit.OFFICER, Unit.SUPERVISOR, Unit.DUTY_CONTACT


def entry(collar: str = "2345", **facts: Any) -> DirectoryOfficer:
    return DirectoryOfficer(**{"collar_number": collar, "version": 1, "active": True} | facts)


def absent(collar: str = "2345", **facts: Any) -> DirectoryOfficer:
    """Away from Tuesday 1 to Thursday 10 December 2026."""
    return entry(collar, **{"absent_from": FROM, "absent_until": UNTIL} | facts)


ENDLESS = absent(absent_until=None)
LEFT = entry(active=False)
LEFT_SERGEANT = entry("1890", active=False)


@pytest.mark.parametrize(
    ("officer", "day", "away"),
    [
        pytest.param(entry(), "2026-12-01", False, id="present"),
        pytest.param(absent(), "2026-11-30", False, id="Monday, the last day of duty"),
        pytest.param(absent(), "2026-12-01", True, id="Tuesday, the first day away"),
        pytest.param(absent(), "2026-12-10", True, id="Thursday, the last day away"),
        pytest.param(absent(), "2026-12-11", False, id="Friday, back"),
        pytest.param(ENDLESS, "2026-11-30", False, id="without an end: the day before"),
        pytest.param(ENDLESS, "2027-11-30", True, id="without an end: a year later"),
        pytest.param(absent(absent_until=FROM), "2026-12-01", True, id="one day: that day"),
        pytest.param(absent(absent_until=FROM), "2026-12-02", False, id="one day: the next"),
        pytest.param(entry(absent_until=UNTIL), "2026-12-05", False, id="an end without a beginning says nothing"),
        pytest.param(LEFT, "2026-11-20", True, id="left"),
        pytest.param(absent(active=False), "2026-11-20", True, id="left, whatever was announced"),
    ],
)
def test_who_is_away(officer: DirectoryOfficer, day: str, away: bool) -> None:
    """`absent_until` is inclusive."""
    assert away_on(officer, date.fromisoformat(day)) is away


@pytest.mark.parametrize(
    ("officer", "day"),
    [
        pytest.param(absent(), "2026-11-30", id="Monday before Tuesday"),
        pytest.param(absent(absent_from=date(2027, 1, 1)), "2026-12-31", id="over the year's end"),
        pytest.param(absent(absent_from=date(2028, 3, 1)), "2028-02-29", id="leap day"),
        pytest.param(entry(), None, id="nothing announced"),
        pytest.param(absent(active=False), None, id="left"),
    ],
)
def test_the_last_day_of_duty(officer: DirectoryOfficer, day: str | None) -> None:
    assert last_duty_day(officer) == (date.fromisoformat(day) if day else None)


UNTIL_TEN = "The officer in the case is away until 10 December 2026."
AWAY, GONE, NOBODY = "The officer in the case is away.", "The officer in the case has left.", "No officer is named in this case."
COVER = " You are their cover."
NO_SUPERVISOR = "The officer's supervisor is away."


def person(unit: Unit, collar: str, because: str | None = None) -> Recipient:
    return Recipient(unit, collar, because)


@pytest.mark.parametrize(
    ("facts", "directory", "reader"),
    [
        pytest.param({}, [entry()], person(OFFICER, "2345"), id="the officer in the case"),
        pytest.param({}, [], person(OFFICER, "2345"), id="not in the directory: the officer all the same"),
        pytest.param({"unit": OFFICER}, [entry()], person(OFFICER, "2345"), id="a task of the officer's"),
        pytest.param({"officer": None}, [], Recipient(OFFICER, because=NOBODY), id="nobody is named"),
        # away
        pytest.param({}, [absent(cover="3456"), entry("3456")], person(OFFICER, "3456", UNTIL_TEN + COVER), id="the cover"),
        pytest.param({}, [absent(cover="3456"), absent("3456")], person(SUPERVISOR, "1890", UNTIL_TEN), id="the cover is away too"),
        pytest.param(
            {}, [absent(cover="3456"), entry("3456", active=False)], person(SUPERVISOR, "1890", UNTIL_TEN), id="the cover has left"
        ),
        pytest.param({}, [absent(cover="3456")], person(SUPERVISOR, "1890", UNTIL_TEN), id="a cover whom nobody knows"),
        pytest.param({}, [absent(cover="2345")], person(SUPERVISOR, "1890", UNTIL_TEN), id="covered by themselves"),
        pytest.param({}, [absent()], person(SUPERVISOR, "1890", UNTIL_TEN), id="no cover: the record's supervisor"),
        pytest.param({}, [ENDLESS], person(SUPERVISOR, "1890", AWAY), id="away without an end"),
        pytest.param({}, [LEFT], person(SUPERVISOR, "1890", GONE), id="left"),
        pytest.param(
            {},
            [entry(active=False, cover="3456"), entry("3456")],
            person(OFFICER, "3456", GONE + COVER),
            id="left, covered",
        ),
        pytest.param({}, [absent(supervisor="1999")], person(SUPERVISOR, "1999", UNTIL_TEN), id="the directory's supervisor comes first"),
        pytest.param(
            {"supervisor": None}, [absent(supervisor="1999")], person(SUPERVISOR, "1999", UNTIL_TEN), id="only the directory knows one"
        ),
        pytest.param({"supervisor": None}, [absent()], Recipient(SUPERVISOR, because=UNTIL_TEN), id="no supervisor: their role"),
        pytest.param({}, [absent(), absent("1890")], Recipient(SUPERVISOR, because=UNTIL_TEN), id="the supervisor is away too: their role"),
        pytest.param({}, [LEFT, LEFT_SERGEANT], Recipient(SUPERVISOR, because=GONE), id="both have left: their role"),
        # what a unit owes
        pytest.param({"unit": Unit.VICTIM_CARE_UNIT}, [absent()], Recipient(Unit.VICTIM_CARE_UNIT), id="the Victim Care Unit"),
        pytest.param({"unit": Unit.WITNESS_CARE}, [absent()], Recipient(Unit.WITNESS_CARE), id="Witness Care, after a hearing was listed"),
        pytest.param({"unit": Unit.FAMILY_LIAISON}, [], Recipient(Unit.FAMILY_LIAISON), id="family liaison"),
        pytest.param({"unit": Unit.OPERATIONS, "officer": None}, [], Recipient(Unit.OPERATIONS), id="operations"),
        # what a supervisor owes
        pytest.param({"unit": SUPERVISOR}, [entry()], person(SUPERVISOR, "1890"), id="the supervisor's own task"),
        pytest.param({"unit": SUPERVISOR}, [absent()], person(SUPERVISOR, "1890"), id="the supervisor's own task, the officer away"),
        pytest.param({"unit": SUPERVISOR}, [absent("1890")], Recipient(SUPERVISOR, because=NO_SUPERVISOR), id="and the supervisor is away"),
        pytest.param({"unit": SUPERVISOR, "officer": None}, [], person(SUPERVISOR, "1890"), id="no officer, but a supervisor"),
        pytest.param({"unit": SUPERVISOR, "officer": None, "supervisor": None}, [], Recipient(SUPERVISOR), id="nobody named at all"),
    ],
)
def test_who_is_reminded(facts: dict[str, Any], directory: list[DirectoryOfficer], reader: Recipient) -> None:
    listed = {officer.collar_number: officer for officer in directory}
    assert responsible(owed(**{"supervisor": "1890"} | facts), FROM, listed.get) == reader


@pytest.mark.parametrize(
    ("day", "reader"),
    [
        pytest.param("2026-11-30", person(OFFICER, "2345"), id="Monday, still on duty"),
        pytest.param("2026-12-01", person(SUPERVISOR, "1890", UNTIL_TEN), id="Tuesday, the very day"),
        pytest.param("2026-12-10", person(SUPERVISOR, "1890", UNTIL_TEN), id="Thursday, the last day"),
        pytest.param("2026-12-11", person(OFFICER, "2345"), id="Friday, back"),
    ],
)
def test_an_officer_who_is_absent_from_the_very_day(day: str, reader: Recipient) -> None:
    listed = {"2345": absent()}
    assert responsible(owed(supervisor="1890"), date.fromisoformat(day), listed.get) == reader


ONE, THREE = PROFILE.ladder
ONE_DAY, THREE_DAYS = "Late for 1 working day.", "Late for 3 working days."


@pytest.mark.parametrize(
    ("facts", "rank", "directory", "reader"),
    [
        # the supervisor
        pytest.param({}, ONE, [entry()], person(SUPERVISOR, "1890", ONE_DAY), id="the officer's: the record's supervisor"),
        pytest.param({}, ONE, [entry(supervisor="1999")], person(SUPERVISOR, "1999", ONE_DAY), id="the directory's supervisor"),
        pytest.param({"unit": OFFICER}, ONE, [], person(SUPERVISOR, "1890", ONE_DAY), id="the officer's task"),
        pytest.param({"unit": SUPERVISOR}, ONE, [], person(SUPERVISOR, "1890", ONE_DAY), id="the supervisor's own task"),
        pytest.param({}, ONE, [absent("1890")], Recipient(SUPERVISOR, because=ONE_DAY), id="the supervisor is away: their role"),
        pytest.param({"supervisor": None}, ONE, [], Recipient(SUPERVISOR, because=ONE_DAY), id="no supervisor: their role"),
        pytest.param({"officer": None, "supervisor": None}, ONE, [], Recipient(SUPERVISOR, because=ONE_DAY), id="nobody is named"),
        pytest.param({"unit": Unit.VICTIM_CARE_UNIT}, ONE, [], Recipient(SUPERVISOR, because=ONE_DAY), id="a unit's: the role"),
        pytest.param({"unit": Unit.WITNESS_CARE}, ONE, [], Recipient(SUPERVISOR, because=ONE_DAY), id="Witness Care's"),
        pytest.param({"unit": Unit.OPERATIONS}, ONE, [], Recipient(DUTY, because=ONE_DAY), id="operations': the duty role"),
        # the next rank
        pytest.param({}, THREE, [entry()], Recipient(Unit.INSPECTOR, because=THREE_DAYS), id="the officer's: the inspector"),
        pytest.param({"unit": SUPERVISOR}, THREE, [], Recipient(Unit.INSPECTOR, because=THREE_DAYS), id="the supervisor's: the inspector"),
        pytest.param({"unit": Unit.VICTIM_CARE_UNIT}, THREE, [], Recipient(Unit.INSPECTOR, because=THREE_DAYS), id="a unit's: the same"),
        pytest.param({"unit": Unit.OPERATIONS}, THREE, [], Recipient(DUTY, because=THREE_DAYS), id="operations': the duty role again"),
        pytest.param({}, Rank(Unit.DUTY_CONTACT, 5), [], Recipient(DUTY, because="Late for 5 working days."), id="another force's rank"),
    ],
)
def test_who_hears_at_each_rank(facts: dict[str, Any], rank: Rank, directory: list[DirectoryOfficer], reader: Recipient) -> None:
    listed = {officer.collar_number: officer for officer in directory}
    assert escalated_to(owed(**{"supervisor": "1890"} | facts), rank, FROM, listed.get) == reader


def test_the_ladder_of_the_force() -> None:
    assert (Rank(SUPERVISOR, 1), Rank(Unit.INSPECTOR, 3)) == (ONE, THREE)

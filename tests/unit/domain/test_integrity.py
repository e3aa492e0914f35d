"""What the crime management unit has to look at: every check on both sides of its edge.

Issue 5, section 7; the force's 2018 crime data integrity inspection. NOW is Friday 20 November 2026, 10:31.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.events import ContactRecorded, EventType, InvestigationEvent, Step, TaskDone
from chalicelib.domain.integrity import RECORDING_RULES, Recording, RecordingRule, check_id, checks, findings, looks_again_at, mended
from chalicelib.domain.model import Unit
from chalicelib.domain.obligations import DECISION, RECORD, Kind, Obligation, ObligationState, Purpose
from tests.builders import NOW, flags, iso, victim
from tests.domain_builders import STANDING, codes, occurrence

HOUR = timedelta(hours=1)
P = Purpose
INCIDENT: dict[str, Any] = {"record_type": "incident", "offences": []}
TWO: dict[str, Any] = {"record_type": "incident", "offences": codes("28E", "45")}
ABUSE: dict[str, Any] = {"flags": flags(domestic_abuse=True)}
CHILD = {"date_of_birth": "2015-03-04"}
A_DAY_AGO = {"reported_at": iso(NOW - 24 * HOUR), "recorded_at": iso(NOW - 24 * HOUR), "occurred_from": None, "occurred_to": None}


def recording(was_crime: bool = False, linked_crimes: int = 0, told: Any = (), **facts: Any) -> Recording:
    return Recording(occurrence(**facts), was_crime, linked_crimes, tuple(told), NOW, frozenset({"V9"}))


def reported(hours: float, minutes: float = 0, **facts: Any) -> dict[str, Any]:
    """Reported so long before NOW, and recorded now."""
    at = NOW - timedelta(hours=hours, minutes=minutes)
    return {"reported_at": iso(at), "recorded_at": iso(NOW), "occurred_from": None, "occurred_to": None, **facts}


def decided(all_suspects: bool | None) -> InvestigationEvent:
    return InvestigationEvent("26000712345", "E-1", EventType.CHARGED, NOW, all_suspects_and_charges=all_suspects)


def told_of(*victims: str) -> InvestigationEvent:
    return InvestigationEvent("26000712345", "E-1", EventType.ARRESTED, NOW, victim_ids=frozenset(victims) if victims else None)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        pytest.param({}, [], id="a burglary, recorded at once"),
        pytest.param({**INCIDENT}, [], id="an incident without a sign"),
        # An incident with a sign of domestic abuse and no crime.
        pytest.param({**INCIDENT, **ABUSE}, [P.DOMESTIC_ABUSE_NO_CRIME], id="incident, flagged"),
        pytest.param({**INCIDENT, "flags": flags(domestic_abuse=None)}, [], id="incident, the flag not known: no sign"),
        pytest.param({**INCIDENT, "markers": ["doma_form"]}, [P.DOMESTIC_ABUSE_NO_CRIME], id="incident, DOMA form"),
        pytest.param({**INCIDENT, "markers": ["terrorism"]}, [], id="incident, another marker"),
        pytest.param({**INCIDENT, "dash_risk": "standard"}, [P.DOMESTIC_ABUSE_NO_CRIME], id="incident, a DASH was made"),
        pytest.param(
            {**INCIDENT, "person": {"relationship_to_suspect": "ex_partner"}}, [P.DOMESTIC_ABUSE_NO_CRIME], id="incident, former partner"
        ),
        pytest.param({**INCIDENT, "person": {"relationship_to_suspect": "acquaintance"}}, [], id="incident, acquaintance"),
        pytest.param({**INCIDENT, **ABUSE, "linked_crimes": 1}, [], id="incident, flagged, a crime is linked"),
        pytest.param({**INCIDENT, **ABUSE, "status": "closed"}, [P.DOMESTIC_ABUSE_NO_CRIME], id="incident, flagged, closed"),
        pytest.param({**INCIDENT, **ABUSE, "status": "transferred"}, [], id="incident, flagged, another force has it"),
        pytest.param({**ABUSE}, [], id="a crime, flagged"),
        # Several crimes in one incident.
        pytest.param({"record_type": "incident", "offences": codes("28E")}, [], id="one crime named in an incident"),
        pytest.param(TWO, [P.SEVERAL_CRIMES], id="two crimes named"),
        pytest.param(
            {"record_type": "incident", "offences": codes("28E", "45"), "linked_crimes": 1}, [P.SEVERAL_CRIMES], id="one recorded"
        ),
        pytest.param({**TWO, "linked_crimes": 2}, [], id="both recorded"),
        pytest.param({"record_type": "incident", "offences": codes("28E", "")}, [], id="a blank class names no crime"),
        pytest.param({"offences": codes("28E", "45")}, [], id="two offences in a crime"),
        # A report by somebody else and no crime after 24 hours.
        pytest.param({**INCIDENT, **reported(23, 59), "source": "professional"}, [], id="a professional, a minute before the day is over"),
        pytest.param({**INCIDENT, **reported(24), "source": "professional"}, [P.REPORTED_BY_ANOTHER_NO_CRIME], id="a professional, a day"),
        pytest.param({**INCIDENT, **reported(25), "source": "third_party"}, [P.REPORTED_BY_ANOTHER_NO_CRIME], id="a neighbour, a day"),
        pytest.param({**INCIDENT, **reported(25), "source": "third_party", "linked_crimes": 1}, [], id="a neighbour, a crime is linked"),
        pytest.param({**INCIDENT, **reported(25), "source": "101"}, [], id="the victim, a day"),
        pytest.param({**A_DAY_AGO, "source": "third_party"}, [], id="a neighbour's crime"),
        # N100 and its sub-codes.
        pytest.param({"record_type": "n100", "offences": codes("N100")}, [P.N100_WITHOUT_SUB_CODE], id="N100"),
        pytest.param({"record_type": "n100", "offences": codes("19C")}, [P.N100_WITHOUT_SUB_CODE], id="N100 by another class"),
        pytest.param({"record_type": "n100", "offences": codes("N100/1")}, [], id="N100/1"),
        pytest.param({"record_type": "n100", "offences": codes("N100/3")}, [], id="N100/3"),
        pytest.param({"record_type": "n100", "offences": codes("N100"), "status": "cancelled"}, [], id="N100, cancelled"),
        # Recorded late.
        pytest.param(reported(24), [], id="recorded 24 hours after the report"),
        pytest.param(reported(24, 1), [P.RECORDED_LATE], id="recorded a minute later"),
        pytest.param(reported(30, record_type="n100", offences=codes("N100/2")), [P.RECORDED_LATE], id="an N100, late"),
        pytest.param(reported(30, **INCIDENT), [], id="an incident is no crime record"),
        # Cancelled.
        pytest.param({"status": "cancelled"}, [P.CANCELLATION_UNVERIFIED], id="a crime, cancelled"),
        pytest.param({**INCIDENT, "status": "cancelled"}, [], id="an incident, cancelled"),
        pytest.param({**INCIDENT, "was_crime": True}, [P.CANCELLATION_UNVERIFIED], id="a crime made an incident"),
        pytest.param({"was_crime": True}, [], id="a crime that was one before"),
        pytest.param({"status": "closed"}, [], id="a crime, closed"),
        # Rape by several offenders.
        pytest.param({"offences": codes("19C")}, [], id="rape"),
        pytest.param({"offences": codes("19C", "19C")}, [P.RAPE_RECORDED_ONCE], id="two rapes in one record"),
        pytest.param({"offences": codes("19C"), "markers": ["multiple_offenders"]}, [P.RAPE_RECORDED_ONCE], id="rape, marker"),
        pytest.param({"offences": codes("19C"), "markers": ["several offenders"], "linked_crimes": 1}, [], id="rape, another is recorded"),
        pytest.param({"offences": codes("17A"), "markers": ["multiple_offenders"]}, [], id="sexual assault, marker"),
        pytest.param({"offences": codes("19C"), "told": [decided(all_suspects=False)]}, [P.RAPE_RECORDED_ONCE], id="some of the suspects"),
        pytest.param({"offences": codes("19C"), "told": [decided(all_suspects=True)]}, [], id="all of the suspects"),
        pytest.param({"offences": codes("19C"), "told": [decided(all_suspects=None)]}, [], id="it is not known of how many"),
        # A child who lives with domestic abuse.
        pytest.param({"flags": flags(domestic_abuse=True, safeguarding=True)}, [P.CHILD_NOT_RECORDED], id="abuse and safeguarding"),
        pytest.param({**ABUSE, "markers": ["children_present"]}, [P.CHILD_NOT_RECORDED], id="abuse and a marker of children"),
        pytest.param({**ABUSE, "markers": ["childhood_home"]}, [], id="abuse and a marker of something else"),
        pytest.param({"flags": flags(safeguarding=True)}, [], id="safeguarding alone"),
        pytest.param(
            {"flags": flags(domestic_abuse=True, safeguarding=True), "victims": [victim("V1"), victim("V2", **CHILD)]},
            [],
            id="the child is a victim of the record",
        ),
        # What was told of somebody whom no version names.
        pytest.param({"told": [told_of("V7")]}, [P.VICTIM_NOT_NAMED], id="news for somebody unknown"),
        pytest.param({"told": [told_of("V7", "V1")]}, [P.VICTIM_NOT_NAMED], id="news for a victim and somebody unknown"),
        pytest.param({"told": [told_of("V1")]}, [], id="news for the victim"),
        pytest.param({"told": [told_of("V9")]}, [], id="news for a victim who was removed"),
        pytest.param({"told": [told_of()]}, [], id="news for everybody"),
        pytest.param({"told": [TaskDone("26000712345", "T-1", "0" * 32, NOW)]}, [], id="a task is of nobody"),
        pytest.param({"told": [ContactRecorded("26000712345", "C-1", "V7", NOW)]}, [P.VICTIM_NOT_NAMED], id="a contact with one unknown"),
        # Several at once.
        pytest.param(
            {**reported(25), **INCIDENT, **ABUSE, "offences": codes("8N", "105A"), "source": "professional"},
            [P.DOMESTIC_ABUSE_NO_CRIME, P.REPORTED_BY_ANOTHER_NO_CRIME, P.SEVERAL_CRIMES],
            id="several at once",
        ),
    ],
)
def test_what_has_to_be_looked_at(facts: dict[str, Any], found: list[Purpose]) -> None:
    assert sorted(findings(recording(**facts))) == sorted(found)


def test_every_check_has_one_row_with_a_source() -> None:
    assert sorted(row.purpose for row in RECORDING_RULES) == sorted({row.purpose for row in RECORDING_RULES})
    assert all("{" in row.source or "[INF]" in row.source for row in RECORDING_RULES)


def test_a_row_counts_from_its_day() -> None:
    row = RecordingRule(P.RECORDED_LATE, date(2026, 11, 20), "a new rule")
    assert findings(recording(**reported(10, 29)), [row]) == frozenset()
    assert findings(recording(**reported(25)), [row]) == frozenset(), "reported on the day before"
    assert findings(recording(**reported(25)), [replace(row, effective_from=date(2026, 11, 19))]) == {P.RECORDED_LATE}


@pytest.mark.parametrize(
    ("facts", "hours"),
    [
        pytest.param({**INCIDENT, "source": "third_party"}, 24, id="a neighbour"),
        pytest.param({**INCIDENT, "source": "professional"}, 24, id="a professional"),
        pytest.param({**INCIDENT, "source": "999"}, None, id="the victim"),
        pytest.param({"source": "professional"}, None, id="a crime"),
    ],
)
def test_when_a_report_by_another_is_looked_at_again(facts: dict[str, Any], hours: int | None) -> None:
    told = occurrence(**facts)
    assert looks_again_at(told) == (told.reported_at + hours * HOUR if hours else None)


def look(found: set[Purpose], before: list[Obligation] | None = None, *, hours: float = 0, told: Any = ()) -> list[Obligation]:
    """What is owed after something was found so many hours after NOW."""
    known = replace(recording(told=told), now=NOW + hours * HOUR)
    return list(checks(known, found, {row.obligation_id: row for row in before or []}, STANDING, known.now))


def test_a_finding_is_owed_by_the_crime_management_unit_within_a_working_day() -> None:
    """Found on a Friday morning: until the end of Monday."""
    (owed,) = look({P.RECORDED_LATE})
    assert (owed.kind, owed.unit, owed.victim_id, owed.begun_by) == (Kind.RECORDING_CHECK, Unit.CRIME_MANAGEMENT, None, DECISION)
    assert owed.due_at.isoformat() == "2026-11-23T23:59:59+00:00"
    assert owed.obligation_id == check_id("26000712345", P.RECORDED_LATE)
    assert owed.district == "Amber Valley"


def test_what_is_found_again_keeps_its_start() -> None:
    first = look({P.RECORDED_LATE})
    (again,) = look({P.RECORDED_LATE}, first, hours=80)
    assert (again.started_at, again.due_at, again.state) == (NOW, first[0].due_at, ObligationState.OPEN)
    (late,) = look({P.RECORDED_LATE}, first, hours=100)
    assert (late.started_at, late.state) == (NOW, ObligationState.LATE)


def test_what_the_record_mended_is_met_and_stays_so() -> None:
    (owed,) = look(set(), look({P.RECORDED_LATE}), hours=1)
    assert (owed.state, owed.evidence, owed.met_at, owed.next_at) == (ObligationState.MET, RECORD, NOW + HOUR, None)
    assert look(set(), [owed], hours=2) == []


def test_what_is_found_anew_starts_anew() -> None:
    met = look(set(), look({P.RECORDED_LATE}), hours=1)
    (owed,) = look({P.RECORDED_LATE}, met, hours=100)
    assert (owed.state, owed.started_at, owed.evidence) == (ObligationState.OPEN, NOW + 100 * HOUR, None)


def test_what_somebody_looked_at_is_done_whatever_the_record_says_then() -> None:
    first = look({P.RECORDED_LATE})
    (picked,) = look(
        {P.RECORDED_LATE}, first, hours=1, told=[TaskDone("26000712345", "T-1", first[0].obligation_id, NOW + HOUR, Step.PICKED_UP)]
    )
    assert (picked.state, picked.picked_up_at) == (ObligationState.OPEN, NOW + HOUR)
    done = TaskDone("26000712345", "T-2", first[0].obligation_id, NOW + 2 * HOUR)
    (met,) = look({P.RECORDED_LATE}, first, hours=3, told=[done, TaskDone("26000712345", "T-3", "0" * 32, NOW)])
    assert (met.state, met.evidence, met.met_at) == (ObligationState.MET, "T-2", NOW + 2 * HOUR)
    assert look(set(), [met], hours=4, told=[done]) == []


def test_an_older_version_that_comes_late_leaves_what_it_showed_as_mended() -> None:
    owed = mended(recording(), P.RECORDED_LATE, STANDING, NOW)
    assert (owed.state, owed.evidence, owed.met_at, owed.next_at) == (ObligationState.MET, RECORD, NOW, None)

"""What a plan owes and how it stands at any time: met by the earliest evidence, late, breached, ended.

docs/obligations.md. The base is reported on Friday 20 November 2026 at 09:58: two working days end on Tuesday 24th. Tasks are in
test_plan_tasks.py, the chain of updates in test_updates.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.agreements import START
from chalicelib.domain.delivery import State, fact_id
from chalicelib.domain.events import Covered, Event, Result
from chalicelib.domain.model import Status, Unit
from chalicelib.domain.obligations import ASSESSED, PAPER, Kind, Obligation, ObligationState
from chalicelib.domain.plan import Plan, plan
from tests.builders import NOW, enhanced
from tests.domain_builders import at, codes, left, occurrence, owed, planned
from tests.unit.domain.update_stories import FIRST, SILENT_RECORD, changed, listed, moment, spoke, story, tried, version

OPEN, LATE, BREACHED = ObligationState.OPEN, ObligationState.LATE, ObligationState.BREACHED
MET, WAIVED = ObligationState.MET, ObligationState.WAIVED
ACK, REFERRAL, NEEDS, UPDATE = Kind.WRITTEN_ACKNOWLEDGEMENT, Kind.REFERRAL, Kind.NEEDS_ASSESSMENT, Kind.UPDATE
NOT_ASSESSED = {"enhanced": None}
PAPER_AT_TEN = {"written_acknowledgement": {"given_at": "2026-11-20T10:00:00+00:00", "method": "by hand"}}
TOLD_BY = {ACK: Covered.WRITTEN_ACKNOWLEDGEMENT, REFERRAL: Covered.REFERRAL, NEEDS: Covered.NEEDS_ASSESSMENT}


def right(plan: Plan, kind: Kind) -> Obligation:
    row = owed(plan, kind)
    assert row is not None
    return row


def update(plan: Plan, begun_by: str = START) -> Obligation:
    """The link of the chain that something began."""
    return plan.obligations[fact_id("26000712345", "V1", UPDATE, begun_by)]


@pytest.mark.parametrize(
    ("now", "state"),
    [
        pytest.param("2026-11-20 10:31:00", OPEN, id="Friday"),
        pytest.param("2026-11-24 23:59:59", OPEN, id="Tuesday, the last second"),
        pytest.param("2026-11-25 00:00:00", LATE, id="Wednesday, the first"),
        pytest.param("2026-11-27 23:59:59", LATE, id="Friday, three working days late"),
        pytest.param("2026-11-28 00:00:00", BREACHED, id="Saturday"),
        pytest.param("2027-11-28 00:00:00", BREACHED, id="a year later"),
    ],
)
@pytest.mark.parametrize("kind", [ACK, REFERRAL, NEEDS])
def test_a_right_that_nobody_met(kind: Kind, now: str, state: ObligationState) -> None:
    row = right(planned(occurrence(person=NOT_ASSESSED), now=at(now)), kind)
    assert (row.state, row.due_at, row.reason, row.evidence) == (state, at("2026-11-24 23:59:59"), None, None)
    assert row.unmet


@pytest.mark.parametrize("kind", TOLD_BY)
@pytest.mark.parametrize(
    ("when", "result", "state"),
    [
        pytest.param("2026-11-20 09:30", Result.GIVEN_BY_HAND, MET, id="at the scene, before the report was recorded"),
        pytest.param("2026-11-24 23:59:59", Result.SPOKEN, MET, id="in time"),
        pytest.param("2026-11-25 00:00:00", Result.SENT, MET, id="late"),
        pytest.param("2026-11-23 12:00", Result.NO_ANSWER, BREACHED, id="a try"),
        pytest.param("2026-11-23 12:00", Result.MESSAGE_LEFT, BREACHED, id="a message left"),
    ],
)
def test_a_right_is_met_by_a_contact_that_covers_it(kind: Kind, when: str, result: Result, state: ObligationState) -> None:
    """`met_at` is when it happened, not when we heard of it, a week later."""
    contact = spoke("C-1", when, covers=frozenset({TOLD_BY[kind]}), result=result)
    plan = planned(occurrence(person=NOT_ASSESSED), events=(contact,), now=at("2026-12-01 12:00"))
    row = right(plan, kind)
    reached = state is MET
    assert (row.state, row.evidence, row.met_at) == (state, "C-1" if reached else None, moment(when) if reached else None)
    assert row.tried_at == (None if reached else moment(when))
    assert all(right(plan, other).state is BREACHED for other in TOLD_BY if other is not kind)


DELIVERED_AT = at("2026-11-20 11:02")
ACKED = frozenset({Covered.WRITTEN_ACKNOWLEDGEMENT})


@pytest.mark.parametrize(
    ("person", "delivered", "events", "evidence", "met_at"),
    [
        pytest.param(PAPER_AT_TEN, True, [spoke("C-1", "2026-11-20 10:59", covers=ACKED)], PAPER, "2026-11-20 10:00", id="the paper"),
        pytest.param({}, True, [spoke("C-1", "2026-11-20 10:59", covers=ACKED)], "C-1", "2026-11-20 10:59", id="the contact"),
        pytest.param({}, True, [spoke("C-1", "2026-11-20 11:03", covers=ACKED)], "n", "2026-11-20 11:02", id="the message"),
        pytest.param({}, False, [spoke("C-1", "2026-11-20 11:03", covers=ACKED)], "C-1", "2026-11-20 11:03", id="no message arrived"),
    ],
)
def test_of_several_pieces_of_evidence_the_earliest_counts(
    person: dict[str, Any], delivered: bool, events: list[Event], evidence: str, met_at: str
) -> None:
    rows = [replace(row, delivered_at=DELIVERED_AT) for row in left({}, email=State.DELIVERED if delivered else State.SENT)]
    row = right(planned(occurrence(version=2, person=person), rows=rows, events=tuple(events)), ACK)
    assert (row.state, row.evidence, row.met_at) == (MET, rows[0].notification_id if evidence == "n" else evidence, at(met_at))


@pytest.mark.parametrize(
    ("said", "state", "evidence"),
    [
        pytest.param(None, OPEN, None, id="nothing said"),
        pytest.param(enhanced(eligible=None), OPEN, None, id="not assessed"),
        pytest.param(enhanced(eligible=True), MET, ASSESSED, id="enhanced"),
        pytest.param(enhanced(eligible=False), MET, ASSESSED, id="not enhanced, but assessed"),
    ],
)
@pytest.mark.parametrize("facts", [{}, {"dash_risk": "high"}, {"offences": codes("")}], ids=["automatic", "specialist", "in doubt"])
def test_the_needs_assessment(facts: dict[str, Any], said: Any, state: ObligationState, evidence: str | None) -> None:
    row = right(planned(occurrence(**facts, person={"enhanced": said})), NEEDS)
    assert (row.state, row.evidence, row.rule_id, row.due_at) == (state, evidence, "NEEDS-2WD", at("2026-11-24 23:59:59"))


CLOSING = version(2, "2026-11-27", status=Status.CLOSED)
CANCELLED_LATE = [version(2, "2026-12-01", status=Status.CANCELLED), version(3, "2026-12-02")]
CLOSED_LATE = version(2, "2026-12-01 00:00", status=Status.CLOSED)


@pytest.mark.parametrize(
    ("facts", "now", "begun_by", "state", "reason"),
    [
        pytest.param([FIRST], "2026-11-30 23:59:59", START, OPEN, None, id="Monday, the last second of the day"),
        pytest.param([FIRST], "2026-12-01 00:00:00", START, LATE, None, id="Tuesday, late"),
        pytest.param([FIRST], "2026-12-03 23:59:59", START, LATE, None, id="Thursday, three working days late"),
        pytest.param([FIRST], "2026-12-04 00:00:00", START, BREACHED, None, id="Friday, breached"),
        pytest.param([FIRST, spoke("C-1", "2026-11-26")], "2026-12-04", START, MET, None, id="met"),
        pytest.param([FIRST, spoke("C-1", "2026-11-26")], "2026-12-06 23:59:59", "C-1", OPEN, None, id="and the next is open"),
        pytest.param([FIRST, spoke("C-1", "2026-11-26")], "2026-12-07 00:00:00", "C-1", LATE, None, id="and the next is late"),
        pytest.param([FIRST, CLOSING], "2026-12-04", START, WAIVED, "closed", id="closed before it was due"),
        pytest.param([FIRST, CLOSED_LATE], "2026-12-01", START, BREACHED, "closed", id="closed late"),
        pytest.param([FIRST, *CANCELLED_LATE], "2026-12-03", START, WAIVED, "cancelled", id="cancelled late, and open again"),
        pytest.param([FIRST, changed("A-1", "2026-12-02", 7)], "2026-12-02", START, BREACHED, "agreed_anew", id="agreed anew late"),
        pytest.param([FIRST, changed("A-1", "2026-12-02", 7)], "2026-12-02", "A-1", OPEN, None, id="and the next is open"),
        pytest.param([FIRST, changed("A-1", "2026-11-26", declined=True)], "2026-12-04", START, WAIVED, "declined", id="declined"),
    ],
)  # fmt: skip
def test_how_an_update_stands(facts: list[Any], now: str, begun_by: str, state: ObligationState, reason: str | None) -> None:
    row = update(plan(story(*facts, now=moment(now))), begun_by)
    assert (row.kind, row.rule_id, row.state, row.reason) == (UPDATE, "UPDATE", state, reason)
    assert row.unmet is (reason is None and state is not MET)


def test_every_update_that_was_ever_owed_is_planned() -> None:
    contacts = [spoke("C-1", "2026-11-26"), spoke("C-2", "2026-12-08")]
    rows = {update(plan(story(*contacts, now=at("2026-12-09 12:00"))), name).state: name for name in (START, "C-1", "C-2")}
    assert rows == {MET: "C-1", OPEN: "C-2"}
    first = update(plan(story(*contacts)))
    assert (first.started_at, first.evidence, first.met_at) == (NOW, "C-1", moment("2026-11-26"))


@pytest.mark.parametrize(("record", "proposed"), [(FIRST, False), (SILENT_RECORD, True)], ids=["agreed", "proposed"])
def test_a_proposal_is_counted_apart(record: Any, proposed: bool) -> None:
    assert update(plan(story(record))).proposed is proposed


@pytest.mark.parametrize(
    ("events", "begun_by", "unit"),
    [
        pytest.param([], START, None, id="the officer's"),
        pytest.param([listed("E-1", "2026-11-26")], START, Unit.WITNESS_CARE, id="a hearing was listed"),
        pytest.param([listed("E-1", "2026-11-26"), spoke("C-1", "2026-11-27")], START, None, id="what was met stays as it was met"),
        pytest.param([listed("E-1", "2026-11-26"), spoke("C-1", "2026-11-27")], "C-1", Unit.WITNESS_CARE, id="and the next is theirs"),
        pytest.param([listed("E-1", "2026-11-26"), changed("A-1", "2026-11-27", declined=True)], START, None, id="declined"),
    ],
)
def test_from_the_first_hearing_updates_are_owed_by_witness_care(events: list[Any], begun_by: str, unit: Unit | None) -> None:
    assert update(plan(story(*events)), begun_by).unit is unit


def test_a_try_is_shown_with_the_update() -> None:
    assert update(plan(story(tried("C-1", "2026-11-25"), tried("C-2", "2026-11-26")))).tried_at == moment("2026-11-26")


@pytest.mark.parametrize(
    ("facts", "officer", "supervisor"),
    [
        pytest.param({}, "2345", "1890", id="both named"),
        pytest.param({"officer": None}, None, "1890", id="no officer"),
        pytest.param({"supervisor": None}, "2345", None, id="no supervisor"),
    ],
)
def test_who_answers_for_what_is_owed(facts: dict[str, Any], officer: str | None, supervisor: str | None) -> None:
    rows = planned(occurrence(**facts, person={"referral_opt_out": None})).obligations.values()
    assert {(row.officer, row.supervisor) for row in rows} == {(officer, supervisor)}


def test_when_the_officer_in_the_case_changes_what_is_owed_follows() -> None:
    record = occurrence(version=2, officer={"collar_number": "3456", "name": None, "email": None, "phone": None, "team": None})
    assert {row.officer for row in planned(record).obligations.values()} == {"3456"}

"""Figures of a month: what each obligation counts as, and how the counts are shown.

Must not test which obligations belong to a month: the index chooses them.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.figures import HEADER, MONTH, Group, Outcome, as_csv, as_text, figures, outcome_of
from chalicelib.domain.model import Route
from chalicelib.domain.obligations import Kind, Obligation, ObligationState, Purpose
from tests.domain_builders import at

DUE = at("2026-11-24 23:59:59")
SECOND = timedelta(seconds=1)
OPEN, LATE, BREACHED, MET, WAIVED = ObligationState
IN = {"district": "Amber Valley", "route": Route.VICTIM_SERVICES}


def owed(kind: Kind = Kind.REFERRAL, state: ObligationState = OPEN, **more: Any) -> Obligation:
    base = Obligation(
        obligation_id="0" * 32,
        reference="26000712345",
        kind=kind,
        victim_id="V1",
        rule_id="REF-2WD",
        rule_from=DUE.date(),
        started_at=at("2026-11-20 09:58"),
        due_at=DUE,
        created_at=at("2026-11-20 10:31"),
    )
    return replace(base, state=state, **more)


@pytest.mark.parametrize(
    ("row", "counts_as"),
    [
        (owed(), Outcome.OPEN),
        (owed(state=LATE), Outcome.LATE),
        (owed(state=BREACHED), Outcome.BREACHED),
        (owed(state=BREACHED, reason="closed"), Outcome.BREACHED),
        (owed(state=WAIVED, reason="opted_out"), Outcome.WAIVED),
        (owed(state=MET, met_at=DUE - SECOND), Outcome.MET_IN_TIME),
        (owed(state=MET, met_at=DUE), Outcome.MET_IN_TIME),
        (owed(state=MET, met_at=DUE + SECOND), Outcome.MET_LATE),
        (owed(state=MET, met_at=DUE + timedelta(days=30)), Outcome.MET_LATE),
        (owed(state=MET), Outcome.MET_IN_TIME),
    ],
)
def test_each_obligation_counts_in_one_column(row: Obligation, counts_as: Outcome) -> None:
    assert outcome_of(row) is counts_as


SOME = [
    owed(Kind.UPDATE, MET, met_at=DUE, proposed=True, **IN),
    owed(Kind.UPDATE, LATE, proposed=True, **IN),
    owed(Kind.UPDATE, proposed=False, **IN),
    owed(Kind.UPDATE, proposed=False, district="Erewash", route=Route.HELD),
    owed(Kind.REFERRAL, WAIVED, **IN),
    owed(Kind.QUARANTINED_RECORD, BREACHED),
    owed(Kind.RECORDING_CHECK, purpose=Purpose.RECORDED_LATE, district="Erewash"),
]


def test_rows_are_by_kind_district_route_agreement_and_check() -> None:
    found = figures("2026-11", SOME)
    assert {group: found.of([group]) for group in found.groups} == {
        Group(Kind.QUARANTINED_RECORD, "-", "-", "-"): (1, 0, 0, 0, 1, 0, 0),
        Group(Kind.RECORDING_CHECK, "Erewash", "-", "-", "recorded_late"): (1, 0, 0, 0, 0, 1, 0),
        Group(Kind.REFERRAL, "Amber Valley", "victim_services", "-"): (1, 0, 0, 0, 0, 0, 1),
        Group(Kind.UPDATE, "Amber Valley", "victim_services", "agreed"): (1, 0, 0, 0, 0, 1, 0),
        Group(Kind.UPDATE, "Amber Valley", "victim_services", "proposed"): (2, 1, 0, 1, 0, 0, 0),
        Group(Kind.UPDATE, "Erewash", "held", "agreed"): (1, 0, 0, 0, 0, 1, 0),
    }


def test_the_text_begins_with_totals_and_counts_what_was_proposed_apart() -> None:
    assert as_text(figures("2026-11", SOME)) == [
        "What was owed from 2026-11, and what became of it",
        "",
        "                    opened  met in time  met late  late  breached  open  waived",
        "all                      7            1         0     1         1     3       1",
        "referral                 1            0         0     0         0     0       1",
        "update                   4            1         0     1         0     2       0",
        "  agreed                 2            0         0     0         0     2       0",
        "  proposed               2            1         0     1         0     0       0",
        "quarantined record       1            0         0     0         1     0       0",
        "recording check          1            0         0     0         0     1       0",
        "  recorded late          1            0         0     0         0     1       0",
    ]


def test_the_text_goes_by_district_and_route_on_demand() -> None:
    text = as_text(figures("2026-11", SOME), detail=True)
    assert text[: -len(SOME) - 2] == [*as_text(figures("2026-11", SOME)), ""]
    assert text[-len(SOME) - 2 :] == [
        "By district and route",
        "",
        "                                                 opened  met in time  met late  late  breached  open  waived",
        "quarantined record, -, -                              1            0         0     0         1     0       0",
        "recording check, Erewash, -, recorded late            1            0         0     0         0     1       0",
        "referral, Amber Valley, victim services               1            0         0     0         0     0       1",
        "update, Amber Valley, victim services, agreed         1            0         0     0         0     1       0",
        "update, Amber Valley, victim services, proposed       2            1         0     1         0     0       0",
        "update, Erewash, held, agreed                         1            0         0     0         0     1       0",
    ]


def test_a_month_without_anything_says_so() -> None:
    nothing = figures("2026-10", [])
    assert as_text(nothing, detail=True) == ["Nothing is owed from 2026-10."]
    assert as_csv(nothing) == ",".join(HEADER) + "\n"


def test_the_csv_has_a_header_and_a_row_for_each_group() -> None:
    assert as_csv(figures("2026-11", SOME[:2] + SOME[-2:])).splitlines() == [
        "month,kind,district,route,agreement,check,opened,met_in_time,met_late,late,breached,open,waived",
        "2026-11,quarantined_record,-,-,-,-,1,0,0,0,1,0,0",
        "2026-11,recording_check,Erewash,-,-,recorded_late,1,0,0,0,0,1,0",
        "2026-11,update,Amber Valley,victim_services,proposed,-,2,1,0,1,0,0,0",
    ]


@pytest.mark.parametrize(
    ("text", "is_one"), [("2026-01", True), ("2026-12", True), ("2026-00", False), ("2026-13", False), ("26-1", False)]
)
def test_what_a_month_is(text: str, is_one: bool) -> None:
    assert bool(MONTH.fullmatch(text)) is is_one


OBLIGATIONS = st.builds(
    lambda kind, state, days, district, proposed: owed(
        kind, state, district=district, proposed=proposed, met_at=DUE + timedelta(days=days)
    ),
    st.sampled_from(Kind),
    st.sampled_from(ObligationState),
    st.integers(-1, 1),
    st.sampled_from([None, "Amber Valley", 'Ere"wash, or so']),
    st.sampled_from([None, True, False]),
)


@given(st.lists(OBLIGATIONS))
def test_nothing_is_lost_and_nothing_counts_twice(rows: list[Obligation]) -> None:
    found = figures("2026-11", rows)
    table = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert sum(int(line["opened"]) for line in table) == len(rows)
    for outcome in Outcome:
        assert sum(int(line[outcome]) for line in table) == sum(outcome_of(row) is outcome for row in rows)
    for line in table:
        assert int(line["opened"]) == sum(int(line[outcome]) for outcome in Outcome)

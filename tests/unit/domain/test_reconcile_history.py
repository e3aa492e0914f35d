"""What is known late re-tells the chain of updates: nothing stays of what it undid, and what is over is not written again.

docs/obligations.md, "The update agreement"; figures count every update once. Any story is in test_obligations_properties.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from chalicelib.domain.agreements import START
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.obligations import Kind, Obligation
from tests.builders import NOW, officer_named
from tests.domain_builders import at, occurrence
from tests.unit.domain.replay import Replay
from tests.unit.domain.update_stories import changed, spoke, tried

RECORD = occurrence()
"""Every ten days, the next on Monday 30 November 2026."""


def updates_of(case: Replay) -> dict[str, str]:
    """The rows of updates by what began them: when each is due, how it stands, and what met it."""
    names = {fact_id("26000712345", "V1", Kind.UPDATE, name): name for name in (START, *(event.event_id for event in case.events))}
    rows = (row for row in case.owed["V1"].values() if row.kind is Kind.UPDATE)
    return {names[row.obligation_id]: _said(row) for row in rows}


def _said(row: Obligation) -> str:
    outcome = f"met by {row.evidence}" if row.evidence else f"{row.state}{f': {row.reason}' if row.reason else ''}"
    return f"{local_day(row.due_at):%a %-d %b}, {outcome}"


LATE_CONTACT = [spoke("C-1", "2026-11-29"), changed("A-2", "2026-12-02", 10), spoke("C-9", "2026-12-05")]
LATE_CHANGE = [changed("A-1", "2026-11-26", 28), changed("A-2", "2026-12-02", 10), spoke("C-9", "2026-12-05")]
LATE_REFUSAL = [changed("A-1", "2026-11-26", declined=True), spoke("C-2", "2026-12-02"), spoke("C-9", "2026-12-05")]


@pytest.mark.parametrize(
    ("events", "ends"),
    [
        pytest.param(
            LATE_CONTACT,
            {"start": "Mon 30 Nov, met by C-1", "C-1": "Sat 12 Dec, met by C-9", "C-9": "Tue 15 Dec, open"},
            id="a contact: it was not late when new terms were agreed",
        ),
        pytest.param(LATE_CHANGE, {"start": "Sat 12 Dec, met by C-9", "C-9": "Tue 15 Dec, open"}, id="a change: it had moved before"),
        pytest.param(LATE_REFUSAL, {"start": "Mon 30 Nov, waived: declined"}, id="a refusal: nothing was owed any more"),
    ],
)
def test_in_whatever_order_we_hear_of_it_the_rows_end_alike(events: list[Any], ends: dict[str, str]) -> None:
    for order in permutations(events):
        assert updates_of(Replay(now=at("2026-12-06 12:00")).deliver([RECORD, *order])) == ends


def test_rows_that_a_late_contact_undid_leave_no_breach() -> None:
    """Breached for days as far as we knew; then the officer keys what they did in time."""
    case = Replay(now=at("2026-12-01 12:00")).deliver([RECORD, changed("A-2", "2026-12-01 09:00", 1)])
    case.ask(at("2026-12-09 12:00"))
    assert updates_of(case) == {"start": "Mon 30 Nov, breached: agreed_anew", "A-2": "Wed 2 Dec, breached"}
    case.deliver([spoke("C-1", "2026-11-29", "2026-12-14")])
    assert updates_of(case) == {"start": "Mon 30 Nov, met by C-1", "C-1": "Wed 2 Dec, breached"}


DAILY = [spoke(f"C-{number:03d}", f"{NOW + timedelta(days=number):%Y-%m-%d}") for number in range(1, 121)]
"""A contact every day for four months: more updates than one transaction may hold."""


@pytest.mark.parametrize(
    "news",
    [
        pytest.param(occurrence(version=2, officer=officer_named("3456")), id="another officer"),
        pytest.param(occurrence(version=2, supervisor=None), id="no supervisor any more"),
        pytest.param(tried("C-999", "2027-03-21"), id="a try"),
    ],
)
def test_what_is_over_is_not_written_again(news: Any) -> None:
    """It is nobody's any more; and a case with a long history has to fit a transaction all the same."""
    case = Replay(now=at("2027-03-21 12:00")).deliver([RECORD])
    case.events = tuple(DAILY)
    case.ask()
    before = dict(case.owed["V1"])
    case.deliver([news])
    changed_rows = [row for key, row in case.owed["V1"].items() if key in before and before[key] != row]
    assert [row for row in changed_rows if row.kind is Kind.UPDATE and not row.unmet] == []
    over = [row for row in before.values() if row.kind is Kind.UPDATE and not row.unmet]
    assert len(over) == len(DAILY)
    assert {(row.officer, row.supervisor, row.tried_at) for row in over} == {(None, None, None)}


def test_a_correction_still_reaches_what_is_over() -> None:
    case = Replay(now=at("2026-12-09 12:00")).deliver([RECORD, spoke("C-2", "2026-12-02")])
    assert updates_of(case)["start"] == "Mon 30 Nov, met by C-2"
    case.deliver([spoke("C-1", "2026-11-29")])
    assert updates_of(case)["start"] == "Mon 30 Nov, met by C-1"
    (start,) = [row for row in case.owed["V1"].values() if row.evidence == "C-1"]
    assert start == replace(start, met_at=at("2026-11-29 12:00"))

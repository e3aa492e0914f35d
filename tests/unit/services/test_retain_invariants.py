"""Whatever was told, closed, done or left undone, in whatever order: no live case is ever touched, and no count changes, in any night.

Must not say which class a case is of: what counts is what is live and what is counted.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.case import Retained
from chalicelib.domain.erasure import why_live
from chalicelib.domain.obligations import ObligationState
from tests.builders import victim
from tests.unit.services.old_cases import counted, owed_by_month
from tests.unit.services.record_strategies import REFERENCES, modest
from tests.unit.services.stage import DAY, Stage
from tests.unit.services.test_invariants import Step, courses, played

closing = st.fixed_dictionaries({name: st.sampled_from(("open", "closed", "cancelled", "done", "done", "done")) for name in REFERENCES})
waits = st.lists(st.sampled_from((1, 400, 600, 1100, 2600, 3700)), min_size=2, max_size=5)


def _close(stage: Stage, reference: str, how: str) -> None:
    """As people would have by then; `done` is closed, with nothing owed and nothing on its way."""
    if how == "open" or reference not in stage.world.cases.heads:
        return
    stage.version(9, reference=reference, status="cancelled" if how == "cancelled" else "closed", victims=[victim()])
    stage.later(2 * DAY)
    if how == "done":
        for key, row in list(stage.world.cases.owed.items()):
            if key[0] == reference and row.unmet:
                stage.world.cases.owed[key] = replace(row, state=ObligationState.MET, met_at=stage.now, next_at=None)


def _live(stage: Stage) -> dict[str, Any]:
    """Everything stored of every live case, but how far retention is with it."""
    cases = stage.world.cases
    found = {}
    for reference, head in cases.heads.items():
        case, rows, owed = cases.load(reference), cases.outbox_of(reference), cases.obligations_of(reference)
        if why_live(case, rows, owed) and not head.stripped:
            archived = {key: kept for key, kept in stage.world.archive.kept.items() if key[0] == reference}
            events = {key: kept for key, kept in cases.events.items() if key[0] == reference}
            found[reference] = (replace(head, revision=0, retained=Retained()), case.parts, rows, owed, archived, events)
    return found


@modest(40)
@given(courses(), closing, waits)
def test_no_live_case_is_touched_and_no_count_changes(steps: list[Step], how: dict[str, str], days: list[int]) -> None:
    stage = played(steps)
    stage.world.calls.fail_no_more()
    stage.later(2 * DAY)
    for reference, what in how.items():
        _close(stage, reference, what)
    for wait in days:
        stage.world.clock.advance(timedelta(days=wait))
        live, figures, rows = _live(stage), owed_by_month(stage), counted(stage)
        points = {point: set(row.specialist) for point, row in stage.world.cases.points.items()}
        came = stage.house.retaining.run(stage.now)
        for one in stage.house.retaining.waiting(stage.now):
            assert bool(stage.house.retaining.strip(one.reference, "7001", "x", stage.now)) is bool(one.live or one.reference in live)
        after = _live(stage)
        assert {key: after[key] for key in live} == live
        assert (owed_by_month(stage), counted(stage)) == (figures, rows)
        assert came.stuck == ()
        for reference in live:
            for point, members in points.items():
                mine = {member for member in members if member[0] == reference}
                assert mine <= (stage.world.cases.points[point].specialist if point in stage.world.cases.points else set())
    stripped = {name for name, head in stage.world.cases.heads.items() if head.stripped}
    left = len(stage.left)
    stage.later(2 * DAY)
    assert [item for item in stage.left[left:] if item.reference in stripped and item.outside] == []


def test_the_courses_do_come_to_cases_that_are_stripped() -> None:
    """Or the property would hold of nothing."""
    stage = played([])
    stage.version(victims=[victim()])
    stage.later(2 * DAY)
    for item in list(stage.left):
        stage.receive(stage.row(item.notification_id))
    _close(stage, REFERENCES[0], "done")
    stage.world.clock.advance(timedelta(days=2600))
    assert stage.house.retaining.run(stage.now).stripped == 1

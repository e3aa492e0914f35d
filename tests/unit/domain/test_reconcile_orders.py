"""For any records: asking again changes nothing, what left is never touched, and every order of versions ends in the same rows.

Issue 2, "How it is checked": any permutation and repetition of distinct versions delivered inside the hold window ends in the same rows.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.delivery import WAITING, Notification, State
from chalicelib.domain.model import Occurrence
from chalicelib.domain.plan import Plan
from chalicelib.domain.reconcile import reconcile
from tests.builders import NOW, Record
from tests.domain_builders import STANDING, parsed, planned
from tests.strategies import deliveries, occurrences, versions
from tests.unit.domain.replay import Replay, applied

MANY = settings(max_examples=80, deadline=None)
FINAL = [state for state in State if state not in WAITING | {State.CANCELLED}]
HOW: dict[str, Any] = {"why_not": "why", "now": NOW, "standing": STANDING}


def outbox(plan: Plan, states: list[State]) -> dict[str, Notification]:
    """The plan's rows, each in one of `states`."""
    rows = [plan.notifications[key] for key in sorted(plan.notifications)]
    given_states = [states[index % len(states)] for index in range(len(rows))]
    return {
        row.notification_id: replace(row, state=state, attempted=state in FINAL, open_at=NOW if state is State.PENDING else None)
        for row, state in zip(rows, given_states, strict=True)
    }


@MANY
@given(
    occurrences(ids=("V1",)), occurrences(ids=("V1",), version=2), st.lists(st.sampled_from(State), min_size=1, max_size=4), st.booleans()
)
def test_asking_again_changes_nothing(first: Occurrence, second: Occurrence, states: list[State], suspended: bool) -> None:
    before = planned(first)
    rows, owed = outbox(before, states), dict(before.obligations)
    wanted, own = planned(second, rows=rows.values()), planned(second)
    once = applied(rows, owed, reconcile(rows, owed, current=wanted, own=own, suspended=suspended, **HOW))
    again = planned(second, rows=once[0].values())
    for asked in (own, None):
        difference = reconcile(*once, current=again, own=asked, suspended=suspended, **HOW)
        assert (difference.notifications, difference.obligations) == ((), ())


@MANY
@given(occurrences(ids=("V1",)), occurrences(ids=("V1",), version=2), st.sampled_from(FINAL))
def test_what_left_or_is_being_sent_keeps_its_state(first: Occurrence, second: Occurrence, state: State) -> None:
    before = planned(first)
    rows = outbox(before, [state])
    difference = reconcile(
        rows, dict(before.obligations), current=planned(second, rows=rows.values()), own=planned(second), suspended=False, **HOW
    )
    touched = [(old, new) for old, new in difference.notifications if old is not None]
    assert touched == []


@MANY
@given(occurrences(ids=("V1",)), occurrences(ids=("V1",), version=2))
def test_what_is_not_wanted_any_more_does_not_leave(first: Occurrence, second: Occurrence) -> None:
    case = Replay().deliver([first, second])
    wanted = case.plan("V1").notifications
    assert [key for key, row in case.rows["V1"].items() if row.state in WAITING and key not in wanted] == []
    assert wanted.keys() <= case.rows["V1"].keys()


@settings(max_examples=60, deadline=None)
@given(versions(most=3))
def test_every_order_of_the_same_versions_ends_in_the_same_rows(records: list[Record]) -> None:
    every = [parsed(record) for record in records]
    ends = [Replay().deliver(order) for order in permutations(every)]
    for end in ends[1:]:
        assert end.rows == ends[0].rows
        assert end.owed == ends[0].owed


@MANY
@given(deliveries(most=3))
def test_repeated_deliveries_end_as_one_of_each_does(records: list[Record]) -> None:
    arrived = [parsed(record) for record in records]
    once = sorted({record.version: record for record in arrived}.values(), key=lambda record: record.version)
    repeated, plain = Replay().deliver(arrived), Replay().deliver(once)
    assert (repeated.rows, repeated.owed) == (plain.rows, plain.owed)

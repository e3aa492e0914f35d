"""What every store of cases does with outbox rows one by one: a claim takes one for one worker, and what is due is found.

Must not look behind the port, and must not test decisions (test_cases_conformance.py).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.delivery import State
from chalicelib.services.ports import Cases, Changes, Swap
from tests.contract.stores import EVERY, store
from tests.stored_cases import NOW, REFERENCE, notification


@pytest.fixture(params=EVERY)
def cases(request: pytest.FixtureRequest) -> Iterator[Cases]:
    with store(request.param) as opened:
        yield opened.cases


def claim(row=None, token="w1", **changes) -> Swap:
    before = row or notification()
    taken = replace(before, state=State.SENDING, token=token, attempts=before.attempts + 1, open_at=NOW + timedelta(minutes=5))
    return Swap(before, replace(taken, lease_until=taken.open_at, reason=None, **changes))


def test_a_claim_takes_a_waiting_row(cases):
    cases.commit(Changes(notifications=(Swap(None, notification(reason="retry")),)))
    swap = claim(notification(reason="retry"))
    assert cases.claim(swap) is True
    assert cases.notifications(["n1"]) == {"n1": swap.after}
    assert cases.due(NOW, 10) == []
    assert cases.due(NOW + timedelta(minutes=5), 10) == ["n1"]


def test_outcomes_that_are_waited_for_are_counted_up_to_a_time(cases):
    """Of four shards, whichever the ids fall into; a row in another state, or later, is none of them."""
    assert cases.unknown_until(NOW) == 0
    unknown = [notification(f"u{number}", state=State.UNKNOWN, open_at=NOW + timedelta(minutes=number)) for number in range(10)]
    others = [notification("n1"), notification("h1", state=State.HELD), notification("s1", state=State.SENT, open_at=None)]
    cases.commit(Changes(notifications=tuple(Swap(None, row) for row in (*unknown, *others))))
    assert cases.unknown_until(NOW) == 1
    assert cases.unknown_until(NOW + timedelta(minutes=5)) == 6
    assert cases.unknown_until(NOW + timedelta(days=1)) == 10


def test_a_second_worker_gets_nothing_and_changes_nothing(cases):
    cases.commit(Changes(notifications=(Swap(None, notification()),)))
    assert cases.claim(claim(token="w1")) is True
    assert cases.claim(claim(token="w2")) is False
    assert cases.notifications(["n1"]) == {"n1": claim(token="w1").after}


def test_a_worker_knows_its_own_claim_again(cases):
    cases.commit(Changes(notifications=(Swap(None, notification()),)))
    assert cases.claim(claim()) is True
    assert cases.claim(claim()) is True


def test_a_claim_that_ended_is_not_known_again(cases):
    cases.commit(Changes(notifications=(Swap(None, notification()),)))
    assert cases.claim(claim())
    failed = replace(claim().after, state=State.FAILED)
    cases.commit(Changes(notifications=(Swap(claim().after, failed),)))
    assert cases.claim(claim()) is False


@pytest.mark.parametrize("stored", [None, notification(state=State.CANCELLED, open_at=None), notification(attempts=1)])
def test_a_row_that_moved_is_not_taken(cases, stored):
    if stored:
        cases.commit(Changes(notifications=(Swap(None, stored),)))
    assert cases.claim(claim()) is False
    assert cases.notifications(["n1"]) == ({"n1": stored} if stored else {})


def test_a_claim_keeps_what_a_decision_changed_meanwhile(cases):
    cases.commit(Changes(notifications=(Swap(None, notification()),)))
    moved = notification(language="cy", evidences=("o3",))
    cases.commit(Changes(notifications=(Swap(notification(), moved),)))
    assert cases.claim(claim(notification()))
    assert cases.notifications(["n1"]) == {"n1": claim(moved).after}


# ---- what is due


def test_due_rows_come_oldest_first_up_to_the_limit(cases):
    times = {f"n{number}": NOW - timedelta(minutes=(number * 7) % 20) for number in range(20)}
    waiting = [notification("later", open_at=NOW + timedelta(seconds=1)), notification("final", state=State.SENT, open_at=None)]
    rows = [notification(key, open_at=at) for key, at in times.items()] + waiting
    cases.commit(Changes(notifications=tuple(Swap(None, row) for row in rows)))
    expected = sorted(times, key=lambda key: (times[key], key))
    assert cases.due(NOW, 100) == expected
    assert cases.due(NOW, 7) == expected[:7]
    assert cases.due(NOW - timedelta(minutes=30), 7) == []


def test_a_row_that_no_longer_waits_leaves_the_index(cases):
    cases.commit(Changes(notifications=(Swap(None, notification()),)))
    cancelled = notification(state=State.CANCELLED, open_at=None)
    cases.commit(Changes(notifications=(Swap(notification(), cancelled),)))
    assert cases.due(NOW, 10) == []


def test_the_outbox_of_an_occurrence_comes_oldest_first(cases):
    rows = [notification("b", created_at=NOW + timedelta(seconds=2)), notification("c"), notification("a")]
    cases.commit(Changes(notifications=tuple(Swap(None, row) for row in rows)))
    assert [row.notification_id for row in cases.outbox_of(REFERENCE)] == ["a", "c", "b"]

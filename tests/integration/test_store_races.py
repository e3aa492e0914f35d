"""Several processes on one store, and answers that never come: exactly one wins, and everyone knows their own write again.

Must not test what one process sees when all goes well (tests/contract).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.repositories import DynamoCases
from chalicelib.adapters.tables import bind_tables
from chalicelib.domain.delivery import Notification, State
from chalicelib.domain.errors import Contended, KeptInformedError, StoreUnavailable
from chalicelib.services.ports import Cases, Changes, PointMark, Swap
from tests.contract.stores import create_tables, local_cloud, local_environment
from tests.integration.cloud_fixture import REGION, RunningCloud
from tests.integration.racers import DEAD, Racers, append_until_written, claim, commit, take_day
from tests.stored_cases import NOW, REFERENCE, entry, head, notification, obligation, part

RACERS = 4
WRITE, CLAIM = "TransactWriteItems", "UpdateItem"


@pytest.fixture
def cloud() -> Iterator[RunningCloud]:
    with local_cloud() as running:
        yield running


@pytest.fixture
def cases(cloud: RunningCloud) -> Cases:
    connection = bind_tables("kept-informed-", REGION, host=cloud.endpoint_url, read_timeout=0.3)
    create_tables()
    return DynamoCases(connection)


@pytest.fixture
def racers(cloud: RunningCloud, cases: Cases) -> Iterator[Racers]:
    started = Racers.start(RACERS, local_environment(cloud), REGION)
    yield started
    started.stop()


def taken(row: Notification, token: str) -> Swap[Notification]:
    lease = NOW + timedelta(minutes=2)
    return Swap(row, replace(row, state=State.SENDING, token=token, attempts=row.attempts + 1, open_at=lease, lease_until=lease))


def decision(number: int = 0) -> Changes:
    """A first decision, different for each number."""
    return Changes(
        head=Swap(None, head(content_hash=f"hash-{number}", signs=((1, frozenset("abcdefgh")),))),
        parts={"V1": part(rows=frozenset({f"n{number}"}))},
        notifications=(Swap(None, notification(f"n{number}")),),
        obligations=(Swap(None, obligation(f"o{number}")),),
        marks=tuple(PointMark("p", REFERENCE, f"V{victim}", specialist=True, do_not_contact=False) for victim in range(8)),
        audit=(entry(f"e{number}"),),
    )


def faults(cloud: RunningCloud, mode: str, operation: str, times: int) -> None:
    cloud.cloud.faults.replace([{"service": "dynamodb", "operation": operation, "mode": mode, "times": times}])


# ---- races


def test_of_many_claims_one_wins(cases, racers):
    for number in range(40):
        row = notification(f"n{number}")
        cases.commit(Changes(notifications=(Swap(None, row),)))
        won = racers.race(claim, [(taken(row, f"w{racer}"),) for racer in range(RACERS)])
        assert sorted(won) == [False] * (RACERS - 1) + [True]
        assert cases.notifications([row.notification_id])[row.notification_id].token == f"w{won.index(True)}"


def test_of_many_messages_one_has_the_day_of_a_contact(racers):
    """`NOW` is a day like another; each message asks again, as after a lost answer, and hears the same."""
    for number in range(20):
        asked = [(f"p{number}", NOW.date(), f"n{racer}") for racer in range(RACERS)]
        had = racers.race(take_day, asked)
        assert sorted(had) == [False] * (RACERS - 1) + [True]
        assert racers.race(take_day, asked) == had


def test_of_many_first_decisions_one_stands_and_nothing_of_the_others(cases, racers):
    results = racers.race(commit, [(decision(racer),) for racer in range(RACERS)])
    assert sorted(results) == ["Contended"] * (RACERS - 1) + ["written"]
    winner = results.index("written")
    assert cases.head(REFERENCE).content_hash == f"hash-{winner}"
    assert set(cases.notifications([f"n{racer}" for racer in range(RACERS)])) == {f"n{winner}"}
    assert [owed.obligation_id for owed in cases.obligations_of(REFERENCE)] == [f"o{winner}"]
    assert [line.entry_id for line in cases.audit_of(REFERENCE)] == [f"e{winner}"]


def test_no_decision_is_lost_when_all_write_at_once(cases, racers):
    rows = [[notification(f"n{racer}-{number}") for number in range(15)] for racer in range(RACERS)]
    racers.race(append_until_written, [(REFERENCE, own) for own in rows])
    assert cases.head(REFERENCE).revision == RACERS * 15
    assert len(cases.outbox_of(REFERENCE)) == RACERS * 15


def test_a_claim_and_a_decision_on_one_row_do_not_both_win(cases, racers):
    for number in range(25):
        row = notification(f"n{number}")
        cases.commit(Changes(notifications=(Swap(None, row),)))
        cancelled = replace(row, state=State.CANCELLED, open_at=None)
        racers.pipes[0].send((claim, (taken(row, "w"),)))
        racers.pipes[1].send((commit, (Changes(notifications=(Swap(row, cancelled),)),)))
        claimed, written = racers.pipes[0].recv(), racers.pipes[1].recv()
        stored = cases.notifications([row.notification_id])[row.notification_id]
        if claimed is True:
            assert (written, stored.state) == ("Contended", State.SENDING)
        else:
            assert (written, stored.state) == ("written", State.CANCELLED)


# ---- answers that never come


@pytest.mark.parametrize("times", [1, 3])
def test_a_decision_whose_answer_was_lost_stands_once(cases, cloud, times):
    """Once: the SDK's own repetition is answered. Three times: the caller is told, and its repetition is answered."""
    faults(cloud, "timeout_after", WRITE, times)
    if times == 3:
        with pytest.raises(StoreUnavailable, match="commit: ReadTimeoutError"):
            cases.commit(decision())
        assert cases.head(REFERENCE).revision == 1
    cases.commit(decision())
    assert cloud.cloud.faults.remaining() == []
    assert cases.head(REFERENCE).content_hash == "hash-0"


def test_a_decision_that_never_arrived_is_written_when_it_is_repeated(cases, cloud):
    faults(cloud, "timeout_before", WRITE, 3)
    with pytest.raises(StoreUnavailable):
        cases.commit(decision())
    assert cases.head(REFERENCE).revision == 0
    cases.commit(decision())
    assert cases.head(REFERENCE).revision == 1


def test_an_answered_repetition_is_not_remembered(cases, cloud):
    waiting, held = notification(), notification(state=State.HELD)
    cases.commit(Changes(notifications=(Swap(None, waiting),)))
    hold, release = Changes(notifications=(Swap(waiting, held),)), Changes(notifications=(Swap(held, waiting),))
    faults(cloud, "timeout_after", WRITE, 3)
    with pytest.raises(StoreUnavailable):
        cases.commit(hold)
    cases.commit(hold)
    cases.commit(release)
    cases.commit(hold)
    assert cases.notifications(["n1"]) == {"n1": held}


@pytest.mark.parametrize("times", [1, 3])
def test_a_claim_whose_answer_was_lost_is_known_again(cases, cloud, times):
    cases.commit(Changes(notifications=(Swap(None, notification()),)))
    faults(cloud, "timeout_after", CLAIM, times)
    assert cases.claim(taken(notification(), "w1")) is True
    assert cloud.cloud.faults.remaining() == []
    assert cases.claim(taken(notification(), "w2")) is False


def test_a_claim_that_never_arrived_takes_nothing(cases, cloud):
    cases.commit(Changes(notifications=(Swap(None, notification()),)))
    faults(cloud, "timeout_before", CLAIM, 3)
    with pytest.raises(StoreUnavailable):
        cases.claim(taken(notification(), "w1"))
    assert cases.notifications(["n1"]) == {"n1": notification()}


def test_a_decision_whose_writer_died_stands_and_tells_the_next_to_read_again(cases, cloud, racers):
    faults(cloud, "crash_after", WRITE, 1)
    assert racers.race(commit, [(decision(),)]) == [DEAD]
    assert cases.head(REFERENCE).revision == 1
    with pytest.raises(Contended):
        cases.commit(decision())


def test_a_writer_that_died_first_left_nothing(cases, cloud, racers):
    faults(cloud, "crash_before", WRITE, 1)
    assert racers.race(commit, [(decision(),)]) == [DEAD]
    assert cases.head(REFERENCE).revision == 0
    assert cases.notifications(["n0"]) == {}


# ---- refusals


@pytest.mark.parametrize(
    ("mode", "times", "error"),
    [
        ("throttle", 1, None),
        ("error", 2, None),
        ("throttle", 3, StoreUnavailable),
        ("error", 3, StoreUnavailable),
        ("conflict", 1, Contended),
    ],
)
def test_a_refused_decision_says_whether_to_read_again_or_to_wait(cases, cloud, mode, times, error):
    faults(cloud, mode, WRITE, times)
    if error:
        with pytest.raises(error):
            cases.commit(decision())
        assert cases.head(REFERENCE).revision == 0
    else:
        cases.commit(decision())
        assert cases.head(REFERENCE).revision == 1


@pytest.mark.parametrize("operation", ["Query", "BatchGetItem"])
def test_a_read_that_is_not_answered_is_given_back(cases, cloud, operation):
    cloud.cloud.faults.replace([{"service": "dynamodb", "operation": operation, "mode": "timeout_before", "times": 99}])
    with pytest.raises(StoreUnavailable):
        cases.load(REFERENCE) if operation == "Query" else cases.notifications(["n1"])


@pytest.mark.parametrize(("mode", "times"), [("conflict", 1), ("throttle", 3), ("timeout_after", 3)])
def test_no_error_holds_anything_of_the_case(cases, cloud, mode, times):
    faults(cloud, mode, WRITE, times)
    with pytest.raises(KeptInformedError) as refused:
        cases.commit(decision())
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
    assert not any(word in str(refused.value) for word in ("Alex", "Morgan", "example.org", REFERENCE, "Wood Street"))

"""A record turns out to be specialist while its messages are being sent: nothing begins to leave afterwards, and what left is followed up.

A call that the dispatcher had begun may still be accepted while the new version is being written; no order of writes can prevent that, so
it must come to a stop notice and a task. Must not use time limits.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.outbox_store import Accepted
from tests.builders import NOW, body, occurrence_record, victim
from tests.integration.handler_workers import Worker, workers
from tests.integration.slow_mail import slow_mail
from tests.integration.stack_fixture import RECORDS, LocalStack, dispatch_event, failed, local_stack, sqs_event

ROUNDS = 50
DUE = NOW + timedelta(minutes=35)


@pytest.fixture
def local() -> Iterator[LocalStack]:
    with local_stack() as running:
        yield running


@pytest.fixture
def pair(local: LocalStack, tmp_path: Path) -> Iterator[list[Worker]]:
    """The dispatcher, whose provider takes its time so that decisions fall into the call, and the ingester."""
    with slow_mail(local.cloud.endpoint_url, seed=1) as provider:
        environment = local.environment | {"AWS_ENDPOINT_URL_SESV2": provider}
        with workers(2, environment, tmp_path / "log") as started:
            yield started


def record(number: int, **overrides: object) -> str:
    """One occurrence a round, each of another person."""
    return body(occurrence_record(reference=reference(number), victims=[victim(f"V{number + 2}")], **overrides))


def reference(number: int) -> str:
    return f"260007{number:05d}"


def left(local: LocalStack, number: int) -> list[Accepted]:
    """What was accepted for the victim or the service of this round, notices to stop apart."""
    ids = {row.notification_id: row.template for row in local.rows(reference(number)) if row.audience in ("victim", "service")}
    return [message for message in local.accepted if ids.get(message.notification_id) in ("acknowledgement", "referral")]


def test_what_turns_specialist_while_it_is_sent_does_not_leave_or_is_followed_up(local: LocalStack, pair: list[Worker]) -> None:
    for start in range(0, ROUNDS, 10):
        assert local.ingest(*(record(number) for number in range(start, start + 10))) == []
    local.set_time(DUE)
    dice = random.Random(20261120)
    fates: Counter[str] = Counter()
    returned: list[list[Accepted]] = []
    for number in range(ROUNDS):
        raced = "acknowledgement" if number % 2 else "referral"
        ids = {row.template: row.notification_id for row in local.rows(reference(number))}
        if raced == "referral":
            assert local.dispatch(ids["acknowledgement"]) == []
        fates[_raced(local, pair, number, ids[raced], dice.uniform(-0.05, 0.1))] += 1
        returned.append(left(local, number))
        _owed(local, number)
    local.sweep()
    local.settle()
    for number in range(ROUNDS):
        assert left(local, number) == returned[number], "nothing leaves once both have returned"
        _followed_up(local, number)
    assert len(fates) > 1, f"it is a race: {fates}"


def _raced(local: LocalStack, pair: list[Worker], number: int, notification_id: str, head_start: float) -> str:
    """One race; the dispatcher has the head start in seconds, or gives it. How the raced message fared."""
    dispatcher, ingester = pair
    second = record(number, version=2, flags={"domestic_abuse": True})
    calls = [(dispatcher, "dispatch", dispatch_event(notification_id)), (ingester, "ingest", sqs_event(RECORDS, second))]
    for worker, handler, event in calls if head_start > 0 else reversed(calls):
        worker.call(handler, event)
        time.sleep(abs(head_start))
    sending, deciding = dispatcher.answer(), ingester.answer()
    assert (sending.error, deciding.error) == (None, None)
    if failed(deciding.result):
        assert local.ingest(second) == []
    if failed(sending.result):
        assert local.dispatch(notification_id) == []
    raced = [message for message in left(local, number) if message.notification_id == notification_id]
    assert len(raced) <= 1
    if not raced:
        return "did not leave"
    return "was under way" if raced[0].accepted_at > deciding.returned_at else "left before"


def _owed(local: LocalStack, number: int) -> set[str]:
    """What left is known to the Victim Care Unit, and the service is told to stop where it got details; nobody is alarmed otherwise.
    It stands when both have returned: no later sweep, receipt or hint is needed for it. The templates that left."""
    rows = {row.notification_id: str(row.template) for row in local.rows(reference(number))}
    templates = {rows[message.notification_id] for message in left(local, number)}
    owed = {row.purpose for row in local.ready.cases.obligations_of(reference(number)) if row.state == "open"}
    assert "specialist" in owed
    assert ("sent_before" in owed) == bool(templates), (templates, local.states(reference(number)))
    assert ("stop_confirm" in owed) == ("referral" in templates), (templates, local.states(reference(number)))
    return templates


def _followed_up(local: LocalStack, number: int) -> None:
    """The same, and their mail has left."""
    stops = ["delivered"] * ("referral" in _owed(local, number))
    states = local.states(reference(number))
    assert [state for template, _, state in states if template == "stop_notice"] == stops
    assert [row for row in states if row[0] == "task" and row[2] != "delivered"] == []

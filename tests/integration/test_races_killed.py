"""Workers that are killed at any moment while two hundred e-mails leave: none is lost, and none reaches a victim twice.

Must not use time limits. Which moment a kill strikes differs from run to run; what must hold does not.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.delivery import Notification
from tests.builders import NOW, body, occurrence_record, victim
from tests.integration.handler_workers import DEAD, Worker, workers
from tests.integration.stack_fixture import LocalStack, dispatch_event, local_stack

CASES, VICTIMS = 40, 5
BATCH = 5
WORKERS = 3
DUE = NOW + timedelta(minutes=35)
LEASE, NO_RECEIPT = timedelta(minutes=3), timedelta(minutes=20)
"""A little more than the profile's lease, and than its patience with an unknown outcome."""


@pytest.fixture
def local() -> Iterator[LocalStack]:
    with local_stack() as running:
        yield running


@pytest.fixture
def crew(local: LocalStack, tmp_path: Path) -> Iterator[list[Worker]]:
    with workers(WORKERS, local.environment, tmp_path / "log") as started:
        yield started


def records() -> list[str]:
    """Two hundred victims of burglary. One in ten is referred too, so that the other e-mail and its PDF take part."""
    found = []
    for case in range(CASES):
        people = [
            victim(
                f"V{number + 1}",
                person_ref=f"N{case}-{number}",
                email=f"{_mailbox(case)}-{case}-{number}@example.org",
                mobile=None,
                referral_opt_out=case % 10 != 0,
            )
            for number in range(VICTIMS)
        ]
        found.append(body(occurrence_record(reference=_reference(case), victims=people)))
    return found


def _mailbox(case: int) -> str:
    """Three in four never answer with a receipt, so that an outcome that is not known stays so."""
    return "silent" if case % 4 else "alex"


def _reference(case: int) -> str:
    return f"260007{case:05d}"


def outbox(local: LocalStack) -> list[Notification]:
    return [row for case in range(CASES) for row in local.rows(_reference(case))]


def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled_to_a_victim(local: LocalStack, crew: list[Worker]) -> None:
    texts = records()
    for start in range(0, CASES, 10):
        assert local.ingest(*texts[start : start + 10]) == []
    local.set_time(DUE)
    kills = _sent_under_fire(local, crew, [row.notification_id for row in outbox(local) if row.template == "acknowledgement"])
    assert kills > 5
    for wait in (timedelta(), LEASE, NO_RECEIPT, LEASE):
        local.advance(wait)
        local.sweep()
        local.settle()
    _nothing_lost_nothing_doubled(local)


def _sent_under_fire(local: LocalStack, crew: list[Worker], ids: list[str]) -> int:
    """Every id is hinted at once; in each round one worker is killed, and its batch is not brought again. How many died at work."""
    dice = random.Random(20261120)
    batches = [dispatch_event(*ids[start : start + BATCH]) for start in range(0, len(ids), BATCH)]
    died = 0
    while batches:
        busy = {worker: batches.pop() for worker in crew[: len(batches)]}
        enough = len(local.accepted) + dice.randrange(1, BATCH * len(busy) - 1)
        for worker, event in busy.items():
            worker.call("dispatch", event)
        while len(local.accepted) < enough and not all(worker.answered() for worker in busy):
            time.sleep(0.003)
        struck = _sender(busy, local.accepted[-1].notification_id)
        time.sleep(dice.choice([0, 0, 0, dice.uniform(0, 0.05)]))
        struck.kill()
        answers = {worker: worker.answer() for worker in busy}
        died += answers[struck].error == DEAD
        assert all(answer.error is None for worker, answer in answers.items() if worker is not struck)
        struck.restart()
        struck.ready()
    return died


def _sender(busy: Mapping[Worker, Mapping[str, Any]], notification_id: str) -> Worker:
    """Whose message was accepted last: struck now, it dies between the provider's answer and its own record of it."""
    return next((worker for worker, event in busy.items() if notification_id in json.dumps(event)), next(iter(busy)))


def _nothing_lost_nothing_doubled(local: LocalStack) -> None:
    """Each message was accepted once; or nobody knows, it was accepted at most once, and an officer has the task."""
    accepted = Counter(message.notification_id for message in local.accepted)
    rows = outbox(local)
    outside = [row for row in rows if row.audience in ("victim", "service")]
    assert len([row for row in outside if row.template == "acknowledgement"]) == CASES * VICTIMS
    fates = Counter((row.state, accepted[row.notification_id]) for row in outside if row.state != "cancelled")
    assert set(fates) <= {("delivered", 1), ("sent", 1), ("settled_by_person", 0), ("settled_by_person", 1)}, fates
    for row in outside:
        if row.state == "settled_by_person":
            assert ("officer", "outcome_unknown") in _owed(local, row), row.state
    assert [row.state for row in rows if row.open_at is not None] == []


def _owed(local: LocalStack, row: Notification) -> set[tuple[str, str]]:
    owed = local.ready.cases.obligations_of(row.reference)
    return {(str(item.unit), str(item.purpose)) for item in owed if item.victim_id == row.victim_id and item.state == "open"}

"""Deployed handlers in several processes at once, on one store: whoever wins, the outcome is one.

Must not use time limits or moto; what one worker alone does is tested beside.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import NOW, body, occurrence_record, victim
from tests.integration.handler_workers import Answer, Worker, at_once, workers
from tests.integration.stack_fixture import RECORDS, LocalStack, dispatch_event, failed, sqs_event

RACERS = 8
MOST_ROUNDS = 20
DUE = NOW + timedelta(minutes=35)
OUTSIDE = ("victim", "service")


@pytest.fixture(scope="module")
def racers(standing: LocalStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Worker]]:
    with workers(RACERS, standing.environment, tmp_path_factory.mktemp("racers") / "log") as started:
        yield started


def until_taken(racers: Sequence[Worker], handler: str, events: list[dict[str, Any]]) -> None:
    """Race, and bring again what was given back, as SQS does, until nothing is left."""
    for _ in range(MOST_ROUNDS):
        answers = at_once(racers, handler, events)
        assert [answer.error for answer in answers] == [None] * len(events)
        events = [again for event, answer in zip(events, answers, strict=True) if (again := _given_back(event, answer))]
        if not events:
            return
    raise AssertionError(f"still given back after {MOST_ROUNDS} deliveries")


def _given_back(event: dict[str, Any], answer: Answer) -> dict[str, Any]:
    ids = set(failed(answer.result))
    return {"Records": [record for record in event["Records"] if record["messageId"] in ids]} if ids else {}


def sent(local: LocalStack) -> Counter[str]:
    return Counter(message.notification_id for message in local.accepted)


def everything_leaves(local: LocalStack) -> None:
    local.set_time(DUE)
    local.sweep()
    local.settle()


def recorded(local: LocalStack, reference: str) -> list[str]:
    return [entry.op for entry in local.ready.cases.audit_of(reference) if entry.op == "recorded"]


@pytest.mark.parametrize("reference", ["26000700001", "26000700002", "26000700003"])
def test_one_record_delivered_to_all_at_once_has_one_outcome(local: LocalStack, racers: list[Worker], reference: str) -> None:
    text = body(occurrence_record(reference=reference))
    until_taken(racers, "ingest", [sqs_event(RECORDS, text) for _ in racers])
    assert local.ready.cases.head(reference).revision == 1
    assert recorded(local, reference) == ["recorded"]
    assert local.states(reference) == [("acknowledgement", "victim", "held"), ("referral", "service", "held")]
    everything_leaves(local)
    assert sorted(sent(local).values()) == [1, 1]
    assert [len(message.attachments) for message in local.accepted] == [0, 1]


@pytest.mark.parametrize("reference", ["26000700001", "26000700002", "26000700003"])
def test_of_versions_that_arrive_at_once_the_highest_stands_alone(local: LocalStack, racers: list[Worker], reference: str) -> None:
    versions = [
        body(occurrence_record(reference=reference, version=number, victims=[victim(email=f"alex.{number}@example.org")]))
        for number in range(1, RACERS + 1)
    ]
    until_taken(racers, "ingest", [sqs_event(RECORDS, text) for text in versions])
    assert local.ready.cases.head(reference).version == RACERS
    assert local.states(reference) == [("acknowledgement", "victim", "held"), ("referral", "service", "held")]
    everything_leaves(local)
    assert sorted(sent(local).values()) == [1, 1]
    assert local.accepted[0].to == f"alex.{RACERS}@example.org"


def test_one_version_with_two_contents_is_recorded_once_and_the_other_is_quarantined(local: LocalStack, racers: list[Worker]) -> None:
    for number in range(6):
        reference = f"2600070010{number}"
        contents = [body(occurrence_record(reference=reference, source=source)) for source in ("101", "counter")]
        until_taken(racers, "ingest", [sqs_event(RECORDS, contents[racer % 2]) for racer in range(RACERS)])
        assert recorded(local, reference) == ["recorded"]
        assert local.ready.cases.head(reference).suspension is not None
        assert [row.reference for row in local.ready.quarantined.rows()].count(reference) == 1
        states = local.states(reference)
        assert [row for row in states if row[1] == "operations"] == [("task", "operations", "pending")]
        assert {state for _, audience, state in states if audience in OUTSIDE} == {"held"}


def test_hints_taken_by_all_at_once_and_twice_send_once(local: LocalStack, racers: list[Worker]) -> None:
    references = [f"260007002{number:02d}" for number in range(5)]
    assert local.ingest(*(body(occurrence_record(reference=ref, victims=[victim(f"V{n}")])) for n, ref in enumerate(references, 2))) == []
    local.set_time(DUE)
    for template in ("acknowledgement", "referral"):
        ids = [row.notification_id for reference in references for row in local.rows(reference) if row.template == template]
        turned = [ids[racer % len(ids) :] + ids[: racer % len(ids)] for racer in range(RACERS)]
        until_taken(racers, "dispatch", [dispatch_event(*own, *own) for own in turned])
        assert {sent(local)[key] for key in ids} == {1}
    local.sweep()
    local.settle()
    assert set(sent(local).values()) == {1}
    assert len(local.accepted) == 2 * len(references)

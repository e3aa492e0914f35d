"""The handlers by import path and through Chalice's own client, in this process on moto: one record's fate never touches another's, and
both ways of calling come to the same, log lines and metrics included.

Must not test races, transactions or redelivery: moto does not have them.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import NOW, body, eventbridge, occurrence_record, officer_record, victim
from tests.captured import captured
from tests.integration.stack_fixture import (
    DISPATCH,
    RECORDS,
    Call,
    Stack,
    by_client,
    by_import_path,
    failed,
    moto_stack,
    sqs_event,
)

ALARM = "oldest_unswept_seconds"
OF_NO_LINE = {ALARM, "late", "arrived", "not_arrived"}
"""The first names of the metrics that are for the alarms alone."""
WAYS = pytest.mark.parametrize("way", [by_import_path, by_client])
BAD = ["not JSON", "{}", "[]", "", "\ud800", body(occurrence_record(reference="26000700099", version=0)), '{"detail": {}}', "9" * 300_000]


@pytest.fixture(scope="module")
def standing() -> Iterator[Stack]:
    with moto_stack() as running:
        yield running


@pytest.fixture
def stack(standing: Stack) -> Stack:
    standing.empty()
    return standing


def reference(number: int) -> str:
    return f"260007000{number:02d}"


def good(number: int, **overrides: object) -> str:
    """Records of different people, so that none hears of another."""
    return body(occurrence_record(reference=reference(number), victims=[victim(f"V{number + 2}")], **overrides))


@WAYS
@pytest.mark.parametrize("place", [0, 4, 9])
def test_one_bad_record_among_nine_good_ones_neither_blocks_nor_repeats_them(stack: Stack, way: Call, place: int) -> None:
    bodies = [good(number) for number in range(9)]
    bodies.insert(place, "not JSON")
    assert replace(stack, call=way).ingest(*bodies) == []
    assert [stack.ready.cases.head(reference(number)).revision for number in range(9)] == [1] * 9
    assert [row.faults for row in stack.ready.quarantined.rows()] == [(("", "not JSON"),)]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_whatever_is_wrong_with_it(stack: Stack, bad: str) -> None:
    assert stack.ingest(good(1), bad, good(2)) == []
    assert [stack.ready.cases.head(reference(number)).revision for number in (1, 2)] == [1, 1]
    assert len(stack.ready.quarantined.rows()) == 1


@pytest.mark.parametrize(
    ("content", "outcomes"),
    [
        ([good(1)], ["recorded"]),
        ([good(1), good(1)], ["recorded", "duplicate"]),
        ([good(1, version=2), good(1)], ["recorded", "stale"]),
        ([good(1), good(1, version=2)], ["recorded", "recorded"]),
        ([good(1), good(1, source="counter")], ["recorded", "quarantined"]),
        ([body(eventbridge(occurrence_record()))], ["recorded"]),
        ([body(officer_record())], ["recorded"]),
        ([body(officer_record()), body(officer_record())], ["recorded", "stale"]),
        ([body(officer_record()), body(officer_record(name="PC Sam Oak"))], ["recorded", "quarantined"]),
        (["[]"], ["quarantined"]),
        (["[]", "[]"], ["quarantined", "quarantined_again"]),
        (['{"contract":"kept-informed/records/v1","kind":"investigation_event","event":{}}'], ["quarantined"]),
    ],
)
def test_every_delivery_comes_to_an_outcome_and_none_is_given_back(stack: Stack, content: list[str], outcomes: list[str]) -> None:
    with captured() as output:
        assert stack.ingest(*content) == []
    assert [line["outcome"] for line in output.lines] == outcomes


def test_both_ways_of_calling_come_to_the_same(stack: Stack) -> None:
    """The same events through both: equal answers, equal log lines, equal metrics, equal rows."""
    seen = []
    for way in (by_import_path, by_client):
        stack.empty()
        with captured() as output:
            answers = _story(replace(stack, call=way))
        seen.append((answers, [_timeless(line) for line in output.lines], [_timeless(metric) for metric in output.metrics]))
    assert seen[0] == seen[1]
    assert {line["message"] for line in seen[0][1]} == {"record", "sweep", "delivery", "receipt", "failure"}
    named = [_name(metric) for metric in seen[0][2]]
    assert [line["message"] for line in seen[0][1]] == [name for name in named if name not in OF_NO_LINE], "one metric for each line"
    assert named[named.index("sweep") + 1] == ALARM


def _story(stack: Stack) -> list[Any]:
    """Every handler at least once, failures and oddities among it."""
    record = body(occurrence_record())
    answers = [
        stack.call("ingest", sqs_event(RECORDS, record, "not JSON", record)),
        stack.call("ingest", sqs_event(RECORDS, body(officer_record()))),
    ]
    stack.set_time(NOW + timedelta(minutes=35))
    ids = [row.notification_id for row in stack.rows("26000712345")]
    answers += [stack.sweep(), stack.dispatch(*ids), stack.dispatch("nobody knows this"), stack.dispatch()]
    answers.append(stack.call("dispatch", sqs_event(DISPATCH, "not JSON", "{}")))
    answers.append(stack.call("receipts", _receipt({"eventType": "Click"})))
    return [*answers, stack.states("26000712345")]


def _receipt(event: dict[str, Any]) -> dict[str, Any]:
    sns = {"MessageId": "1", "Subject": None, "Message": json.dumps(event), "MessageAttributes": {}}
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": "arn", "Sns": sns}]}


def _timeless(line: dict[str, Any]) -> dict[str, Any]:
    definitions = {"_aws": line["_aws"]["CloudWatchMetrics"]} if "_aws" in line else {}
    return {name: value for name, value in line.items() if name != "timestamp"} | definitions


def _name(metric: dict[str, Any]) -> str:
    return str(metric["_aws"][0]["Metrics"][0]["Name"])


def test_a_hint_that_cannot_be_read_is_given_back_alone(stack: Stack) -> None:
    unknown = '{"notification_id": "unknown"}'
    answer = stack.call("dispatch", sqs_event(DISPATCH, unknown, "not JSON", unknown, "{}"))
    assert failed(answer) == ["m2", "m4"]

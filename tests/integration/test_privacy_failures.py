"""Marked people in records, deliveries and receipts that fail at a call of a store or a provider: no error says anything of them.

Must not test what becomes of the work: that is beside.
"""

import json
import traceback
from typing import Any

import pytest

from chalicelib.domain.errors import KeptInformedError
from infra.local.sqs_events import batch_event
from infra.local.topic_feed import topic_event
from tests.builders import body
from tests.captured import captured
from tests.integration.marked_people import (
    DUE,
    OFFICER,
    assert_nobody_is_named,
    everything_leaves,
    marked_text,
    marks_in,
    reached_by,
)
from tests.integration.stack_fixture import ARN, DISPATCH, WAITING, LocalStack

NOT_JSON = "Zqzqgiven Zqzqfamily, zqzqmail.morgan@example.org"


def failing(service: str, operation: str, mode: str = "error") -> dict[str, Any]:
    return {"service": service, "operation": operation, "mode": mode, "times": 3 if mode != "conflict" else 100}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (marked_text(), failing("dynamodb", "BatchGetItem")),
        (marked_text(), failing("dynamodb", "TransactWriteItems", "conflict")),
        (marked_text(), failing("s3", "PutObject")),
        (marked_text(), failing("s3", "PutObject", "conflict")),
        (marked_text(flags={"domestic_abuse": True}), failing("sqs", "SendMessageBatch")),
        (body(OFFICER), failing("dynamodb", "UpdateItem", "conflict")),
        (NOT_JSON, failing("dynamodb", "PutItem", "conflict")),
        (NOT_JSON, failing("sqs", "SendMessage")),
    ],
)
def test_a_record_that_fails_names_nobody(local: LocalStack, text: str, rule: dict[str, Any]) -> None:
    local.faults(rule)
    with captured() as output:
        local.ingest(text)
        local.faults()
        local.ingest(text)
    assert "failure" in {line["message"] for line in output.lines} or rule["operation"] == "SendMessageBatch"
    assert_nobody_is_named(local, output)


@pytest.mark.parametrize(
    "rule",
    [
        failing("dynamodb", "BatchGetItem"),
        failing("dynamodb", "UpdateItem", "conflict"),
        failing("dynamodb", "TransactWriteItems", "conflict"),
        failing("ses", "SendEmail", "throttle"),
        failing("ses", "SendEmail", "error"),
        failing("sms", "SendTextMessage", "conflict"),
        failing("s3", "PutObject"),
    ],
)
def test_a_delivery_that_fails_names_nobody(local: LocalStack, rule: dict[str, Any]) -> None:
    channels = {"sms": ["sms"], "s3": ["letter"]}.get(rule["service"], ["email"])
    with captured() as output:
        local.ingest(marked_text(victims=[reached_by(channel) for channel in channels]))
        local.set_time(DUE)
        local.faults(rule)
        local.dispatch(*[row.notification_id for row in local.rows("26000712345")])
        local.faults()
        everything_leaves(local)
    assert_nobody_is_named(local, output)


@pytest.mark.parametrize("operation", ["BatchGetItem", "TransactWriteItems"])
def test_a_receipt_that_fails_raises_words_that_name_nobody(local: LocalStack, operation: str) -> None:
    """Lambda writes the exception of such an invocation into the log, with its whole chain."""
    raised = []
    with captured() as output:
        local.ingest(marked_text(victims=[reached_by("email", email="bounce.zqzqmail@example.org")]))
        local.set_time(DUE)
        local.dispatch(*[row.notification_id for row in local.rows("26000712345")])
        while local.cloud.cloud.receipts_owed():
            pass
        events = [topic_event(json.loads(message["Body"])) for message in local.take(WAITING)]
        local.faults(failing("dynamodb", operation))
        for event in events:
            try:
                local.call("receipts", event)
            except KeptInformedError:
                raised.append(traceback.format_exc())
    assert raised
    assert marks_in("\n".join(line for text in raised for line in text.splitlines() if not line.startswith("    "))) == []
    assert_nobody_is_named(local, output)


def test_what_cannot_be_worked_off_ends_among_the_dead_letters_and_names_nobody(local: LocalStack) -> None:
    """A hint that nobody can read, received until the queue gives it up."""
    sqs = local.client("sqs")
    sqs.send_message(QueueUrl=local.queue_urls[DISPATCH], MessageBody="not JSON")
    with captured() as output:
        for _ in range(10):
            for message in local.take(DISPATCH):
                local.call("dispatch", batch_event([message], ARN + DISPATCH))
                handle = {"QueueUrl": local.queue_urls[DISPATCH], "ReceiptHandle": message["ReceiptHandle"]}
                sqs.change_message_visibility(**handle, VisibilityTimeout=0)
    assert [message["Body"] for message in local.take(f"{DISPATCH}-dlq")] == ["not JSON"]
    assert_nobody_is_named(local, output)

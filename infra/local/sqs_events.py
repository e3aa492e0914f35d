"""The shapes between SQS and a Lambda: the event that a batch becomes, and what the function's answer says about each message.

Must not call anything. Shapes: AWS Lambda developer guide, "Using Lambda with Amazon SQS" and "Implementing partial batch responses".
"""

from collections.abc import Iterable
from typing import Any

from infra.local.aws import REGION

_STRING_KEYS = {"StringValue": "stringValue", "BinaryValue": "binaryValue"}


def batch_event(messages: Iterable[dict[str, Any]], queue_arn: str) -> dict[str, Any]:
    """The event of received messages (as ReceiveMessage returned them) from one queue."""
    return {"Records": [_record(message, queue_arn) for message in messages]}


def _record(message: dict[str, Any], queue_arn: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    }


def _attribute(value: dict[str, Any]) -> dict[str, Any]:
    named = {_STRING_KEYS[key]: value[key] for key in _STRING_KEYS if key in value}
    return named | {"stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}


def succeeded(messages: list[dict[str, Any]], answer: Any, *, reports_failures: bool) -> list[dict[str, Any]]:
    """The messages to delete. With partial batch responses: all but the reported ones, and none at all where the answer is malformed."""
    if not reports_failures:
        return messages
    failed = _reported(answer)
    if failed is None or not failed <= {message["MessageId"] for message in messages}:
        return []
    return [message for message in messages if message["MessageId"] not in failed]


def _reported(answer: Any) -> set[str] | None:
    """The identifiers that an answer reports, None where it cannot be read. Null and empty answers report nothing."""
    if answer is None:
        return set()
    failures = answer.get("batchItemFailures") if isinstance(answer, dict) else False
    if failures is None:
        return set()
    if not isinstance(failures, list):
        return None
    identifiers = [item.get("itemIdentifier") if isinstance(item, dict) else None for item in failures]
    if not all(isinstance(identifier, str) and identifier for identifier in identifiers):
        return None
    return {str(identifier) for identifier in identifiers}

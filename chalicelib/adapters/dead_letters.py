"""Puts dead letters back where they came from: records and hints onto their queues, receipts onto their topic.

SQS does it itself where it can (StartMessageMoveTask); elsewhere one by one, sent before it is deleted, so that none is lost. Receipts lie
in a bucket, as the failure destination of their function, since they hold addresses (ADR 0009). Must not keep or tell what is in one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.adapters.store_errors import store_errors

_ABSENT = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})
_UNKNOWN_CALL = frozenset(
    {"InvalidAction", "UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation", "UnknownOperationException"}
)


class SqsDeadLetters:
    """The port `DeadLetters`. A dead-letter queue has the name of its queue and `-dlq`; `receipts_topic` is an ARN."""

    def __init__(
        self, sqs: Any, sns: Any, s3: Any, *, records_url: str, dispatch_url: str, receipts_topic: str, receipts_bucket: str
    ) -> None:
        self._sqs = sqs
        self._sns = sns
        self._s3 = s3
        self._urls = {"records": records_url, "dispatch": dispatch_url}
        self._topic = receipts_topic
        self._bucket = receipts_bucket

    @store_errors("dead letters")
    def waiting(self, name: str) -> int | None:
        if name == "receipts":
            return sum(1 for _ in self._receipts())
        try:
            found = self._sqs.get_queue_attributes(QueueUrl=f"{self._urls[name]}-dlq", AttributeNames=["ApproximateNumberOfMessages"])
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return int(found["Attributes"]["ApproximateNumberOfMessages"])

    @store_errors("dead letters")
    def receipts_waiting(self) -> int:
        return int(self._s3.list_objects_v2(Bucket=self._bucket)["KeyCount"])

    @store_errors("dead letters")
    def redrive(self, name: str) -> int:
        if name == "receipts":
            return sum(self._published(key) for key in list(self._receipts()))
        waiting = self.waiting(name) or 0
        return waiting if self._moves_by_itself(name) else self._one_by_one(name)

    def _moves_by_itself(self, name: str) -> bool:
        """Whether SQS took the task."""
        try:
            self._sqs.start_message_move_task(SourceArn=self._arn(f"{self._urls[name]}-dlq"), DestinationArn=self._arn(self._urls[name]))
        except ClientError as error:
            if error.response["Error"]["Code"] in _UNKNOWN_CALL:
                return False
            raise
        return True

    def _arn(self, url: str) -> str:
        return str(self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])

    def _one_by_one(self, name: str) -> int:
        source, moved = f"{self._urls[name]}-dlq", 0
        while messages := self._sqs.receive_message(QueueUrl=source, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                self._sqs.send_message(QueueUrl=self._urls[name], MessageBody=message["Body"])
                self._sqs.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])
                moved += 1
        return moved

    def _receipts(self) -> Iterator[str]:
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket):
            yield from (entry["Key"] for entry in page.get("Contents", []))

    def _published(self, key: str) -> bool:
        """What Lambda laid aside is its record of the invocation, with the event of the topic in it."""
        record = json.loads(self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read())
        for received in record["requestPayload"]["Records"]:
            self._sns.publish(TopicArn=self._topic, Message=received["Sns"]["Message"])
        self._s3.delete_object(Bucket=self._bucket, Key=key)
        return True

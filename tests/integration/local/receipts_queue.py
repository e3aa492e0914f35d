"""The receipts topic with a queue behind it, as the deployed template wires them, for the stand-ins' tests.

Must not interpret receipts: it reads what arrived.
"""

import json
import time
from dataclasses import dataclass
from typing import Any

from tests.integration.cloud_fixture import RunningCloud


@dataclass
class ReceiptsQueue:
    """Reads the provider events that came through SNS into SQS."""

    cloud: RunningCloud
    sqs: Any
    url: str

    def settle(self) -> None:
        """Wait until the stand-ins owe nothing."""
        while self.cloud.cloud.receipts_owed():
            time.sleep(0.002)

    def envelopes(self) -> list[dict[str, Any]]:
        """The SNS envelopes that are waiting now, in order of arrival; they are taken from the queue."""
        self.settle()
        found: list[dict[str, Any]] = []
        while True:
            messages = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages", [])
            if not messages:
                return found
            for message in messages:
                found.append(json.loads(message["Body"]))
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])

    def events(self) -> list[dict[str, Any]]:
        """The providers' events inside the envelopes."""
        return [json.loads(envelope["Message"]) for envelope in self.envelopes()]


def receipts_queue(cloud: RunningCloud) -> ReceiptsQueue:
    """Create topic, queue and subscription."""
    sqs, sns = cloud.client("sqs"), cloud.client("sns")
    url = sqs.create_queue(QueueName="kept-informed-receipts")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = sns.create_topic(Name="kept-informed-receipts")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return ReceiptsQueue(cloud, sqs, url)

"""One call of each service that a worker makes, with a way to see whether it took effect: what the fault tests fire at.

Must not set any fault.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.integration.cloud_fixture import RunningCloud

MAIL = b"From: Force <force@example.test>\r\nTo: alex@example.org\r\nSubject: News\r\n\r\nHello\r\n"


@dataclass(frozen=True)
class FaultCall:
    """`prepare` makes the resource, `arguments` belongs to `method` of the client of `client_name`, `done` counts effects."""

    client_name: str
    operation: str
    method: str
    arguments: dict[str, Any]
    prepare: Callable[[RunningCloud], object]
    done: Callable[[RunningCloud], int]

    def make(self, client: Any) -> Any:
        """Make the call."""
        return getattr(client, self.method)(**self.arguments)


def _queue_url(cloud: RunningCloud) -> str:
    return f"{cloud.endpoint_url}/000000000000/work"


def _in_queue(cloud: RunningCloud) -> int:
    attributes = cloud.client("sqs").get_queue_attributes(QueueUrl=_queue_url(cloud), AttributeNames=["ApproximateNumberOfMessages"])
    return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


def _table(cloud: RunningCloud) -> object:
    return cloud.client("dynamodb").create_table(
        TableName="cases",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def _bucket(cloud: RunningCloud) -> object:
    return cloud.client("s3").create_bucket(Bucket="letters", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})


def _topic_into_queue(cloud: RunningCloud) -> object:
    sns = cloud.client("sns")
    cloud.client("sqs").create_queue(QueueName="work")
    topic = sns.create_topic(Name="out")["TopicArn"]
    return sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-west-2:000000000000:work")


def fault_calls(cloud: RunningCloud) -> dict[str, FaultCall]:
    """The calls, by the service's name in fault rules."""
    mail = {
        "Content": {"Raw": {"Data": MAIL}},
        "ConfigurationSetName": "kept-informed",
        "EmailTags": [{"Name": "notification_id", "Value": "n-1"}],
    }
    text = {
        "DestinationPhoneNumber": "+447700900123",
        "OriginationIdentity": "KeptInform",
        "MessageBody": "Hello",
        "Context": {"notification_id": "n-1"},
    }
    item = {"TableName": "cases", "Item": {"k": {"S": "1"}}, "ConditionExpression": "attribute_not_exists(k)"}
    objects = {"Bucket": "letters", "Key": "a.pdf", "Body": base64.b64encode(MAIL)}
    return {
        "ses": FaultCall("sesv2", "SendEmail", "send_email", mail, lambda _: None, lambda c: len(c.cloud.accepted)),
        "sms": FaultCall(
            "pinpoint-sms-voice-v2", "SendTextMessage", "send_text_message", text, lambda _: None, lambda c: len(c.cloud.accepted)
        ),
        "dynamodb": FaultCall(
            "dynamodb", "PutItem", "put_item", item, _table, lambda c: c.client("dynamodb").scan(TableName="cases")["Count"]
        ),
        "sqs": FaultCall(
            "sqs",
            "SendMessage",
            "send_message",
            {"QueueUrl": _queue_url(cloud), "MessageBody": "n-1"},
            lambda c: c.client("sqs").create_queue(QueueName="work"),
            _in_queue,
        ),
        "s3": FaultCall(
            "s3", "PutObject", "put_object", objects, _bucket, lambda c: c.client("s3").list_objects_v2(Bucket="letters")["KeyCount"]
        ),
        "sns": FaultCall(
            "sns",
            "Publish",
            "publish",
            {"TopicArn": "arn:aws:sns:eu-west-2:000000000000:out", "Message": "{}"},
            _topic_into_queue,
            _in_queue,
        ),
    }

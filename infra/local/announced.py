"""What the product told the records system: a queue of the console's own hears the topic `kept-informed-out`, and is read where it lies.

Must not take a message from it: nobody else reads this queue, and the product knows nothing of it.
"""

import json
from typing import Any

from infra.local.aws import REGION, client
from infra.local.ses_events import ACCOUNT

TOPIC = "kept-informed-out"
QUEUE = "console-hears-out"
_LONGEST_SECONDS = "1209600"


def listen(endpoint_url: str) -> None:
    """Hear everything that is announced from now on."""
    sqs, sns = client("sqs", endpoint_url), client("sns", endpoint_url)
    url = sqs.create_queue(QueueName=QUEUE, Attributes={"MessageRetentionPeriod": _LONGEST_SECONDS})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:{TOPIC}"
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})


def announced(reference: str) -> list[dict[str, Any]]:
    """Every event for the records system about one occurrence (docs/contract/out-v1.schema.json), each once, oldest first."""
    from ministack.services import sqs

    found: dict[str, dict[str, Any]] = {}
    for queue in [queue for queue in sqs._queues.all_values() if queue["name"] == QUEUE]:
        for message in list(queue["messages"]):
            # Most are about other occurrences, and reading them would cost more than looking.
            if reference in message["body"]:
                event = json.loads(message["body"])
                found.setdefault(event["event_id"], event)
    return sorted((event for event in found.values() if event["reference"] == reference), key=lambda event: str(event["at"]))

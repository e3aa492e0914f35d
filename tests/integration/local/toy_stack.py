"""A small stack of toy handlers on the shared local endpoint, for the tests of the host, the clock and drain."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.costs import Costs
from infra.local.host import Host
from infra.local.inbox import Waiting
from infra.local.stack import Function, Provisioned, QueueSource, Schedule, TopicSource
from infra.local.template import ROOT
from tests.integration.cloud_fixture import RunningCloud, shared_cloud


@dataclass
class ToyStack:
    """Queues of one test, and what its handlers noted."""

    cloud: RunningCloud
    folder: Path
    name: str
    functions: dict[str, Function] = field(default_factory=dict)
    queue_urls: dict[str, str] = field(default_factory=dict)

    def queue(self, *, visibility: int = 1, dead_letters: bool = True) -> str:
        """A fresh queue with a dead-letter queue after five receives; its name."""
        sqs = self.cloud.client("sqs")
        dlq = sqs.create_queue(QueueName=f"{self.name}-dlq")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=dlq, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        attributes = {"VisibilityTimeout": str(visibility)}
        if dead_letters:
            attributes["RedrivePolicy"] = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})
        self.queue_urls[f"{self.name}-dlq"] = dlq
        self.queue_urls[self.name] = sqs.create_queue(QueueName=self.name, Attributes=attributes)["QueueUrl"]
        return self.name

    def function(self, handler: str, *, timeout: int = 20, reports: bool = True, schedules: tuple[str, ...] = ()) -> None:
        """Feed a toy handler from the queue of this test, or fire it by schedule."""
        sources = () if schedules else (QueueSource(f"arn:aws:sqs:eu-west-2:000000000000:{self.name}", 10, reports),)
        environment = {"TOY_NOTES": str(self.folder / "notes")}
        path = f"tests.integration.local.toy_handlers.{handler}"
        self.functions[handler] = Function(handler, path, timeout, environment, sources, tuple(map(Schedule, schedules)))

    def subscribed(self, handler: str, failures: str = "") -> str:
        """Invoke a toy handler with each message of a fresh topic; its ARN. `failures` is a bucket for what fails for good."""
        sqs, sns = self.cloud.client("sqs"), self.cloud.client("sns")
        url = sqs.create_queue(QueueName="waiting", Attributes={"VisibilityTimeout": "10"})["QueueUrl"]
        queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        topic = sns.create_topic(Name=self.name)["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
        environment = {"TOY_NOTES": str(self.folder / "notes")}
        path = f"tests.integration.local.toy_handlers.{handler}"
        self.functions[handler] = Function(handler, path, 20, environment, (), (), (TopicSource(topic, url, failures),))
        return topic

    def provisioned(self) -> Provisioned:
        return Provisioned(self.cloud.endpoint_url, self.queue_urls, {}, (), self.functions)

    @contextmanager
    def host(self, workers: int = 1, waiting: Waiting | None = None, costs: Costs | None = None) -> Iterator[Host]:
        host = Host(self.provisioned(), self.folder / "log", workers=workers, python_path=str(ROOT), waiting=waiting, costs=costs)
        host.start()
        try:
            yield host
        finally:
            host.stop()

    def send(self, *bodies: str, **extra: Any) -> None:
        """Put these bodies on the queue, as one batch where they fit, so that they arrive together."""
        entries = [{"Id": str(i), "MessageBody": body} | extra for i, body in enumerate(bodies)]
        self.cloud.client("sqs").send_message_batch(QueueUrl=self.queue_urls[self.name], Entries=entries)

    def notes(self) -> list[dict[str, Any]]:
        path = self.folder / "notes"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def depth(self, suffix: str = "") -> tuple[int, int]:
        """Visible and in flight."""
        attributes = self.cloud.client("sqs").get_queue_attributes(QueueUrl=self.queue_urls[self.name + suffix], AttributeNames=["All"])[
            "Attributes"
        ]
        return int(attributes["ApproximateNumberOfMessages"]), int(attributes["ApproximateNumberOfMessagesNotVisible"])


def toy_stack(folder: Path, name: str) -> ToyStack:
    cloud = shared_cloud()
    cloud.reset()
    return ToyStack(cloud, folder, name)


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that must come; the test runner's own patience is the limit."""
    while not condition():
        time.sleep(0.02)

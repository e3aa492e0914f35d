"""What every topic does with announcements: each is published as it is, what was not taken is said, and nothing is raised.

Must not test what is announced. moto refuses nothing, so what is about refusals runs on the fake and on the local endpoint.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.adapters.clients import Clients
from chalicelib.adapters.topic import MOST_ENTRIES, SnsTopic
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.services.edges import Topic
from tests.contract.stores import EVERY, local_cloud
from tests.fakes import World
from tests.integration.cloud_fixture import REGION

MAKE_AGAIN = 3
"""Attempts of the SDK before it says that there is no answer."""


@dataclass(frozen=True)
class Open:
    """`published` takes everything that a reader got so far, in no order; `refuse` refuses as many calls."""

    topic: Topic
    published: Callable[[], list[dict[str, Any]]]
    refuse: Callable[[int], None]


@contextmanager
def opened(kind: str) -> Iterator[Open]:
    if kind == "fake":
        world = World()

        def refuse(calls: int) -> None:
            world.calls.fail("topic.publish", *[StoreUnavailable("out topic")] * calls)

        yield Open(world.topic, lambda: world.topic.published, refuse)
    elif kind == "moto":
        with mock_aws():
            yield _real(lambda _: None)
    else:
        with local_cloud() as cloud:
            rule = {"service": "sns", "operation": "PublishBatch", "mode": "error"}
            yield _real(lambda calls: cloud.cloud.faults.replace([rule | {"times": MAKE_AGAIN * calls}]))


def _real(refuse: Callable[[int], None]) -> Open:
    """The topic with a queue of the records system behind it."""
    clients = Clients(REGION)
    queue = clients.sqs.create_queue(QueueName="listens")["QueueUrl"]
    arn = clients.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = clients.sns.create_topic(Name="kept-informed-out")["TopicArn"]
    clients.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def published() -> list[dict[str, Any]]:
        taken: list[dict[str, Any]] = []
        while found := clients.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            taken += [json.loads(json.loads(message["Body"])["Message"]) for message in found]
        return taken

    return Open(SnsTopic(clients.sns, topic), published, refuse)


@pytest.fixture(params=EVERY)
def there(request: pytest.FixtureRequest) -> Iterator[Open]:
    with opened(request.param) as topic:
        yield topic


@pytest.fixture(params=["fake", "local"])
def refusing(request: pytest.FixtureRequest) -> Iterator[Open]:
    with opened(request.param) as topic:
        yield topic


def news(count: int) -> dict[str, str]:
    """By id in the order of the ids; the text is not only ASCII."""
    return {f"{number:032x}": json.dumps({"event_id": f"{number:032x}", "victim_id": "ŵ‘1’"}) for number in range(count)}


def ids(published: list[dict[str, Any]]) -> list[str]:
    return sorted(body["event_id"] for body in published)


@pytest.mark.parametrize("count", [0, 1, MOST_ENTRIES, MOST_ENTRIES + 1, 3 * MOST_ENTRIES + 5])
def test_everything_is_published_once_and_said_to_be_taken(there, count):
    bodies = news(count)
    assert there.topic.publish(bodies) == frozenset(bodies)
    assert ids(there.published()) == sorted(bodies)


def test_what_is_published_is_the_body_and_nothing_else(there):
    bodies = news(1)
    there.topic.publish(bodies)
    assert there.published() == [json.loads(body) for body in bodies.values()]


def test_the_same_news_twice_is_published_twice_under_one_id(there):
    bodies = news(1)
    assert there.topic.publish(bodies) == there.topic.publish(bodies) == frozenset(bodies)
    assert ids(there.published()) == [*bodies, *bodies]


def test_what_was_refused_is_not_taken_and_nothing_is_raised(refusing):
    bodies = news(3)
    refusing.refuse(1)
    assert refusing.topic.publish(bodies) == frozenset()
    assert refusing.published() == []
    assert refusing.topic.publish(bodies) == frozenset(bodies)


def test_a_refused_call_keeps_back_no_other(refusing):
    bodies = news(2 * MOST_ENTRIES + 1)
    refusing.refuse(1)
    gone = refusing.topic.publish(bodies)
    assert gone == frozenset(sorted(bodies)[MOST_ENTRIES:])
    assert ids(refusing.published()) == sorted(gone)


def test_of_a_call_that_is_taken_in_part_the_rest_is_not_taken():
    """As SNS may answer; no stand-in does."""

    class Half:
        def publish_batch(self, PublishBatchRequestEntries: list[dict[str, str]], **_: Any) -> dict[str, Any]:  # noqa: N803 - SNS's name
            first, *others = PublishBatchRequestEntries
            failed = [{"Id": entry["Id"], "Code": "InternalError", "SenderFault": False} for entry in others]
            return {"Successful": [{"Id": first["Id"], "MessageId": "m"}], "Failed": failed}

    bodies = news(3)
    assert SnsTopic(Half(), "arn").publish(bodies) == frozenset([min(bodies)])

"""The stack that the files of this folder share by shape, not by state: one for each file, emptied before each test.

Must not serve tests about races of processes, or about moto: those bring their own.
"""

import json
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from chalicelib.bootstrap_web import web_container
from tests.integration.stack_fixture import LocalStack, local_stack

_listeners = count(1)


@pytest.fixture(scope="module")
def standing() -> Iterator[LocalStack]:
    """A stack of the deployable template on the embedded cloud."""
    with local_stack() as running:
        yield running


@pytest.fixture
def local(standing: LocalStack) -> Iterator[LocalStack]:
    """The file's stack, with nothing in it; pages are made anew for each test."""
    standing.empty()
    web_container.cache_clear()
    yield standing
    web_container.cache_clear()


@pytest.fixture
def out(local: LocalStack) -> Callable[[], list[dict[str, Any]]]:
    """Takes what was published for the records system since, in no order: a queue of its own on the topic."""
    sqs, sns = local.client("sqs"), local.client("sns")
    queue = sqs.create_queue(QueueName=f"listens-{next(_listeners)}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=local.environment["KI_OUT_TOPIC_ARN"], Protocol="sqs", Endpoint=arn)

    def taken() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            found += [json.loads(json.loads(message["Body"])["Message"]) for message in messages]
        return found

    return taken

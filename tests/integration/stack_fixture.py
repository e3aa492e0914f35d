"""The provisioned stack for tests of the deployed handlers: resources of the deployable template, the functions' environment, the clock.

`local_stack` stands on the shared local endpoint and feeds handlers as the Lambda host does; `moto_stack` on moto, in this process, single-
threaded and without text messages. Must not patch the product: the environment says everything.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import math
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import boto3
import pytest
from chalice.test import Client
from moto import mock_aws

from chalicelib.adapters.tables import TABLES
from chalicelib.bootstrap import Container, container
from chalicelib.domain.delivery import Notification
from chalicelib.domain.messages import Template
from infra.local.host import scheduled_event
from infra.local.machine import force_profile, provider_settings
from infra.local.outbox_store import Accepted
from infra.local.provision import provision
from infra.local.sqs_events import batch_event, succeeded
from infra.local.stack import Function
from infra.local.template import ROOT, deployable
from infra.local.topic_feed import topic_event
from infra.local.worker import Context
from tests.builders import NOW
from tests.contract.stores import create_tables
from tests.integration.cloud_fixture import REGION, RunningCloud, shared_cloud

ARN = f"arn:aws:sqs:{REGION}:000000000000:"
RECORDS, DISPATCH, QUARANTINE = "kept-informed-records", "kept-informed-dispatch", "kept-informed-quarantine"
OUT = "kept-informed-out"
WAITING = "lambda-async-receipts"
"""Stands for the queue inside Lambda in which invocations by a topic wait: on AWS nobody can create, name or read it."""
STAGE = "local"
"""A stage whose clock may be moved and whose messages leave for whoever is meant; `chalice.test.Client` knows no variables of it."""

Call = Callable[[str, Mapping[str, Any]], Any]


def by_import_path(handler: str, event: Mapping[str, Any]) -> Any:
    """Invoke as Lambda does, by the template's Handler (`app.ingest`). The answer has been through JSON, as on its way to Lambda."""
    function = getattr(importlib.import_module("app"), handler)
    name = handler.capitalize()
    context = Context(name, f"request-{next(_requests)}", f"arn:aws:lambda:{REGION}:000000000000:function:{name}", 512, 4e9)
    return json.loads(json.dumps(function(json.loads(json.dumps(event)), context)))


def by_client(handler: str, event: Mapping[str, Any]) -> Any:
    """Invoke as Chalice's own test client does."""
    with Client(importlib.import_module("app").app, stage_name=STAGE, project_dir=str(ROOT)) as client:
        return client.lambda_.invoke(handler, json.loads(json.dumps(event))).payload


def _counted() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


_requests = _counted()
_messages = _counted()
_written = _counted()


def sqs_event(queue: str, *bodies: str) -> dict[str, Any]:
    """An event of one batch; the ids are `m1`, `m2` … in the order given, so that an answer can be read."""
    received = [
        {
            "MessageId": f"m{number}",
            "ReceiptHandle": f"handle-{next(_messages)}",
            "Body": body,
            "MD5OfBody": hashlib.md5(body.encode("utf-8", "surrogatepass")).hexdigest(),
            "Attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795170660000", "SenderId": "000000000000"},
        }
        for number, body in enumerate(bodies, start=1)
    ]
    return batch_event(received, ARN + queue)


def dispatch_event(*notification_ids: str) -> dict[str, Any]:
    """Hints, as the product itself writes them."""
    return sqs_event(DISPATCH, *(json.dumps({"notification_id": key}) for key in notification_ids))


def failed(answer: Mapping[str, Any]) -> list[str]:
    """The message ids that an answer gives back."""
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


@dataclass
class Stack:
    """What both kinds share. `environment` is the functions' own; `call` invokes a handler in this process."""

    environment: dict[str, str]
    call: Call
    client: Callable[[str], Any]

    @property
    def ready(self) -> Container:
        """The container of this process: what the stores hold is read through it."""
        return container()

    def empty(self) -> None:
        """No row or object, and the clock at NOW: what a test begins with, far cheaper than another stack."""
        _ = self.ready  # binds the models to their tables
        for model in TABLES.values():
            with model.batch_write() as batch:
                for row in list(model.scan(consistent_read=True)):
                    batch.delete(row)
        s3 = self.client("s3")
        for bucket in self.buckets():
            for found in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
                s3.delete_object(Bucket=bucket, Key=found["Key"])
        self.set_time(NOW)

    def buckets(self) -> list[str]:
        return [bucket["Name"] for bucket in self.client("s3").list_buckets()["Buckets"]]

    def set_time(self, moment: datetime) -> None:
        """Every handler's clock stands at `moment` and ticks on."""
        offset = math.ceil((moment - datetime.now(UTC)).total_seconds())
        self.client("dynamodb").put_item(
            TableName="kept-informed-control", Item={"name": {"S": "clock"}, "offset_seconds": {"N": str(offset)}}
        )

    def advance(self, by: timedelta) -> None:
        """Move every handler's clock on from where it stands: what opened a moment ago is due then, however slow the machine."""
        self.set_time(self.ready.tick() + by)

    def ingest(self, *bodies: str) -> list[str]:
        """One batch of records; the message ids given back."""
        return failed(self.call("ingest", sqs_event(RECORDS, *bodies)))

    def dispatch(self, *notification_ids: str) -> list[str]:
        return failed(self.call("dispatch", dispatch_event(*notification_ids)))

    def sweep(self) -> int:
        return int(self.call("sweep", scheduled_event("Sweep", "2026-11-20T10:31:00Z"))["due"])

    def rows(self, reference: str) -> list[Notification]:
        """Messages of an occurrence; what is told to the records system is in `announced`."""
        return [row for row in self.ready.cases.outbox_of(reference) if row.template is not Template.OUT]

    def announced(self, reference: str) -> list[dict[str, Any]]:
        """What waits to be told to the records system about an occurrence, oldest first."""
        return [json.loads(row.body) for row in self.ready.cases.outbox_of(reference) if row.body is not None]

    def states(self, reference: str) -> list[tuple[str, str, str]]:
        """(template, audience, state) of each outbox row."""
        return sorted((str(row.template), str(row.audience), str(row.state)) for row in self.rows(reference))


@dataclass
class LocalStack(Stack):
    """On the shared local endpoint."""

    cloud: RunningCloud
    queue_urls: dict[str, str]
    functions: Mapping[str, Function]

    def empty(self) -> None:
        """As above, and no message in a queue or accepted by a provider."""
        self.cloud.cloud.clear()
        super().empty()
        for url in self.queue_urls.values():
            self.client("sqs").purge_queue(QueueUrl=url)
        providers = provider_settings(deployable(), force_profile(deployable()))
        self.cloud.cloud.ses.settings, self.cloud.cloud.sms.settings = providers.ses, providers.sms

    def set_time(self, moment: datetime) -> None:
        super().set_time(moment)
        self.cloud.clock.offset = moment - datetime.now(UTC)

    @property
    def accepted(self) -> list[Accepted]:
        return self.cloud.cloud.accepted

    def faults(self, *rules: dict[str, Any]) -> None:
        """Put these in force. They strike this process too: no `crash_…` here."""
        self.cloud.cloud.faults.replace(list(rules))

    def take(self, queue: str) -> list[dict[str, Any]]:
        """One batch, now in flight."""
        answer = self.client("sqs").receive_message(
            QueueUrl=self.queue_urls[queue], MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"]
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    def delete(self, queue: str, messages: list[dict[str, Any]]) -> None:
        sqs = self.client("sqs")
        for message in messages:
            sqs.delete_message(QueueUrl=self.queue_urls[queue], ReceiptHandle=message["ReceiptHandle"])

    def pump(self, queue: str, handler: str, call: Call | None = None) -> int:
        """Feed a handler from its queue until nothing is visible; how many messages it took."""
        taken = 0
        while messages := self.take(queue):
            answer = (call or self.call)(handler, batch_event(messages, ARN + queue))
            done = succeeded(messages, answer, reports_failures=True)
            self.delete(queue, done)
            taken += len(done)
        return taken

    def pump_receipts(self, call: Call | None = None) -> int:
        """Invoke `receipts` with every event that the providers posted; how many."""
        while self.cloud.cloud.receipts_owed():
            time.sleep(0.005)
        taken = 0
        while messages := self.take(WAITING):
            for message in messages:
                (call or self.call)("receipts", topic_event(json.loads(message["Body"])))
            self.delete(WAITING, messages)
            taken += len(messages)
        return taken

    def settle(self, call: Call | None = None) -> None:
        """Let everything that is on its way arrive: hints are dispatched, receipts taken, until both are silent."""
        while self.pump(DISPATCH, "dispatch", call) + self.pump_receipts(call):
            pass


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set these, and make the process's container anew under them; both are undone at the end."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in values.items():
            environment.setenv(name, value)
        container.cache_clear()
        yield
        container.cache_clear()


@contextmanager
def local_stack(call: Call = by_import_path, **overrides: str) -> Iterator[LocalStack]:
    """The deployable template, provisioned afresh. `overrides` replace variables of the functions."""
    cloud = shared_cloud()
    cloud.reset()
    stack = provision(cloud.endpoint_url, overrides={"KI_STAGE": STAGE} | overrides)
    urls = dict(stack.queue_urls) | {WAITING: stack.functions["Receipts"].topics[0].queue_url}
    environment = stack.environment | {
        "AWS_ENDPOINT_URL": cloud.endpoint_url,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_SDK_UA_APP_ID": f"ki-worker-{os.getpid()}",
    }
    with _environment(environment):
        running = LocalStack(environment, call, cache(cloud.client), cloud, urls, stack.functions)
        running.empty()
        yield running
        cloud.reset()


@contextmanager
def moto_stack(call: Call = by_import_path) -> Iterator[Stack]:
    """The same names on moto: tables by the models, queues, buckets, and the sender's domain as a verified identity."""
    template = provider_settings(deployable(), force_profile(deployable()))
    fixed = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION}
    with mock_aws(), _environment(fixed):
        sqs, s3, ses = boto3.client("sqs"), boto3.client("s3"), boto3.client("sesv2")
        urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in (RECORDS, DISPATCH, QUARANTINE)}
        buckets = {name: f"kept-informed-{name}" for name in ("letters", "quarantine-bodies", "records-archive", "seals", "dead-receipts")}
        for bucket in buckets.values():
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        topic = boto3.client("sns").create_topic(Name=OUT)["TopicArn"]
        for identity in template.ses.identities:
            ses.create_email_identity(EmailIdentity=identity)
        ours = {
            "KI_STAGE": STAGE,
            "KI_PROFILE": "derbyshire",
            "KI_TABLE_PREFIX": "kept-informed-",
            "KI_RECORDS_QUEUE_URL": urls[RECORDS],
            "KI_DISPATCH_QUEUE_URL": urls[DISPATCH],
            "KI_QUARANTINE_QUEUE_URL": urls[QUARANTINE],
            "KI_LETTERS_BUCKET": buckets["letters"],
            "KI_QUARANTINE_BUCKET": buckets["quarantine-bodies"],
            "KI_ARCHIVE_BUCKET": buckets["records-archive"],
            "KI_SEALS_BUCKET": buckets["seals"],
            "KI_DEAD_RECEIPTS_BUCKET": buckets["dead-receipts"],
            "KI_SES_CONFIGURATION_SET": "kept-informed",
            "KI_SMS_CONFIGURATION_SET": "kept-informed",
            "KI_CONTACT_KEY": "a key of this test alone, of 32 characters",
            "KI_LINK_KEY": "another key of this test alone, of 32 characters",
            "KI_OUT_TOPIC_ARN": topic,
            "KI_PUBLIC_URL": "https://kept-informed.test",
        }
        with _environment(ours):
            running = Stack(fixed | ours, call, cache(boto3.client))
            _ = running.ready
            create_tables()
            running.empty()
            yield running

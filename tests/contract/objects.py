"""The ports that keep objects, rows and messages, for the conformance suites: fakes, and the real adapters on moto and the local endpoint.

Must not hold a test. What a port only gives away (queue messages, letters) is read back through `Objects`.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from moto import mock_aws

from chalicelib.adapters import codec
from chalicelib.adapters.archive import S3Archive
from chalicelib.adapters.clients import Clients
from chalicelib.adapters.letters import S3LetterBox
from chalicelib.adapters.officers import DynamoOfficers
from chalicelib.adapters.quarantine import DynamoQuarantine
from chalicelib.adapters.queues import SqsQueues
from chalicelib.adapters.tables import bind_tables
from chalicelib.domain.model import Occurrence
from chalicelib.services.edges import LetterBox
from chalicelib.services.ports import Archive, Officers, Queues
from chalicelib.services.quarantine_ports import Quarantine
from tests.contract.stores import create_tables, local_cloud
from tests.fakes import FakeClock, World
from tests.integration.cloud_fixture import REGION

BUCKET = "kept-informed-objects"
QUEUES = ("dispatch", "quarantine", "records")


@dataclass(frozen=True)
class Objects:
    """`messages(queue)` takes what is on a queue, in no order; `letter(id)` reads a letter's bytes."""

    archive: Archive
    quarantine: Quarantine
    officers: Officers
    letters: LetterBox
    queues: Queues
    clock: FakeClock
    messages: Callable[[str], list[str]]
    letter: Callable[[str], bytes]


def parse(text: str) -> Occurrence:
    """Stands for the schemas: the archive is told how to read."""
    return codec.loads(Occurrence, text)


@contextmanager
def objects(kind: str) -> Iterator[Objects]:
    if kind == "fake":
        yield _fakes()
    elif kind == "moto":
        with mock_aws():
            yield _real(Clients(REGION))
    else:
        with local_cloud():
            yield _real(Clients(REGION))


def _fakes() -> Objects:
    world = World(parse=parse)

    def messages(queue: str) -> list[str]:
        return {
            "dispatch": [json.dumps({"notification_id": key}) for key in world.queues.dispatched],
            "quarantine": list(world.queues.alarms),
            "records": [body.decode() for body in world.queues.replayed],
        }[queue]

    def letter(notification_id: str) -> bytes:
        return world.letters.letters[notification_id].pdf

    return Objects(world.archive, world.quarantine, world.officers, world.letters, world.queues, world.clock, messages, letter)


def _real(clients: Clients) -> Objects:
    bind_tables("kept-informed-", REGION)
    create_tables()
    clients.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    urls = {name: clients.sqs.create_queue(QueueName=name)["QueueUrl"] for name in QUEUES}
    clock = FakeClock()

    def messages(queue: str) -> list[str]:
        taken: list[str] = []
        while found := clients.sqs.receive_message(QueueUrl=urls[queue], MaxNumberOfMessages=10).get("Messages"):
            taken += [message["Body"] for message in found]
        return taken

    def letter(notification_id: str) -> bytes:
        return clients.s3.get_object(Bucket=BUCKET, Key=f"{notification_id}.pdf")["Body"].read()

    return Objects(
        archive=S3Archive(clients.s3, bucket=BUCKET, clock=clock, parse=parse),
        quarantine=DynamoQuarantine(clients.s3, bucket=BUCKET, kept=timedelta(days=400)),
        officers=DynamoOfficers(),
        letters=S3LetterBox(clients.s3, bucket=BUCKET),
        queues=SqsQueues(clients.sqs, dispatch_url=urls["dispatch"], quarantine_url=urls["quarantine"], records_url=urls["records"]),
        clock=clock,
        messages=messages,
        letter=letter,
    )

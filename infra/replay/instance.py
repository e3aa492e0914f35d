"""The instance that a replay feeds: one that runs already, or one started for the replay and ended with it.

Must not know what is fed: it puts bodies on the records queue, moves the clock, waits for quiet and reads what stands.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws import client
from infra.local.status import RECORDS_QUEUE
from infra.local.table_reader import PREFIX, TableReader

PATIENCE = 900
"""Seconds that one answer of the instance may take: a move of the clock sends everything that falls due on the way."""
DISPATCH_QUEUE = "kept-informed-dispatch"
_MARK = "replay"
_WORKERS = "2"
"""Of each function, where nothing else is said: the emulator keeps two busy."""
_START_TRIES = 1200
_END_SECONDS = 60


class InstanceError(Exception):
    """The instance cannot be used; the message tells the person at the terminal what to do."""


class Instance:
    """A running instance by its two addresses."""

    def __init__(self, aws_url: str, web_url: str) -> None:
        self.aws_url = aws_url
        self.web_url = web_url
        self.tables = TableReader(aws_url)
        self._sqs = client("sqs", aws_url)
        self._dynamodb = client("dynamodb", aws_url)

    def take(self) -> None:
        """Mark the instance as one that has had its replay. Raises `InstanceError` where it is marked already.

        There are a thousand fictional numbers: people of two replays would share them, and hold each other's records.
        """
        try:
            self._dynamodb.put_item(
                TableName=PREFIX + "control",
                Item={"name": {"S": _MARK}},
                ConditionExpression="attribute_not_exists(#name)",
                ExpressionAttributeNames={"#name": "name"},
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            raise InstanceError("This instance has had a replay already, and takes one only: start another one.") from None

    def get(self, path: str) -> Any:
        """A JSON document. Raises `InstanceError` where nobody answers it."""
        try:
            return json.loads(self._open(Request(self.web_url + path)))
        except HTTPError as error:
            with error:
                raise InstanceError(f"{path} answered {error.code}.") from None

    def costs(self) -> dict[str, Any]:
        """What the functions have cost so far: calls and CPU by function, memory by process."""
        document: dict[str, Any] = self.get("/local/costs.json")
        return document

    def put(self, bodies: Sequence[str]) -> None:
        """At most ten bodies on the records queue."""
        entries = [{"Id": str(index), "MessageBody": body} for index, body in enumerate(bodies)]
        answer = self._sqs.send_message_batch(QueueUrl=self._queue(RECORDS_QUEUE), Entries=entries)
        if answer.get("Failed"):
            raise InstanceError("The records queue refused a message.")

    def waiting(self, queue: str) -> int:
        """Messages of a queue that are not handled yet."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self._sqs.get_queue_attributes(QueueUrl=self._queue(queue), AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)

    @cache  # noqa: B019 - one instance lives as long as the program
    def _queue(self, name: str) -> str:
        return str(self._sqs.get_queue_url(QueueName=name)["QueueUrl"])

    def quiet(self) -> bool:
        """Wait for quiet, for as long as the instance is ready to wait at once; whether it became so."""
        return self._posted("/local/drain", {})

    def move_to(self, moment: str) -> bool:
        """Move the clock to an ISO time, with all that falls due on the way; False where it has to be asked again."""
        return self._posted("/local/clock", {"set": moment})

    def _posted(self, path: str, document: dict[str, Any]) -> bool:
        request = Request(self.web_url + path, data=json.dumps(document).encode(), method="POST")
        try:
            self._open(request)
        except HTTPError as error:
            with error:
                if error.code != 504:  # 504: not quiet within the instance's own patience
                    raise InstanceError(f"{path} answered {error.code}.") from None
            return False
        return True

    def _open(self, request: Request) -> bytes:
        try:
            with urlopen(request, timeout=PATIENCE) as answer:
                content: bytes = answer.read()
        except HTTPError:
            raise
        except (URLError, OSError) as error:
            raise InstanceError(f"The instance at {self.web_url} does not answer any more.") from error
        return content


def spent(before: Any, after: Any) -> Any:
    """What was added between two documents of costs; memory, being a peak, stands as it is at the end."""
    if isinstance(after, dict):
        earlier = before if isinstance(before, dict) else {}
        return {key: value if key == "memory_mb" else spent(earlier.get(key, 0), value) for key, value in after.items()}
    return round(after - (before or 0), 1) if isinstance(after, int | float) else after


@contextmanager
def instance(aws_port: int, web_port: int) -> Iterator[Instance]:
    """The instance on these ports: the one that is ready there, else one of our own, ended at the end."""
    addresses = Instance(f"http://127.0.0.1:{aws_port}", f"http://127.0.0.1:{web_port}")
    if _ready(addresses):
        _refuse_strangers(addresses)
        yield addresses
        return
    ports = {"KI_AWS_PORT": str(aws_port), "KI_WEB_PORT": str(web_port), "DEMO": "0"}
    environment = {"KI_WORKERS": _WORKERS} | os.environ | ports
    # A session of its own: Ctrl-C at the terminal is for the replay, which ends the instance when it has what it needs.
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.local.main"], env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _await(addresses, process)
        yield addresses
    finally:
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _refuse_strangers(addresses: Instance) -> None:
    try:
        addresses.waiting(RECORDS_QUEUE)
    except (BotoCoreError, ClientError):
        raise InstanceError(
            f"{addresses.web_url} is an instance, but its AWS endpoint is not {addresses.aws_url}: set KI_AWS_PORT too."
        ) from None


def _await(addresses: Instance, process: subprocess.Popen[bytes]) -> None:
    for _ in range(_START_TRIES):
        if _ready(addresses):
            return
        if process.poll() is not None:
            raise InstanceError("The instance did not start; `make run` says why.")
        time.sleep(0.1)
    raise InstanceError("The instance did not become ready.")


def _ready(addresses: Instance) -> bool:
    try:
        with urlopen(addresses.web_url + "/local/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False

"""The providers' receipts on their way out: posted in order to the SNS topic of the embedded cloud, soon after the message was accepted.

Must not invent receipts (the stand-ins do) and never waits on the simulated clock: delays here are real milliseconds.
"""

import asyncio
import json
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from infra.local.aws_wire import AsgiApp, call_in_process

COMPLETE = {
    "Subject": "Event notification",
    "MessageAttributes.entry.1.Name": "posted_by",
    "MessageAttributes.entry.1.Value.DataType": "String",
    "MessageAttributes.entry.1.Value.StringValue": "stand-in",
}
"""Where a message has no subject or attributes, AWS hands a function a null and an empty object, which Chalice reads; ministack leaves
the members out."""


@dataclass(frozen=True)
class Receipt:
    """One event to post: `after` is seconds of real time since the message was accepted."""

    document: dict[str, Any]
    after: float = 0.005


class ReceiptPoster:
    """Owes, posts and counts receipts. `owe` is called on the event loop that `run` runs on; the rest from any thread."""

    def __init__(self, topic_arn: str, region: str) -> None:
        self._topic_arn = topic_arn
        self._region = region
        self._lock = threading.Lock()
        self._owed = 0
        self._late: list[tuple[str, list[Receipt]]] = []
        self._due: asyncio.Queue[tuple[int, dict[str, Any]]] = asyncio.Queue()
        self._generation = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self.lost = 0

    def owed(self) -> int:
        """How many receipts are still to be posted; late ones count from when they are asked for."""
        return self._owed

    def late(self) -> list[str]:
        """The provider's ids of messages whose receipts wait to be asked for."""
        with self._lock:
            return [message_id for message_id, _ in self._late]

    def owe(self, receipts: list[Receipt]) -> None:
        """Post these when their time has come, in the order given."""
        self._count(len(receipts))
        self._schedule(receipts)

    def keep_for_later(self, message_id: str, receipts: list[Receipt]) -> None:
        """Post these only when `flush_late` asks."""
        with self._lock:
            self._late.append((message_id, receipts))

    def flush_late(self, message_id: str | None = None) -> int:
        """Post what was kept for later, of one message or of all; returns how many receipts."""
        with self._lock:
            chosen = [item for item in self._late if message_id in (None, item[0])]
            self._late = [item for item in self._late if item not in chosen]
        receipts = [receipt for _, kept in chosen for receipt in kept]
        self._count(len(receipts))
        if self._loop is not None and receipts:
            self._loop.call_soon_threadsafe(self._schedule, receipts)
        return len(receipts)

    def clear(self) -> None:
        """Forget what is owed and what is late: for tests that share one endpoint."""
        with self._lock:
            self._late.clear()
            self._generation += 1
            self._owed = 0

    async def run(self, app: AsgiApp) -> None:
        """Post what is due to the topic behind `app`, until cancelled. A topic that does not exist loses the receipt, as in AWS."""
        self._loop = asyncio.get_running_loop()
        while True:
            generation, document = await self._due.get()
            if generation != self._generation:
                continue
            try:
                form = {"Action": "Publish", "Version": "2010-03-31", "TopicArn": self._topic_arn, "Message": json.dumps(document)}
                response = await call_in_process(app, service="sns", region=self._region, form=urlencode(form | COMPLETE).encode())
                self.lost += response.status != 200
            finally:
                self._count(-1, generation)

    def _schedule(self, receipts: list[Receipt]) -> None:
        loop = asyncio.get_running_loop()
        for receipt in receipts:
            loop.call_later(receipt.after, self._due.put_nowait, (self._generation, receipt.document))

    def _count(self, change: int, generation: int | None = None) -> None:
        with self._lock:
            if generation in (None, self._generation):
                self._owed += change

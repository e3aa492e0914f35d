"""How a poller gets its messages: by long poll, or at once where the queue can be looked into from this very process.

Must not delete or judge a message.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.local.aws import REGION
from infra.local.ses_events import ACCOUNT

LONG_POLL_SECONDS = 1
LOOK_SECONDS = 0.01

Waiting = Callable[[str], bool]


def waiting_in_ministack(url: str) -> bool:
    """Whether the queue of this URL holds a visible message, read from the memory of the endpoint that runs in this process.

    An emulated long poll looks ten times a second, which a chain of five messages would feel; this costs microseconds.
    """
    from ministack.services import sqs

    queue = sqs._queues.get_scoped(ACCOUNT, REGION, url)
    now = time.time()
    return queue is not None and any(message["visible_at"] <= now for message in queue["messages"])


@dataclass(frozen=True, slots=True)
class Inbox:
    """One queue as one poller sees it. `waiting` None: somebody else's process has the queue, so it is polled."""

    sqs: Any
    url: str
    stopping: threading.Event
    waiting: Waiting | None = None

    def receive(self, most: int) -> list[dict[str, Any]]:
        """Up to `most` messages with all that SQS knows of each; empty after a second without any, or when told to stop."""
        if self.waiting is not None and not self._look(self.waiting):
            return []
        answer = self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=min(10, most),
            WaitTimeSeconds=0 if self.waiting else LONG_POLL_SECONDS,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    def _look(self, waiting: Waiting) -> bool:
        until = time.monotonic() + LONG_POLL_SECONDS
        while not waiting(self.url):
            if self.stopping.is_set() or time.monotonic() > until:
                return False
            time.sleep(LOOK_SECONDS)
        return True

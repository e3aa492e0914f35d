"""Waits until the machine is quiet, and says what is still going on where it does not become so.

Must not look into dead-letter queues or the quarantine queue, which wait for people.
"""

import time
from collections.abc import Callable
from typing import Any

from infra.local.aws import client
from infra.local.host import Host
from infra.local.stack import Provisioned
from infra.local.ticks import Ticker

PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.02

Depths = dict[str, dict[str, int]]


class Queues:
    """How deep the queues are: those of the stack, and those in which asynchronous invocations wait."""

    def __init__(self, stack: Provisioned) -> None:
        self._sqs = client("sqs", stack.endpoint_url)
        self._urls = stack.queue_urls
        functions = stack.functions.values()
        consumed = {source.queue_arn.rsplit(":", 1)[-1] for function in functions for source in function.sources}
        self._working = {name: url for name, url in stack.queue_urls.items() if name in consumed}
        self._working |= {topic.queue_url.rsplit("/", 1)[-1]: topic.queue_url for function in functions for topic in function.topics}

    def depths(self) -> Depths:
        """Visible and in flight by name, of every queue of the stack."""
        return {name: self._depth(url) for name, url in self._urls.items()}

    def working(self) -> Depths:
        """The same of the queues from which functions are fed, where they are not empty."""
        depths = {name: self._depth(url) for name, url in self._working.items()}
        return {name: depth for name, depth in depths.items() if any(depth.values())}

    def _depth(self, url: str) -> dict[str, int]:
        attributes = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        waiting = int(attributes["ApproximateNumberOfMessages"]) + int(attributes.get("ApproximateNumberOfMessagesDelayed", 0))
        return {"visible": waiting, "in_flight": int(attributes["ApproximateNumberOfMessagesNotVisible"])}


class Drain:
    """Quiet is: nothing in a queue that a function consumes, no function running, no receipt owed, no outbox row due."""

    def __init__(self, queues: Queues, host: Host, ticker: Ticker, receipts_owed: Callable[[], int]) -> None:
        self._queues = queues
        self._host = host
        self._ticker = ticker
        self._receipts_owed = receipts_owed

    def wait(self, patience: float = PATIENCE_SECONDS) -> dict[str, Any] | None:
        """None once quiet; else, when patience ends, what remains: `queues`, `running`, `receipts_owed`, `outbox_rows_due`."""
        deadline = time.monotonic() + patience
        while True:
            # Somebody else may fire the sweep while we look; an invocation that began meanwhile makes what we saw worthless.
            begun = self._host.invocations
            remaining = self._remaining()
            if not remaining and not self._ticker.sweep_if_due() and self._host.invocations == begun:
                return None
            if time.monotonic() >= deadline:
                return remaining or {"outbox_rows_due": True}
            time.sleep(PAUSE_SECONDS)

    def _remaining(self) -> dict[str, Any]:
        # The queues come last, since running functions and receipts end up there.
        running, owed = self._host.busy, self._receipts_owed()
        found: dict[str, Any] = {"queues": self._queues.working(), "running": running, "receipts_owed": owed}
        return {name: value for name, value in found.items() if value}

"""The queues that this product puts something on: hints for the dispatcher, ids for the alarm, records to read again.

Must not put anything of a person on the dispatch or quarantine queue: ids alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from chalicelib.adapters.store_errors import store_errors
from chalicelib.domain.errors import RetryLater

MOST_ENTRIES = 10
"""Messages that one SendMessageBatch takes."""


class SqsQueues:
    """The port `Queues`."""

    def __init__(self, client: Any, *, dispatch_url: str, quarantine_url: str, records_url: str) -> None:
        self._client = client
        self._dispatch_url = dispatch_url
        self._quarantine_url = quarantine_url
        self._records_url = records_url
        self._kept: list[str] | None = None

    def dispatch(self, notification_ids: Sequence[str]) -> None:
        """The rows stand already and the sweep finds each that is due, so a hint that is lost costs minutes; raising here would instead
        make the caller repeat a decision that is written. Only the transport's failures are swallowed."""
        if self._kept is None:
            self._send(notification_ids)
        else:
            self._kept += notification_ids

    @contextmanager
    def together(self) -> Iterator[None]:
        """Hints of one invocation leave at its end, each once, in as few calls as they fit."""
        self._kept = []
        try:
            yield
        finally:
            kept, self._kept = self._kept, None
            self._send(list(dict.fromkeys(kept)))

    def _send(self, notification_ids: Sequence[str]) -> None:
        for start in range(0, len(notification_ids), MOST_ENTRIES):
            batch = notification_ids[start : start + MOST_ENTRIES]
            entries = [{"Id": str(place), "MessageBody": json.dumps({"notification_id": key})} for place, key in enumerate(batch)]
            with suppress(RetryLater):
                self._hint(entries)

    @store_errors("dispatch queue")
    def _hint(self, entries: list[dict[str, str]]) -> None:
        self._client.send_message_batch(QueueUrl=self._dispatch_url, Entries=entries)

    @store_errors("quarantine queue")
    def alarm(self, quarantine_id: str) -> None:
        """The body is the id. StoreUnavailable where the queue does not answer."""
        self._client.send_message(QueueUrl=self._quarantine_url, MessageBody=quarantine_id)

    @store_errors("records queue")
    def replay(self, body: bytes) -> None:
        """StoreUnavailable where the queue does not answer."""
        self._client.send_message(QueueUrl=self._records_url, MessageBody=body.decode())

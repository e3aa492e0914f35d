"""The topic on which the records system hears what became of its records.

Must not publish anything but announcements, which hold ids, enums and times alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from chalicelib.adapters.store_errors import store_errors
from chalicelib.domain.errors import RetryLater

MOST_ENTRIES = 10
"""Messages that one PublishBatch takes."""


class SnsTopic:
    """The port `Topic`."""

    def __init__(self, client: Any, topic_arn: str) -> None:
        self._client = client
        self._topic_arn = topic_arn

    def publish(self, bodies: Mapping[str, str]) -> frozenset[str]:
        """The rows stand until they are taken off, so a call that failed is made again by the sweep."""
        gone: set[str] = set()
        keys = sorted(bodies)
        for start in range(0, len(keys), MOST_ENTRIES):
            batch = {str(place): key for place, key in enumerate(keys[start : start + MOST_ENTRIES])}
            with suppress(RetryLater):
                gone |= {batch[name] for name in self._published({name: bodies[key] for name, key in batch.items()})}
        return frozenset(gone)

    @store_errors("out topic")
    def _published(self, entries: dict[str, str]) -> list[str]:
        requests = [{"Id": name, "Message": body} for name, body in entries.items()]
        answer = self._client.publish_batch(TopicArn=self._topic_arn, PublishBatchRequestEntries=requests)
        return [entry["Id"] for entry in answer.get("Successful", [])]

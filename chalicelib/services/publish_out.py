"""Publish what stands announced in the outbox to the records system's topic, and take it off: at least once, each with an id of its own.

Must not announce anything itself, and must not publish a row that is no announcement.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from chalicelib.domain.delivery import Notification
from chalicelib.domain.errors import Contended
from chalicelib.domain.messages import Template
from chalicelib.services.edges import Topic
from chalicelib.services.ports import Cases, Changes


class PublishOut:
    """The use case behind rows of OUT."""

    def __init__(self, cases: Cases, topic: Topic) -> None:
        self._cases = cases
        self._topic = topic

    def publish(self, rows: Iterable[Notification]) -> frozenset[str]:
        """Publish those of `rows` that are announcements; the ids that went. What the topic did not take stays open, and the sweep comes
        back to it. A crash between the two publishes again: the reader knows it by its id."""
        ready = {row.notification_id: row for row in rows if row.template is Template.OUT and row.body is not None}
        gone = self._topic.publish({key: row.body for key, row in ready.items() if row.body}) if ready else frozenset()
        self._take_off(tuple(ready[key] for key in sorted(gone)))
        return gone

    def _take_off(self, rows: tuple[Notification, ...]) -> None:
        """Another worker may have published and taken off any of them at the same time."""
        try:
            self._cases.commit(Changes(removed_notifications=rows))
        except Contended:
            for row in rows:
                with suppress(Contended):
                    self._cases.commit(Changes(removed_notifications=(row,)))

"""Fakes of the ports of pages: what people wrote, and counters with a limit.

Must not be more lenient than the real adapters: tests/contract runs one suite over both.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from chalicelib.domain.contact_form import ContactMessage
from chalicelib.domain.delivery import Notification
from chalicelib.domain.errors import Contended
from tests.fake_calls import Calls, port_call
from tests.fake_store import FakeCases


class FakeContactMessages:
    """Writes the routing row into the outbox of `FakeCases`, as one transaction does."""

    def __init__(self, calls: Calls, cases: FakeCases) -> None:
        self.calls = calls
        self._cases = cases
        self.kept: dict[str, ContactMessage] = {}

    @port_call("messages.add")
    def add(self, message: ContactMessage, row: Notification) -> bool:
        if message.message_id in self.kept:
            return False
        if row.notification_id in self._cases.rows:
            raise Contended("contact messages")
        self.kept[message.message_id] = message
        self._cases.rows[row.notification_id] = row
        return True

    @port_call("messages.get")
    def get(self, ids: Collection[str]) -> dict[str, ContactMessage]:
        return {key: self.kept[key] for key in ids if key in self.kept}

    @port_call("messages.of")
    def of(self, reference: str) -> list[ContactMessage]:
        found = [message for message in self.kept.values() if message.reference == reference]
        return sorted(found, key=lambda message: (message.received_at, message.message_id))


class FakeLimits:
    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.counts: dict[str, int] = {}

    @port_call("limits.take")
    def take(self, name: str, limit: int, until: datetime) -> bool:
        count = self.counts.get(name, 0)
        if name in self.counts and count >= limit:
            return False
        self.counts[name] = count + 1
        return True

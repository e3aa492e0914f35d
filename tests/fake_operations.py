"""Fakes of the ports of operations: what is paused, dead letters, sealed audit lines.

Must not be more lenient than the real adapters: tests/contract runs one suite over both.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters import codec
from chalicelib.adapters.rows import IN_REVIEW, retention_keys
from chalicelib.domain.errors import Contended
from chalicelib.domain.pauses import Pauses
from chalicelib.services.ports import KeptEvent
from tests.fake_calls import Calls, port_call


class FakePauses:
    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.kept = Pauses()

    @port_call("pauses.read")
    def read(self) -> Pauses:
        return self.kept

    @port_call("pauses.write")
    def write(self, before: Pauses, after: Pauses) -> None:
        unheard = "pauses.write" in self.calls.unheard
        self.calls.unheard.discard("pauses.write")
        if unheard and self.kept == after:
            return
        if self.kept != before:
            raise Contended("pauses")
        self.kept = after


class FakeClockOffset:
    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.stands = timedelta()

    @port_call("offset.read")
    def read(self) -> timedelta:
        return self.stands

    @port_call("offset.write")
    def write(self, offset: timedelta) -> None:
        self.stands = timedelta(seconds=int(offset.total_seconds()))


class FakeDeadLetters:
    """`queues` is what waits, by name; a name that is not there has no queue."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.queues: dict[str, list[str]] = {"records": [], "dispatch": [], "receipts": []}
        self.put_back: list[tuple[str, str]] = []

    @port_call("dead.waiting")
    def waiting(self, name: str) -> int | None:
        return len(self.queues[name]) if name in self.queues else None

    @port_call("dead.receipts_waiting")
    def receipts_waiting(self) -> int:
        return min(len(self.queues["receipts"]), 1000)

    @port_call("dead.redrive")
    def redrive(self, name: str) -> int:
        taken, self.queues[name] = self.queues[name], []
        self.put_back += [(name, body) for body in taken]
        return len(taken)


class FakePersonalContent:
    """Over the fakes that hold the content: erasing there is seen by whoever reads them."""

    def __init__(self, calls: Calls, archive: Any, letters: Any, messages: Any, quarantine: Any, cases: Any) -> None:
        self.calls = calls
        self._archive, self._letters, self._messages, self._quarantine, self._cases = archive, letters, messages, quarantine, cases

    @port_call("content.archived")
    def archived(self, reference: str) -> list[tuple[str, str]]:
        found = {f"{name}/{version}-{digest[:12]}.json": text for (name, version, digest), (_, text) in self._archive.kept.items()}
        return sorted((key, text) for key, text in found.items() if key.startswith(f"{reference}/"))

    @port_call("content.rewrite")
    def rewrite(self, key: str, canonical: str) -> None:
        for (name, version, digest), (at, _) in list(self._archive.kept.items()):
            if key == f"{name}/{version}-{digest[:12]}.json":
                self._archive.kept[name, version, digest] = (at, canonical)

    @port_call("content.kept_letters")
    def kept_letters(self, notification_ids: Collection[str]) -> list[str]:
        return [key for key in notification_ids if key in self._letters.letters]

    @port_call("content.letters")
    def letters(self, notification_ids: Collection[str]) -> int:
        return sum(self._letters.letters.pop(key, None) is not None for key in notification_ids)

    @port_call("content.messages")
    def messages(self, ids: Collection[str]) -> int:
        return sum(self._messages.kept.pop(key, None) is not None for key in ids)

    @port_call("content.quarantined")
    def quarantined(self, ids: Collection[str]) -> int:
        return sum(self._quarantine._bodies.pop(key, None) is not None for key in ids)

    @port_call("content.forget_archived")
    def forget_archived(self, reference: str) -> int:
        mine = [key for key in self._archive.kept if key[0] == reference]
        return sum(self._archive.kept.pop(key) is not None for key in mine)

    @port_call("content.event")
    def event(self, kept: KeptEvent) -> None:
        self._cases.events[kept.event.reference, kept.event.event_id] = kept


class FakeRetentionDates:
    """Over the heads and points of the fake store."""

    def __init__(self, calls: Calls, cases: Any) -> None:
        self.calls = calls
        self._cases = cases

    @port_call("dates.due")
    def due(self, now: datetime, limit: int) -> list[str]:
        waiting = [(retention_keys(head), head.reference) for head in self._cases.heads.values()]
        found = sorted((at, name) for (shard, at), name in waiting if shard not in (None, IN_REVIEW) and at <= codec.instant(now))
        return [name for _, name in found[:limit]]

    @port_call("dates.in_review")
    def in_review(self, limit: int) -> list[tuple[datetime, str]]:
        waiting = [(retention_keys(head), head.reference) for head in self._cases.heads.values()]
        return sorted((codec.moment(at), name) for (shard, at), name in waiting if shard == IN_REVIEW)[:limit]

    @port_call("dates.named_by")
    def named_by(self, points: Collection[str]) -> dict[str, frozenset[str]]:
        rows = self._cases.points
        return {point: frozenset(name for name, _ in rows[point].named) for point in points if point in rows}

    @port_call("dates.forget_point")
    def forget_point(self, point: str, named_by: frozenset[str]) -> bool:
        row = self._cases.points.get(point)
        if row and {name for name, _ in row.named} - named_by:
            return False
        self._cases.points.pop(point, None)
        return True


class FakeSeals:
    """`kept` may be tampered with by a test."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.kept: dict[int, bytes] = {}

    @port_call("seals.put")
    def put(self, number: int, body: bytes) -> bool:
        if number in self.kept:
            return False
        self.kept[number] = body
        return True

    @port_call("seals.get")
    def get(self, number: int) -> bytes | None:
        return self.kept.get(number)

    @port_call("seals.numbers")
    def numbers(self) -> list[int]:
        return sorted(self.kept)

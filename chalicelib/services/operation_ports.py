"""What the use cases of operations need of what is kept and queued, as protocols; each has one fake and one real adapter under one suite.

Shapes are domain types, times are UTC, and failures are those of `domain/errors.py`. Must not import an SDK.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.pauses import Pauses
from chalicelib.services.ports import KeptEvent


class DeadLetters(Protocol):
    """Messages that failed as often as their queue allows, by the name of what they were for: "records", "dispatch" or "receipts"."""

    def waiting(self, name: str) -> int | None:
        """About how many; None where there is no such queue."""

    def receipts_waiting(self) -> int:
        """How many receipts lie aside, by one call: of more than a thousand it says a thousand."""

    def redrive(self, name: str) -> int:
        """Put them back where they came from; how many. Repeating it after StoreUnavailable may put one back twice, and loses none."""


class PersonalContent(Protocol):
    """What is kept of a person's own content outside the tables of cases, for a person's erasure; again is harmless everywhere."""

    def archived(self, reference: str) -> list[tuple[str, str]]:
        """(key, canonical JSON) of every version in the archive, in the order of the keys."""

    def rewrite(self, key: str, canonical: str) -> None:
        """Replace an archived version, its earlier contents included; when it was received stays."""

    def kept_letters(self, notification_ids: Collection[str]) -> list[str]:
        """Those of the messages of which a finished letter is kept, in their order."""

    def letters(self, notification_ids: Collection[str]) -> int:
        """Delete the finished letters of these messages, earlier contents included; how many there were."""

    def messages(self, ids: Collection[str]) -> int:
        """Delete what was written through the page; how many there were."""

    def quarantined(self, ids: Collection[str]) -> int:
        """Delete quarantined bodies, their rows stay; how many there were."""

    def event(self, kept: KeptEvent) -> None:
        """Replace the content of a kept event."""

    def forget_archived(self, reference: str) -> int:
        """Delete every archived version of an occurrence, earlier contents included; how many there were."""


class RetentionDates(Protocol):
    """Which cases retention has to look at, and the keyed hashes that hold nobody's case any more."""

    def due(self, now: datetime, limit: int) -> list[str]:
        """References of cases to look at by `now`, the longest due first (eventually consistent); not those that wait for a person."""

    def in_review(self, limit: int) -> list[tuple[datetime, str]]:
        """(since when, reference) of cases that wait for a person, the longest waiting first (eventually consistent)."""

    def named_by(self, points: Collection[str]) -> dict[str, frozenset[str]]:
        """References of the occurrences that name each of these contact points (keyed hashes); consistent; absent ones are absent."""

    def forget_point(self, point: str, named_by: frozenset[str]) -> bool:
        """Delete what is known of a point, where exactly these occurrences name it; False where another does by now. Again is harmless."""


class SealStore(Protocol):
    """Sealed batches of the log, which nobody can replace: by number, from 1."""

    def put(self, number: int, body: bytes) -> bool:
        """Keep a batch, once. False where one of this number is there."""

    def get(self, number: int) -> bytes | None:
        """The batch of this number, as it was first put; None where there is none."""

    def numbers(self) -> list[int]:
        """Every number that there is, in order."""


class ClockOffset(Protocol):
    """How far the clock of a stage that is tried out is from the real time, in whole seconds; prod has none."""

    def read(self) -> timedelta:
        """As it stands, consistent; nought where nobody moved it."""

    def write(self, offset: timedelta) -> None:
        """Every invocation that begins from now on has it."""


class PauseStore(Protocol):
    """What operations have paused: one small row."""

    def read(self) -> Pauses:
        """As it stands, consistent."""

    def write(self, before: Pauses, after: Pauses) -> None:
        """Contended where another command was faster: `before` is not what stands."""

"""Seals of the log: batches of lines as canonical JSON, each with the hash of the batch before, so that a change anywhere shows.

Must not store or read anything, and must not know what a line tells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

FIRST = "0" * 64
"""What stands for the hash before the first batch."""
Line = Mapping[str, Any]
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Batch:
    """One sealed batch: the lines written from `since` to before `until`, and the hash of the batch before."""

    number: int
    since: datetime
    until: datetime
    previous: str
    lines: tuple[str, ...]

    def body(self) -> bytes:
        """What is stored: the head, then a line each; the same batch is the same bytes."""
        head = {
            "sealed": self.number,
            "since": self.since.astimezone(UTC).isoformat(),
            "until": self.until.astimezone(UTC).isoformat(),
            "previous": self.previous,
            "lines": len(self.lines),
        }
        return ("\n".join([canonical(head), *self.lines]) + "\n").encode()


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def canonical(line: Line) -> str:
    """A line as one text, whatever the order of its fields; fields without a value are left out."""
    given = {name: value for name, value in line.items() if value is not None}
    return json.dumps(given, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def key_of(line: str) -> Key:
    """What tells a line from others: reference, time and id."""
    found = json.loads(line)
    return found["reference"], found["at"], found["entry_id"]


def read(body: bytes) -> Batch | None:
    """The batch of a stored body; None for what none of ours is."""
    try:
        head, *lines = body.decode().splitlines()
        facts = json.loads(head)
        batch = Batch(
            facts["sealed"], datetime.fromisoformat(facts["since"]), datetime.fromisoformat(facts["until"]), facts["previous"], tuple(lines)
        )
    except (ValueError, KeyError, TypeError):
        return None
    return batch if facts.get("lines") == len(lines) else None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: `what` is "missing", "changed", "added", or what is wrong with batch `number`."""

    what: str
    number: int | None = None
    key: Key | None = None


def broken(
    bodies: Iterable[tuple[int, bytes]], newest: int, after: tuple[int, str] = (0, FIRST), kept_since: datetime | None = None
) -> Iterator[Finding]:
    """What is wrong with the chain itself, or a part of it, given its stored batches in the order of their numbers, and the number that was
    sealed last in it. `after`: number and hash of the batch before the part. Batches that ended before `kept_since` may be forgotten by
    now: where the next one that is there began by then, those before it did, and its own word for the hash before it is taken."""
    before, expected = after[1], after[0] + 1
    for number, body in bodies:
        batch = read(body)
        if batch is None or batch.number != number:
            batch = None
            yield Finding("batch unreadable", number)
        if expected < number and not (batch and kept_since and batch.since <= kept_since):
            for absent in range(expected, number):
                yield Finding("batch missing", absent)
        if batch and expected == number and batch.previous != before:
            yield Finding("batch does not follow the one before", number)
        before, expected = digest(body), number + 1
    for absent in range(expected, newest + 1):
        yield Finding("batch missing", absent)


def compared(sealed: Mapping[Key, str], stands: Mapping[Key, str], *, kept_since: datetime | None, until: datetime) -> Iterator[Finding]:
    """The lines as they were sealed against the lines as they stand. Lines from before `kept_since` may be forgotten by now, and so may
    their seals; lines from `until` on are not sealed yet."""
    for key in sorted(sealed.keys() - stands.keys()):
        if kept_since is None or kept_since <= datetime.fromisoformat(key[1]):
            yield Finding("missing", key=key)
    for key in sorted(sealed.keys() & stands.keys()):
        if sealed[key] != stands[key]:
            yield Finding("changed", key=key)
    for key in sorted(stands.keys() - sealed.keys()):
        at = datetime.fromisoformat(key[1])
        if at < until and (kept_since is None or kept_since <= at):
            yield Finding("added", key=key)


def hour_before(now: datetime, lag: timedelta) -> datetime:
    """The last full hour that is at least `lag` ago."""
    return (now - lag).astimezone(UTC).replace(minute=0, second=0, microsecond=0)

"""Seals the log every hour into batches that nobody can change, and says what was changed, removed or added since (ADR 0028).

A batch is written once under its number; a crash after that is made good by the next run, which finds it there. Must not change the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from chalicelib.domain.seals import FIRST, Batch, Finding, Key, broken, canonical, compared, digest, hour_before, key_of, read
from chalicelib.services.operation_ports import SealStore
from chalicelib.services.ports import AuditEntry, Cases

LAG = timedelta(minutes=30)
"""How old a line is before it is sealed: longer than any function runs, so that none comes later with an earlier time."""
BEGINS = timedelta(days=2)
"""How far back the first seal looks."""
MOST_DAYS = 31
"""How many days are looked at together, so that after a long pause no batch is too large."""
NEWEST, OLDER = 25, 50
"""How many batches every run holds against the log: those of the last day, and as many older ones in turn."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one run sealed: the number of the batch, how many lines, and its hash, which goes to the log of the function as a witness of its
    own. Nothing new: the number and the hash of the last one, and no lines."""

    number: int
    lines: int
    digest: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check read, and what it found wrong."""

    batches: int
    lines: int
    findings: tuple[Finding, ...]


class SealAudit:
    """The use case behind the schedule, and behind `make ops audit verify`."""

    def __init__(self, cases: Cases, seals: SealStore, kept: timedelta) -> None:
        """`kept` is how long lines and their seals are kept at least: the lock of the seals, `retention.seals` of the profile. The bucket
        forgets a batch some days after its lock ended, and that is no finding."""
        self._cases = cases
        self._seals = seals
        self._kept = kept

    def seal(self, now: datetime) -> Sealed:
        """Seal what was written until the last full hour. Where nothing was, there is no batch, and the next covers that time too."""
        last = self._last()
        since = last[1].until if last else hour_before(now, BEGINS)
        number = last[1].number + 1 if last else 1
        until, lines = self._next(since, hour_before(now, LAG))
        if not lines:
            return Sealed(number - 1, 0, digest(last[0]) if last else FIRST)
        batch = Batch(number, since, until, digest(last[0]) if last else FIRST, lines)
        put = self._seals.put(number, batch.body())  # where another run was faster, the next goes on from its batch
        return Sealed(number, len(lines) if put else 0, digest(batch.body()))

    def _next(self, since: datetime, limit: datetime) -> tuple[datetime, tuple[str, ...]]:
        """The next lines up to `limit`, and up to when they were looked for: at most so many days at once, however long nothing was."""
        lines: tuple[str, ...] = ()
        while not lines and since < limit:
            until = min(limit, since + timedelta(days=MOST_DAYS))
            lines = tuple(sorted(map(line_of, self._cases.audited(since, until)), key=key_of))
            since = until
        return since, lines

    def verify(self, now: datetime, reference: str | None = None) -> Verified:
        """Walk the whole chain, and hold the log against it: all of it, or of one occurrence."""
        return self._checked(self._seals.numbers(), None, now - self._kept, reference)

    def watch(self, now: datetime) -> Verified:
        """The same for a part of the chain, cheap enough for every hour: the last day, so that what somebody does to it shows at once, and
        older batches in turn, so that each comes round within days (a year's chain takes eight)."""
        numbers = self._seals.numbers()
        done = Verified(0, 0, ())
        for start, part in _parts(numbers, now):
            checked = self._checked(part, numbers[start - 1] if start else None, now - self._kept)
            findings = (*done.findings, *checked.findings)
            done = Verified(done.batches + checked.batches, done.lines + checked.lines, findings)
        return done

    def _checked(self, numbers: Sequence[int], before: int | None, kept_since: datetime, reference: str | None = None) -> Verified:
        """Batches of these numbers, which follow each other, after the batch `before`."""
        bodies = [(number, body) for number in numbers if (body := self._seals.get(number)) is not None]
        batches = [batch for _, body in bodies if (batch := read(body)) is not None]
        sealed = {key_of(line): line for batch in batches for line in batch.lines}
        after = (0, FIRST) if before is None else (before, digest(self._seals.get(before) or b""))
        findings = list(broken(bodies, max(numbers, default=0), after, kept_since))
        if batches:
            since, until = min(batch.since for batch in batches), max(batch.until for batch in batches)
            if reference is not None:
                sealed = {key: line for key, line in sealed.items() if key[0] == reference}
            stands = self._stands(reference, since, until)
            findings += compared(sealed, stands, kept_since=kept_since, until=until)
        return Verified(len(bodies), len(sealed), tuple(findings))

    def _stands(self, reference: str | None, since: datetime, until: datetime) -> Mapping[Key, str]:
        found = self._cases.audit_of(reference) if reference is not None else self._in_parts(since, until)
        lines = (line_of(entry) for entry in found if entry.at >= since)
        return {key_of(line): line for line in lines}

    def _in_parts(self, since: datetime, until: datetime) -> Iterator[AuditEntry]:
        while since < until:
            part = min(since + timedelta(days=1), until)
            yield from self._cases.audited(since, part)
            since = part

    def _last(self) -> tuple[bytes, Batch] | None:
        """The newest batch that can be read; what is behind one that cannot is sealed anew, and the check tells of it."""
        for number in reversed(self._seals.numbers()):
            body = self._seals.get(number) or b""
            if (batch := read(body)) is not None:
                return body, batch
        return None


def _parts(numbers: Sequence[int], now: datetime) -> Iterator[tuple[int, Sequence[int]]]:
    """Where in the chain each part that this hour looks at begins, and its numbers."""
    newest = max(0, len(numbers) - NEWEST)
    if newest:
        start = int(now.timestamp() // 3600) % -(-newest // OLDER) * OLDER
        yield start, numbers[start : min(start + OLDER, newest)]
    yield newest, numbers[newest:]


def line_of(entry: AuditEntry) -> str:
    """A line of the log as one canonical text: by its own fields, its time to the second as the store keeps it."""
    values = {field.name: getattr(entry, field.name) for field in fields(entry)}
    at = entry.at.astimezone(UTC).replace(microsecond=0)
    return canonical({name: str(value) if isinstance(value, str) else value for name, value in values.items()} | {"at": at.isoformat()})

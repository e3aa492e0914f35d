"""Pause a channel or a kind of message and let it go on: what is paused waits and is not lost, and leaves oldest first.

A crash at any point leaves rows that the sweep lets go, since a lifted pause stays on record for a day. Must not send: rows that are let go
re-enter at dispatch, where the policy is asked again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.delivery import Notification, fact_id
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.domain.pauses import PAUSABLE, Pause, Pauses, laid_aside, let_go
from chalicelib.services.operation_ports import PauseStore
from chalicelib.services.ports import AuditEntry, Cases, Changes, Clock, Queues, Swap

OPERATIONS = "operations"
"""The audit key of what is about no single occurrence."""
FRESH = timedelta(seconds=30)
"""How old a worker's knowledge that nothing is paused may be: a pause takes effect within a minute."""
AT_ONCE = 1000
TOGETHER = 10
"""Hints of one call, so that the oldest are on their way before the rest is let go."""


class WhatIsPaused:
    """A worker's knowledge of the pauses: one read for an invocation, and none while nothing is paused and it is fresh."""

    def __init__(self, store: PauseStore, cases: Cases, clock: Clock) -> None:
        self._store = store
        self._cases = cases
        self._clock = clock
        self._known = Pauses()
        self._read_at: datetime | None = None

    def refresh(self, now: datetime) -> None:
        """At the start of an invocation. RetryLater where the store does not answer: what may be paused must not leave."""
        if self._read_at is None or self._known.standing() or not timedelta() <= now - self._read_at < FRESH:
            self._known, self._read_at = self._store.read(), now

    def lay_aside(self, row: Notification) -> Notification | None:
        """The row as it waits from now on; None where nothing keeps it. Contended: somebody else moved it.

        How old the knowledge is, the clock says: an invocation has one `now`, and slow providers are when one pauses.
        """
        now = self._clock.now()
        if self._read_at is None or abs(now - self._read_at) >= FRESH:
            self.refresh(now)
        pause = self._known.of(row)
        if pause is None:
            return None
        after = laid_aside(row, pause)
        self._cases.commit(Changes(notifications=(Swap(row, after),)))
        return after


class LetGo:
    """Takes rows out of a pause that was lifted."""

    def __init__(self, store: PauseStore, cases: Cases, queues: Queues) -> None:
        self._store = store
        self._cases = cases
        self._queues = queues

    def leftover(self, now: datetime) -> int:
        """What a lifted pause still keeps, as after a crash, or laid aside by a worker that did not know yet; how many rows were let go."""
        lifted = [pause.name for pause in self._store.read().kept if pause.still_looked_after(now)]
        return sum(self.some(name) for name in lifted)

    def some(self, name: str) -> int:
        """Let go up to AT_ONCE rows that wait for this pause, oldest due first; how many."""
        gone = 0
        waiting = self._cases.paused(name, AT_ONCE)
        for start in range(0, len(waiting), TOGETHER):
            moved = [row.notification_id for row in waiting[start : start + TOGETHER] if self._moved(row)]
            self._queues.dispatch(moved)
            gone += len(moved)
        return gone

    def _moved(self, row: Notification) -> bool:
        """By the row as it stands: the index may be behind."""
        stored = self._cases.notifications([row.notification_id]).get(row.notification_id)
        if stored is None or stored.reason != row.reason or stored.state is not row.state:
            return False
        try:
            self._cases.commit(Changes(notifications=(Swap(stored, let_go(stored)),)))
        except Contended:
            return False
        return True


class PauseSending:
    """The use case behind `make ops pause`, `resume` and `pauses`."""

    def __init__(self, store: PauseStore, cases: Cases, queues: Queues) -> None:
        self._store = store
        self._cases = cases
        self._going = LetGo(store, cases, queues)

    def all(self) -> tuple[tuple[Pause, int], ...]:
        """What stands paused, and how many rows each keeps (at most AT_ONCE are counted)."""
        return tuple((pause, self.waiting(pause.name)) for pause in self._store.read().standing())

    def waiting(self, name: str) -> int:
        return len(self._cases.paused(name, AT_ONCE))

    def pause(self, name: str, by: str, reason: str, now: datetime) -> bool:
        """False where it is paused already. ValueError for what cannot be paused.

        Paused first: a crash before the log line is mended by the same command, which writes the line of the pause that stands.
        """
        if name not in PAUSABLE:
            raise ValueError(name)
        before = self._store.read()
        standing = next((pause for pause in before.standing() if pause.name == name), None)
        pause = standing or Pause(name, by, reason, now)
        if standing is None:
            self._store.write(before, before.with_pause(pause))
        self._log("paused", name, pause.by, pause.since, pause.reason)
        return standing is None

    def resume(self, name: str, by: str, now: datetime) -> int | None:
        """How many rows were let go; None where it is not paused. What cannot be let go now is left to the sweep."""
        before = self._store.read()
        if all(pause.name != name for pause in before.standing()):
            return None
        self._store.write(before, before.lifted(name, by, now))
        self._log("resumed", name, by, now)
        gone = 0
        try:
            while some := self._going.some(name):
                gone += some
        except RetryLater:
            return gone
        return gone

    def _log(self, op: str, name: str, by: str, at: datetime, reason: str | None = None) -> None:
        detail = f"{name}: {reason}" if reason else name
        entry = AuditEntry(OPERATIONS, fact_id(op, name, at.isoformat()), at, op, actor=by, detail=detail)
        self._cases.commit(Changes(audit=(entry,)))

"""The store in memory: cases with their outbox, and contact points, under the conditions that the real tables have.

Must not be more lenient than the real adapter: tests/contract runs one suite over both.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime

from chalicelib.domain.case import Case, Head, Part
from chalicelib.domain.delivery import Notification, State, paused_by
from chalicelib.domain.errors import Contended
from chalicelib.domain.model import DirectoryOfficer, KnownElsewhere
from chalicelib.domain.obligations import Agreement, Obligation
from chalicelib.services.ports import MOST_ITEMS, Around, AuditEntry, Changes, KeptEvent, PointMark, Swap, Wanted
from tests.fake_calls import Calls, port_call


@dataclass
class PointRow:
    named: set[tuple[str, str]] = field(default_factory=set)
    specialist: set[tuple[str, str]] = field(default_factory=set)
    do_not_contact: set[tuple[str, str]] = field(default_factory=set)
    held: set[tuple[str, str]] = field(default_factory=set)
    held_at: datetime | None = None
    closed: str | None = None
    told: tuple[date, str] | None = None
    """The day on which the point was last written to, and the message that has it."""


def _condition(row: Notification | None) -> tuple[object, ...] | None:
    return row and (row.state, row.token, row.attempts)


class FakeCases:
    """`rows`, `heads` and the rest may be read by a test; `load` and friends are what the product sees."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.heads: dict[str, Head] = {}
        self.parts: dict[str, dict[str, Part]] = {}
        self.rows: dict[str, Notification] = {}
        self.owed: dict[tuple[str, str], Obligation] = {}
        self.agreements: dict[tuple[str, str], Agreement] = {}
        self.events: dict[tuple[str, str], KeptEvent] = {}
        self.audit: dict[tuple[str, datetime, str], AuditEntry] = {}
        self.points: dict[str, PointRow] = {}
        self.directory: Callable[[str], DirectoryOfficer | None] = lambda _: None
        self._last = Changes()

    @port_call("cases.load")
    def load(self, reference: str) -> Case:
        head = self._head(reference)
        events = tuple(self.events[key].event for key in sorted(self.events) if key[0] == reference) if head.events else ()
        return Case(head, dict(self.parts.get(reference, {})), events)

    @port_call("cases.head")
    def head(self, reference: str) -> Head:
        return self._head(reference)

    def _head(self, reference: str) -> Head:
        return self.heads.get(reference, Head(reference))

    @port_call("cases.notifications")
    def notifications(self, ids: Collection[str]) -> dict[str, Notification]:
        return {key: self.rows[key] for key in ids if key in self.rows}

    @port_call("cases.obligations")
    def obligations(self, reference: str, ids: Collection[str]) -> dict[str, Obligation]:
        return {key: self.owed[reference, key] for key in ids if (reference, key) in self.owed}

    @port_call("cases.around")
    def around(self, wanted: Wanted) -> Around:
        return Around(
            {key: self.rows[key] for key in wanted.rows if key in self.rows},
            {key: self.owed[wanted.reference, key] for key in wanted.owed if (wanted.reference, key) in self.owed},
            _known(self.points, wanted.points, wanted.reference),
            {collar: self.directory(collar) for collar in wanted.officers},
            self.agreements.get((wanted.reference, wanted.agreement_of or "")),
        )

    @port_call("cases.commit")
    def commit(self, changes: Changes) -> None:
        _refuse_unfit(changes)
        unheard = "cases.commit" in self.calls.unheard
        self.calls.unheard.discard("cases.commit")
        if unheard and changes == self._last:
            return
        self._check(changes)
        self._write(changes)
        self._last = changes

    def _check(self, changes: Changes) -> None:
        if changes.head and self._head(changes.head.after.reference).revision != (
            changes.head.before.revision if changes.head.before else 0
        ):
            raise Contended("head")
        if any(self._head(head.reference).revision != head.revision for head in changes.unmoved):
            raise Contended("another head")
        expected = {swap.after.notification_id: swap.before for swap in changes.notifications}
        expected |= {row.notification_id: row for row in changes.removed_notifications}
        if any(_condition(self.rows.get(key)) != _condition(before) for key, before in expected.items()):
            raise Contended("notification")
        owed = {(swap.after.reference, swap.after.obligation_id): swap.before for swap in changes.obligations}
        owed |= {(row.reference, row.obligation_id): row for row in changes.removed_obligations}
        for key, before in owed.items():
            stored = self.owed.get(key)
            if (stored and (stored.state, stored.step)) != (before and (before.state, before.step)):
                raise Contended("obligation")
        if any((kept.event.reference, kept.event.event_id) in self.events for kept in changes.events):
            raise Contended("event")
        if any(self.audit.get((line.reference, line.at, line.entry_id), line) != line for line in changes.audit):
            raise Contended("audit")

    def _write(self, changes: Changes) -> None:
        if changes.head:
            self.heads[changes.head.after.reference] = changes.head.after
            self.parts.setdefault(changes.head.after.reference, {}).update(changes.parts or {})
        self.rows.update({swap.after.notification_id: swap.after for swap in changes.notifications})
        self.rows.update({row.notification_id: row for row in changes.announced})
        self.events.update({(kept.event.reference, kept.event.event_id): kept for kept in changes.events})
        for row in changes.removed_notifications:
            del self.rows[row.notification_id]
        self.owed.update({(swap.after.reference, swap.after.obligation_id): swap.after for swap in changes.obligations})
        for owed in changes.removed_obligations:
            del self.owed[owed.reference, owed.obligation_id]
        self.agreements.update({(agreement.reference, agreement.victim_id): agreement for agreement in changes.agreements})
        for agreed in changes.removed_agreements:
            self.agreements.pop(agreed, None)
        for entry in changes.audit:
            self.audit[entry.reference, entry.at, entry.entry_id] = entry
        self._mark(changes.marks)
        for point, reason in changes.closed_points:
            self.points.setdefault(point, PointRow()).closed = reason

    def _mark(self, marks: tuple[PointMark, ...]) -> None:
        """Where marks of one point in one transaction differ, the careful one wins (the real row is written once)."""
        for name, flag in (("specialist", "specialist"), ("do_not_contact", "do_not_contact"), ("held", "held_at")):
            for point in {mark.point for mark in marks}:
                of_point = [mark for mark in marks if mark.point == point]
                row = self.points.setdefault(point, PointRow())
                row.named |= {(mark.reference, mark.victim_id) for mark in of_point}
                careful = {(mark.reference, mark.victim_id) for mark in of_point if getattr(mark, flag)}
                cleared = {(mark.reference, mark.victim_id) for mark in of_point} if not careful else set()
                setattr(row, name, (getattr(row, name) | careful) - cleared)

        for mark in marks:
            if mark.held_at:
                self.points[mark.point].held_at = mark.held_at.replace(microsecond=0)

    @port_call("cases.claim")
    def claim(self, swap: Swap[Notification]) -> bool:
        """Only what the claim changes is written, so that what a decision changed meanwhile stays."""
        assert swap.before is not None
        stored = self.rows.get(swap.after.notification_id)
        if stored and stored.token == swap.after.token and stored.state is swap.after.state:
            return True
        if stored is None or _condition(stored) != _condition(swap.before):
            return False
        changed = {f.name: getattr(swap.after, f.name) for f in fields(Notification)}
        changed = {name: value for name, value in changed.items() if getattr(swap.before, name) != value}
        self.rows[stored.notification_id] = replace(stored, **changed)
        return True

    @port_call("cases.due")
    def due(self, now: datetime, limit: int) -> list[str]:
        waiting = sorted((row.open_at, row.notification_id) for row in self.rows.values() if _is_due(row, now))
        return [key for _, key in waiting[:limit]]

    @port_call("cases.paused")
    def paused(self, name: str, limit: int) -> list[Notification]:
        waiting = [row for row in self.rows.values() if row.open_at and paused_by(row) == name]
        return sorted(waiting, key=lambda row: (row.open_at, row.notification_id))[:limit]

    @port_call("cases.made_on")
    def made_on(self, day: date) -> list[Notification]:
        return [row for row in self.rows.values() if row.created_at.date() == day]

    @port_call("cases.owed_due")
    def owed_due(self, now: datetime, limit: int) -> list[Obligation]:
        waiting = [row for row in self.owed.values() if row.next_at and row.next_at <= now]
        return sorted(waiting, key=lambda row: (row.next_at or now, row.obligation_id))[:limit]

    @port_call("cases.unknown_until")
    def unknown_until(self, until: datetime) -> int:
        return sum(row.state is State.UNKNOWN and row.open_at is not None and row.open_at <= until for row in self.rows.values())

    @port_call("cases.owed_by")
    def owed_by(self, officer: str, until: datetime) -> list[Obligation]:
        rows = [row for row in self.owed.values() if row.unmet and row.officer == officer and row.due_at <= until]
        return sorted(rows, key=lambda row: row.due_at)

    @port_call("cases.owed_at")
    def owed_at(self, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Obligation]:
        return {key: self.owed[key] for key in keys if key in self.owed}

    @port_call("cases.owed_in")
    def owed_in(self, month: str) -> list[Obligation]:
        return [row for row in self.owed.values() if f"{row.started_at:%Y-%m}" == month]

    @port_call("cases.event")
    def event(self, reference: str, event_id: str) -> KeptEvent | None:
        return self.events.get((reference, event_id))

    @port_call("cases.outbox_of")
    def outbox_of(self, reference: str) -> list[Notification]:
        rows = (row for row in self.rows.values() if row.reference == reference)
        return sorted(rows, key=lambda row: (row.created_at, row.notification_id))

    @port_call("cases.obligations_of")
    def obligations_of(self, reference: str) -> list[Obligation]:
        return [self.owed[key] for key in sorted(self.owed) if key[0] == reference]

    @port_call("cases.agreements_of")
    def agreements_of(self, reference: str) -> list[Agreement]:
        return [self.agreements[key] for key in sorted(self.agreements) if key[0] == reference]

    @port_call("cases.audited")
    def audited(self, since: datetime, until: datetime) -> list[AuditEntry]:
        found = [entry for entry in self.audit.values() if since <= entry.at < until]
        return sorted(found, key=lambda entry: (entry.at, entry.reference, entry.entry_id))

    @port_call("cases.audit_of")
    def audit_of(self, reference: str) -> list[AuditEntry]:
        return [self.audit[key] for key in sorted(self.audit) if key[0] == reference]


def _is_due(row: Notification, now: datetime) -> bool:
    return row.open_at is not None and row.open_at <= now and paused_by(row) is None


def _refuse_unfit(changes: Changes) -> None:
    if changes.size > MOST_ITEMS:
        raise ValueError(f"{changes.size} items in one transaction")
    if changes.parts and not changes.head:
        raise ValueError("parts are written with their head")
    keys: list[tuple[str, ...]] = [("head", head.reference) for head in changes.unmoved]
    keys += [("head", changes.head.after.reference)] if changes.head else []
    keys += [("notification", swap.after.notification_id) for swap in changes.notifications]
    keys += [("notification", row.notification_id) for row in changes.removed_notifications]
    keys += [("obligation", swap.after.reference, swap.after.obligation_id) for swap in changes.obligations]
    keys += [("obligation", row.reference, row.obligation_id) for row in changes.removed_obligations]
    keys += [("event", kept.event.reference, kept.event.event_id) for kept in changes.events]
    keys += [("notification", row.notification_id) for row in changes.announced]
    keys += [("agreement", agreement.reference, agreement.victim_id) for agreement in changes.agreements]
    keys += [("agreement", *agreed) for agreed in changes.removed_agreements]
    keys += [("audit", entry.reference, entry.at.isoformat(), entry.entry_id) for entry in changes.audit]
    if any(count > 1 for count in Counter(keys).values()):
        raise ValueError("two operations on one key")


def _known(stored: Mapping[str, PointRow], points: Mapping[str, str | None], excluding: str) -> KnownElsewhere:
    rows = {point: stored[point] for point in points if point in stored}
    specialist = frozenset(name for row in rows.values() for name, _ in row.specialist if name != excluding)
    return KnownElsewhere(
        specialist=bool(specialist),
        specialist_in=specialist,
        do_not_contact=any(reference != excluding for row in rows.values() for reference, _ in row.do_not_contact),
        held=any(reference != excluding for row in rows.values() for reference, _ in row.held),
        held_at=max((row.held_at for row in rows.values() if row.held_at), default=None),
        closed=frozenset(address for point, row in rows.items() if row.closed and (address := points[point])),
        named=frozenset(name for point, row in rows.items() if points[point] is None for name, _ in row.named if name != excluding),
    )


class FakeContactPoints:
    """Reads the points that `FakeCases.commit` marked."""

    def __init__(self, calls: Calls, cases: FakeCases, key: bytes = b"test key") -> None:
        self.calls = calls
        self._rows = cases.points
        self._key = key

    def key(self, kind: str, value: str) -> str:
        normalised = value if kind == "mobile" else value.lower()
        return hmac.new(self._key, f"{kind}:{normalised}".encode(), hashlib.sha256).hexdigest()

    @port_call("points.known")
    def known(self, points: Mapping[str, str | None], *, excluding: str) -> KnownElsewhere:
        return _known(self._rows, points, excluding)

    @port_call("points.take_day")
    def take_day(self, point: str, day: date, holder: str, *, whatever: bool = False) -> bool:
        row = self._rows.setdefault(point, PointRow())
        if row.told and row.told[0] >= day and row.told[1] != holder and not whatever:
            return False
        row.told = (day, holder)
        return True

    @port_call("points.closed")
    def closed(self, points: Collection[str]) -> dict[str, str]:
        return {point: why for point in points if point in self._rows and (why := self._rows[point].closed) is not None}

    @port_call("points.reopen")
    def reopen(self, point: str) -> None:
        if point in self._rows:
            self._rows[point].closed = None

    @port_call("points.cases_of")
    def cases_of(self, points: Collection[str]) -> set[str]:
        return {reference for point in points if point in self._rows for reference, _ in self._rows[point].named}

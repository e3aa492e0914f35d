"""Delivers versions and events of one occurrence to the rules alone, in any order, and keeps the rows that result.

Mirrors what the use cases of recording do between reading and writing; everything is accepted at one instant. Must not know a port.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain.case import Head, Part, Release
from chalicelib.domain.delivery import Notification
from chalicelib.domain.events import Event, HoldReleased, concerns
from chalicelib.domain.model import Occurrence, Victim
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.plan import Plan, plan, plan_removed
from chalicelib.domain.reconcile import Difference, reconcile
from chalicelib.domain.routes import specialist_signs
from chalicelib.domain.situation import Situation
from tests.builders import NOW
from tests.domain_builders import STANDING

Rows = dict[str, Notification]
Owed = dict[str, Obligation]


def sent_at(version: int) -> datetime:
    """When the records system sent a version, shortly before all are accepted."""
    return NOW - timedelta(minutes=20) + timedelta(minutes=version)


def applied(rows: Rows, owed: Owed, difference: Difference) -> tuple[Rows, Owed]:
    """The rows after a difference was written."""
    rows, owed = dict(rows), dict(owed)
    for before, after in difference.notifications:
        rows.pop(before.notification_id if before else "", None)
        if after is not None:
            rows[after.notification_id] = after
    for was, now in difference.obligations:
        owed.pop(was.obligation_id if was else "", None)
        if now is not None:
            owed[now.obligation_id] = now
    return rows, owed


def _released(head: Head, event: Event) -> Head:
    if not isinstance(event, HoldReleased):
        return head
    release = Release(event.victim_id, head.version, event.by, event.at, event.reason, event_id=event.event_id)
    return replace(head, releases=(*head.releases, release))


@dataclass
class Replay:
    """A case in memory: newest version, signs of all, events, and per victim what is known, with its rows. `now` may be moved on."""

    head: Head = field(default_factory=lambda: Head("26000712345"))
    newest: Occurrence | None = None
    parts: dict[str, Part] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    rows: dict[str, Rows] = field(default_factory=dict)
    owed: dict[str, Owed] = field(default_factory=dict)
    now: datetime = NOW

    def deliver(self, arrivals: Iterable[Occurrence | Event]) -> Replay:
        """Take them as they come; an event that comes again counts once."""
        for arrived in arrivals:
            if isinstance(arrived, Occurrence):
                self._take(arrived)
            elif arrived not in self.events:
                self.events = tuple(sorted((*self.events, arrived), key=lambda event: event.event_id))
                self.head = _released(self.head, arrived)
                self.ask()
        return self

    def ask(self, now: datetime | None = None) -> list[Difference]:
        """Decide again, at `now` where time has passed."""
        self.now = now or self.now
        return [self._bring(victim_id, None) for victim_id in self.parts]

    def _take(self, record: Occurrence) -> None:
        self.head = self.head.with_signs(record.version, specialist_signs(record))
        self.head = self.head.with_told(record, sent_at(record.version))
        if self.newest is None or record.version > self.newest.version:
            self.newest = record
        for victim in record.victims:
            part = self.parts.get(victim.id, Part(victim, record.version, NOW)).with_said(record.version, sent_at(record.version), victim)
            newer = record.version >= part.version
            self.parts[victim.id] = replace(part, victim=victim, version=record.version) if newer else part
        for victim_id in self.parts:
            self._bring(victim_id, record)

    def _bring(self, victim_id: str, arrived: Occurrence | None) -> Difference:
        named = arrived.victims if arrived else ()
        own = next((plan(self._alone(arrived, victim)) for victim in named if arrived and victim.id == victim_id), None)
        rows, owed = self.rows.get(victim_id, {}), self.owed.get(victim_id, {})
        current = self.plan(victim_id)
        why = current.decision.rule_id
        difference = reconcile(rows, owed, current=current, own=own, suspended=False, why_not=why, now=self.now, standing=STANDING)
        self.rows[victim_id], self.owed[victim_id] = applied(rows, owed, difference)
        return difference

    def plan(self, victim_id: str) -> Plan:
        """What the newest version wants for this victim, under the signs of every version."""
        assert self.newest is not None
        part = self.parts[victim_id]
        situation = replace(
            self._alone(self.newest, part.victim),
            sticky=self.head.sticky(victim_id),
            existing=self.rows.get(victim_id, {}),
            events=tuple(event for event in self.events if concerns(event, victim_id)),
            told=self.head.told,
            said=part.said,
        )
        named = any(one.id == victim_id for one in self.newest.victims)
        return plan(situation) if named else plan_removed(situation)

    def _alone(self, record: Occurrence, victim: Victim) -> Situation:
        return Situation(record, victim, NOW, self.now, STANDING)

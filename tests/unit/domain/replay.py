"""Delivers versions of one occurrence to the rules alone, all at one instant, in any order, and keeps the rows that result.

Mirrors what the use case of recording does between reading and writing. Must not know a port.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from chalicelib.domain.case import Head
from chalicelib.domain.delivery import Notification
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


@dataclass
class Replay:
    """A case in memory: newest version, signs of all, and per victim what is known, with its rows."""

    head: Head = field(default_factory=lambda: Head("26000712345"))
    newest: Occurrence | None = None
    victims: dict[str, tuple[Victim, int]] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    owed: dict[str, Owed] = field(default_factory=dict)

    def deliver(self, versions: Iterable[Occurrence]) -> Replay:
        for record in versions:
            self._take(record)
        return self

    def _take(self, record: Occurrence) -> None:
        self.head = self.head.with_signs(record.version, specialist_signs(record))
        if self.newest is None or record.version > self.newest.version:
            self.newest = record
        for victim in record.victims:
            if record.version >= self.victims.get(victim.id, (victim, 0))[1]:
                self.victims[victim.id] = (victim, record.version)
        for victim_id in self.victims:
            self._bring(victim_id, record)

    def _bring(self, victim_id: str, arrived: Occurrence) -> None:
        own = next((plan(self._alone(arrived, victim)) for victim in arrived.victims if victim.id == victim_id), None)
        rows, owed = self.rows.get(victim_id, {}), self.owed.get(victim_id, {})
        current = self.plan(victim_id)
        why = current.decision.rule_id
        difference = reconcile(rows, owed, current=current, own=own, suspended=False, why_not=why, now=NOW)
        self.rows[victim_id], self.owed[victim_id] = applied(rows, owed, difference)

    def plan(self, victim_id: str) -> Plan:
        """What the newest version wants for this victim, under the signs of every version."""
        assert self.newest is not None
        victim = self.victims[victim_id][0]
        situation = replace(self._alone(self.newest, victim), sticky=self.head.sticky(victim_id), existing=self.rows.get(victim_id, {}))
        named = any(one.id == victim_id for one in self.newest.victims)
        return plan(situation) if named else plan_removed(situation)

    def _alone(self, record: Occurrence, victim: Victim) -> Situation:
        return Situation(record, victim, NOW, NOW, STANDING)

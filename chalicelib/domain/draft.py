"""Collects the rows of one plan: each is named by a hash of what it is for, and an obligation's deadline follows its dated rule.

Must not decide which rows are wanted.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.domain.deadlines import due, local_day, rule_on
from chalicelib.domain.delivery import Audience, Notification, State, fact_id
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, RouteDecision, Unit
from chalicelib.domain.obligations import Kind, Obligation, Purpose
from chalicelib.domain.situation import Situation

FINAL_FAILURE = {State.FAILED, State.BOUNCED}
"""The provider refused the message, or could not deliver it, for good."""


class Draft:
    """Collects the rows of one plan."""

    def __init__(self, situation: Situation, decision: RouteDecision) -> None:
        self.s = situation
        self.decision = decision
        self.notifications: dict[str, Notification] = {}
        self.obligations: dict[str, Obligation] = {}
        self.key = (situation.occurrence.reference, situation.victim.id)

    def owe(self, kind: Kind, rule_id: str, *, started_at: datetime | None = None, facts: tuple[str, ...] = (), **more: Any) -> Obligation:
        """Starts with the report; what a later event asks for starts when it is first wanted (a standing row keeps its start)."""
        start = started_at or self.s.occurrence.reported_at
        rule = rule_on(rule_id, local_day(start))
        row = Obligation(
            obligation_id=fact_id(*self.key, kind, *facts),
            reference=self.s.occurrence.reference,
            kind=kind,
            victim_id=self.s.victim.id,
            rule_id=rule.id,
            rule_from=rule.effective_from,
            started_at=start,
            due_at=due(rule, start, self.s.standing.holidays),
            created_at=self.s.now,
            route=self.decision.route,
            district=self.s.standing.profile.district(self.s.occurrence.district),
            **more,
        )
        self.obligations[row.obligation_id] = row
        return row

    def say(self, template: Template, audience: Audience, channel: Channel, *facts: str, **more: Any) -> Notification:
        row = Notification(
            notification_id=fact_id(*self.key, template, channel, *facts),
            reference=self.s.occurrence.reference,
            victim_id=self.s.victim.id,
            template=template,
            audience=audience,
            channel=channel,
            created_at=self.s.now,
            **{"not_before": self.s.now, **more},
        )
        self.notifications[row.notification_id] = row
        return row

    def task(self, purpose: Purpose, unit: Unit, *, rule_id: str = "SPEC-1WD", kind: Kind = Kind.TASK, **more: Any) -> Obligation:
        """A task is named by what it asks: when that changes it is a new task, and the old one is waived."""
        destinations, missing = tuple(more.get("destinations", ())), tuple(more.get("missing", ()))
        facts = (purpose, unit, *destinations, *missing)
        owed = self.owe(kind, rule_id, facts=facts, unit=unit, purpose=purpose, **more)
        self._task_mails(owed, unit)
        return owed

    def _task_mails(self, owed: Obligation, unit: Unit) -> None:
        """To the person, then to their role, then to operations: each only where the one before failed for good."""
        person = {Unit.OFFICER: Audience.OFFICER, Unit.SUPERVISOR: Audience.SUPERVISOR}.get(unit)
        steps = [(person, ()), (Audience.UNIT, ("fallback",))] if person else [(Audience.UNIT, ())]
        for audience, facts in (*steps, (Audience.OPERATIONS, ("operations",))):
            to = Unit.OPERATIONS if audience is Audience.OPERATIONS else unit
            row = self.say(Template.TASK, audience, Channel.EMAIL, owed.obligation_id, *facts, task_id=owed.obligation_id, unit=to)
            if not self.failed(row.notification_id):
                return

    def failed(self, notification_id: str) -> bool:
        """Whether this row exists and its provider refused it, or could not deliver it, for good."""
        before = (self.s.existing or {}).get(notification_id)
        return before is not None and before.state in FINAL_FAILURE

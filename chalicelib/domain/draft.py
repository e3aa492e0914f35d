"""Collects the rows of one plan: each is named by a hash of what it is for, and an obligation's deadline follows its dated rule.

Must not decide which rows are wanted.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.deadlines import due, local_day, next_hour, rule_on
from chalicelib.domain.delivery import AFTER_SETTLED, Audience, Notification, State, fact_id
from chalicelib.domain.evidence import Evidence, done_by_contact, earliest_of, picked_up, task_done
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, RouteDecision, Unit
from chalicelib.domain.obligations import DECISION, Kind, Obligation, ObligationState, Purpose
from chalicelib.domain.reminders import unmet_state
from chalicelib.domain.situation import Situation

ASKED_OF_A_PERSON = "SPEC-1WD"
FINAL_FAILURE = {State.FAILED, State.BOUNCED}
"""The provider refused the message, or could not deliver it, for good."""


def may_arrive(row: Notification) -> bool:
    """It left, or may still leave, and nobody took it for failed."""
    return row.state not in FINAL_FAILURE | {State.SETTLED} and row.reason != AFTER_SETTLED


class Draft:
    """Collects the rows of one plan."""

    def __init__(self, situation: Situation, decision: RouteDecision) -> None:
        self.s = situation
        self.decision = decision
        self.notifications: dict[str, Notification] = {}
        self.obligations: dict[str, Obligation] = {}
        self.key = (situation.occurrence.reference, situation.victim.id)

    def owe(
        self,
        kind: Kind,
        rule_id: str,
        *,
        started_at: datetime | None = None,
        due_at: datetime | None = None,
        facts: tuple[str, ...] = (),
        evidence: Evidence | None = None,
        **more: Any,
    ) -> Obligation:
        """Starts with the report; what a later event asks for starts when it is first wanted (a standing row keeps its start).

        `due_at` None: as the rule says. Where nothing met it, its state follows from the time.
        """
        s = self.s
        start = started_at or s.occurrence.reported_at
        rule = rule_on(rule_id, local_day(start))
        until = due_at or due(rule, start, s.standing.holidays)
        row = Obligation(
            obligation_id=fact_id(*self.key, kind, *facts),
            reference=s.occurrence.reference,
            kind=kind,
            victim_id=s.victim.id,
            rule_id=rule.id,
            rule_from=rule.effective_from,
            started_at=start,
            due_at=until,
            created_at=s.now,
            **{
                "state": unmet_state(until, s.now, s.standing.holidays),
                "route": self.decision.route,
                "district": s.standing.profile.district(s.occurrence.district),
                "officer": s.occurrence.officer.collar_number if s.occurrence.officer else None,
                "supervisor": s.occurrence.supervisor.collar_number if s.occurrence.supervisor else None,
                **more,
            },
        )
        if evidence is not None:
            row = replace(row, state=ObligationState.MET, evidence=evidence.id, met_at=evidence.at)
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

    def task(
        self,
        purpose: Purpose,
        unit: Unit,
        *,
        rule_id: str = ASKED_OF_A_PERSON,
        kind: Kind = Kind.TASK,
        said: Evidence | None = None,
        **more: Any,
    ) -> Obligation:
        """A task is named by what it asks: when that changes it is a new task, and the old one is waived.

        What a person is asked to do within a working day counts from when they are first asked; what meets a victim's right has that
        right's deadline. `said`: the record itself says that it was done.
        """
        destinations, missing = tuple(more.get("destinations", ())), tuple(more.get("missing", ()))
        about = (more["begun_by"],) if more.get("begun_by", DECISION) != DECISION else ()
        facts = (purpose, unit, *destinations, *missing, *about)
        task_id = fact_id(*self.key, kind, *facts)
        if rule_id == ASKED_OF_A_PERSON:
            more = {"started_at": self.s.now, "begun_by": DECISION} | more
        by_contact = done_by_contact(self.s, purpose, about) if unit is Unit.OFFICER else None
        done = earliest_of([task_done(self.s, task_id), by_contact, said])
        taken = picked_up(self.s, task_id)
        owed = self.owe(kind, rule_id, facts=facts, unit=unit, purpose=purpose, evidence=done, picked_up_at=taken, **more)
        self._task_mails(owed, unit)
        return owed

    def _task_mails(self, owed: Obligation, unit: Unit) -> None:
        """To the person, then to their role, then to operations: each only where the one before failed for good.

        Who was told stays told; a task that is done before anybody was told of it is told to nobody.
        """
        person = {Unit.OFFICER: Audience.OFFICER, Unit.SUPERVISOR: Audience.SUPERVISOR}.get(unit)
        steps = [(person, ()), (Audience.UNIT, ("fallback",))] if person else [(Audience.UNIT, ())]
        if owed.urgent:
            self._task_mail(owed, Audience.UNIT, Unit.DUTY_CONTACT, "duty")
        for audience, facts in (*steps, (Audience.OPERATIONS, ("operations",))):
            row = self._task_mail(owed, audience, Unit.OPERATIONS if audience is Audience.OPERATIONS else unit, *facts)
            if not self.failed(row.notification_id):
                return

    def _task_mail(self, owed: Obligation, audience: Audience, unit: Unit, *facts: str) -> Notification:
        hours = self.s.standing.profile.roles[unit].lists if audience is Audience.UNIT and not owed.urgent else ()
        not_before = next_hour(self.s.now, hours) if hours else self.s.now
        row = self.say(
            Template.TASK, audience, Channel.EMAIL, owed.obligation_id, *facts, task_id=owed.obligation_id, unit=unit, not_before=not_before
        )
        before = (self.s.existing or {}).get(row.notification_id)
        if not owed.unmet and not (before and before.may_be_out):
            del self.notifications[row.notification_id]
        return row

    def failed(self, notification_id: str) -> bool:
        """Whether this row exists and its provider refused it, or could not deliver it, for good."""
        before = (self.s.existing or {}).get(notification_id)
        return before is not None and before.state in FINAL_FAILURE

    def finished(self) -> dict[str, Obligation]:
        """The obligations, each knowing whether a message of ours is about to meet it."""
        alive = {key for row in self.notifications.values() if self._may_still_arrive(row) for key in row.evidences}
        return {key: replace(owed, automatic=owed.unmet and key in alive) for key, owed in self.obligations.items()}

    def _may_still_arrive(self, row: Notification) -> bool:
        before = (self.s.existing or {}).get(row.notification_id)
        return before is None or before.state not in FINAL_FAILURE | {State.SETTLED, State.DELIVERED, State.COMPLAINED}

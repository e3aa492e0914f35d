"""What operations owe the force itself: the obligation, the mail that asks for it, and how it is settled.

Nobody's right hangs on it, and no version of a record carries it. Must not decide when it is owed: whoever finds the fault does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.deadlines import due, local_day, rule_on
from chalicelib.domain.delivery import Audience, Notification, State, fact_id
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Unit
from chalicelib.domain.obligations import Kind, Obligation, ObligationState, Purpose
from chalicelib.domain.reminders import next_attention
from chalicelib.domain.situation import Standing


def owed_by_operations(
    reference: str, obligation_id: str, kind: Kind, purpose: Purpose, rule_id: str, begun_by: str, now: datetime, standing: Standing
) -> Obligation:
    """Owed from `now` on, by the rule in force; `begun_by` is the id of what began it."""
    rule = rule_on(rule_id, local_day(now))
    owed = Obligation(
        obligation_id=obligation_id,
        reference=reference,
        kind=kind,
        victim_id=None,
        rule_id=rule.id,
        rule_from=rule.effective_from,
        started_at=now,
        due_at=due(rule, now, standing.holidays),
        created_at=now,
        unit=Unit.OPERATIONS,
        purpose=purpose,
        begun_by=begun_by,
    )
    return replace(owed, next_at=next_attention(owed, now, standing.holidays, standing.profile.reminders))


def asking_mail(
    owed: Obligation, now: datetime, *facts: str, audience: Audience = Audience.OPERATIONS, unit: Unit = Unit.OPERATIONS
) -> Notification:
    """The mail that asks for it at once; `facts` tell apart where more than one role is asked."""
    return Notification(
        notification_id=fact_id(owed.obligation_id, Template.TASK, *facts),
        reference=owed.reference,
        victim_id=None,
        template=Template.TASK,
        audience=audience,
        channel=Channel.EMAIL,
        not_before=now,
        created_at=now,
        state=State.PENDING,
        unit=unit,
        task_id=owed.obligation_id,
        open_at=now,
    )


def met_by(owed: Iterable[Obligation], evidence: str, now: datetime) -> list[tuple[Obligation, Obligation]]:
    """Each that is unmet, as it stands and as it is settled."""
    return [(row, replace(row, state=ObligationState.MET, evidence=evidence, met_at=now, next_at=None)) for row in owed if row.unmet]

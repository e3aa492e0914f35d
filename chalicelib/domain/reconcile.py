"""The way from the rows that exist to the rows that are wanted.

A row that nobody attempted follows the plan; a row that is being sent is never touched by anyone but its worker; what is no longer wanted
is cancelled. A row that one version asked for by itself stays as `cancelled`, any other unattempted row goes: so every order of the same
versions ends in the same rows. Must not decide what is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import ACCEPTED, WAITING, Notification, State, paused_by
from chalicelib.domain.messages import Template, Urgency
from chalicelib.domain.model import Channel
from chalicelib.domain.obligations import ASSESSED, PAPER, REPORT, VICTIMS_RIGHTS, Kind, Obligation, ObligationState
from chalicelib.domain.plan import Plan
from chalicelib.domain.reminders import morning, next_attention, unmet_state, urgency_on
from chalicelib.domain.situation import Standing

_ANOTHER = "another_question"
"""Why any task is not asked any more. Tasks grow with the versions: were each one's reason that of the newest version, one decision would
have to write them all again, and that fits no transaction."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Row writes as (before, after), after None meaning that the row goes; only rows that change."""

    notifications: tuple[tuple[Notification | None, Notification | None], ...]
    obligations: tuple[tuple[Obligation | None, Obligation | None], ...]

    @property
    def due_now(self) -> tuple[str, ...]:
        """Ids that may be sent at once."""
        return tuple(after.notification_id for _, after in self.notifications if after and after.state is State.PENDING)


def reconcile(
    existing: Mapping[str, Notification],
    owed: Mapping[str, Obligation],
    *,
    current: Plan,
    own: Plan | None,
    suspended: bool,
    why_not: str,
    now: datetime,
    standing: Standing,
) -> Difference:
    """What to write so that the rows follow `current`, keeping what `own` asked for as cancelled.

    `own` is the plan of the version that just arrived by its own signs alone, None where no version arrived. `suspended`: a quarantined
    body stands. `why_not` is the reason written on rows that are not wanted.
    """
    wanted = current.notifications
    asked = own.notifications if own else {}
    notifications = []
    for key in sorted({*existing, *wanted, *asked}):
        task = any(row and row.template is Template.TASK for row in (existing.get(key), asked.get(key)))
        after = _row(existing.get(key), wanted.get(key), asked.get(key), existing, suspended, _ANOTHER if task else why_not, now)
        if after != existing.get(key):
            notifications.append((existing.get(key), after))
    wanted_owed = current.obligations
    asked_owed = own.obligations if own else {}
    obligations: list[tuple[Obligation | None, Obligation | None]] = []
    for key in sorted({*owed, *wanted_owed, *asked_owed}):
        row = owed.get(key) or asked_owed.get(key)
        if current.knows_updates and row and row.kind is Kind.UPDATE and key not in wanted_owed:
            undone = _undone(row, owed.get(key), asked_owed.get(key), why_not)
            if undone != owed.get(key):
                obligations.append((owed.get(key), undone))
            continue
        told = any(row.may_be_out and (row.task_id == key or key in row.evidences) for row in existing.values())
        task = any(row and row.kind is Kind.TASK for row in (owed.get(key), asked_owed.get(key)))
        after_owed = _owed(owed.get(key), wanted_owed.get(key), asked_owed.get(key), told, _ANOTHER if task else why_not, now, standing)
        if after_owed != owed.get(key):
            obligations.append((owed.get(key), after_owed))
    return Difference(tuple(notifications), tuple(obligations))


def _row(
    before: Notification | None,
    wanted: Notification | None,
    asked: Notification | None,
    existing: Mapping[str, Notification],
    suspended: bool,
    why_not: str,
    now: datetime,
) -> Notification | None:
    own = asked is not None or (before is not None and before.own)
    if before is not None and before.state not in WAITING | {State.CANCELLED}:
        travelling = before.state is State.SENT and before.channel is Channel.LETTER
        still_open = travelling or before.state in {State.SENDING, State.UNKNOWN}
        return replace(before, own=own, open_at=before.open_at if still_open else None)
    if wanted is not None:
        return _wanted(before, replace(wanted, own=own), existing, suspended, now)
    if before is not None and before.attempted:
        return replace(before, state=State.CANCELLED, reason=why_not, open_at=None)
    row = before or asked
    return _cancelled(row, why_not) if own and row is not None else None


def _cancelled(row: Notification, why_not: str) -> Notification:
    """Nobody attempted it: it keeps what every version says alike, so that it does not matter which asked for it first."""
    return Notification(
        notification_id=row.notification_id,
        reference=row.reference,
        victim_id=row.victim_id,
        template=row.template,
        audience=row.audience,
        channel=row.channel,
        not_before=row.created_at,
        created_at=row.created_at,
        state=State.CANCELLED,
        unit=row.unit,
        task_id=row.task_id,
        reason=why_not,
    )


def _wanted(
    before: Notification | None, wanted: Notification, existing: Mapping[str, Notification], suspended: bool, now: datetime
) -> Notification:
    base = wanted
    if before is not None:
        base = replace(
            before, not_before=_kept_not_before(before, wanted), waits_for=wanted.waits_for, evidences=wanted.evidences,
            why_not=wanted.why_not, lines=wanted.lines,
            language=wanted.language, unit=wanted.unit, audience=before.audience if before.attempted else wanted.audience, own=wanted.own,
        )  # fmt: skip
    if suspended and base.suspendable:
        return replace(base, state=State.HELD, reason="suspended", open_at=None)
    if base.waits_for and not any(existing[key].state in ACCEPTED for key in base.waits_for if key in existing):
        return replace(base, state=State.HELD, reason="waits_for_notice", open_at=None)
    if base.not_before > now:
        return replace(base, state=State.HELD, reason="hold_window", open_at=base.not_before)
    if before is not None and paused_by(before):
        return replace(base, state=State.HELD, reason=before.reason, open_at=before.open_at)  # only its pause lets it go
    backing_off = before is not None and before.state is State.PENDING and before.open_at is not None
    return replace(
        base, state=State.PENDING, reason=base.reason if backing_off else None, open_at=before.open_at if backing_off and before else now
    )


def _kept_not_before(before: Notification, wanted: Notification) -> datetime:
    """A row without a hold window keeps the instant it was first wanted at, so that asking again changes nothing."""
    return wanted.not_before if wanted.suspendable else before.not_before


def _owed(
    before: Obligation | None,
    wanted: Obligation | None,
    asked: Obligation | None,
    told: bool,
    why_not: str,
    now: datetime,
    standing: Standing,
) -> Obligation | None:
    """`told`: a message that says or meets it may have left, so it stays as it was when it is not wanted any more."""
    own = asked is not None or (before is not None and before.own)
    if wanted is not None:
        return still_owed(before, replace(wanted, own=own), now, standing)
    if before is not None and before.state is ObligationState.MET and before.evidence not in {PAPER, ASSESSED}:
        return before
    if before is not None and _missed(before, why_not, now):
        reason = before.reason or why_not
        return replace(before, own=own, state=ObligationState.BREACHED, reason=reason, automatic=False, next_at=None)
    if before is not None and told:
        return replace(
            before, own=own, state=ObligationState.WAIVED, reason=why_not, evidence=None, met_at=None, automatic=False, next_at=None
        )
    row = before or asked
    return _waived(row, why_not) if own and row is not None else None


def _undone(row: Obligation, before: Obligation | None, asked: Obligation | None, why_not: str) -> Obligation | None:
    """What came late undid this update of the chain: it was never owed, so it was neither met nor missed."""
    own = asked is not None or (before is not None and before.own)
    return _waived(row, why_not) if own else None


def still_owed(before: Obligation | None, wanted: Obligation, now: datetime, standing: Standing) -> Obligation:
    """The row as it is wanted, with what it keeps of the row as it stands: its start, its step of the ladder, when it is looked at next."""
    row = wanted
    if before is not None and wanted.kind is Kind.EVENT and wanted.state is ObligationState.WAIVED:
        row = replace(wanted, state=ObligationState.BREACHED) if _missed(before, wanted.reason or "", now) else wanted
    if before is not None:
        taken_back = before.state is ObligationState.MET and row.late
        row = replace(row, created_at=before.created_at, step=before.step, reopened_at=now if taken_back else before.reopened_at)
    asked_by_an_event = wanted.kind not in VICTIMS_RIGHTS and wanted.started_at == now
    if before is not None and asked_by_an_event and before.state is not ObligationState.WAIVED:
        row = replace(row, started_at=before.started_at, due_at=before.due_at, rule_id=before.rule_id, rule_from=before.rule_from)
        row = replace(row, state=unmet_state(row.due_at, now, standing.holidays)) if wanted.unmet else row
    same = before is not None and _clock(before) == _clock(row)
    kept = before is not None and (same or _awaited(before, row, now))
    if before is not None and _came_today(before, row, now, standing):
        return replace(row, next_at=morning(local_day(now), standing.profile.reminders))
    next_at = before.next_at if before and kept else next_attention(row, now, standing.holidays, standing.profile.reminders)
    return replace(row, next_at=next_at)


def _came_today(before: Obligation, row: Obligation, now: datetime, standing: Standing) -> bool:
    """It came to somebody after the morning's reminders, by a new officer or a nearer date, and is due today: they hear of it at once."""
    reminders, today = standing.profile.reminders, local_day(now)
    if (before.officer, before.unit, before.due_at) == (row.officer, row.unit, row.due_at) or now < morning(today, reminders):
        return False
    return urgency_on(row, today, reminders.lead_days) is Urgency.TODAY


def _clock(row: Obligation) -> tuple[object, ...]:
    """What says when it is looked at next."""
    return row.state, row.due_at, row.automatic, row.unmet


def _awaited(before: Obligation, row: Obligation, now: datetime) -> bool:
    """Its hour has come, and the sweep has not been there: no decision in between may take the reminder away."""
    return row.unmet and before.next_at is not None and before.next_at <= now


def _missed(before: Obligation, why_not: str, now: datetime) -> bool:
    """Its deadline had passed when it was not owed any more: that stays. What should never have been recorded was not missed."""
    was_owed = before.kind in VICTIMS_RIGHTS and why_not not in {"removed", "cancelled"}
    return was_owed and (before.state is ObligationState.BREACHED or (before.unmet and before.due_at < now))


def _waived(row: Obligation, why_not: str) -> Obligation:
    """Nobody heard of it: it keeps what every version says alike. What the report began keeps its deadline; what a decision or an agreement
    began, which another order of the versions might have begun at another time, has none any more."""
    right = row.begun_by == REPORT
    return Obligation(
        obligation_id=row.obligation_id,
        reference=row.reference,
        kind=row.kind,
        victim_id=row.victim_id,
        rule_id=row.rule_id,
        rule_from=row.rule_from,
        started_at=row.started_at if right else row.created_at,
        due_at=row.due_at if right else row.created_at,
        created_at=row.created_at,
        state=ObligationState.WAIVED,
        unit=None if row.kind in VICTIMS_RIGHTS else row.unit,
        purpose=row.purpose,
        destinations=row.destinations,
        missing=row.missing,
        reason=why_not,
        begun_by=row.begun_by,
    )

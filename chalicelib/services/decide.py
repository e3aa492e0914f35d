"""Re-enter at "decide": bring the rows of a case to what its plan wants, in as few transactions as fit.

Every cause comes here: a version, a late version, a hold from another record, a release, a receipt. Must not send.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.announcements import of_agreement, of_obligations
from chalicelib.domain.case import Case, Head, Part
from chalicelib.domain.delivery import Notification, State, fact_id
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.domain.events import Event, concerns
from chalicelib.domain.model import HoldKind, KnownElsewhere, Occurrence, Route, RouteDecision, Victim
from chalicelib.domain.plan import CANCELLED, WITH_RIGHTS, Plan, plan, plan_removed
from chalicelib.domain.reconcile import Difference, reconcile
from chalicelib.domain.situation import Situation, Standing
from chalicelib.domain.targeted import crime_at
from chalicelib.domain.victim_events import as_asked
from chalicelib.services.known import Known, silent
from chalicelib.services.ports import MOST_ITEMS, Around, AuditEntry, Cases, Changes, ContactPoints, PointMark, Queues, Swap, Wanted

Rows = Mapping[str, Notification]
"""Outbox rows by id."""
TRIES = 5
"""Readings of a contended case before the message is given back."""
ROOM = MOST_ITEMS - 4
"""Items of a transaction that victims may use: the rest is the head, the version's audit line and its completion row."""


@dataclass(frozen=True, slots=True)
class VictimChange:
    """What one victim's decision writes. `loud`: contact points under which other records must hear of it."""

    changes: Changes
    due_now: tuple[str, ...] = ()
    loud: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Decided:
    """Outcome of a re-decision: notification ids that may be sent at once, and references that have to hear of it."""

    due_now: tuple[str, ...] = ()
    loud_points: frozenset[str] = frozenset()


class Decider:
    """Plans and reconciles victims of a case, and commits what differs."""

    def __init__(self, cases: Cases, points: ContactPoints, queues: Queues, standing: Standing) -> None:
        self._cases = cases
        self._points = points
        self.known = Known(points, cases)
        self._queues = queues
        self.standing = standing

    def situation(
        self,
        head: Head,
        part: Part,
        occurrence: Occurrence,
        around: Around,
        beside: Mapping[str, Part],
        events: tuple[Event, ...],
        now: datetime,
    ) -> Situation:
        """Everything the plan of this victim is made from. `around` was read for the part, `beside` and `events` are the case's."""
        return Situation(
            occurrence=occurrence,
            victim=as_asked(part.victim, events),
            accepted_at=part.accepted_at,
            now=now,
            standing=self.standing,
            sticky=head.sticky(part.victim.id),
            known=self.known.of(head, occurrence, part, beside, around.known),
            existing={key: row for key, row in around.rows.items() if key in part.rows},
            points=frozenset(self.known.point_keys(part.victim)),
            events=tuple(event for event in events if concerns(event, part.victim.id)),
            told=head.told,
            said=part.said,
            rights_since=part.rights_since or now,
        )

    def plan(self, part: Part, situation: Situation) -> Plan:
        """What should exist for the victim of this part."""
        return plan_removed(situation) if part.removed else plan(situation)

    def victim_change(
        self,
        head: Head,
        occurrence: Occurrence,
        before: Part | None,
        after: Part,
        beside: Mapping[str, Part],
        events: tuple[Event, ...],
        now: datetime,
        own: Occurrence | None = None,
    ) -> VictimChange:
        """What brings one victim to their plan in `occurrence`, the newest version. `own`: the version that arrived."""
        wanted = Wanted(head.reference, after.rows, after.owed, self.known.keys_of(after), agreement_of=after.victim.id)
        around = self._cases.around(wanted)
        situation = self.situation(head, after, occurrence, around, beside, events, now)
        current = self.plan(after, situation)
        difference = reconcile(
            around.rows,
            around.owed,
            current=current,
            own=self._own_plan(own, after, now),
            suspended=head.suspension is not None,
            why_not=_why_not(current, situation.victim),
            now=now,
            standing=self.standing,
        )
        after = replace(after, crime_at=None if after.removed else crime_at(occurrence, after.victim))
        return self._as_change(head, before, after, current, difference, around, now)

    def _own_plan(self, own: Occurrence | None, part: Part, now: datetime) -> Plan | None:
        victim = next((victim for victim in own.victims if victim.id == part.victim.id), None) if own else None
        if own is None or victim is None:
            return None
        return plan(Situation(own, victim, part.accepted_at, now, self.standing))

    def _as_change(
        self, head: Head, before: Part | None, after: Part, current: Plan, difference: Difference, around: Around, now: datetime
    ) -> VictimChange:
        part = replace(
            after,
            decision=None if after.removed else current.decision,
            rights_since=rights_since(after, current, now),
            rows=_ids(after.rows, difference.notifications, "notification_id"),
            owed=_ids(after.owed, difference.obligations, "obligation_id"),
            points=after.points | frozenset(self.known.point_keys(after.victim)),
        )
        part = replace(part, voice=_voice(head, part))
        audit = (_decided(head, part, current.decision, now, around.known),) if before is None or before.decision != part.decision else ()
        changes = Changes(
            parts={part.victim.id: part} if part != before else {},
            notifications=tuple(Swap(old, row) for old, row in difference.notifications if row),
            removed_notifications=tuple(old for old, row in difference.notifications if old and row is None),
            obligations=tuple(Swap(old, row) for old, row in difference.obligations if row),
            removed_obligations=tuple(old for old, row in difference.obligations if old and row is None),
            agreements=(current.agreement,) if current.agreement and current.agreement != around.agreement else (),
            removed_agreements=((head.reference, part.victim.id),) if around.agreement and not current.agreement else (),
            announced=(*of_obligations(difference.obligations, now), *of_agreement(around.agreement, current.agreement, now)),
            marks=_marks(head, part, now) if part != before else (),
            audit=audit,
        )
        announced = tuple(row.notification_id for row in changes.announced)
        loud = self.known.loud(before, part, around.known.named)
        return VictimChange(_unless_recorded(changes, around.rows), (*difference.due_now, *announced), loud)

    def commit(self, before: Head, after: Head, changes: Iterable[VictimChange]) -> Decided:
        """Write victims' changes under one head move; more than one transaction where they do not fit, the head's news in the first."""
        changed = [change for change in changes if change.changes.size]
        if not changed and after == before:
            return Decided()
        head = before
        for chunk in chunks(changed):
            moved = replace(after, revision=head.revision + 1)
            self._cases.commit(replace(joined(chunk), head=Swap(head, moved)))
            head = moved
        return Decided(
            tuple(key for change in changed for key in change.due_now),
            frozenset[str]().union(*(change.loud for change in changed)),
        )

    def redecide(self, reference: str, now: datetime, victim_id: str | None = None) -> Decided:
        """Ask the policy again for a victim, or all of them, and let what may leave leave. A version in progress is finished first."""
        return self.rewrite(reference, lambda case: (case.head, self.changes(case, case.head, now, victim_id)))

    def rewrite(self, reference: str, decide: Callable[[Case], tuple[Head, list[VictimChange]]]) -> Decided:
        """Commit what `decide` makes of the case as it stands (the head and the changes), and let what may leave leave.

        Read again where somebody else wrote meanwhile. RetryLater while a version is in progress; Contended after several tries.
        """
        for _ in range(TRIES):
            case = self._cases.load(reference)
            if case.head.marker is not None:
                raise RetryLater("version in progress")
            try:
                decided = self.commit(case.head, *decide(case))
            except Contended:
                continue
            self._queues.dispatch(decided.due_now)
            return decided
        raise Contended("rewrite")

    def changes(self, case: Case, head: Head, now: datetime, victim_id: str | None = None) -> list[VictimChange]:
        """What brings every victim of the case, or one, to their plan under `head`; no version arrived. Of a case whose content retention
        took nothing is planned any more: who is in it is not known, and must change nothing for others."""
        newest = case.occurrence
        if newest is None or head.stripped:
            return []
        chosen = {key: part for key, part in case.parts.items() if victim_id in (None, key)}
        return [self.victim_change(head, newest, part, part, case.parts, case.events, now) for part in chosen.values()]

    def spread(self, points: frozenset[str], reference: str, now: datetime) -> None:
        """Hold, or let go, the same person in every other record, at once."""
        if not points:
            return
        for other in sorted(self._points.cases_of(points) - {reference}):
            self.redecide(other, now)


def rights_since(part: Part, current: Plan, now: datetime) -> datetime | None:
    """Since when the victim has rights here, without a break: from then on updates are owed."""
    route = current.decision.route
    kept = route in WITH_RIGHTS or route is Route.TRANSFERRED or current.decision.rule_id == CANCELLED
    return None if part.removed or not kept else part.rights_since or now


def _unless_recorded(changes: Changes, rows: Rows) -> Changes:
    """The changes on condition that no worker recorded meanwhile what came of a call that was under way when this was decided.

    A worker that recorded first saw the head unmoved, and would leave it to this decision to follow up what left.
    """
    written = {swap.after.notification_id for swap in changes.notifications}
    under_way = tuple(Swap(row, row) for key, row in rows.items() if row.state is State.SENDING and key not in written)
    return replace(changes, notifications=(*changes.notifications, *under_way)) if changes.size else changes


def points_of(case: Case) -> frozenset[str]:
    """Every contact point of the case: what comes again, or late, may follow a crash that kept other records from hearing."""
    return frozenset(point for part in case.parts.values() for point in part.points)


def chunks(changes: list[VictimChange]) -> list[list[VictimChange]]:
    """Victims grouped so that each group fits one transaction; at least one group, which may be empty."""
    groups: list[list[VictimChange]] = [[]]
    for change in changes:
        if groups[-1] and sum(item.changes.size for item in groups[-1]) + change.changes.size > ROOM:
            groups.append([])
        groups[-1].append(change)
    return groups


def joined(changes: list[VictimChange]) -> Changes:
    """One transaction's worth of several victims' changes. Marks of one point by several victims stay apart: each is its own victim's."""
    parts = [change.changes for change in changes]
    return Changes(
        parts={key: part for change in parts for key, part in (change.parts or {}).items()},
        notifications=tuple(row for change in parts for row in change.notifications),
        removed_notifications=tuple(row for change in parts for row in change.removed_notifications),
        obligations=tuple(row for change in parts for row in change.obligations),
        removed_obligations=tuple(row for change in parts for row in change.removed_obligations),
        agreements=tuple(row for change in parts for row in change.agreements),
        removed_agreements=tuple(row for change in parts for row in change.removed_agreements),
        marks=tuple(row for change in parts for row in change.marks),
        events=tuple(row for change in parts for row in change.events),
        announced=tuple(row for change in parts for row in change.announced),
        audit=tuple(row for change in parts for row in change.audit),
    )


def _ids(before: frozenset[str], changed: Iterable[tuple[Any, Any]], name: str) -> frozenset[str]:
    """The ids of a part's rows after writes of (old, new), new None meaning that the row goes."""
    changed = list(changed)
    gone = {getattr(old, name) for old, new in changed if new is None}
    return (before - gone) | {getattr(new, name) for _, new in changed if new is not None}


def _marks(head: Head, part: Part, now: datetime) -> tuple[PointMark, ...]:
    specialist, silent = part.voice
    held_at = now if part.held or specialist else None
    return tuple(PointMark(point, head.reference, part.victim.id, specialist, silent, held_at) for point in sorted(part.points))


def _voice(head: Head, part: Part) -> tuple[bool, bool]:
    """(specialist, do not contact) as other records must hear it: by this record itself, never by what it heard elsewhere."""
    decision = part.decision
    specialist = bool(head.sticky(part.victim.id)) or (
        decision is not None and decision.hold is HoldKind.SPECIALIST and not decision.elsewhere
    )
    return specialist, silent(part.victim)


def _why_not(current: Plan, victim: Victim) -> str:
    if not current.decision.automatic:
        return current.decision.rule_id
    return "opted_out" if victim.referral_opt_out else "superseded"


def _decided(head: Head, part: Part, decision: RouteDecision, now: datetime, known: KnownElsewhere) -> AuditEntry:
    """`detail` says that records were combined: what others say of the person, or of whoever receives, was heard."""
    rule = f"{decision.rule_id}@{decision.rule_version}"
    return AuditEntry(
        reference=head.reference,
        entry_id=fact_id(head.reference, part.victim.id, "decided", str(part.version), rule, str(head.revision)),
        at=now,
        op="decided",
        victim_id=part.victim.id,
        version=part.version,
        rule=rule,
        detail="combined" if known.named or known.specialist or known.do_not_contact else None,
    )

"""One victim of a case as an officer's page needs them: what is stored, what the policy says, and whether an update may go to them.

The policy is the plan and nothing else: an update is offered, previewed and taken where the plan would send it. Must not write.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.case import Case, Part
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import WAITING, Notification, State
from chalicelib.domain.events import UpdateWritten
from chalicelib.domain.evidence import update_row_id
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel
from chalicelib.domain.officer_forms import UpdateOffer
from chalicelib.domain.plan import Plan
from chalicelib.domain.reminders import letter_arrives
from chalicelib.domain.situation import Situation
from chalicelib.domain.update_starts import starts_on
from chalicelib.services.addressed import Subject
from chalicelib.services.decide import Decider
from chalicelib.services.ports import Around, Cases, Wanted
from chalicelib.services.subjects import in_progress

_ABOUT_TO_LEAVE = WAITING | {State.SENDING, State.UNKNOWN}


@dataclass(frozen=True, slots=True)
class VictimRead:
    """What was read of one victim, and the plan that follows from it."""

    case: Case
    part: Part
    around: Around
    situation: Situation
    plan: Plan

    @property
    def way(self) -> Channel | None:
        """How updates come as agreed; None: no message of ours may bring one, or nobody agreed to any."""
        agreement = self.plan.agreement
        return agreement.method if self.plan.decision.automatic and agreement and agreement.ended is None else None

    @property
    def on_its_way(self) -> Notification | None:
        """An update that was written and has not left yet, as far as is known."""
        rows = (row for row in self.around.rows.values() if row.template is Template.UPDATE and row.state in _ABOUT_TO_LEAVE)
        return next(rows, None)


class OfficerCase:
    """Reads victims, and asks the policy about updates to them."""

    def __init__(self, cases: Cases, decider: Decider) -> None:
        self._cases = cases
        self._decider = decider

    def load(self, reference: str) -> Case:
        return self._cases.load(reference)

    def kept_as(self, reference: str, event_id: str) -> str | None:
        """The hash of the content under which an event was kept."""
        kept = self._cases.event(reference, event_id)
        return kept.content_hash if kept else None

    def read(self, case: Case, victim_id: str, now: datetime) -> VictimRead | None:
        """None where the newest version does not name this victim."""
        part, occurrence = case.parts.get(victim_id), case.occurrence
        if part is None or part.removed or occurrence is None:
            return None
        officer = occurrence.officer.collar_number if occurrence.officer else None
        wanted = Wanted(
            case.head.reference,
            rows=part.rows,
            owed=part.owed,
            points=self._decider.known.keys_of(part),
            officers=[officer] if officer else [],
        )
        around = self._cases.around(wanted)
        situation = self._decider.situation(case.head, part, occurrence, around, case.parts, case.events, now)
        return VictimRead(case, part, around, situation, self._decider.plan(part, situation))

    def subject(self, read: VictimRead, event: UpdateWritten) -> Subject | None:
        """The message that this update would make; None where none may go: specialist, held, in doubt, unsafe, or nothing is agreed.

        What a quarantined version holds, and what is between two versions, is held.
        """
        if read.case.head.suspension is not None or in_progress(read.case, read.part):
            return None
        situation = replace(read.situation, events=(*read.situation.events, event))
        plan = self._decider.plan(read.part, situation)
        row = plan.notifications.get(update_row_id(event))
        return Subject(row, read.case, situation, plan, None, listed=read.around.officers) if row else None

    def offer(self, read: VictimRead, now: datetime) -> UpdateOffer | None:
        """The update that may be sent to this victim now: asked of the policy with the first start that there is."""
        way = read.way
        starts = starts_on(way, local_day(now)) if way else ()
        if way is None or not starts:
            return None
        part, reference = read.part, read.case.head.reference
        subject = self.subject(read, UpdateWritten(reference, "", part.victim.id, now, "", way, starts[0].start))
        if subject is None:
            return None
        leaves_at = max(now, subject.row.not_before)
        arrives = letter_arrives(leaves_at, self._decider.standing.holidays) if way is Channel.LETTER else None
        first = local_day(arrives or leaves_at) + timedelta(days=1)
        every = read.plan.agreement.every_days if read.plan.agreement else None
        suggested = max(first, local_day(now) + timedelta(days=every)) if every else None
        return UpdateOffer(way, starts, leaves_at, local_day(arrives) if arrives else None, first, suggested)

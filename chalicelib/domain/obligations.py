"""What the force owes, to whom, by which rule and until when; and the update agreement.

An obligation is met only by evidence; a task is an obligation of a unit or officer. Must not remind, send or store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.events import EventType
from chalicelib.domain.model import Channel, Route, Unit

PAPER = "written_acknowledgement"
"""Evidence that the record itself says: the officer gave the written acknowledgement on paper. It stands while the record says so."""


ASSESSED = "enhanced"
"""Evidence that the record itself says: enhanced rights were assessed."""


RECORD = "record"
"""Evidence of a recording check: the record does not show any more what was to be looked at."""


REPORT, DECISION = "report", "decision"
"""What starts a clock."""


class Kind(StrEnum):
    WRITTEN_ACKNOWLEDGEMENT = "written_acknowledgement"
    REFERRAL = "referral"
    NEEDS_ASSESSMENT = "needs_assessment"
    UPDATE = "update"
    EVENT = "event"
    REVIEW_ACKNOWLEDGED = "review_acknowledged"
    REVIEW_DECIDED = "review_decided"
    TASK = "task"
    STOP_NOTICE = "stop_notice"
    QUARANTINED_RECORD = "quarantined_record"
    RECORDING_CHECK = "recording_check"
    CONTACT_ANSWER = "contact_answer"
    CONTACT_ALARM = "contact_alarm"
    LEAK = "leak"


VICTIMS_RIGHTS = frozenset(
    {
        Kind.WRITTEN_ACKNOWLEDGEMENT,
        Kind.REFERRAL,
        Kind.NEEDS_ASSESSMENT,
        Kind.UPDATE,
        Kind.EVENT,
        Kind.REVIEW_ACKNOWLEDGED,
        Kind.REVIEW_DECIDED,
    }
)
"""What is owed to a victim; everything else is owed by a person to the force."""


class ObligationState(StrEnum):
    """`late`: its deadline passed. `breached`: still unmet three working days later, or it ended unmet after its deadline."""

    OPEN = "open"
    LATE = "late"
    BREACHED = "breached"
    MET = "met"
    WAIVED = "waived"


class Purpose(StrEnum):
    """What a task asks for."""

    SPECIALIST = "specialist"
    DOUBT = "doubt"
    BY_PERSON = "by_person"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"
    TELL_VICTIM = "tell_victim"
    INTERPRETER = "interpreter"
    FULL_WORDS = "full_words"
    ASK_REFERRAL = "ask_referral"
    TELL_REFERRAL = "tell_referral"
    SENT_BEFORE = "sent_before"
    NOT_DELIVERED = "not_delivered"
    OUTCOME_UNKNOWN = "outcome_unknown"
    STOP_CONFIRM = "stop_confirm"
    RING_THE_SERVICE = "ring_the_service"
    REFER_AGAIN = "refer_again"
    QUARANTINE = "quarantine"
    EVENT_BY_PERSON = "event_by_person"
    EVENT_IN_PERSON = "event_in_person"
    EVENT_WITHOUT_REASON = "event_without_reason"
    EVENT_AT_COURT = "event_at_court"
    EVENT_BY_OFFICER = "event_by_officer"
    VIEWS_SOUGHT = "views_sought"
    RIGHT_TO_REVIEW = "right_to_review"
    UPDATE_NOT_DELIVERED = "update_not_delivered"
    DOMESTIC_ABUSE_NO_CRIME = "domestic_abuse_no_crime"
    SEVERAL_CRIMES = "several_crimes"
    REPORTED_BY_ANOTHER_NO_CRIME = "reported_by_another_no_crime"
    N100_WITHOUT_SUB_CODE = "n100_without_sub_code"
    RECORDED_LATE = "recorded_late"
    CANCELLATION_UNVERIFIED = "cancellation_unverified"
    RAPE_RECORDED_ONCE = "rape_recorded_once"
    CHILD_NOT_RECORDED = "child_not_recorded"
    ANSWER_MESSAGE = "answer_message"
    MORE_MESSAGES = "more_messages"
    DANGER_WORDS = "danger_words"
    VICTIM_NOT_NAMED = "victim_not_named"
    NO_RECORD = "no_record"
    PERSISTENTLY_TARGETED = "persistently_targeted"
    VICTIM_STOPPED = "victim_stopped"
    CORRECT_DETAILS = "correct_details"
    LEAK_FOUND = "leak_found"


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """A dated row: from `effective_from`, a message on one of `channels` is evidence of the obligation."""

    id: str
    effective_from: date
    channels: frozenset[Channel]
    source: str


EVIDENCE: tuple[EvidenceRule, ...] = (
    EvidenceRule(
        "ACK-WORDS",
        date(2021, 4, 1),
        frozenset({Channel.EMAIL, Channel.LETTER}),
        "Right 3 asks for basic details of the offence {BED3}; [INF] a text carries none, so it is not the written acknowledgement",
    ),
    EvidenceRule(
        "EVENT-WORDS",
        date(2021, 4, 1),
        frozenset({Channel.EMAIL, Channel.LETTER}),
        "Right 6 asks to tell what happened and why {BED6}; [INF] a text says only that there is news, so the officer still tells it",
    ),
    EvidenceRule(
        "UPDATE-WORDS",
        date(2021, 4, 1),
        frozenset({Channel.EMAIL, Channel.SMS, Channel.LETTER}),
        "Right 6 asks for updates as often as agreed {BED6}; [INF] an officer's update says in full how the case stands and when the next "
        "comes, in a text too",
    ),
)


def evidence_rule_on(rule_id: str, day: date) -> EvidenceRule:
    """The row of `rule_id` in force on `day` (the oldest for days before all of them)."""
    rows = sorted((row for row in EVIDENCE if row.id == rule_id), key=lambda row: row.effective_from)
    begun = [row for row in rows if row.effective_from <= day]
    return begun[-1] if begun else rows[0]


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing owed. `evidence` names what met it (a notification or event id, PAPER, ASSESSED) and `met_at` when that happened; `reason`
    is why it was waived, or ended breached.

    `officer` is the collar number of the officer in the case, `supervisor` of the supervisor that the record names. `automatic`: a message
    of ours is about to meet it. `proposed`: an update that the force's default asks for, which nobody agreed yet. `tried_at`: the last try
    that did not reach the victim. `step`: how many ranks of the ladder have heard of it. `own`: some version of the record asked for it by
    itself, so it is kept when waived.
    """

    obligation_id: str
    reference: str
    kind: Kind
    victim_id: str | None
    rule_id: str
    rule_from: date
    started_at: datetime
    due_at: datetime
    created_at: datetime
    state: ObligationState = ObligationState.OPEN
    route: Route | None = None
    district: str | None = None
    unit: Unit | None = None
    purpose: Purpose | None = None
    event: EventType | None = None
    """The key event that the victim has to hear of."""
    destinations: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    urgent: bool = False
    elsewhere: bool = False
    evidence: str | None = None
    met_at: datetime | None = None
    reason: str | None = None
    officer: str | None = None
    supervisor: str | None = None
    automatic: bool = False
    proposed: bool | None = None
    tried_at: datetime | None = None
    picked_up_at: datetime | None = None
    begun_by: str = REPORT
    """What started its clock: the report, our decision to ask a person, what began an update ("start", an event, a version), a message."""
    reopened_at: datetime | None = None
    """When its evidence was last taken back."""
    step: int = 0
    next_at: datetime | None = None
    """When the sweep has to look at it next: a reminder, its deadline, its breach. None: nothing is owed any more."""
    own: bool = True

    @property
    def unmet(self) -> bool:
        """Still owed, in time or not."""
        return self.state in {ObligationState.OPEN, ObligationState.LATE} or (
            self.state is ObligationState.BREACHED and self.reason is None
        )

    @property
    def late(self) -> bool:
        """Still owed, and its deadline has passed."""
        return self.unmet and self.state is not ObligationState.OPEN


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed, or proposed, at one time. `source` is an event id, "v<version>" of the record, or "proposal"."""

    every_days: int | None
    method: Channel | None
    next_update_on: date | None
    declined: bool
    proposed: bool
    at: datetime
    by: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The update agreement with one victim. `proposed`: the profile's default, which counts as agreed until changed.

    `every_days` None is key events only; `method_reason` says why the victim's preferred method is not the method; `next_update_on` is the
    day on which the next update is due. `ended` says why there are no updates any more; `keeper` is who keeps it: the officer in the case
    or Witness Care. `history` are all terms that were ever in force, the newest last.
    """

    reference: str
    victim_id: str
    every_days: int | None
    method: Channel
    next_update_on: date | None
    proposed: bool
    declined: bool = False
    method_reason: str | None = None
    agreed_by: str | None = None
    agreed_at: datetime | None = None
    ended: str | None = None
    keeper: Unit = Unit.OFFICER
    history: tuple[Terms, ...] = ()

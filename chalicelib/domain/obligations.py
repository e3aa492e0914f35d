"""What the force owes, to whom, by which rule and until when; and the update agreement.

An obligation is met only by evidence; a task is an obligation of a unit or officer. Must not remind, send or store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.model import Channel, Route, Unit

PAPER = "written_acknowledgement"
"""Evidence that the record itself says: the officer gave the written acknowledgement on paper. It stands while the record says so."""


class Kind(StrEnum):
    WRITTEN_ACKNOWLEDGEMENT = "written_acknowledgement"
    REFERRAL = "referral"
    TASK = "task"
    STOP_NOTICE = "stop_notice"
    QUARANTINED_RECORD = "quarantined_record"


class ObligationState(StrEnum):
    OPEN = "open"
    MET = "met"
    WAIVED = "waived"


class Purpose(StrEnum):
    """What a task asks for."""

    SPECIALIST = "specialist"
    DOUBT = "doubt"
    BY_PERSON = "by_person"
    TRANSFERRED = "transferred"
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
)


def evidence_rule_on(rule_id: str, day: date) -> EvidenceRule:
    """The row of `rule_id` in force on `day` (the oldest for days before all of them)."""
    rows = sorted((row for row in EVIDENCE if row.id == rule_id), key=lambda row: row.effective_from)
    begun = [row for row in rows if row.effective_from <= day]
    return begun[-1] if begun else rows[0]


@dataclass(frozen=True, slots=True)
class Obligation:
    """One thing owed. `evidence` names what met it (a notification id, or PAPER); `reason` why it was waived.

    `own`: some version of the record asked for it by itself, so it is kept when waived.
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
    destinations: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    urgent: bool = False
    elsewhere: bool = False
    evidence: str | None = None
    reason: str | None = None
    own: bool = True


@dataclass(frozen=True, slots=True)
class Agreement:
    """The update agreement with one victim. `proposed`: the profile's default, which counts as agreed until changed.

    `every_days` None is key events only; `method_reason` says why the victim's preferred method is not the method.
    """

    reference: str
    victim_id: str
    every_days: int | None
    method: Channel
    next_update_on: date | None
    proposed: bool
    declined: bool = False
    method_reason: str | None = None

"""What is told of one case after it was recorded: contacts, terms, tasks, releases, letters, key events, reviews; what our pages were told.

An event is a fact with an id of its own: it counts once, whenever and however often it comes. Must not decide what follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.hand_overs import CaseHandedOver
from chalicelib.domain.message_events import MessageAllocated, MessageReceived
from chalicelib.domain.model import Channel
from chalicelib.domain.victim_events import CodeAsked, VictimAsked


class Result(StrEnum):
    """What a contact came to."""

    SPOKEN = "spoken"
    MESSAGE_LEFT = "message_left"
    NO_ANSWER = "no_answer"
    SENT = "sent"
    GIVEN_BY_HAND = "given_by_hand"


REACHED = frozenset({Result.SPOKEN, Result.SENT, Result.GIVEN_BY_HAND})
"""Results that are evidence; any other contact is a try, which is shown and stops nothing."""


class Covered(StrEnum):
    """What a contact was about."""

    UPDATE = "update"
    WRITTEN_ACKNOWLEDGEMENT = "written_acknowledgement"
    REFERRAL = "referral"
    NEEDS_ASSESSMENT = "needs_assessment"
    VPS_OFFERED = "vps_offered"


class Step(StrEnum):
    """How far a task is."""

    PICKED_UP = "picked_up"
    DONE = "done"


class EventType(StrEnum):
    """What happened in an investigation or at court."""

    ARRESTED = "arrested"
    INTERVIEWED_UNDER_CAUTION = "interviewed_under_caution"
    RELEASED_NO_CHARGE = "released_no_charge"
    RELEASED_ON_BAIL = "released_on_bail"
    RELEASED_UNDER_INVESTIGATION = "released_under_investigation"
    BAIL_CHANGED = "bail_changed"
    BAIL_CANCELLED = "bail_cancelled"
    NOT_INVESTIGATED = "not_investigated"
    CHARGED = "charged"
    CHARGES_DROPPED = "charges_dropped"
    CHARGES_ALTERED = "charges_altered"
    OUT_OF_COURT_DISPOSAL = "out_of_court_disposal"
    NOT_PROSECUTED = "not_prosecuted"
    NO_SUSPECT_IDENTIFIED = "no_suspect_identified"
    RESPONSE_DELAYED = "response_delayed"
    HEARING_LISTED = "hearing_listed"
    REQUIRED_TO_GIVE_EVIDENCE = "required_to_give_evidence"
    WARRANT_ISSUED = "warrant_issued"
    COURT_OUTCOME = "court_outcome"
    APPEAL = "appeal"
    PROPERTY_RETURNED = "property_returned"
    VPS_OFFERED = "vps_offered"


class DecidedBy(StrEnum):
    """Whose decision it was."""

    POLICE = "police"
    CPS = "cps"


class ReviewStep(StrEnum):
    """How far a request for a review is."""

    REQUESTED = "requested"
    ACKNOWLEDGED = "acknowledged"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class ContactRecorded:
    """An officer contacted the victim, or tried to. `by` is a collar number; `next_update_on` the day agreed for the next update."""

    reference: str
    event_id: str
    victim_id: str
    at: datetime
    result: Result = Result.SPOKEN
    covers: frozenset[Covered] = frozenset({Covered.UPDATE})
    covers_event_ids: tuple[str, ...] = ()
    method: Channel | None = None
    by: str | None = None
    next_update_on: date | None = None

    @property
    def reached(self) -> bool:
        return self.result in REACHED


@dataclass(frozen=True, slots=True)
class AgreementChanged:
    """New terms of the update agreement. `every_days` None is key events only; `by` is "victim" or a collar number."""

    reference: str
    event_id: str
    victim_id: str
    at: datetime
    every_days: int | None = None
    method: Channel | None = None
    next_update_on: date | None = None
    declined: bool = False
    by: str | None = None


@dataclass(frozen=True, slots=True)
class TaskDone:
    """A person took up, or did, the task with the id `task`."""

    reference: str
    event_id: str
    task: str
    at: datetime
    step: Step = Step.DONE
    by: str | None = None

    @property
    def victim_id(self) -> None:
        """A task names its victim; the event does not."""
        return None


@dataclass(frozen=True, slots=True)
class HoldReleased:
    """A named person lifted the specialist hold of one victim, knowing every version that was sent until then."""

    reference: str
    event_id: str
    victim_id: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class LetterReturned:
    """The post brought back what was sent to this victim."""

    reference: str
    event_id: str
    victim_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Hearing:
    """A court hearing; either part may be unknown."""

    at: datetime | None
    court: str | None


@dataclass(frozen=True, slots=True)
class InvestigationEvent:
    """Something that victims have a right to hear of. `at` is when it happened, `received_at` when the force had it from the court.

    `victim_ids` None: every victim. `corrects` names an earlier event that this one takes the place of; `withdrawn` one takes it back.
    The facts about suspect, charges and support decide whether there is a right to review; None is not known.
    """

    reference: str
    event_id: str
    type: EventType
    at: datetime
    received_at: datetime | None = None
    reason: str | None = None
    victim_ids: frozenset[str] | None = None
    suspect_interviewed: bool | None = None
    all_suspects_and_charges: bool | None = None
    charged_other_offence: bool | None = None
    victim_supports: bool | None = None
    decided_by: DecidedBy | None = None
    hearing: Hearing | None = None
    corrects: str | None = None
    withdrawn: bool = False
    heard_at: datetime | None = None
    """When we took it from the queue."""

    @property
    def victim_id(self) -> None:
        return None

    def names(self, victim_id: str) -> bool:
        """Whether it tells of something that concerns this victim."""
        return self.victim_ids is None or victim_id in self.victim_ids


@dataclass(frozen=True, slots=True)
class ReviewStepped:
    """The victim asked for a review of a decision not to prosecute, or the force acknowledged it or decided."""

    reference: str
    event_id: str
    victim_id: str
    at: datetime
    step: ReviewStep


@dataclass(frozen=True, slots=True)
class UpdateWritten:
    """An officer wrote the victim an update on their page, and saw it as it would go by `channel`; no records system tells of it.

    `start` names the fixed words, `words` are the officer's own beside them, in e-mails and letters only. `by` is the reader of the link (a
    collar number or role); `next_update_on` the day that the update promises.
    """

    reference: str
    event_id: str
    victim_id: str
    at: datetime
    by: str
    channel: Channel
    start: str
    words: str | None = None
    next_update_on: date | None = None


Event = (
    ContactRecorded
    | AgreementChanged
    | TaskDone
    | HoldReleased
    | LetterReturned
    | InvestigationEvent
    | ReviewStepped
    | MessageReceived
    | MessageAllocated
    | UpdateWritten
    | CaseHandedOver
    | CodeAsked
    | VictimAsked
)
KINDS: dict[str, type[Event]] = {
    "contact_recorded": ContactRecorded,
    "agreement_changed": AgreementChanged,
    "task_done": TaskDone,
    "hold_released": HoldReleased,
    "letter_returned": LetterReturned,
    "investigation_event": InvestigationEvent,
    "review": ReviewStepped,
}
"""By the contract's kind."""
OWN_KINDS: dict[str, type[Event]] = {
    "message_received": MessageReceived,
    "message_allocated": MessageAllocated,
    "update_written": UpdateWritten,
    "case_handed_over": CaseHandedOver,
    "code_asked": CodeAsked,
    "victim_asked": VictimAsked,
}
"""What no records system tells: it came through a page of ours."""
KEPT_KINDS: dict[str, type[Event]] = KINDS | OWN_KINDS
"""By the kind under which each is kept."""
EVENT_KIND = {cls: kind for kind, cls in KEPT_KINDS.items()}


def concerns(event: Event, victim_id: str) -> bool:
    """Whether the event may change what is owed to this victim. A correction may take back what this victim was named in; whom a message
    is from is only claimed, and one confirmation a day is for the whole case."""
    if isinstance(event, MessageReceived):
        return True
    if isinstance(event, InvestigationEvent):
        return event.names(victim_id) or event.corrects is not None
    return event.victim_id in (None, victim_id)

"""What the records system tells of one case after it was recorded: contacts, new terms, tasks done, releases, returned letters, hearings.

An event is a fact with an id of its own: it counts once, whenever and however often it comes. Must not decide what follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.model import Channel


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
class HearingListed:
    """A court hearing was listed (`investigation_event` of that type): from now on Witness Care keeps the agreement. None: every victim."""

    reference: str
    event_id: str
    at: datetime
    victim_ids: frozenset[str] | None = None

    @property
    def victim_id(self) -> None:
        return None


Event = ContactRecorded | AgreementChanged | TaskDone | HoldReleased | LetterReturned | HearingListed
KINDS: dict[str, type[Event]] = {
    "contact_recorded": ContactRecorded,
    "agreement_changed": AgreementChanged,
    "task_done": TaskDone,
    "hold_released": HoldReleased,
    "letter_returned": LetterReturned,
    "investigation_event": HearingListed,
}
"""By the contract's kind."""
EVENT_KIND = {cls: kind for kind, cls in KINDS.items()}


def concerns(event: Event, victim_id: str) -> bool:
    """Whether the event may change what is owed to this victim."""
    if isinstance(event, HearingListed):
        return event.victim_ids is None or victim_id in event.victim_ids
    return event.victim_id in (None, victim_id)

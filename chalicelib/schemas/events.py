"""The events that a records system tells of a recorded case: contacts, new terms, tasks done, releases, returned letters, hearings.

Must not decide what follows from one, or know whether its occurrence, its victim or its task exists.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from chalicelib.domain import events as domain
from chalicelib.domain.model import Channel
from chalicelib.schemas.fields import (
    AS_SET,
    CHOICE,
    WITHOUT_BLANKS,
    AnyTime,
    ChoiceOr,
    EveryDays,
    FilledText,
    Identifier,
    Model,
    OptionalText,
    PastTime,
    PlannedDay,
    Reference,
    Text,
    fault,
)
from chalicelib.schemas.victims import ChannelWord

Contradiction = tuple[str, str]
"""Path inside the event, and reason."""

LISTED = "hearing_listed"
TYPES_TO_COME = frozenset({
    "arrested", "interviewed_under_caution", "released_no_charge", "released_on_bail", "released_under_investigation", "bail_changed",
    "bail_cancelled", "not_investigated", "charged", "charges_dropped", "charges_altered", "out_of_court_disposal", "not_prosecuted",
    "no_suspect_identified", "response_delayed", "required_to_give_evidence", "warrant_issued", "court_outcome", "appeal",
    "property_returned", "vps_offered",
})  # fmt: skip
"""Types of an investigation event that the contract has and that are refused by name."""


def _type(value: Any) -> Any:
    if value is None or value == LISTED:
        return value
    raise fault(f"type {value} is not supported yet" if isinstance(value, str) and value in TYPES_TO_COME else "unknown type")


def _not_withdrawn(value: bool | None) -> bool | None:
    """Nobody here can take an event back yet, and to count a withdrawn one would be wrong: a person must look."""
    if value:
        raise fault("a withdrawal is not supported yet")
    return value


def _about_update(covers: list[domain.Covered] | None) -> list[domain.Covered]:
    return covers or [domain.Covered.UPDATE]


class _Told(Model):
    """What every event has."""

    reference: Reference = Field(description="Eleven digits or YY*NNNNNN; an event before its occurrence waits for it.")
    event_id: Identifier = Field(description="Unique for each event: the same id counts once, with other content it is refused.")

    def contradictions(self) -> list[Contradiction]:
        """Fields that are well formed and cannot both be true."""
        return []


class Contact(_Told):
    """An officer contacted the victim, or tried to."""

    victim_id: Identifier = Field(description="The victim's id in the occurrence.")
    contacted_at: PastTime = Field(description="When; not in the future.")
    method: OptionalText = Field(None, description="How; kept where it is email, sms, letter or phone.")
    result: Annotated[domain.Result, ChoiceOr(domain.Result.SPOKEN)] = Field(
        domain.Result.SPOKEN, description="Null: spoken. A message left and no answer are tries, not evidence."
    )
    by: OptionalText = Field(None, description="The collar number of who did.")
    covers: Annotated[list[Annotated[domain.Covered, CHOICE]] | None, AS_SET, AfterValidator(_about_update)] = Field(
        None, validate_default=True, description="What it was about; null or empty: update."
    )
    covers_event_ids: Annotated[list[Text] | None, WITHOUT_BLANKS, AS_SET] = Field(None, description="The events that it told of.")
    next_update_on: PlannedDay | None = Field(
        None, description="The day agreed for the next update; one before the contact's day is ignored."
    )

    def to_domain(self) -> domain.ContactRecorded:
        return domain.ContactRecorded(
            reference=self.reference,
            event_id=self.event_id,
            victim_id=self.victim_id,
            at=self.contacted_at,
            result=self.result,
            covers=frozenset(self.covers or ()),
            covers_event_ids=tuple(self.covers_event_ids or ()),
            method=Channel(self.method) if self.method in set(Channel) else None,
            by=self.by,
            next_update_on=self.next_update_on,
        )


class Change(_Told):
    """New terms of the update agreement; they replace the old ones whole."""

    victim_id: Identifier = Field(description="The victim's id in the occurrence.")
    at: PastTime = Field(description="When it was agreed; not in the future.")
    by: OptionalText = Field(None, description="victim, or a collar number.")
    every_days: EveryDays | None = Field(None, description="Days between updates; null: key events only.")
    method: ChannelWord | None = Field(None, description="How updates come.")
    next_update_on: PlannedDay | None = Field(None, description="The day of the next update; one before the change's day is ignored.")
    declined: bool | None = Field(None, description="True: no updates wanted.")

    def to_domain(self) -> domain.AgreementChanged:
        return domain.AgreementChanged(
            reference=self.reference,
            event_id=self.event_id,
            victim_id=self.victim_id,
            at=self.at,
            every_days=self.every_days,
            method=self.method,
            next_update_on=self.next_update_on,
            declined=self.declined is True,
            by=self.by,
        )


class Done(_Told):
    """A person took up, or did, a task."""

    task: Identifier = Field(description="The task's id, as the task says it.")
    at: PastTime = Field(description="When; not in the future.")
    by: OptionalText = Field(None, description="The collar number of who did.")
    step: Annotated[domain.Step, ChoiceOr(domain.Step.DONE)] = Field(domain.Step.DONE, description="Null: done.")

    def to_domain(self) -> domain.TaskDone:
        return domain.TaskDone(self.reference, self.event_id, self.task, self.at, self.step, self.by)


class Release(_Told):
    """A named person lifts the specialist hold of one victim."""

    victim_id: Identifier = Field(description="The victim's id in the occurrence.")
    at: PastTime = Field(description="When; not in the future. It speaks for the versions sent until then.")
    by: FilledText = Field(description="The collar number of who answers for it.")
    reason: FilledText = Field(description="Why, in words.")

    def to_domain(self) -> domain.HoldReleased:
        return domain.HoldReleased(self.reference, self.event_id, self.victim_id, self.at, self.by, self.reason)


class ReturnedLetter(_Told):
    """The post brought back what was sent to this victim."""

    victim_id: Identifier = Field(description="The victim's id in the occurrence.")
    at: PastTime = Field(description="When it came back; not in the future.")

    def to_domain(self) -> domain.LetterReturned:
        return domain.LetterReturned(self.reference, self.event_id, self.victim_id, self.at)


class Hearing(Model):
    """A court hearing."""

    at: AnyTime | None = Field(None, description="When; may lie in the future.")
    court: OptionalText = None


class InvestigationEvent(_Told):
    """A court hearing was listed: Witness Care keeps the agreement from now on. The contract's other types are refused by name."""

    type: Annotated[Literal["hearing_listed"], BeforeValidator(_type)] = Field(description="Of the contract's types, this one only.")
    happened_at: PastTime = Field(description="When; not in the future.")
    received_at: PastTime | None = Field(None, description="When the force heard of it; where given, it counts from here.")
    reason: OptionalText = Field(None, description="Why, in words.")
    victim_ids: Annotated[list[Identifier] | None, AS_SET] = Field(None, description="Whom it concerns; null: every victim.")
    suspect_interviewed: bool | None = None
    all_suspects_and_charges: bool | None = None
    charged_other_offence: bool | None = None
    victim_supports: bool | None = None
    decided_by: Literal["police", "cps"] | None = None
    hearing: Hearing | None = None
    corrects: OptionalText = Field(None, description="The event_id of an earlier event; this one counts beside it.")
    withdrawn: Annotated[bool | None, AfterValidator(_not_withdrawn), WithJsonSchema({"enum": [False, None]})] = Field(
        None, description="True is refused: not supported yet."
    )

    def to_domain(self) -> domain.HearingListed:
        return domain.HearingListed(
            reference=self.reference,
            event_id=self.event_id,
            at=self.received_at or self.happened_at,
            victim_ids=None if self.victim_ids is None else frozenset(self.victim_ids),
        )


class _Envelope(Model):
    """What every message of an event has beside its content."""

    contract: Literal["kept-informed/records/v1"]
    kind: str
    message_id: Identifier = Field(description="The producer's own id of this message.")
    sent_at: PastTime


class ContactMessage(_Envelope):
    """The whole message of kind `contact_recorded`."""

    kind: Literal["contact_recorded"]
    contact: Contact

    @property
    def content(self) -> Contact:
        return self.contact


class ChangeMessage(_Envelope):
    """The whole message of kind `agreement_changed`."""

    kind: Literal["agreement_changed"]
    change: Change

    @property
    def content(self) -> Change:
        return self.change


class DoneMessage(_Envelope):
    """The whole message of kind `task_done`."""

    kind: Literal["task_done"]
    done: Done

    @property
    def content(self) -> Done:
        return self.done


class ReleaseMessage(_Envelope):
    """The whole message of kind `hold_released`."""

    kind: Literal["hold_released"]
    release: Release

    @property
    def content(self) -> Release:
        return self.release


class LetterMessage(_Envelope):
    """The whole message of kind `letter_returned`."""

    kind: Literal["letter_returned"]
    letter: ReturnedLetter

    @property
    def content(self) -> ReturnedLetter:
        return self.letter


class InvestigationMessage(_Envelope):
    """The whole message of kind `investigation_event`."""

    kind: Literal["investigation_event"]
    event: InvestigationEvent

    @property
    def content(self) -> InvestigationEvent:
        return self.event


EventMessage = ContactMessage | ChangeMessage | DoneMessage | ReleaseMessage | LetterMessage | InvestigationMessage
MESSAGES: dict[str, type[EventMessage]] = {
    "contact_recorded": ContactMessage,
    "agreement_changed": ChangeMessage,
    "task_done": DoneMessage,
    "hold_released": ReleaseMessage,
    "letter_returned": LetterMessage,
    "investigation_event": InvestigationMessage,
}
"""By the contract's kind."""

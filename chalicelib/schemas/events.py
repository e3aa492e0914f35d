"""What people did in a recorded case, as a records system tells it (contacts, new terms, tasks done, releases, returned letters), and the
messages of every kind of event.

Must not decide what follows from one, or know whether its occurrence, its victim or its task exists.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from chalicelib.domain import events as domain
from chalicelib.domain.model import Channel
from chalicelib.schemas.fields import (
    AS_SET,
    CHOICE,
    WITHOUT_BLANKS,
    ChoiceOr,
    EveryDays,
    FilledText,
    Identifier,
    OptionalText,
    PastTime,
    PlannedDay,
    Text,
)
from chalicelib.schemas.investigation import InvestigationMessage, ReviewMessage
from chalicelib.schemas.told import Envelope, Told
from chalicelib.schemas.victims import ChannelWord


def _about_update(covers: list[domain.Covered] | None) -> list[domain.Covered]:
    return covers or [domain.Covered.UPDATE]


class Contact(Told):
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


class Change(Told):
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


class Done(Told):
    """A person took up, or did, a task."""

    task: Identifier = Field(description="The task's id, as the task says it.")
    at: PastTime = Field(description="When; not in the future.")
    by: OptionalText = Field(None, description="The collar number of who did.")
    step: Annotated[domain.Step, ChoiceOr(domain.Step.DONE)] = Field(domain.Step.DONE, description="Null: done.")

    def to_domain(self) -> domain.TaskDone:
        return domain.TaskDone(self.reference, self.event_id, self.task, self.at, self.step, self.by)


class Release(Told):
    """A named person lifts the specialist hold of one victim."""

    victim_id: Identifier = Field(description="The victim's id in the occurrence.")
    at: PastTime = Field(description="When; not in the future. It speaks for the versions sent until then.")
    by: FilledText = Field(description="The collar number of who answers for it.")
    reason: FilledText = Field(description="Why, in words.")

    def to_domain(self) -> domain.HoldReleased:
        return domain.HoldReleased(self.reference, self.event_id, self.victim_id, self.at, self.by, self.reason)


class ReturnedLetter(Told):
    """The post brought back what was sent to this victim."""

    victim_id: Identifier = Field(description="The victim's id in the occurrence.")
    at: PastTime = Field(description="When it came back; not in the future.")

    def to_domain(self) -> domain.LetterReturned:
        return domain.LetterReturned(self.reference, self.event_id, self.victim_id, self.at)


class ContactMessage(Envelope):
    """The whole message of kind `contact_recorded`."""

    kind: Literal["contact_recorded"]
    contact: Contact

    @property
    def content(self) -> Contact:
        return self.contact


class ChangeMessage(Envelope):
    """The whole message of kind `agreement_changed`."""

    kind: Literal["agreement_changed"]
    change: Change

    @property
    def content(self) -> Change:
        return self.change


class DoneMessage(Envelope):
    """The whole message of kind `task_done`."""

    kind: Literal["task_done"]
    done: Done

    @property
    def content(self) -> Done:
        return self.done


class ReleaseMessage(Envelope):
    """The whole message of kind `hold_released`."""

    kind: Literal["hold_released"]
    release: Release

    @property
    def content(self) -> Release:
        return self.release


class LetterMessage(Envelope):
    """The whole message of kind `letter_returned`."""

    kind: Literal["letter_returned"]
    letter: ReturnedLetter

    @property
    def content(self) -> ReturnedLetter:
        return self.letter


EventMessage = ContactMessage | ChangeMessage | DoneMessage | ReleaseMessage | LetterMessage | InvestigationMessage | ReviewMessage
MESSAGES: dict[str, type[EventMessage]] = {
    "contact_recorded": ContactMessage,
    "agreement_changed": ChangeMessage,
    "task_done": DoneMessage,
    "hold_released": ReleaseMessage,
    "letter_returned": LetterMessage,
    "investigation_event": InvestigationMessage,
    "review": ReviewMessage,
}
"""By the contract's kind."""

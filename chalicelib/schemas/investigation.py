"""What a records system tells of an investigation and of what came after: its key events, and a victim's request for a review.

Must not decide who hears of one, by when, or what a correction undoes.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain import events as domain
from chalicelib.schemas.fields import AS_SET, CHOICE, AnyTime, Identifier, Model, OptionalText, PastTime
from chalicelib.schemas.told import Contradiction, Envelope, Told


class Hearing(Model):
    """A court hearing."""

    at: AnyTime | None = Field(None, description="When; may lie in the future.")
    court: OptionalText = None

    def to_domain(self) -> domain.Hearing:
        return domain.Hearing(self.at, self.court)


class InvestigationEvent(Told):
    """A key event of an investigation, or of a court. It may take the place of an earlier one, or take it back."""

    type: Annotated[domain.EventType, CHOICE] = Field(description="What happened.")
    happened_at: PastTime = Field(description="When; not in the future.")
    received_at: PastTime | None = Field(
        None, description="When the force had it from the court; not in the future. Starts the clock of court events."
    )
    reason: OptionalText = Field(None, description="Why, in words that the victim may read.")
    victim_ids: Annotated[list[Identifier] | None, AS_SET] = Field(None, description="Whom it concerns; null: every victim.")
    suspect_interviewed: bool | None = Field(None, description="Under caution; with the next three, decides the right to a review.")
    all_suspects_and_charges: bool | None = Field(None, description="The decision ended the case against every suspect, in every charge.")
    charged_other_offence: bool | None = Field(None, description="The suspect was charged with another offence.")
    victim_supports: bool | None = Field(None, description="The victim supports a prosecution.")
    decided_by: Annotated[domain.DecidedBy, CHOICE] | None = Field(None, description="Whose decision it was.")
    hearing: Hearing | None = None
    corrects: OptionalText = Field(
        None, description="The event_id of an earlier event, whose place this one takes; not its own. It waits where that has not come yet."
    )
    withdrawn: bool | None = Field(None, description="True: this event takes back the one that it corrects, and tells of nothing else.")

    def contradictions(self) -> list[Contradiction]:
        return [("corrects", "names its own event_id")] if self.corrects == self.event_id else []

    def to_domain(self) -> domain.InvestigationEvent:
        return domain.InvestigationEvent(
            reference=self.reference,
            event_id=self.event_id,
            type=self.type,
            at=self.happened_at,
            received_at=self.received_at,
            reason=self.reason,
            victim_ids=None if self.victim_ids is None else frozenset(self.victim_ids),
            suspect_interviewed=self.suspect_interviewed,
            all_suspects_and_charges=self.all_suspects_and_charges,
            charged_other_offence=self.charged_other_offence,
            victim_supports=self.victim_supports,
            decided_by=self.decided_by,
            hearing=self.hearing.to_domain() if self.hearing else None,
            corrects=self.corrects,
            withdrawn=self.withdrawn is True,
        )


class Review(Told):
    """The victim asked for a review of a decision not to prosecute, or the force acknowledged it or decided."""

    victim_id: Identifier = Field(description="The victim's id in the occurrence.")
    at: PastTime = Field(description="When; not in the future.")
    step: Annotated[domain.ReviewStep, CHOICE] = Field(description="How far the request is.")

    def to_domain(self) -> domain.ReviewStepped:
        return domain.ReviewStepped(self.reference, self.event_id, self.victim_id, self.at, self.step)


class InvestigationMessage(Envelope):
    """The whole message of kind `investigation_event`."""

    kind: Literal["investigation_event"]
    event: InvestigationEvent

    @property
    def content(self) -> InvestigationEvent:
        return self.event


class ReviewMessage(Envelope):
    """The whole message of kind `review`."""

    kind: Literal["review"]
    review: Review

    @property
    def content(self) -> Review:
        return self.review

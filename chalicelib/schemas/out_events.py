"""What goes out on the topic `kept-informed-out`, so that the records system shows it without anybody keying it twice.

Must hold ids, enums and times only: no name, address, number or free text of anybody, and no field that is not named here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from chalicelib.domain.events import EventType
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Unit
from chalicelib.domain.obligations import Kind, Purpose
from chalicelib.schemas.fields import CHOICE, AnyTime, Choice, EveryDays, Identifier, Model, PlannedDay

CONTRACT = "kept-informed/out/v1"


class OutKind(StrEnum):
    """What happened."""

    NOTIFIED = "notified"
    TASK_RAISED = "task_raised"
    OBLIGATION_MET = "obligation_met"
    OBLIGATION_BREACHED = "obligation_breached"
    AGREEMENT_CHANGED = "agreement_changed"
    OPTED_OUT = "opted_out"
    MESSAGE_RECEIVED = "message_received"


_INTERNAL = frozenset({Template.COMPLETION, Template.HANDOVER, Template.RECORDING, Template.CONTACT, Template.OUT})
"""Rows of the outbox that are no message to anybody."""
HexId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""An id of ours."""


class OutEvent(Model):
    """One event. Which of the optional fields are there depends on `event`; null and absent are the same."""

    model_config = ConfigDict(extra="forbid")

    contract: Literal["kept-informed/out/v1"]
    event: Annotated[OutKind, CHOICE]
    event_id: HexId = Field(description="The same in every delivery: count it once.")
    at: AnyTime = Field(description="When it happened.")
    reference: Annotated[str, Field(pattern=r"^[0-9]{11}$")] = Field(description="Eleven digits.")
    victim_id: Identifier | None = Field(None, description="The victim's id in the occurrence; null: the whole occurrence.")
    kind: Annotated[Kind, CHOICE] | None = Field(None, description="Of the obligation.")
    purpose: Annotated[Purpose, CHOICE] | None = Field(None, description="Of the task.")
    event_type: Annotated[EventType, CHOICE] | None = Field(None, description="The key event that the victim has to hear of.")
    unit: Annotated[Unit, CHOICE] | None = Field(None, description="Who does the task.")
    task: HexId | None = Field(None, description="The id that task_done names.")
    obligation: HexId | None = None
    due_at: AnyTime | None = None
    met_at: AnyTime | None = Field(None, description="When the evidence happened; after due_at: met late.")
    evidence: Identifier | None = Field(
        None, description="A notification_id, the event_id of a contact or a review's step, or what the record itself says."
    )
    template: Annotated[Template, Choice(without=_INTERNAL)] | None = Field(None, description="Of the message.")
    channel: Annotated[Channel, CHOICE] | None = Field(None, description="Of the message.")
    notification_id: HexId | None = None
    message: HexId | None = Field(None, description="Of what came through the page; what it says stays with us.")
    every_days: EveryDays | None = Field(None, description="Of the agreement; null: key events only.")
    method: Annotated[Channel, CHOICE] | None = Field(None, description="Of the agreement.")
    next_update_on: PlannedDay | None = None
    declined: bool | None = None
    proposed: bool | None = Field(None, description="True: the force's default, which nobody agreed yet.")
    ended: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")] | None = Field(None, description="One word: why there are no updates.")

"""What every event that a records system tells of a case has: its envelope, its case, and an id that makes it count once.

Must not know any one kind of event.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from chalicelib.schemas.fields import Identifier, Model, PastTime, Reference

Contradiction = tuple[str, str]
"""Path inside the event, and reason."""


class Told(Model):
    """What the content of every event has."""

    reference: Reference = Field(description="Eleven digits or YY*NNNNNN; an event before its occurrence waits for it.")
    event_id: Identifier = Field(description="Unique for each event: the same id counts once, with other content it is refused.")

    def contradictions(self) -> list[Contradiction]:
        """Fields that are well formed and cannot both be true."""
        return []


class Envelope(Model):
    """What every message of an event has beside its content."""

    contract: Literal["kept-informed/records/v1"]
    kind: str
    message_id: Identifier = Field(description="The producer's own id of this message.")
    sent_at: PastTime

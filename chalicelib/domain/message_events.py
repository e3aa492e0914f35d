"""What came through the page "Contact an officer", as facts of a case: that a message came, and to whom it was given instead.

Ids, enums, times and collar numbers alone: what was written stands in the table of contact messages. Must not decide what follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """Somebody wrote to the officer of this case, or to one whom they take for that. `event_id` is the message's id.

    `collar_number` is what they typed. `victim_id` is the victim whose contact details they gave, None: nobody's, which proves nothing.
    `danger`: its words speak of immediate danger. `many`: it stands for all further messages of its window. `doubtful`: a field that no
    person sees was filled in.
    """

    reference: str
    event_id: str
    at: datetime
    collar_number: str
    victim_id: str | None = None
    danger: bool = False
    many: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class MessageAllocated:
    """A supervisor, or whoever has it, gave a message to another officer: `to` is their collar number."""

    reference: str
    event_id: str
    message_id: str
    at: datetime
    to: str
    by: str

    @property
    def victim_id(self) -> None:
        """A message names its case; whose it is, is only claimed."""
        return None

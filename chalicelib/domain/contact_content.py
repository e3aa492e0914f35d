"""What readers are told of a message through the page "Contact an officer", as content for its templates.

Must not render or send; of a specialist or held case no content holds what was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.messages import ForceContact


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody wrote through the page, and who they say they are: nobody has checked any of it."""

    name: str
    email: str | None
    phone: str | None
    safe_to_reply: str | None
    message: tuple[str, ...]
    """Its lines, without empty ones."""


@dataclass(frozen=True, slots=True)
class ContactNote:
    """A message through the page, for a reader inside the force.

    `claim` None: the case is specialist or held, so the mail says only that a message waits; `link` opens the page on which it can be read.
    `asks` is what the reader is asked to do, `because` a finished sentence or None. `danger`: this reader is asked to act at once;
    `alarmed`: words of danger stand in it, and the control room was asked to act.
    """

    force: ForceContact
    to: str
    reference: str
    task_id: str
    asks: str
    received_at: datetime
    due_at: datetime
    danger: bool
    alarmed: bool
    link: str
    claim: Claim | None
    because: str | None


@dataclass(frozen=True, slots=True)
class ContactConfirmation:
    """To a victim whose case somebody wrote about: only that there is a message."""

    force: ForceContact
    reference: str

"""What an officer's update says, as typed content, and what a letter looks like before it goes.

Nothing of a record reaches a reader unless it stands here. Must not render or send.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.links import PageLink
from chalicelib.domain.messages import ForceContact, OfficerContact, Reader, UpdatePromise


def finished(words: str | None) -> str | None:
    """Single spaces, a capital letter first, and a mark at the end; otherwise as they were written."""
    if words is None:
        return None
    said = " ".join(words.split())
    return f"{said[:1].upper()}{said[1:]}{'' if said.endswith(('.', '!', '?')) else '.'}"


@dataclass(frozen=True, slots=True)
class SeenLetter:
    """A letter to be looked at before it goes: a PNG of each page, and the same words as text, a block to a line."""

    pages: tuple[bytes, ...]
    text: str


@dataclass(frozen=True, slots=True)
class OfficerUpdate:
    """How the case stands, as the officer chose to say it (Victims' Code, Right 6).

    `start` names the fixed words (update_starts.py); `words` are the officer's own, checked to name nobody, None where there are none: a
    text never has any. `next_on` is the day by which the reader hears again, None where none is promised; `updates` what was agreed.
    """

    force: ForceContact
    reader: Reader
    greeting_name: str | None
    reference: str
    start: str
    words: str | None
    next_on: date | None
    officer: OfficerContact | None
    updates: UpdatePromise | None
    channel_reason: str | None
    officer_changed: bool = False
    """Since the reader was last written to."""
    large_print: bool = False
    address: tuple[str, ...] = ()
    written_on: date | None = None
    page: PageLink | None = None

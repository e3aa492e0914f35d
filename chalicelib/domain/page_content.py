"""What the message with a one-time code says, as content for its template.

Must not make a code, or say anything of a case.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.messages import ForceContact


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """The code that somebody with the reader's link asked for just now, and for how many minutes it opens the page."""

    force: ForceContact
    code: str
    minutes: int

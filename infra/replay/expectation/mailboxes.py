"""What becomes of a message once its provider has it: the simulated mailboxes and numbers of a replay.

Must not change a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPECIAL = re.compile(r"(bounce)|(complaint|suppressionlist|silent|late)(?![a-z])")
_NUMBERS = {
    "+447700900950": ("bounced", True),
    "+447700900951": ("bounced", False),
    "+447700900952": ("bounced", True),
    "+447700900953": ("sent", False),
    "+447700900954": ("failed", True),
    "+447700900955": ("sent", False),
}


@dataclass(frozen=True, slots=True)
class Fate:
    """The last state of the row, and whether the address is closed for the future. `failed`: the provider did not take it."""

    state: str
    closes: bool = False


def of_mail(address: str) -> Fate:
    found = _SPECIAL.match(address.rpartition("@")[0].lower())
    word = found.group(0) if found else ""
    if word in {"bounce", "suppressionlist"}:
        return Fate("bounced", closes=True)
    if word == "complaint":
        return Fate("complained", closes=True)
    return Fate("sent" if word else "delivered")


def of_text(number: str) -> Fate:
    return Fate(*_NUMBERS.get(number, ("delivered", False)))


LETTER = Fate("sent")
"""Nobody confirms a letter."""
DELIVERED = Fate("delivered")
"""The force's own mailboxes and the service's."""

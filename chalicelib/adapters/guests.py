"""Stands before the senders of a stage that tries things out: only guests and the providers' own simulators are written to, by post too.

Where a stage holds copies of real records, one wrong setting would tell real victims. Must not be used in prod, and must not rewrite a
recipient: what is not for a guest is refused, and its row says so. Why: docs/adr/0027-guests.md
"""

from __future__ import annotations

import re
from collections.abc import Collection

from chalicelib.domain.errors import PermanentSendError
from chalicelib.domain.messages import Email, Letter, Sms
from chalicelib.services.edges import EmailSender, LetterBox, SmsSender

NOT_A_GUEST = "not_a_guest"
"""The code of the refusal, and so the reason on the row. It closes no address."""
_SIMULATED_MAIL = "@simulator.amazonses.com"
"""Amazon SES developer guide, "Using the mailbox simulator"."""
_SIMULATED_TEXTS = frozenset({"+447860019066", "+447860019067"})
"""End User Messaging SMS user guide, "Simulator phone numbers": United Kingdom, one that succeeds and one that fails."""
_POSTCODE = re.compile(r"(?:^|\s)([a-z]{1,2}[0-9][a-z0-9]?)\s?([0-9][a-z]{2})\s*$")
"""At the end of a line, in lower case. Royal Mail, "Programmers' guide to the PAF": outward code of two to four signs, inward of three."""


class GuestEmailSender:
    """The port `EmailSender`, in front of another. `guests`: addresses and domains (`@example.org`), in lower case."""

    def __init__(self, onward: EmailSender, guests: Collection[str]) -> None:
        self._onward = onward
        self._guests = frozenset(guests) | {_SIMULATED_MAIL}

    def send(self, email: Email) -> str:
        address = email.to.lower()
        if not {address, f"@{address.rpartition('@')[2]}"} & self._guests:
            raise PermanentSendError(NOT_A_GUEST)
        return self._onward.send(email)


class GuestSmsSender:
    """The port `SmsSender`, in front of another. `guests`: mobiles as they are sent to (`+447…`)."""

    def __init__(self, onward: SmsSender, guests: Collection[str]) -> None:
        self._onward = onward
        self._guests = frozenset(guests) | _SIMULATED_TEXTS

    def send(self, sms: Sms) -> str:
        if sms.to not in self._guests:
            raise PermanentSendError(NOT_A_GUEST)
        return self._onward.send(sms)


class GuestLetterBox:
    """The port `LetterBox`, in front of another. `guests`: postcodes, however spaced; whose last postal line ends with one is a guest. No
    letter goes to a simulator, so without a postcode none is laid into the bucket."""

    def __init__(self, onward: LetterBox, guests: Collection[str]) -> None:
        self._onward = onward
        self._guests = frozenset(filter(None, map(_postcode, guests)))

    def put(self, letter: Letter) -> str:
        if not letter.to or _postcode(letter.to[-1]) not in self._guests:
            raise PermanentSendError(NOT_A_GUEST)
        return self._onward.put(letter)


def _postcode(line: str) -> str | None:
    found = _POSTCODE.search(line.lower())
    return f"{found[1]} {found[2]}" if found else None

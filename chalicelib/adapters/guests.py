"""Stands before the senders of a stage that tries things out: only guests and the providers' own simulators are written to.

Where a stage holds copies of real records, one wrong setting would tell real victims. Must not be used in prod, and must not rewrite a
recipient: what is not for a guest is refused, and its row says so. Why: docs/adr/0027-guests.md
"""

from __future__ import annotations

from collections.abc import Collection

from chalicelib.domain.errors import PermanentSendError
from chalicelib.domain.messages import Email, Sms
from chalicelib.services.edges import EmailSender, SmsSender

NOT_A_GUEST = "not_a_guest"
"""The code of the refusal, and so the reason on the row. It closes no address."""
_SIMULATED_MAIL = "@simulator.amazonses.com"
"""Amazon SES developer guide, "Using the mailbox simulator"."""
_SIMULATED_TEXTS = frozenset({"+447860019066", "+447860019067"})
"""End User Messaging SMS user guide, "Simulator phone numbers": United Kingdom, one that succeeds and one that fails."""


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

"""Every error that the product raises on purpose, as one tree.

KeptInformedError
├── RetryLater            the work may succeed when it is tried again: give the message back
│   ├── Contended         somebody else changed the same case; read again
│   ├── StoreUnavailable  the store, queue or bucket did not answer
│   └── ProviderSilent    the force's sign-in did not answer
├── SendError
│   ├── PermanentSendError    the provider refuses for good (bad address): tell a person
│   ├── TransientSendError    throttled or 5xx before acceptance: back off
│   └── UnknownOutcomeError   timed out after the request left: wait for the receipt, never send again to a victim
├── RequestRefused        what a browser sent is not taken; entrypoints/http.py knows the status of each
│   ├── MalformedRequest  not a form as a browser writes it
│   ├── ForeignRequest    sent by a page of another site, or by nobody who was shown the form
│   ├── NoSuchPage        nothing is there, or not for this reader, or not any more
│   │   └── DeadOfficerLink   the link of a reminder: what it opened is somewhere else by now
│   ├── RequestTooLarge   more than a form of ours can hold
│   └── TooManyRequests   later again
└── ConfigurationError    the environment or profile is not fit to run with

Must not carry personal data: messages name fields, ids and reasons only.
"""

from __future__ import annotations


class KeptInformedError(Exception):
    """Base of all."""


class RetryLater(KeptInformedError):  # noqa: N818 - an instruction to the caller, not a fault
    """Nothing was decided; the caller gives its message back."""


class Contended(RetryLater):
    """A condition of the transaction failed: the case moved since it was read."""


class StoreUnavailable(RetryLater):
    """The store, a queue or a bucket did not answer in time or refused for load."""


class ProviderSilent(RetryLater):
    """The identity provider did not answer, or answered what no provider should."""


class SendError(KeptInformedError):
    """A provider did not accept a message. `code` is the provider's own, for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PermanentSendError(SendError):
    """Trying again cannot help. `dead_address`: the refusal is about the recipient's address, which is closed for the future."""

    def __init__(self, code: str, *, dead_address: bool = False) -> None:
        super().__init__(code)
        self.dead_address = dead_address


class TransientSendError(SendError):
    """The provider says that it did not take the message now."""


class UnknownOutcomeError(SendError):
    """The request left and no answer came: the provider may have accepted it."""


class RequestRefused(KeptInformedError):  # noqa: N818 - an answer to a browser, not a fault
    """Says nothing about what was sent, so that nobody learns anything by trying."""


class MalformedRequest(RequestRefused):
    """Not a form as a browser writes it: another encoding, or text that is not UTF-8."""


class ForeignRequest(RequestRefused):
    """A page of another site sent it, or it lacks the token of the form that it claims to be."""


class NoSuchPage(RequestRefused):
    """Also for a link that is forged, expired or revoked: the three must look alike."""


class DeadOfficerLink(NoSuchPage):
    """The link of a reminder opens nothing, whatever the reason: its page says where to go on, and nothing of a case."""


class RequestTooLarge(RequestRefused):
    """More than any form of ours can hold."""


class TooManyRequests(RequestRefused):
    """One source, or one subject, asked too often."""


class ConfigurationError(KeptInformedError):
    """Raised at start; names the setting."""

"""What the pages' use cases need of what is kept, as protocols, each with one fake and one real adapter under one conformance suite.

Shapes are domain types, times are UTC, and failures are those of `domain/errors.py`. Must not import an SDK.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from chalicelib.domain.contact_form import ContactMessage
from chalicelib.domain.delivery import Notification
from chalicelib.domain.sign_in import Attempt, Session


class ContactMessages(Protocol):
    """What people wrote to officers, as they wrote it."""

    def add(self, message: ContactMessage, row: Notification) -> bool:
        """Keep the message and, in the same transaction, the outbox row that has it routed. False where this very message is there.

        StoreUnavailable where it is not known; the same call may then be repeated.
        """

    def get(self, ids: Collection[str]) -> dict[str, ContactMessage]:
        """By id, consistent, in one call; absent ids are absent."""

    def of(self, reference: str) -> list[ContactMessage]:
        """Those that name this reference, oldest first (eventually consistent); for people, not for decisions."""


class Limits(Protocol):
    """Counters that stop at a limit."""

    def take(self, name: str, limit: int, until: datetime) -> bool:
        """Count one more under `name`; False where `limit` was reached. The store may forget the counter after `until`.

        One conditional write whatever the answer. StoreUnavailable where it is not known: it may count one too many, never one too few.
        """


class IdentityProvider(Protocol):
    """Where officers sign in: OpenID Connect, authorization code flow with PKCE."""

    def address(self, attempt: Attempt) -> str:
        """Where the browser is sent to sign in; it comes back with the attempt's state and a code."""

    def claims(self, code: str, verifier: str) -> Mapping[str, object] | None:
        """The claims of the ID token that the provider gives for a code, unchecked but for where they came from.

        None where it refuses the code, or gives no ID token. ProviderSilent where it does not answer, or not as a provider does.
        """

    @property
    def leaving(self) -> str | None:
        """Where a browser ends the provider's own session; None: nowhere."""


class Sessions(Protocol):
    """Signed sessions and attempts. No store, and no clock: whether one is over, the domain says."""

    def issue(self, session: Session) -> str:
        """A token that fits a cookie."""

    def read(self, token: str) -> Session | None:
        """None for a token that is forged, malformed, or an attempt's."""

    def keep(self, attempt: Attempt) -> str:
        """A token that fits a cookie."""

    def kept(self, token: str) -> Attempt | None:
        """None for a token that is forged, malformed, or a session's."""

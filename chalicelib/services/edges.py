"""What the use cases need to make and send messages, announcements and links, as protocols, each with one fake and one real adapter.

Shapes are domain types, times are UTC, and failures are those of `domain/errors.py`. Must not import an SDK, or hold what is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.contact_content import ContactConfirmation, ContactNote
from chalicelib.domain.event_news import EventNews
from chalicelib.domain.links import OFFICER, Link
from chalicelib.domain.messages import (
    Acknowledgement,
    Digest,
    Email,
    Letter,
    Referral,
    RenderedEmail,
    ServiceNotice,
    Sms,
    Task,
    Template,
)
from chalicelib.domain.page_content import OneTimeCode
from chalicelib.domain.update_content import OfficerUpdate, SeenLetter

ToVictim = Acknowledgement | EventNews | OfficerUpdate
"""What a victim is told."""

FORM_LIVES = timedelta(hours=24)
"""How long a form that was shown may be sent: a night's sleep, and no more. What was typed is shown again with a new token."""


class Renderer(Protocol):
    def languages(self, template: Template) -> frozenset[str]:
        """Languages with an approved template."""

    def email(
        self,
        template: Template,
        language: str,
        content: ToVictim | Task | ServiceNotice | Referral | Digest | ContactNote | ContactConfirmation | OneTimeCode,
    ) -> RenderedEmail: ...

    def sms(self, template: Template, language: str, content: ToVictim | Digest | ContactConfirmation | OneTimeCode) -> str: ...


class Documents(Protocol):
    def referral(self, content: Referral) -> bytes:
        """A one-page tagged PDF (PDF/UA-1)."""

    def letter(self, template: Template, language: str, content: ToVictim) -> bytes:
        """A tagged PDF letter."""

    def letter_seen(self, template: Template, language: str, content: ToVictim) -> SeenLetter:
        """The same letter to be looked at on a screen."""


class EmailSender(Protocol):
    def send(self, email: Email) -> str:
        """The provider's message id. PermanentSendError, TransientSendError or UnknownOutcomeError; no retries of its own."""


class SmsSender(Protocol):
    def send(self, sms: Sms) -> str:
        """As EmailSender."""


class LetterBox(Protocol):
    def put(self, letter: Letter) -> str:
        """Lay the PDF into the letters bucket under its notification id. Idempotent, so an ambiguous answer is transient."""


class Topic(Protocol):
    def publish(self, bodies: Mapping[str, str]) -> frozenset[str]:
        """Publish announcements (id -> JSON) for the records system; the ids that were taken. Never raises: what was not taken stays."""


class Links(Protocol):
    """Signed links. No store, and no clock of its own."""

    def issue(self, link: Link, now: datetime) -> str:
        """A URL-safe token. ValueError where the link would not open at `now`."""

    def read(self, token: str, now: datetime, purpose: str = OFFICER) -> Link | None:
        """None for a token that is forged, malformed, for another purpose, expired, or from the future. Ask `Revocations` too."""


class Revocations(Protocol):
    """`name` is a reference, one victim of it (`links.of_victim`), the keyed hash of a person, or one session (`links.of_session`)."""

    def revoke(self, name: str, before: datetime, until: datetime | None = None) -> None:
        """Every link under this name that was issued until then stops working. Never moves an earlier revocation back.

        `until` is when the store may forget it, since nothing under the name lives that long; None: never.
        """

    def revoked(self, name: str) -> datetime | None: ...


class Codes(Protocol):
    """Codes that are derived under a key, so that none is kept anywhere. No store, and no clock of its own."""

    def one_time(self, request_id: str) -> str:
        """The six digits of one request. Always the same."""

    def opens(self, request_id: str, typed: str) -> bool:
        """Whether these are its digits, spaces and dashes apart."""

    def of_letter(self, reference: str, notification_id: str) -> str:
        """The twelve signs that one letter about one case bears. Always the same under one key."""

    def letter_tag(self, reference: str, typed: str) -> str | None:
        """Which letter of this case the signs are of (`page_codes.tag_of`); None where we never printed them."""


class Forms(Protocol):
    """Signed tokens of forms. No store, and no clock of its own."""

    def issue(self, purpose: str, now: datetime) -> str:
        """A URL-safe token of a form that is shown now. `purpose` says whose form it is; it is not carried in the token."""

    def read(self, token: str, purpose: str, now: datetime) -> str | None:
        """The nonce of a token, the same each time it is sent, so that a form sent twice is one; None where it is forged, for another
        purpose, older than FORM_LIVES, or from the future."""


class Pages(Protocol):
    def render(self, name: str, values: Mapping[str, object]) -> str:
        """A whole page (HTML) of the template `name` and its typed values. Every value is escaped; one that is missing is an error."""

"""What the use cases need to make and send messages, announcements and links, as protocols, each with one fake and one real adapter.

Shapes are domain types, times are UTC, and failures are those of `domain/errors.py`. Must not import an SDK, or hold what is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from chalicelib.domain.event_news import EventNews
from chalicelib.domain.links import OFFICER, Link
from chalicelib.domain.messages import Acknowledgement, Digest, Email, Letter, Referral, RenderedEmail, ServiceNotice, Sms, Task, Template


class Renderer(Protocol):
    def languages(self, template: Template) -> frozenset[str]:
        """Languages with an approved template."""

    def email(
        self, template: Template, language: str, content: Acknowledgement | EventNews | Task | ServiceNotice | Referral | Digest
    ) -> RenderedEmail: ...

    def sms(self, template: Template, language: str, content: Acknowledgement | EventNews | Digest) -> str: ...


class Documents(Protocol):
    def referral(self, content: Referral) -> bytes:
        """A one-page tagged PDF (PDF/UA-1)."""

    def letter(self, template: Template, language: str, content: Acknowledgement | EventNews) -> bytes:
        """A tagged PDF letter."""


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
    def revoke(self, reference: str, before: datetime) -> None:
        """Every link of the case that was issued until then stops working. Never moves an earlier revocation back."""

    def revoked(self, reference: str) -> datetime | None: ...

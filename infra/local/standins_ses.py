"""The stand-in for Amazon SES v2: accepts or refuses SendEmail as the real service does, keeps the mail, and owes its receipts.

Must not deliver anything anywhere. Which mailbox behaves how is in `ses_events.py`, what a sound mail is in `ses_mime.py`.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

from infra.local import ses_events
from infra.local.aws_wire import Response, rest_json
from infra.local.outbox_store import Accepted, Attachment, Outbox, attached_parts, content_bytes
from infra.local.receipts import ReceiptPoster
from infra.local.refusals import RefusedError
from infra.local.ses_mime import address_of, body_text, check_address, clean, composed, parsed, recipients_of

MAX_MESSAGE_BYTES = 40 * 1024 * 1024
MAX_RECIPIENTS = 50
TAG = "notification_id"
_TAG_VALUE = re.compile(r"[A-Za-z0-9_.@-]{1,256}")
_ACCOUNT_STATES = {
    "suspended": ("AccountSuspendedException", "The account is suspended."),
    "paused": ("SendingPausedException", "Sending is paused for this account."),
    "over_quota": ("LimitExceededException", "Daily message quota exceeded."),
}


@dataclass(frozen=True)
class SesSettings:
    """What this account may do: `identities` are verified addresses or domains (subdomains included), `broken_mail_from` those whose custom
    MAIL FROM domain is not verified; `account` is active, suspended, paused or over_quota."""

    identities: frozenset[str]
    configuration_sets: frozenset[str]
    broken_mail_from: frozenset[str] = field(default_factory=frozenset)
    account: str = "active"


class SesStandIn:
    """Answers the SES v2 calls that send mail."""

    def __init__(
        self, settings: SesSettings, clock: Callable[[], datetime], outbox: Outbox, poster: ReceiptPoster, *, region: str, slow: float
    ) -> None:
        self.settings = settings
        self._clock = clock
        self._outbox = outbox
        self._poster = poster
        self._region = region
        self._slow = slow

    def set_account(self, state: str) -> None:
        """Put the account into a state: active, suspended, paused or over_quota."""
        self.settings = replace(self.settings, account=state)

    def answer(self, operation: str | None, body: bytes) -> Response:
        """Answer one call."""
        try:
            if operation != "SendEmail":
                raise RefusedError("BadRequestException", "This stand-in answers SendEmail only.")
            message, configuration_set = self._accept(_document(body))
        except RefusedError as refused:
            return rest_json(refused.status, {"message": refused.message}, error=refused.code)
        self._outbox.keep(message)
        if configuration_set is not None:
            self._owe_receipts(message, configuration_set)
        return rest_json(200, {"MessageId": message.provider_message_id})

    def _accept(self, request: dict[str, Any]) -> tuple[Accepted, str | None]:
        self._check_account()
        configuration_set = self._configuration_set(request.get("ConfigurationSetName"))
        notification_id = _notification_id(request.get("EmailTags"))
        raw = _raw_content(request)
        if len(raw) > MAX_MESSAGE_BYTES:
            raise RefusedError("BadRequestException", f"Message length is more than {MAX_MESSAGE_BYTES} bytes long: '{len(raw)}'.")
        mail = parsed(raw)
        recipients = recipients_of(mail, request.get("Destination"))
        self._check_parties(request.get("FromEmailAddress"), mail, recipients)
        return self._accepted(mail, raw, recipients, notification_id), configuration_set

    def _check_account(self) -> None:
        if self.settings.account in _ACCOUNT_STATES:
            raise RefusedError(*_ACCOUNT_STATES[self.settings.account])

    def _configuration_set(self, name: Any) -> str | None:
        if name is not None and str(name) not in self.settings.configuration_sets:
            raise RefusedError("NotFoundException", f"Configuration set <{name}> does not exist.", status=404)
        return str(name) if name is not None else None

    def _check_parties(self, envelope_from: Any, mail: EmailMessage, recipients: list[str]) -> None:
        senders = {address_of(str(mail["From"]))} | ({address_of(str(envelope_from))} if envelope_from else set())
        for address in [*senders, *recipients]:
            check_address(address)
        if not recipients:
            raise RefusedError("BadRequestException", "Missing required destination.")
        if len(recipients) > MAX_RECIPIENTS:
            raise RefusedError("BadRequestException", f"Recipient count exceeds {MAX_RECIPIENTS}.")
        unverified = sorted(sender for sender in senders if not _covered(sender, self.settings.identities))
        if unverified:
            where = f"The following identities failed the check in region {self._region.upper()}: {', '.join(unverified)}"
            raise RefusedError("MessageRejected", f"Email address is not verified. {where}")
        if any(_covered(sender, self.settings.broken_mail_from) for sender in senders):
            raise RefusedError("MailFromDomainNotVerifiedException", "The MAIL FROM domain is not verified.")
        if any(ses_events.behaviour(address) == "reject" for address in recipients):
            raise RefusedError("MessageRejected", "The message was rejected: its content was not accepted.")

    def _accepted(self, mail: EmailMessage, raw: bytes, recipients: list[str], notification_id: str) -> Accepted:
        return Accepted(
            channel="email",
            to=", ".join(recipients),
            from_=clean(mail["From"]),
            subject=clean(mail["Subject"]) if mail["Subject"] is not None else None,
            text=body_text(mail, "plain") or "",
            html=body_text(mail, "html"),
            attachments=tuple(_attachment(part) for part in attached_parts(mail)),
            headers={name: clean(value) for name, value in mail.items()},
            accepted_at=self._clock(),
            notification_id=notification_id,
            raw=raw,
            provider_message_id=f"0107{uuid4().hex[:12]}-{uuid4()}-000000",
            parts=0,
        )

    def _owe_receipts(self, message: Accepted, configuration_set: str) -> None:
        receipts, later = ses_events.receipts(message, configuration_set, region=self._region, slow=self._slow)
        self._poster.owe(receipts)
        if later:
            self._poster.keep_for_later(message.provider_message_id, later)


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise RefusedError("SerializationException", "The request body is not a JSON object.")
    return document


def _notification_id(tags: Any) -> str:
    """The project sends its notification id as the only tag; anything more would be data that a provider need not have."""
    if not isinstance(tags, list) or len(tags) != 1 or not isinstance(tags[0], dict) or tags[0].get("Name") != TAG:
        raise RefusedError("BadRequestException", f"Expected exactly one message tag, {TAG}.")
    value = tags[0].get("Value")
    if not isinstance(value, str) or not _TAG_VALUE.fullmatch(value):
        raise RefusedError("BadRequestException", f"Invalid tag value of {TAG}: only alphanumeric ASCII, '_', '-', '.', '@', up to 256.")
    return value


def _raw_content(request: dict[str, Any]) -> bytes:
    content = request.get("Content")
    kinds = [kind for kind in ("Raw", "Simple", "Template") if isinstance(content, dict) and content.get(kind) is not None]
    if len(kinds) != 1:
        raise RefusedError("BadRequestException", "Content must hold exactly one of Raw, Simple, Template.")
    if kinds == ["Template"]:
        raise RefusedError("BadRequestException", "This stand-in takes raw or simple content, no templates.")
    assert isinstance(content, dict)  # noqa: S101 (narrowing: one kind was found in it)
    if kinds == ["Simple"]:
        return composed(request, content["Simple"])
    try:
        return base64.b64decode(content["Raw"]["Data"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise RefusedError("BadRequestException", "Raw message data is not Base64.") from None


def _covered(address: str, identities: frozenset[str]) -> bool:
    domain = address.rpartition("@")[2].lower()
    labels = domain.split(".")
    domains = {".".join(labels[start:]) for start in range(len(labels))}
    return bool(({address.lower()} | domains) & {identity.lower() for identity in identities})


def _attachment(part: EmailMessage) -> Attachment:
    return Attachment(clean(part.get_filename() or "unnamed"), part.get_content_type(), len(content_bytes(part)))

"""The stand-in for AWS End User Messaging SMS: accepts or refuses SendTextMessage, keeps the text, owes its receipts.

Must not deliver anything anywhere. Which number behaves how is in `sms_events.py`.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import smsutil

from infra.local import sms_events
from infra.local.aws_wire import Response, json_1_0
from infra.local.outbox_store import Accepted, Outbox
from infra.local.receipts import ReceiptPoster
from infra.local.refusals import RefusedError

MAX_BODY = 1600
MAX_SENDER_ID = 11
TAG = "notification_id"
_NAMESPACE = "com.amazonaws.pinpointsmsvoicev2#"
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_SENDER = re.compile(r"[A-Za-z0-9_:/+-]{1,256}")
_PRICE = re.compile(r"[0-9]{0,2}\.[0-9]{1,5}")
_CONTEXT_VALUE = re.compile(r"\S[\S ]{0,799}")
_ACCOUNT_STATES = {
    "disabled": RefusedError("AccessDeniedException", "The account is disabled.", Reason="ACCOUNT_DISABLED"),
    "spent": RefusedError(
        "ServiceQuotaExceededException", "The monthly spend limit is reached.", Reason="MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"
    ),
}


@dataclass(frozen=True)
class SmsSettings:
    """What this account may do; `price_per_part` is in US dollars; `account` is active, disabled or spent."""

    sender_ids: frozenset[str]
    configuration_sets: frozenset[str]
    price_per_part: Decimal = Decimal("0.04")
    account: str = "active"


class SmsStandIn:
    """Answers the SMS service's calls."""

    def __init__(self, settings: SmsSettings, clock: Callable[[], datetime], outbox: Outbox, poster: ReceiptPoster) -> None:
        self.settings = settings
        self._clock = clock
        self._outbox = outbox
        self._poster = poster

    def set_account(self, state: str) -> None:
        """Put the account into a state: active, disabled or spent."""
        self.settings = replace(self.settings, account=state)

    def answer(self, operation: str | None, body: bytes) -> Response:
        """Answer one call."""
        try:
            if operation != "SendTextMessage":
                raise RefusedError("UnknownOperationException", "This stand-in answers SendTextMessage only.")
            request = _document(body)
            message = self._accept(request)
        except RefusedError as refused:
            return json_1_0(refused.status, {"__type": _NAMESPACE + refused.code, "Message": refused.message, **refused.members})
        if not request.get("DryRun"):
            self._outbox.keep(message)
            self._owe_receipts(message, request)
        return json_1_0(200, {"MessageId": message.provider_message_id})

    def _accept(self, request: dict[str, Any]) -> Accepted:
        if self.settings.account in _ACCOUNT_STATES:
            raise _ACCOUNT_STATES[self.settings.account]
        to = _destination(request.get("DestinationPhoneNumber"))
        text = _message_body(request.get("MessageBody"))
        _check_options(request)
        sender = self._sender(request.get("OriginationIdentity"))
        self._check_configuration_set(request.get("ConfigurationSetName"))
        notification_id = _notification_id(request.get("Context"))
        parts = len(smsutil.split(text).parts)
        if request.get("MaxPrice") and parts * self.settings.price_per_part > Decimal(request["MaxPrice"]):
            raise invalid("PRICE_OVER_THRESHOLD", "MaxPrice", "the message costs more than MaxPrice")
        sms_events.refuse_at_once(to)
        return Accepted(
            channel="sms",
            to=to,
            from_=sender,
            subject=None,
            text=text,
            html=None,
            attachments=(),
            headers={},
            accepted_at=self._clock(),
            notification_id=notification_id,
            raw=b"",
            provider_message_id=str(uuid4()),
            parts=parts,
        )

    def _sender(self, value: Any) -> str:
        if not isinstance(value, str) or not value:
            raise invalid("MISSING_PARAMETER", "OriginationIdentity", "is required")
        if not _SENDER.fullmatch(value) or len(value) > MAX_SENDER_ID:
            raise invalid("INVALID_PARAMETER", "OriginationIdentity", f"must be a sender id of up to {MAX_SENDER_ID} characters")
        if value not in self.settings.sender_ids:
            raise _not_found("sender-id", value)
        return value

    def _check_configuration_set(self, value: Any) -> None:
        if value is not None and str(value) not in self.settings.configuration_sets:
            raise _not_found("configuration-set", str(value))

    def _owe_receipts(self, message: Accepted, request: dict[str, Any]) -> None:
        if not request.get("ConfigurationSetName"):
            return  # without a configuration set nobody hears of the message again
        price = message.parts * self.settings.price_per_part
        receipts, later = sms_events.receipts(message, request.get("MessageType", "TRANSACTIONAL"), price)
        self._poster.owe(receipts)
        if later:
            self._poster.keep_for_later(message.provider_message_id, later)


def invalid(reason: str, field: str, message: str) -> RefusedError:
    """The service's ValidationException."""
    fields = [{"Name": field, "Message": message}]
    return RefusedError("ValidationException", f"1 validation error: {field} {message}", Reason=reason, Fields=fields)


def _not_found(kind: str, name: str) -> RefusedError:
    return RefusedError("ResourceNotFoundException", f"{kind} could not be found", ResourceType=kind, ResourceId=name)


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise RefusedError("SerializationException", "The request body is not a JSON object.")
    return document


def _destination(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise invalid("MISSING_PARAMETER", "DestinationPhoneNumber", "is required")
    if not _E164.fullmatch(value):
        raise invalid("INVALID_PARAMETER", "DestinationPhoneNumber", "must be in E.164 format")
    if value.startswith("+1"):
        # The United States and Canada take no alphanumeric sender id.
        raise invalid("INVALID_IDENTITY_FOR_DESTINATION_COUNTRY", "OriginationIdentity", "cannot send to this country")
    return value


def _message_body(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise invalid("MISSING_PARAMETER", "MessageBody", "is required and must not be blank")
    if len(value) > MAX_BODY:
        raise invalid("MAXIMUM_SIZE_EXCEEDED", "MessageBody", f"must be at most {MAX_BODY} characters")
    return value


def _check_options(request: dict[str, Any]) -> None:
    if request.get("MessageType", "TRANSACTIONAL") not in ("TRANSACTIONAL", "PROMOTIONAL"):
        raise invalid("INVALID_PARAMETER", "MessageType", "must be TRANSACTIONAL or PROMOTIONAL")
    price = request.get("MaxPrice")
    if price is not None and not (isinstance(price, str) and _PRICE.fullmatch(price)):
        raise invalid("INVALID_PARAMETER", "MaxPrice", "must be a price in US dollars such as 0.12")
    seconds = request.get("TimeToLive")
    if seconds is not None and not (isinstance(seconds, int) and 5 <= seconds <= 259200):
        raise invalid("INVALID_PARAMETER", "TimeToLive", "must be from 5 to 259200 seconds")


def _notification_id(context: Any) -> str:
    """The project sends its notification id as the only context; anything more would be data that a provider need not have."""
    if not isinstance(context, dict) or set(context) != {TAG}:
        raise invalid("INVALID_PARAMETER", "Context", f"must hold {TAG} alone")
    value = context[TAG]
    if not isinstance(value, str) or not _CONTEXT_VALUE.fullmatch(value):
        raise invalid("INVALID_PARAMETER", "Context", "values must be 1 to 800 visible characters")
    return value

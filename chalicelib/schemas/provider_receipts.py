"""Parses what the mail and text message providers publish about a message that we sent.

Must not keep an address, a number, a diagnostic text or anything else that a recipient's system wrote: only our id, a state and a code.

Sources: Amazon SES developer guide, "Contents of event data that Amazon SES publishes to Amazon SNS"; End User Messaging SMS user guide,
"Event types for SMS, MMS, and voice" and "Example SMS event data".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.delivery import Receipt, State
from chalicelib.domain.model import Channel
from chalicelib.schemas.bodies import Fault, Object, read_body

TAG = "notification_id"
"""The tag of a mail, and the context key of a text message, that carry our id."""


@dataclass(frozen=True, slots=True)
class IgnoredReceipt:
    """A message of the receipts queue that says nothing about a state. `reason` is a fixed word."""

    reason: str


@dataclass(frozen=True, slots=True)
class RejectedReceipt:
    """A message of the receipts queue that cannot be read. `reason` is a fixed sentence, never a value."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Meaning:
    """`permanent`: the address or number itself is dead or closed to us, so that no later message may go there."""

    state: State
    code: str
    permanent: bool = False


_MAIL = {
    "Send": _Meaning(State.SENT, "send"),
    "Delivery": _Meaning(State.DELIVERED, "delivery"),
    "Bounce": _Meaning(State.BOUNCED, "bounce"),
    "Complaint": _Meaning(State.COMPLAINED, "complaint", permanent=True),
    "Reject": _Meaning(State.BOUNCED, "reject"),
    "Rendering Failure": _Meaning(State.BOUNCED, "rendering_failure"),
}
_MAIL_IGNORED = frozenset({"DeliveryDelay", "Open", "Click", "Subscription"})
_MAIL_DETAIL = {"Delivery": "delivery", "Bounce": "bounce", "Complaint": "complaint"}
"""Where an event has a time of its own."""

_TEXTS = {
    "TEXT_QUEUED": _Meaning(State.SENT, "queued"),
    "TEXT_PENDING": _Meaning(State.SENT, "pending"),
    "TEXT_SENT": _Meaning(State.SENT, "sent"),
    "TEXT_SUCCESSFUL": _Meaning(State.SENT, "successful"),
    "TEXT_UNKNOWN": _Meaning(State.SENT, "unknown"),
    "TEXT_DELIVERED": _Meaning(State.DELIVERED, "delivered"),
    "TEXT_INVALID": _Meaning(State.BOUNCED, "invalid", permanent=True),
    "TEXT_BLOCKED": _Meaning(State.BOUNCED, "blocked", permanent=True),
    "TEXT_UNREACHABLE": _Meaning(State.BOUNCED, "unreachable"),
    "TEXT_CARRIER_UNREACHABLE": _Meaning(State.BOUNCED, "carrier_unreachable"),
    "TEXT_CARRIER_BLOCKED": _Meaning(State.BOUNCED, "carrier_blocked"),
    "TEXT_INVALID_MESSAGE": _Meaning(State.BOUNCED, "invalid_message"),
    "TEXT_PROTECT_BLOCKED": _Meaning(State.BOUNCED, "protect_blocked"),
    "TEXT_SPAM": _Meaning(State.BOUNCED, "spam"),
    "TEXT_TTL_EXPIRED": _Meaning(State.BOUNCED, "ttl_expired"),
}
_FINAL_SUCCESS = _Meaning(State.DELIVERED, "successful")
"""Carriers that report no delivery end with "successful": the guide says that the two may be used interchangeably."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_CODE = re.compile(r"[A-Za-z]{1,40}")


def parse_receipt(body: str | bytes) -> Receipt | IgnoredReceipt | RejectedReceipt:
    """One message body of the receipts queue: the provider's event, bare or in an SNS notification. Never raises."""
    event = _event(body)
    if isinstance(event, IgnoredReceipt | RejectedReceipt):
        return event
    kind = event.get("eventType")
    if not isinstance(kind, str):
        return RejectedReceipt("no event type")
    return _text_receipt(kind, event) if kind.startswith("TEXT_") else _mail_receipt(kind, event)


def _event(body: str | bytes) -> Object | IgnoredReceipt | RejectedReceipt:
    read = read_body(body, frozenset())
    if isinstance(read, Fault):
        return RejectedReceipt(read.reason)
    if "Message" not in read.content:
        return read.content
    if read.content.get("Type") != "Notification":
        return IgnoredReceipt("not a notification")
    message = read.content["Message"]
    inner = read_body(message, frozenset()) if isinstance(message, str) else Fault("", "must be text")
    if isinstance(inner, Fault):
        # SES greets a new topic in plain words; that is no event.
        return IgnoredReceipt("notification without an event")
    return inner.content


def _mail_receipt(kind: str, event: Object) -> Receipt | IgnoredReceipt | RejectedReceipt:
    if kind in _MAIL_IGNORED:
        return IgnoredReceipt("changes no state")
    meaning = _MAIL.get(kind)
    if meaning is None:
        return RejectedReceipt("unknown event type")
    mail = _inner(event, "mail")
    tagged = _inner(mail, "tags").get(TAG)
    ours = tagged[0] if isinstance(tagged, list) and len(tagged) == 1 else None
    detail = _inner(event, _MAIL_DETAIL.get(kind, ""))
    at = _iso(detail.get("timestamp")) or _iso(mail.get("timestamp"))
    return _receipt(_bounce(detail) if kind == "Bounce" else meaning, ours, mail.get("messageId"), at, Channel.EMAIL)


def _bounce(detail: Object) -> _Meaning:
    """SES gives up on every bounce that it publishes; only a permanent one speaks about the address."""
    subtype = detail.get("bounceSubType")
    code = subtype if isinstance(subtype, str) and _CODE.fullmatch(subtype) else "bounce"
    return _Meaning(State.BOUNCED, code, permanent=detail.get("bounceType") == "Permanent")


def _text_receipt(kind: str, event: Object) -> Receipt | IgnoredReceipt | RejectedReceipt:
    meaning = _TEXTS.get(kind)
    if meaning is None:
        return RejectedReceipt("unknown event type")
    if kind == "TEXT_SUCCESSFUL" and event.get("isFinal") is True:
        meaning = _FINAL_SUCCESS
    return _receipt(meaning, _inner(event, "context").get(TAG), event.get("messageId"), _epoch(event.get("eventTimestamp")), Channel.SMS)


def _receipt(
    meaning: _Meaning, ours: Any, provider_ref: Any, at: datetime | None, channel: Channel
) -> Receipt | IgnoredReceipt | RejectedReceipt:
    if ours is None:
        return IgnoredReceipt("not a message of ours")
    if not isinstance(ours, str) or not _ID.fullmatch(ours):
        return RejectedReceipt("malformed notification id")
    if at is None:
        return RejectedReceipt("no readable time")
    known_ref = provider_ref if isinstance(provider_ref, str) and _ID.fullmatch(provider_ref) else None
    return Receipt(ours, meaning.state, meaning.permanent, known_ref, meaning.code, at, channel)


def _inner(node: Object, key: str) -> Object:
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def _iso(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value).astimezone(UTC) if isinstance(value, str) and value.endswith("Z") else None
    except (ValueError, OverflowError):
        return None


def _epoch(value: Any) -> datetime | None:
    """Milliseconds since 1970, as the text message events give them."""
    try:
        return datetime.fromtimestamp(value / 1000, UTC) if isinstance(value, int | float) and not isinstance(value, bool) else None
    except (ValueError, OverflowError, OSError):
        return None

"""The events that AWS End User Messaging SMS publishes about a text, and which of Ofcom's fictional numbers behaves how.

Must not post anything. Shape: "Example AWS End User Messaging SMS event data", its user guide.
"""

from decimal import Decimal
from typing import Any

import phonenumbers
import smsutil

from infra.local.outbox_store import Accepted
from infra.local.receipts import Receipt
from infra.local.refusals import RefusedError

INVALID = "+447700900950"
UNREACHABLE = "+447700900951"
BLOCKED = "+447700900952"
SILENT = "+447700900953"
REFUSED = "+447700900954"
LATE = "+447700900955"
_FAILURES = {
    INVALID: ("TEXT_INVALID", "INVALID", "Message body or phone number is invalid"),
    UNREACHABLE: ("TEXT_UNREACHABLE", "UNREACHABLE", "Phone is currently unreachable or unavailable"),
    BLOCKED: ("TEXT_BLOCKED", "BLOCKED", "Phone has blocked messages"),
}


def refuse_at_once(number: str) -> None:
    """Raise the service's refusal for the number that asked never to be written to."""
    if number == REFUSED:
        raise RefusedError(
            "ConflictException",
            "The destination phone number is opted out",
            Reason="DESTINATION_PHONE_NUMBER_OPTED_OUT",
            ResourceType="opted-out-number",
        )


def receipts(message: Accepted, message_type: str, price: Decimal) -> tuple[list[Receipt], list[Receipt]]:
    """The events owed for a text, in order: those due at once, and those that wait to be asked for."""
    if message.to == SILENT:
        return [], []
    failure = _FAILURES.get(message.to)
    steps = [("TEXT_QUEUED", "QUEUED", "Message has been queued for delivery", False)]
    if failure:
        steps.append((*failure, True))
    else:
        steps.append(("TEXT_SUCCESSFUL", "SUCCESSFUL", "Message has been accepted by phone carrier", False))
        steps.append(("TEXT_DELIVERED", "DELIVERED", "Message has been accepted by phone", True))
    events = [Receipt(_event(message, message_type, price, *step)) for step in steps]
    return ([], events) if message.to == LATE else (events, [])


def _event(message: Accepted, message_type: str, price: Decimal, kind: str, status: str, words: str, final: bool) -> dict[str, Any]:
    at = int(message.accepted_at.timestamp() * 1000)
    return {
        "eventType": kind,
        "eventVersion": "1.0",
        "eventTimestamp": at,
        "isFinal": final,
        "originationPhoneNumber": message.from_,
        "destinationPhoneNumber": message.to,
        "isoCountryCode": phonenumbers.region_code_for_country_code(phonenumbers.parse(message.to).country_code or 0),
        "messageId": message.provider_message_id,
        "messageRequestTimestamp": at,
        "messageEncoding": "GSM" if smsutil.is_valid_gsm(message.text) else "Unicode",
        "messageType": message_type,
        "messageStatus": status,
        "messageStatusDescription": words,
        "context": {"notification_id": message.notification_id},
        "totalMessageParts": message.parts,
        "totalMessagePrice": float(price) if final else 0.0,
        "totalCarrierFee": 0.0,
    }

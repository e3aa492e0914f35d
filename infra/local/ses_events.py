"""The events that SES publishes about a mail, shaped as a configuration set's event destination publishes them to SNS, and which mailbox
behaves how (after the idea of the SES mailbox simulator).

Must not post anything. Shape: "Contents of event data that Amazon SES publishes to Amazon SNS", SES developer guide.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from infra.local.outbox_store import Accepted
from infra.local.receipts import Receipt

ACCOUNT = "000000000000"
# A local part that is one of these words, or begins with one and goes on with something else than a letter (slow+1@, late-7@);
# for bounces any beginning counts.
_BEHAVIOUR = re.compile(r"(?P<prefix>bounce)|(?P<word>complaint|suppressionlist|ooto|slow|silent|reject|late)(?![a-z])")


def behaviour(address: str) -> str:
    """How a mailbox behaves: bounce, complaint, suppressionlist, ooto, slow, silent, reject, late, or delivers."""
    found = _BEHAVIOUR.match(address.rpartition("@")[0].lower())
    return (found.group("prefix") or found.group("word")) if found else "delivers"


def receipts(message: Accepted, configuration_set: str, *, region: str, slow: float) -> tuple[list[Receipt], list[Receipt]]:
    """The events owed for a mail, in order: those due at once, and those that wait to be asked for. One Send for the mail, then each
    recipient's own. `slow` is in seconds of real time."""
    mail = _mail(message, configuration_set, region)
    told = [address for address in message.to.split(", ") if behaviour(address) != "silent"]
    now: list[Receipt] = []
    later: list[Receipt] = []
    if any(behaviour(address) != "late" for address in told):
        now.append(Receipt(_event("Send", mail, "send", {})))
    elif told:
        later.append(Receipt(_event("Send", mail, "send", {})))
    for address in told:
        own = _of_recipient(address, mail, message.accepted_at, slow)
        (later if behaviour(address) == "late" else now).extend(own)
    return now, later


def _of_recipient(address: str, mail: dict[str, Any], at: datetime, slow: float) -> list[Receipt]:
    kind = behaviour(address)
    if kind == "bounce":
        return [_bounce(address, mail, at, "General", "5.1.1", "smtp; 550 5.1.1 user unknown")]
    if kind == "suppressionlist":
        return [_bounce(address, mail, at, "OnAccountSuppressionList", "5.1.1", "Amazon SES did not send the message to this address.")]
    if kind == "slow":
        return [_delay(address, mail, at), _delivery(address, mail, at, after=slow)]
    if kind == "complaint":
        return [_delivery(address, mail, at), _complaint(address, mail, at)]
    return [_delivery(address, mail, at)]


def _event(kind: str, mail: dict[str, Any], member: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"eventType": kind, "mail": mail, member: content}


def _delivery(address: str, mail: dict[str, Any], at: datetime, after: float = 0.005) -> Receipt:
    content = {
        "timestamp": stamp(at),
        "processingTimeMillis": 350,
        "recipients": [address],
        "smtpResponse": "250 2.6.0 Message received",
        "remoteMtaIp": "127.0.0.1",
        "reportingMTA": "mta.example.test",
    }
    return Receipt(_event("Delivery", mail, "delivery", content), after)


def _bounce(address: str, mail: dict[str, Any], at: datetime, subtype: str, status: str, diagnostic: str) -> Receipt:
    content = {
        "feedbackId": f"{uuid4()}-000000",
        "bounceType": "Permanent",
        "bounceSubType": subtype,
        "bouncedRecipients": [{"emailAddress": address, "action": "failed", "status": status, "diagnosticCode": diagnostic}],
        "timestamp": stamp(at),
        "reportingMTA": "dns; mta.example.test",
    }
    return Receipt(_event("Bounce", mail, "bounce", content))


def _complaint(address: str, mail: dict[str, Any], at: datetime) -> Receipt:
    content = {
        "feedbackId": f"{uuid4()}-000000",
        "complaintSubType": None,
        "complainedRecipients": [{"emailAddress": address}],
        "timestamp": stamp(at),
        "userAgent": "Stand-in feedback loop",
        "complaintFeedbackType": "abuse",
        "arrivalDate": stamp(at),
    }
    return Receipt(_event("Complaint", mail, "complaint", content))


def _delay(address: str, mail: dict[str, Any], at: datetime) -> Receipt:
    delayed = {"emailAddress": address, "status": "4.4.1", "diagnosticCode": "smtp; 421 4.4.1 Unable to connect to remote host"}
    content = {
        "timestamp": stamp(at),
        "delayType": "TransientCommunicationFailure",
        "expirationTime": stamp(at + timedelta(hours=14)),
        "delayedRecipients": [delayed],
        "reportingMTA": "mta.example.test",
    }
    return Receipt(_event("DeliveryDelay", mail, "deliveryDelay", content))


def _mail(message: Accepted, configuration_set: str, region: str) -> dict[str, Any]:
    sender = message.from_
    domain = sender.rpartition("@")[2].rstrip(">")
    common = {"from": [sender], "to": [message.headers.get("To", message.to)], "subject": message.subject}
    return {
        "timestamp": stamp(message.accepted_at),
        "source": sender,
        "sourceArn": f"arn:aws:ses:{region}:{ACCOUNT}:identity/{domain}",
        "sendingAccountId": ACCOUNT,
        "messageId": message.provider_message_id,
        "destination": message.to.split(", "),
        "headersTruncated": False,
        "headers": [{"name": name, "value": value} for name, value in message.headers.items()],
        "commonHeaders": {**common, "messageId": message.provider_message_id},
        "tags": {
            "notification_id": [message.notification_id],
            "ses:operation": ["SendEmail"],
            "ses:configuration-set": [configuration_set],
            "ses:from-domain": [domain],
            "ses:source-ip": ["127.0.0.1"],
            "ses:caller-identity": ["local"],
        },
    }


def stamp(at: datetime) -> str:
    """A time as SES writes it: UTC with milliseconds and Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

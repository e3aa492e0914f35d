"""What the providers' events become. Must not send or store anything."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.delivery import Receipt, State
from chalicelib.schemas.provider_receipts import IgnoredReceipt, RejectedReceipt, parse_receipt
from tests.contract.schemas.any_json import ANY_JSON, FUZZ

OURS = "0123456789abcdef0123456789abcdef"
SEND_TIME = "2026-11-20T10:31:00.000Z"
OWN_TIME = "2026-11-20T10:32:00.500Z"
ADDRESS = "alex.morgan@example.org"
NUMBER = "+447700900123"


def mail_event(kind: str, **detail):
    mail = {
        "timestamp": SEND_TIME,
        "messageId": "0102018-a1-000000",
        "destination": [ADDRESS],
        "tags": {"notification_id": [OURS], "ses:configuration-set": ["kept-informed"]},
    }
    return {"eventType": kind, "mail": mail} | detail


def text_event(kind: str, *, final: bool = True, **overrides):
    return {
        "eventType": kind,
        "eventTimestamp": 1795170660000,
        "isFinal": final,
        "destinationPhoneNumber": NUMBER,
        "messageId": "862a8790-60c0-4430-9b2b-658bd0000000",
        "messageStatusDescription": f"about {NUMBER}",
        "context": {"notification_id": OURS},
    } | overrides


def by_sns(event) -> str:
    return json.dumps({"Type": "Notification", "MessageId": "n-1", "TopicArn": "arn", "Message": json.dumps(event)})


BOUNCED = {"timestamp": OWN_TIME, "bouncedRecipients": [{"emailAddress": ADDRESS, "diagnosticCode": f"550 {ADDRESS} unknown"}]}
EVENTS = [
    (mail_event("Send", send={}), State.SENT, "send", False),
    (mail_event("Delivery", delivery={"timestamp": OWN_TIME, "recipients": [ADDRESS]}), State.DELIVERED, "delivery", False),
    (mail_event("Bounce", bounce=BOUNCED | {"bounceType": "Permanent", "bounceSubType": "NoEmail"}), State.BOUNCED, "NoEmail", True),
    (
        mail_event("Bounce", bounce=BOUNCED | {"bounceType": "Transient", "bounceSubType": "MailboxFull"}),
        State.BOUNCED,
        "MailboxFull",
        False,
    ),
    (mail_event("Bounce", bounce=BOUNCED | {"bounceType": "Undetermined", "bounceSubType": ADDRESS}), State.BOUNCED, "bounce", False),
    (mail_event("Complaint", complaint={"timestamp": OWN_TIME, "complaintFeedbackType": "abuse"}), State.COMPLAINED, "complaint", True),
    (mail_event("Reject", reject={"reason": "Bad content"}), State.BOUNCED, "reject", False),
    (mail_event("Rendering Failure", failure={"errorMessage": "x"}), State.BOUNCED, "rendering_failure", False),
    (text_event("TEXT_QUEUED", final=False), State.SENT, "queued", False),
    (text_event("TEXT_PENDING", final=False), State.SENT, "pending", False),
    (text_event("TEXT_SENT", final=False), State.SENT, "sent", False),
    (text_event("TEXT_SUCCESSFUL", final=False), State.SENT, "successful", False),
    (text_event("TEXT_SUCCESSFUL"), State.DELIVERED, "successful", False),
    (text_event("TEXT_DELIVERED"), State.DELIVERED, "delivered", False),
    (text_event("TEXT_INVALID"), State.BOUNCED, "invalid", True),
    (text_event("TEXT_BLOCKED"), State.BOUNCED, "blocked", True),
    (text_event("TEXT_UNREACHABLE"), State.BOUNCED, "unreachable", False),
    (text_event("TEXT_CARRIER_UNREACHABLE"), State.BOUNCED, "carrier_unreachable", False),
    (text_event("TEXT_CARRIER_BLOCKED"), State.BOUNCED, "carrier_blocked", False),
    (text_event("TEXT_SPAM"), State.BOUNCED, "spam", False),
    (text_event("TEXT_TTL_EXPIRED"), State.BOUNCED, "ttl_expired", False),
    (text_event("TEXT_UNKNOWN"), State.SENT, "unknown", False),
]


@pytest.mark.parametrize(
    ("event", "state", "code", "permanent"), EVENTS, ids=lambda value: value["eventType"] if isinstance(value, dict) else None
)
@pytest.mark.parametrize("wrap", [by_sns, json.dumps], ids=["by topic", "bare"])
def test_an_event_becomes_a_receipt_without_the_address(wrap, event, state, code, permanent):
    receipt = parse_receipt(wrap(event))
    assert isinstance(receipt, Receipt)
    assert (receipt.notification_id, receipt.state, receipt.code, receipt.permanent) == (OURS, state, code, permanent)
    assert receipt.provider_ref == event.get("messageId", "0102018-a1-000000")
    assert ADDRESS not in repr(receipt)
    assert NUMBER not in repr(receipt)


def test_the_time_is_the_events_own():
    delivered = parse_receipt(by_sns(mail_event("Delivery", delivery={"timestamp": OWN_TIME})))
    assert delivered.at == datetime(2026, 11, 20, 10, 32, 0, 500000, tzinfo=UTC)
    assert parse_receipt(by_sns(mail_event("Send", send={}))).at == datetime(2026, 11, 20, 10, 31, tzinfo=UTC)
    assert parse_receipt(by_sns(text_event("TEXT_DELIVERED"))).at == datetime.fromtimestamp(1795170660, UTC)


def without_tag(event):
    event["mail"]["tags"] = {}
    return event


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (by_sns(mail_event("Open", open={})), IgnoredReceipt("changes no state")),
        (by_sns(mail_event("Click", click={})), IgnoredReceipt("changes no state")),
        (by_sns(mail_event("DeliveryDelay", deliveryDelay={"timestamp": OWN_TIME})), IgnoredReceipt("changes no state")),
        (by_sns(without_tag(mail_event("Send"))), IgnoredReceipt("not a message of ours")),
        (by_sns(text_event("TEXT_DELIVERED", context={})), IgnoredReceipt("not a message of ours")),
        (json.dumps({"Type": "SubscriptionConfirmation", "Message": "You have chosen"}), IgnoredReceipt("not a notification")),
        (json.dumps({"Type": "Notification", "Message": "Successfully validated"}), IgnoredReceipt("notification without an event")),
        (json.dumps({"Type": "Notification", "Message": 7}), IgnoredReceipt("notification without an event")),
        (by_sns(mail_event("Sneeze")), RejectedReceipt("unknown event type")),
        (by_sns(text_event("TEXT_SNEEZE")), RejectedReceipt("unknown event type")),
        (by_sns({"mail": {}}), RejectedReceipt("no event type")),
        (by_sns(text_event("TEXT_DELIVERED", context={"notification_id": ADDRESS})), RejectedReceipt("malformed notification id")),
        (by_sns(text_event("TEXT_DELIVERED", eventTimestamp=None)), RejectedReceipt("no readable time")),
        (by_sns(text_event("TEXT_DELIVERED", eventTimestamp=1e30)), RejectedReceipt("no readable time")),
        ("no JSON", RejectedReceipt("not JSON")),
        (b"\xff", RejectedReceipt("not JSON")),
        ("[]", RejectedReceipt("must be an object")),
    ],
)
def test_what_is_no_receipt_says_why(body, expected):
    assert parse_receipt(body) == expected


@FUZZ
@given(
    st.dictionaries(st.sampled_from(["eventType", "mail", "bounce", "context", "eventTimestamp", "Message", "Type", "detail"]), ANY_JSON)
)
def test_any_shape_has_an_answer(event):
    for kind in ("Bounce", "TEXT_DELIVERED"):
        assert parse_receipt(json.dumps(event | {"eventType": kind}))
    assert parse_receipt(json.dumps(event))


@FUZZ
@given(st.binary() | st.text())
def test_any_body_has_an_answer(body):
    assert parse_receipt(body)

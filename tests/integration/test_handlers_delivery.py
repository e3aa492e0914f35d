"""The dispatch, receipts and sweep handlers by their deployed import path on the local endpoint, from hint to receipt.

Must not test what a message says, nor which is wanted.
"""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import StoreUnavailable
from infra.local.sms_events import INVALID
from infra.local.topic_feed import topic_event
from tests.builders import NOW, body, contact_safety, occurrence_record, victim
from tests.captured import captured
from tests.integration.stack_fixture import DISPATCH, WAITING, LocalStack, dispatch_event, failed, sqs_event

REFERENCE = "26000712345"
DUE = NOW + timedelta(minutes=35)
"""After the hold window of property crime."""


def told(local: LocalStack, *victims: dict[str, Any], due: bool = True) -> list[str]:
    """A burglary of these victims is recorded, and their hold window over; ids of what may be sent."""
    assert local.ingest(body(occurrence_record(victims=list(victims) or [victim()]))) == []
    if due:
        local.set_time(DUE)
    return [row.notification_id for row in local.rows(REFERENCE) if row.template == "acknowledgement"]


def outcomes(output: Any) -> list[str]:
    return [line["outcome"] for line in output.lines]


def texted(**overrides: Any) -> dict[str, Any]:
    return victim(preferred_channel="sms", contact_safety=contact_safety(safe_channels=["sms"]), **overrides)


# ---- dispatch


def test_notice_then_referral_then_receipts(local: LocalStack) -> None:
    (notice,) = told(local)
    assert local.dispatch(notice) == []
    assert [message.to for message in local.accepted] == ["alex.morgan@example.org"]
    referral = next(row.notification_id for row in local.rows(REFERENCE) if row.template == "referral")
    (notified,) = [event["event_id"] for event in local.announced(REFERENCE) if event["event"] == "notified"]
    hinted = {json.loads(message["Body"])["notification_id"] for message in local.take(DISPATCH)}
    assert hinted == {referral, notified}, "the referral may leave now, and the news of the notice"
    local.dispatch(*[row.notification_id for row in local.rows(REFERENCE)])
    assert [(message.channel, len(message.attachments)) for message in local.accepted] == [("email", 0), ("email", 1)]
    local.settle()
    assert local.states(REFERENCE) == [("acknowledgement", "victim", "delivered"), ("referral", "service", "delivered")]
    assert len(local.accepted) == 2


def test_an_unknown_id_is_no_failure(local: LocalStack) -> None:
    with captured() as output:
        assert local.dispatch() == []
        assert local.dispatch("nobody knows this", "x" * 2000, "' OR 1=1") == []
    assert outcomes(output) == ["gone", "gone", "gone"]


def test_a_hint_before_its_time_or_twice_changes_nothing(local: LocalStack) -> None:
    (notice,) = told(local, due=False)
    with captured() as output:
        assert local.dispatch(notice) == []
        local.set_time(DUE)
        assert local.dispatch(notice, notice) == []
        assert local.dispatch(notice) == []
    assert outcomes(output) == ["not_due", "sent", "not_due", "not_due"]
    assert len(local.accepted) == 1


@pytest.mark.parametrize("malformed", ["not JSON", "{}", "[]", '{"id": "x"}'])
def test_a_hint_that_is_none_is_given_back_alone(local: LocalStack, malformed: str) -> None:
    (notice,) = told(local)
    event = sqs_event(DISPATCH, malformed, json.dumps({"notification_id": notice}))
    assert failed(local.call("dispatch", event)) == ["m1"]
    assert len(local.accepted) == 1


def test_a_row_whose_store_does_not_answer_is_given_back_alone(local: LocalStack) -> None:
    first, *others = told(local, *(victim(f"V{number}") for number in range(1, 6)))
    together, alone = 3, 3  # attempts
    local.faults({"service": "dynamodb", "operation": "BatchGetItem", "mode": "error", "times": together + alone})
    assert local.dispatch(first, *others) == ["m1"]
    assert len(local.accepted) == 4
    assert local.dispatch(first) == []
    assert len({message.to for message in local.accepted}) == 5


@pytest.mark.parametrize(
    ("mode", "outcome", "state", "code"),
    [
        ("throttle", "backed_off", "pending", "TooManyRequestsException"),
        ("error", "backed_off", "pending", "InternalServiceErrorException"),
        ("timeout_before", "unknown", "unknown", "ReadTimeoutError"),
    ],
)
def test_what_the_provider_refuses_is_an_outcome_and_no_failure(local: LocalStack, mode: str, outcome: str, state: str, code: str) -> None:
    (notice,) = told(local)
    local.faults({"service": "ses", "operation": "SendEmail", "mode": mode})
    with captured() as output:
        assert local.dispatch(notice) == []
    (line,) = output.lines
    assert (line["outcome"], line["code"], line["template"]) == (outcome, code, "acknowledgement")
    assert ("acknowledgement", "victim", state) in local.states(REFERENCE)
    assert local.accepted == []


def test_a_claim_that_cannot_be_written_is_given_back_and_nothing_is_sent(local: LocalStack) -> None:
    (notice,) = told(local)
    local.faults({"service": "dynamodb", "operation": "UpdateItem", "mode": "error", "times": 3})
    assert local.dispatch(notice) == ["m1"]
    assert local.accepted == []
    assert local.dispatch(notice) == []
    assert len(local.accepted) == 1


def test_an_outcome_that_cannot_be_written_waits_for_the_receipt(local: LocalStack) -> None:
    """The provider took it, our store did not: the hint comes again and nothing is sent twice."""
    (notice,) = told(local)
    local.faults({"service": "dynamodb", "operation": "TransactWriteItems", "mode": "error", "times": 3})
    assert local.dispatch(notice) == ["m1"]
    assert local.dispatch(notice) == []
    local.settle()
    local.advance(timedelta(hours=1))
    local.sweep()
    local.settle()
    assert [message.subject for message in local.accepted].count(local.accepted[0].subject) == 1
    assert local.states(REFERENCE) == [("acknowledgement", "victim", "delivered"), ("referral", "service", "delivered")]


# ---- receipts


@pytest.mark.parametrize(
    ("person", "acknowledgement"),
    [
        (victim(), "delivered"),
        (victim(email="bounce@example.org"), "bounced"),
        (victim(email="complaint@example.org"), "complained"),
        (victim(email="silent@example.org"), "sent"),
        (victim(email="late@example.org"), "sent"),
        (victim(email="reject@example.org"), "failed"),
        (texted(), "delivered"),
        (texted(mobile=INVALID), "bounced"),
    ],
)
def test_a_providers_event_moves_the_row(local: LocalStack, person: dict[str, Any], acknowledgement: str) -> None:
    local.dispatch(*told(local, person))
    local.pump_receipts()
    states = {row.state for row in local.rows(REFERENCE) if row.template == "acknowledgement" and row.attempts}
    assert states == {acknowledgement}


def test_a_receipt_twice_and_an_older_one_change_nothing(local: LocalStack) -> None:
    local.dispatch(*told(local))
    while local.cloud.cloud.receipts_owed():
        pass
    events = [topic_event(json.loads(message["Body"])) for message in local.take(WAITING)]
    with captured() as output:
        for event in [*events, *reversed(events)]:
            local.call("receipts", event)
    assert sorted(outcomes(output)) == ["moved", "no_change", "no_change", "no_change"]
    assert [(metric["channel"], metric["arrived"]) for metric in output.metrics if "arrived" in metric] == [("email", [1.0])]
    assert not [metric for metric in output.metrics if "not_arrived" in metric]


def test_a_message_that_failed_is_counted_by_its_channel(local: LocalStack) -> None:
    (notice,) = told(local, victim(email="reject@example.org"))
    with captured() as output:
        assert local.dispatch(notice) == []
    assert outcomes(output) == ["failed"]
    assert [(metric["channel"], metric["not_arrived"]) for metric in output.metrics if "not_arrived" in metric] == [("email", [1.0])]


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        ("not JSON", "not_taken"),
        ("{}", "not_taken"),
        ('{"eventType": "Click"}', "not_taken"),
        ('{"eventType": "Delivery", "mail": {"tags": {}}}', "not_taken"),
        (
            '{"eventType": "Delivery", "mail": {"timestamp": "2026-11-20T10:31:00Z", "tags": {"notification_id": ["x"]}}}',
            "unknown_message",
        ),
    ],
)
def test_an_event_that_is_not_about_a_message_of_ours_is_counted_and_dropped(local: LocalStack, event: str, outcome: str) -> None:
    envelope = {"TopicArn": "arn:aws:sns:eu-west-2:000000000000:kept-informed-receipts", "MessageId": "1", "Message": event}
    with captured() as output:
        assert local.call("receipts", topic_event(envelope)) is None
    assert outcomes(output) == [outcome]


def test_a_receipt_that_cannot_be_written_raises_so_that_it_comes_again(local: LocalStack) -> None:
    local.dispatch(*told(local))
    while local.cloud.cloud.receipts_owed():
        pass
    events = [topic_event(json.loads(message["Body"])) for message in local.take(WAITING)]
    local.faults({"service": "dynamodb", "operation": "TransactWriteItems", "mode": "error", "times": 3})
    raised = 0
    for event in events:
        try:
            local.call("receipts", event)
        except StoreUnavailable:
            local.call("receipts", event)
            raised += 1
    assert raised == 1
    assert ("acknowledgement", "victim", "delivered") in local.states(REFERENCE)


# ---- sweep


def test_the_sweep_hints_at_what_is_due_and_says_how_much(local: LocalStack) -> None:
    told(local, *(victim(f"V{number}") for number in range(1, 13)), due=False)
    assert local.sweep() == 0
    assert local.take(DISPATCH) == []
    local.set_time(DUE)
    assert local.sweep() == 12
    hinted = local.take(DISPATCH) + local.take(DISPATCH)
    assert {json.loads(message["Body"])["notification_id"] for message in hinted} == {
        row.notification_id for row in local.rows(REFERENCE) if row.audience == "victim"
    }


def test_the_sweep_raises_where_it_cannot_look(local: LocalStack) -> None:
    local.faults({"service": "dynamodb", "operation": "Query", "mode": "error", "times": 3})
    with pytest.raises(StoreUnavailable):
        local.sweep()
    assert local.sweep() == 0


def test_a_lost_worker_is_noticed_after_its_lease_and_settled_by_a_person(local: LocalStack) -> None:
    """The provider never answered and no receipt came: the row goes unknown, then to the officer, and is never sent again."""
    (notice,) = told(local, victim(email="silent@example.org"))
    local.faults({"service": "dynamodb", "operation": "TransactWriteItems", "mode": "error", "times": 3})
    assert failed(local.call("dispatch", dispatch_event(notice))) == ["m1"]
    for minutes in (3, 16, 1):
        local.advance(timedelta(minutes=minutes))
        local.sweep()
        local.settle()
    states = local.states(REFERENCE)
    assert ("acknowledgement", "victim", "settled_by_person") in states
    assert ("task", "officer", "delivered") in states
    assert [message.to for message in local.accepted].count("silent@example.org") == 1

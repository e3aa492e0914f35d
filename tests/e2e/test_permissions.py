"""Every AWS call that a function makes is one that its policy allows, which no emulator asks for.

Must not look at resources: tests/architecture/test_template.py holds who may act on what. Counts whatever the machine did so far.
"""

import json
from collections.abc import Iterable

import pytest

from tests.e2e.customer import new_mobile, offence, on_victim, safe, version
from tests.e2e.local_machine import ROOT

FUNCTIONS = ("ingest", "dispatch", "receipts", "sweep")
NAMESPACES = {"sms": "sms-voice"}
"""Services whose actions have another prefix than the endpoint's name for them."""
PERMISSIONS = {
    "dynamodb.TransactWriteItems": {"PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"},
    "dynamodb.TransactGetItems": {"GetItem"},
    "sqs.SendMessageBatch": {"SendMessage"},
    "sqs.DeleteMessageBatch": {"DeleteMessage"},
    "s3.HeadObject": {"GetObject"},
    "s3.ListObjectsV2": {"ListBucket"},
    # Of SES v2, where the content is raw: the service names this action when it refuses.
    "ses.SendEmail": {"SendEmail", "SendRawEmail"},
}
"""Operations whose permissions have other names than they (AWS, Service Authorization Reference)."""


def actions(operations: Iterable[str]) -> set[str]:
    """The permissions that operations (`service.Operation`) need."""
    found = set()
    for called in operations:
        service, _, operation = called.partition(".")
        found |= {f"{NAMESPACES.get(service, service)}:{name}" for name in PERMISSIONS.get(called, {operation})}
    return found


def allowed(function: str) -> set[str]:
    policy = json.loads((ROOT / "infra" / "policies" / f"{function}.json").read_text())
    return {action for statement in policy["Statement"] if statement["Effect"] == "Allow" for action in statement["Action"]}


@pytest.fixture(scope="module")
def called(session_customer):
    """By function the operations that it called: after every channel, a stop, a withdrawal, an officer, a quarantined body and receipts."""
    customer = session_customer
    stopped, gone, lettered = customer.record(), customer.record(), customer.record(on_victim(preferred_channel="letter"), safe("letter"))
    collar = lettered["occurrence"]["officer"]["collar_number"]
    listed = {"collar_number": collar, "version": 1, "active": True, "name": "PC Robin Lake", "email": "robin.lake@example.test"}
    absent = dict.fromkeys(("mobile", "phone", "team", "supervisor", "absent_from", "absent_until", "cover"))
    customer.told(
        {key: lettered[key] for key in ("contract", "message_id", "sent_at")} | {"kind": "officer", "officer": listed | absent},
        stopped,
        gone,
        customer.record(on_victim(mobile=new_mobile(), preferred_channel="sms")),
        lettered,
        customer.record(offences=[offence("19C")]),
        customer.record(status="broken"),
        "no JSON",
    )
    customer.until_daytime_after(1)
    customer.told(
        version(stopped, 2, lambda occurrence: occurrence["flags"].update(domestic_abuse=True)),
        version(gone, 2, on_victim(referral_opt_out=True)),
    )
    customer.until_daytime_after(25)
    customer.quiet_in_the_end()
    return customer.machine.call("/local/costs.json")[1]["calls"]


def test_the_story_reaches_every_function_and_every_provider(called):
    assert {"ses.SendEmail", "sms.SendTextMessage", "s3.PutObject", "dynamodb.TransactWriteItems"} <= set(called["dispatch"])
    assert {"s3.PutObject", "sqs.SendMessage"} <= set(called["ingest"])
    assert set(FUNCTIONS) <= set(called)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_calls_nothing_that_its_policy_does_not_allow(called, function):
    assert actions(called[function]) - allowed(function) == set()


def test_every_call_is_some_functions(called):
    assert set(called) <= set(FUNCTIONS)

"""Every AWS call that a function makes is one that its policy allows, which no emulator asks for, and none is allowed that it never makes.

Must not look at resources: tests/integration/test_table_permissions.py does for tables, and tests/architecture/test_template.py for the
rest. Counts whatever the machine did so far.
"""

import json
from collections.abc import Iterable

import pytest

from tests.e2e.customer import Customer, new_mobile, offence, on_victim, own_officer, safe, stamp, version
from tests.e2e.local_machine import ROOT
from tests.e2e.test_contact_officer import post
from tests.e2e.victim_events import change, contact, event, officer, task_id

FUNCTIONS = {name: name for name in ("ingest", "dispatch", "receipts", "sweep", "leaks", "seal", "retention")} | {"app": "pages"}
"""Handlers, as their calls are counted, to policies: `app` is the one function of every page."""
NAMESPACES = {"sms": "sms-voice"}
"""Services whose actions have another prefix than the endpoint's name for them."""
PERMISSIONS = {
    "dynamodb.TransactWriteItems": {"PutItem"},  # and what its other items are: test_table_permissions.py sees inside
    "sqs.SendMessageBatch": {"SendMessage"},
    "sqs.DeleteMessageBatch": {"DeleteMessage"},
    "s3.HeadObject": {"GetObject"},
    "s3.ListObjectsV2": {"ListBucket"},
    "sns.PublishBatch": {"Publish"},
    # Of SES v2, where the content is raw: the service names this action when it refuses.
    "ses.SendEmail": {"SendEmail", "SendRawEmail"},
}
"""Operations whose permissions have other names than they (AWS, Service Authorization Reference)."""
OF_VERSIONS = {"s3:ListObjects": "s3:ListBucketVersions", "s3:GetObject": "s3:GetObjectVersion"}
"""What seal calls names versions, which the counter of calls does not see."""
BY_LAMBDA = {"receipts": {"s3:PutObject", "s3:ListBucket"}}
"""What Lambda itself does under a function's role: it lays aside what failed every retry."""
OF_OLD_CASES = {"retention": {"s3:ListBucketVersions", "s3:DeleteObjectVersion"}}
"""What no story of a week comes to: tests/integration/test_retention_at_night.py sees it asked for."""
HINTS_RARELY = {"leaks"}
"""Functions that hint only after what no story here has: a leak."""
NOT_BY_THE_FUNCTION = {
    "logs": "the runtime writes the log",
    "xray": "the runtime sends the traces",
    "kms": "tables, buckets and queues use the key in its name",
    "dynamodb": "held table by table in tests/integration/test_table_permissions.py",
    "sqs": "its trigger receives and deletes; what it sends itself is held below",
}
"""Actions that are allowed and that its own SDK does not call, by prefix."""


def actions(operations: Iterable[str]) -> set[str]:
    """The permissions that operations (`service.Operation`) need."""
    found = set()
    for called in operations:
        service, _, operation = called.partition(".")
        found |= {f"{NAMESPACES.get(service, service)}:{name}" for name in PERMISSIONS.get(called, {operation})}
    return found


def needed(called: dict[str, Iterable[str]], function: str) -> set[str]:
    found = actions(called[function])
    return {OF_VERSIONS.get(action, action) for action in found} if function == "seal" else found


def allowed(policy_name: str) -> set[str]:
    policy = json.loads((ROOT / "infra" / "policies" / f"{policy_name}.json").read_text())
    return {action for statement in policy["Statement"] if statement["Effect"] == "Allow" for action in statement["Action"]}


def everything_happens(customer: Customer) -> None:
    """Every channel, a stop, a withdrawal, an officer, a quarantined body, receipts,
    every kind of event, reminders, escalations, an absence, news for the records system, and a message through the page."""
    stopped, gone, lettered = customer.record(), customer.record(), customer.record(on_victim(preferred_channel="letter"), safe("letter"))
    held = customer.record(offences=[offence("19C")])
    interpreted = customer.record(own_officer, on_victim(communication_needs=["interpreter"]))
    collar = interpreted["occurrence"]["officer"]["collar_number"]
    customer.told(
        officer(customer, collar),
        held,
        interpreted,
        stopped,
        gone,
        customer.record(on_victim(mobile=new_mobile(), preferred_channel="sms")),
        lettered,
        customer.record(status="broken"),
        "no JSON",
    )
    customer.until_daytime_after(1)
    customer.told(
        version(stopped, 2, lambda occurrence: occurrence["flags"].update(domestic_abuse=True)),
        version(gone, 2, on_victim(referral_opt_out=True)),
    )
    at = stamp(customer.now())
    customer.told(
        contact(customer, gone),
        change(customer, stopped),
        event(customer, "task_done", held, task=task_id(customer.delivered(held, "unit")[0]), at=at, by="7001", step="done"),
        event(customer, "hold_released", held, at=at, by="7001", reason="Set in error."),
        event(customer, "letter_returned", lettered, at=at),
        officer(customer, collar, 2, absent_from=at[:10]),
    )
    assert post(customer, collar, interpreted["occurrence"]["reference"])[0] == 303
    customer.until_daytime_after(24 * 7)
    customer.quiet_in_the_end()


@pytest.fixture(scope="module")
def called(standing_customer):
    """By function the operations that it called after all that."""
    everything_happens(standing_customer)
    return standing_customer.machine.call("/local/costs.json")[1]["calls"]


def test_the_story_reaches_every_function_and_every_provider(called):
    told = {"ses.SendEmail", "sms.SendTextMessage", "s3.PutObject", "sns.PublishBatch", "dynamodb.TransactWriteItems"}
    assert told <= set(called["dispatch"])
    assert {"s3.PutObject", "sqs.SendMessage"} <= set(called["ingest"])
    assert {"dynamodb.TransactWriteItems", "sqs.SendMessageBatch"} <= set(called["sweep"])
    assert set(FUNCTIONS) <= set(called)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_calls_nothing_that_its_policy_does_not_allow(called, function):
    assert needed(called, function) - allowed(FUNCTIONS[function]) == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_allowed_nothing_that_it_does_not_call(called, function):
    """Of services whose calls are its own. Dispatch reads the archive only to finish what a crash interrupted."""
    left = allowed(FUNCTIONS[function]) - needed(called, function)
    left -= BY_LAMBDA.get(function, set()) | OF_OLD_CASES.get(function, set())
    assert {action for action in left if action.partition(":")[0] not in NOT_BY_THE_FUNCTION} <= {"s3:GetObject"}
    assert "sqs:SendMessage" not in left or function in HINTS_RARELY


def test_every_call_is_some_functions(called):
    assert set(called) <= set(FUNCTIONS)

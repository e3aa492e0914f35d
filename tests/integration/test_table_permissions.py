"""Each function may do on each table what it was seen to ask for, and nothing that no decision asks for: which no emulator checks.

Must not look at anything but tables; tests/e2e/test_permissions.py holds the other services' calls, the architecture tests who may send.
"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.contact_form import ContactForm
from tests.builders import (
    body,
    change_message,
    contact_message,
    contact_safety,
    done_message,
    hearing_message,
    letter_message,
    occurrence_record,
    officer_named,
    officer_record,
    release_message,
    victim,
)
from tests.integration.stack_fixture import LocalStack, local_stack
from tests.integration.table_calls import Asked, interrupted, watched

POLICIES = Path(__file__).parents[2] / "infra" / "policies"
FUNCTIONS = ("ingest", "dispatch", "receipts", "sweep")
TABLES = {
    "OccurrencesTable": "occurrences",
    "AgreementsTable": "agreements",
    "ObligationsTable": "obligations",
    "NotificationsTable": "notifications",
    "EventsTable": "events",
    "ContactMessagesTable": "contact-messages",
    "ContactPointsTable": "contact-points",
    "OfficersTable": "officers",
    "QuarantineTable": "quarantine",
    "AuditTable": "audit",
    "ControlTable": "control",
}
DECISION = {
    ("Query", "occurrences"),
    ("GetItem", "occurrences"),
    ("PutItem", "occurrences"),
    ("Query", "events"),
    *((action, table) for action in ("BatchGetItem", "PutItem", "DeleteItem") for table in ("notifications", "obligations", "agreements")),
    ("BatchGetItem", "contact-points"),
    ("UpdateItem", "contact-points"),
    ("PutItem", "audit"),
}
"""What a decision may need, whichever function comes to it first."""
ELSEWHERE = {"dispatch": {("Query", "notifications/open"), ("GetItem", "events")}}
"""What this story does not ask for: no unit of its profile wants its tasks in lists, and no two workers route one message."""
DOMESTIC = {"domestic_abuse": True, "hate_crime": False, "stalking_harassment": False, "safeguarding": False}


def allowed(function: str) -> set[Asked]:
    """What a policy lets a function do with DynamoDB."""
    statements = json.loads((POLICIES / f"{function}.json").read_text())["Statement"]
    found = set()
    for statement in statements:
        actions = [action.removeprefix("dynamodb:") for action in statement["Action"] if action.startswith("dynamodb:")]
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        found |= {(action, _named(resource)) for action in actions for resource in resources}
    return found


def _named(resource: dict[str, Any]) -> str:
    """`table` or `table/index` of an ARN in the template."""
    if "Fn::GetAtt" in resource:
        return TABLES[resource["Fn::GetAtt"][0]]
    table, _, index = resource["Fn::Sub"].partition(".Arn}/index/")
    return f"{TABLES[table.removeprefix('${')]}/{index}"


def reference(number: int) -> str:
    return f"260007000{number:02d}"


@pytest.fixture(scope="module")
def seen() -> dict[str, set[Asked]]:
    with local_stack() as local, watched(local) as calls:
        _everything_happens(local)
        return dict(calls.by_function)


def _everything_happens(local: LocalStack) -> None:
    """Records of every route, versions that take back, events of every kind, a crowd, a death on the way, and four weeks of neglect."""
    texted = victim("V6", preferred_channel="sms", mobile="+447700900906", contact_safety=contact_safety(safe_channels=["sms", "email"]))
    lettered = victim("V5", preferred_channel="letter", contact_safety=contact_safety(safe_channels=["letter"]))
    crowd = [victim(f"V{number}") for number in range(10, 45)]
    local.ingest(
        body(occurrence_record(reference=reference(1), victims=[victim("V2")])),
        body(occurrence_record(reference=reference(2), victims=[victim("V3"), victim("V4")])),
        body(occurrence_record(reference=reference(5), victims=[lettered])),
        body(occurrence_record(reference=reference(6), victims=[texted], linked_references=[reference(7)])),
        body(occurrence_record(reference=reference(7), victims=[texted], linked_references=[reference(6)])),
        body(occurrence_record(reference=reference(8), victims=[victim("V8", email="bounce@example.org")])),
        body(occurrence_record(reference=reference(9), victims=[victim("V9", email="reject@example.org")])),
        body(occurrence_record(reference=reference(3), victims=[victim("V7")], flags=DOMESTIC, officer=officer_named("4711"))),
        body(occurrence_record(reference=reference(4), version="broken")),
        body(officer_record(collar_number="4711")),
    )
    local.ingest(*[body(occurrence_record(reference=reference(10), version="broken"))] * 2)
    with interrupted(local, after=1):
        assert local.ingest(body(occurrence_record(reference=reference(10), victims=crowd))) == ["m1"]
    local.ingest(
        body(contact_message(reference=reference(1), victim_id="V2")),
        body(contact_message(reference=reference(1), victim_id="V2", result="no_answer")),  # the same id, other content
        body(change_message(reference=reference(2), victim_id="V3", event_id="A-2")),
        body(hearing_message(reference=reference(5), event_id="E-5")),
        body(done_message(_task(local, 3), reference=reference(3), event_id="T-3")),
        body(release_message(reference=reference(3), victim_id="V7", event_id="H-3")),
    )
    _write_to_an_officer(local, reference(1), reference(3), reference(11))
    _later(local, minutes=35)
    local.ingest(
        body(occurrence_record(reference=reference(2), version=2, victims=[victim("V3", referral_opt_out=True)])),
        body(occurrence_record(reference=reference(8), version=2, victims=[victim("V8")], flags=DOMESTIC)),
        body(letter_message(reference=reference(5), victim_id="V5", event_id="L-5")),
        body(officer_record(collar_number="2345", absent_from="2026-11-20", absent_until="2026-12-20")),
    )
    for days in (1, 1, 1, 1, 3, 7, 7, 7):
        _later(local, days=days)
    local.ingest(
        body(occurrence_record(reference=reference(4))), body(occurrence_record(reference=reference(1), version=2, status="closed"))
    )
    _later(local, days=1)


def _write_to_an_officer(local: LocalStack, *references: str) -> None:
    """What the page does, under no function's name: of a known pair, of a specialist case, of a reference that nobody knows."""
    contact = local.ready.contact
    for named in references:
        form = ContactForm("2345", named, "Kim Field", "Please help, he is here now.")
        contact.receive(form, contact.source_key("192.0.2.1"), local.ready.tick())


def _later(local: LocalStack, **time: float) -> None:
    local.advance(timedelta(**time))
    local.sweep()
    local.settle()
    local.sweep()
    local.settle()


def _task(local: LocalStack, number: int) -> str:
    return next(row.task_id for row in local.rows(reference(number)) if row.task_id)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_asks_for_nothing_that_it_may_not(seen, function):
    assert seen[function] - allowed(function) == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_nothing_that_it_does_not_ask_for(seen, function):
    assert allowed(function) - seen[function] - DECISION == ELSEWHERE.get(function, set())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_whoever_decides_may_write_the_whole_decision(function):
    assert allowed(function) >= DECISION


def test_a_decision_needs_all_that_it_may(seen):
    assert set().union(*seen.values()) >= DECISION

"""The operators' role may do what their commands were seen to ask for, on what they ask it of, and nothing else; and who may take it.

Must not test what a command does: the tests of the commands do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.adapters.contact_points import DynamoContactPoints
from chalicelib.domain.contact_form import ContactForm
from chalicelib.services.ports import Changes
from infra import account_ops
from infra.local.template import deployable
from infra.local.topic_feed import failed_invocation
from tests.builders import body, contact_safety, occurrence_record, officer_record, victim
from tests.integration.account_stack import STACK, account_stack
from tests.integration.old_cases import LONG, assessed, over
from tests.integration.operator_calls import watched, watched_commands, whole
from tests.integration.stack_fixture import DISPATCH, RECORDS, LocalStack
from tests.integration.table_calls import Asked
from tests.integration.test_entrypoints_ops import everything_leaves, run
from tests.integration.test_entrypoints_ops_deciding import BY, REFERENCE, WHY, unknown
from tests.integration.test_table_permissions import DECISION

YES = (*BY, "--yes")
DECIDED = (*WHY, "--yes")
LETTER, ABUSE, SECOND, OLD = "26000700001", "26000700002", "26000700003", "26000700004"
NOT_CALLED = {
    ("kms:Decrypt", "DataKey"): "tables and buckets use the key in the caller's name",
    ("kms:GenerateDataKey", "DataKey"): "as above",
    ("kms:Decrypt", "SignalsKey"): "publishing on a ciphered topic",
    ("kms:GenerateDataKey", "SignalsKey"): "as above",
}
"""What the policy allows and no command calls itself, and why."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> set[Asked]:
    outbox = tmp_path_factory.mktemp("outbox") / "outbox.json"
    outbox.write_text("[]")
    with watched_commands() as (local, calls):
        _what_operators_meet(local)
        with calls.of_a_command():
            for arguments in _every_command(local, outbox):
                code, lines = run(*arguments)
                assert code != 2, (arguments, lines)
    return whole(calls.seen) | _of_finding_the_stack()


def _of_finding_the_stack() -> set[Asked]:
    with watched() as calls, account_stack("prod"), calls.of_a_command():
        account_ops.find(boto3.Session(), STACK)
    return calls.seen


def _what_operators_meet(local: LocalStack) -> None:
    """A case that is over, outcomes that nobody knows, a quarantined record, dead letters of every kind, a letter, a specialist case,
    a message through the page, an address that was closed, and an hour that was sealed."""
    unknown(local)
    local.faults({"service": "ses", "operation": "SendEmail", "mode": "timeout_before", "times": 1})
    local.ingest(body(occurrence_record(reference=SECOND, victims=[victim("V8", person_ref="N8", email="eight@example.org")])))
    everything_leaves(local)
    local.faults()
    over(local, OLD, assessed("V9"))
    safe = contact_safety(safe_channels=["letter"])
    lettered = victim("V5", person_ref="N5", email=None, mobile=None, preferred_channel="letter", contact_safety=safe)
    abused = victim("V7", person_ref="N7", email="seven@example.org", mobile=None)
    local.ingest(
        body(officer_record(collar_number="4711")),
        body(occurrence_record(reference=LETTER, victims=[lettered])),
        body(occurrence_record(reference=ABUSE, victims=[abused], flags={"domestic_abuse": True})),
    )
    everything_leaves(local)
    local.ingest(body(occurrence_record(reference=LETTER, version=2, victims=[lettered], source="a rumour")))
    contact = local.ready.contact
    for named in (ABUSE, LETTER):
        contact.receive(ContactForm("2345", named, "Kim Field", "Please ring me."), contact.source_key("192.0.2.1"), local.ready.tick())
    local.settle()
    local.ready.cases.commit(Changes(closed_points=((_eight(local), "General"),)))
    sqs, s3 = local.client("sqs"), local.client("s3")
    sqs.send_message(QueueUrl=local.queue_urls[f"{RECORDS}-dlq"], MessageBody=body(occurrence_record()))
    sqs.send_message(QueueUrl=local.queue_urls[f"{DISPATCH}-dlq"], MessageBody=json.dumps({"notification_id": "x"}))
    laid = json.dumps(failed_invocation("receipts", {"Records": [{"Sns": {"Message": "{}"}}]}))
    s3.put_object(Bucket=local.environment["KI_DEAD_RECEIPTS_BUCKET"], Key="one", Body=laid.encode())
    local.call("seal", {})


def _eight(local: LocalStack) -> str:
    return DynamoContactPoints(None, local.environment["KI_CONTACT_KEY"].encode()).key("email", "eight@example.org")


def _lost(local: LocalStack, reference: str) -> str:
    return next(row.notification_id for row in local.rows(reference) if row.template == "acknowledgement")


def _every_command(local: LocalStack, outbox: Path) -> Iterator[tuple[str, ...]]:
    (row,) = local.ready.quarantined.rows()
    (message,) = local.ready.desk.read(ABUSE, "7001", local.ready.tick())
    yield "quarantine", "list"
    yield "quarantine", "show", row.quarantine_id
    yield "quarantine", "replay", row.quarantine_id, *YES
    yield "quarantine", "settle", row.quarantine_id, *DECIDED
    yield "case", REFERENCE, *BY
    yield ("figures",)
    yield "audit", "verify"
    yield "audit", "verify", REFERENCE
    yield "messages", "read", ABUSE, *BY
    yield "messages", "allocate", ABUSE, message.message.message_id, "--to", "4711", *YES
    yield "sessions", "end", "4711", *BY
    yield "links", "revoke", REFERENCE, *YES
    yield "links", "revoke", REFERENCE, "V1", *YES
    yield "unknown", "list"
    yield "unknown", "settle", _lost(local, SECOND), "arrived", *DECIDED
    yield "unknown", "settle", _lost(local, REFERENCE), "lost", *DECIDED
    yield "unknown", "resend", _lost(local, REFERENCE), *DECIDED
    yield "redrive", "records", *YES
    yield "redrive", "dispatch", *YES
    yield "redrive", "receipts", *YES
    yield "release", LETTER, *YES
    yield "release", ABUSE, "V7", *DECIDED
    yield "pause", "email", *DECIDED
    yield ("pauses",)
    yield "resume", "email", *YES
    yield "closed", "list", SECOND
    yield "person", SECOND, "V8", *BY
    yield "closed", "reopen", SECOND, _eight(local)[:12], *DECIDED
    yield "leaks", "--outbox", str(outbox)
    yield ("leaks",)
    yield ("clock", "show")
    yield "clock", "clear", *DECIDED
    yield "leak-settle", REFERENCE, *DECIDED
    yield "erase", LETTER, "V5", "--although-live", *DECIDED
    local.advance(LONG)
    yield "retention", "run", *YES
    yield "retention", "list"
    yield "retention", "keep", ABUSE, "--until", "2050-01-01", *DECIDED
    yield "retention", "strip", OLD, *DECIDED
    yield "retention", "reopen", OLD, *DECIDED


def _names() -> dict[str, str]:
    """What the things of the template are called, by logical name."""
    found = {}
    for name, resource in deployable()["Resources"].items():
        properties = resource.get("Properties", {})
        given = next((properties[key] for key in ("TableName", "QueueName", "TopicName", "BucketName") if key in properties), name)
        said = given["Fn::Sub"].replace("${BucketSuffix}", "") if isinstance(given, dict) else given
        found[name] = said.removeprefix("kept-informed-") if "TableName" in properties else said
    return found


def _named(resource: dict[str, Any], names: dict[str, str]) -> str:
    """`table`, `table/index`, or the name of anything else, of an ARN in the template."""
    if "Ref" in resource:
        return names[resource["Ref"]]
    if "Fn::GetAtt" in resource:
        return names[resource["Fn::GetAtt"][0]]
    if resource["Fn::Sub"].endswith(":stack/${AWS::StackName}/*"):
        return "this stack"
    logical, _, rest = resource["Fn::Sub"].partition(".Arn}")
    return names[logical.removeprefix("${")] + rest.removesuffix("/*").replace("/index", "")


def statements() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = deployable()["Resources"]["OperatorPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    return found


def allowed() -> set[Asked]:
    names, found = _names(), set()
    for statement in statements():
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        found |= {(action, _named(resource, names)) for action in statement["Action"] for resource in resources}
    return found


def test_no_command_asks_for_what_operators_may_not(seen: set[Asked]) -> None:
    assert seen - allowed() == set()


def test_operators_may_write_the_whole_of_a_decision() -> None:
    assert {(f"dynamodb:{action}", table) for action, table in DECISION} <= allowed()


def test_operators_may_nothing_that_no_command_asks_for(seen: set[Asked]) -> None:
    """But the whole of a decision, which releasing a hold or reopening an address may need."""
    decision = {(f"dynamodb:{action}", table) for action, table in DECISION}
    assert allowed() - seen - decision == set(NOT_CALLED)


def test_nothing_is_allowed_on_everything_nor_sent_to_anybody() -> None:
    actions = {action for statement in statements() for action in statement["Action"]}
    assert not [action for action in actions if "*" in action or action in ("ses:SendEmail", "sms-voice:SendTextMessage")]
    assert {where for action, where in allowed() if action == "dynamodb:Scan"} == {"quarantine"}, "a list of a handful"
    assert all(statement["Effect"] == "Allow" and "*" not in (statement["Resource"],) for statement in statements())
    assert {action for action, where in allowed() if where == "audit"} == {"dynamodb:PutItem", "dynamodb:Query"}, "the log is append-only"
    assert {action for action, where in allowed() if where == "kept-informed-seals"} == {"s3:ListBucketVersions", "s3:GetObjectVersion"}


def test_nobody_may_take_the_role_until_the_force_names_them_and_then_only_with_a_second_factor() -> None:
    template = deployable()
    assert template["Parameters"]["OperatorPrincipal"]["Default"] == ""
    role = template["Resources"]["OperatorRole"]
    assert role["Condition"] == "HasOperator"
    (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": {"Ref": "OperatorPrincipal"}}
    assert statement["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    assert role["Properties"]["ManagedPolicyArns"] == [{"Ref": "OperatorPolicy"}]
    assert role["Properties"]["MaxSessionDuration"] == 3600

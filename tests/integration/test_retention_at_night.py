"""The nightly schedule of retention through its deployed handler over the provisioned stack, the commands about it, and its permissions.

Must not test when a case goes: tests/unit does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.entrypoints import ops
from infra.local.host import scheduled_event
from tests.builders import body, occurrence_record
from tests.integration.old_cases import LONG, assessed, done_by_people, over
from tests.integration.operator_calls import OperatorCalls, watched_commands
from tests.integration.stack_fixture import LocalStack
from tests.integration.table_calls import Asked
from tests.integration.test_operator_permissions import _named, _names

REFERENCE, SPECIALIST, OTHER = "26000712345", "26000712346", "26000712347"
PERSON = assessed()
ABUSED = assessed("V7")
YES = ("--by", "7001", "--yes")
POLICY = Path(__file__).parents[2] / "infra" / "policies" / "retention.json"
NOT_CALLED = {
    ("logs:CreateLogStream", "RetentionLog"): "the runtime writes the log",
    ("logs:PutLogEvents", "RetentionLog"): "as above",
    ("kms:Decrypt", "DataKey"): "tables and buckets use the key in the caller's name",
    ("kms:GenerateDataKey", "DataKey"): "as above",
}


@pytest.fixture(scope="module")
def stack() -> Iterator[tuple[LocalStack, OperatorCalls]]:
    with watched_commands() as running:
        yield running


@pytest.fixture
def local(stack: tuple[LocalStack, OperatorCalls]) -> LocalStack:
    stack[0].empty()
    return stack[0]


def night(local: LocalStack) -> dict[str, Any]:
    answer: dict[str, Any] = local.call("retention", scheduled_event("Retention", "2026-11-20T03:30:00Z"))
    return answer


def run(*arguments: str) -> tuple[int, list[str]]:
    said: list[str] = []
    return ops.main(arguments, said.append), said


def stored(local: LocalStack) -> str:
    """Everything in every table, and the names and contents of what is archived, earlier versions included."""
    from chalicelib.adapters.tables import TABLES

    rows = [repr(row.attribute_values) for model in TABLES.values() for row in model.scan()]
    s3, bucket = local.client("s3"), local.environment["KI_ARCHIVE_BUCKET"]
    versions = s3.list_object_versions(Bucket=bucket).get("Versions", [])
    bodies = [s3.get_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])["Body"].read().decode() for one in versions]
    return "\n".join([*rows, *(one["Key"] for one in versions), *bodies])


def test_a_night_takes_the_content_of_a_case_whose_time_is_over_and_says_so_in_numbers(
    local: LocalStack, capsys: pytest.CaptureFixture[str]
) -> None:
    over(local, REFERENCE, PERSON)
    assert "alex.morgan@example.org" in stored(local)
    before = len(local.ready.cases.obligations_of(REFERENCE)), len(local.ready.cases.outbox_of(REFERENCE))
    assert night(local) == {"due": 0, "stripped": 0, "reviews": 0, "stuck": 0}
    local.advance(LONG)
    capsys.readouterr()
    assert night(local) == {"due": 1, "stripped": 1, "reviews": 0, "stuck": 0}
    said = capsys.readouterr().out
    left = stored(local)
    assert not [word for word in ("alex", "Morgan", "900123", "Wood Street", "N123456", "saw him") if word in said + left]
    assert (len(local.ready.cases.obligations_of(REFERENCE)), len(local.ready.cases.outbox_of(REFERENCE))) == before
    assert f"{REFERENCE}/" not in left
    metrics = {name for line in said.splitlines() if "_aws" in line for name in json.loads(line)}
    assert {"retention", "retention_reviews", "retention_review_days", "retention_stuck"} <= metrics
    assert night(local)["due"] == 0


def test_a_late_record_waits_in_quarantine_until_a_person_opens_the_case(local: LocalStack) -> None:
    over(local, REFERENCE, PERSON)
    local.advance(LONG)
    night(local)
    sent = len(local.accepted)
    local.ingest(body(occurrence_record(version=3, victims=[PERSON])))
    (row,) = local.ready.quarantined.rows()
    assert row.faults == (("reference", "the content of this case was taken at the end of its retention"),)
    assert "alex.morgan" not in stored(local)
    local.settle()
    assert {message.to for message in local.accepted[sent:]} == {"operations@derbyshire-police.test"}
    code, lines = run("retention", "reopen", REFERENCE, "--reason", "Cold case", *YES)
    assert (code, lines[-1][:5]) == (0, "Open.")
    assert run("retention", "reopen", REFERENCE, "--reason", "Cold case", *YES)[0] == 1
    local.ingest(body(occurrence_record(version=3, victims=[PERSON])))
    assert "alex.morgan" in stored(local)


def test_a_person_reads_the_list_keeps_and_has_stripped(local: LocalStack) -> None:
    over(local, SPECIALIST, ABUSED, flags={"domestic_abuse": True})
    local.advance(LONG)
    code, lines = run("retention", "run", *YES)
    assert (code, lines) == (
        0,
        [
            "This looks at 1 cases, and takes for good the content of those whose time is over.",
            "0 stripped, 0 later, 1 wait for a person, 0 to be seen to again",
        ],
    )
    code, lines = run("retention", "list")
    assert (code, lines[-1]) == (0, "1 cases wait for a person; the next run looks at 0")
    assert lines[0].startswith(f"{SPECIALIST}  specialist  nothing happened since 2026-11-2")
    assert not [word for word in ("Alex", "morgan") if word in "\n".join(lines)]
    until = (local.ready.tick() + timedelta(days=30)).date().isoformat()
    keep = ("retention", "keep", SPECIALIST, "--until", until, "--reason", "Appeal")
    assert run(*keep, "--by", "7001")[0] == 2
    assert run(*keep, *YES) == (0, [f"This keeps everything of {SPECIALIST} until {until}; then a person decides again.", "Kept."])
    assert run("retention", "keep", SPECIALIST, "--until", "2026-01-01", "--reason", "x", *YES)[0] == 2
    assert run("retention", "keep", OTHER, "--until", until, "--reason", "x", *YES)[0] == 1
    strip = ("retention", "strip", SPECIALIST, "--reason", "No purpose")
    assert run(*strip, *YES)[0] == 1, "it does not wait for a person now"
    assert "a person decided to keep it until" in "\n".join(run("case", SPECIALIST, "--by", "7001")[1])
    local.advance(timedelta(days=31))
    night(local)
    assert "waits since" in "\n".join(run("case", SPECIALIST, "--by", "7001")[1])
    assert run(*strip, "--by", "7001")[0] == 2
    assert run("retention", "run", "--by", "7001")[0] == 2
    assert run("retention", "reopen", SPECIALIST, "--reason", "x", "--by", "7001")[0] == 2
    assert run(*strip, *YES)[1][-1] == "Stripped."
    assert "its content was taken at the end of its retention" in "\n".join(run("case", SPECIALIST, "--by", "7001")[1])
    lines = [(line.op, line.actor) for line in local.ready.cases.audit_of(SPECIALIST) if line.op.startswith(("retention", "erased"))]
    assert sorted(lines) == [("erased", "7001"), *[("retention_due", "retention")] * 2, ("retention_kept", "7001")]


def test_what_is_live_is_listed_with_its_reason_and_refused(local: LocalStack) -> None:
    local.ingest(body(occurrence_record(victims=[PERSON])))
    local.advance(LONG)
    assert night(local)["reviews"] == 1
    assert "  live: the occurrence is open" in run("retention", "list")[1][0]
    code, lines = run("retention", "strip", REFERENCE, "--reason", "x", "--although-owed", *YES)
    assert (code, lines[-1][:37]) == (2, "Nothing was done: the occurrence is o")


def test_a_case_that_is_busy_is_named_and_left_for_the_next_night(local: LocalStack) -> None:
    over(local, REFERENCE, PERSON)
    local.advance(LONG)
    local.faults({"service": "dynamodb", "operation": "TransactWriteItems", "mode": "conflict", "times": 1})
    code, lines = run("retention", "run", *YES)
    local.faults()
    assert (code, lines[-1].endswith("1 to be seen to again")) == (1, True)
    assert lines[-2] == f"{REFERENCE}  is busy, or a store refused: it is due still"
    local.faults({"service": "dynamodb", "operation": "TransactWriteItems", "mode": "conflict", "times": 1})
    assert night(local)["stuck"] == 1
    local.faults()
    assert night(local)["stripped"] == 1


def granted() -> set[Asked]:
    names, found = _names(), set()
    for statement in json.loads(POLICY.read_text())["Statement"]:
        if statement["Resource"] != "*":
            resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
            found |= {(action, _named(resource, names)) for action in statement["Action"] for resource in resources}
    return found


def test_it_may_do_what_it_asks_for_and_nothing_else(stack: tuple[LocalStack, OperatorCalls]) -> None:
    local, calls = stack
    local.empty()
    over(local, REFERENCE, PERSON)
    over(local, SPECIALIST, ABUSED, flags={"domestic_abuse": True})
    over(local, OTHER, assessed("V2", mobile=PERSON["mobile"]))
    for reference in (REFERENCE, OTHER):
        done_by_people(local, reference)
    local.advance(LONG)
    calls.seen.clear()
    with calls.of_a_command():
        came = night(local)
    assert came["stripped"] == 2, run("retention", "list")
    names = {logical: name for logical, name in _names().items()}
    unused = granted() - calls.seen
    assert calls.seen - granted() == set()
    assert unused == {(action, names.get(where, where)) for action, where in NOT_CALLED}

"""The hourly schedules through their deployed handlers over the provisioned stack: the seal of the log, and the independent leak check.

Must not test what they decide: tests/unit/services does.
"""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.tables import AuditRow, NotificationRow
from chalicelib.domain.delivery import State
from chalicelib.entrypoints import ops
from infra.local.host import scheduled_event
from tests.builders import body, occurrence_record, victim
from tests.captured import captured
from tests.integration.stack_fixture import LocalStack

REFERENCE = "26000712345"


def run(*arguments: str) -> tuple[int, list[str]]:
    said: list[str] = []
    return ops.main(arguments, said.append), said


def fire(local: LocalStack, function: str) -> dict[str, Any]:
    answer: dict[str, Any] = local.call(function, scheduled_event(function.capitalize(), "2026-11-20T12:00:00Z"))
    return answer


def told(local: LocalStack) -> None:
    local.ingest(body(occurrence_record()))
    local.advance(timedelta(minutes=35))
    local.sweep()
    local.settle()


def test_the_log_is_sealed_and_what_is_done_to_it_since_is_told(local: LocalStack) -> None:
    told(local)
    local.advance(timedelta(hours=2))
    first = fire(local, "seal")
    assert (first["number"], first["lines"] > 3) == (1, True)
    assert fire(local, "seal") == {"number": 1, "lines": 0, "mismatches": 0}
    local.ingest(body(occurrence_record(version=2)))
    local.advance(timedelta(hours=2))
    assert fire(local, "seal")["number"] == 2
    code, lines = run("audit", "verify")
    assert (code, lines[-1].endswith(", 0 findings")) == (0, True), lines
    assert run("audit", "verify", "26*712345")[0] == 0
    row = next(iter(AuditRow.query(REFERENCE)))
    row.update([AuditRow.actor.set("somebody else")])
    with captured() as output:
        assert fire(local, "seal")["mismatches"] == 1
    (line,) = [one for one in output.lines if one["message"] == "audit_mismatch"]
    assert (line["kind"], line["reference"]) == ("changed", REFERENCE)
    assert [one["audit_mismatches"] for one in output.metrics if "audit_mismatches" in one] == [[1.0]]
    code, lines = run("audit", "verify", REFERENCE)
    assert (code, lines[0]) == (1, f"changed: {REFERENCE}  {row.at.replace('Z', '+00:00')}  {row.entry_id}")
    row.delete()
    assert run("audit", "verify")[1][0].startswith(f"missing: {REFERENCE}  ")
    s3 = local.client("s3")
    first_version = s3.list_object_versions(Bucket="kept-informed-seals")["Versions"]
    assert len(first_version) == 2
    s3.put_object(Bucket="kept-informed-seals", Key="00000001.jsonl", Body=b"other")
    assert run("audit", "verify")[1][0].startswith("missing: "), "what was put later under the same name is not what was sealed"


def test_a_clean_day_has_no_leaks_and_is_counted(local: LocalStack, capsys: pytest.CaptureFixture[str]) -> None:
    told(local)
    capsys.readouterr()
    assert fire(local, "leaks") == {"leaks": 0, "checked": 2, "unread": 0, "left_out": 0}
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "leaks" in line]
    assert [(one["leaks"], one["leaks_checked"]) for one in metrics if "_aws" in one] == [([0.0], [2.0])]


def test_a_leak_is_counted_told_and_settled_without_a_word_of_whom_it_is_about(
    local: LocalStack, capsys: pytest.CaptureFixture[str]
) -> None:
    abuse = occurrence_record(victims=[victim()], flags={"domestic_abuse": True})
    told(local)
    local.advance(timedelta(minutes=1))
    local.ready.tick()  # the archive's clock is this process's own
    local.ready.archive.put(REFERENCE, 9, "planted", json.dumps(abuse))  # known from now: what left before is no leak
    assert fire(local, "leaks")["leaks"] == 0
    row = next(row for row in local.rows(REFERENCE) if row.template == "acknowledgement" and row.state is State.DELIVERED)
    NotificationRow(row.notification_id).update([NotificationRow.sent_at.set("2026-11-20T18:00:00Z")])
    local.advance(timedelta(hours=8))
    capsys.readouterr()
    assert fire(local, "leaks")["leaks"] > 0
    said = capsys.readouterr().out
    assert '"leaks":[' in said
    assert not [word for word in ("alex", "Morgan", "900123") if word in said]
    before = len(local.accepted)
    local.settle()
    assert {message.to for message in local.accepted[before:]} == {
        "operations@derbyshire-police.test",
        "force-duty-contact@derbyshire-police.test",
    }
    assert run("leak-settle", REFERENCE, "--by", "7001", "--reason", "rang", "--yes") == (
        0,
        ["This says that a person saw to every leak of this occurrence. What was found stays in the log.", "Settled: 2."],
    )
    assert run("leak-settle", REFERENCE, "--by", "7001", "--reason", "rang", "--yes")[0] == 1
    assert run("leak-settle", REFERENCE, "--by", "7001", "--reason", "rang")[0] == 2

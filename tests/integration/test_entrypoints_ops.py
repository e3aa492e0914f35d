"""The operator's commands on a standing stack: what they show, what they change, and what they answer to the shell.

Must not test what a rule decides: a burglary stands for the automatic, domestic abuse for the specialist.
"""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.entrypoints import ops
from infra.local.letters import Letters
from infra.local.outbox_list import OutboxList
from infra.local.table_reader import TableReader
from infra.local.template import ROOT
from tests.builders import NOW, body, contact_safety, occurrence_record, victim
from tests.integration.stack_fixture import RECORDS, LocalStack

REFERENCE = "26000712345"
DUE = NOW + timedelta(minutes=35)
READS = ("Query", "BatchGetItem", "GetItem", "Scan")
BROKEN = body(occurrence_record(version=2, source="a rumour"))


def run(*arguments: str, ask: str | None = None) -> tuple[int, list[str]]:
    """Exit code and lines of one command; `ask` is what the person at the terminal types, None: there is no terminal."""
    said: list[str] = []
    return ops.main(arguments, said.append, None if ask is None else lambda _: ask), "\n".join(said).splitlines()


def last(answer: tuple[int, list[str]]) -> tuple[int, list[str]]:
    """Exit code and what it came to: before that a command says what it will do."""
    return answer[0], answer[1][-1:]


def ends(lines: list[str], words: str) -> bool:
    return any(line.endswith(words) for line in lines)


def everything_leaves(local: LocalStack) -> None:
    local.advance(timedelta(minutes=35))
    local.sweep()
    local.settle()


def told(local: LocalStack) -> list[str]:
    return [message.to for message in local.accepted if message.to.endswith("example.org")]


# ---- quarantine


def test_the_list_of_what_is_quarantined(local: LocalStack) -> None:
    assert run("quarantine", "list") == (0, ["0 quarantined"])
    local.ingest(body(occurrence_record()), BROKEN, "not JSON", BROKEN)
    code, lines = run("quarantine", "list")
    assert (code, lines[-1]) == (0, "2 quarantined")
    shown = [[part.strip() for part in line.split("  ") if part] for line in lines[:-1]]
    assert sorted(part[1:4] for part in shown) == [["2026-11-20 10:31", "quarantined", "-"], ["2026-11-20 10:31", "quarantined", REFERENCE]]
    assert sorted(part[4].split(":")[0] for part in shown) == ["body", "occurrence.source"]


def test_more_faults_than_a_line_holds_are_counted(local: LocalStack) -> None:
    record = occurrence_record(source="x", status="x", record_type="x", dash_risk="x", reported_at="x")
    local.ingest(body(record))
    line, _ = run("quarantine", "list")[1]
    assert line.endswith("; and 2 more")


def test_one_of_them_is_shown_without_its_values(local: LocalStack) -> None:
    local.ingest(BROKEN)
    (row,) = local.ready.quarantined.rows()
    code, lines = run("quarantine", "show", row.quarantine_id)
    assert code == 0
    assert lines[0] == f"{row.quarantine_id}  received {row.received_at.isoformat()}  quarantined"
    assert lines[1].startswith("  occurrence.source: ")
    shown = json.loads("\n".join(lines[2:]))
    assert shown["occurrence"]["version"] == 2
    assert shown["occurrence"]["victims"][0]["given_name"] == "(str, 4 characters)"


def test_one_of_them_is_put_back_and_judged_again(local: LocalStack) -> None:
    local.ingest(BROKEN)
    (row,) = local.ready.quarantined.rows()
    assert last(run("quarantine", "replay", row.quarantine_id)) == (0, ["Put back on the records queue."])
    assert [found.state for found in local.ready.quarantined.rows()] == ["replayed"]
    (message,) = local.take(RECORDS)
    assert message["Body"] == BROKEN
    assert local.ingest(message["Body"]) == []
    assert [found.state for found in local.ready.quarantined.rows()] == ["quarantined"]


@pytest.mark.parametrize("action", ["show", "replay"])
def test_an_id_that_nobody_has(local: LocalStack, action: str) -> None:
    assert last(run("quarantine", action, "0" * 32)) == (1, ["No record has this id."])
    assert local.take(RECORDS) == []


# ---- a case, and its holds


@pytest.mark.parametrize("given", [REFERENCE, "26*712345", "26*000712345"])
def test_a_case_by_either_form_of_its_reference(local: LocalStack, given: str) -> None:
    local.ingest(body(occurrence_record()))
    everything_leaves(local)
    code, lines = run("case", given)
    assert (code, lines[0]) == (0, f"{REFERENCE}  version 1")
    assert any(line.startswith("  victim V1: victim_services by ") for line in lines)
    assert ends(lines, "  acknowledgement by email to victim V1: delivered")
    assert ends(lines, "  referral by email to service about V1: delivered")
    assert ends(lines, "  met in time: written acknowledgement to V1, by the acknowledgement by email")
    assert ends(lines, "  owed: referral to V1, until 2026-11-24 23:59 (REF-2WD): met")
    assert "  update to V1, until 2026-11-30 23:59: open (UPDATE)" in lines


def test_a_case_that_nobody_knows(local: LocalStack) -> None:
    assert run("case", "26000799999") == (1, ["No occurrence has this reference."])


def test_a_hold_of_a_quarantined_version_is_shown_and_lifted_by_a_named_person(local: LocalStack) -> None:
    local.ingest(body(occurrence_record()), BROKEN)
    everything_leaves(local)
    assert told(local) == []
    assert run("case", REFERENCE)[1][0] == f"{REFERENCE}  version 1  HELD: a version is quarantined"
    assert last(run("release", REFERENCE, "--by", "7001")) == (0, ["Lifted."])
    local.settle()
    assert told(local) == ["alex.morgan@example.org"]
    assert any("  suspension lifted by 7001" in line for line in run("case", REFERENCE)[1])
    assert last(run("release", REFERENCE, "--by", "7001")) == (1, ["No hold of a quarantined version stands on this occurrence."])


def test_a_specialist_hold_is_sticky_until_a_named_person_lifts_it(local: LocalStack) -> None:
    local.ingest(body(occurrence_record(flags={"domestic_abuse": True})), body(occurrence_record(version=2)))
    everything_leaves(local)
    assert told(local) == []
    assert any(line.startswith("  specialist in version 1: ") for line in run("case", REFERENCE)[1])
    assert last(run("release", REFERENCE, "V1", "--by", "7001")) == (2, ["Say why: --reason."])
    assert last(run("release", REFERENCE, "V9", "--by", "7001", "--reason", "Flag set in error.")) == (1, ["No such victim."])
    assert told(local) == []
    assert run("release", "26*712345", "V1", "--by", "7001", "--reason", "Flag set in error.")[0] == 0
    everything_leaves(local)
    assert told(local) == ["alex.morgan@example.org"]
    assert any("  released for V1 by 7001" in line for line in run("case", REFERENCE)[1])


def test_what_the_newest_version_says_by_itself_is_not_lifted(local: LocalStack) -> None:
    local.ingest(body(occurrence_record(restricted=True)))
    assert run("release", REFERENCE, "V1", "--by", "7001", "--reason", "x")[0] == 0
    everything_leaves(local)
    assert told(local) == []


# ---- figures


def test_the_figures_of_a_month_follow_what_happens(local: LocalStack) -> None:
    assert run("figures") == (0, ["Nothing is owed from 2026-11."])
    abuse = occurrence_record(reference="26000700001", victims=[victim("V2")], flags={"domestic_abuse": True})
    local.ingest(body(occurrence_record()), body(abuse))
    everything_leaves(local)
    code, lines = run("figures", "2026-11", "--csv")
    assert code == 0
    assert lines[0] == "month,kind,district,route,agreement,check,opened,met_in_time,met_late,late,breached,open,waived"
    assert "2026-11,written_acknowledgement,Amber Valley,victim_services,-,-,1,1,0,0,0,0,0" in lines
    assert "2026-11,written_acknowledgement,Amber Valley,domestic_abuse,-,-,1,0,0,0,0,1,0" in lines
    assert run("figures", "2026-10", "--csv") == (0, lines[:1])
    totals = run("figures")[1]
    assert [line.split() for line in totals if line.startswith("written")] == [["written", "acknowledgement", *"2100010"]]
    assert run("figures", "--detail")[1][: len(totals)] == totals
    local.advance(timedelta(days=30))
    assert run("figures") == (0, ["Nothing is owed from 2026-12."]), "the month is that of the clock"


# ---- links


def test_links_are_closed_by_a_named_person(local: LocalStack) -> None:
    local.ingest(body(occurrence_record()))
    token = local.ready.pages.address(REFERENCE, "2345", local.ready.tick()).rpartition("/")[2]
    assert local.ready.pages.opened(token, local.ready.tick())
    assert last(run("links", "revoke", "26*712345", "--by", "7001")) == (0, ["Revoked: no link that was issued until now opens anything."])
    assert local.ready.pages.opened(token, local.ready.tick()) is None
    assert ends(run("case", REFERENCE)[1], "  links revoked by 7001")
    assert last(run("links", "revoke", "26000799999", "--by", "7001")) == (1, ["No occurrence has this reference."])


# ---- an instance that does not answer


@pytest.mark.parametrize(
    "arguments",
    [
        ["case", REFERENCE],
        ["figures"],
        ["links", "revoke", REFERENCE, "--by", "7001"],
        ["release", REFERENCE, "--by", "7001"],
        ["quarantine", "list"],
    ],
)
def test_what_cannot_be_done_now_is_said_in_one_sentence(local: LocalStack, arguments: list[str]) -> None:
    local.ingest(body(occurrence_record()))
    _ = local.ready
    local.faults(*({"service": "dynamodb", "operation": name, "mode": "throttle", "times": 99} for name in READS))
    answer = run(*arguments)
    local.faults()
    assert last(answer) == (1, ["The instance is busy with this, or did not answer in time: run the command again in a moment."])


# ---- the leak check


def outbox(local: LocalStack, folder: Path, *planted: dict[str, Any]) -> str:
    """The instance's outbox as a file, as of the product's clock."""
    url = local.cloud.endpoint_url
    listed = OutboxList(
        local.cloud.cloud, Letters(url, "kept-informed-letters", ("Derbyshire Constabulary",)), TableReader(url), "http://127.0.0.1"
    ).messages(0)
    path = folder / "outbox.json"
    path.write_text(json.dumps([message | {"accepted_at": DUE.isoformat()} for message in [*listed, *planted]]))
    return str(path)


def test_an_instance_that_does_what_it_should_has_no_leaks(local: LocalStack, tmp_path: Path) -> None:
    held = victim("V3", contact_safety=contact_safety(do_not_contact=True))
    local.ingest(
        body(occurrence_record()),
        body(occurrence_record(reference="26000700001", victims=[victim("V2")], flags={"domestic_abuse": True})),
        body(occurrence_record(reference="26000700002", victims=[held])),
    )
    everything_leaves(local)
    assert run("leaks", "--outbox", outbox(local, tmp_path)) == (0, [f"0 leaks in {len(local.accepted)} messages"])


def test_a_planted_leak_is_found_and_fails_the_command(local: LocalStack, tmp_path: Path) -> None:
    local.ingest(body(occurrence_record(flags={"domestic_abuse": True})))
    everything_leaves(local)
    planted = {
        "channel": "email", "to": "alex.morgan@example.org", "from": "x", "subject": "x", "text": "x", "html": None, "attachments": [],
        "headers": {}, "notification_id": "planted", "message": "acknowledgement", "language": "en", "reference": REFERENCE,
        "audience": "victim",
    }  # fmt: skip
    code, lines = run("leaks", "--outbox", outbox(local, tmp_path, planted))
    assert code == 1
    assert lines[0].startswith(f"{REFERENCE}  ")
    assert lines[-1].endswith(f" in {len(local.accepted) + 1} messages")


# ---- the command as an operator starts it


def started(local: LocalStack | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`make ops` without make; without a stack the port is one that nobody listens on."""
    port = local.cloud.endpoint_url.rpartition(":")[2] if local else "1"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KI_", "AWS_"))}
    command = [sys.executable, "-m", "infra.local.ops", *arguments]
    return subprocess.run(command, cwd=ROOT, env=clean | {"KI_AWS_PORT": port}, capture_output=True, text=True, check=False)


def test_it_finds_the_running_instance_by_itself(local: LocalStack) -> None:
    local.ingest(body(occurrence_record()))
    done = started(local, "case", "26*712345")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == run("case", REFERENCE)[1]


def test_its_own_outbox_may_be_named_either_way(local: LocalStack, tmp_path: Path) -> None:
    done = started(local, "leaks", f"--outbox={outbox(local, tmp_path)}")
    assert (done.returncode, done.stdout) == (0, "0 leaks in 0 messages\n")


def test_without_an_instance_it_says_how_to_start_one() -> None:
    done = started(None, "quarantine", "list")
    assert done.returncode == 1
    assert "make run" in done.stderr
    assert "Traceback" not in done.stderr


def test_signing_an_officer_out_everywhere_asks_and_is_kept(local: LocalStack) -> None:
    assert run("sessions", "end", "2345", "--by", "7001", ask="no")[0] == 2
    code, lines = run("sessions", "end", "2345", "--by", "7001", ask="yes")
    assert (code, lines) == (
        0,
        ["This signs 2345 out everywhere.", "Ended: whoever is signed in with this collar number has to sign in again."],
    )

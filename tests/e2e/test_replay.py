"""`make replay` from outside: a small made-up month through a running machine, counted, expected and checked for leaks.

Must not use published rows: those are not ours to commit, and a whole month takes minutes.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from infra.local.demo import records
from infra.local.machine import force_profile
from infra.local.template import deployable
from infra.replay.generator.lines import lines
from tests.e2e.local_machine import ROOT, Running, free_port, local_machine
from tests.replay.made_up import NOW, as_csv, rows

DEMONSTRATION = len(records(NOW))
"""Records of the demonstration, which are not the replay's to count."""
FORCE = force_profile(deployable())["email_from"]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("data") / "2022-01-made-up-street.csv"
    file.write_text(as_csv(rows(60)), encoding="utf-8")
    return file


def replay(aws_port: int, web_port: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KI_", "AWS_"))}
    ports = {"KI_AWS_PORT": str(aws_port), "KI_WEB_PORT": str(web_port)}
    program = [sys.executable, "-m", "infra.replay.main", *map(str, arguments)]
    return subprocess.run(program, cwd=ROOT, env=kept | ports, capture_output=True, text=True)


def ports_of(running: Running) -> tuple[int, int]:
    return int(running.aws_url.rpartition(":")[2]), int(running.web_url.rpartition(":")[2])


def test_a_month_goes_through_a_running_machine_once_and_comes_out_as_expected(month: Path, tmp_path: Path) -> None:
    with local_machine(tmp_path / "log", DEMO="1") as running:
        first = replay(*ports_of(running), month, "--out", tmp_path / "first")
        again = replay(*ports_of(running), month, "--out", tmp_path / "again")
        strangers = replay(free_port(), ports_of(running)[1], month)
        status = running.status()
    assert first.returncode == 0, first.stdout + first.stderr
    assert "Independent expectation: equal to the last unit" in first.stdout
    assert "Leak check: 0 leaks" in first.stdout
    document = json.loads((tmp_path / "first" / "funnel.json").read_text())
    assert document["differences"] == []
    assert document["funnel"] == json.loads((tmp_path / "first" / "expected.json").read_text())
    assert document["funnel"]["records"]["in"] == status["records"]["received"] - DEMONSTRATION == document["run"]["fed"]
    assert {*document["run"]["costs"]["calls"]} >= {"ingest", "dispatch", "receipts"}
    assert ElementTree.parse(tmp_path / "first" / "funnel.svg").getroot().tag.endswith("svg")
    assert (again.returncode, strangers.returncode) == (2, 2)
    assert "has had a replay already" in again.stderr
    assert "KI_AWS_PORT" in strangers.stderr


def test_a_week_of_officers_ends_in_the_figures_that_are_expected(month: Path, tmp_path: Path) -> None:
    with local_machine(tmp_path / "log") as running:
        answer = replay(*ports_of(running), month, "--limit", 15, "--days", 7, "--out", tmp_path / "out")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "Independent expectation: equal to the last unit" in answer.stdout
    document = json.loads((tmp_path / "out" / "funnel.json").read_text())
    assert {"update", "needs_assessment"} <= document["funnel"]["obligations"].keys()
    assert document["run"]["reminding"]["lines in them"] > 0
    kinds = (tmp_path / "out" / "records.jsonl").read_text()
    assert "contact_recorded" in kinds
    assert "@task" not in kinds


def test_a_leak_is_found_and_fails_the_replay(month: Path, tmp_path: Path) -> None:
    with local_machine(tmp_path / "log") as running:
        running.client("sesv2").send_email(
            FromEmailAddress=FORCE,
            Destination={"ToAddresses": ["somebody@example.org"]},
            Content={"Simple": {"Subject": {"Data": "Planted"}, "Body": {"Text": {"Data": "Nobody asked for this."}}}},
            EmailTags=[{"Name": "notification_id", "Value": "planted"}],
        )
        answer = replay(*ports_of(running), month, "--limit", 10, "--out", tmp_path / "out")
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "Leak check: 1 leaks" in answer.stdout
    assert "planted" in answer.stderr


def test_an_instance_of_its_own_is_stopped_cleanly_and_what_was_fed_is_counted(month: Path, tmp_path: Path) -> None:
    aws_port, out = free_port(), tmp_path / "out"
    program = [sys.executable, "-u", "-m", "infra.replay.main", str(month), "--rate", "20", "--out", str(out)]
    environment = os.environ | {"KI_AWS_PORT": str(aws_port), "KI_WEB_PORT": str(free_port()), "KI_LOG_FOLDER": str(tmp_path / "log")}
    with subprocess.Popen(program, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        assert "0 of" in running.stderr.readline()  # the first records are on the queue
        running.send_signal(signal.SIGINT)
        said, told = running.communicate()
    assert running.returncode == 0, said + told
    assert "Stopping" in told
    assert "equal to the last unit" in said
    run = json.loads((out / "funnel.json").read_text())["run"]
    assert 0 < run["fed"] < len(list(lines({"2022-01": rows(60)}, 1, NOW)))
    assert not run["complete"]
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", aws_port)) != 0, "the instance was ended with the replay"


def test_what_cannot_be_replayed_is_said(tmp_path: Path) -> None:
    (tmp_path / "2022-01-x-street.csv").write_text("Month,Location\n2022-01,On or near A Street\n")
    answer = replay(free_port(), free_port(), tmp_path)
    assert answer.returncode == 2
    assert "2022-01-x-street.csv" in answer.stderr
    assert "Crime ID" in answer.stderr

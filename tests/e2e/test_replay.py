"""`make replay` from outside: a small made-up month through a running machine, counted, expected and checked for leaks.

Must not use published rows: those are not ours to commit, and a whole month takes minutes.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.e2e.local_machine import ROOT, Running, free_port, local_machine
from tests.replay.made_up import as_csv, rows


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
    with local_machine(tmp_path / "log") as running:
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
    assert document["funnel"]["records"]["in"] == status["records"]["received"] == document["run"]["fed"]
    assert {*document["run"]["costs"]["calls"]} >= {"ingest", "dispatch", "receipts"}
    assert ElementTree.parse(tmp_path / "first" / "funnel.svg").getroot().tag.endswith("svg")
    assert (again.returncode, strangers.returncode) == (2, 2)
    assert "has had a replay already" in again.stderr
    assert "KI_AWS_PORT" in strangers.stderr


def test_what_cannot_be_replayed_is_said(tmp_path: Path) -> None:
    (tmp_path / "2022-01-x-street.csv").write_text("Month,Location\n2022-01,On or near A Street\n")
    answer = replay(free_port(), free_port(), tmp_path)
    assert answer.returncode == 2
    assert "2022-01-x-street.csv" in answer.stderr
    assert "Crime ID" in answer.stderr

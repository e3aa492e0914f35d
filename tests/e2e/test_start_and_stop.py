"""The machine's beginning and end: what a newcomer sees, and that nothing is left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra.local import demo
from infra.local.clock import real_time
from infra.local.machine import PAGE_WORKERS
from tests.e2e.local_machine import ROOT, environment, free_port, local_machine


def children(pid: int) -> list[int]:
    """The processes that a process started (Linux)."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def alive(pid: int) -> bool:
    """Running; a process that ended and that nobody has collected does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_everything_and_leaves_no_process(tmp_path, number):
    with local_machine(tmp_path) as machine:
        workers = children(machine.process.pid)
        assert len(workers) == 7 + PAGE_WORKERS, "one for each queue, topic and schedule, and those of the pages"
        machine.process.send_signal(number)
        said = machine.process.communicate()[0]
        assert machine.process.returncode == 0, said
    assert "Stopping." in said
    assert "Traceback" not in said
    assert not [pid for pid in workers if alive(pid)]


def test_workers_end_with_a_machine_that_was_killed(tmp_path):
    with local_machine(tmp_path) as machine:
        workers = children(machine.process.pid)
        machine.process.kill()
        machine.process.wait()
        while [pid for pid in workers if alive(pid)]:
            time.sleep(0.02)


def test_a_taken_port_is_said_in_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run_main(environment(port, free_port(), tmp_path))
    assert result.returncode == 1
    assert re.fullmatch(rf"Port {port} on 127\.0\.0\.1 cannot be used .*KI_AWS_PORT=<port>\n", result.stderr)


@pytest.mark.parametrize("port", ["eighty", "0", "70000"])
def test_a_port_that_is_none_is_said(tmp_path, port):
    result = run_main(environment(free_port(), 1, tmp_path, KI_WEB_PORT=port))
    assert (result.returncode, result.stderr) == (1, f"KI_WEB_PORT is '{port}', not a number from 1 to 65535.\n")


def test_a_force_that_there_is_not_is_said(tmp_path):
    result = run_main(environment(free_port(), free_port(), tmp_path, PROFILE="westmor"))
    assert (result.returncode, result.stdout) == (1, "")
    assert re.fullmatch(r"there is no profile 'westmor'; there is: .*\bderbyshire\b.*\n", result.stderr)


def run_main(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "infra.local.main"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_the_newcomer_is_told_where_everything_is(tmp_path):
    with local_machine(tmp_path, DEMO="1") as machine:
        machine.process.send_signal(signal.SIGTERM)
        said = machine.process.communicate()[0]
    for wanted in (f"{machine.web_url}/local/", machine.aws_url, "kept-informed-records", "Ctrl-C"):
        assert wanted in said
    assert said.count("  - ") == len(demo.records(real_time()))


def test_it_listens_on_loopback_only(tmp_path):
    with local_machine(tmp_path) as machine:
        inodes = {os.readlink(link) for link in Path(f"/proc/{machine.process.pid}/fd").iterdir() if link.is_symlink()}
        listening = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
        own = [fields[1] for fields in listening if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes]
    assert len(own) == 2
    assert all(address.startswith("0100007F:") for address in own)

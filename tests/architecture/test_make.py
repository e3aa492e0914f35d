"""What `make test` ends with when its two halves end in their ways: a narrowed run goes on where one half has no test that matches.

Must not run a test: a stand-in for Python ends as pytest would.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSED, FAILED, NONE = 0, 1, 5  # pytest's exit codes
STAND_IN = """#!/bin/sh
case "$*" in
*--ignore=tests/unit*) echo others; exit {others};;
*tests/unit*) echo unit; exit {unit};;
esac
"""


def make_test(folder: Path, unit: int, others: int, *arguments: str) -> tuple[bool, list[str]]:
    """Whether `make test` succeeds, and which halves ran, where they end with these codes."""
    python = folder / "python"
    python.write_text(STAND_IN.format(unit=unit, others=others), encoding="utf-8")
    python.chmod(0o755)
    here = [f"BIN={folder}", f"RUN_READY={folder}/run", f"TEST_READY={folder}/test", "ASSETS="]
    done = subprocess.run(["make", "--silent", "test", *here, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode == 0, [line for line in done.stdout.splitlines() if line in ("unit", "others")]


@pytest.mark.parametrize(
    ("unit", "others", "succeeds", "ran"),
    [
        (PASSED, PASSED, True, ["unit", "others"]),
        (NONE, PASSED, True, ["unit", "others"]),
        (PASSED, NONE, True, ["unit", "others"]),
        (NONE, NONE, False, ["unit", "others"]),
        (NONE, FAILED, False, ["unit", "others"]),
        (FAILED, PASSED, False, ["unit"]),
    ],
)
def test_narrowed_it_fails_where_a_test_fails_or_none_matches_in_either_half(
    tmp_path: Path, unit: int, others: int, succeeds: bool, ran: list[str]
) -> None:
    assert make_test(tmp_path, unit, others, "ARGS=-k quiet") == (succeeds, ran)


@pytest.mark.parametrize(("unit", "others", "ran"), [(NONE, PASSED, ["unit"]), (PASSED, NONE, ["unit", "others"])])
def test_the_whole_of_it_needs_tests_in_both(tmp_path: Path, unit: int, others: int, ran: list[str]) -> None:
    assert make_test(tmp_path, unit, others) == (False, ran)

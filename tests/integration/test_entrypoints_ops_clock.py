"""The clock of a stage, moved by an operator: where it may be moved, that it is asked and kept, and that prod refuses.

Must not test what becomes due by it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.adapters.tables import AuditRow
from chalicelib.bootstrap import PROFILES
from tests.builders import NOW
from tests.integration.stack_fixture import LocalStack, local_stack
from tests.integration.test_entrypoints_ops import run

WHY = ("--by", "7001", "--reason", "Rehearse a week")
WEEK = NOW + timedelta(days=7)


def logged() -> list[tuple[str, str]]:
    return [(row.op, row.actor) for row in AuditRow.query("operations", consistent_read=True)]


def stands(local: LocalStack) -> datetime:
    return local.ready.tick()


def test_it_is_shown_set_and_cleared_by_a_named_person(local: LocalStack) -> None:
    assert run("clock", "set", WEEK.isoformat(), *WHY, ask="no")[0] == 2
    assert (abs(stands(local) - NOW) < timedelta(minutes=1), logged()) == (True, [])
    code, lines = run("clock", "set", WEEK.isoformat(), *WHY, ask="yes")
    assert (code, lines[1]) == (0, "Nothing goes back.")
    assert timedelta() <= stands(local) - WEEK < timedelta(minutes=1)
    assert "the real time" in run("clock", "show")[1][0]
    code, lines = run("clock", "clear", *WHY, "--yes")
    assert (code, abs(stands(local) - datetime.now(WEEK.tzinfo)) < timedelta(minutes=1)) == (0, True)
    assert run("clock", "show")[1][0].endswith("  the real time")
    assert logged() == [("clock_moved", "7001"), ("clock_moved", "7001")]
    assert run("clock", "set", NOW.isoformat(), *WHY)[0] == 2, "where nobody can be asked"


def test_going_back_is_warned_of(local: LocalStack) -> None:
    run("clock", "set", WEEK.isoformat(), *WHY, "--yes")
    lines = run("clock", "set", NOW.isoformat(), *WHY, "--yes")[1]
    assert lines[1] == "Going back makes lines of the log look as if they were added later."


def test_a_machine_that_does_not_step_is_told(local: LocalStack) -> None:
    code, lines = run("clock", "clear", *WHY, "--yes", "--through", "http://127.0.0.1:1/local/clock")
    assert (code, lines[-1]) == (1, "The machine did not move it, or not all the way: look at its console.")
    assert abs(stands(local) - NOW) < timedelta(minutes=1)


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_stage_whose_clock_is_the_real_time_refuses(stage: str, tmp_path: Path) -> None:
    real = (PROFILES / "derbyshire.toml").read_text(encoding="utf-8").replace(".test", ".police.uk")
    (tmp_path / "derbyshire.toml").write_text(real, encoding="utf-8")
    with local_stack(KI_STAGE=stage, KI_FORCES=str(tmp_path), KI_OFFICER_SIGN_IN="required", KI_SIGN_IN_ISSUER=""):
        before = AuditRow.count("operations", consistent_read=True)
        for command in (("set", WEEK.isoformat()), ("clear",)):
            code, (line,) = run("clock", *command, *WHY, "--yes")
            assert (code, line.partition(". ")[0]) == (2, f"Refused: the clock of the stage {stage} is the real time and cannot be moved")
        assert AuditRow.count("operations", consistent_read=True) == before
        (line,) = run("clock", "show")[1]
        assert line.endswith("  the real time, and cannot be moved here")

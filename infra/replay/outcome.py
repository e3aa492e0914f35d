"""What a replay came to: the funnel beside the independent expectation, the leak check, and the files that keep them.

Must not count or expect anything itself.
"""

from __future__ import annotations

import calendar
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.template import ROOT
from infra.replay.event_funnel import named_by_source
from infra.replay.feeding import Fed, Line
from infra.replay.funnel import Before, Funnel, differences, funnel, reminding, stored, tidy
from infra.replay.instance import Instance, InstanceError
from infra.replay.picture import svg

_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """`document` is what funnel.json holds; `expected` what the other program says; `lines` what was fed."""

    document: dict[str, Any]
    expected: Funnel
    lines: Sequence[Line]

    @property
    def sound(self) -> bool:
        """Nothing leaked, and every count is as expected."""
        return self.document["run"]["leaks"] == 0 and not self.document["differences"]


def concluded(running: Instance, header: Line, fed: Fed, before: Before, out: Path, *, complete: bool) -> Outcome:
    """Count, expect and check. `complete`: the months went through whole, so that figures for a day mean something.

    What was counted is written before the leak check, which reads everything once more and may fail for its own reasons.
    """
    out.mkdir(parents=True, exist_ok=True)
    records = out / "records.jsonl"
    _write_lines(records, header, fed.lines)
    found = funnel(stored(running, [line["body"] for line in fed.lines], before, named_by_source(fed.lines)))
    expected = expectation(records)
    days = sum(calendar.monthrange(*map(int, month.split("-")))[1] for month in header["run"]["months"])
    run: dict[str, Any] = {**header["run"], **_timed(fed), "leaks": None, "complete": complete, "days": days}
    run["reminding"] = reminding(running, [line["body"] for line in fed.lines])
    outcome = Outcome({"run": run, "funnel": found, "differences": differences(expected, found)}, expected, fed.lines)
    written(outcome, out)
    run["leaks"] = leaks(running)
    return outcome


def written(outcome: Outcome, out: Path) -> None:
    """The documents and the picture, beside the lines that stand there already."""
    document = outcome.document
    run = document["run"]
    (out / "funnel.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (out / "expected.json").write_text(json.dumps(outcome.expected, indent=1) + "\n", encoding="utf-8")
    title = f"Replay of {', '.join(run['months'])}: {run['fed']:,} records"
    wrong = len(document["differences"])
    told = f"{wrong} counts differ from the expectation" if wrong else "equal to the independent expectation"
    leaking = "leaks not checked" if run["leaks"] is None else f"{run['leaks']} leaks"
    verdict = f"{run['records_a_second']} records a second; {leaking}; {told}"
    (out / "funnel.svg").write_text(svg(document["funnel"], title, verdict), encoding="utf-8")


def expectation(records: Path) -> Funnel:
    """What the separate program expects of these lines. Raises `InstanceError` where it cannot read them."""
    answer = _program("infra.replay.expectation", str(records))
    if answer.returncode:
        raise InstanceError(f"The expectation failed: {answer.stderr.strip()[-500:]}")
    return tidy(json.loads(answer.stdout))


def leaks(running: Instance) -> int:
    """How many leaks the product's independent check finds, as operations run it; each is shown."""
    ports = {"KI_AWS_PORT": running.aws_url.rpartition(":")[2], "KI_WEB_PORT": running.web_url.rpartition(":")[2]}
    answer = _program("infra.local.ops", "leaks", **ports)
    *shown, last = answer.stdout.strip().splitlines() or [""]
    count = last.partition(" ")[0]
    if not count.isdigit():
        raise InstanceError(f"The leak check failed: {answer.stderr.strip()[-500:]}")
    for line in shown[:_MOST_SHOWN]:
        print(line, file=sys.stderr)
    return int(count)


def _program(module: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", module, *arguments]
    return subprocess.run(program, capture_output=True, text=True, cwd=ROOT, env=os.environ | environment, check=False)


def _timed(fed: Fed) -> dict[str, Any]:
    rate = len(fed.lines) / fed.feeding_seconds if fed.feeding_seconds else 0.0
    return {
        "fed": len(fed.lines),
        "feeding_seconds": round(fed.feeding_seconds, 1),
        "sending_seconds": round(fed.sending_seconds, 1),
        "records_a_second": round(rate, 1),
    }


def _write_lines(path: Path, header: Mapping[str, Any], lines: Sequence[Line]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for line in (header, *lines):
            out.write(json.dumps(line) + "\n")

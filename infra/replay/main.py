"""`make replay`: real months of crime, as records with fictional victims, through a running instance; then the funnel and its check.

Must not hold a rule: it reads the command line, runs the parts in order and prints what they found.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from datetime import time as day_time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from infra.local.template import ROOT
from infra.replay import funnel as counting
from infra.replay.feeding import Fed, Feeding, Line
from infra.replay.generate import lines as generated
from infra.replay.instance import Instance, InstanceError, instance, spent
from infra.replay.picture import svg
from infra.replay.progress import Progress
from infra.replay.report import printed
from infra.replay.street import StreetError, read

_LONDON = ZoneInfo("Europe/London")
_EVENING = day_time(20, 5)
"""Quiet hours: nothing leaves to a victim while records are fed, so that what comes of them does not hang on the speed of feeding."""
FORCE_REFERRALS_A_DAY = 118
"""17,865 referrals from January to May 2022 (report to the commissioner, 6 July 2022, paragraph 3.18)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where the funnel is what the expectation says and nothing leaked; 1 where not; 2 where it could not run."""
    chosen = _parser().parse_args(arguments)
    try:
        return _replay(chosen)
    except (StreetError, InstanceError) as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make replay", description="Replay months of data.police.uk street files.")
    parser.add_argument("data", nargs="+", type=Path, help="street files, plain or .gz, or folders that hold them")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other victims (default 1)")
    parser.add_argument("--limit", type=_positive, help="at most so many rows in all, spread evenly")
    parser.add_argument("--rate", type=float, help="at most so many records a second")
    parser.add_argument("--months", help="only these: 2022-01,2021-09")
    parser.add_argument("--out", type=Path, default=ROOT / ".local" / "replay", help="folder for records, funnel and picture")
    parser.add_argument("--keep", action="store_true", help="leave the instance up at the end, until Ctrl-C")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _replay(chosen: argparse.Namespace) -> int:
    wanted = frozenset(chosen.months.split(",")) if chosen.months else None
    months = read(chosen.data, months=wanted)
    progress = Progress()
    with instance(_port("KI_AWS_PORT", 4566), _port("KI_WEB_PORT", 8000)) as running:
        now = next_evening(datetime.fromisoformat(running.get("/local/clock")["clock"]))
        header, *lines = generated(months, seed=chosen.seed, now=now, limit=chosen.limit)
        evening = f"{now.astimezone(_LONDON):%A %d %B %Y %H:%M}"
        print(f"{len(lines):,} messages of {header['run']['rows']:,} rows. The clock of the instance goes to {evening}.", flush=True)
        code = _run(running, chosen, header, lines, now, progress)
        if chosen.keep:
            print(f"Look at it: {running.web_url}/local/ (Ctrl-C ends it)")
            _until_interrupted()
    return code


def _run(running: Instance, chosen: argparse.Namespace, header: Line, lines: list[Line], now: datetime, progress: Progress) -> int:
    bodies = [line["body"] for line in lines]
    _refuse_a_second_time(running, bodies)
    before, costs_before = counting.Before.of(running), running.costs()
    feeding = Feeding(running, progress, rate=chosen.rate)
    with _stopping(feeding, progress):
        began = time.monotonic()
        fed = feeding.run(lines, now)
        seconds = time.monotonic() - began
    progress.end()
    if not fed.lines:
        print("Stopped before anything was fed.")
        return 2
    chosen.out.mkdir(parents=True, exist_ok=True)
    _write_lines(chosen.out / "records.jsonl", header, fed.lines)
    found = counting.funnel(counting.stored(running, [line["body"] for line in fed.lines], before))
    expected = expectation(chosen.out / "records.jsonl")
    differences = counting.differences(expected, found)
    leaks = _leaks(running)
    document = {
        "run": {
            **header["run"],
            "fed": len(fed.lines),
            **_timed(fed, seconds),
            "leaks": leaks,
            "costs": spent(costs_before, running.costs()),
        },
        "funnel": found,
        "expected_equals": not differences,
    }
    (chosen.out / "funnel.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (chosen.out / "expected.json").write_text(json.dumps(expected, indent=1) + "\n", encoding="utf-8")
    title = f"Replay of {', '.join(header['run']['months'])}: {len(fed.lines):,} records"
    (chosen.out / "funnel.svg").write_text(svg(found, title), encoding="utf-8")
    for line in printed(document, FORCE_REFERRALS_A_DAY):
        print(line)
    _print_verdict(differences, leaks, chosen.out)
    return 1 if differences or leaks else 0


def next_evening(clock: datetime) -> datetime:
    """The next 20:05 in London from `clock` on, in UTC."""
    local = clock.astimezone(_LONDON)
    evening = datetime.combine(local.date(), _EVENING, _LONDON)
    evening = evening if evening > local else datetime.combine(local.date() + timedelta(days=1), _EVENING, _LONDON)
    return evening.astimezone(ZoneInfo("UTC"))


def expectation(records: Path) -> dict[str, Any]:
    """What the separate program expects of these lines."""
    program = [sys.executable, "-m", "infra.replay.expectation", str(records)]
    answer = subprocess.run(program, capture_output=True, text=True, cwd=ROOT, check=False)
    if answer.returncode:
        raise InstanceError(f"The expectation failed: {answer.stderr.strip()[-500:]}")
    return counting.tidy(json.loads(answer.stdout))


def _refuse_a_second_time(running: Instance, bodies: Sequence[str]) -> None:
    first = next(iter(sorted(counting.references(bodies))), None)
    if first and running.tables.of("occurrences", "occurrence_ref", first):
        raise InstanceError("This instance has had this replay already. Start a new one, or take another SEED.")


def _leaks(running: Instance) -> int:
    """The product's independent leak check, as operations run it."""
    environment = os.environ | {"KI_AWS_PORT": running.aws_url.rpartition(":")[2], "KI_WEB_PORT": running.web_url.rpartition(":")[2]}
    program = [sys.executable, "-m", "infra.local.ops", "leaks"]
    answer = subprocess.run(program, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    lines = answer.stdout.strip().splitlines()
    if not lines or not lines[-1].partition(" ")[0].isdigit():
        raise InstanceError(f"The leak check failed: {answer.stderr.strip()[-500:]}")
    for line in lines[:-1][:20]:
        print(line, file=sys.stderr)
    return int(lines[-1].partition(" ")[0])


def _timed(fed: Fed, seconds: float) -> dict[str, Any]:
    rate = len(fed.lines) / fed.feeding_seconds if fed.feeding_seconds else 0.0
    return {
        "fed": len(fed.lines),
        "seconds": round(seconds, 1),
        "feeding_seconds": round(fed.feeding_seconds, 1),
        "sending_seconds": round(fed.sending_seconds, 1),
        "records_a_second": round(rate, 1),
    }


def _write_lines(path: Path, header: Mapping[str, Any], lines: Sequence[Line]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for line in (header, *lines):
            out.write(json.dumps(line) + "\n")


def _print_verdict(differences: Sequence[str], leaks: int, out: Path) -> None:
    print(f"\nIndependent expectation: {'equal to the last unit' if not differences else f'{len(differences)} differences'}")
    for line in differences[:40]:
        print(f"  {line}")
    print(f"Leak check: {leaks} leaks")
    print(f"Written to {out}: records.jsonl, funnel.json, expected.json, funnel.svg")


@contextmanager
def _stopping(feeding: Feeding, progress: Progress) -> Iterator[None]:
    """The first Ctrl-C ends the feeding cleanly, the second one everything."""
    before = signal.getsignal(signal.SIGINT)

    def first(*_: object) -> None:
        signal.signal(signal.SIGINT, before)
        feeding.stop()
        progress.say("Stopping: what was fed is still handled and counted (Ctrl-C again ends at once)")

    signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _until_interrupted() -> None:
    try:
        signal.pause()
    except KeyboardInterrupt:
        return


def _port(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdigit():
        raise InstanceError(f"{name} is {text!r}, not a port.")
    return int(text)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nEnded.", file=sys.stderr)
        sys.exit(130)

"""`make replay`: real months of crime, as records with fictional victims, through a running instance; then the funnel and its check.

Must not hold a rule: it reads the command line, runs the parts in order and prints what they found.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.template import ROOT
from infra.replay.evenings import LONDON, next_evening
from infra.replay.feeding import ENDS, MOST_TRIES, Feeding, Line
from infra.replay.funnel import Before
from infra.replay.generator import outcomes
from infra.replay.generator.lines import lines as generated
from infra.replay.generator.source_files import StreetError
from infra.replay.generator.street import read
from infra.replay.instance import Instance, InstanceError, instance, spent
from infra.replay.outcome import concluded, written
from infra.replay.progress import Progress
from infra.replay.report import printed
from infra.replay.tasks import named

_LEAST_DAYS, _MOST_DAYS = 5, 40
"""What was confirmed as safe on the first day counts for ninety, and the oldest report of a month is some forty days old."""
FORCE_REFERRALS_A_DAY = 118
"""17,865 referrals from January to May 2022 (report to the commissioner, 6 July 2022, paragraph 3.18)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where the funnel is what the expectation says and nothing leaked; 1 where not; 2 where it could not run."""
    chosen = _parser().parse_args(arguments)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts this in the background has it ignored
    try:
        return _replay(chosen)
    except (StreetError, InstanceError) as error:
        print(error, file=sys.stderr)
    except (BotoCoreError, ClientError) as error:
        print(f"The instance does not answer as it should: {type(error).__name__}.", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make replay", description="Replay months of data.police.uk: street files, and with DAYS outcomes files."
    )
    parser.add_argument("data", nargs="+", type=Path, help="street and outcomes files, plain or .gz, or folders that hold them")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other victims (default 1)")
    parser.add_argument("--limit", type=_at_least_one, help="at most so many rows in all, spread evenly")
    parser.add_argument("--days", type=_days, help="let officers work for so many days; without it nobody does anything for five")
    parser.add_argument("--rate", type=_rate, help="at most so many records a second")
    parser.add_argument("--months", type=_months, help="only these: 2022-01,2021-09")
    parser.add_argument("--out", type=Path, default=ROOT / ".local" / "replay", help="folder for records, funnel and picture")
    parser.add_argument("--keep", action="store_true", help="leave the instance up at the end, until Ctrl-C")
    return parser


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number from 1")
    return int(text)


def _days(text: str) -> int:
    days = _at_least_one(text)
    if not _LEAST_DAYS <= days <= _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"days from {_LEAST_DAYS} to {_MOST_DAYS}")
    return days


def _rate(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError("a number above 0")
    return number


def _months(text: str) -> frozenset[str]:
    months = frozenset(text.replace(",", " ").split())
    if not months or not all(re.fullmatch(r"\d{4}-\d{2}", month) for month in months):
        raise argparse.ArgumentTypeError("months such as 2022-01, comma between them")
    return months


def _replay(chosen: argparse.Namespace) -> int:
    months = read(chosen.data, months=chosen.months)
    became = outcomes.read(chosen.data, months=chosen.months)
    _writable(chosen.out)
    progress = Progress()
    with instance(_port("KI_AWS_PORT", 4566), _port("KI_WEB_PORT", 8000)) as running:
        now = next_evening(datetime.fromisoformat(running.get("/local/clock")["clock"]))
        header, *lines = generated(months, seed=chosen.seed, now=now, limit=chosen.limit, days=chosen.days, outcomes=became)
        evening = f"{now.astimezone(LONDON):%A %d %B %Y %H:%M}"
        print(f"{len(lines):,} messages of {header['run']['rows']:,} rows. The clock of the instance goes to {evening}.", flush=True)
        if became and not chosen.days:
            print("Outcomes are left alone: without DAYS nobody works on any crime.", flush=True)
        code = _run(running, chosen, header, lines, now, progress)
        if chosen.keep:
            print(f"Look at it: {running.web_url}/local/ (Ctrl-C ends it)")
            _until_interrupted()
    return code


def _run(running: Instance, chosen: argparse.Namespace, header: Line, lines: list[Line], now: datetime, progress: Progress) -> int:
    _let_it_settle(running)
    running.take()
    before, costs = Before.of(running), running.costs()
    feeding = Feeding(running, progress, rate=chosen.rate, named=lambda wave: _named(running, wave))
    with _stopping(feeding):
        fed = feeding.run(lines, now, header["run"].get("ends", ENDS))
    progress.end()
    if not fed.lines:
        print("Stopped before anything was fed.")
        return 2
    outcome = concluded(running, header, fed, before, chosen.out, complete=chosen.limit is None and not fed.stopped)
    outcome.document["run"]["costs"] = spent(costs, running.costs())
    written(outcome, chosen.out)
    for line in printed(outcome.document, FORCE_REFERRALS_A_DAY):
        print(line)
    print(f"\nWritten to {chosen.out}: records.jsonl, funnel.json, expected.json, funnel.svg")
    return 0 if outcome.sound else 1


def _named(running: Instance, wave: Sequence[Line]) -> list[Line]:
    """A wave as it goes: whoever does a task has read its id by then; where nothing is owed, nobody does anything."""
    found = []
    for line in wave:
        task_of = line.get("task_of")
        whole = named(line, running.tables.of("obligations", "occurrence_ref", task_of["reference"])) if task_of else line
        found += [whole] if whole else []
    return found


def _writable(out: Path) -> None:
    """Before hours of work, not after them."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "records.jsonl").touch()
    except OSError as error:
        raise InstanceError(f"OUT has to be a folder that can be written; {out}: {error.strerror}.") from None


def _let_it_settle(running: Instance) -> None:
    """What a running instance is still doing must not count as ours."""
    if not any(running.quiet() for _ in range(MOST_TRIES)):
        raise InstanceError("The instance does not become quiet.")


@contextmanager
def _stopping(feeding: Feeding) -> Iterator[None]:
    """The first Ctrl-C ends the feeding cleanly, the second one everything."""
    before = signal.getsignal(signal.SIGINT)

    def first(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        feeding.stop()

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
    for ending in (signal.SIGTERM, signal.SIGHUP):  # an instance of our own must not be left behind
        signal.signal(ending, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nEnded.", file=sys.stderr)
        sys.exit(130)

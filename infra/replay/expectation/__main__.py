"""`python -m infra.replay.expectation records.jsonl`: the funnel that these messages must end in, as JSON.

Must not look anywhere but into that file.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from infra.replay.expectation.arrivals import Force
from infra.replay.expectation.counting import Funnel, funnel
from infra.replay.expectation.fields import LONDON

_ENDS = 5
"""How many days the clock moves in all, where the run does not say."""


def expected(lines: Iterable[str]) -> Funnel:
    """The funnel of a records file: its first line tells of the run, every other is one message with the day on which it is fed."""
    documents: Iterator[dict[str, Any]] = (json.loads(line) for line in lines if line.strip())
    run = next(documents)["run"]
    messages = list(documents)
    first = datetime.fromisoformat(run["now"])
    force = Force(frozenset(run.get("harmless", ())))
    days = sorted({0, *(each["day"] for each in messages)})
    for day, following in itertools.pairwise([*days, run.get("ends", _ENDS)]):
        now, until = _evening(first, day), _evening(first, following)
        for message in sorted((each for each in messages if each["day"] == day), key=lambda each: int(each["wave"])):
            force.take(message["body"], now, _task(message), message.get("outcome"))
        force.pass_time(now, until)
    return funnel(force, until)


def _evening(first: datetime, day: int) -> datetime:
    """The same hour in London so many days later."""
    local = first.astimezone(LONDON)
    return datetime.combine(local.date() + timedelta(days=day), local.time(), LONDON).astimezone(UTC)


def _task(message: dict[str, Any]) -> tuple[str, tuple[str, ...]] | None:
    """Whose task a message names, and what it asks."""
    named = message.get("task")
    if not named:
        return None
    return named["victim_id"], (named["purpose"], named["unit"], *named["destinations"], *named["missing"], *named["about"])


def main(arguments: list[str]) -> int:
    """Print the funnel of the file that is named."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m infra.replay.expectation records.jsonl\n")
        return 2
    with Path(arguments[0]).open(encoding="utf-8") as lines:
        sys.stdout.write(json.dumps(expected(lines), indent=2, sort_keys=True) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

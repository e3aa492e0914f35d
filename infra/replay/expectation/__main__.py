"""`python -m infra.replay.expectation records.jsonl`: the funnel that these messages must end in, as JSON.

Must not look anywhere but into that file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from infra.replay.expectation.arrivals import Force
from infra.replay.expectation.counting import Funnel, funnel

_AFTER = (timedelta(days=2), timedelta(days=3))
"""How far the clock moves after each phase."""


def expected(lines: Iterable[str]) -> Funnel:
    """The funnel of a records file: its first line tells of the run, every other is one message."""
    documents: Iterator[dict[str, Any]] = (json.loads(line) for line in lines if line.strip())
    now = datetime.fromisoformat(next(documents)["run"]["now"])
    messages = list(documents)
    force = Force()
    for phase, after in enumerate(_AFTER):
        for message in sorted((each for each in messages if each["phase"] == phase), key=lambda each: int(each["wave"])):
            force.take(message["body"], now)
        force.pass_time(now, now + after)
        now += after
    return funnel(force)


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

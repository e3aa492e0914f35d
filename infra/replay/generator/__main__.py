"""`python -m infra.replay.generator DATA --now ISO`: the messages of a replay as JSON lines, for a look at them without an instance.

Must not feed anything.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from infra.replay.generator import outcomes
from infra.replay.generator.lines import lines
from infra.replay.generator.source_files import StreetError
from infra.replay.generator.street import read


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("needs an offset, such as 2026-11-20T20:05:00+00:00")
    return moment


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the lines to a file or to the screen."""
    parser = argparse.ArgumentParser(prog="python -m infra.replay.generator", description="Write the messages of a replay as JSON lines.")
    parser.add_argument("data", nargs="+", type=Path, help="files of data.police.uk (.csv, .csv.gz) or folders of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--days", type=int, help="officers work for so many days; without it outcomes are left alone")
    parser.add_argument("--limit", type=int, help="at most so many rows")
    parser.add_argument("--months", nargs="*", default=[], help="only these, such as 2022-01")
    parser.add_argument("--now", type=_moment, required=True, help="when feeding starts, ISO 8601 with an offset")
    parser.add_argument("--out", type=Path, help="a file instead of the screen")
    given = parser.parse_args(arguments)
    try:
        became = outcomes.read(given.data, given.months)
        found = lines(read(given.data, given.months), given.seed, given.now, limit=given.limit, days=given.days, outcomes=became)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in found)
    except StreetError as error:
        print(error, file=sys.stderr)
        return 2
    if given.out:
        given.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())

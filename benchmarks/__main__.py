"""`make bench`: start instances of our own, feed them burglaries through the queue, and print what that costs, section by section.

    make bench                            every section
    make bench ONLY=cost WRITE=1          what a month costs, into docs/cost.md
    make bench ONLY=scale                 one, or several: ONLY=records,clock
    make bench ONLY=records RECORDS=100   fewer victims (300)
    make bench ONLY=cold RUNS=3           starts of the package's functions (7 of each); needs make package before
    make bench ONLY=scale SCALE=2000,20000  other numbers of stored obligations (10000,100000,1000000); needs npx

Prints figures with their units and asserts nothing: machines are noisy, so compare ratios within one run. Must not touch a running
instance. Each section has an instance of its own, so that none owes what another fed.
"""

from __future__ import annotations

import os
import sys
import time

from benchmarks import cold, cost, instance, records, scale

CASES = 100


def main() -> int:
    """Run what ONLY names, or everything; 2 where it names no section."""
    chosen = [name.strip() for name in (os.environ.get("ONLY") or ",".join(SECTIONS)).split(",")]
    unknown = [name for name in chosen if name not in SECTIONS]
    if unknown:
        print(f"No such section: {', '.join(unknown)}. There are {', '.join(SECTIONS)}.", file=sys.stderr)
        return 2
    for name in chosen:
        SECTIONS[name]()
        print(flush=True)
    return 0


def _clock() -> None:
    with instance.running():
        _advance(90, "90 days with nothing due")
        instance.feed(CASES, 26004000000)
        _advance(10, f"10 days with {CASES} cases")


def _advance(days: int, text: str) -> None:
    began = time.perf_counter()
    instance.advance(f"P{days}D")
    print(f"clock: {text:<28}   {time.perf_counter() - began:8.1f} s")


SECTIONS = {"records": records.measure, "clock": _clock, "scale": scale.measure, "cost": cost.measure, "cold": cold.measure}


if __name__ == "__main__":
    sys.exit(main())

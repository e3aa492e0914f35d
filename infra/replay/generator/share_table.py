"""Prints docs/replay-shares.md: every share of the replay, its value and its source, and what the sources' keys stand for.

Must not leave one out, or round a value.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from infra.replay.generator.outcomes import MAPPING
from infra.replay.generator.people import ADULT_FROM, ADULT_GAMMA, ADULT_TO, CHILD_YEARS, MOST_OCCURRENCES
from infra.replay.generator.points import EVERY
from infra.replay.generator.shares import table
from infra.replay.generator.sources import cited, legend
from infra.replay.generator.times import DELAYS

COMMAND = "python -m infra.replay.generator.share_table > docs/replay-shares.md"
_OPENING = f"""# What a replay draws from

Written by `{COMMAND}`; a change by hand is lost.

A number alone is a probability. Weights stand as they are drawn from: they need not sum to one."""


def markdown() -> str:
    """The whole document: one line a share, then one for each source that is cited."""
    rows = [*table(), *_measures()]
    shares = ["| Share | Value | Source |", "|---|---|---|", *(f"| {name} | {_value(value)} | {source} |" for name, value, source in rows)]
    return "\n".join([_OPENING, "", *shares, "", "## Sources", "", *legend(cited(source for _, _, source in rows)), ""])


def _measures() -> list[tuple[str, object, str]]:
    """What is drawn from no share: delays, ages and limits."""
    delays = [
        (f"delay: {what}", f"log-normal, median {median} minutes, sigma {sigma}, at most {most}", "[stated]")
        for what, (median, sigma, most) in DELAYS.items()
    ]
    outcomes = [(f"outcome: {name}", mapped.type, mapped.source) for name, mapped in MAPPING.items()]
    return [
        *outcomes,
        *delays,
        ("age of children", f"evenly from {CHILD_YEARS[0]} to {CHILD_YEARS[1]} years", "[stated]"),
        ("age of adults", f"{ADULT_FROM} years and gamma{ADULT_GAMMA} above, at most {ADULT_TO}", "[stated]"),
        ("most occurrences of one person in a run", MOST_OCCURRENCES, "[stated] each needs a wave of its own"),
        (
            "numbers that behave specially",
            f"one of six to every {EVERY}th who prefers text messages, met once, never referred",
            "[stated]",
        ),
    ]


def _value(value: object) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    return ", ".join(f"{outcome or '(none)'} {weight}" for outcome, weight in value.items())


if __name__ == "__main__":
    sys.stdout.write(markdown())

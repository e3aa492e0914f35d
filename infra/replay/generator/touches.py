"""What a message touches (occurrence, people, mailboxes, numbers), and waves in which no two messages touch the same.

Must not read the order of a set: the waves follow from the order of the messages alone.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from typing import Any

Record = dict[str, Any]


def touched(occurrence: Record) -> frozenset[str]:
    """Every reference, person and point of contact that the occurrence names, each written in one way."""
    found = [f"occurrence {reference.replace('*', '000')}" for reference in (occurrence["reference"], *occurrence["linked_references"])]
    for victim in occurrence["victims"]:
        found += [f"person {victim['person_ref']}"] if victim["person_ref"] else []
        found += _points(victim, "email", "mobile", "landline")
        found += _points(victim["representative"] or {}, "email", "mobile")
    return frozenset(found)


def _points(holder: Record, *names: str) -> list[str]:
    return [_point(holder[name]) for name in names if holder.get(name)]


def _point(written: str) -> str:
    """A number without its country code and punctuation, anything else in lower case."""
    digits = re.sub(r"[^0-9]", "", written)
    if len(digits) < 10 or "@" in written:
        return f"point {written.strip().lower()}"
    return f"point {digits.removeprefix('44').removeprefix('0')}"


class Waves:
    """Greedy: a message's wave is one more than the highest wave of any earlier message that it touches."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._last: dict[Hashable, int] = {}

    def wave_of(self, touches: Iterable[str], *, again: bool = False) -> int:
        """The wave of the next message. `again`: the very body of the message before it, which may share its wave."""
        everything = list(touches)
        highest = max((self._last.get(each, self._first - 1) for each in everything), default=self._first - 1)
        wave = highest if again else highest + 1
        for each in everything:
            self._last[each] = wave
        return wave

"""One entry of a story, and what its sources share.

Must not know what an entry tells of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the story. `at` sorts (UTC); `tone` is good, wait, bad or empty; `seen` leads to the message; `ids` help to debug."""

    at: str
    title: str
    lines: tuple[str, ...] = ()
    tone: str = ""
    victim: str = ""
    seen: str = ""
    ids: tuple[str, ...] = ()


def said(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines that say something."""
    return tuple(line for line in lines if line)


def victim_of(row: Mapping[str, Any]) -> str:
    """The victim whom a row is about; empty: the whole occurrence."""
    return str(row.get("victim_id") or "")

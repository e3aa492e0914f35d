"""The shape of a dated row of words of immediate danger.

Must not hold a word: those stand by language in danger_words.py and in the files beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DangerRule:
    """A dated row: from `effective_from`, these `signs` in a message in `language` speak of immediate danger."""

    id: str
    language: str
    effective_from: date
    source: str
    signs: tuple[str, ...]

"""Cleans free text of everything that is not text: control characters, line breaks, direction marks, invisible characters.

Must not reject by content (text is never malformed by what it says), escape for any output, or know any field.
"""

from __future__ import annotations

import unicodedata

SHORT = 500
"""Characters of any text but the summary."""
LONG = 20_000
"""Characters of the summary."""

_TURNS_TO_SPACE = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_JOINERS = frozenset("\u200c\u200d")
"""Needed to write several languages and most emoji."""


def _kept(character: str) -> str:
    if character in _TURNS_TO_SPACE:
        return " "
    if character.isascii():
        return "" if character < " " or character == "\x7f" else character
    category = unicodedata.category(character)
    if category in ("Cc", "Cs") or (category == "Cf" and character not in _JOINERS):
        return ""
    return "" if ord(character) & 0xFFFE == 0xFFFE else character


def clean(text: str) -> str:
    """One line of NFC text without control, direction or invisible characters, surrogates or outer space. Idempotent.

    A line break becomes a space. Removing before composing keeps the result stable when it is cleaned again.
    """
    one_line = text.replace("\r\n", "\n")
    return unicodedata.normalize("NFC", "".join(map(_kept, one_line))).strip()

"""Makes a value from a record harmless as text: one line, no control or direction-changing characters.

Must not change a letter: what a name is spelled with stays, in its composed form.
"""

from __future__ import annotations

import unicodedata

# Joiners that spelling needs (Persian, Panjabi, Sinhala); all other format characters go, such as direction marks.
_JOINERS = {"\u200c", "\u200d"}
_BREAKS = {"Cc", "Zl", "Zp", "Zs"}
_DROPPED = {"Cf", "Cs", "Co"}
_GRAPHEME_JOINER = "\u034f"


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category in _BREAKS:
        return " "
    if (category in _DROPPED and character not in _JOINERS) or character == _GRAPHEME_JOINER:
        return ""
    return character


def one_line(value: object) -> str:
    """`value` as one line of plain characters, in composed form (NFC), spaces single.

    Private-use characters go as well: prose.py uses some as its own marks.
    """
    text = str(value)
    if text.isascii() and text.isprintable():  # most of them; nothing in it to take out or to compose
        return " ".join(text.split())
    return unicodedata.normalize("NFC", " ".join("".join(map(_kept, text)).split()))


# Punctuation that would double the price of a text message and carries no meaning that the plain form does not.
_PLAIN_PUNCTUATION = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "…": "..."}
)


def plain_punctuation(text: str) -> str:
    """`text` with typographic quotes, dashes and dots in their plain form; letters are untouched."""
    return text.translate(_PLAIN_PUNCTUATION)


def is_right_to_left(text: str) -> bool:
    """True when `text` holds a letter that is written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)

"""Whether a text speaks of immediate danger, by the dated rows of danger_words.py.

Errs to alert: slips of the pen count, denials count, and so does every language that has a row. Must not decide who is told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from chalicelib.domain.danger_rule import DangerRule
from chalicelib.domain.danger_words import DANGER_RULES

GAP = "_"
MOST_BETWEEN = 3
"""Words that a gap may stand for."""
SHORTEST_SLIPPED = 5
"""Letters of a word from which on one slip is forgiven; in shorter ones it makes another word."""
_UNSEEN = frozenset({"Mn", "Mc", "Me", "Cf"})
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_WORDS = re.compile(r"[^\W_]+")
_RUN = re.compile(r"(.)\1+")
_ONE_LETTER = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "ı": "i", "ک": "ك", "ی": "ي", "ى": "ي", "ے": "ي", "ہ": "ه", "ھ": "ه", "ة": "ه", "ں": "ن", "ـ": ""}
)
"""Letters that keyboards have twice, or that people write with another: Polish, Arabic, Urdu, Farsi."""
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t"})


@dataclass(frozen=True, slots=True)
class _Word:
    """One place of a sign: words that stand there, and beginnings of words. `gap` is how many others may come before it.

    `long` are the words in which a slip is forgiven, by their first letter: most words of a message have none, and are done with at once.
    """

    exact: frozenset[str]
    starts: tuple[str, ...]
    long: Mapping[str, tuple[str, ...]]
    gap: int


@dataclass(frozen=True, slots=True)
class _Text:
    """The words of a text in order, where each of them stands, and each once by its first letter."""

    words: Sequence[str]
    places: Mapping[str, Sequence[int]]
    firsts: Mapping[str, Sequence[str]]


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: no accents or vowel signs, no apostrophes, small, a letter written several times once."""
    return tuple(_squeezed(word) for word in _WORDS.findall(_bare(text)))


def _bare(text: str) -> str:
    """Without marks and invisible joiners, in one spelling. Where vowels are marks (Punjabi, Bengali) consonants alone are compared."""
    marks = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text))
    return "".join(mark for mark in marks if unicodedata.category(mark) not in _UNSEEN).casefold().translate(_ONE_LETTER)


def _squeezed(word: str) -> str:
    letters = word.translate(_LEET) if not word.isdigit() else word
    return _RUN.sub(r"\1", letters)


def in_danger(texts: Iterable[str], day: date, table: Collection[DangerRule] = DANGER_RULES) -> bool:
    """Whether any of these texts speaks of immediate danger, by the rows in force on `day` (the oldest for days before all of them)."""
    signs = [sign for row in _in_force(table, day) for sign in _signs(row)]
    return any(_found(sign, text) for text in map(_read, texts) for sign in signs)


def _in_force(table: Collection[DangerRule], day: date) -> list[DangerRule]:
    rows: dict[str, DangerRule] = {}
    for row in sorted(table, key=lambda row: row.effective_from):
        if row.effective_from <= day or row.id not in rows:
            rows[row.id] = row
    return list(rows.values())


@cache
def _signs(rule: DangerRule) -> tuple[tuple[_Word, ...], ...]:
    return tuple(_sign(text) for text in rule.signs)


def _sign(text: str) -> tuple[_Word, ...]:
    places: list[_Word] = []
    gap = 0
    for place in text.split():
        if place == GAP:
            gap = MOST_BETWEEN
            continue
        choices = place.split("|")
        starts = tuple(_squeezed(_bare(choice[:-1])) for choice in choices if choice.endswith("*"))
        exact = frozenset(_squeezed(_bare(choice)) for choice in choices if not choice.endswith("*"))
        places.append(_Word(exact, starts, _long(exact), gap))
        gap = 0
    return tuple(places)


def _long(exact: Collection[str]) -> dict[str, tuple[str, ...]]:
    slipped = sorted(known for known in exact if len(known) >= SHORTEST_SLIPPED)
    return {first: tuple(known for known in slipped if known[0] == first) for first in {known[0] for known in slipped}}


def _read(text: str) -> _Text:
    words = words_of(text)
    places: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        places.setdefault(word, []).append(at)
    firsts: dict[str, list[str]] = {}
    for word in places:
        firsts.setdefault(word[0], []).append(word)
    return _Text(words, places, firsts)


def _found(sign: Sequence[_Word], text: _Text) -> bool:
    first, rest = sign[0], sign[1:]
    return any(_goes_on(rest, text.words, at + 1) for word in _said(first, text) for at in text.places[word])


def _said(place: _Word, text: _Text) -> set[str]:
    """Which words of the text may stand at this place: looked up, since a long message is held against hundreds of signs."""
    said = {word for word in place.exact if word in text.places}
    if place.starts:
        said |= {word for word in text.places if word.startswith(place.starts)}
    for first, known in place.long.items():
        said |= {word for word in text.firsts.get(first, ()) if any(_slip_of(one, word) for one in known)}
    return said


def _goes_on(sign: Sequence[_Word], words: Sequence[str], at: int) -> bool:
    if not sign:
        return True
    reach = range(at, min(at + sign[0].gap + 1, len(words)))
    return any(_is(sign[0], words[here]) and _goes_on(sign[1:], words, here + 1) for here in reach)


def _is(place: _Word, word: str) -> bool:
    return word in place.exact or word.startswith(place.starts) or any(_slip_of(known, word) for known in place.long.get(word[0], ()))


def _slip_of(known: str, word: str) -> bool:
    """One letter too many, too few, another, or two changed round; the first letter of both is the same."""
    if abs(len(word) - len(known)) > 1:
        return False
    if len(word) == len(known):
        differ = [at for at, (one, other) in enumerate(zip(word, known, strict=True)) if one != other]
        return len(differ) == 1 or (len(differ) == 2 and _turned(known, word, *differ))
    longer, shorter = (word, known) if len(word) > len(known) else (known, word)
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def _turned(known: str, word: str, first: int, second: int) -> bool:
    return second == first + 1 and (word[first], word[second]) == (known[second], known[first])

"""Whether free text of a record may stand in an automatic e-mail or letter to a victim, and how it stands there.

Fails closed: what is not plainly harmless goes to a person. A text may be refused for a word that was harmless; it then costs an officer
a call. Names written small that no list holds are not found. Must not mend a text, or give back any of its words as the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from chalicelib.domain import free_text_words as words


class Unfit(StrEnum):
    """Why a text may not be sent; the first that applies, in this order."""

    EMPTY = "empty"
    LONG = "long"
    CONTACT = "contact"
    NUMBER = "number"
    CHARACTERS = "characters"
    ADDRESS = "address"
    BAIL_CONDITION = "bail_condition"
    SENSITIVE = "sensitive"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a force adds to the lists: `names`, words of its own name that are nobody's, and `telling`, names of specialist services."""

    names: frozenset[str] = frozenset()
    telling: tuple[str, ...] = ()


NO_FORCE = OwnWords()
LONGEST = 300
_SHORT = 2
"""Letters of a word that tells nobody apart."""


def _any_of(phrases: str) -> str:
    """A pattern for phrases parted by semicolons: `*` is any ending; words of a phrase may be parted by a space, a hyphen or nothing."""
    found = (" ".join(phrase.split()) for phrase in phrases.split(";"))
    return r"\b(?:" + "|".join(phrase.replace("*", r"\w*").replace(" ", "[ .'’-]*") for phrase in found) + r")\b"


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DIGIT_WORD = r"(?:zero|nought|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|treble)"
_STREET = "|".join(words.STREETS.split())
_OFFICIAL, _OPENERS, _GIVEN_NAMES = (frozenset(text.split()) for text in (words.OFFICIAL, words.OPENERS, words.GIVEN_NAMES))
_LETTERS = re.compile(r"[A-Za-z]+")
_SENTENCE_END = re.compile(r"(?<=[.!?]) +")
_OPENING = re.compile(r"[\"'‘“(]*([A-Za-z]+)")
_MONTHS_THAT_ARE_NAMES = re.compile(r"(?:\b[0-9]{1,2}(?:st|nd|rd|th)? (?:of )?|\b[Ii]n )(?:April|May|June)\b")

_RULES: tuple[tuple[Unfit, re.Pattern[str]], ...] = tuple(
    (code, re.compile(pattern, flags))
    for code, flags, pattern in (
        # E-mail and web addresses, whole or spelt out. A full stop inside a word is one, whatever was meant.
        (Unfit.CONTACT, re.I, r"@|://|\bwww\b|[a-z0-9-]\.[a-z]{2}|\bdot (?:co|com|uk|org|net|test)\b"),
        # A telephone number, in figures however parted, or in words.
        (Unfit.CONTACT, 0, r"\+ *[0-9]|[0-9](?:[^A-Za-z0-9]*[0-9]){6}"),
        (Unfit.CONTACT, re.I, rf"\b{_DIGIT_WORD}(?:[ ,-]+{_DIGIT_WORD}){{3}}\b"),
        # A postcode, anywhere.
        (Unfit.CONTACT, re.I, r"[a-z]{1,2}[0-9][0-9a-z]?[^a-z0-9]*[0-9][a-z]{2}"),
        # Collar numbers, references, years; days in figures; days with a short year; figures mixed with letters, as on a number plate.
        (Unfit.NUMBER, 0, r"[0-9]{4}|[0-9]{1,2} *[./-] *[0-9]{1,2} *[./-] *[0-9]{1,2}|[0-9](?:[^A-Za-z0-9]*[0-9]){5}"),
        (Unfit.NUMBER, re.I, rf"[0-9](?:st|nd|rd|th)? (?:of )?{_MONTH},? ['’]?[0-9]|\b{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? ['’]?[0-9]"),
        (Unfit.NUMBER, re.I, r"\b(?![0-9]{1,2}(?:st|nd|rd|th|am|pm)\b)(?:[a-z]+[0-9]|[0-9]+[a-z])"),
        (Unfit.NUMBER, 0, r"\b[A-Z]{1,3} [0-9]{1,3} [A-Z]{3}\b"),
        (Unfit.NUMBER, re.I, _any_of(words.BIRTH)),
        # Anything but plain letters, figures and the marks of a sentence: line breaks, markup, letters that look like others.
        (Unfit.CHARACTERS, 0, r"[^A-Za-z0-9 .,;:!?'’‘\"“”()£%/–—-]"),
        (Unfit.ADDRESS, re.I, _any_of(words.PLACES)),
        (Unfit.ADDRESS, re.I, rf"\b[0-9]{{1,3}},? +[a-z]+ (?:{_STREET}|st|rd|ave|ln|cl)\b|\b(?:number|no|house|room|unit|plot)\.? *[0-9]"),
        (Unfit.ADDRESS, 0, rf"\b(?!(?:Crown|High|The) Court\b)[A-Z][a-z]+ (?:{_STREET})\b"),
        (Unfit.BAIL_CONDITION, re.I, _any_of(words.BAIL_CONDITIONS)),
        (Unfit.BAIL_CONDITION, re.I, r"\breport(?:s|ing)? (?:[a-z]+ ){0,6}station\b"),
        (Unfit.SENSITIVE, re.I, _any_of(words.SENSITIVE)),
        # The risk assessment; a dash camera is written small.
        (Unfit.SENSITIVE, 0, r"\bDASH\b"),
        (Unfit.NAME, re.I, _any_of(words.NAMING)),
        # Letters drawn apart.
        (Unfit.NAME, 0, r"\b[A-Za-z](?:[ ,-]+[A-Za-z]\b){2}"),
        # Initials; "e.g.", "i.e.", "a.m." and "p.m." are none.
        (Unfit.NAME, 0, r"\b[A-Z]\.|\b(?!(?:e\.g|i\.e|[ap]\.m)\b)[A-Za-z]\.[A-Za-z]\b"),
    )
)


@lru_cache(maxsize=8)
def _telling_names(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(_any_of("; ".join(re.escape(name).replace(r"\ ", " ") for name in names)) if names else r"(?!)", re.I)


def unfit(text: str, known: Iterable[str] = (), own: OwnWords = NO_FORCE) -> Unfit | None:
    """Why this text may not be sent; None: it may. `known` are names and addresses of the case, none of whose words may stand in it."""
    said = " ".join(text.split()).rstrip(".").casefold()
    if said in words.EMPTY or not any(mark.isalpha() for mark in said):
        return Unfit.EMPTY
    if len(text) > LONGEST:
        return Unfit.LONG
    for code, pattern in _RULES:
        if pattern.search(text):
            return code
    if _telling_names(own.telling).search(text):
        return Unfit.SENSITIVE
    if {word.lower() for word in _LETTERS.findall(text)} & _telling(known):
        return Unfit.NAME
    return Unfit.NAME if any(_may_name(sentence, own.names) for sentence in _SENTENCE_END.split(text.strip())) else None


def _telling(known: Iterable[str]) -> set[str]:
    """The words of names and addresses that are no ordinary ones."""
    found: set[str] = {word.lower() for text in known for word in _LETTERS.findall(text)}
    return {word for word in found if len(word) > _SHORT and word not in _OPENERS}


def _may_name(sentence: str, names: frozenset[str]) -> bool:
    """Whether a word may be a name: a given name; one with a capital letter, or the opening word, that is on no list."""
    opening = _OPENING.match(sentence)
    if opening and not (opening[1] in names or _may_open(opening[1])):
        return True
    rest = sentence[opening.end() :] if opening else sentence
    found: list[str] = _LETTERS.findall(_MONTHS_THAT_ARE_NAMES.sub(" ", rest))
    return any(word.lower() in _GIVEN_NAMES or (word != word.lower() and word not in _OFFICIAL | names) for word in found)


def _may_open(word: str) -> bool:
    return word in _OFFICIAL or (word in (word.lower(), word.capitalize()) and word.lower() in _OPENERS)


def as_sentence(text: str) -> str:
    """The text as one sentence: single spaces, a capital letter first, a full stop last. Nothing stays nothing."""
    said = " ".join(text.split()).rstrip(" .,;:!?")
    return f"{said[0].upper()}{said[1:]}." if said else ""

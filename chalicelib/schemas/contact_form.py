"""Reads the form "Contact an officer" as a browser posts it: every spelling of a reference and of a collar number, sizes, clean text.

What is wrong is said by field and by its form alone. Must not know whether a reference or a collar number exists, or whether it is danger.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib.domain.contact_form import MOST, REQUIRED, ContactForm, Fault, Field
from chalicelib.schemas.fields import COLLAR_PATTERN, REFERENCE_PATTERN, SKEW, long_reference, matches
from chalicelib.schemas.text import clean

HONEYPOT = "website"
"""The field that no person sees. A message with it is kept and looked at by a person: a browser may have filled it in by itself."""
Faults = dict[Field, Fault]

_STARS = str.maketrans(dict.fromkeys("∗＊✱⁎⋆★×x/\\", "*"))
_SLIPS = str.maketrans({"o": "0", "l": "1", "i": "1"})
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9*])[oli]+(?=[0-9*oli]|$)|(?<![a-z])[oli]+(?=[0-9])")
_WORDS = re.compile(r"[a-wyz][a-z]*")
_FILLERS = re.compile(r"[\s.,:;#()\[\]_–—-]+")
_CENTURY = "20"
_DIGITS_AFTER_THE_YEAR = 9
_MOST_AFTER_A_STAR = 6
_RANKS = re.compile(r"^(?:pc|dc|ps|ds|pcso|sgt|sergeant|insp|inspector|di|dci|ci|no|number|collar|officer)(?=[0-9])")


def read_contact_form(posted: Mapping[str, str], now: datetime) -> ContactForm | Faults:
    """The form, or what is wrong with it by field. A field that was not posted is blank."""
    texts = {field: _cleaned(field, posted.get(field.value, "")) for field in Field}
    faults = {field: fault for field, text in texts.items() if (fault := _fault(field, text))}
    read: dict[Field, str] = {}
    for field, reader, fault in (
        (Field.REFERENCE, lambda text: read_reference(text, now), Fault.NO_REFERENCE),
        (Field.COLLAR_NUMBER, read_collar_number, Fault.NO_COLLAR_NUMBER),
    ):
        found = reader(texts[field]) if field not in faults else None
        if found is not None:
            read[field] = found
        else:
            faults.setdefault(field, fault)
    if faults:
        return faults
    return ContactForm(
        collar_number=read[Field.COLLAR_NUMBER],
        reference=read[Field.REFERENCE],
        name=texts[Field.NAME],
        message=texts[Field.MESSAGE],
        email=texts[Field.EMAIL] or None,
        phone=texts[Field.PHONE] or None,
        safe_to_reply=texts[Field.SAFE_TO_REPLY] or None,
        doubtful=bool(posted.get(HONEYPOT, "").strip()),
    )


def typed(posted: Mapping[str, str]) -> dict[str, str]:
    """What was entered, to be shown again in the form: clean text of any length, by the names of the fields."""
    return {field.value: _cleaned(field, posted.get(field.value, "")) for field in Field}


def _cleaned(field: Field, text: str) -> str:
    if field is not Field.MESSAGE:
        return clean(text)
    lines = [clean(line) for line in re.split(r"\r\n|\r|\n", text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _fault(field: Field, text: str) -> Fault | None:
    if not text:
        return Fault.BLANK if field in REQUIRED else None
    return Fault.TOO_LONG if len(text) > MOST[field] else None


def read_reference(text: str, now: datetime) -> str | None:
    """The eleven digits of a crime or incident reference, however it was written; None where no one number can be meant.

    `26*712345`, `26000712345`, `Crime ref no. 26 / 712345`, `26-712345`, `26712345`, `26*7l2345`.
    """
    bare = unicodedata.normalize("NFKC", text).casefold()
    bare = _BETWEEN_DIGITS.sub(lambda found: found[0].translate(_SLIPS), bare)
    bare = _FILLERS.sub(" ", _WORDS.sub(" ", bare).translate(_STARS)).strip(" *")
    bare = re.sub(r"\s*\*+\s*", "*", bare).replace(" ", "")
    found = _with_star(bare) if "*" in bare else _without(bare)
    if found is None or not matches(REFERENCE_PATTERN, found) or int(found[:2]) > (now + SKEW).year % 100:
        return None
    return long_reference(found)


def _with_star(bare: str) -> str | None:
    year, _, number = bare.partition("*")
    if len(year) == len(_CENTURY) * 2:
        year = year.removeprefix(_CENTURY)
    if len(number) == _DIGITS_AFTER_THE_YEAR:
        return year + number
    return f"{year}*{number:0>{_MOST_AFTER_A_STAR}}" if number and len(number) <= _MOST_AFTER_A_STAR else None


def _without(bare: str) -> str | None:
    """Without the star: the long form, the year and six digits, or the year in full and six digits."""
    shapes: dict[int, Callable[[], str]] = {
        11: lambda: bare,
        8: lambda: f"{bare[:2]}*{bare[2:]}",
        10: lambda: f"{bare[2:4]}*{bare[4:]}" if bare.startswith(_CENTURY) else "",
    }
    return shapes[len(bare)]() if len(bare) in shapes else None


def read_collar_number(text: str) -> str | None:
    """A collar number, in capitals: `2345`, `pc 2345`, `PC2345`, `Collar no: 2345`, `PC 2345 Ash`. None: no one number is meant."""
    bare = unicodedata.normalize("NFKC", text).casefold()
    words = [_RANKS.sub("", word) for word in re.findall(r"[a-z0-9]+", bare)]
    numbers = list(dict.fromkeys(word for word in words if any(letter.isdigit() for letter in word)))
    chosen = numbers if numbers else words
    if len(chosen) != 1 or not matches(COLLAR_PATTERN, chosen[0]):
        return None
    return chosen[0].upper()

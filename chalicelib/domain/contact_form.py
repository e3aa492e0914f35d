"""What somebody writes through the page "Contact an officer": its fields and sizes, and what is kept of it.

Who wrote is only claimed, so nothing here proves anything. Must not route, answer or store a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.model import Victim

MOST_TYPED = 60
"""Characters of a reference or collar number as typed, prefix words included."""
MOST_NAME = 100
MOST_EMAIL = 254
MOST_PHONE = 40
MOST_SAFE = 500
MOST_MESSAGE = 4000
_NATIONAL_DIGITS = 9
"""Digits of a telephone number that tell it from others, whatever code stands before them."""


class Field(StrEnum):
    """The form's fields, as the page posts them."""

    COLLAR_NUMBER = "collar_number"
    REFERENCE = "reference"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    SAFE_TO_REPLY = "safe_to_reply"
    MESSAGE = "message"


MOST: dict[Field, int] = {
    Field.COLLAR_NUMBER: MOST_TYPED,
    Field.REFERENCE: MOST_TYPED,
    Field.NAME: MOST_NAME,
    Field.EMAIL: MOST_EMAIL,
    Field.PHONE: MOST_PHONE,
    Field.SAFE_TO_REPLY: MOST_SAFE,
    Field.MESSAGE: MOST_MESSAGE,
}
"""The most characters of each field."""
REQUIRED = frozenset({Field.COLLAR_NUMBER, Field.REFERENCE, Field.NAME, Field.MESSAGE})
"""How to reach somebody is never required: whoever is not safe to reach may still write."""


class Fault(StrEnum):
    """Why a field cannot be taken: always of its form, never of what we know."""

    BLANK = "blank"
    TOO_LONG = "too_long"
    NO_REFERENCE = "no_reference"
    NO_COLLAR_NUMBER = "no_collar_number"


@dataclass(frozen=True, slots=True)
class ContactForm:
    """One filled form. `reference` has eleven digits, `collar_number` is upper case; `message` may have line breaks, the rest has none.

    `doubtful`: the field that no person sees was filled in.
    """

    collar_number: str
    reference: str
    name: str
    message: str
    email: str | None = None
    phone: str | None = None
    safe_to_reply: str | None = None
    doubtful: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that a person wrote in their own words."""
        return tuple(text for text in (self.message, self.safe_to_reply, self.name) if text)

    @property
    def content(self) -> str:
        """All that makes it the same message when it is posted again."""
        said = (self.collar_number, self.reference, self.name, self.email, self.phone, self.safe_to_reply, self.message)
        return "\x1f".join(" ".join((text or "").split()) for text in said)


@dataclass(frozen=True, slots=True)
class ContactMessage:
    """A form as it is kept. `danger`: its words speak of immediate danger. `many`: its reference had its share of the window before.

    `kept_until`: when the store may forget it.
    """

    message_id: str
    received_at: datetime
    kept_until: datetime
    form: ContactForm
    danger: bool = False
    many: bool = False

    @property
    def reference(self) -> str:
        return self.form.reference


def same_collar(typed: str, known: str) -> bool:
    """Whether two collar numbers are one: zeros before it and small letters make no other."""
    return _bare(typed) == _bare(known)


def _bare(collar: str) -> str:
    return collar.upper().lstrip("0")


def gave(form: ContactForm, victim: Victim) -> bool:
    """Whether the form gives contact details that the record has of this victim, or of whoever receives for them.

    Whoever knows them may have written it: it says whose message it would be, and proves nothing.
    """
    holders = [holder for holder in (victim, victim.representative) if holder]
    emails = {point.value.lower() for holder in holders if (point := holder.email) and point.value}
    numbers = {_digits(point.value) for holder in holders if (point := holder.mobile) and point.value}
    if victim.landline and victim.landline.value:
        numbers.add(_digits(victim.landline.value))
    phone = _digits(form.phone or "")
    return (form.email or "").strip().lower() in emails or (len(phone) == _NATIONAL_DIGITS and phone in numbers)


def _digits(number: str) -> str:
    return "".join(character for character in number if character in "0123456789")[-_NATIONAL_DIGITS:]

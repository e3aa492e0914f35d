"""Turns telephone numbers and e-mail addresses as officers type them into points that can be used, or into the reason why not.

Must not reject a record (an unusable point is a fact about a channel), look anything up, or guess between two numbers.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING

from email_validator import EmailNotValidError, validate_email

from chalicelib.domain.model import Point

if TYPE_CHECKING:  # every function checks its profile's addresses when it starts, and few ever see a telephone number
    from phonenumbers import PhoneNumber


class Problem(StrEnum):
    """Why a point cannot be used."""

    NOT_A_NUMBER = "not_a_number"
    NOT_A_MOBILE = "not_a_mobile"
    WORDS_IN_NUMBER = "words_in_number"
    """Beside the digits stand words that may be a warning ("his phone"), so that a person must read it."""
    ABROAD = "abroad"
    RESERVED_NUMBER = "reserved_number"
    NOT_AN_ADDRESS = "not_an_address"
    RESERVED_DOMAIN = "reserved_domain"


_LABELS = frozenset({"mob", "mobile", "tel", "telephone", "phone", "cell", "m", "t", "p"})
"""Words that say only what the digits are."""
_GB = 44
"""Shared with Jersey, Guernsey and the Isle of Man."""
_FICTIONAL = re.compile(r"7700900[0-9]{3}")
"""Ofcom's mobile numbers for drama, 07700 900000 to 900999: never allocated."""
_RESERVED_DOMAIN = re.compile(r"(?:.*\.)?(?:test|example|example(?:\.[a-z]{2,3}){1,2})")
"""RFC 2606 and RFC 6761: .test, .example, and example under any top-level domain."""


def _digits(text: str) -> str | None:
    """Digits with an optional leading +, or None when words stand beside them that are not a mere label."""
    flat = unicodedata.normalize("NFKC", text).lower()
    words = re.findall(r"[^\W\d_]+", flat)
    if any(word not in _LABELS for word in words):
        return None
    bare = re.sub(r"\(0\)", "", flat)
    bare = re.sub(r"[^0-9+]", "", bare)
    if bare.startswith("00"):
        return "+" + bare[2:]
    return "+" + bare if bare.startswith("44") and len(bare) == 12 else bare


def _parsed(digits: str) -> PhoneNumber | None:
    import phonenumbers

    try:
        return phonenumbers.parse(digits, "GB")
    except phonenumbers.NumberParseException:
        return None


def _fault_of(number: PhoneNumber, *, fictional_ok: bool, must_text: bool) -> Problem | None:
    import phonenumbers
    from phonenumbers import PhoneNumberType

    if number.country_code == _GB and _FICTIONAL.fullmatch(str(number.national_number)):
        return None if fictional_ok else Problem.RESERVED_NUMBER
    if not phonenumbers.is_valid_number(number):
        return Problem.NOT_A_NUMBER
    if must_text and number.country_code != _GB:
        return Problem.ABROAD
    texts = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    return Problem.NOT_A_MOBILE if must_text and phonenumbers.number_type(number) not in texts else None


def _telephone(given: str | None, *, allow_reserved: bool, must_text: bool) -> Point | None:
    import phonenumbers

    if given is None:
        return None
    digits = _digits(given)
    if digits is None:
        return Point(None, Problem.WORDS_IN_NUMBER)
    number = _parsed(digits)
    if number is None:
        return Point(None, Problem.NOT_A_NUMBER)
    problem = _fault_of(number, fictional_ok=allow_reserved, must_text=must_text)
    return Point(None, problem) if problem else Point(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def mobile_point(given: str | None, *, allow_reserved: bool) -> Point | None:
    """A number that can receive a text message, in E.164; None when nothing was given. Only +44, Crown dependencies included."""
    return _telephone(given, allow_reserved=allow_reserved, must_text=True)


def landline_point(given: str | None, *, allow_reserved: bool) -> Point | None:
    """A number that a person can ring, in E.164, of any kind and country."""
    return _telephone(given, allow_reserved=allow_reserved, must_text=False)


def email_point(given: str | None, *, allow_reserved: bool) -> Point | None:
    """An address with its domain in lower case (punycode for other scripts) and its local part as given; None when nothing was given.

    The local part must be ASCII, since the mail provider takes no other. `allow_reserved` is true everywhere but in prod.
    """
    if given is None:
        return None
    try:
        # test_environment admits .test, which is then judged here with the other reserved domains.
        checked = validate_email(given, strict=True, allow_smtputf8=False, check_deliverability=False, test_environment=True)
    except (EmailNotValidError, UnicodeError):
        return Point(None, Problem.NOT_AN_ADDRESS)
    domain = checked.ascii_domain.lower()
    if not allow_reserved and _RESERVED_DOMAIN.fullmatch(domain):
        return Point(None, Problem.RESERVED_DOMAIN)
    return Point(f"{checked.local_part}@{domain}")

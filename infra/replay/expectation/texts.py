"""Texts, numbers and addresses as a record writes them, in the one form in which they can be compared.

Must not reject anything: what cannot be used is None. Numbers are judged for the United Kingdom only, by their shape: a real directory of
ranges is no part of an expectation over fictional people.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_BREAKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_LABELS = frozenset({"mob", "mobile", "tel", "telephone", "phone", "cell", "m", "t", "p"})
_MOBILE = re.compile(r"7[1-57-9][0-9]{8}|7624[0-9]{6}")
_ANY_LINE = re.compile(r"7[1-57-9][0-9]{8}|7624[0-9]{6}|[1238][0-9]{9}|1[0-9]{8}")
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NO_DOMAIN = frozenset({"local", "localhost", "invalid", "onion", "arpa"})


def plain(text: str) -> str:
    """One line in NFC without control, direction or invisible characters; a line break is a space, the ends are trimmed."""
    if text.isascii() and text.isprintable():
        return text.strip()
    kept = []
    for character in text.replace("\r\n", "\n"):
        kind = unicodedata.category(character)
        if character in _BREAKS:
            kept.append(" ")
        elif kind not in {"Cc", "Cs", "Cf"} or character in "\u200c\u200d":
            kept.append("" if ord(character) & 0xFFFE == 0xFFFE else character)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _national(text: str | None) -> str | None:
    """The ten (or nine) digits behind +44, or None: no digits, words beside them, another country."""
    flat = unicodedata.normalize("NFKC", text or "").lower()
    if any(word not in _LABELS for word in re.findall(r"[^\W\d_]+", flat)):
        return None
    digits = re.sub(r"[^0-9+]", "", flat.replace("(0)", ""))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("44") and len(digits) == 12:
        digits = "+" + digits
    if digits.startswith("+"):
        return digits[3:].removeprefix("0") if digits.startswith("+44") else None
    return digits.removeprefix("0")


@cache
def mobile(text: str | None) -> str | None:
    """The number in E.164 where a text can reach it."""
    national = _national(text)
    return f"+44{national}" if national and _MOBILE.fullmatch(national) else None


@cache
def landline(text: str | None) -> str | None:
    """The number in E.164 where a person can ring it."""
    national = _national(text)
    return f"+44{national}" if national and _ANY_LINE.fullmatch(national) else None


def _mail_domain(text: str) -> str | None:
    """In lower case and ASCII letters, or None."""
    try:
        domain = text.encode("idna").decode().lower() if not text.isascii() else text.lower()
    except UnicodeError:
        return None
    labels = domain.split(".")
    fits = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) and re.search(r"[a-z]", labels[-1]) is not None
    return domain if fits and labels[-1] not in _NO_DOMAIN and len(domain) <= 253 else None


@cache
def email(text: str | None) -> str | None:
    """The address with its domain in lower case, or None where it is none."""
    local, _, given = (text or "").rpartition("@")
    domain = _mail_domain(given)
    fits = len(local) <= 64 and _LOCAL.fullmatch(local) is not None and len(text or "") <= 254
    return f"{local}@{domain}" if domain and fits else None

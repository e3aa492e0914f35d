"""Codes of the victim's page, derived from ids under the link key: nothing of them is stored, and dispatch and pages make the same.

Must not count tries or read a clock: whoever asks does (services/victim_codes.py).
"""

from __future__ import annotations

import hmac

from chalicelib.adapters.given_keys import given
from chalicelib.domain.page_codes import DIGITS, LENGTH, TAG, digits_of, signs_of, tag_of, written

_ONE_TIME = b"kept-informed/code/v1\n"
_LETTER = b"kept-informed/letter/v1\n"
"""Signed along with every code, so that no link, form or other code can pass for one: all are made under one key."""


class DerivedCodes:
    """The port `Codes`. Keys as in `SignedLinks`: during a rotation codes of both are good, and `key` makes the new ones."""

    def __init__(self, key: bytes | None, previous: bytes | None = None) -> None:
        self._key = key
        self._previous = previous

    @property
    def _live(self) -> tuple[bytes, ...]:
        return (given(self._key), *((self._previous,) if self._previous else ()))

    def one_time(self, request_id: str) -> str:
        return _digits(given(self._key), request_id)

    def opens(self, request_id: str, typed: str) -> bool:
        found = digits_of(typed)
        genuine = [hmac.compare_digest(_digits(key, request_id), found) for key in self._live]
        return any(genuine)

    def of_letter(self, reference: str, notification_id: str) -> str:
        return _signs(given(self._key), reference, tag_of(notification_id))

    def letter_tag(self, reference: str, typed: str) -> str | None:
        found = signs_of(typed)
        genuine = [hmac.compare_digest(_signs(key, reference, found[:TAG]), found) for key in self._live]
        return found[:TAG] if any(genuine) else None


def _digits(key: bytes, request_id: str) -> str:
    number = int.from_bytes(hmac.digest(key, _ONE_TIME + request_id.encode(), "sha256"), "big")
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def _signs(key: bytes, reference: str, tag: str) -> str:
    """50 bits of HMAC-SHA256 after the tag: beyond guessing through a page that counts."""
    said = _LETTER + f"{reference}\n{tag}".encode()
    return tag + written(int.from_bytes(hmac.digest(key, said, "sha256"), "big"), LENGTH - TAG)

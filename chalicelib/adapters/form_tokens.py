"""Signed tokens in forms: whoever posts one was shown that form, for that purpose, not long ago.

Must not read a clock or a store. A token is no secret and opens nothing: the link or the sign-in of its page does that.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from chalicelib.adapters.signed_facts import SignedFacts, moment, seconds
from chalicelib.domain.links import CLOCKS_APART
from chalicelib.services.edges import FORM_LIVES

_MEANING = b"kept-informed/form/v1\n"
_NONCE_BYTES = 12
_TIME_BYTES = 6


class SignedForms:
    """The port `Forms`. Keys as in `SignedLinks`. `draw` gives so many random bytes: no two forms that were shown are the same."""

    def __init__(self, key: bytes | None, previous: bytes | None = None, draw: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._signed = SignedFacts(_MEANING, key, previous)
        self._draw = draw

    def issue(self, purpose: str, now: datetime) -> str:
        facts = self._draw(_NONCE_BYTES) + seconds(now).to_bytes(_TIME_BYTES, "big")
        return self._signed.token(facts, _also(purpose))

    def read(self, token: str, purpose: str, now: datetime) -> str | None:
        facts = self._signed.facts(token, _also(purpose))
        if facts is None:
            return None
        age = now - moment(int.from_bytes(facts[_NONCE_BYTES:], "big"))
        return facts[:_NONCE_BYTES].hex() if -CLOCKS_APART <= age <= FORM_LIVES else None


def _also(purpose: str) -> bytes:
    """The purpose is signed and not carried: it may hold a link's token, which is longer than a form's."""
    return purpose.encode("utf-8", "surrogatepass")

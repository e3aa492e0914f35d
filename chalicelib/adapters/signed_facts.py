"""Facts that only the holder of a key can have written: base64url of a MAC and the facts themselves, for one meaning.

Must not know what the facts say, read a clock, or keep anything. Why no library: docs/adr/0016-signed-links.md.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime

from chalicelib.adapters.given_keys import given

_MAC_BYTES = 16
"""128 bits of HMAC-SHA256 (RFC 2104, section 5): beyond guessing, and a shorter token."""


class SignedFacts:
    """`meaning` is signed along, so that nothing that was signed under the same key for anything else can pass for this. So is `also`,
    which whoever opens the token has to know: it is not carried.

    Keys have at least 32 bytes; `key` signs, and opens like `previous` does: during a rotation both are live. Without a key every use
    raises ConfigurationError.
    """

    def __init__(self, meaning: bytes, key: bytes | None, previous: bytes | None = None) -> None:
        self._meaning = meaning
        self._key = key
        self._previous = previous

    def token(self, facts: bytes, also: bytes = b"") -> str:
        """URL-safe characters only."""
        return self._token(given(self._key), facts, also)

    def facts(self, token: str, also: bytes = b"") -> bytes | None:
        """The facts of a genuine token.

        Compared is the whole token as it would be written, not what it decodes to: base64 has several spellings of the same bytes, and
        only one of them was ever issued.
        """
        live = (given(self._key), *((self._previous,) if self._previous else ()))
        try:
            facts = urlsafe_b64decode(token + "=" * (-len(token) % 4))[_MAC_BYTES:]
        except ValueError:
            return None
        genuine = [hmac.compare_digest(self._token(key, facts, also), token) for key in live]
        return facts if any(genuine) else None

    def _token(self, key: bytes, facts: bytes, also: bytes) -> str:
        mac = hmac.digest(key, self._meaning + facts + also, "sha256")[:_MAC_BYTES]
        return urlsafe_b64encode(mac + facts).rstrip(b"=").decode()


def as_json(facts: Sequence[object]) -> bytes:
    return json.dumps(facts, separators=(",", ":")).encode()


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def moment(since_epoch: int) -> datetime:
    return datetime.fromtimestamp(since_epoch, UTC)

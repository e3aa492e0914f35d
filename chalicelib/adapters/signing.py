"""Signed links: tokens that only the holder of the key can make, read back without a store.

Must not look a case up, know what was revoked, or read a clock. Why no library: docs/adr/0016-signed-links.md.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

from chalicelib.domain.links import OFFICER, Link, is_alive

_MEANING = b"kept-informed/link/v1\n"
"""Signed along with every token, so that nothing else ever signed under this key can pass for a link."""
_MAC_BYTES = 16
"""128 bits of HMAC-SHA256 (RFC 2104, section 5): beyond guessing, and a shorter address."""


class SignedLinks:
    """The port `Links`. `key` has at least 32 bytes; another key makes every link so far worthless."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def issue(self, link: Link, now: datetime) -> str:
        """The token of `link`, of URL-safe characters only. ValueError where it would not open at `now`."""
        if not is_alive(link, now):
            raise ValueError("a link that does not open must not leave")
        facts = [link.purpose, link.reference, link.reader, _seconds(link.issued_at), _seconds(link.expires_at)]
        return self._token(json.dumps(facts, separators=(",", ":")).encode())

    def read(self, token: str, now: datetime, purpose: str = OFFICER) -> Link | None:
        """What a token says. None where it is forged, malformed, for another purpose, expired, or from the future."""
        facts = self._facts(token)
        link = _link(facts) if facts else None
        return link if link and link.purpose == purpose and is_alive(link, now) else None

    def _token(self, facts: bytes) -> str:
        mac = hmac.digest(self._key, _MEANING + facts, "sha256")[:_MAC_BYTES]
        return urlsafe_b64encode(mac + facts).rstrip(b"=").decode()

    def _facts(self, token: str) -> bytes | None:
        """The signed part of a genuine token.

        Compared is the whole token as it would be written, not what it decodes to: base64 has several spellings of the same bytes, and
        only one of them was ever issued.
        """
        try:
            facts = urlsafe_b64decode(token + "=" * (-len(token) % 4))[_MAC_BYTES:]
        except ValueError:
            return None
        return facts if hmac.compare_digest(self._token(facts), token) else None


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _link(facts: bytes) -> Link:
    purpose, reference, reader, issued_at, expires_at = json.loads(facts)
    return Link(purpose, reference, reader, datetime.fromtimestamp(issued_at, UTC), datetime.fromtimestamp(expires_at, UTC))

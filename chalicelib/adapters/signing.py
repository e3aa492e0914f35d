"""Signed links: tokens that only the holder of the key can make, read back without a store.

Must not look a case up, know what was revoked, or read a clock. Why no library: docs/adr/0016-signed-links.md.
"""

from __future__ import annotations

import json
from datetime import datetime

from chalicelib.adapters.signed_facts import SignedFacts, as_json, moment, seconds
from chalicelib.domain.links import OFFICER, Link, is_alive

_MEANING = b"kept-informed/link/v1\n"


class SignedLinks:
    """The port `Links`. Keys as in `SignedFacts`."""

    def __init__(self, key: bytes | None, previous: bytes | None = None) -> None:
        self._signed = SignedFacts(_MEANING, key, previous)

    def issue(self, link: Link, now: datetime) -> str:
        """The token of `link`, of URL-safe characters only. ValueError where it would not open at `now`."""
        if not is_alive(link, now):
            raise ValueError("a link that does not open must not leave")
        facts = [link.purpose, link.reference, link.reader, seconds(link.issued_at), seconds(link.expires_at)]
        return self._signed.token(as_json(facts))

    def read(self, token: str, now: datetime, purpose: str = OFFICER) -> Link | None:
        """What a token says. None where it is forged, malformed, for another purpose, expired, or from the future."""
        facts = self._signed.facts(token)
        link = _link(facts) if facts else None
        return link if link and link.purpose == purpose and is_alive(link, now) else None


def _link(facts: bytes) -> Link:
    purpose, reference, reader, issued_at, expires_at = json.loads(facts)
    return Link(purpose, reference, reader, moment(issued_at), moment(expires_at))

"""What a signed link to a page of ours says, how long it lives, and when it counts as revoked.

Must not sign, store or read a clock: the time and the numbers of the profile are arguments. Why so: docs/adr/0016-signed-links.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

OFFICER = "officer"
"""The purpose of a link in a reminder: the page on which an officer sees what is owed in one case."""

CLOCKS_APART = timedelta(minutes=5)
"""How far the clocks of two machines may differ: a link issued later than that from now was not issued by us."""


@dataclass(frozen=True, slots=True)
class Link:
    """One case, for one reader, for a time. Ids only: whoever holds the address can read them.

    `reader` is a collar number or the name of a role. Times are UTC, whole seconds; at `expires_at` it opens for the last time.
    """

    purpose: str
    reference: str
    reader: str
    issued_at: datetime
    expires_at: datetime


def officer_link(reference: str, reader: str, now: datetime, link_days: int) -> Link:
    """The link of a reminder that leaves at `now`; `link_days` (the profile's `reminders.link_days`) are days of 24 hours."""
    return Link(OFFICER, reference, reader, issued_at=now, expires_at=now + timedelta(days=link_days))


def page_address(public_url: str, link_token: str) -> str:
    """Where the page of an officer's link is: `public_url` (scheme and host) and the token of the link."""
    return f"{public_url.rstrip('/')}/officer/{link_token}"


def is_alive(link: Link, now: datetime) -> bool:
    """Whether `link` is neither expired at `now` nor from a future that no clock of ours can have."""
    return link.issued_at - CLOCKS_APART <= now <= link.expires_at


def is_revoked(link: Link, revoked_before: Mapping[str, datetime]) -> bool:
    """Whether the links of its case were revoked at, or after, its issue; `revoked_before` by reference.

    A link of the very second counts as issued before: a reader who loses a good link gets another tomorrow.
    """
    before = revoked_before.get(link.reference)
    return before is not None and link.issued_at <= before

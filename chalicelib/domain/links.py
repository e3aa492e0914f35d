"""What a signed link to a page of ours says, how long it lives, and when it counts as revoked.

Must not sign, store or read a clock: the time and the numbers of the profile are arguments. Why so: docs/adr/0016-signed-links.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

OFFICER = "officer"
"""The purpose of a link in a reminder: the page on which an officer sees what is owed in one case."""
VICTIM = "victim"
"""The purpose of a link in an e-mail or letter: it opens nothing but the question for a code."""
SESSION = "session"
"""The purpose of what a browser keeps after the code: it opens the page of the one link that it is bound to."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """Where the reader's own page is, in a message: `address` opens it. On paper it is drawn, and `code` is typed in at `entry` instead."""

    address: str
    entry: str = ""
    code: str = ""


CLOCKS_APART = timedelta(minutes=5)
"""How far the clocks of two machines may differ: a link issued later than that from now was not issued by us."""


@dataclass(frozen=True, slots=True)
class Link:
    """One case, for one reader, for a time. Ids only: whoever holds the address can read them.

    `reader` is a collar number or the name of a role; of a victim's link the victim's id. Times are UTC, whole seconds; at `expires_at` it
    opens for the last time.
    """

    purpose: str
    reference: str
    reader: str
    issued_at: datetime
    expires_at: datetime


def officer_link(reference: str, reader: str, now: datetime, link_days: int) -> Link:
    """The link of a reminder that leaves at `now`; `link_days` (the profile's `reminders.link_days`) are days of 24 hours."""
    return Link(OFFICER, reference, reader, issued_at=now, expires_at=now + timedelta(days=link_days))


def victim_link(reference: str, victim_id: str, issued_at: datetime, link_days: int) -> Link:
    """The link of a message that leaves at `issued_at`, in whole seconds: the same message has the same link whenever it is asked for."""
    whole = issued_at.replace(microsecond=0)
    return Link(VICTIM, reference, victim_id, issued_at=whole, expires_at=whole + timedelta(days=link_days))


def session_of(link: Link, point: str, now: datetime, lives: timedelta) -> Link:
    """What a browser keeps after the code for `link` that went to the address of `point` (a keyed hash)."""
    return Link(SESSION, link.reference, bound_to(link, point), issued_at=now, expires_at=now + lives)


def bound_to(link: Link, point: str) -> str:
    """What ties a session to one link and to the one address that its code went to: neither can be changed for another."""
    facts = (SESSION, link.reference, link.reader, link.issued_at.isoformat(), link.expires_at.isoformat(), point)
    return hashlib.sha256("\x1f".join(facts).encode()).hexdigest()[:32]


def of_session(session: str) -> str:
    """The name under which one session is ended: its hash, since whoever reads the store must not be able to enter."""
    return f"session#{hashlib.sha256(session.encode()).hexdigest()[:32]}"


def victim_address(public_url: str, link_token: str) -> str:
    """Where the page of a victim's link is."""
    return f"{public_url.rstrip('/')}/case/{link_token}"


def of_victim(reference: str, victim_id: str) -> str:
    """The name under which the links of one victim of a case are revoked."""
    return f"{reference}#{victim_id}"


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

"""The addresses of victims' pages: signed links for one victim of one case, the sessions behind them, and which of them were revoked.

A link goes only into what is sent in full to somebody to whom a code could go. Must not read a case, or serve a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from hmac import compare_digest

from chalicelib.domain.case import Head
from chalicelib.domain.delivery import Notification
from chalicelib.domain.links import (
    CLOCKS_APART,
    SESSION,
    VICTIM,
    Link,
    PageLink,
    bound_to,
    is_revoked,
    of_session,
    session_of,
    victim_address,
    victim_link,
)
from chalicelib.domain.model import Channel
from chalicelib.domain.page_codes import LENGTH, in_groups
from chalicelib.domain.plan import Plan
from chalicelib.domain.plan_victim import code_way
from chalicelib.domain.profile import CasePage
from chalicelib.domain.situation import Situation
from chalicelib.services.edges import Codes, Links, Revocations

LEFT_OUT, NO_SIGNS = "their-own-link", "X" * LENGTH
"""What stands for a link and for the signs of a letter where somebody else than their reader looks."""


class VictimPages:
    """Issues and reads links and sessions. `public_url` is the stage's public address."""

    def __init__(self, links: Links, revocations: Revocations, codes: Codes, rules: CasePage, public_url: str) -> None:
        self._links = links
        self._revocations = revocations
        self._codes = codes
        self._rules = rules
        self._public_url = public_url.rstrip("/")

    def link_in(self, row: Notification, head: Head, s: Situation, plan: Plan, *, seen: bool = False) -> PageLink | None:
        """What a message that leaves at `s.now` says of its reader's page; None where it says nothing.

        Never in a text, which others see, nor where no code could go, nor while anything of this person is with people. `seen`: an officer
        looks at the message before it goes, and gets neither link nor signs.
        """
        waits = head.suspension is not None or head.marker is not None or s.known.held
        if row.channel is Channel.SMS or waits or not plan.decision.automatic or code_way(plan.choice) is None:
            return None
        token = LEFT_OUT if seen else self.token(row.reference, s.victim.id, s.now, s.now)
        address = victim_address(self._public_url, token)
        if row.channel is not Channel.LETTER:
            return PageLink(address)
        signs = NO_SIGNS if seen else self._codes.of_letter(row.reference, row.notification_id)
        return PageLink(address, f"{self._public_url}/case", in_groups(signs))

    def token(self, reference: str, victim_id: str, issued_at: datetime, now: datetime) -> str:
        """The token of the link in a message that left at `issued_at`. ValueError where it opens nothing any more."""
        return self._links.issue(victim_link(reference, victim_id, issued_at, self._rules.link_days), now)

    def read(self, token: str, now: datetime) -> Link | None:
        """What a link says; None where it is forged, expired or for another page. Whether it opens is for `services/victim_case.py`."""
        return self._links.read(token, now, VICTIM)

    def session(self, link: Link, point: str, now: datetime) -> str:
        """What the browser keeps after a good code that went to the address of `point`."""
        return self._links.issue(session_of(link, point, now, timedelta(minutes=self._rules.session_minutes)), now)

    def is_session(self, session: str, link: Link, points: Iterable[str], now: datetime) -> bool:
        """Whether a session is of this very link, alive, not ended, and its code went to an address that is good now."""
        kept = self._links.read(session, now, SESSION)
        if kept is None or not any([compare_digest(kept.reader, bound_to(link, point)) for point in points]):
            return False
        return self._revocations.revoked(of_session(session)) is None

    def end(self, session: str, now: datetime) -> None:
        """The session opens nothing any more, wherever a copy of it is. Kept for as long as a session can live."""
        until = now + timedelta(minutes=self._rules.session_minutes) + CLOCKS_APART
        self._revocations.revoke(of_session(session), now, until)

    def revoked(self, link: Link, names: Iterable[str]) -> bool:
        """Whether the link was revoked under any of these names."""
        until = (self._revocations.revoked(name) for name in names)
        return any(at is not None and is_revoked(link, {link.reference: at}) for at in until)

    def revoke(self, names: Iterable[str], now: datetime) -> None:
        """Every link that was issued until now under these names opens nothing any more."""
        for name in names:
            self._revocations.revoke(name, now)

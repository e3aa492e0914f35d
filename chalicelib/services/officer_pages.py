"""The addresses of officers' pages: signed links for one case and one reader, which expire and can be revoked.

Must not serve a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.compose_inside import digest
from chalicelib.domain.delivery import Notification
from chalicelib.domain.links import OFFICER, Link, is_revoked, officer_link, page_address
from chalicelib.domain.messages import Digest
from chalicelib.domain.model import Unit
from chalicelib.domain.profile import Profile, Reminders
from chalicelib.domain.reminders import Reminded, named
from chalicelib.services.edges import Links, Revocations


class OfficerPages:
    """Issues and reads links. `public_url` is the stage's public address."""

    def __init__(self, links: Links, revocations: Revocations, reminders: Reminders, public_url: str) -> None:
        self._links = links
        self._revocations = revocations
        self._link_days = reminders.link_days
        self._public_url = public_url

    def address(self, reference: str, reader: str, now: datetime) -> str:
        """The page of one case for one reader (collar number or role)."""
        link = officer_link(reference, reader, now, self._link_days)
        return page_address(self._public_url, self._links.issue(link, now))

    def opened(self, token: str, now: datetime) -> Link | None:
        """What a link opens; None where it is forged, expired or revoked."""
        link = self._links.read(token, now)
        if link is None or link.purpose != OFFICER:
            return None
        revoked = self._revocations.revoked(link.reference)
        return None if revoked and is_revoked(link, {link.reference: revoked}) else link

    def revoke(self, reference: str, now: datetime) -> None:
        """Every link of a case that was issued until now opens nothing any more."""
        self._revocations.revoke(reference, now)

    def digest(self, profile: Profile, row: Notification, reminded: Sequence[Reminded], to: str) -> Digest:
        """What a digest says to its reader, `to`, each case with the link to its page."""
        reader = row.reader or (row.unit or Unit.OFFICER).value
        shown = named(reminded, profile.reminders.most_lines)
        links = {line.owed.reference: self.address(line.owed.reference, reader, row.created_at) for line in shown}
        return digest(profile, row, to, [(line, links[line.owed.reference]) for line in shown], len(reminded) - len(shown))

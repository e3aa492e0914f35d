"""Whether the page of a victim opens, asked anew of the stored case at every request, whoever asks for whatever part of it.

Shut are they all alike: forged, expired, revoked, removed, cancelled, held, in doubt, specialist here or in any other record of the person.
Must not write, or say which of these it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.case import Case
from chalicelib.domain.contact_safety import ChannelChoice, usable_point
from chalicelib.domain.links import Link, is_alive, of_victim
from chalicelib.domain.model import Channel
from chalicelib.domain.plan_victim import CODE_WAYS
from chalicelib.domain.situation import Situation
from chalicelib.services.known import Known
from chalicelib.services.officer_case import OfficerCase, VictimRead
from chalicelib.services.ports import Cases, ContactPoints
from chalicelib.services.subjects import in_progress
from chalicelib.services.victim_pages import VictimPages

MOST_RECORDS = 20
"""Other records of the person that are looked at for a body that could not be read, the newest first."""
_KINDS = {Channel.EMAIL: "email", Channel.SMS: "mobile"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that opens: the link, the case behind it, and the addresses to which a code can go now, as keyed hashes by channel."""

    link: Link
    read: VictimRead
    choice: ChannelChoice
    points: dict[Channel, str]

    @property
    def situation(self) -> Situation:
        return self.read.situation


class VictimCase:
    """Opens pages. What it raises is RetryLater: then nobody is let in."""

    def __init__(self, pages: VictimPages, cases: Cases, read: OfficerCase, known: Known, points: ContactPoints) -> None:
        self._pages = pages
        self._cases = cases
        self._read = read
        self._known = known
        self._points = points

    def opened(self, token: str, now: datetime) -> Opened | None:
        """What a link opens now. Read are the case first and then what other records say, all consistent."""
        link = self._pages.read(token, now)
        return self.of(link, self._read.load(link.reference), now) if link else None

    def of(self, link: Link, case: Case, now: datetime) -> Opened | None:
        """The same, of a case that was read already: also asked of the very case that a fact is written to."""
        read = self._read.read(case, link.reader, now) if is_alive(link, now) else None
        choice = read.plan.choice if read else None
        if read is None or choice is None or self._shut(link, read) or self._pages.revoked(link, self.names(read)):
            return None
        return Opened(link, read, choice, self._code_points(read, choice))

    def entered(self, opened: Opened, session: str, now: datetime) -> bool:
        """Whether this browser gave a code for this very link, which went where a code could go now."""
        return self._pages.is_session(session, opened.link, opened.points.values(), now)

    def leave(self, opened: Opened, session: str, now: datetime) -> None:
        """End a session of this link, in every browser that has it. Others are nobody's to end from here."""
        if self.entered(opened, session, now):
            self._pages.end(session, now)

    def names(self, read: VictimRead) -> list[str]:
        """The names under which links of this victim are revoked: the case, the victim, the person in all cases."""
        reference, victim = read.case.head.reference, read.part.victim
        people = [key for key, address in self._known.point_keys(victim).items() if address is None]
        return [reference, of_victim(reference, victim.id), *people]

    def _shut(self, link: Link, read: VictimRead) -> bool:
        head, known = read.case.head, read.situation.known
        if head.suspension is not None or in_progress(read.case, read.part) or not read.plan.decision.automatic:
            return True
        if known.held or (known.held_at is not None and link.issued_at <= known.held_at):
            return True
        others = (self._cases.head(reference) for reference in sorted(known.named, reverse=True)[:MOST_RECORDS])
        return any(other.suspension is not None or (other.marker is not None and bool(other.marker.signs)) for other in others)

    def _code_points(self, read: VictimRead, choice: ChannelChoice) -> dict[Channel, str]:
        given = {Channel.EMAIL: choice.recipient.email, Channel.SMS: choice.recipient.mobile}
        found = {way: usable_point(given[way], read.situation.known.closed) for way in CODE_WAYS if way in choice.usable}
        return {way: self._points.key(_KINDS[way], address) for way, address in found.items() if address}

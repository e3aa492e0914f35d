"""A mail inside the force about a message through the page: whom it goes to on that day, and what it may say.

Must not claim or send, and must not write to an address that a victim of the case has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from chalicelib.domain.case import Case
from chalicelib.domain.compose_messages import contact_note
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import Audience, Notification
from chalicelib.domain.messages import RenderedEmail
from chalicelib.domain.model import Officer, Unit
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.profile import Profile
from chalicelib.domain.reminders import Listed, Recipient, responsible
from chalicelib.services.edges import Renderer
from chalicelib.services.officer_pages import OfficerPages
from chalicelib.services.page_ports import ContactMessages

ENGLISH = "en"
_AS = {Unit.OFFICER: Audience.OFFICER, Unit.SUPERVISOR: Audience.SUPERVISOR}


@dataclass(frozen=True, slots=True)
class Made:
    """A finished mail. `audience` differs from the row's where a person could not be addressed, or somebody else has it by now. `whom`:
    their collar number, or the unit."""

    to: str
    audience: Audience
    whom: str
    rendered: RenderedEmail


class ContactMail:
    """Makes mails about messages."""

    def __init__(self, renderer: Renderer, profile: Profile, pages: OfficerPages, messages: ContactMessages) -> None:
        self._renderer = renderer
        self._profile = profile
        self._pages = pages
        self._messages = messages

    def make(
        self,
        row: Notification,
        owed: Obligation,
        case: Case,
        listed: Listed,
        called: Callable[[str], Officer | None],
        never: Collection[str],
    ) -> Made:
        """To whoever has the message on that day, or to the role where nobody can be addressed. `never`: addresses in small letters."""
        found = Recipient(row.unit or Unit.OPERATIONS)
        if row.audience in _AS.values():
            found = responsible(owed, local_day(row.open_at or row.created_at), listed)
        person = called(found.collar_number) if found.collar_number else None
        email = person.email if person and person.email and person.email.lower() not in never else None
        role = self._profile.roles[found.unit]
        message = self._messages.get([owed.begun_by]).get(owed.begun_by)
        link = self._pages.address(owed.reference, found.collar_number or found.unit.value, row.created_at)
        name = (person.name if person and email else None) or role.name
        content = contact_note(self._profile, case, owed, message, found.unit, name, link, found.because)
        by_role = Audience.OPERATIONS if row.audience is Audience.OPERATIONS else Audience.UNIT
        audience = _AS.get(found.unit, by_role) if email else by_role
        whom = (found.collar_number if email else None) or found.unit
        return Made(email or role.email, audience, whom, self._renderer.email(row.template, ENGLISH, content))

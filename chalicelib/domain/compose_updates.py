"""What an officer's update says to its reader: the start, the officer's own words where they were checked, and when the next one comes.

Must not render, send, or pass on anything of the record but who deals with it.
"""

from __future__ import annotations

from chalicelib.domain.compose import officer_contact, postal_lines, promise
from chalicelib.domain.compose_events import officer_changed, why_this_way
from chalicelib.domain.contact_safety import ChannelChoice
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import Notification
from chalicelib.domain.events import UpdateWritten
from chalicelib.domain.model import Need, Officer
from chalicelib.domain.obligations import Agreement
from chalicelib.domain.situation import Situation
from chalicelib.domain.update_content import OfficerUpdate, finished


def officer_update(
    s: Situation, row: Notification, event: UpdateWritten, choice: ChannelChoice, agreement: Agreement | None, officer: Officer | None
) -> OfficerUpdate:
    """What the row says; a day that has passed is not promised."""
    today = local_day(s.now)
    return OfficerUpdate(
        force=s.standing.profile.force,
        reader=choice.recipient.reader,
        greeting_name=choice.recipient.name,
        reference=s.occurrence.reference,
        start=event.start,
        words=finished(event.words),
        next_on=event.next_update_on if event.next_update_on and event.next_update_on > today else None,
        officer=officer_contact(officer),
        updates=promise(agreement, today),
        channel_reason=why_this_way(s, row, choice, agreement),
        officer_changed=officer_changed(s),
        large_print=Need.LARGE_PRINT in s.victim.communication_needs,
        address=postal_lines(choice, row.channel),
        written_on=today,
    )

"""What readers are told of a message through the page, as content for its templates.

What was written goes into a mail inside the force alone, and not where a person decides about anybody in the case. Must not render or send.
"""

from __future__ import annotations

from chalicelib.domain.case import Case
from chalicelib.domain.contact_content import Claim, ContactConfirmation, ContactNote
from chalicelib.domain.contact_form import ContactMessage
from chalicelib.domain.contact_pairs import careful
from chalicelib.domain.model import Unit
from chalicelib.domain.obligations import Kind, Obligation, Purpose
from chalicelib.domain.profile import Profile

_ASKS = {
    Unit.OFFICER: "Answer this message. If it needs no answer, record that it is done",
    Unit.SUPERVISOR: "The officer has not answered this message. Answer it, or give it to another officer",
    Unit.CONTACT_CENTRE: "The collar number and the reference do not belong together. Find whose message it is, and give it to an officer",
    Unit.VICTIM_CARE_UNIT: "A message waits in a case that needs special care. See that whoever answers does so in a safe way",
    Unit.OPERATIONS: "This could not be delivered to anybody else. See that somebody looks at it",
}
_MANY = "More messages name this reference than one person would write. Look at all of them together"
_ALARMS = {
    Unit.CONTROL_ROOM: "Read this message now. Decide whether somebody has to go there, and record what was done",
    Unit.DUTY_CONTACT: "The control room has not taken this up in 15 minutes. See that somebody reads it now",
    Unit.OPERATIONS: "This could not be delivered to the control room. Ring it now",
}


def contact_note(
    profile: Profile, case: Case, owed: Obligation, message: ContactMessage | None, unit: Unit, to: str, link: str, because: str | None
) -> ContactNote:
    """The mail to one reader. `message` None: it stands for several, or is not kept any more; then it is read on the page."""
    return ContactNote(
        force=profile.force,
        to=to,
        reference=owed.reference,
        task_id=owed.obligation_id,
        asks=_asks(owed, unit),
        received_at=owed.started_at,
        due_at=owed.due_at,
        danger=owed.kind is Kind.CONTACT_ALARM,
        alarmed=owed.kind is not Kind.CONTACT_ALARM and message is not None and message.danger,
        link=link,
        claim=None if message is None or careful(case) else _claim(message),
        because=because,
    )


def _asks(owed: Obligation, unit: Unit) -> str:
    if owed.kind is Kind.CONTACT_ALARM:
        return _ALARMS.get(unit, _ALARMS[Unit.CONTROL_ROOM])
    if owed.purpose is Purpose.MORE_MESSAGES and unit is Unit.CONTACT_CENTRE:
        return _MANY
    return _ASKS.get(unit, _ASKS[Unit.OFFICER])


def _claim(message: ContactMessage) -> Claim:
    form = message.form
    lines = tuple(line for text in form.message.splitlines() if (line := " ".join(text.split())))
    return Claim(form.name, form.email, form.phone, form.safe_to_reply, lines)


def confirmation(profile: Profile, reference: str) -> ContactConfirmation:
    """Only that there is a message: not whose, and nothing of what it says."""
    return ContactConfirmation(profile.force, reference)

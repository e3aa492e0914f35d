"""A Stage on which people also write through the page "Contact an officer": forms, what the page heard, and what was owed and told for it.

Must not decide anything: it calls the use case as the page does.
"""

from __future__ import annotations

from typing import Any

from chalicelib.domain.contact_content import ContactNote
from chalicelib.domain.contact_form import ContactForm
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Kind, Obligation
from chalicelib.services.contact_desk import ContactDesk
from chalicelib.services.contact_officer import Received
from tests.unit.services.stage import REF, Left, Stage

OFFICER, SUPERVISOR = "sam.ash@example.test", "jo.reed@example.test"
CENTRE, VCU = "contact-centre@derbyshire-police.test", "victim-care-unit@derbyshire-police.test"
CONTROL, DUTY = "control-room@derbyshire-police.test", "force-duty-contact@derbyshire-police.test"
OPERATIONS = "operations@derbyshire-police.test"
DANGER = "Please help, he is here now with a knife."
DOMESTIC: dict[str, Any] = {"flags": {"domestic_abuse": True}}


def form(**changes: Any) -> ContactForm:
    facts: dict[str, Any] = {
        "collar_number": "2345", "reference": REF, "name": "Kim Field", "email": "kim@elsewhere.test", "phone": "07700 900999",
        "safe_to_reply": "After six", "message": "I found the receipt\nfor the bicycle.",
    }  # fmt: skip
    return ContactForm(**(facts | changes))


def write(stage: Stage, source: str = "192.0.2.1", **changes: Any) -> Received:
    """One post, and what dispatch makes of its hint."""
    contact = stage.house.contact
    heard = contact.receive(form(**changes), contact.source_key(source), stage.now)
    stage.run()
    return heard


def recorded(**facts: Any) -> Stage:
    """A case whose victim has been told, at the end of the hold window."""
    stage = Stage()
    stage.version(**facts)
    stage.later(stage.house.profile.hold.property_crime)
    stage.left.clear()
    return stage


def notes(stage: Stage) -> list[tuple[str, str, bool]]:
    """(audience, to, whether it says what was written) of every mail about a message, in order."""
    told = [(content, item) for content, item in zip(contents(stage), _mails(stage), strict=True)]
    return [(item.audience, item.to, content.claim is not None) for content, item in told]


def note(stage: Stage) -> ContactNote:
    """The last mail about a message."""
    return contents(stage)[-1]


def contents(stage: Stage) -> list[ContactNote]:
    return [content for _, _, content in stage.world.renderer.rendered if isinstance(content, ContactNote)]


def _mails(stage: Stage) -> list[Left]:
    return [item for item in stage.left if item.template is Template.CONTACT_MESSAGE]


def to(stage: Stage) -> list[str]:
    """Where mails about a message went."""
    return [item.to for item in _mails(stage)]


def confirmations(stage: Stage) -> list[tuple[str, str]]:
    """(channel, to) of every confirmation."""
    return [(item.channel, item.to) for item in stage.left if item.template is Template.CONTACT_CONFIRMATION]


def answers(stage: Stage, reference: str = REF) -> list[Obligation]:
    found = [row for row in stage.owed(reference=reference) if row.kind is Kind.CONTACT_ANSWER]
    return sorted(found, key=lambda row: (row.started_at, row.obligation_id))


def answer(stage: Stage, reference: str = REF) -> Obligation:
    (row,) = answers(stage, reference)
    return row


def alarm(stage: Stage, reference: str = REF) -> Obligation:
    (row,) = [row for row in stage.owed(reference=reference) if row.kind is Kind.CONTACT_ALARM]
    return row


def desk(stage: Stage) -> ContactDesk:
    return ContactDesk(stage.world.cases, stage.world.messages, stage.house.event)


def message_id(stage: Stage) -> str:
    (key,) = stage.world.messages.kept
    return key

"""Rows of the outbox that are digests: whose they are, what names them, and how a new one starts.

Must not decide what stands in a digest, or write one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from chalicelib.domain.delivery import Audience, Notification, fact_id
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Unit
from chalicelib.domain.reminders import Recipient

_AUDIENCE = {Unit.OFFICER: Audience.OFFICER, Unit.SUPERVISOR: Audience.SUPERVISOR}


@dataclass(frozen=True, slots=True)
class Reader:
    """A role, or a person by collar number, whatever they are reminded as: a sergeant may have a case and a team, and gets one digest.

    `unit` is as what they are addressed.
    """

    collar_number: str | None
    role: Unit | None
    unit: Unit = field(compare=False)

    @property
    def name(self) -> str:
        return self.collar_number or self.unit.value


Line = tuple[str, str]
"""What a line of a digest names: reference and obligation id."""


def reader_of(recipient: Recipient) -> Reader:
    """Whose digest tells this recipient."""
    return Reader(recipient.collar_number, None if recipient.collar_number else recipient.unit, recipient.unit)


def reader_of_row(row: Notification) -> Reader:
    """Whose a digest row is."""
    return reader_of(Recipient(row.unit or Unit.OFFICER, row.reader))


def digest_id(reader: Reader, day: date) -> str:
    """One digest for each reader a day."""
    return fact_id("digest", reader.name, day.isoformat())


def digests_of(name: str) -> str:
    """What the digests of one reader have in the place of a reference."""
    return f"digest#{name}"


def new_digest(reader: Reader, name: str, now: datetime) -> Notification:
    """A digest without lines, which may leave at `now`."""
    role = Audience.OPERATIONS if reader.unit is Unit.OPERATIONS else Audience.UNIT
    return Notification(
        notification_id=name,
        reference=digests_of(reader.name),
        victim_id=None,
        template=Template.DIGEST,
        audience=_AUDIENCE.get(reader.unit, role) if reader.collar_number else role,
        channel=Channel.EMAIL,
        not_before=now,
        created_at=now,
        open_at=now,
        unit=reader.unit,
        reader=reader.collar_number,
    )

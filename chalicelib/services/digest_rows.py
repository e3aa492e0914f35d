"""Rows of the outbox that are digests: whose they are, what names them, and how a new one starts.

Must not decide what stands in a digest, or write one.
"""

from __future__ import annotations

from datetime import date, datetime

from chalicelib.domain.delivery import Audience, Notification, fact_id
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Unit
from chalicelib.domain.reminders import Recipient

_AUDIENCE = {Unit.OFFICER: Audience.OFFICER, Unit.SUPERVISOR: Audience.SUPERVISOR}

Key = tuple[Unit, str | None]
"""A reader: their unit, and their collar number where it is a person."""
Line = tuple[str, str]
"""What a line of a digest names: reference and obligation id."""


def digest_id(key: Key, day: date) -> str:
    """One digest for each reader a day."""
    unit, collar = key
    return fact_id("digest", unit, collar or "", day.isoformat())


def key_of(recipient: Recipient) -> Key:
    """Whose digest tells this recipient."""
    return recipient.unit, recipient.collar_number


def new_digest(key: Key, name: str, now: datetime) -> Notification:
    """A digest without lines, which may leave at `now`."""
    unit, collar = key
    role = Audience.OPERATIONS if unit is Unit.OPERATIONS else Audience.UNIT
    return Notification(
        notification_id=name,
        reference=f"digest#{collar or unit}",
        victim_id=None,
        template=Template.DIGEST,
        audience=_AUDIENCE.get(unit, role) if collar else role,
        channel=Channel.EMAIL,
        not_before=now,
        created_at=now,
        open_at=now,
        unit=unit,
        reader=collar,
    )

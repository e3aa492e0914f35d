"""What a message is made from, read from its outbox row, and the finished message with whoever receives it.

Must not read, render or send.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.case import Case
from chalicelib.domain.delivery import Audience, Notification
from chalicelib.domain.messages import Attachment, Email, Letter, RenderedEmail, Sms, Template
from chalicelib.domain.model import DirectoryOfficer, Occurrence
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.plan import Plan
from chalicelib.domain.reminders import Reminded
from chalicelib.domain.situation import Situation


@dataclass(frozen=True, slots=True)
class Addressed:
    """A finished message. `audience` differs from the row's where a person could not be addressed and their role is.

    `whom` says who it is within that audience, for the log: the victim's reader by role, a collar number, a unit, the name of the service.
    `point` is (kind, normalised address) of a victim's reader, to be closed after a permanent failure.
    """

    message: Email | Sms | Letter
    audience: Audience
    whom: str
    point: tuple[str, str] | None = None


class NoAddress(Exception):  # noqa: N818 - a finding, not a fault
    """The row's channel has no address that may be used now."""


@dataclass(frozen=True, slots=True)
class Subject:
    """All that a message may be made from. Rows about no victim have neither situation nor plan; tasks have what is `owed`.

    `linked` are the same victim's other crimes that this message tells of too; `listed` is what the directory says of officers whose collar
    number was known early enough to be asked for with the rest.
    """

    row: Notification
    case: Case
    situation: Situation | None
    plan: Plan | None
    owed: Obligation | None
    linked: tuple[Subject, ...] = ()
    beside: tuple[Subject, ...] = ()
    """Other cases of the same business contact that this message tells of too."""
    reminded: tuple[Reminded, ...] = ()
    """What a digest is about."""
    listed: Mapping[str, DirectoryOfficer | None] = field(default_factory=dict)

    @property
    def referred(self) -> bool:
        """Whether the plan passes the victim's details on, which their own message then announces."""
        return self.plan is not None and any(row.template is Template.REFERRAL for row in self.plan.notifications.values())

    @property
    def told_along(self) -> tuple[Subject, ...]:
        """Everything that leaves with it and shares its outcome."""
        return (*self.linked, *self.beside)

    @property
    def linked_crimes(self) -> list[Occurrence]:
        return [other.situation.occurrence for other in self.linked if other.situation]


def victims_addresses(case: Case) -> set[str]:
    """Addresses of victims and their representatives: a task never goes there, whatever the record calls an officer's."""
    holders = [holder for part in case.parts.values() for holder in (part.victim, part.victim.representative) if holder]
    return {holder.email.value.lower() for holder in holders if holder.email and holder.email.value}


def found(value: str | None) -> str:
    if not value:
        raise NoAddress
    return value


def email_of(row: Notification, to: str, rendered: RenderedEmail, *attachments: Attachment) -> Email:
    return Email(row.notification_id, to, rendered.subject, rendered.text, rendered.html, attachments)

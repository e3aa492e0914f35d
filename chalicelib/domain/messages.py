"""What each message says, as typed content, and the finished messages that a sender takes.

Content is all that a template may see: nothing of a record reaches a reader unless it stands here. Must not render or send.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.links import PageLink
from chalicelib.domain.model import Channel


class Template(StrEnum):
    """Names of messages, as `message` in the outbox; each is a folder under templates/. The last five are rows for dispatch alone:
    COMPLETION finishes a version that a crash interrupted, HANDOVER hands over what an absent officer owes, RECORDING checks a record
    again when its day is over, CONTACT routes what came through a page, OUT is an event for the records system (out-v1.schema.json)."""

    ACKNOWLEDGEMENT = "acknowledgement"
    REFERRAL = "referral"
    TASK = "task"
    STOP_NOTICE = "stop_notice"
    WITHDRAWAL = "withdrawal"
    DIGEST = "digest"
    EVENT = "event"
    UPDATE = "update"
    CONTACT_MESSAGE = "contact_message"
    CONTACT_CONFIRMATION = "contact_confirmation"
    CODE = "code"
    COMPLETION = "completion"
    HANDOVER = "handover"
    RECORDING = "recording"
    CONTACT = "contact"
    OUT = "out"


class Reader(StrEnum):
    VICTIM = "victim"
    REPRESENTATIVE = "representative"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class ForceContact:
    """How the force signs and can be reached; from the profile."""

    name: str
    short_name: str
    website: str
    non_emergency: str
    text_relay: str
    reply_to: str
    privacy_notice: str
    victims_code_leaflet: str
    postal_address: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfficerContact:
    """The officer in the case. Any part may be unknown; `officer` None in a content means that nobody is named yet."""

    name: str | None
    collar_number: str | None
    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class ServiceContact:
    """A support service outside the force."""

    name: str
    phone: str
    website: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class UpdatePromise:
    """`every_days` None: only when something important happens. `proposed`: the force's default, not yet agreed with the reader.
    `reason` is a finished sentence: why updates do not come in the way that was agreed. None where they do.
    """

    every_days: int | None
    method: Channel
    next_on: date | None
    proposed: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class OtherReport:
    """Another crime of the same business, told in the same message: `crimes` in plain words, and whoever deals with it."""

    reference: str
    crimes: tuple[str, ...]
    reported_on: date
    officer: OfficerContact | None
    next_on: date | None
    """When they hear of it at the latest."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The written acknowledgement (Victims' Code, Right 3) with the notice of referral (Right 4), one message.

    `crimes` are the offences in plain words; `references` the numbers this message speaks of, the leading one first.
    `referred` True: details were passed to `service`; False: only its details are given. `passed_on` names what was passed, in plain words.
    `channel_reason` is a finished sentence: why the reader is not written to in the way they asked for. None when they are.
    `updates` None: none is promised (the case arrived closed, or they were declined)."""

    force: ForceContact
    reader: Reader
    greeting_name: str | None
    references: tuple[str, ...]
    crimes: tuple[str, ...]
    reported_on: date
    officer: OfficerContact | None
    closed: bool
    updates: UpdatePromise | None
    service: ServiceContact
    referred: bool
    passed_on: tuple[str, ...]
    other_support: tuple[ServiceContact, ...]
    restorative_justice: bool
    compensation: bool
    enhanced: bool
    channel_reason: str | None
    large_print: bool = False
    address: tuple[str, ...] = ()
    written_on: date | None = None
    """Postal lines of the reader, the name first, and the date at the head: of the letter only."""
    page: PageLink | None = None
    others: tuple[OtherReport, ...] = ()
    """Of a business contact, who gets one message a day."""


@dataclass(frozen=True, slots=True)
class ContactWay:
    """One way in which the service may reach the victim: a label in plain words and the value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ReferralCrime:
    """Basic crime details, from coded fields only."""

    reference: str
    offence: str
    home_office_class: str
    reported_on: date
    occurred_from: datetime | None
    occurred_to: datetime | None
    district: str | None


@dataclass(frozen=True, slots=True)
class Referral:
    """The one-page referral to the opt-out victim service.

    Holds no free text of the record, no other victim, no suspect. `reach_through` is the representative's or contact's name when the
    victim is reached through somebody else. `contact_confirmed` False: given by the victim and not separately confirmed as safe.
    """

    force: ForceContact
    service: ServiceContact
    crimes: tuple[ReferralCrime, ...]
    victim_name: str
    safe_name: str | None
    reach_through: str | None
    contact: tuple[ContactWay, ...]
    contact_confirmed: bool
    safe_hours: str | None
    voicemail_ok: bool | None
    may_say_police: bool | None
    instructions: str | None
    requests: str | None
    language: str
    communication_needs: tuple[str, ...]
    enhanced: bool
    enhanced_reasons: tuple[str, ...]
    officer: OfficerContact | None
    made_on: date


@dataclass(frozen=True, slots=True)
class Task:
    """What a person inside the force is asked to do. Never a name, never a detail of the case.

    `owed` is what is owed in plain words; `destinations` where it should go; `missing` contract field paths that would settle a doubt;
    `because` a finished sentence or None.
    """

    force: ForceContact
    to: str
    """Name of the role or unit."""
    reference: str
    task_id: str
    owed: str
    due_at: datetime
    urgent: bool
    destinations: tuple[str, ...]
    missing: tuple[str, ...]
    because: str | None


class Urgency(StrEnum):
    """How near the deadline of what is owed is, on the day of a digest."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One thing owed, for the person who is reminded of it: never a name of a victim, never a contact detail.

    `owed` is what is owed in plain words; `link` opens this case for this reader; `tried_on` is the day of the last try that did not reach
    the victim; `because` a finished sentence: why it comes to this reader (an absent officer, a late deadline). None where it is their own.
    """

    reference: str
    owed: str
    since: datetime
    due_at: datetime
    urgency: Urgency
    link: str
    tried_on: date | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """What one reader is reminded of on one day. `lines` are the most urgent first; `more` counts those that were left out."""

    force: ForceContact
    to: str
    day: date
    lines: tuple[DigestLine, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class ServiceNotice:
    """Stop notice or withdrawal to the service: the reference and whom to ring, never why."""

    force: ForceContact
    service: ServiceContact
    reference: str
    unit_name: str
    unit_phone: str


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    subject: str
    text: str
    html: str | None


@dataclass(frozen=True, slots=True)
class Attachment:
    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Email:
    """A finished e-mail. `notification_id` is the only tag the provider gets."""

    notification_id: str
    to: str
    subject: str
    text: str
    html: str | None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Sms:
    """A finished text message; `to` is E.164."""

    notification_id: str
    to: str
    body: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished letter: a PDF for the letters bucket. `to` are the postal lines that stand on it, the name first."""

    notification_id: str
    pdf: bytes
    to: tuple[str, ...] = ()

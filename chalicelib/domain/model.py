"""The nouns of the field: what a records system tells us about an occurrence, its victims and its officers.

Must not parse, validate, decide or reach anything outside the standard library; names follow CONTRACT (docs/records-contract.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Status(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    TRANSFERRED = "transferred"


class RecordType(StrEnum):
    CRIME = "crime"
    INCIDENT = "incident"
    N100 = "n100"


class Source(StrEnum):
    """How the report reached the force."""

    EMERGENCY = "999"
    NON_EMERGENCY = "101"
    ONLINE = "online"
    COUNTER = "counter"
    OFFICER = "officer"
    THIRD_PARTY = "third_party"
    PROFESSIONAL = "professional"


class DashRisk(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    STANDARD = "standard"


class VictimKind(StrEnum):
    PERSON = "person"
    BUSINESS = "business"
    POLICE_OFFICER = "police_officer"


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    PHONE = "phone"


class Relationship(StrEnum):
    """Of the victim to the suspect, as recorded."""

    PARTNER = "partner"
    EX_PARTNER = "ex_partner"
    FAMILY = "family"
    HOUSEHOLD = "household"
    ACQUAINTANCE = "acquaintance"
    PROFESSIONAL = "professional"
    STRANGER = "stranger"
    UNKNOWN = "unknown"


class Need(StrEnum):
    INTERPRETER = "interpreter"
    BSL = "bsl"
    EASY_READ = "easy_read"
    LARGE_PRINT = "large_print"
    BRAILLE = "braille"
    DOES_NOT_READ = "does_not_read"
    TEXT_RELAY = "text_relay"


class RepresentativeKind(StrEnum):
    PARENT = "parent"
    GUARDIAN = "guardian"
    NOMINATED = "nominated"
    FAMILY_SPOKESPERSON = "family_spokesperson"
    BEREAVED_RELATIVE = "bereaved_relative"


@dataclass(frozen=True, slots=True)
class Point:
    """An e-mail address or telephone number as given; `value` is normalised (lower-case domain, E.164) or None when it cannot be used."""

    value: str | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Offence:
    """`code` is the Home Office class ("28E"), upper case without spaces, "" when unknown; `ho_code` is NNN/NN."""

    code: str
    ho_code: str | None = None
    description: str | None = None
    principal: bool = False


@dataclass(frozen=True, slots=True)
class Flags:
    """True, False, or None: not known."""

    domestic_abuse: bool | None
    hate_crime: bool | None
    stalking_harassment: bool | None
    safeguarding: bool | None


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer as named in an occurrence, or merged from the directory (which beats the record)."""

    collar_number: str | None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class DirectoryOfficer:
    """An entry of the officer directory (kind `officer`); the highest version wins. `absent_until` is inclusive."""

    collar_number: str
    version: int
    active: bool
    name: str | None = None
    email: str | None = None
    mobile: str | None = None
    phone: str | None = None
    team: str | None = None
    supervisor: str | None = None
    absent_from: date | None = None
    absent_until: date | None = None
    cover: str | None = None


@dataclass(frozen=True, slots=True)
class Enhanced:
    """Assessment of enhanced rights; `eligible` None is an assessment not made."""

    eligible: bool | None
    reasons: tuple[str, ...] = ()
    assessed_by: str | None = None
    assessed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactSafety:
    """What is safe for whoever receives for this victim. `safe_channels` None: nothing was said; empty: none is safe."""

    safe_channels: frozenset[Channel] | None
    do_not_contact: bool = False
    confirmed_at: datetime | None = None
    safe_hours: str | None = None
    safe_name: str | None = None
    voicemail_ok: bool | None = None
    may_say_police: bool | None = None
    instructions: str | None = None


@dataclass(frozen=True, slots=True)
class Representative:
    """Who receives for a victim who cannot; `linked_to_suspect` None is not known."""

    given_name: str | None
    family_name: str | None
    relationship: RepresentativeKind | None
    email: Point | None = None
    mobile: Point | None = None
    address: tuple[str, ...] = ()
    linked_to_suspect: bool | None = None


@dataclass(frozen=True, slots=True)
class WrittenAcknowledgement:
    """The officer's own paper contract, already given."""

    given_at: datetime | None
    method: str | None


@dataclass(frozen=True, slots=True)
class AgreedUpdates:
    """The update agreement that the officer made; `every_days` None is key events only."""

    every_days: int | None
    method: Channel | None
    next_update_on: date | None
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Victim:
    """One victim of an occurrence, as one version of the record tells it."""

    id: str
    kind: VictimKind
    person_ref: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    organisation: str | None = None
    contact_name: str | None = None
    date_of_birth: date | None = None
    deceased: bool | None = None
    email: Point | None = None
    mobile: Point | None = None
    landline: Point | None = None
    address: tuple[str, ...] = ()
    preferred_channel: Channel | None = None
    language: str | None = None
    communication_needs: frozenset[Need] = frozenset()
    enhanced: Enhanced | None = None
    contact_safety: ContactSafety | None = None
    relationship_to_suspect: Relationship | None = None
    referral_opt_out: bool | None = None
    support_consent: bool | None = None
    requests: str | None = None
    representative: Representative | None = None
    written_acknowledgement: WrittenAcknowledgement | None = None
    update_agreement: AgreedUpdates | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One version of an occurrence. `reference` is the eleven-digit form. The record's free-text summary is not kept."""

    reference: str
    version: int
    status: Status
    record_type: RecordType
    reported_at: datetime
    recorded_at: datetime
    source: Source
    offences: tuple[Offence, ...]
    flags: Flags
    victims: tuple[Victim, ...]
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None
    location_text: str | None = None
    district: str | None = None
    markers: tuple[str, ...] = ()
    restricted: bool | None = None
    dash_risk: DashRisk | None = None
    linked_references: tuple[str, ...] = ()
    officer: Officer | None = None
    supervisor: Officer | None = None


class HoldKind(StrEnum):
    """Doubt re-decides by itself when a new version fills the gap; specialist is lifted only by a named person."""

    DOUBT = "doubt"
    SPECIALIST = "specialist"


class Route(StrEnum):
    VICTIM_SERVICES = "victim_services"
    DOMESTIC_ABUSE = "domestic_abuse"
    SEXUAL_OFFENCE = "sexual_offence"
    HELD = "held"
    TRANSFERRED = "transferred"
    NO_ROUTE = "no_route"


class Unit(StrEnum):
    """Who inside the force a task is for; the profile gives each role its address."""

    VICTIM_CARE_UNIT = "victim_care_unit"
    FAMILY_LIAISON = "family_liaison"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    INSPECTOR = "inspector"
    WITNESS_CARE = "witness_care"
    CRIME_MANAGEMENT = "crime_management"
    DUTY_CONTACT = "duty_contact"
    CONTACT_CENTRE = "contact_centre"
    CONTROL_ROOM = "control_room"
    OPERATIONS = "operations"


@dataclass(frozen=True, slots=True)
class RouteDecision:
    """The route of one victim and the rule that decided it.

    `destinations` are where a person should take it (names of services from the profile, "ask", …); `missing` are contract field paths;
    `signs` are the ids of every rule that fired, the deciding one first.
    """

    route: Route
    rule_id: str
    rule_version: str
    hold: HoldKind | None = None
    unit: Unit | None = None
    destinations: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    elsewhere: bool = False

    @property
    def automatic(self) -> bool:
        return self.route is Route.VICTIM_SERVICES


@dataclass(frozen=True, slots=True)
class Suffered:
    """A crime of the same person in another record: when it was reported, and whether that record is specialist by its own signs."""

    reported_at: datetime
    specialist: bool


@dataclass(frozen=True, slots=True)
class KnownElsewhere:
    """What other occurrences say of the same person or contact point; which occurrence is never carried along."""

    specialist: bool = False
    do_not_contact: bool = False
    closed: frozenset[str] = field(default_factory=frozenset)
    """Normalised addresses that a provider reported as permanently failing."""
    specialist_in: frozenset[str] = field(default_factory=frozenset, compare=False)
    """References that hold the person as specialist: what a release covers. Never shown."""
    named: frozenset[str] = field(default_factory=frozenset, compare=False)  # by the same `person_ref`; no sign of anything
    held: bool = field(default=False, compare=False)
    held_at: datetime | None = field(default=None, compare=False)
    """Whether another record is with people now, and when any was last: no page of ours opens by a link of before."""
    crimes: tuple[Suffered, ...] = field(default=(), compare=False)
    """Crimes of the same person there; not looked at where they are too few to say anything. Never shown."""

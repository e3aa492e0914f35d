"""What differs between forces, as one frozen value that decisions read.

Filled from `chalicelib/profiles/<force>.toml` by bootstrap. Must not read files or hold a default that a force should choose itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta

from chalicelib.domain.messages import ForceContact, ServiceContact
from chalicelib.domain.model import Unit


@dataclass(frozen=True, slots=True)
class HoldWindows:
    """How long a victim's message waits after our first acceptance of their record, so that late flags are caught."""

    property_crime: timedelta
    against_person: timedelta


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Messages to victims leave between `opens` and `closes`, Europe/London."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class RoleAddress:
    """A unit's name, mailbox and telephone. `lists`: the hours (Europe/London) at which it gets new tasks together; none: each at once."""

    name: str
    email: str
    phone: str
    lists: tuple[time, ...] = ()


@dataclass(frozen=True, slots=True)
class Reminders:
    """Daily at `at`, Europe/London. `lead_days`: calendar days before the deadline; `link_days`: how long a link in a reminder lives;
    `most_lines`: the longest digest, the rest is counted; what comes once or is due today is always named."""

    at: time
    lead_days: int
    link_days: int
    most_lines: int


@dataclass(frozen=True, slots=True)
class Rank:
    """A step of the ladder: who hears of what has been late for so many working days. SUPERVISOR is the officer's own, a person."""

    role: Unit
    working_days_late: int


@dataclass(frozen=True, slots=True)
class ContactPolicy:
    """What may be done where contact safety is unconfirmed or the victim does not receive alone."""

    use_given_when_unconfirmed: bool
    confirmation_limit: timedelta
    child_with_representative: bool
    """A child's representative, known not linked to the suspect, is informed (the child is never referred)."""
    english_where_no_template: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """Clocks of sending. `unknown_after`: how long an unknown outcome waits for its receipt."""

    lease: timedelta
    unknown_after: timedelta
    first_backoff: timedelta
    longest_backoff: timedelta
    most_attempts: int


@dataclass(frozen=True, slots=True)
class Profile:
    """One force."""

    force: ForceContact
    sms_sender: str
    sms_name: str
    email_from: str
    contact: ContactPolicy
    hold: HoldWindows
    quiet: QuietHours
    delivery: Delivery
    reminders: Reminders
    ladder: tuple[Rank, ...]
    update_every_days: int
    victim_service: ServiceContact
    other_support: tuple[ServiceContact, ...]
    roles: Mapping[Unit, RoleAddress]
    districts: frozenset[str]
    """Names of districts in lower case: what else is written there is free text and goes nowhere."""
    domestic_abuse_services: Mapping[str, str]
    """District as recorded, in lower case, to the name of its service; "*" is the rest."""
    sexual_offence_service: str
    high_risk_service: str

    def district(self, recorded: str | None) -> str | None:
        """What is recorded, in one spelling, where it is one of the force's districts."""
        name = (recorded or "").strip().lower()
        return name.title() if name in self.districts else None

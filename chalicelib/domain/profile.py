"""What differs between forces, as one frozen value that decisions read.

Filled from `chalicelib/profiles/<force>.toml` by bootstrap. Must not read files or hold a default that a force should choose itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from math import ceil

from chalicelib.domain.case_classes import CaseClass
from chalicelib.domain.free_text import OwnWords
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
class CasePeriods:
    """How long the content of a case is kept, by its class, after the last thing that happened in it.

    `by_a_person`: classes of which a person decides then; the content of the others goes by itself.
    """

    no_crime: timedelta
    business: timedelta
    ordinary: timedelta
    specialist: timedelta
    by_a_person: frozenset[CaseClass]

    def of(self, kind: CaseClass) -> timedelta:
        period: timedelta = getattr(self, kind.value)
        return period

    @property
    def every(self) -> dict[CaseClass, timedelta]:
        return {kind: self.of(kind) for kind in CaseClass}


@dataclass(frozen=True, slots=True)
class Retention:
    """`quarantine`: the row and the body of a record that could not be read, from when it came. `seals`: how long nobody, even the owner of
    the account, can delete a sealed batch of the log (ADR 0028), so no longer than is surely wanted. Packaging gives the buckets the same
    (infra/force.py). `cases`: what is kept of a case for how long, never by a clock of the store, since a live case must not expire.
    """

    quarantine: timedelta
    seals: timedelta
    cases: CasePeriods


@dataclass(frozen=True, slots=True)
class Delivery:
    """Clocks of sending. `unknown_after`: how long an unknown outcome waits for its receipt."""

    lease: timedelta
    unknown_after: timedelta
    first_backoff: timedelta
    longest_backoff: timedelta
    most_attempts: int


@dataclass(frozen=True, slots=True)
class WebPages:
    """What the pages say of the force. `paper`: what it calls the paper that a victim gets with collar number and reference,
    `reference`: how one is written there. `exit_url`: where "Exit this page" leads, a page that is not personalised. `complaints`: where
    Professional Standards takes complaints. `statement_prepared`: the day of the force's accessibility statement. `case_years` and
    `letter_days`: how long archived records, whatever becomes of their case, and the copies of letters are kept at most; packaging gives
    the buckets the same (infra/force.py)."""

    paper: str
    reference: str
    exit_url: str
    exit_name: str
    data_protection_email: str
    complaints: str
    statement_prepared: date
    case_years: int
    letter_days: int

    @property
    def case_days(self) -> int:
        """`case_years` as days, rounded up: what is kept for years is never forgotten a day early."""
        return ceil(self.case_years * 365.25)


@dataclass(frozen=True, slots=True)
class ContactForms:
    """Messages through the page "Contact an officer". Limits are counted in windows that begin with the epoch.

    `unanswered`: working days after which a message passes from the officer to their supervisor. `kept`: how long its text is kept.
    """

    source_window: timedelta
    per_source: int
    reference_window: timedelta
    per_reference: int
    unanswered: int
    kept: timedelta


@dataclass(frozen=True, slots=True)
class OfficerSignIn:
    """What the force's own sign-in says of a person, by the names of its claims, and how long a session lasts, used or not.

    `groups`: which role of ours a group of theirs stands for.
    """

    collar_claim: str
    groups_claim: str
    groups: Mapping[str, Unit]
    session: timedelta


@dataclass(frozen=True, slots=True)
class CasePage:
    """The victim's own page. A link in a message lives `link_days`, a code `code_minutes` for at most `tries`, a browser that gave the code
    `session_minutes`. `codes_a_day` for one victim of one case, `changes_a_day` of what was agreed, `per_source` typed codes of a letter in
    `source_window`. `update_days` are the frequencies that a victim may choose.
    """

    link_days: int
    code_minutes: int
    tries: int
    codes_a_day: int
    session_minutes: int
    changes_a_day: int
    source_window: timedelta
    per_source: int
    update_days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """One force."""

    force: ForceContact
    sms_sender: str
    email_from: str
    contact: ContactPolicy
    hold: HoldWindows
    quiet: QuietHours
    delivery: Delivery
    retention: Retention
    reminders: Reminders
    contact_forms: ContactForms
    case_page: CasePage
    ladder: tuple[Rank, ...]
    update_every_days: int
    victim_service: ServiceContact
    other_support: tuple[ServiceContact, ...]
    roles: Mapping[Unit, RoleAddress]
    districts: frozenset[str]
    """Names of districts in lower case: what else is written there is free text and goes nowhere."""
    held_classes: frozenset[str]
    """Home Office classes that this force tells by a person, beside those that are held everywhere: a force may hold more, never less."""
    domestic_abuse_services: Mapping[str, str]
    """District as recorded, in lower case, to the name of its service; "*" is the rest."""
    domestic_abuse_without_consent: str
    sexual_offence_service: str
    high_risk_service: str
    specialist_names: tuple[str, ...]
    """By these names of services and units a text would tell what kind of crime it was."""
    web: WebPages
    sign_in: OfficerSignIn
    begins_on: date | None = None
    """The day on which the force began to tell victims with this service. Whoever reported before was told in the old way: nothing of the
    first days, acknowledgement, referral and needs assessment, is owed or sent here. None: every record is told from its beginning."""

    @property
    def own_words(self) -> OwnWords:
        """What free text is judged by in this force."""
        names = f"{self.force.name} {self.force.short_name}".split()
        return OwnWords(frozenset(names), self.specialist_names)

    def tells_from_the_beginning(self, reported_on: date) -> bool:
        """Whether a crime that was reported on this day is acknowledged and referred by us."""
        return self.begins_on is None or reported_on >= self.begins_on

    def district(self, recorded: str | None) -> str | None:
        """What is recorded, in one spelling, where it is one of the force's districts."""
        name = (recorded or "").strip().lower()
        return name.title() if name in self.districts else None

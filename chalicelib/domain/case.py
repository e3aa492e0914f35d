"""A case as it is stored: the head of an occurrence and one part per victim.

The head's `revision` orders all decisions; a standing `marker` means that a version is being written and nothing leaves.
Must not load or save itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.events import Event
from chalicelib.domain.model import AgreedUpdates, Occurrence, RecordType, Route, RouteDecision, Status, Victim

BY_A_PERSON = frozenset({Route.DOMESTIC_ABUSE, Route.SEXUAL_OFFENCE, Route.HELD})
"""Routes on which people tell, and nothing automatic does."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A version in progress: its number, the hash of its content, and the specialist rules that it fired."""

    version: int
    content_hash: str
    signs: frozenset[str] = frozenset()
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """A quarantined body of this occurrence: nothing leaves until a later good version or a person lifts it."""

    quarantine_id: str
    version: int | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Release:
    """A named person lifted the specialist hold of one victim at `version`; it covers `signs`, what the head knew then, by version.

    A sign that comes later holds again, also one of a late version: the person did not know it. A release that the records system told of
    (`event_id`) covers every version that it had sent by then, whenever that reaches us.
    """

    victim_id: str
    version: int
    by: str
    at: datetime
    reason: str
    signs: tuple[tuple[int, frozenset[str]], ...] = ()
    elsewhere: tuple[tuple[str, frozenset[str]], ...] = ()
    """References that held the person as specialist then, with the specialist rules that each had fired."""
    event_id: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What one version says of the occurrence's life, and when the records system sent it. `officers`: collar numbers that it names."""

    version: int
    sent_at: datetime
    status: Status
    record_type: RecordType | None = None
    officers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What one version says of one victim's updates. `terms` None says nothing; `silent`: do not contact."""

    version: int
    sent_at: datetime
    terms: AgreedUpdates | None
    silent: bool


@dataclass(frozen=True, slots=True)
class Retained:
    """How far retention is with a case (`retention.py`).

    `look_at`: when it is looked at next; None: when a case is looked at first. `review_since`: since when a person has to decide about it.
    `kept_until`: until when one last decided to keep it. From `begun_at` on its content goes and nothing is recorded of it any more;
    at `done_at` the last of it was gone.
    """

    look_at: datetime | None = None
    review_since: datetime | None = None
    kept_until: datetime | None = None
    begun_at: datetime | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """`facts` is the newest complete version without its victims; `signs` the specialist rules of every version seen, by version.

    `told` is every version seen, in their order. `events` counts what else the records system told of this occurrence (`events.py`).
    """

    reference: str
    revision: int = 0
    version: int = 0
    content_hash: str = ""
    facts: Occurrence | None = None
    marker: Marker | None = None
    signs: tuple[tuple[int, frozenset[str]], ...] = ()
    releases: tuple[Release, ...] = ()
    suspension: Suspension | None = None
    told: tuple[Told, ...] = ()
    events: int = 0
    checks: frozenset[str] = frozenset()
    """What the crime management unit was ever asked to look at here (purposes of recording checks)."""
    retained: Retained = Retained()

    @property
    def stripped(self) -> bool:
        """Retention has taken its content, or is taking it: nobody is told anything, and nothing is recorded of it."""
        return self.retained.begun_at is not None

    def with_told(self, occurrence: Occurrence, sent_at: datetime) -> Head:
        """The head that also knows this version: as it first came, and sent when it was first sent, however often it comes."""
        known, version = {row.version: row for row in self.told}, occurrence.version
        row = known.get(version, Told(version, sent_at, occurrence.status, occurrence.record_type, _officers(occurrence)))
        known[version] = replace(row, sent_at=min(sent_at, row.sent_at))
        return replace(self, told=tuple(known[key] for key in sorted(known)))

    def with_signs(self, version: int, signs: frozenset[str]) -> Head:
        """The head that also knows the specialist signs of `version`; a version without signs leaves no row."""
        rows = dict(self.signs)
        if signs:
            rows[version] = rows.get(version, frozenset()) | signs
        return replace(self, signs=tuple(sorted(rows.items())))

    def sticky(self, victim_id: str) -> frozenset[str]:
        """Specialist rules that still hold this victim: those of every version that no release covers."""
        released = [release.signs for release in self.releases if release.victim_id == victim_id]
        lifted = {(version, rule) for signs in released for version, rules in signs for rule in rules}
        lifted |= self._lifted_by_event(victim_id)
        standing = (rule.partition("#") for version, rules in self.signs for rule in rules if (version, rule) not in lifted)
        return frozenset(rule for rule, _, whose in standing if whose in ("", victim_id))

    def _lifted_by_event(self, victim_id: str) -> set[tuple[int, str]]:
        """What the records system's own releases cover: every version that it sent before the last of them."""
        at = max((release.at for release in self.releases if release.event_id and release.victim_id == victim_id), default=None)
        known = {row.version for row in self.told if at is not None and row.sent_at <= at}
        return {(version, rule) for version, rules in self.signs if version in known for rule in rules}

    @property
    def rules(self) -> frozenset[str]:
        """Specialist rules that any version fired."""
        return frozenset(rule for _, rules in self.signs for rule in rules)

    def released_elsewhere(self, victim_id: str) -> dict[str, frozenset[str]]:
        """References whose hold on this victim a person lifted here, with the rules that they knew of."""
        lifted: dict[str, frozenset[str]] = {}
        for release in self.releases:
            for reference, rules in release.elsewhere if release.victim_id == victim_id else ():
                lifted[reference] = lifted.get(reference, frozenset()) | rules
        return lifted


@dataclass(frozen=True, slots=True)
class Part:
    """One victim's part, as the version `version` tells it.

    `rows` are the ids of its notifications, `owed` of its obligations; `points` the keyed hashes that any version named, and `voice` what
    other records hear of them: (specialist, do not contact).
    """

    victim: Victim
    version: int
    accepted_at: datetime
    removed: bool = False
    decision: RouteDecision | None = None
    rows: frozenset[str] = frozenset()
    owed: frozenset[str] = frozenset()
    points: frozenset[str] = frozenset()
    voice: tuple[bool, bool] = (False, False)
    rights_since: datetime | None = None
    """Since when the victim has rights here, without a break."""
    said: tuple[Said, ...] = ()
    """What every version says of this victim's updates, in their order."""
    crime_at: datetime | None = None
    """When this was reported, where the newest version says that it is a crime against this person; other records of the person read it."""

    @property
    def held(self) -> bool:
        """A person decides about this victim: specialist, held or in doubt, as far as the last decision knew."""
        decision = self.decision
        return decision is not None and not self.removed and (decision.hold is not None or decision.route in BY_A_PERSON)

    def with_said(self, version: int, sent_at: datetime, victim: Victim) -> Part:
        """The part that also knows what this version says, as it first came; it dates from its first sending."""
        silent = bool(victim.contact_safety and victim.contact_safety.do_not_contact)
        known = {row.version: row for row in self.said}
        row = known.get(version, Said(version, sent_at, victim.update_agreement, silent))
        known[version] = replace(row, sent_at=min(sent_at, row.sent_at))
        return replace(self, said=tuple(known[key] for key in sorted(known)))


@dataclass(frozen=True, slots=True)
class Case:
    """Head and parts, read together. `parts` by victim id, removed ones too; `events` in the order of their ids."""

    head: Head
    parts: dict[str, Part] = field(default_factory=dict)
    events: tuple[Event, ...] = ()

    @property
    def occurrence(self) -> Occurrence | None:
        """The newest complete version with the victims that it names, or None before the first."""
        if self.head.facts is None:
            return None
        return replace(self.head.facts, victims=tuple(self.parts[key].victim for key in sorted(self.parts) if not self.parts[key].removed))


def _officers(occurrence: Occurrence) -> tuple[str, ...]:
    named = (occurrence.officer, occurrence.supervisor)
    return tuple(officer.collar_number for officer in named if officer and officer.collar_number)

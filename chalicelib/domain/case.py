"""A case as it is stored: the head of an occurrence and one part per victim.

The head's `revision` orders all decisions; a standing `marker` means that a version is being written and nothing leaves.
Must not load or save itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.model import Occurrence, RouteDecision, Victim


@dataclass(frozen=True, slots=True)
class Marker:
    """A version in progress: its number, the hash of its content, and the specialist rules that it fired."""

    version: int
    content_hash: str
    signs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Suspension:
    """A quarantined body of this occurrence: nothing leaves until a later good version or a person lifts it."""

    quarantine_id: str
    version: int | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Release:
    """A named person lifted the specialist hold of one victim at `version`; it covers `signs`, what the head knew then, by version.

    A sign that comes later holds again, also one of a late version: the person did not know it.
    """

    victim_id: str
    version: int
    by: str
    at: datetime
    reason: str
    signs: tuple[tuple[int, frozenset[str]], ...] = ()
    elsewhere: tuple[tuple[str, frozenset[str]], ...] = ()
    """References that held the person as specialist then, with the specialist rules that each had fired."""


@dataclass(frozen=True, slots=True)
class Head:
    """`facts` is the newest complete version without its victims; `signs` the specialist rules of every version seen, by version."""

    reference: str
    revision: int = 0
    version: int = 0
    content_hash: str = ""
    facts: Occurrence | None = None
    marker: Marker | None = None
    signs: tuple[tuple[int, frozenset[str]], ...] = ()
    releases: tuple[Release, ...] = ()
    suspension: Suspension | None = None

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
        standing = (rule.partition("#") for version, rules in self.signs for rule in rules if (version, rule) not in lifted)
        return frozenset(rule for rule, _, whose in standing if whose in ("", victim_id))

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


@dataclass(frozen=True, slots=True)
class Case:
    """Head and parts, read together. `parts` by victim id, removed ones too."""

    head: Head
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def occurrence(self) -> Occurrence | None:
        """The newest complete version with the victims that it names, or None before the first."""
        if self.head.facts is None:
            return None
        return replace(self.head.facts, victims=tuple(self.parts[key].victim for key in sorted(self.parts) if not self.parts[key].removed))

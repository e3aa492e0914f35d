"""All that a plan is made from: the case as one victim's facts, what is known elsewhere, what already left, the force and the time.

Must not decide anything; when this victim may be written to follows from these facts alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from chalicelib.domain.case import Said, Told
from chalicelib.domain.contact_safety import language_of, parse_hours
from chalicelib.domain.deadlines import next_allowed
from chalicelib.domain.delivery import Notification
from chalicelib.domain.events import Event
from chalicelib.domain.model import KnownElsewhere, Occurrence, Victim
from chalicelib.domain.profile import Profile
from chalicelib.domain.routes import against_person


@dataclass(frozen=True, slots=True)
class Standing:
    """What does not change from case to case: the force, its calendar, the languages that have approved templates."""

    profile: Profile
    holidays: frozenset[date]
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a plan is made from. `existing` are this victim's outbox rows; `sticky` and `known` as for `decide_route`."""

    occurrence: Occurrence
    victim: Victim
    accepted_at: datetime
    now: datetime
    standing: Standing
    sticky: frozenset[str] = frozenset()
    known: KnownElsewhere = field(default_factory=KnownElsewhere)
    existing: Mapping[str, Notification] | None = None
    points: frozenset[str] = frozenset()
    """Keyed hashes of the points that the newest version gives; empty where they were not looked up."""
    events: tuple[Event, ...] = ()
    """Those that concern this victim."""
    told: tuple[Told, ...] = ()
    """Every version seen of the occurrence, in their order."""
    rights_since: datetime | None = None
    """Since when the victim has rights here, None: since we accepted their record. Updates are owed from then on."""
    said: tuple[Said, ...] = ()
    """What every version says of this victim's updates, in their order."""

    @property
    def updates_from(self) -> datetime:
        """When the first update obligation starts."""
        return self.rights_since or self.accepted_at

    @property
    def rows(self) -> list[Notification]:
        return list((self.existing or {}).values())

    @property
    def personal(self) -> bool:
        return against_person(self.occurrence)


def hold_window(s: Situation) -> timedelta:
    """How long this victim's messages wait, from our first acceptance of their record."""
    hold = s.standing.profile.hold
    return hold.against_person if s.personal else hold.property_crime


def earliest(s: Situation, moment: datetime) -> datetime:
    """The first instant at or after `moment` at which this victim may be written to: the force's quiet hours and the victim's own."""
    return next_allowed(moment, s.standing.profile.quiet, own_hours(s))


def own_hours(s: Situation) -> tuple[time, time] | None:
    """The hours that this victim said are safe."""
    safety = s.victim.contact_safety
    return parse_hours(safety.safe_hours) if safety and safety.safe_hours else None


def written_in(s: Situation) -> str:
    """The language in which this victim is written to."""
    language = language_of(s.victim)
    return language if language in s.standing.languages else "en"

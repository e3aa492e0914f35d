"""The occurrences, the points that they share, and what any of them knows of the others.

Must not send, and must not read a body: it is handed good content.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra.replay.expectation.people import Point, Victim, points, silent
from infra.replay.expectation.routing import sticky_signs
from infra.replay.expectation.rows import Part
from infra.replay.expectation.settling import settle
from infra.replay.expectation.wants import View, Wishes

Record = dict[str, Any]


@dataclass(slots=True)
class Case:
    """One occurrence: its newest version, its victims, the lasting signs of every version seen, and what quarantine says of it."""

    reference: str
    version: int = 0
    record: Record = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    signs: set[tuple[str, str]] = field(default_factory=set)
    suspended: bool = False
    lifted_by: int | None = None
    """The least version that lifts the suspension; None: any that is recorded."""
    broken: dict[str, str] = field(default_factory=dict)
    """Quarantined bodies to the state of the task that each made."""

    def sticky(self, victim_id: str) -> frozenset[str]:
        return frozenset(rule for rule, whose in self.signs if whose in ("", victim_id))

    @property
    def points(self) -> frozenset[Point]:
        return frozenset().union(*(part.points for part in self.parts.values()))


class Cases:
    """Every case, and which of them name which point."""

    def __init__(self) -> None:
        self.all: dict[str, Case] = {}
        self.closed: set[Point] = set()
        self._voices: dict[Point, dict[str, dict[str, tuple[bool, bool]]]] = defaultdict(dict)

    def named(self, reference: str) -> Case:
        return self.all.setdefault(reference, Case(reference))

    def naming(self, shared: Iterable[Point]) -> set[str]:
        """References of the cases that ever named one of these points."""
        return {reference for point in shared for reference in self._voices.get(point, {})}

    def newest(self, case: Case, record: Record, now: datetime) -> frozenset[Point]:
        """A version above all others counts. Answers the points whose other cases have to hear of it."""
        rules, before = set(case.signs), case.points
        case.signs |= sticky_signs(record)
        case.version, case.record = record["version"], record
        if case.suspended and (case.lifted_by is None or case.version >= case.lifted_by):
            case.suspended = False
            case.broken = dict.fromkeys(case.broken, "met")
        named = {victim["id"]: victim for victim in record["victims"]}
        for part in case.parts.values():
            part.removed = True
        for victim_id, victim in named.items():
            part = case.parts.setdefault(victim_id, Part(victim, case.version, now))
            part.victim, part.version, part.removed = victim, case.version, False
        loud = self.decide(case, now, arrived=record)
        return loud | before if rules != case.signs else loud

    def late(self, case: Case, record: Record, now: datetime) -> frozenset[Point]:
        """A version below the newest: its signs last, its points count, and what it would have asked for is kept as not wanted."""
        case.signs |= sticky_signs(record)
        for victim in record["victims"]:
            part = case.parts.setdefault(victim["id"], Part(victim, record["version"], now, removed=True))
            part.points |= points(victim)
            if part.removed and part.version < record["version"]:
                part.victim, part.version = victim, record["version"]
        self.decide(case, now, arrived=record)
        return case.points

    def decide(self, case: Case, now: datetime, *, arrived: Record | None = None, only: str | None = None) -> frozenset[Point]:
        """Decide about every victim, or one. `arrived` is the version that came. Answers the points of whoever must be heard elsewhere."""
        own = {victim["id"]: victim for victim in arrived["victims"]} if arrived else {}
        loud: frozenset[Point] = frozenset()
        for victim_id, part in sorted(case.parts.items()):
            if only not in (None, victim_id):
                continue
            asked = Wishes(View(arrived, own[victim_id], part.accepted_at, now)) if arrived and victim_id in own else None
            settle(part, self.wishes(case, victim_id, now), asked, suspended=case.suspended, now=now)
            loud |= self._speak(case, victim_id, part)
        return loud

    def wishes(self, case: Case, victim_id: str, now: datetime) -> Wishes:
        """What should exist for this victim, with all that is known."""
        part = case.parts[victim_id]
        specialist, quiet, closed = self._heard(case, victim_id, part)
        return Wishes(
            View(
                case.record, part.victim, part.accepted_at, now, rows=part.rows, sticky=case.sticky(victim_id),
                specialist_elsewhere=specialist, silent_elsewhere=quiet, closed=closed, removed=part.removed,
            )
        )  # fmt: skip

    def _speak(self, case: Case, victim_id: str, part: Part) -> frozenset[Point]:
        """Leave this victim's mark at every point; the points, where what others hear has changed."""
        before, known = part.voice, part.points
        part.points |= points(part.victim)
        part.voice = (bool(case.sticky(victim_id)), silent(part.victim))
        for point in part.points:
            self._voices[point].setdefault(case.reference, {})[victim_id] = part.voice
        moved = before is not None and any(part.voice) and part.points != known
        return part.points if part.voice != (before or (False, False)) or moved else frozenset()

    def _heard(self, case: Case, victim_id: str, part: Part) -> tuple[bool, bool, frozenset[Point]]:
        """Specialist, do not contact, closed points: what other records say, and other victims of this one who share a point."""
        given = points(part.victim)
        keys = part.points | given
        elsewhere = [
            voice
            for point in keys
            for reference, voices in self._voices.get(point, {}).items()
            if reference != case.reference
            for voice in voices.values()
        ]
        specialist, quiet = any(voice[0] for voice in elsewhere), any(voice[1] for voice in elsewhere)
        closed = given & self.closed
        for other_id, other in case.parts.items():
            shared = keys & (points(other.victim) | (other.points if other.removed else frozenset()))
            if other_id == victim_id or not shared:
                continue
            specialist = specialist or bool(case.sticky(other_id))
            quiet = quiet or (silent(other.victim) and other.removed)
            closed |= shared & given if silent(other.victim) and not other.removed else frozenset()
        return specialist, quiet, frozenset(closed)

    def with_person(self, victim: Victim) -> set[str]:
        """References that name the same person by the records system's own number."""
        person = victim.get("person_ref")
        return self.naming([("person", person.lower())]) if person else set()

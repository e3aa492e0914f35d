"""The occurrences, the points that they share, and what any of them knows of the others.

Must not send, and must not read a body: it is handed good content.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra.replay.expectation.owed import Owed
from infra.replay.expectation.people import Point, Victim, points, silent
from infra.replay.expectation.routing import ELSEWHERE, SPECIALIST, sticky_signs
from infra.replay.expectation.rows import Key, Part
from infra.replay.expectation.settling import settle
from infra.replay.expectation.targeted import Crime, crime_of
from infra.replay.expectation.updates import Spoken, Terms
from infra.replay.expectation.views import Event, View
from infra.replay.expectation.wants import Wishes

Record = dict[str, Any]
Signs = frozenset[tuple[str, str]]
"""Lasting rules, each with the victim whom it holds, "" for everybody."""


@dataclass(frozen=True, slots=True)
class Release:
    """A named person lifted the hold of one victim: of the versions sent until then, and of what other records said then."""

    victim_id: str
    at: datetime
    elsewhere: dict[str, Signs] = field(default_factory=dict)


@dataclass(slots=True)
class Case:
    """One occurrence: its newest version, its victims, the lasting signs of every version seen, and what quarantine says of it."""

    reference: str
    version: int = 0
    record: Record = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    signs: dict[int, Signs] = field(default_factory=dict)
    """By version."""
    sent: dict[int, Spoken] = field(default_factory=dict)
    """Every version that came: when it was sent and what it said of the occurrence."""
    events: dict[str, Event] = field(default_factory=dict)
    heard_at: dict[str, datetime] = field(default_factory=dict)
    """When each event came, by its id."""
    outcomes: dict[str, str] = field(default_factory=dict)
    """What the source calls what an event tells of."""
    releases: list[Release] = field(default_factory=list)
    tasks_done: dict[str, tuple[str, Key]] = field(default_factory=dict)
    """Tasks that events name: id to victim and what the task asks."""
    suspended: bool = False
    lifted_by: int | None = None
    """The least version that lifts the suspension; None: any that is recorded."""
    types: dict[int, str] = field(default_factory=dict)
    """What kind of record each version was, by version, as it first came."""
    checks: dict[str, Owed] = field(default_factory=dict)
    """What the crime management unit has to look at."""
    broken: dict[str, Owed] = field(default_factory=dict)
    """Quarantined bodies, and what operations owe for each."""

    @property
    def rules(self) -> Signs:
        """What any version fired."""
        return frozenset().union(*self.signs.values())

    def sticky(self, victim_id: str) -> frozenset[str]:
        """Lasting rules of every version that no release covers."""
        until = max((each.at for each in self.releases if each.victim_id == victim_id), default=None)
        covered = {version for version, sent in self.sent.items() if until is not None and sent.sent_at <= until}
        standing = (sign for version, signs in self.signs.items() if version not in covered for sign in signs)
        return frozenset(rule for rule, whose in standing if whose in ("", victim_id))

    def heard_of(self, version: int, sent_at: datetime, record: Record) -> None:
        """A version came; what it said first stays, and it was sent when it was sent first."""
        _hear(self.sent, Spoken(version, sent_at, record["status"]))
        self.types.setdefault(version, record["record_type"])
        self.signs[version] = self.signs.get(version, frozenset()) | sticky_signs(record)

    def spoken(self, part: Part) -> list[Spoken]:
        """What every version says of one victim's updates, by number; a version that does not name them says the status alone."""
        return [
            part.said[version]._replace(status=sent.status) if version in part.said else sent for version, sent in sorted(self.sent.items())
        ]

    def events_of(self, victim_id: str) -> list[Event]:
        """What names the victim; a key event may name several, or everybody, and a correction may take back what named others."""
        return [(kind, said) for kind, said in self.events.values() if _names(kind, said, victim_id)]

    def done(self, victim_id: str) -> dict[Key, datetime]:
        """Tasks of one victim that somebody did, and when first."""
        found: dict[Key, datetime] = {}
        for kind, said in self.events.values():
            whose, key = self.tasks_done.get(said.get("task", ""), ("", ()))
            if kind == "task_done" and said["step"] == "done" and whose == victim_id:
                found[key] = min(said["at"], found.get(key, said["at"]))
        return found

    @property
    def points(self) -> frozenset[Point]:
        return frozenset().union(*(part.points for part in self.parts.values()))


class Cases:
    """Every case, and which of them name which point."""

    def __init__(self, harmless: frozenset[str] = frozenset()) -> None:
        self.harmless = harmless
        self.all: dict[str, Case] = {}
        self.closed: set[Point] = set()
        self._voices: dict[Point, dict[str, dict[str, tuple[bool, bool]]]] = defaultdict(dict)

    def named(self, reference: str) -> Case:
        return self.all.setdefault(reference, Case(reference))

    def naming(self, shared: Iterable[Point]) -> set[str]:
        """References of the cases that ever named one of these points."""
        return {reference for point in shared for reference in self._voices.get(point, {})}

    def newest(self, case: Case, record: Record, sent_at: datetime, now: datetime) -> frozenset[Point]:
        """A version above all others counts. Answers the points whose other cases have to hear of it."""
        rules, before = case.rules, case.points
        case.heard_of(record["version"], sent_at, record)
        case.version, case.record = record["version"], record
        if case.suspended and (case.lifted_by is None or case.version >= case.lifted_by):
            case.suspended = False
            for owed in case.broken.values():
                owed.met_at = owed.met_at or now
        named = {victim["id"]: victim for victim in record["victims"]}
        for part in case.parts.values():
            part.removed = True
        for victim_id, victim in named.items():
            part = case.parts.setdefault(victim_id, Part(victim, case.version, now))
            part.victim, part.version, part.removed = victim, case.version, False
            _said(part, record, sent_at)
        loud = self.decide(case, now, arrived=record)
        return loud | before if rules != case.rules else loud

    def late(self, case: Case, record: Record, sent_at: datetime, now: datetime) -> frozenset[Point]:
        """A version below the newest: its signs last, its points count, and what it would have asked for is kept as not wanted."""
        case.heard_of(record["version"], sent_at, record)
        for victim in record["victims"]:
            part = case.parts.setdefault(victim["id"], Part(victim, record["version"], now, removed=True))
            _said(part, record, sent_at)
            part.points |= points(victim)
            if part.removed and part.version < record["version"]:
                part.victim, part.version = victim, record["version"]
        self.decide(case, now, arrived=record)
        return case.points

    def release(self, case: Case, victim_id: str, at: datetime) -> None:
        """Lift the hold of one victim, knowing what other records say now."""
        part = case.parts.get(victim_id)
        held = {} if part is None else {name: self.all[name].rules for name in self._specialist_in(case, part)}
        case.releases.append(Release(victim_id, at, held))

    def decide(self, case: Case, now: datetime, *, arrived: Record | None = None, only: str | None = None) -> frozenset[Point]:
        """Decide about every victim, or one. `arrived` is the version that came. Answers the points of whoever must be heard elsewhere."""
        own = {victim["id"]: victim for victim in arrived["victims"]} if arrived else {}
        loud: frozenset[Point] = frozenset()
        for victim_id, part in sorted(case.parts.items()):
            if only not in (None, victim_id):
                continue
            asked = Wishes(_alone(arrived, own[victim_id], part.accepted_at, now)) if arrived and victim_id in own else None
            wishes = self.wishes(case, victim_id, now)
            settle(part, wishes, asked, suspended=case.suspended, now=now)
            part.rights_since = (part.rights_since or now) if wishes.keeps_rights else None
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
                spoken=case.spoken(part), events=case.events_of(victim_id), done=case.done(victim_id), harmless=self.harmless,
                heard_at=case.heard_at, crimes=self._crimes(case, part.victim),
                rights_since=part.rights_since or now,
            )
        )  # fmt: skip

    def _speak(self, case: Case, victim_id: str, part: Part) -> frozenset[Point]:
        """Leave this victim's mark at every point; the points, where what others hear has changed."""
        before, known = part.voice, part.points
        part.points |= points(part.victim)
        verdict = part.verdict
        itself = verdict is not None and verdict.hold == SPECIALIST and verdict.rule not in ELSEWHERE
        part.voice = (bool(case.sticky(victim_id)) or itself, silent(part.victim))
        crime = None if part.removed else crime_of(case.record, part.victim)
        counted = (crime, part.victim.get("person_ref")) if crime else None
        heard, part.counted = (part.counted, counted)
        for point in part.points:
            self._voices[point].setdefault(case.reference, {})[victim_id] = part.voice
        moved = before is not None and any(part.voice) and part.points != known
        return part.points if part.voice != (before or (False, False)) or moved or counted != heard else frozenset()

    def _crimes(self, case: Case, victim: Victim) -> list[Crime]:
        """The same person's crimes in other records."""
        person = (victim.get("person_ref") or "").lower()
        cases = [self.all[name] for name in sorted(self.with_person(victim) - {case.reference})]
        parts = [part for other in cases for part in other.parts.values() if part.counted]
        return [(part.counted[0], bool(part.voice and part.voice[0])) for part in parts if part.counted and _same(part, person)]

    def _heard(self, case: Case, victim_id: str, part: Part) -> tuple[bool, bool, frozenset[Point]]:
        """Specialist, do not contact, closed points: what other records say, and other victims of this one who share a point."""
        given = points(part.victim)
        keys = part.points | given
        specialist = any(not self._lifted(case, victim_id, name) for name in self._specialist_in(case, part))
        quiet = any(voice[1] for voices in self._voices_elsewhere(case, part) for voice in voices[1].values())
        closed = given & self.closed
        for other_id, other in case.parts.items():
            shared = keys & (points(other.victim) | (other.points if other.removed else frozenset()))
            if other_id == victim_id or not shared:
                continue
            specialist = specialist or bool(case.sticky(other_id))
            quiet = quiet or (silent(other.victim) and other.removed)
            closed |= shared & given if silent(other.victim) and not other.removed else frozenset()
        return specialist, quiet, frozenset(closed)

    def _voices_elsewhere(self, case: Case, part: Part) -> list[tuple[str, dict[str, tuple[bool, bool]]]]:
        """What other cases say of the points of this victim, by reference."""
        keys = part.points | points(part.victim)
        found = [each for point in keys for each in self._voices.get(point, {}).items()]
        return [(reference, voices) for reference, voices in found if reference != case.reference]

    def _specialist_in(self, case: Case, part: Part) -> set[str]:
        return {name for name, voices in self._voices_elsewhere(case, part) if any(voice[0] for voice in voices.values())}

    def _lifted(self, case: Case, victim_id: str, name: str) -> bool:
        """A release covers that other record, unless it says more by now than was known."""
        known = [each.elsewhere[name] for each in case.releases if each.victim_id == victim_id and name in each.elsewhere]
        return bool(known) and self.all[name].rules <= frozenset().union(*known)

    def with_person(self, victim: Victim) -> set[str]:
        """References that name the same person by the records system's own number."""
        person = victim.get("person_ref")
        return self.naming([("person", person.lower())]) if person else set()


def _same(part: Part, person: str) -> bool:
    return (part.victim.get("person_ref") or "").lower() == person


def _names(kind: str, said: dict[str, Any], victim_id: str) -> bool:
    if kind == "investigation_event":
        return "victim_ids" not in said or victim_id in said["victim_ids"] or "corrects" in said
    return bool(said.get("victim_id") == victim_id)


def _said(part: Part, record: Record, sent_at: datetime) -> None:
    """What a version says of this victim's updates."""
    _hear(part.said, _spoken(record, part.victim["id"], sent_at))


def _hear(known: dict[int, Spoken], said: Spoken) -> None:
    before = known.get(said.version, said)
    known[said.version] = before._replace(sent_at=min(before.sent_at, said.sent_at))


def _spoken(record: Record, victim_id: str, sent_at: datetime) -> Spoken:
    victim = next(each for each in record["victims"] if each["id"] == victim_id)
    terms = victim.get("update_agreement")
    return Spoken(record["version"], sent_at, record["status"], True, None if terms is None else Terms.of(terms), silent(victim))


def _alone(record: Record, victim: Victim, accepted_at: datetime, now: datetime) -> View:
    """A version as if there were no other."""
    return View(record, victim, accepted_at, now, spoken=[_spoken(record, victim["id"], accepted_at)])

"""Makes the first version of an occurrence from the rows of one Crime ID: class, signs, times, officers, and its victims as seats.

Must not write a message: points of contact are given out only when everybody is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from infra.replay.generator import class_shares
from infra.replay.generator.names import TOWNS
from infra.replay.generator.officers import Force
from infra.replay.generator.people import People, Person
from infra.replay.generator.seats import Circumstances, Seat, seat_for
from infra.replay.generator.shares import answer, chance, draw, maybe, weights
from infra.replay.generator.street import ANTI_SOCIAL, Row, Unit
from infra.replay.generator.times import Moments, Month, iso, moments, reported_in

Record = dict[str, Any]

FORCE = "Derbyshire Constabulary"
"""Whose rows may lie elsewhere: for the month of another force every place does, and says nothing."""
_NOWHERE = "No Location"
_SUMMARIES = (
    "Fictional account for a replay: what was reported and what the caller saw.",
    "Fictional account for a replay: discovered on return, nobody seen leaving.",
    "Fictional account for a replay: caller will be told how the report is dealt with.",
)


@dataclass(slots=True, eq=False)
class Crime:
    """One occurrence before it is written down. `facts` is the contract's object without reference, version, victims and links."""

    unit: Unit
    rng: Random
    month: Month
    when: Moments
    facts: Record
    seats: list[Seat]
    reference: str = ""
    linked: list[Crime] = field(default_factory=list, repr=False)


class Maker:
    """Makes occurrences one after the other; remembers only who was met."""

    def __init__(self, seed: int, now: datetime, people: People, force: Force) -> None:
        self._seed = seed
        self._now = now
        self._people = people
        self._force = force
        self._places: dict[int, list[tuple[Crime, Seat]]] = {}

    def make(self, unit: Unit, month: Month) -> Crime:
        """The occurrence of these rows. Everything about it is drawn from the seed and its own key."""
        rng = Random(f"{self._seed} {unit.key}")
        first = unit.rows[0]
        kind = _record_type(rng, unit)
        codes = _codes(rng, unit, kind)
        crime_type = _type(first)
        domestic = rng.random() < class_shares.domestic_share(crime_type, codes[0] if codes else "")
        personal = crime_type in class_shares.PERSONAL_TYPES or domestic
        district = district_of(first.lsoa)
        reported = reported_in(rng, month, self._now)
        when = moments(rng, reported, self._now, personal=personal)
        here = Circumstances(crime_type, codes[0] if codes else "", domestic, personal, kind == "incident", district, when)
        seats = self._seats(rng, unit, here)
        facts: Record = {
            "status": draw(rng, "record.status_elsewhere" if district is None and first.force == FORCE else "record.status"),
            "record_type": kind,
            **_times(rng, when),
            "summary": rng.choice(_SUMMARIES),
            "location": _location(rng, first, district),
            "source": draw(rng, "record.source_person" if personal else "record.source_property"),
            "offences": [_offence(rng, code, first) | {"principal": position == 0} for position, code in enumerate(codes)],
            **_signs(rng, here, seats),
            **self._officers(rng, district),
        }
        crime = Crime(unit, rng, month, when, facts, seats)
        self._remember(crime)
        return crime

    def _seats(self, rng: Random, unit: Unit, here: Circumstances) -> list[Seat]:
        alone = len(unit.rows) == 1
        if alone and rng.random() < class_shares.WITHOUT_VICTIM.get(here.crime_type, 0.0):
            return []
        seats: list[Seat] = []
        for number in range(1, len(unit.rows) + 1):
            seats.append(seat_for(rng, here, self._people, number, seats))
        return seats

    def _remember(self, crime: Crime) -> None:
        """Who was met before: the stated share of their records names the earlier one and all that it is linked to, and is named by them.

        So linked records form groups of which each names every other, and which message tells of which does not hang on their order.
        """
        for seat in crime.seats:
            before = self._places.setdefault(seat.person.serial, [])
            if before and seat.person.ref and chance(crime.rng, "person.linked"):
                earlier, theirs = before[-1]
                for one in (*earlier.linked, earlier):
                    crime.linked.append(one)
                    one.linked.append(crime)
                if chance(crime.rng, "linked.alike"):
                    crime.facts |= {name: earlier.facts[name] for name in ("officer", "supervisor")}
                    seat.say_as(theirs, iso(crime.when.recorded))
            before.append((crime, seat))

    def _officers(self, rng: Random, district: str | None) -> Record:
        officer = self._force.somebody(rng, district or "Derby")
        if chance(rng, "officer.missing"):
            return {"officer": None, "supervisor": None}
        named = officer.named() | ({"email": None} if chance(rng, "officer.no_email") else {})
        gone = officer.supervisor is None or chance(rng, "supervisor.missing")
        return {"officer": named, "supervisor": None if gone or officer.supervisor is None else officer.supervisor.named_supervisor()}


def district_of(lsoa: str) -> str | None:
    """The district of "Amber Valley 001A", where it is one of the force's own."""
    name = lsoa.rpartition(" ")[0]
    return name if name in TOWNS else None


def _type(row: Row) -> str:
    return class_shares.OLDER_TYPES.get(row.crime_type, row.crime_type)


def _record_type(rng: Random, unit: Unit) -> str:
    if not unit.has_id or all(row.crime_type == ANTI_SOCIAL for row in unit.rows):
        return "incident"
    violent = _type(unit.rows[0]) == class_shares.VIOLENCE
    return "n100" if violent and chance(rng, "record.n100") else "crime"


def _codes(rng: Random, unit: Unit, kind: str) -> list[str]:
    """A class for each crime type of the rows; a few are blank or unknown, a few occurrences have one more."""
    if kind == "n100":
        return [draw(rng, "record.n100_code")]
    types = list(dict.fromkeys(_type(row) for row in unit.rows))
    if types == [ANTI_SOCIAL] and not chance(rng, "record.incident_with_offence"):
        return []
    codes = [_code(rng, each) for each in types]
    if chance(rng, "record.second_offence"):
        codes.append(_code(rng, types[0]))
    return list(dict.fromkeys(codes))


def _code(rng: Random, crime_type: str) -> str:
    if chance(rng, "record.blank_class"):
        return ""
    if chance(rng, "record.unknown_class") or crime_type not in class_shares.CLASSES:
        return rng.choice(("8ZZ", "199", "VIOL", "28Z"))
    by_class = class_shares.CLASSES[crime_type][0]
    return rng.choices(tuple(by_class), weights=tuple(by_class.values()))[0]


def _offence(rng: Random, code: str, row: Row) -> Record:
    stats = class_shares.STATS_CODES.get(code) if chance(rng, "record.stats_code") else None
    if chance(rng, "record.conflicting_stats_code"):
        stats = "019/08"
    return {"code": code, "ho_code": stats, "description": row.crime_type}


def _location(rng: Random, row: Row, district: str | None) -> Record | None:
    if chance(rng, "record.no_location"):
        return None
    return {"text": row.location if row.location not in ("", _NOWHERE) else None, "district": district}


def _times(rng: Random, when: Moments) -> Record:
    happened: Record = {"occurred_from": iso(when.occurred_from), "occurred_to": iso(when.occurred_to)}
    if chance(rng, "record.no_occurred"):
        happened = {"occurred_from": None, "occurred_to": None}
    return {"reported_at": iso(when.reported), "recorded_at": iso(when.recorded), **happened}


def _signs(rng: Random, here: Circumstances, seats: list[Seat]) -> Record:
    marker = draw(rng, "marker.domestic" if here.domestic else "marker.otherwise")
    dash = maybe(rng, "dash.domestic") if here.domestic and here.personal and seats else None
    if not here.domestic and chance(rng, "dash.otherwise"):
        dash = "standard"
    return {
        "flags": _flags(rng, here, seats),
        "markers": [marker] if marker else None if chance(rng, "marker.null") else [],
        "restricted": answer(rng, "record.restricted"),
        "dash_risk": dash,
    }


def _flags(rng: Random, here: Circumstances, seats: list[Seat]) -> Record:
    stalking = weights("flag.stalking").get(here.code)
    pursued = chance(rng, "flag.stalking_otherwise") if stalking is None else rng.random() < stalking
    hated = here.code in class_shares.AGGRAVATED or (here.personal and chance(rng, "flag.hate"))
    known: dict[str, bool | None] = {
        "domestic_abuse": here.domestic,
        "hate_crime": hated,
        "stalking_harassment": pursued,
        "safeguarding": chance(rng, _safeguarding(here, [seat.person for seat in seats])),
    }
    for name, share in zip(known, ("flag.domestic_null", "flag.hate_null", "flag.stalking_null", "flag.safeguarding_null"), strict=True):
        if not known[name] and chance(rng, share):
            known[name] = None
    return known


def _safeguarding(here: Circumstances, persons: list[Person]) -> str:
    if any(here.is_child(person) for person in persons):
        return "flag.safeguarding_child"
    return "flag.safeguarding_domestic" if here.domestic else "flag.safeguarding"

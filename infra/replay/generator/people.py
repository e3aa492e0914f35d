"""Fictional people and businesses: who they are, what points of contact they have, and who meets the police again.

Must not use a point that anybody has: mail at reserved domains, Ofcom's drama numbers, postcodes that no address has. Every point is one
person's, but for the stated share of households.
"""

from __future__ import annotations

import unicodedata
from collections import deque
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Literal

from infra.replay.generator import names
from infra.replay.generator.shares import chance, draw, maybe

Kind = Literal["person", "business", "police_officer"]

MOST_OCCURRENCES = 4
"""Of one person in a run: each of them needs a wave of its own."""
CHILD_YEARS = (0.5, 17.6)
ADULT_FROM, ADULT_TO = 18.3, 101.0
ADULT_GAMMA = (2.2, 11.0)
"""Ages: children evenly, adults by a gamma distribution above the youngest."""
_REMEMBERED = 300
_DOMAINS = ("example.org", "example.org", "example.org", "mail.example.test", "post.example.test")
_UNUSABLE = ("{}(at)example.org", "{} at example.org", "{}@@example.org", "{}@", "{}@example..org", "no e-mail, {}")


@dataclass(slots=True, eq=False)
class Person:
    """Somebody (or a business) in the records system. Points are given out when everybody is known; None is not given."""

    serial: int
    kind: Kind
    given: str | None
    family: str | None
    born: date | None
    address: list[str] | None
    district: str
    language: str | None
    needs: list[str]
    preferred: str | None
    ref: str | None = None
    organisation: str | None = None
    contact: str | None = None
    email: str | None = None
    mobile: str | None = None
    landline: str | None = None
    wants_mobile: bool = False
    occurrences: int = 1
    shares_points: bool = False
    may_be_referred: bool = False
    lives_with: Person | None = field(default=None, repr=False)

    @property
    def alone(self) -> bool:
        """Met once, sharing nothing and never referred: two messages that hang on this person's points never race.

        A referral leaves when its notice was accepted, and the notice may bounce in that same moment.
        """
        return self.occurrences == 1 and not self.shares_points and not self.may_be_referred


class People:
    """Everybody of one run, in the order in which they were met."""

    def __init__(self) -> None:
        self.everybody: list[Person] = []
        self._met: dict[tuple[str, str], deque[Person]] = {}

    def again(self, rng: Random, kind: Kind, district: str, *, child: bool, seen: list[Person]) -> Person | None:
        """Somebody of the district who was a victim before and may be once more, not one of those `seen` here already."""
        met = self._met.get((f"{kind}{child}", district))
        if not met:
            return None
        person = met[rng.randrange(len(met))]
        if person.occurrences >= MOST_OCCURRENCES or person in seen or person.shares_points:
            return None
        person.occurrences += 1
        return person

    def fresh(self, rng: Random, kind: Kind, district: str, today: date, *, child: bool, named: bool = True) -> Person:
        """Somebody new. `today` is the day of the report; `child` under 18 then; `named`: a business with a contact."""
        person = self._person(rng, kind, district)
        if kind == "business":
            person.organisation = f"{rng.choice(names.FAMILY)}'s {rng.choice(names.TRADES)}"
            person.contact = f"{rng.choice(names.GIVEN)} {rng.choice(names.FAMILY)}" if named else None
            person.given = person.family = None
        elif kind == "person":
            person.born = None if chance(rng, "victim.no_birth_date") and not child else _birth(rng, today, child=child)
        person.ref = None if kind == "police_officer" or chance(rng, "person.no_ref") else f"N{1_000_000 + person.serial}"
        self._points(rng, person)
        self._met.setdefault((f"{kind}{child}", district), deque(maxlen=_REMEMBERED)).append(person)
        return person

    def housemate(self, rng: Random, other: Person, today: date, *, child: bool) -> Person:
        """Somebody of the same address and family name, who may share an address for mail or a number."""
        person = self.fresh(rng, "person", other.district, today, child=child)
        person.family, person.address = other.family, other.address
        shared = draw(rng, "household.shared")
        if shared == "email" and other.email:
            person.email = other.email
        elif shared == "mobile" and other.wants_mobile:
            person.lives_with, person.wants_mobile = other, False
        else:
            return person
        person.shares_points = other.shares_points = True
        return person

    def representative(self, rng: Random, other: Person) -> Person:
        """Who receives for somebody: of the same address mostly, with points of their own, English-speaking."""
        person = self._person(rng, "person", other.district)
        person.language, person.needs = "en", []
        if chance(rng, "representative.same_home"):
            person.family, person.address = other.family, other.address
        self._points(rng, person)
        return person

    def _person(self, rng: Random, kind: Kind, district: str) -> Person:
        serial = len(self.everybody) + 1
        tag = draw(rng, "person.language")
        given, family = _name(rng, tag)
        person = Person(serial, kind, given, family, None, None, district, _written(rng, tag), _needs(rng, tag), maybe(rng, "preferred"))
        if not chance(rng, "point.no_address"):
            town, outward = rng.choice(names.TOWNS[district])
            person.address = [f"{rng.randrange(1, 180)} {rng.choice(names.STREETS)}", town, f"{outward} {rng.randrange(1, 10)}XX"]
        self.everybody.append(person)
        return person

    def _points(self, rng: Random, person: Person) -> None:
        local = f"{_ascii(person.given or 'office')}.{_ascii(person.family or person.organisation or 'x')}.{person.serial}"
        if chance(rng, "point.no_means"):
            return
        if chance(rng, "point.landline_only"):
            person.landline = "wanted"
            return
        if chance(rng, "point.email"):
            unusable = chance(rng, "point.email_unusable")
            person.email = rng.choice(_UNUSABLE).format(local) if unusable else f"{local}@{rng.choice(_DOMAINS)}"
        person.wants_mobile = chance(rng, "point.mobile")
        person.landline = "wanted" if chance(rng, "point.landline") else None


def _birth(rng: Random, today: date, *, child: bool) -> date:
    """Never a birthday about the day of the report, so that nobody's age is a matter of hours."""
    years = rng.uniform(*CHILD_YEARS) if child else min(ADULT_FROM + rng.gammavariate(*ADULT_GAMMA), ADULT_TO)
    return today - timedelta(days=int(years * 365.25))


def _name(rng: Random, tag: str) -> tuple[str, str]:
    given, family = names.BY_LANGUAGE.get(tag, (names.GIVEN, names.FAMILY))
    if tag in names.IN_LATIN and not chance(rng, "person.own_script"):
        given, family = names.IN_LATIN[tag]
    return rng.choice(given), rng.choice(family)


def _written(rng: Random, tag: str) -> str | None:
    if not tag:
        return None
    return names.LANGUAGE_NAMES[tag] if chance(rng, "person.language_by_name") else tag


def _needs(rng: Random, tag: str) -> list[str]:
    if tag not in ("", "en") and chance(rng, "person.interpreter"):
        return ["interpreter"]
    need = draw(rng, "person.needs")
    return [need] if need else []


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L")).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain.lower() if letter.isalnum()) or "person"

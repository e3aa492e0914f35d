"""One victim's place in an occurrence: who it is, and what this report says of their safety, wishes and rights.

Must not know the points of contact: `written` takes them from the person when everybody has theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from infra.replay.generator import class_shares
from infra.replay.generator.people import MOST_OCCURRENCES, Kind, People, Person
from infra.replay.generator.shares import SHARES, answer, chance, draw, maybe
from infra.replay.generator.times import LONDON, Moments, iso

Record = dict[str, Any]

_OF_THE_PERSON = ("deceased", "enhanced", "contact_safety", "referral_opt_out", "requests")
_CHANNELS = ("email", "sms", "letter", "phone")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the occurrence says of everybody in it. `code` is the principal class, "" where there is none."""

    crime_type: str
    code: str
    domestic: bool
    personal: bool
    incident: bool
    district: str | None
    when: Moments

    @property
    def today(self) -> date:
        """The day of the report."""
        return self.when.reported.astimezone(LONDON).date()

    @property
    def serious(self) -> bool:
        """Whether enhanced rights are likely."""
        return self.domestic or self.code in class_shares.SEXUAL | class_shares.AGGRAVATED

    def is_child(self, person: Person) -> bool:
        return person.born is not None and (self.today - person.born).days < 18 * 365.25


@dataclass(slots=True)
class Seat:
    """One victim. `facts` are the contract's fields that belong to this occurrence, not to the person."""

    id: str
    person: Person
    representative: Person | None
    representation: Record | None
    facts: Record

    def say_as(self, other: Seat, recorded: str) -> None:
        """Say of the victim what the other record says, so that one message can tell of both crimes. `recorded`: when this one was."""
        self.facts |= {name: other.facts[name] for name in _OF_THE_PERSON}
        self.representative, self.representation = other.representative, other.representation
        if self.representative is not None:
            self.representative.occurrences += 1
        for name, moment in (("contact_safety", "confirmed_at"), ("enhanced", "assessed_at")):
            said = self.facts[name]
            if said and said[moment]:
                said[moment] = min(said[moment], recorded)

    def written(self) -> Record:
        """The victim as a record writes it."""
        person = self.person
        return {
            "id": self.id,
            "person_ref": person.ref,
            "kind": person.kind,
            "given_name": person.given,
            "family_name": person.family,
            "organisation": person.organisation,
            "contact_name": person.contact,
            "date_of_birth": person.born.isoformat() if person.born else None,
            "email": person.email,
            "mobile": person.mobile,
            "landline": person.landline,
            "address": person.address,
            "preferred_channel": person.preferred,
            "language": person.language,
            "communication_needs": person.needs,
            "representative": self._represented(),
            **self.facts,
        }

    def _represented(self) -> Record | None:
        other = self.representative
        if other is None or self.representation is None:
            return None
        return {
            "given_name": other.given,
            "family_name": other.family,
            "email": other.email,
            "mobile": other.mobile,
            "address": other.address,
            **self.representation,
        }


def seat_for(rng: Random, here: Circumstances, people: People, number: int, before: list[Seat]) -> Seat:
    """The victim `number` of the occurrence; `before` are those who are there already."""
    person = _person(rng, here, people, [seat.person for seat in before])
    child = here.is_child(person)
    fatal = here.code in class_shares.FATAL and person.kind == "person"
    deceased = person.kind == "person" and chance(rng, "victim.deceased_fatal" if fatal else "victim.deceased")
    if deceased:
        person.occurrences = MOST_OCCURRENCES
    facts: Record = {
        "deceased": deceased,
        "enhanced": _enhanced(rng, here, person, child),
        "contact_safety": _safety(rng, here, person),
        "relationship_to_suspect": _relationship(rng, here, person),
        "referral_opt_out": answer(rng, "opt_out"),
        "support_consent": answer(rng, "consent.domestic" if here.domestic else "consent.otherwise"),
        "requests": "Please ring before visiting." if chance(rng, "requests") else None,
        "written_acknowledgement": _acknowledged(rng, here),
        "update_agreement": _agreement(rng, here),
    }
    other, representation = _representative(rng, here, people, person, child=child, deceased=deceased)
    for receiver in (person, other):
        if receiver is not None:
            receiver.may_be_referred = facts["referral_opt_out"] is False and not child
    return Seat(f"V{number}", person, other, representation, facts)


def _person(rng: Random, here: Circumstances, people: People, seen: list[Person]) -> Person:
    district = here.district or "Derby"
    kind = _kind(rng, here.code)
    share = class_shares.child_share(here.crime_type, here.code, float(SHARES["victim.child_otherwise"].value))  # type: ignore[arg-type]
    child = kind == "person" and rng.random() < share
    if chance(rng, "person.again_domestic" if here.domestic else "person.again"):
        known = people.again(rng, kind, district, child=child, seen=seen)
        if known is not None:
            return known
    if kind == "person" and seen and seen[0].kind == "person" and chance(rng, "person.household"):
        return people.housemate(rng, seen[0], here.today, child=child)
    return people.fresh(rng, kind, district, here.today, child=child, named=chance(rng, "business.named_contact"))


def _kind(rng: Random, code: str) -> Kind:
    if code in class_shares.CONSTABLES and chance(rng, "victim.constable"):
        return "police_officer"
    return "business" if rng.random() < class_shares.BUSINESS.get(code, 0.0) else "person"


def _representative(
    rng: Random, here: Circumstances, people: People, person: Person, *, child: bool, deceased: bool
) -> tuple[Person | None, Record | None]:
    if person.kind != "person":
        return None, None
    share = "victim.bereaved" if deceased else "victim.represented_child" if child else "victim.represented_adult"
    if not chance(rng, share):
        return None, None
    relationship = "bereaved_relative" if deceased else draw(rng, "representative.child" if child else "representative.adult")
    linked = answer(rng, "representative.linked_domestic" if here.domestic else "representative.linked")
    return people.representative(rng, person), {"relationship": relationship, "linked_to_suspect": linked}


def _relationship(rng: Random, here: Circumstances, person: Person) -> str | None:
    if here.domestic:
        return maybe(rng, "relationship.domestic")
    if person.kind == "business" and not here.personal:
        return None
    return maybe(rng, "relationship.person" if here.personal else "relationship.property")


def _enhanced(rng: Random, here: Circumstances, person: Person, child: bool) -> Record | None:
    if person.kind == "business":
        return None
    found = draw(rng, "enhanced.likely" if child or here.serious else "enhanced")
    if found == "not_assessed":
        return None
    reasons = [] if found == "false" else [rng.choice(("vulnerable", "most_serious_crime", "persistently_targeted"))]
    return {"eligible": found == "true", "reasons": reasons, "assessed_by": None, "assessed_at": iso(here.when.recorded)}


def _safety(rng: Random, here: Circumstances, person: Person) -> Record | None:
    manner = draw(rng, "safety.domestic" if here.domestic else "safety")
    if manner == "null":
        return None
    safe = [channel for channel in _CHANNELS if chance(rng, f"safety.{channel}")]
    return {
        "safe_channels": {"none_safe": [], "channels_null": None}.get(manner, safe),
        "do_not_contact": manner == "do_not_contact",
        "confirmed_at": _confirmed(rng, manner, here.when.recorded),
        "safe_hours": draw(rng, "safety.hours") or None,
        "safe_name": f"{person.given} at work" if person.given and chance(rng, "safety.name") else None,
        "voicemail_ok": answer(rng, "safety.voicemail"),
        "may_say_police": False if chance(rng, "safety.not_police") else None,
        "instructions": None,
    }


def _confirmed(rng: Random, manner: str, recorded: datetime) -> str | None:
    """Stale is well beyond the force's 90 days, fresh well within: no run may cross the limit."""
    if manner == "no_date":
        return None
    days = rng.randrange(120, 500) if manner == "stale" else 0
    return iso(recorded - timedelta(days=days))


def _acknowledged(rng: Random, here: Circumstances) -> Record | None:
    if not chance(rng, "acknowledged"):
        return None
    return {"given_at": iso(here.when.recorded), "method": "by hand, contract form"}


def _agreement(rng: Random, here: Circumstances) -> Record | None:
    if not chance(rng, "agreement"):
        return None
    days = maybe(rng, "agreement.days")
    following = (here.today + timedelta(days=int(days))).isoformat() if days else None
    declined = chance(rng, "agreement.declined")
    method = rng.choice(("email", "sms", "phone"))
    return {"every_days": int(days) if days else None, "method": method, "next_update_on": following, "declined": declined}

"""What the force knew at a given moment, put together for the leak check from every accepted version of every record.

It must not judge messages, and it keeps no state of its own beyond the records it was given.

A record is either the contract object itself, which then counts as known always (the strictest reading), or a wrapper
`{"received_at": "<ISO 8601>", "record": {...}}`, which counts as known from that moment. Specialist signs of every known version stand
until a person releases them; doubts are those of the newest known version.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import getaddresses
from typing import Any

from chalicelib.domain.leak_rules import LeakPolicy, Sign, Weight, crime_signs, victim_signs
from chalicelib.domain.leak_values import fold, items, mapping, moment

NEVER = datetime.min.replace(tzinfo=UTC)
# Known always is later than never, so that a sign nobody released stands.
ALWAYS = NEVER.replace(microsecond=1)

Point = tuple[str, str]


def canonical_reference(value: object) -> str:
    """Return a reference in its long form (`26*712345` and `26000712345` are one occurrence); "" if there is none."""
    text = fold(value).replace(" ", "")
    short = re.fullmatch(r"([0-9]{2})\*([0-9]{6})", text)
    return f"{short[1]}000{short[2]}" if short else text


def email_point(value: object) -> str:
    """Return an e-mail address in the form in which two of them are compared, without any display name; a list of several as it stands."""
    addresses = getaddresses([value]) if isinstance(value, str) else []
    return fold(addresses[0][1]) if len(addresses) == 1 and addresses[0][1] else fold(value)


def mobile_point(value: object) -> str:
    """Return a telephone number as digits in international form, in which two of them are compared."""
    digits = "".join(character for character in fold(value) if character in "0123456789")
    digits = digits.removeprefix("00")
    # +44 (0)7700 900123 is written often enough.
    digits = "44" + digits[3:] if digits.startswith("440") else digits
    return "44" + digits[1:] if digits.startswith("0") else digits


def recipient_point(value: object) -> Point:
    """Return where a message went in comparable form: an e-mail address if it looks like one, else a telephone number."""
    return ("email", email_point(value)) if "@" in fold(value) else ("mobile", mobile_point(value))


def address_point(value: object) -> str:
    """Return a postal address (lines or one text) as its letters and digits only."""
    lines = [value] if isinstance(value, str) else items(value)
    return "".join(character for line in lines for character in fold(line) if character.isalnum())


def contact_points(person: Mapping[str, Any]) -> set[Point]:
    """Return the e-mail and mobile of a victim or representative in comparable form."""
    points = {("email", email_point(person.get("email"))), ("mobile", mobile_point(person.get("mobile")))}
    return {point for point in points if point[1]}


def person_keys(victim: Mapping[str, Any]) -> set[Point]:
    """Return everything by which the same person is recognised elsewhere: person_ref, e-mail and mobile, a representative's included."""
    keys = contact_points(victim) | contact_points(mapping(victim.get("representative")))
    reference = fold(victim.get("person_ref"))
    return keys | {("person_ref", reference)} if reference else keys


@dataclass(frozen=True)
class Version:
    """One accepted version of one occurrence."""

    reference: str
    number: int
    known_from: datetime
    occurrence: Mapping[str, Any]

    def victims(self, victim_id: str | None = None) -> list[Mapping[str, Any]]:
        """Return the victims of this version, or those with one id."""
        everyone = [mapping(victim) for victim in items(self.occurrence.get("victims"))]
        return [victim for victim in everyone if victim_id is None or victim.get("id") == victim_id]


class Knowledge:
    """The records, asked for what was known at a moment."""

    def __init__(self, records: Iterable[Mapping[str, Any]], policy: LeakPolicy) -> None:
        self._policy = policy
        self._versions: dict[str, list[Version]] = {}
        self._by_key: dict[Point, set[str]] = {}
        self._internal: set[str] = {fold(address) for address in policy.internal_addresses}
        for record in records:
            self._add(record)

    def _add(self, record: Mapping[str, Any]) -> None:
        body = mapping(record.get("record")) or record
        known_from = moment(record.get("received_at")) if "record" in record else None
        if body.get("kind") == "officer":
            self._add_staff(mapping(body.get("officer")))
        occurrence = mapping(body.get("occurrence"))
        if body.get("kind") != "occurrence" or not occurrence:
            return
        number = occurrence.get("version")
        reference = canonical_reference(occurrence.get("reference"))
        version = Version(reference, number if isinstance(number, int) else 0, known_from or ALWAYS, occurrence)
        self._versions.setdefault(reference, []).append(version)
        self._add_staff(mapping(occurrence.get("officer")))
        self._add_staff(mapping(occurrence.get("supervisor")))
        for victim in version.victims():
            for key in person_keys(victim):
                self._by_key.setdefault(key, set()).add(reference)

    def _add_staff(self, person: Mapping[str, Any]) -> None:
        self._internal |= {point for _, point in contact_points(person)}

    def versions(self, reference: str, at: datetime) -> list[Version]:
        """Return the versions of an occurrence that were known at a moment, in no particular order."""
        return [version for version in self._versions.get(reference, ()) if version.known_from <= at]

    def newest(self, reference: str, at: datetime) -> list[Version]:
        """Return the newest version known; more than one only if the records hold different contents under one number."""
        known = self.versions(reference, at)
        highest = max((version.number for version in known), default=0)
        return [version for version in known if version.number == highest]

    def victims(self, reference: str, at: datetime, victim_id: str | None = None) -> list[Mapping[str, Any]]:
        """Return the victims in the newest version known, or those with one id."""
        return [victim for version in self.newest(reference, at) for victim in version.victims(victim_id)]

    def is_internal(self, recipient: object) -> bool:
        """Say whether an address or number belongs to the force: a role address, a domain of the profile, or an officer of the records."""
        kind, point = recipient_point(recipient)
        domain = "@" + point.rpartition("@")[2] if kind == "email" else point
        return bool({point, domain} & self._internal)

    def signs(self, reference: str, victim_id: str, at: datetime) -> set[Sign]:
        """Return what holds one victim at a moment: specialist signs of every known version unless released, the rest of the newest."""
        released = self.released_at(reference, victim_id, at)
        standing = {sign for sign, since in self._specialist_since(reference, victim_id, at).items() if since > released}
        for version in self.newest(reference, at):
            standing |= {sign for sign in self._signs_of(version, victim_id, at) if sign.weight is not Weight.SPECIALIST}
        return standing

    def _signs_of(self, version: Version, victim_id: str, at: datetime) -> Iterator[Sign]:
        yield from crime_signs(version.occurrence)
        for victim in version.victims(victim_id):
            yield from victim_signs(victim, version.occurrence, at, self._policy)

    def _specialist_since(self, reference: str, victim_id: str, at: datetime) -> dict[Sign, datetime]:
        """Return every specialist sign ever known of a victim with the moment it first came in."""
        since: dict[Sign, datetime] = {}
        for version in sorted(self.versions(reference, at), key=lambda version: version.known_from):
            for sign in self._signs_of(version, victim_id, at):
                if sign.weight is Weight.SPECIALIST:
                    since.setdefault(sign, version.known_from)
        return since

    def released_at(self, reference: str, victim_id: str, at: datetime) -> datetime:
        """Return the last release of a victim's specialist hold by a moment; a time before all records if there was none."""
        releases = [
            release.released_at
            for release in self._policy.releases
            if canonical_reference(release.reference) == reference and release.victim_id == victim_id and release.released_at <= at
        ]
        return max(releases, default=NEVER)

    def do_not_contact(self, reference: str, victim_id: str, at: datetime) -> bool:
        """Say whether the last known version in which a victim appears forbids contact."""
        known = [version for version in self.versions(reference, at) if version.victims(victim_id)]
        last = max((version.number for version in known), default=0)
        victims = [victim for version in known if version.number == last for victim in version.victims(victim_id)]
        return any(mapping(victim.get("contact_safety")).get("do_not_contact") not in (False, None) for victim in victims)

    def held_elsewhere(self, reference: str, keys: Iterable[Point], at: datetime, released: datetime) -> set[str]:
        """Return why a person or contact point is held because of another occurrence: specialist signs that came in after a release here,
        and do-not-contact. Empty if nothing holds."""
        return {
            f"{key[0]} is {hold} in another occurrence"
            for key in keys
            for other in self._by_key.get(key, set()) - {reference}
            for victim_id in self._holders(other, key, at)
            for hold in self._holds_of(other, victim_id, at, released)
        }

    def _holders(self, reference: str, key: Point, at: datetime) -> set[str]:
        """Return the ids of the victims who had this key in any known version."""
        known = self.versions(reference, at)
        return {str(victim.get("id")) for version in known for victim in version.victims() if key in person_keys(victim)}

    def _holds_of(self, reference: str, victim_id: str, at: datetime, released: datetime) -> Iterator[str]:
        not_before = max(released, self.released_at(reference, victim_id, at))
        if any(since > not_before for since in self._specialist_since(reference, victim_id, at).values()):
            yield "specialist"
        if self.do_not_contact(reference, victim_id, at):
            yield "do_not_contact"

    def forbidden_points(self, reference: str, at: datetime) -> set[Point]:
        """Return the contact points of the victims of this occurrence whom nobody may contact."""
        victims = self.victims(reference, at)
        return {
            point
            for victim in victims
            if self.do_not_contact(reference, str(victim.get("id")), at)
            for point in contact_points(victim) | contact_points(mapping(victim.get("representative")))
        }

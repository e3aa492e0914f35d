"""What is known of the same person elsewhere: in other occurrences, and of other victims of this one who share a point.

Matching is by `person_ref` and keyed hashes of e-mail and mobile, never by name and birth date. Must not decide or write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.case import Head, Part
from chalicelib.domain.model import KnownElsewhere, Occurrence, Suffered, Victim, VictimKind
from chalicelib.domain.targeted import FEWEST
from chalicelib.services.ports import Cases, ContactPoints

MOST_RECORDS = 20
"""Other records of one person whose crimes are looked at, the newest first."""


class Known:
    """Reads contact points, the case's own parts, and of another record what a release here has to know of it."""

    def __init__(self, points: ContactPoints, cases: Cases) -> None:
        self._points = points
        self._cases = cases

    def point_keys(self, victim: Victim) -> dict[str, str | None]:
        """Keyed hashes of the points of the victim and of whoever receives for them, to the address each stands for (None: the person)."""
        keys: dict[str, str | None] = {self._points.key("person", victim.person_ref): None} if victim.person_ref else {}
        given = [("email", victim.email), ("mobile", victim.mobile), ("mobile", victim.landline)]
        if victim.representative:
            given += [("email", victim.representative.email), ("mobile", victim.representative.mobile)]
        keys.update({self._points.key(kind, point.value): point.value for kind, point in given if point and point.value})
        return keys

    def keys_of(self, part: Part) -> dict[str, str | None]:
        """`point_keys` and every point that any version named, so that nobody leaves a hold behind with an address."""
        return {**dict.fromkeys(part.points, ""), **self.point_keys(part.victim)}

    def of(
        self, head: Head, occurrence: Occurrence, part: Part, beside: Mapping[str, Part], read: KnownElsewhere | None = None
    ) -> KnownElsewhere:
        """What other occurrences, and other victims of this one, say of the victim and of whoever receives for them.

        `beside` are the case's parts; `read` is what the store says of `keys_of(part)`, None: it is asked now.
        """
        keys = self.keys_of(part)
        elsewhere = self._points.known(keys, excluding=occurrence.reference) if read is None else read
        lifted = head.released_elsewhere(part.victim.id)
        specialist = [name for name in elsewhere.specialist_in if name not in lifted or not self.rules_of(name) <= lifted[name]]
        others = self._others_sharing(keys, occurrence, part, beside)
        quiet = [key for other, shared, gone in others if silent(other) and not gone for key in shared]
        return replace(
            elsewhere,
            specialist=bool(specialist) or any(head.sticky(other.id) for other, _, _ in others),
            do_not_contact=elsewhere.do_not_contact or any(silent(other) and gone for other, _, gone in others),
            closed=elsewhere.closed.union(value for key in quiet if (value := keys[key])),
            held=elsewhere.held or any(beside[other.id].held for other, _, gone in others if other.id in beside and not gone),
            crimes=tuple(self._crimes(part.victim, elsewhere.named)),
        )

    def _crimes(self, victim: Victim, named: frozenset[str]) -> Iterator[Suffered]:
        """The same person's crimes in the records that name them. Where those are too few to say anything none is read."""
        if victim.kind is not VictimKind.PERSON or not victim.person_ref or len(named) + 1 < FEWEST:
            return
        for reference in sorted(named, reverse=True)[:MOST_RECORDS]:
            for other in self._cases.load(reference).parts.values():
                if other.crime_at is not None and (other.victim.person_ref or "").lower() == victim.person_ref.lower():
                    yield Suffered(other.crime_at, specialist=other.voice[0])

    def loud(self, before: Part | None, part: Part, named: frozenset[str]) -> frozenset[str]:
        """Under which points other records must hear of this part: a hold or its end, and a crime more or less of the same person."""
        heard = (before.voice, before.points) if before else ((False, False), part.points)
        if part.voice != heard[0] or (any(part.voice) and part.points != heard[1]):
            return part.points
        was, now = (self._person(each) for each in (before, part))
        another = bool(was[1] and now[1] and was[1] != now[1])
        return was[1] | now[1] if was != now and (named or another) else frozenset()

    def _person(self, part: Part | None) -> tuple[datetime | None, frozenset[str]]:
        """When a crime against them was reported, and the key under which other records know the same person; none where it is no crime."""
        if part is None or part.crime_at is None:
            return None, frozenset()
        return part.crime_at, frozenset(key for key, address in self.point_keys(part.victim).items() if address is None)

    def rules_of(self, reference: str) -> frozenset[str]:
        """The specialist rules that any version of a record fired."""
        return self._cases.head(reference).rules

    def _others_sharing(
        self, keys: Mapping[str, str | None], occurrence: Occurrence, part: Part, beside: Mapping[str, Part]
    ) -> list[tuple[Victim, set[str], bool]]:
        """Other victims of this occurrence with a point of this one: who, which points, and whether the newest version dropped them.

        Somebody dropped may be the same person under another id; somebody who stands beside may be a representative of both.
        """
        present = {victim.id: (victim, set(self.point_keys(victim)), False) for victim in occurrence.victims}
        gone = {
            key: (other.victim, set(other.points) | set(self.point_keys(other.victim)), True)
            for key, other in beside.items()
            if key not in present
        }
        found = [
            (other, theirs & keys.keys(), dropped) for key, (other, theirs, dropped) in (gone | present).items() if key != part.victim.id
        ]
        return [item for item in found if item[1]]


def silent(victim: Victim) -> bool:
    """Whether this version says that nobody may contact the victim."""
    return bool(victim.contact_safety and victim.contact_safety.do_not_contact)

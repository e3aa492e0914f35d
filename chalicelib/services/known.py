"""What is known of the same person elsewhere: in other occurrences, and of other victims of this one who share a point.

Matching is by `person_ref` and keyed hashes of e-mail and mobile, never by name and birth date. Must not decide or write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.case import Head, Part
from chalicelib.domain.model import KnownElsewhere, Occurrence, Victim
from chalicelib.services.ports import Cases, ContactPoints


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
        )

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

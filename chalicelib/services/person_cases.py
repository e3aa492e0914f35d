"""Which cases name the same person as a victim does, for whoever answers a request of that person: by reference and victim id alone.

Matching is by keyed hashes, as everywhere (`known.py`). Must not write, nor return an address or a name.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.services.known import Known
from chalicelib.services.ports import Cases, ContactPoints


@dataclass(frozen=True, slots=True)
class Named:
    """A victim of a case who shares a point with the one asked about. `same_number`: their person number; else an address, which may be
    somebody else's too. `victim_id` None: no victim who is kept there shares it (a record in quarantine, or a case whose content went)."""

    reference: str
    victim_id: str | None
    same_number: bool


class PersonCases:
    """The use case behind `make ops person`."""

    def __init__(self, cases: Cases, points: ContactPoints) -> None:
        self._cases = cases
        self._points = points
        self._known = Known(points, cases)

    def of(self, reference: str, victim_id: str) -> list[Named] | None:
        """Everybody else who shares a point that any version gave this victim, by reference and id; None where there is no such victim.

        Of a victim whose content is gone nobody can say any more which point is the number: then all of them share an address.
        """
        part = self._cases.load(reference).parts.get(victim_id)
        if part is None:
            return None
        keys = self._known.keys_of(part)
        number = {key for key, address in keys.items() if address is None}
        found: list[Named] = []
        for name in sorted(self._points.cases_of(keys)):
            sharing = {key: other.points & keys.keys() for key, other in sorted(self._cases.load(name).parts.items())}
            there = [Named(name, key, bool(shared & number)) for key, shared in sharing.items() if shared]
            found += there or [Named(name, None, same_number=False)]
        return [one for one in found if (one.reference, one.victim_id) != (reference, victim_id)]

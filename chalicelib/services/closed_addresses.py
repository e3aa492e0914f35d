"""Addresses that a provider refused for good: which, why and since when, and a named person's word that one may be used again.

An address is told by the start of its keyed hash, never shown. Must not close one: that is what receipts and refusals do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.case import Part
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.errors import RetryLater
from chalicelib.services.decide import Decider
from chalicelib.services.disclosures import SHOWN
from chalicelib.services.ports import AuditEntry, Cases, Changes, ContactPoints


@dataclass(frozen=True, slots=True)
class ClosedAddress:
    """`kind` is "email", "mobile", or "earlier" for one that the newest version does not name; `since` None: from before it was logged."""

    victim_id: str
    point: str
    kind: str
    why: str
    since: datetime | None

    @property
    def short(self) -> str:
        return self.point[:SHOWN]


class ClosedAddresses:
    """The use case behind `make ops closed`."""

    def __init__(self, cases: Cases, points: ContactPoints, decider: Decider) -> None:
        self._cases = cases
        self._points = points
        self._decider = decider

    def of(self, reference: str) -> list[ClosedAddress]:
        """Every closed address that any version of this occurrence named, by victim."""
        case, found = self._cases.load(reference), []
        for key, part in sorted(case.parts.items()):
            for point, why in sorted(self._points.closed(sorted(part.points)).items()):
                found.append(ClosedAddress(key, point, self._kind(part, point), why, self._since(point)))
        return found

    def reopen(self, reference: str, closed: ClosedAddress, by: str, reason: str, now: datetime) -> list[str]:
        """Let it be used again in every occurrence that names it; which were decided again. What failed stays with its person.

        Logged first, and opened before anything is decided: a crash in between is mended by the same command, or by the next version.
        """
        detail = f"{closed.short}: {reason}"
        entry_id = fact_id(reference, "address_reopened", closed.point, by, detail, now.isoformat())
        entry = AuditEntry(reference, entry_id, now, "address_reopened", victim_id=closed.victim_id, actor=by, detail=detail)
        self._cases.commit(Changes(audit=(entry,)))
        self._points.reopen(closed.point)
        decided = []
        for name in sorted(self._points.cases_of([closed.point])):
            try:
                self._decider.redecide(name, now)
                decided.append(name)
            except RetryLater:
                continue
        return decided

    def _kind(self, part: Part, point: str) -> str:
        address = self._decider.known.point_keys(part.victim).get(point)
        return "earlier" if not address else "email" if "@" in address else "mobile"

    def _since(self, point: str) -> datetime | None:
        """From the log of every occurrence that names it."""
        logged = (entry for name in self._points.cases_of([point]) for entry in self._cases.audit_of(name))
        times = [entry.at for entry in logged if entry.op == "address_closed" and (entry.detail or "").startswith(point[:SHOWN])]
        return max(times, default=None)

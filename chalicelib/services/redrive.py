"""Dead letters go back where they came from, by a named person, after what failed was mended.

Doing it twice is safe: the highest version of a record wins, a hint says nothing, a known receipt changes nothing. Must not look into a
message.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.delivery import fact_id
from chalicelib.services.operation_ports import DeadLetters
from chalicelib.services.pause_sending import OPERATIONS
from chalicelib.services.ports import AuditEntry, Cases, Changes

NAMES = ("records", "dispatch", "receipts")


class Redrive:
    """The use case behind `make ops redrive`."""

    def __init__(self, dead: DeadLetters, cases: Cases) -> None:
        self._dead = dead
        self._cases = cases

    def waiting(self, name: str) -> int | None:
        """About how many; None where this queue has no dead letters."""
        return self._dead.waiting(name)

    def redrive(self, name: str, by: str, now: datetime) -> int:
        """How many were put back. Logged first: of what was put back and died on the way the log knows."""
        entry = AuditEntry(OPERATIONS, fact_id("redriven", name, by, now.isoformat()), now, "redriven", actor=by, detail=name)
        self._cases.commit(Changes(audit=(entry,)))
        return self._dead.redrive(name)

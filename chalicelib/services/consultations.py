"""That somebody looked at a case, for the log (Data Protection Act 2018, section 62): who, when, which record, by which page or command,
and why where they were asked.

Must not keep what was shown.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.delivery import fact_id
from chalicelib.services.ports import MOST_ITEMS, AuditEntry, Cases, Changes

CONSULTED = "consulted"


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, and why: `reason` None where nobody asked, since the page itself is the reason (an officer's own case)."""

    by: str
    reason: str | None = None

    def at(self, what: str) -> str:
        """What they looked at and why, as the log keeps it; `what` is the page or command."""
        return f"{what}: {self.reason}" if self.reason else what


def consulted(cases: Cases, references: Collection[str], look: Look, what: str, now: datetime) -> None:
    """Write a line for each record; `what` is the page or command. An error is the caller's: what cannot be logged is not shown."""
    lines = [consultation(reference, look, what, now) for reference in sorted(set(references))]
    for start in range(0, len(lines), MOST_ITEMS):
        cases.commit(Changes(audit=tuple(lines[start : start + MOST_ITEMS])))


def consultation(reference: str, look: Look, what: str, now: datetime) -> AuditEntry:
    """The line, for whoever writes it together with another."""
    detail = look.at(what)
    return AuditEntry(
        reference, fact_id(reference, CONSULTED, look.by, detail, now.isoformat()), now, CONSULTED, actor=look.by, detail=detail
    )

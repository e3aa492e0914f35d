"""That somebody looked at a case, for the log (Data Protection Act 2018, section 62): who, when, which record; why is not asked for.

Must not keep what was shown.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.delivery import fact_id
from chalicelib.services.ports import AuditEntry, Cases, Changes

CONSULTED = "consulted"


def consulted(cases: Cases, reference: str, by: str, what: str, now: datetime) -> None:
    """Write the line; `what` is the page or command. An error is the caller's: what cannot be logged is not shown."""
    cases.commit(Changes(audit=(consultation(reference, by, what, now),)))


def consultation(reference: str, by: str, what: str, now: datetime) -> AuditEntry:
    """The line, for whoever writes it together with another."""
    return AuditEntry(reference, fact_id(reference, CONSULTED, by, what, now.isoformat()), now, CONSULTED, actor=by, detail=what)

"""Log lines of what left and to whom, and of what closed an address (Data Protection Act 2018, section 62).

Must not write them: they belong to the transaction of what they tell of.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.delivery import Audience, Notification, State, fact_id
from chalicelib.services.ports import AuditEntry

SHOWN = 12
"""How much of the keyed hash of an address tells it from another."""
REGIMES = {Audience.SERVICE: "uk_gdpr"}
"""Under which regime each reader is told: the force's own processing is Part 3 of the Act; passing details to a service for support is
taken for the UK GDPR (docs/data-protection.md: the force's data protection officer has to confirm it)."""


def disclosure(row: Notification, now: datetime, rule: str | None = None) -> AuditEntry:
    """That something left, or may have left. `rule`: the rule of the decision, with its version; None where it is not at hand: the line
    `decided` has it."""
    unknown = row.state is State.UNKNOWN
    return AuditEntry(
        reference=row.reference,
        entry_id=fact_id(row.notification_id, "disclosed", str(row.attempts), *(("unknown",) if unknown else ())),
        at=now,
        op="disclosed",
        victim_id=row.victim_id,
        rule=rule,
        notification_id=row.notification_id,
        recipient=recipient(row),
        detail=f"{row.template}:{row.channel}:{REGIMES.get(row.audience, 'part_3')}" + (":outcome_unknown" if unknown else ""),
    )


def recipient(row: Notification) -> str:
    """Who was written to: whom the last attempt named, within the audience that it was for."""
    if row.went_to is None or row.went_to == row.audience:
        return row.audience
    return row.went_to if row.audience is Audience.VICTIM else f"{row.audience} {row.went_to}"


def closed_line(row: Notification, point: str, code: str, now: datetime) -> AuditEntry:
    """That an address was closed by what became of this message."""
    entry_id = fact_id(row.notification_id, "address_closed", point, code)
    detail = f"{point[:SHOWN]}: {code}"
    return AuditEntry(row.reference, entry_id, now, "address_closed", victim_id=row.victim_id, detail=detail)

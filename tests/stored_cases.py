"""Small fixed values of the case, for tests of stores: an occurrence of one fictional victim with an outbox row and an obligation.

Must not know a store.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain.case import Head, Part
from chalicelib.domain.delivery import Audience, Notification
from chalicelib.domain.messages import Template
from chalicelib.domain.model import (
    Channel,
    ContactSafety,
    Flags,
    Need,
    Occurrence,
    Offence,
    Point,
    RecordType,
    Route,
    RouteDecision,
    Source,
    Status,
    Victim,
    VictimKind,
)
from chalicelib.domain.obligations import Agreement, Kind, Obligation
from chalicelib.services.ports import AuditEntry

REFERENCE = "26000712345"
NOW = datetime(2026, 11, 20, 10, 31, tzinfo=UTC)
FACTS = Occurrence(
    REFERENCE,
    1,
    Status.OPEN,
    RecordType.CRIME,
    NOW - timedelta(hours=1),
    NOW,
    Source.NON_EMERGENCY,
    (Offence("28E", "028/03", "Burglary residential", True),),
    Flags(False, False, False, None),
    (),
)


def victim(victim_id: str = "V1") -> Victim:
    return Victim(
        victim_id,
        VictimKind.PERSON,
        given_name="Alex",
        family_name="Ŵyn ’Morgan",
        date_of_birth=date(1988, 4, 2),
        email=Point("alex.morgan@example.org"),
        mobile=Point(None, "unusable"),
        address=("1 Wood Street", "Heanor"),
        communication_needs=frozenset({Need.BSL, Need.LARGE_PRINT}),
        contact_safety=ContactSafety(frozenset({Channel.SMS, Channel.EMAIL}), confirmed_at=NOW),
    )


def part(victim_id: str = "V1", **changes: Any) -> Part:
    decision = RouteDecision(Route.VICTIM_SERVICES, "VS-1", "2026-04-01", signs=("VS-1",))
    whole = Part(victim(victim_id), 1, NOW, decision=decision, rows=frozenset({"n1", "n2"}), owed=frozenset({"o1"}))
    return replace(whole, **changes)


def head(revision: int = 1, **changes: Any) -> Head:
    return replace(Head(REFERENCE, revision, 1, "c0ffee", FACTS, signs=((1, frozenset({"DA-2", "DA-1"})),)), **changes)


def notification(notification_id: str = "n1", **changes: Any) -> Notification:
    row = Notification(
        notification_id,
        REFERENCE,
        "V1",
        Template.ACKNOWLEDGEMENT,
        Audience.VICTIM,
        Channel.EMAIL,
        NOW,
        NOW,
        open_at=NOW,
        evidences=("o2", "o1"),
    )
    return replace(row, **changes)


def obligation(obligation_id: str = "o1", **changes: Any) -> Obligation:
    owed = Obligation(
        obligation_id,
        REFERENCE,
        Kind.WRITTEN_ACKNOWLEDGEMENT,
        "V1",
        "ACK-2WD",
        date(2021, 4, 1),
        NOW,
        NOW + timedelta(days=4),
        NOW,
        destinations=("b", "a"),
    )
    return replace(owed, **changes)


AGREEMENT = Agreement(REFERENCE, "V1", 10, Channel.EMAIL, date(2026, 11, 30), proposed=True)


def entry(entry_id: str = "e1", **changes: Any) -> AuditEntry:
    return replace(AuditEntry(REFERENCE, entry_id, NOW, "decided", victim_id="V1", version=1, rule="VS-1"), **changes)

"""Maps what the domain keeps to rows of the tables and back; the index keys (shards, periods) are made here and nowhere else.

Must not call the store.
"""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Any

from pynamodb.models import Model

from chalicelib.adapters import codec
from chalicelib.adapters.tables import AgreementRow, AuditRow, NotificationRow, ObligationRow, OccurrenceRow
from chalicelib.domain.case import Head, Part
from chalicelib.domain.delivery import Notification
from chalicelib.domain.obligations import Agreement, Obligation, ObligationState
from chalicelib.services.ports import AuditEntry

SHARDS = ("0", "1", "2", "3")
HEAD = "head"
_VICTIM = "victim#"
_RENAMED = {"reference": "occurrence_ref", "template": "message"}
"""Fields whose attribute has another name."""


def shard(identity: str) -> str:
    """The shard of an index that an id falls into, always the same."""
    return SHARDS[zlib.crc32(identity.encode()) % len(SHARDS)]


def head_row(head: Head) -> OccurrenceRow:
    return OccurrenceRow(head.reference, HEAD, version=head.version, revision=head.revision, body=codec.dumps(head))


def part_row(reference: str, part: Part) -> OccurrenceRow:
    decision = part.decision
    return OccurrenceRow(
        reference,
        _VICTIM + part.victim.id,
        version=part.version,
        removed=part.removed,
        route=decision and decision.route.value,
        rule_id=decision and decision.rule_id,
        rule_version=decision and decision.rule_version,
        body=codec.dumps(part),
    )


def case_from(reference: str, rows: list[OccurrenceRow]) -> tuple[Head, dict[str, Part]]:
    """Head and parts of the rows of one occurrence; revision 0 where there is no head."""
    bodies = {row.part: row.body for row in rows}
    parts = {key.removeprefix(_VICTIM): codec.loads(Part, body) for key, body in bodies.items() if key.startswith(_VICTIM)}
    return codec.loads(Head, bodies[HEAD]) if HEAD in bodies else Head(reference), parts


def notification_attributes(row: Notification) -> dict[str, Any]:
    """Every attribute of an outbox row by name; None never stands here."""
    attributes = _attributes(row) | {"created_at": codec.instant(row.created_at)}
    attributes["period"] = f"{_day(row.created_at)}#{shard(row.notification_id)}"
    if row.open_at:
        attributes |= {"open_at": codec.instant(row.open_at), "open_shard": shard(row.notification_id)}
    return attributes


def notification_row(row: Notification) -> NotificationRow:
    return NotificationRow(**notification_attributes(row))


def notification_from(row: NotificationRow) -> Notification:
    return codec.from_fields(Notification, _fields(row))


def obligation_row(obligation: Obligation) -> ObligationRow:
    attributes = _attributes(obligation) | {"due_at": codec.instant(obligation.due_at)}
    attributes["period"] = f"{_day(obligation.started_at)[:7]}#{shard(obligation.obligation_id)}"
    if obligation.state is ObligationState.OPEN:
        attributes["due_shard"] = shard(obligation.obligation_id)
    return ObligationRow(**attributes)


def obligation_from(row: ObligationRow) -> Obligation:
    return codec.from_fields(Obligation, _fields(row))


def agreement_row(agreement: Agreement) -> AgreementRow:
    return AgreementRow(**_attributes(agreement))


def agreement_from(row: AgreementRow) -> Agreement:
    return codec.from_fields(Agreement, _fields(row))


def audit_row(entry: AuditEntry) -> AuditRow:
    return AuditRow(at_id=f"{codec.instant(entry.at)}#{entry.entry_id}", **_attributes(entry))


def audit_from(row: AuditRow) -> AuditEntry:
    return codec.from_fields(AuditEntry, _fields(row))


def _attributes(value: Any) -> dict[str, Any]:
    return {_RENAMED.get(name, name): content for name, content in codec.fields_of(value).items()}


def _fields(row: Model) -> dict[str, Any]:
    names = {attribute: name for name, attribute in _RENAMED.items()}
    return {names.get(name, name): content for name, content in row.attribute_values.items() if content is not None}


def _day(moment: datetime) -> str:
    return codec.instant(moment)[:10]

"""Maps what the domain keeps to rows of the tables and back; the index keys (shards, periods) are made here and nowhere else.

Must not call the store.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.adapters import codec
from chalicelib.adapters.tables import AgreementRow, AuditRow, EventRow, NotificationRow, ObligationRow, OccurrenceRow
from chalicelib.domain.case import Head, Part
from chalicelib.domain.delivery import Notification, paused_by
from chalicelib.domain.events import EVENT_KIND, KEPT_KINDS, Event
from chalicelib.domain.obligations import Agreement, Obligation
from chalicelib.domain.retention import look_at
from chalicelib.services.ports import AuditEntry, KeptEvent

SHARDS = ("0", "1", "2", "3")
HEAD = "head"
IN_REVIEW = "review"
AT_ONCE = "0000"
"""Before every time."""
_VICTIM = "victim#"
_RENAMED = {"reference": "occurrence_ref", "template": "message"}
"""Fields whose attribute has another name."""
_FIELDS = {attribute: name for name, attribute in _RENAMED.items()}


def shard(identity: str) -> str:
    """The shard of an index that an id falls into, always the same."""
    return SHARDS[zlib.crc32(identity.encode()) % len(SHARDS)]


def head_row(head: Head) -> OccurrenceRow:
    shard_, at = retention_keys(head)
    body = codec.dumps(head)
    return OccurrenceRow(head.reference, HEAD, version=head.version, revision=head.revision, body=body, retain_shard=shard_, retain_at=at)


def retention_keys(head: Head) -> tuple[str | None, str | None]:
    """Where the head stands in the index `retention`: among what waits for a person, or by when its case is looked at."""
    retained = head.retained
    if retained.done_at:
        return None, None
    if retained.review_since:
        return IN_REVIEW, codec.instant(retained.review_since)
    at = look_at(head)
    return shard(head.reference), codec.instant(at) if at else AT_ONCE


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


def case_from(reference: str, items: Iterable[Mapping[str, Any]]) -> tuple[Head, dict[str, Part]]:
    """Head and parts of the items of one occurrence; revision 0 where there is no head."""
    bodies = {item["part"]: item["body"] for item in items}
    parts = {key.removeprefix(_VICTIM): codec.loads(Part, body) for key, body in bodies.items() if key.startswith(_VICTIM)}
    return codec.loads(Head, bodies[HEAD]) if HEAD in bodies else Head(reference), parts


def notification_attributes(row: Notification) -> dict[str, Any]:
    """Every attribute of an outbox row by name; None never stands here."""
    attributes = _attributes(row) | {"created_at": codec.instant(row.created_at)}
    attributes["period"] = f"{_day(row.created_at)}#{shard(row.notification_id)}"
    if row.open_at:
        name = paused_by(row)
        attributes |= {"open_at": codec.instant(row.open_at), "open_shard": paused_shard(name) if name else shard(row.notification_id)}
    return attributes


def paused_shard(name: str) -> str:
    """What waits for one pause stands together, in the order in which it was due, and where the sweep does not ask for what is due."""
    return f"paused#{name}"


def notification_row(row: Notification) -> NotificationRow:
    return NotificationRow(**notification_attributes(row))


def notification_keys(ids: Iterable[str]) -> list[dict[str, str]]:
    """Each once, in a fixed order."""
    return [{"notification_id": key} for key in sorted(set(ids))]


def obligation_keys(reference: str, ids: Iterable[str]) -> list[dict[str, str]]:
    """Each once, in a fixed order."""
    return [{"occurrence_ref": reference, "obligation_id": key} for key in sorted(set(ids))]


def notification_from(item: Mapping[str, Any]) -> Notification:
    return codec.from_fields(Notification, _fields(item))


def obligation_row(obligation: Obligation) -> ObligationRow:
    attributes = _attributes(obligation) | {"due_at": codec.instant(obligation.due_at)}
    attributes["period"] = f"{_day(obligation.started_at)[:7]}#{shard(obligation.obligation_id)}"
    if obligation.next_at:
        attributes |= {"next_at": codec.instant(obligation.next_at), "due_shard": shard(obligation.obligation_id)}
    if obligation.unmet and obligation.officer:
        attributes["officer_open"] = obligation.officer
    return ObligationRow(**attributes)


def event_row(kept: KeptEvent) -> EventRow:
    return EventRow(
        kept.event.reference,
        kept.event.event_id,
        kind=EVENT_KIND[type(kept.event)],
        content_hash=kept.content_hash,
        received_at=codec.instant(kept.received_at),
        body=codec.dumps(kept.event),
    )


def event_from(item: Mapping[str, Any]) -> KeptEvent:
    event: Event = codec.loads(KEPT_KINDS[item["kind"]], item["body"])
    return KeptEvent(event, item["content_hash"], codec.moment(item["received_at"]))


def obligation_from(item: Mapping[str, Any]) -> Obligation:
    return codec.from_fields(Obligation, _fields(item))


def agreement_row(agreement: Agreement) -> AgreementRow:
    attributes = _attributes(agreement)
    return AgreementRow(**attributes | {"history": json.dumps(attributes["history"], separators=(",", ":"))})


def agreement_from(item: Mapping[str, Any]) -> Agreement:
    given = _fields(item)
    return codec.from_fields(Agreement, given | {"history": json.loads(given.get("history", "[]"))})


def audit_row(entry: AuditEntry) -> AuditRow:
    period = f"{_day(entry.at)}#{shard(entry.entry_id)}"
    return AuditRow(at_id=f"{codec.instant(entry.at)}#{entry.entry_id}", period=period, **_attributes(entry))


def audit_from(item: Mapping[str, Any]) -> AuditEntry:
    return codec.from_fields(AuditEntry, _fields(item))


def _attributes(value: Any) -> dict[str, Any]:
    return {_RENAMED.get(name, name): content for name, content in codec.fields_of(value).items()}


def _fields(item: Mapping[str, Any]) -> dict[str, Any]:
    return {_FIELDS.get(name, name): content for name, content in item.items() if content is not None}


def _day(moment: datetime) -> str:
    return codec.instant(moment)[:10]

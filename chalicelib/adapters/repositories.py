"""Cases in DynamoDB: reads by key, one transaction for a decision, one conditional update for a claim.

Must not decide anything, and must not scan.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from pynamodb.connection import Connection
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from chalicelib.adapters import codec, rows, transactions
from chalicelib.adapters.contact_points import known_from
from chalicelib.adapters.officers import entry_from
from chalicelib.adapters.reading import Item, Reader
from chalicelib.adapters.store_errors import store_errors
from chalicelib.adapters.tables import (
    AgreementRow,
    AuditRow,
    ContactPointRow,
    EventRow,
    NotificationRow,
    ObligationRow,
    OccurrenceRow,
    OfficerRow,
)
from chalicelib.domain.case import Case, Head
from chalicelib.domain.delivery import Notification, State
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.domain.obligations import Agreement, Obligation
from chalicelib.services.ports import Around, AuditEntry, Changes, KeptEvent, Swap, Wanted


class DynamoCases:
    """The port `Cases`. `connection` is what `bind_tables` returned."""

    def __init__(self, connection: Connection) -> None:
        self._writer = transactions.Writer(connection)
        self._reader = Reader(connection)

    @store_errors("load")
    def load(self, reference: str) -> Case:
        """One consistent query, and another where events are kept. Not a snapshot: where it shows half a decision, the head's revision
        refuses what is made of it."""
        head, parts = rows.case_from(reference, self._reader.query(OccurrenceRow, "occurrence_ref", reference))
        kept = [rows.event_from(item).event for item in self._reader.query(EventRow, "occurrence_ref", reference)] if head.events else []
        return Case(head, parts, tuple(kept))

    @store_errors("head")
    def head(self, reference: str) -> Head:
        found = self._reader.get(OccurrenceRow, {"occurrence_ref": reference, "part": rows.HEAD})
        return rows.case_from(reference, [found] if found else [])[0]

    @store_errors("notifications")
    def notifications(self, ids: Collection[str]) -> dict[str, Notification]:
        return _notifications(self._reader.batch({NotificationRow: rows.notification_keys(ids)}))

    @store_errors("obligations")
    def obligations(self, reference: str, ids: Collection[str]) -> dict[str, Obligation]:
        return _obligations(self._reader.batch({ObligationRow: rows.obligation_keys(reference, ids)}))

    @store_errors("around")
    def around(self, wanted: Wanted) -> Around:
        """One consistent BatchGetItem over the tables. Not a snapshot, no more than several reads are."""
        agreement = [{"occurrence_ref": wanted.reference, "victim_id": wanted.agreement_of}] if wanted.agreement_of else []
        found = self._reader.batch(
            {
                AgreementRow: agreement,
                NotificationRow: rows.notification_keys(wanted.rows),
                ObligationRow: rows.obligation_keys(wanted.reference, wanted.owed),
                ContactPointRow: [{"point": key} for key in wanted.points],
                OfficerRow: [{"collar_number": key} for key in sorted(wanted.officers)],
            }
        )
        listed = {item["collar_number"]: entry_from(item["body"], item.get("absence")) for item in found[OfficerRow]}
        return Around(
            _notifications(found),
            _obligations(found),
            known_from(found[ContactPointRow], wanted.points, excluding=wanted.reference),
            {key: listed.get(key) for key in wanted.officers},
            next((rows.agreement_from(item) for item in found[AgreementRow]), None),
        )

    def commit(self, changes: Changes) -> None:
        self._writer.write(changes)

    def claim(self, swap: Swap[Notification]) -> bool:
        """One conditional update; where it was refused or not answered, the row itself says whose it is."""
        try:
            _update(swap)
            return True
        except RetryLater as refusal:
            if self._holds(swap.after):
                return True
            if isinstance(refusal, Contended):
                return False
            raise

    def _holds(self, mine: Notification) -> bool:
        stored = self.notifications([mine.notification_id]).get(mine.notification_id)
        return stored is not None and stored.token == mine.token and stored.state is mine.state

    @store_errors("due")
    def due(self, now: datetime, limit: int) -> list[str]:
        waiting: list[tuple[str, str]] = []
        for shard in rows.SHARDS:
            query = NotificationRow.open.query(shard, NotificationRow.open_at <= codec.instant(now), limit=limit)
            waiting += [(row.open_at, row.notification_id) for row in query]
        return [key for _, key in sorted(waiting)[:limit]]

    @store_errors("paused")
    def paused(self, name: str, limit: int) -> list[Notification]:
        query = NotificationRow.open.query(rows.paused_shard(name), limit=limit)
        return sorted((rows.notification_from(row.attribute_values) for row in query), key=_due_first)

    @store_errors("made_on")
    def made_on(self, day: date) -> list[Notification]:
        found = (row for shard in rows.SHARDS for row in NotificationRow.by_period.query(f"{day.isoformat()}#{shard}"))
        return [rows.notification_from(row.attribute_values) for row in found]

    @store_errors("unknown_until")
    def unknown_until(self, until: datetime) -> int:
        waiting = NotificationRow.open_at <= codec.instant(until)
        return sum(NotificationRow.open.count(shard, waiting, NotificationRow.state == State.UNKNOWN.value) for shard in rows.SHARDS)

    @store_errors("owed_due")
    def owed_due(self, now: datetime, limit: int) -> list[Obligation]:
        waiting: list[Obligation] = []
        for shard in rows.SHARDS:
            query = ObligationRow.due.query(shard, ObligationRow.next_at <= codec.instant(now), limit=limit)
            waiting += [rows.obligation_from(row.attribute_values) for row in query]
        return sorted(waiting, key=lambda row: (row.next_at or now, row.obligation_id))[:limit]

    @store_errors("owed_by")
    def owed_by(self, officer: str, until: datetime) -> list[Obligation]:
        query = ObligationRow.by_officer.query(officer, ObligationRow.due_at <= codec.instant(until))
        return [rows.obligation_from(row.attribute_values) for row in query]

    @store_errors("owed_at")
    def owed_at(self, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Obligation]:
        wanted = [{"occurrence_ref": reference, "obligation_id": name} for reference, name in sorted(set(keys))]
        found = [rows.obligation_from(item) for item in self._reader.batch({ObligationRow: wanted})[ObligationRow]]
        return {(row.reference, row.obligation_id): row for row in found}

    @store_errors("owed_in")
    def owed_in(self, month: str) -> list[Obligation]:
        found = (row for shard in rows.SHARDS for row in ObligationRow.by_period.query(f"{month}#{shard}"))
        return [rows.obligation_from(row.attribute_values) for row in found]

    @store_errors("event")
    def event(self, reference: str, event_id: str) -> KeptEvent | None:
        found = self._reader.get(EventRow, {"occurrence_ref": reference, "event_id": event_id})
        return rows.event_from(found) if found else None

    @store_errors("outbox_of")
    def outbox_of(self, reference: str) -> list[Notification]:
        found = [rows.notification_from(row.attribute_values) for row in NotificationRow.by_occurrence.query(reference)]
        return sorted(found, key=lambda row: (row.created_at, row.notification_id))

    @store_errors("obligations_of")
    def obligations_of(self, reference: str) -> list[Obligation]:
        return [rows.obligation_from(item) for item in self._reader.query(ObligationRow, "occurrence_ref", reference)]

    @store_errors("agreements_of")
    def agreements_of(self, reference: str) -> list[Agreement]:
        return [rows.agreement_from(item) for item in self._reader.query(AgreementRow, "occurrence_ref", reference)]

    @store_errors("audited")
    def audited(self, since: datetime, until: datetime) -> list[AuditEntry]:
        first, last = codec.instant(since), codec.instant(until)
        days = [date.fromisoformat(first[:10]) + timedelta(days=n) for n in range((until - since).days + 2)]
        found = [
            rows.audit_from(row.attribute_values)
            for day in days
            for shard in rows.SHARDS
            for row in AuditRow.by_period.query(f"{day.isoformat()}#{shard}", AuditRow.at_id.between(first, last))
        ]
        return sorted(found, key=lambda entry: (entry.at, entry.reference, entry.entry_id))

    @store_errors("audit_of")
    def audit_of(self, reference: str) -> list[AuditEntry]:
        return [rows.audit_from(item) for item in self._reader.query(AuditRow, "occurrence_ref", reference)]


def _due_first(row: Notification) -> tuple[str, str]:
    return codec.instant(row.open_at) if row.open_at else "", row.notification_id


def _notifications(found: Mapping[type[Model], list[Item]]) -> dict[str, Notification]:
    return {item["notification_id"]: rows.notification_from(item) for item in found[NotificationRow]}


def _obligations(found: Mapping[type[Model], list[Item]]) -> dict[str, Obligation]:
    return {item["obligation_id"]: rows.obligation_from(item) for item in found[ObligationRow]}


@store_errors("claim")
def _update(swap: Swap[Notification]) -> None:
    """Only what the claim changes is written, so that what a decision changed meanwhile stays."""
    before = rows.notification_attributes(swap.before) if swap.before else {}
    after = rows.notification_attributes(swap.after)
    actions: list[Action] = []
    for name in sorted(before.keys() | after.keys()):
        attribute = getattr(NotificationRow, name)
        if name not in after:
            actions.append(attribute.remove())
        elif after[name] != before.get(name):
            actions.append(attribute.set(after[name]))
    NotificationRow(swap.after.notification_id).update(actions, transactions.stands_as(swap.before))

"""Which cases retention has to look at, from the index `retention`, and contact points that no case names any more, in DynamoDB.

Must not decide what goes, and must not scan.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError

from chalicelib.adapters import codec, rows
from chalicelib.adapters.reading import Reader
from chalicelib.adapters.store_errors import store_errors
from chalicelib.adapters.tables import ContactPointRow, OccurrenceRow


class DynamoRetentionDates:
    """The port `RetentionDates`. `connection` is what `bind_tables` returned."""

    def __init__(self, connection: Connection) -> None:
        self._reader = Reader(connection)

    @store_errors("retention")
    def due(self, now: datetime, limit: int) -> list[str]:
        waiting: list[tuple[str, str]] = []
        for shard in rows.SHARDS:
            query = OccurrenceRow.retention.query(shard, OccurrenceRow.retain_at <= codec.instant(now), limit=limit)
            waiting += [(row.retain_at, row.occurrence_ref) for row in query]
        return [reference for _, reference in sorted(waiting)[:limit]]

    @store_errors("retention")
    def in_review(self, limit: int) -> list[tuple[datetime, str]]:
        query = OccurrenceRow.retention.query(rows.IN_REVIEW, limit=limit)
        return sorted((codec.moment(row.retain_at), row.occurrence_ref) for row in query)

    @store_errors("contact points")
    def named_by(self, points: Collection[str]) -> dict[str, frozenset[str]]:
        found = self._reader.batch({ContactPointRow: [{"point": point} for point in sorted(set(points))]})[ContactPointRow]
        return {item["point"]: frozenset(member.partition("#")[0] for member in item.get("named") or ()) for item in found}

    @store_errors("contact points")
    def forget_point(self, point: str, named_by: frozenset[str]) -> bool:
        """Deleted on condition that the very members stand that were read, whoever of those occurrences they are."""
        found = self._reader.batch({ContactPointRow: [{"point": point}]})[ContactPointRow]
        members = {member for item in found for member in item.get("named") or ()}
        if {member.partition("#")[0] for member in members} - named_by:
            return False
        same = ContactPointRow.named == members if members else ContactPointRow.named.does_not_exist()
        try:
            ContactPointRow(point).delete(same)
        except DeleteError as refusal:
            if refusal.cause_response_code == "ConditionalCheckFailedException":
                return False
            raise
        return True

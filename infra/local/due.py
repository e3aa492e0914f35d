"""When something is next owed, read from the sparse indexes of docs/design.md: `open` of notifications and `due` of obligations.

Must not change a row, and knows no rule: a row in a sparse index says by itself when it wants attention.
"""

from datetime import UTC, datetime
from typing import Any

from infra.local.aws import client

SHARDS = ("0", "1", "2", "3")
NOTIFICATIONS = ("kept-informed-notifications", "open", "open_shard", "open_at")
OBLIGATIONS = ("kept-informed-obligations", "due", "due_shard", "next_at")


def stamp(moment: datetime) -> str:
    """A moment as the tables write it: UTC, whole seconds, sortable."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """A moment from its written form, with or without fractions of a second."""
    return datetime.fromisoformat(text).astimezone(UTC)


class DueRows:
    """Questions to the two indexes; every answer is one query a shard."""

    def __init__(self, endpoint_url: str) -> None:
        self._dynamodb = client("dynamodb", endpoint_url)

    def notification_due(self, now: datetime) -> bool:
        """Whether any outbox row wants attention now."""
        return self._first(NOTIFICATIONS, "#at <= :until", {":until": stamp(now)}) is not None

    def obligation_due(self, now: datetime) -> bool:
        """Whether any obligation wants to be looked at now: a reminder, its deadline, its breach."""
        return self._first(OBLIGATIONS, "#at <= :until", {":until": stamp(now)}) is not None

    def next_after(self, after: datetime, until: datetime) -> datetime | None:
        """The first instant after one moment, and not after the other, at which a row falls due."""
        found = [text for index in (NOTIFICATIONS, OBLIGATIONS) if (text := self._between(index, after, until))]
        return moment(min(found)) if found else None

    def _between(self, index: tuple[str, str, str, str], after: datetime, until: datetime) -> str | None:
        # BETWEEN includes its ends; with one more character the lower end sorts behind its own instant and before the next second.
        return self._first(index, "#at BETWEEN :after AND :until", {":after": stamp(after) + "!", ":until": stamp(until)})

    def _first(self, index: tuple[str, str, str, str], condition: str, values: dict[str, str]) -> str | None:
        found = [text for shard in SHARDS if (text := self._first_of_shard(index, shard, condition, values))]
        return min(found) if found else None

    def _first_of_shard(self, index: tuple[str, str, str, str], shard: str, condition: str, values: dict[str, str]) -> str | None:
        table, name, shard_key, at_key = index
        if values.get(":after", "") > values[":until"]:
            return None
        typed: dict[str, Any] = {key: {"S": value} for key, value in (values | {":shard": shard}).items()}
        answer = self._dynamodb.query(
            TableName=table,
            IndexName=name,
            KeyConditionExpression=f"#shard = :shard AND {condition}",
            ExpressionAttributeNames={"#shard": shard_key, "#at": at_key},
            ExpressionAttributeValues=typed,
            Limit=1,
        )
        return str(answer["Items"][0][at_key]["S"]) if answer["Items"] else None

"""Reads stored items by key: one consistent call for what stands in several tables, and items as plain values.

PynamoDB reads one table a call and makes a model of every item. Must not know what an item means: rows.py does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pynamodb.connection import Connection
from pynamodb.models import Model

from chalicelib.domain.errors import StoreUnavailable

MOST_KEYS = 100
"""Keys that one BatchGetItem takes."""
MOST_CALLS = 20
"""Calls of one reading: a store under load may leave keys unread."""
Key = dict[str, str]
"""Key attributes by name; all keys of this product are texts."""
Item = dict[str, Any]


class Reader:
    """Reads over the connection that `bind_tables` returned. Errors are those of its client."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def _client(self) -> Any:
        """PynamoDB's own botocore client, which it makes anew where the last had no credentials yet."""
        return self._connection.client

    def get(self, table: type[Model], key: Key) -> Item | None:
        request = {"TableName": table.Meta.table_name, "Key": _typed(key), "ConsistentRead": True}
        found = self._client.get_item(**request).get("Item")
        return _plain(found) if found else None

    def query(self, table: type[Model], name: str, value: str) -> list[Item]:
        """Every item under one hash key, in order of the range key."""
        request: dict[str, Any] = {
            "TableName": table.Meta.table_name,
            "KeyConditionExpression": "#key = :value",
            "ExpressionAttributeNames": {"#key": name},
            "ExpressionAttributeValues": {":value": {"S": value}},
            "ConsistentRead": True,
        }
        items: list[Item] = []
        while True:
            answer = self._client.query(**request)
            items += [_plain(item) for item in answer["Items"]]
            if not answer.get("LastEvaluatedKey"):
                return items
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def batch(self, wanted: Mapping[type[Model], Iterable[Key]]) -> dict[type[Model], list[Item]]:
        """The items of these keys that are there, by table and in no order; one call where all keys fit.

        StoreUnavailable where the store leaves keys unread again and again.
        """
        tables = {table.Meta.table_name: table for table in wanted}
        found: dict[type[Model], list[Item]] = {table: [] for table in wanted}
        pending = [(table.Meta.table_name, _typed(key)) for table, keys in wanted.items() for key in keys]
        for _ in range(MOST_CALLS):
            if not pending:
                return found
            answer = self._client.batch_get_item(RequestItems=_by_table(pending[:MOST_KEYS]))
            for name, items in answer["Responses"].items():
                found[tables[name]] += [_plain(item) for item in items]
            again = answer.get("UnprocessedKeys") or {}
            pending = pending[MOST_KEYS:] + [(name, key) for name, keys in again.items() for key in keys["Keys"]]
        raise StoreUnavailable("keys left unread")


def _by_table(keys: list[tuple[str, Any]]) -> dict[str, Any]:
    request: dict[str, Any] = {}
    for name, key in keys:
        request.setdefault(name, {"ConsistentRead": True, "Keys": []})["Keys"].append(key)
    return request


def _typed(key: Key) -> dict[str, dict[str, str]]:
    return {name: {"S": value} for name, value in key.items()}


def _plain(item: Mapping[str, Any]) -> Item:
    return {name: _value(typed) for name, typed in item.items()}


def _value(typed: Mapping[str, Any]) -> Any:
    """The value of DynamoDB's notation, of the kinds that this product writes."""
    ((kind, content),) = typed.items()
    if kind == "N":
        return int(content)
    if kind == "L":
        return [_value(each) for each in content]
    return None if kind == "NULL" else content

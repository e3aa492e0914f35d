"""Reads stored items by key: one consistent call for what stands in several tables, and items as plain values.

PynamoDB reads one table a call and makes a model of every item. Must not know what an item means: rows.py does.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pynamodb.connection import Connection
from pynamodb.models import Model

from chalicelib.domain.errors import StoreUnavailable

MOST_KEYS = 100
"""Keys that one BatchGetItem takes."""
PAUSES = (0.05, 0.1, 0.2, 0.4)
"""Seconds before each further try where a store under load read nothing: the backoff that AWS asks for, well within any function's time."""
_AS_THEY_ARE = frozenset({"S", "BOOL", "SS"})
_WHOLE = re.compile(r"-?[0-9]+")
Key = dict[str, str]
"""Key attributes by name; all keys of this product are texts."""
Item = dict[str, Any]


class Reader:
    """Reads over the connection that `bind_tables` returned. Errors are those of its client.

    `sleep` takes seconds. StoreUnavailable, which names attribute and kind alone, for an item that this product did not write.
    """

    def __init__(self, connection: Connection, sleep: Callable[[float], None] = time.sleep) -> None:
        self._connection = connection
        self._sleep = sleep

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

        The store may leave keys unread, for load or for size: they are asked for again, after a pause where none was read. StoreUnavailable
        where none is read again and again.
        """
        tables = {table.Meta.table_name: table for table in wanted}
        found: dict[type[Model], list[Item]] = {table: [] for table in wanted}
        pending = [(table.Meta.table_name, _typed(key)) for table, keys in wanted.items() for key in keys]
        pauses = iter(PAUSES)
        while pending:
            asked, later = pending[:MOST_KEYS], pending[MOST_KEYS:]
            answer = self._client.batch_get_item(RequestItems=_by_table(asked))
            for name, items in answer["Responses"].items():
                found[tables[name]] += [_plain(item) for item in items]
            left = [(name, key) for name, keys in (answer.get("UnprocessedKeys") or {}).items() for key in keys["Keys"]]
            pending = later + left
            if len(left) < len(asked):
                pauses = iter(PAUSES)
            else:
                self._pause(next(pauses, None))
        return found

    def _pause(self, seconds: float | None) -> None:
        if seconds is None:
            raise StoreUnavailable("keys left unread")
        self._sleep(seconds)


def _by_table(keys: list[tuple[str, Any]]) -> dict[str, Any]:
    request: dict[str, Any] = {}
    for name, key in keys:
        request.setdefault(name, {"ConsistentRead": True, "Keys": []})["Keys"].append(key)
    return request


def _typed(key: Key) -> dict[str, dict[str, str]]:
    return {name: {"S": value} for name, value in key.items()}


def _plain(item: Mapping[str, Any]) -> Item:
    return {name: _value(name, typed) for name, typed in item.items()}


def _value(name: str, typed: Mapping[str, Any]) -> Any:
    """The value of DynamoDB's notation, of the kinds that this product writes; numbers are whole."""
    ((kind, content),) = typed.items()
    if kind in _AS_THEY_ARE:
        return content
    if kind == "NULL":
        return None
    if kind == "L":
        return [_value(name, each) for each in content]
    if kind == "N" and _WHOLE.fullmatch(content):
        return int(content)
    raise StoreUnavailable(f"attribute {name}: no whole number" if kind == "N" else f"attribute {name} of the unknown kind {kind}")

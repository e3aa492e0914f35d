"""What the tables of an instance hold, so that one sweep after another begins at the same state.

Must not be used while the instance works: a scan is no snapshot then.
"""

from __future__ import annotations

import json
from typing import Any

from infra.local.aws import client

AT_ONCE = 25
"""Requests that one BatchWriteItem takes."""
Items = dict[str, dict[str, Any]]


def write(dynamodb: Any, table: str, requests: list[dict[str, Any]]) -> None:
    """Put and delete, until the store has taken all."""
    for start in range(0, len(requests), AT_ONCE):
        left: dict[str, Any] = {table: requests[start : start + AT_ONCE]}
        while left:
            left = dynamodb.batch_write_item(RequestItems=left)["UnprocessedItems"]


class Tables:
    """The tables with a prefix at an endpoint, as they stood when this was made."""

    def __init__(self, endpoint_url: str, prefix: str) -> None:
        self._dynamodb = client("dynamodb", endpoint_url)
        names = [name for page in self._dynamodb.get_paginator("list_tables").paginate() for name in page["TableNames"]]
        self.described = {name: self._dynamodb.describe_table(TableName=name)["Table"] for name in names if name.startswith(prefix)}
        self.items = {name: self._read(name) for name in self.described}

    def restore(self) -> None:
        """Put back what was changed or removed, and remove what is new."""
        for name, before in self.items.items():
            now = self._read(name)
            new = [{"DeleteRequest": {"Key": json.loads(key)}} for key in now.keys() - before.keys()]
            write(self._dynamodb, name, new + [{"PutRequest": {"Item": item}} for key, item in before.items() if now.get(key) != item])

    def _read(self, name: str) -> Items:
        keys = [key["AttributeName"] for key in self.described[name]["KeySchema"]]
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
        return {json.dumps({key: item[key] for key in keys}): item for page in pages for item in page["Items"]}

"""What the tables of an instance hold, so that one sweep after another begins at the same state.

Must not be used while the instance works: a scan is no snapshot then.
"""

from __future__ import annotations

import json
from typing import Any

from infra.local.aws import client

Items = dict[str, dict[str, Any]]


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
            for key in now.keys() - before.keys():
                self._dynamodb.delete_item(TableName=name, Key=json.loads(key))
            for key, item in before.items():
                if now.get(key) != item:
                    self._dynamodb.put_item(TableName=name, Item=item)

    def _read(self, name: str) -> Items:
        keys = [key["AttributeName"] for key in self.described[name]["KeySchema"]]
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
        return {json.dumps({key: item[key] for key in keys}): item for page in pages for item in page["Items"]}

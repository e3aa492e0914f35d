"""Reads whole tables and keys of the local machine as plain Python rows, for the console, the counts and the outbox list.

Must not write, and is no model for the product, which never scans.
"""

from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from infra.local.aws import client

Row = dict[str, Any]
PREFIX = "kept-informed-"


class TableReader:
    """Rows by table name without its prefix."""

    def __init__(self, endpoint_url: str) -> None:
        self._dynamodb = client("dynamodb", endpoint_url)
        self._deserializer = TypeDeserializer()

    def every(self, table: str) -> list[Row]:
        """All rows, in no order."""
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=PREFIX + table)
        return [self._row(item) for page in pages for item in page["Items"]]

    def of(self, table: str, key: str, value: str, index: str | None = None) -> list[Row]:
        """Rows whose partition key has this value, in the order of their sort key."""
        request: Row = {
            "TableName": PREFIX + table,
            "KeyConditionExpression": "#key = :value",
            "ExpressionAttributeNames": {"#key": key},
            "ExpressionAttributeValues": {":value": {"S": value}},
        }
        pages = self._dynamodb.get_paginator("query").paginate(**request | ({"IndexName": index} if index else {}))
        return [self._row(item) for page in pages for item in page["Items"]]

    def _row(self, item: Row) -> Row:
        return {name: self._deserializer.deserialize(value) for name, value in item.items()}

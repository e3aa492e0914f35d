"""Rows of the embedded tables as they stand in the memory of this process, for pages that count thousands of them every few seconds.

Must not write, and is no way for the product: a scan through the endpoint would cost the machine that is being watched seconds.
"""

from typing import Any

from infra.local.aws import REGION
from infra.local.ses_events import ACCOUNT
from infra.local.table_reader import PREFIX

Item = dict[str, dict[str, Any]]
"""A row as DynamoDB writes it: {"route": {"S": "held"}, "removed": {"BOOL": false}}."""


def items(table: str) -> list[Item]:
    """All rows of a table (name without its prefix) at one moment, partition keys in the order in which they first appeared."""
    from ministack.services import dynamodb

    found = dynamodb._tables.get_scoped(ACCOUNT, REGION, PREFIX + table)
    if found is None:
        return []
    # Copies are taken in one step each, since the endpoint goes on writing meanwhile.
    return [item for rows in list(found["items"].values()) for item in list(rows.values())]


def partitions(table: str) -> list[str]:
    """The partition keys of a table that ever had rows, oldest first."""
    from ministack.services import dynamodb

    found = dynamodb._tables.get_scoped(ACCOUNT, REGION, PREFIX + table)
    return [] if found is None else [key for key, rows in list(found["items"].items()) if rows]


def text(item: Item, name: str) -> str | None:
    """An attribute that is a text or a number, as text; None where it is absent or null."""
    value = item.get(name)
    return None if value is None else value.get("S") or value.get("N")


def reference_of(item: Item) -> str | None:
    """The occurrence that a row is about; None where it is about many, or about none."""
    reference = text(item, "occurrence_ref")
    return reference if reference and reference.isdigit() else None


def truth(item: Item, name: str) -> bool:
    """An attribute that is true; false where it is absent."""
    value = item.get(name)
    return value is not None and value.get("BOOL") is True


def plain(item: Item) -> dict[str, Any]:
    """A whole row as plain values, as `TableReader` gives it but for numbers, which are whole here."""
    return {name: _value(value) for name, value in item.items()}


def _value(typed: dict[str, Any]) -> Any:
    ((kind, value),) = typed.items()
    if kind == "N":
        return int(value)
    return [_value(part) for part in value] if kind == "L" else None if kind == "NULL" else value

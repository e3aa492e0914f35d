"""Turns domain dataclasses into JSON and back, for everything that is stored.

Equal objects give equal text: keys and sets are sorted, times are UTC. Must not know a table, and must not read what comes in from outside
(that is `schemas`): it trusts what this product wrote.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from chalicelib.domain.errors import StoreUnavailable

T = TypeVar("T")


def dumps(value: Any) -> str:
    """A dataclass as canonical JSON text."""
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def loads(kind: type[T], text: str) -> T:
    """The dataclass `kind` that `dumps` wrote; StoreUnavailable, which names the kind alone, for anything else."""
    return _read(kind, lambda adapter: adapter.validate_json(text))


def fields_of(value: Any) -> dict[str, Any]:
    """The top level of a dataclass as JSON values by field name; fields that are None are left out."""
    return {f.name: plain(v) for f in fields(value) if (v := getattr(value, f.name)) is not None}


def from_fields(kind: type[T], values: dict[str, Any]) -> T:
    """The dataclass whose `fields_of` these are. A field that an older row lacks has its default."""
    absent = {f.name: None for f in fields(cast(Any, kind)) if f.default is MISSING and f.default_factory is MISSING}
    return _read(kind, lambda adapter: adapter.validate_python(absent | values))


def instant(moment: datetime) -> str:
    """A time as key attributes hold it, `YYYY-MM-DDTHH:MM:SSZ`: such texts sort as the times do. Fractions of a second are dropped."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The time that `instant` wrote."""
    return datetime.fromisoformat(text)


def plain(value: Any) -> Any:
    """The JSON value of anything that a stored dataclass holds. TypeError for what no stored dataclass may hold."""
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"a {type(value).__name__} cannot be stored")


def _read(kind: type[T], read: Callable[[TypeAdapter[Any]], T]) -> T:
    """Pydantic's own error quotes what it read, so it is dropped."""
    with suppress(ValidationError):
        return read(_adapter(kind))  # type: ignore[arg-type]  # a class is hashable
    raise StoreUnavailable(f"a stored {kind.__name__} cannot be read")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)

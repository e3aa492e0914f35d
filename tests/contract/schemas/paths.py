"""Reads paths and types off the models, and changes a record at a path. Must not know a rule of the contract."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from chalicelib.schemas import events
from chalicelib.schemas.occurrences import OccurrenceMessage
from chalicelib.schemas.officers import OfficerMessage

MESSAGES = {"occurrence": OccurrenceMessage, "officer": OfficerMessage, **events.MESSAGES}


def _parts(path: str) -> list[str | int]:
    return [int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]]+", path)]


def _parent(record: Any, path: str) -> tuple[Any, str | int]:
    *above, last = _parts(path)
    for part in above:
        record = record[part]
    return record, last


def put(record: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of `record` with `value` at `path`."""
    changed = copy.deepcopy(record)
    parent, last = _parent(changed, path)
    parent[last] = value
    return changed


def remove(record: dict[str, Any], path: str) -> dict[str, Any]:
    """A copy of `record` without the field at `path`, where there is one."""
    changed = copy.deepcopy(record)
    parent, last = _parent(changed, path)
    parent.pop(last, None)
    return changed


def _flat(annotation: Any) -> Iterator[Any]:
    """The types inside an optional or annotated one."""
    if get_origin(annotation) in (list, Literal) or not get_args(annotation):
        yield annotation
        return
    for part in get_args(annotation):
        if isinstance(part, type) or get_args(part):
            yield from _flat(part)


def _inner(annotation: Any) -> Any:
    return next(part for part in _flat(annotation) if part is not NoneType)


def _is(inner: Any, kind: type) -> bool:
    return isinstance(inner, type) and issubclass(inner, kind)


def fields(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Any, bool]]:
    """Path, inner type and whether it is required, of every field below `model`; lists are entered at their first item."""
    for name, field in model.model_fields.items():
        inner, path = _inner(field.annotation), prefix + name
        yield path, inner, field.is_required()
        if get_origin(inner) is list:
            inner, path = _inner(get_args(inner)[0]), f"{path}[0]"
        if _is(inner, BaseModel):
            yield from fields(inner, f"{path}.")


def required_paths(kind: str) -> list[str]:
    return [path for path, _, required in fields(MESSAGES[kind]) if required]


_TYPES = [(bool, "boolean"), (datetime, "time"), (date, "date"), (Enum, "choice"), (int, "integer"), (BaseModel, "object"), (str, "text")]


def _type_name(inner: Any) -> str:
    origin = get_origin(inner)
    if origin is list:
        return "list"
    return "choice" if origin is Literal else next(name for kind, name in _TYPES if _is(inner, kind))


def typed_paths(kind: str, record: dict[str, Any]) -> list[tuple[str, str]]:
    """Path and type of every field whose parent stands in `record`."""
    found = []
    for path, inner, _ in fields(MESSAGES[kind]):
        try:
            _parent(record, path)
        except (KeyError, IndexError, TypeError):
            continue
        found.append((path, _type_name(inner)))
    return found

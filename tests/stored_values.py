"""Hypothesis strategies for everything that is stored, made from the types themselves, so that a new field is covered by itself.

Must not know a table or the codec.
"""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
INSTANTS = st.integers(0, 4 * 366 * 86400).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(0, 10**6),
    bool: st.booleans(),
    type(None): st.none(),
    datetime: INSTANTS,
    date: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
}


@cache
def stored(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a stored type: dataclasses, enums, tuples, frozensets, dicts and optional ones of these."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{f.name: stored(hints[f.name]) for f in fields(kind)})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    return _generic(get_origin(kind), get_args(kind))


def _generic(origin: Any, parts: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if origin in (Union, types.UnionType):
        return st.one_of([stored(part) for part in parts])
    if origin is frozenset:
        return st.frozensets(stored(parts[0]), max_size=3)
    if origin is tuple and parts[-1] is Ellipsis:
        return st.lists(stored(parts[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*(stored(part) for part in parts))
    raise TypeError(f"no strategy for {origin}")

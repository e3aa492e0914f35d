"""Show a quarantined body to a person without showing what it says of anybody: its shape, and only values that cannot be personal.

Must not show a name, address, number, date, free text, or a field name that the contract does not know (it might be a value).
"""

from __future__ import annotations

import json
import re
from typing import Any

from chalicelib.schemas.json_schema import records_schema

_CODES = re.compile(r"[0-9]{1,3}[A-Z]?|N100(/[1-3])?|[0-9]{3}/[0-9]{2}|kept-informed/records/v1")
"""Values that are a version, a Home Office class or a stats code, or the contract's name."""


def masked(body: bytes) -> str:
    """The body as indented text with every value that might be personal replaced by its type and length."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return f"not JSON: {len(body)} bytes"
    return json.dumps(_masked(content, *_words()), indent=2)


def _words() -> tuple[frozenset[str], frozenset[str]]:
    """Field names and enumerated values of the published contract."""
    names: set[str] = {"detail"}
    values: set[str] = set()
    stack: list[Any] = [records_schema()]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            names.update(node.get("properties", {}))
            values.update(value for value in node.get("enum", ()) if isinstance(value, str))
            stack.extend(value for key, value in node.items() if key != "examples")
        elif isinstance(node, list):
            stack.extend(node)
    return frozenset(names), frozenset(values)


def _masked(value: Any, names: frozenset[str], values: frozenset[str]) -> Any:
    if isinstance(value, dict):
        unknown = sum(key not in names for key in value)
        shown = {key: _masked(item, names, values) for key, item in value.items() if key in names}
        return {**shown, **({"(unknown fields)": unknown} if unknown else {})}
    if isinstance(value, list):
        return [_masked(item, names, values) for item in value]
    plain = value is None or isinstance(value, bool) or value in values or _CODES.fullmatch(str(value)) is not None
    return value if plain else f"({type(value).__name__}, {len(str(value))} characters)"

"""Show a quarantined body to a person without showing what it says of anybody: its shape, and only values that cannot be personal.

Must not show a name, address, number, date, free text, or a field name that the contract does not know (it might be a value).
"""

from __future__ import annotations

import json
import re
from typing import Any

from chalicelib.schemas.json_schema import records_schema

_CODES = re.compile(r"[0-9]{1,3}[A-Z]?|N100(/[1-3])?|[0-9]{3}/[0-9]{2}|kept-informed/records/v1")
"""Values that are a count, a Home Office class or a stats code, or the contract's name."""
_CODED = frozenset({"contract", "version", "every_days", "code", "ho_code"})
"""The only fields in which such a value is shown: elsewhere it may be the number of a house."""

Words = dict[str, frozenset[str]]
"""Every field name of the contract, and the words that may stand there."""


def masked(body: bytes) -> str:
    """The body as indented text with every value that might be personal replaced by its type and length. Never raises."""
    try:
        return json.dumps(_masked(json.loads(body), "", _words()), indent=2)
    except ValueError:
        return f"not JSON: {len(body)} bytes"
    except RecursionError:
        return f"nested too deeply: {len(body)} bytes"


def _words() -> Words:
    """From the published contract."""
    words: Words = {"detail": frozenset()}
    stack: list[Any] = [records_schema()]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            for name, field in node.get("properties", {}).items():
                words[name] = words.get(name, frozenset()) | _enumerated(field)
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
    return words


def _enumerated(field: dict[str, Any]) -> frozenset[str]:
    """The words of a field, or of the members of its list."""
    given = [*field.get("enum", ()), *field.get("items", {}).get("enum", ()), field.get("const")]
    return frozenset(value for value in given if isinstance(value, str))


def _masked(value: Any, field: str, words: Words) -> Any:
    if isinstance(value, dict):
        unknown = sum(key not in words for key in value)
        shown = {key: _masked(item, key, words) for key, item in value.items() if key in words}
        return {**shown, **({"(unknown fields)": unknown} if unknown else {})}
    if isinstance(value, list):
        return [_masked(item, field, words) for item in value]
    coded = field in _CODED and _CODES.fullmatch(str(value)) is not None
    plain = value is None or isinstance(value, bool) or value in words.get(field, ()) or coded
    return value if plain else f"({type(value).__name__}, {len(str(value))} characters)"

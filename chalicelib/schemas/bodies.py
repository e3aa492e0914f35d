"""Reads the body of a queue message as one JSON object, and says where it contradicts itself.

Must not know the contract's rules beyond its size, or put anything of the body (unknown field names included) into a fault.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_BYTES = 262_144
_LONGEST_INTEGER = 30
"""Digits beyond which a number is no count of ours; Python would refuse or take long to convert thousands of them."""

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a body: `path` names fields of the contract (`occurrence.victims[0].email`), never a value."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Body:
    """`content` is the contract's object (out of its EventBridge envelope); `faults` are contradictions inside it."""

    content: Object
    faults: tuple[Fault, ...]


class _NotANumber:
    """Stands where the body says NaN or Infinity."""


class _Repeating(dict[str, Any]):
    """An object in which a key stands twice."""

    twice: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> Object:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    result = _Repeating(plain)
    result.twice = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return result


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_object, parse_constant=lambda _: _NotANumber(), parse_int=_integer)


def _decoded(body: str | bytes) -> Any:
    """The JSON value, or the Fault that prevents reading it."""
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    if len(raw) > MAX_BYTES:
        return Fault("", f"larger than {MAX_BYTES} bytes")
    try:
        value = _json(raw.decode("utf-8", "surrogatepass"))
    except ValueError:
        return Fault("", "not JSON")
    except RecursionError:
        return Fault("", "nested too deeply")
    return value if isinstance(value, dict) else Fault("", "must be an object")


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


@dataclass(frozen=True, slots=True)
class _Place:
    """A value in the body. Inside a field that the contract does not name the path stays that of the nearest one that it does."""

    path: str
    node: Any
    named: bool

    def children(self, known: frozenset[str]) -> Iterator[_Place]:
        if isinstance(self.node, dict):
            for key, value in self.node.items():
                named = self.named and key in known
                yield _Place(_below(self.path, key) if named else self.path, value, named)
        elif isinstance(self.node, list):
            for position, value in enumerate(self.node):
                yield _Place(f"{self.path}[{position}]" if self.named else self.path, value, self.named)

    def faults(self, known: frozenset[str]) -> Iterator[Fault]:
        if isinstance(self.node, _NotANumber):
            yield Fault(
                self.path, "not a number that JSON has" if self.named else "an unknown field holds a number that JSON does not have"
            )
        elif isinstance(self.node, _Repeating):
            for key in self.node.twice:
                named = self.named and key in known
                yield Fault(_below(self.path, key), "given twice") if named else Fault(self.path, "an unknown field is given twice")


def _contradictions(content: Object, known: frozenset[str]) -> Iterator[Fault]:
    """Walks without recursion, since the body chooses the depth."""
    waiting = [_Place("", content, named=True)]
    while waiting:
        place = waiting.pop()
        yield from place.faults(known)
        waiting.extend(place.children(known))


def read_body(body: str | bytes, known: frozenset[str]) -> Body | Fault:
    """`known`: the names that may stand in a path. A Fault means that nothing could be read at all."""
    value = _decoded(body)
    if isinstance(value, Fault):
        return value
    detail = value.get("detail")
    content = detail if isinstance(detail, dict) and "contract" not in value else value
    envelope = () if content is value else tuple(_Place("", value, named=True).faults(known))
    return Body(content, tuple(dict.fromkeys([*envelope, *_contradictions(content, known)])))

"""One body of the records queue: a good message, or what can still be read of a broken one.

Must not decide what follows from either.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra.replay.expectation.contract import MOST_VERSIONS, Content, content_of
from infra.replay.expectation.fields import Malformed, reference_in

_MOST_BYTES = 262_144
_INSIDE = {
    "occurrence": "occurrence", "officer": "officer", "investigation_event": "event", "contact_recorded": "contact",
    "agreement_changed": "change", "task_done": "done", "hold_released": "release", "review": "review", "letter_returned": "letter",
}  # fmt: skip
"""Every kind of the contract and where its content stands."""


@dataclass(frozen=True, slots=True)
class Good:
    """A message that keeps the contract; `sent_at` is no part of what it says."""

    kind: str
    content: Content
    sent_at: datetime = field(compare=False)


@dataclass(frozen=True, slots=True)
class Broken:
    """A message for quarantine, with the reference and version that can be read of it."""

    reference: str | None = None
    version: int | None = None


class _Unreadable(Exception):  # noqa: N818 - a finding
    """The body contradicts itself before any field is read."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; one with a field given twice remembers it."""
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Twice(found)


class _Twice(dict[str, Any]):
    pass


class _NoNumber:
    pass


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= 30 else float(digits)


def _sound(node: Any) -> bool:
    """Whether nothing in it is given twice, and every number is one that JSON has."""
    waiting = [node]
    while waiting:
        place = waiting.pop()
        if isinstance(place, _Twice | _NoNumber):
            return False
        waiting.extend(place.values() if isinstance(place, dict) else place if isinstance(place, list) else ())
    return True


def _value(body: str) -> Any:
    if len(body.encode("utf-8", "surrogatepass")) > _MOST_BYTES:
        raise _Unreadable
    try:
        return json.loads(body, object_pairs_hook=_once, parse_constant=lambda _: _NoNumber(), parse_int=_number)
    except (ValueError, RecursionError):
        raise _Unreadable from None


def read(body: str, now: datetime) -> Good | Broken:
    """Judge one body by the contract, at the receiver's time `now`."""
    try:
        value = _value(body)
    except _Unreadable:
        return Broken()
    if not isinstance(value, dict):
        return Broken()
    inner = value.get("detail")
    message: Content = inner if isinstance(inner, dict) and "contract" not in value else value
    try:
        if not _sound(message) or isinstance(value, _Twice):
            raise Malformed
        return Good(*content_of(message, now))
    except Malformed:
        return Broken(_readable_reference(message), _readable_version(message))


def _places(message: Content) -> Iterator[Content]:
    """Where a reference may stand, likeliest first."""
    kind = message.get("kind")
    own = _INSIDE.get(kind) if isinstance(kind, str) else None
    for key in dict.fromkeys([own, *_INSIDE.values()]):
        if key and isinstance(message.get(key), dict):
            yield message[key]
    yield message


def _readable_reference(message: Content) -> str | None:
    """Read more kindly than it is judged: holding too much is safe."""
    for place in _places(message):
        given = place.get("reference")
        text = str(given)[:100] if isinstance(given, str | int) else ""
        known = reference_in(re.sub(r"[^0-9*]", "", unicodedata.normalize("NFKC", text)))
        if known:
            return known
    return None


def _readable_version(message: Content) -> int | None:
    found = (place.get("version") for place in _places(message))
    return next((version for version in found if type(version) is int and 1 <= version <= MOST_VERSIONS), None)

"""Short replays for tests of the expectation: records into lines, and the funnel of them, flat.

Must not import the product.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from infra.replay.expectation.__main__ import expected
from tests import builders
from tests.builders import occurrence_record, victim

EVENING = datetime(2026, 11, 24, 20, 5, tzinfo=builders.NOW.tzinfo)
REF, OTHER = "26000712345", "26000712346"


def at(day: int, hour: int = 12, month: int = 11) -> datetime:
    """An hour of a day of these weeks."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def record(version: int = 1, **facts: Any) -> dict[str, Any]:
    return occurrence_record(version=version, **facts)


def told(version: int = 1, **facts: Any) -> dict[str, Any]:
    """A burglary of one victim of whom something is told."""
    return record(version, victims=[victim(**facts)])


def funnel(*phases: list[Any]) -> dict[str, Any]:
    """The funnel of these messages (records, or bodies as they are), each in a wave of its own."""
    lines = [{"run": {"seed": 1, "now": builders.iso(EVENING), "months": [], "rows": 0, "with_id": 0, "distinct_ids": 0}}]
    for day, messages in zip((0, 2), phases, strict=False):
        bodies = [each if isinstance(each, str) else json.dumps(each) for each in messages]
        lines += [{"day": day, "wave": wave, "body": body} for wave, body in enumerate(bodies)]
    return expected(json.dumps(line) for line in lines)


def counts(found: dict[str, Any], path: str = "") -> dict[str, int]:
    """The funnel flat, without what every test of one record says alike."""
    flat: dict[str, int] = {}
    for name, value in found.items():
        flat |= counts(value, f"{path}{name}/") if isinstance(value, dict) else {path + name: value}
    return flat


def left(found: dict[str, Any], *groups: str) -> dict[str, int]:
    """The named groups, flat."""
    return counts({name: found[name] for name in groups if name in found})

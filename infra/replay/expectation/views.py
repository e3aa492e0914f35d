"""Everything that is known when a victim is decided about.

Pure facts. Must not say what follows from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra.replay.expectation.people import Point, Victim
from infra.replay.expectation.rows import DONE, LEFT, Key, Row
from infra.replay.expectation.targeted import Crime
from infra.replay.expectation.updates import Spoken

Event = tuple[str, dict[str, Any]]
"""Kind and content."""


@dataclass(frozen=True, slots=True)
class View:
    """`rows` are those that exist and `events` those of this victim; a version's own view has neither, and speaks for itself alone.

    `done` are the tasks that somebody did, by name, and when.
    """

    record: dict[str, Any]
    victim: Victim
    accepted_at: datetime
    now: datetime
    rows: Mapping[Key, Row] = field(default_factory=dict)
    sticky: frozenset[str] = frozenset()
    specialist_elsewhere: bool = False
    silent_elsewhere: bool = False
    closed: frozenset[Point] = frozenset()
    removed: bool = False
    spoken: Sequence[Spoken] = ()
    events: Sequence[Event] = ()
    done: Mapping[Key, datetime] = field(default_factory=dict)
    harmless: frozenset[str] = frozenset()
    """Reasons that may stand in a message."""
    heard_at: Mapping[str, datetime] = field(default_factory=dict)
    """When each event came, by its id."""
    crimes: Sequence[Crime] = ()
    """The same person's in other records."""
    rights_since: datetime | None = None
    """Since when the victim has rights here without a break; None: since we accepted their record."""

    def left(self, template: str) -> list[Row]:
        return [row for row in self.rows.values() if row.template == template and row.state in LEFT]

    def touched(self, template: str) -> list[tuple[Key, Row]]:
        """Rows that left or failed."""
        return [(key, row) for key, row in self.rows.items() if row.template == template and row.state in DONE]

"""What the expectation keeps for one victim of one occurrence: outbox rows and tasks, named by what they say.

The states are those of docs/design.md. Must not decide anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from infra.replay.expectation.people import Point, Victim
from infra.replay.expectation.routing import Verdict

Key = tuple[str, ...]
"""Of a row: template and channel, or template, task and reader. Of a task: purpose, unit, destinations, missing fields."""
ACCEPTED = frozenset({"sent", "delivered", "complained"})
LEFT = ACCEPTED | {"bounced"}
WAITING = frozenset({"pending", "held"})
FAILED = frozenset({"bounced", "failed"})
DONE = LEFT | FAILED


@dataclass(slots=True)
class Row:
    """One outbox row. `own`: some version asked for it by itself. `waits_for` are keys of the victim's own notices.

    `point` is where a notice went; `announces` says that its words told of the referral.
    """

    template: str
    channel: str
    audience: str
    state: str = "pending"
    reason: str | None = None
    not_before: datetime | None = None
    waits_until: datetime | None = None
    """When a linked crime's own hold window ends: one message then tells of both."""
    waits_for: tuple[Key, ...] = ()
    words: bool = False
    """Whether its delivery is the written acknowledgement."""
    task: Key | None = None
    own: bool = False
    announces: bool = False
    point: Point | None = None

    @property
    def outside(self) -> bool:
        """Tells the victim, or passes details on: held by a suspension and by quiet hours."""
        return self.template in {"acknowledgement", "referral"}


@dataclass(slots=True)
class Task:
    """An obligation of a unit or officer."""

    state: str = "open"
    own: bool = False


@dataclass(slots=True)
class Part:
    """One victim: the facts of the version that counts, and what became of them."""

    victim: Victim
    version: int
    accepted_at: datetime
    removed: bool = False
    verdict: Verdict | None = None
    rows: dict[Key, Row] = field(default_factory=dict)
    tasks: dict[Key, Task] = field(default_factory=dict)
    points: frozenset[Point] = frozenset()
    voice: tuple[bool, bool] | None = None
    """Specialist, do not contact: as this record itself tells others; None before the first decision."""

"""What the expectation keeps for one victim of one occurrence: outbox rows, and what is owed, named by what they say.

The states of rows are those of docs/design.md. Must not decide anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from infra.replay.expectation.owed import Owed
from infra.replay.expectation.people import Point, Victim
from infra.replay.expectation.routing import Verdict
from infra.replay.expectation.updates import Spoken

Key = tuple[str, ...]
"""Of a row: template and channel, or template, task and reader. Of what is owed to a victim: kind, and what began it. Of a task: purpose,
unit, destinations, missing fields, the key event that it is about."""
ACCEPTED = frozenset({"sent", "delivered", "complained"})
ARRIVED = frozenset({"delivered", "complained"})
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
    evident: bool = False
    """Whether its delivery is what is owed: the written acknowledgement, the referral."""
    task: Key | None = None
    tells: tuple[str, ...] = ()
    """Key events that its words tell of."""
    own: bool = False
    announces: bool = False
    point: Point | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    beside: list[tuple[str, str, Row]] = field(default_factory=list)
    """Of a letter that told of linked crimes too: reference, victim and row of each."""

    @property
    def outside(self) -> bool:
        """Tells the victim, or passes details on: held by a suspension and by quiet hours."""
        return self.template in {"acknowledgement", "referral", "event"}

    @property
    def meets(self) -> tuple[Key, ...]:
        """What is owed and its words are."""
        if not self.evident:
            return ()
        if self.template == "event":
            return tuple(("event", each) for each in self.tells)
        return (("written_acknowledgement" if self.template == "acknowledgement" else self.template,),)


@dataclass(slots=True)
class Part:
    """One victim: the facts of the version that counts, and what became of them."""

    victim: Victim
    version: int
    accepted_at: datetime
    removed: bool = False
    verdict: Verdict | None = None
    rows: dict[Key, Row] = field(default_factory=dict)
    tasks: dict[Key, Owed] = field(default_factory=dict)
    rights: dict[Key, Owed] = field(default_factory=dict)
    rights_since: datetime | None = None
    said: dict[int, Spoken] = field(default_factory=dict)
    """What each version that names this victim says of their updates."""
    points: frozenset[Point] = frozenset()
    voice: tuple[bool, bool] | None = None
    """Specialist, do not contact: as this record itself tells others; None before the first decision."""
    counted: tuple[datetime, str | None] | None = None
    """When a crime against this person was reported, and who they are, as other records know it."""

    def arrived(self, row: Row, at: datetime) -> None:
        """A message was delivered: what its words are is met, by the earliest evidence."""
        row.state = "complained" if row.state == "complained" else "delivered"
        row.delivered_at = row.delivered_at or at
        for key in row.meets:
            owed = self.rights.get(key)
            wrong = row.template == "referral" and owed is not None and owed.route != "victim_services"
            if owed is not None and not wrong and owed.closed is None and (owed.met_at is None or at < owed.met_at):
                owed.met_at, owed.by_record, owed.by = at, False, "message"

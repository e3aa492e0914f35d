"""The key events that one victim has to hear of, by docs/events.md: which of them stand, by when, and when the victim heard.

Must not say who tells them (telling.py), and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from infra.replay.expectation.enhanced import due_by
from infra.replay.expectation.event_contract import REACHED
from infra.replay.expectation.event_table import TELLINGS, Telling
from infra.replay.expectation.owed import Owed
from infra.replay.expectation.rows import ARRIVED, LEFT, Row
from infra.replay.expectation.views import View

Said = dict[str, Any]


class News(NamedTuple):
    """One event that is owed to the victim, or was. `replaced`: another took its place; `takes_back`: it only says that `instead_of` was
    wrong; `told_at`, `arrived_at`: when they first heard of it from a person, and by a message."""

    said: Said
    due: datetime
    replaced: bool
    takes_back: bool
    instead_of: Said | None
    told_at: datetime | None
    arrived_at: datetime | None
    rows: tuple[Row, ...]

    @property
    def event_id(self) -> str:
        return str(self.said["event_id"])

    @property
    def type(self) -> str:
        return str(self.said["type"])

    @property
    def telling(self) -> Telling:
        return TELLINGS[self.type]

    @property
    def heard_at(self) -> datetime | None:
        return min((at for at in (self.told_at, self.arrived_at) if at is not None), default=None)

    def owed(self, *, over: bool) -> Owed:
        """`over`: nobody has to be told any more. Who heard of it heard of it."""
        heard = self.heard_at
        by = None if heard is None else "person" if heard == self.told_at else "message"
        closed = "waived" if heard is None and (over or self.replaced) else None
        return Owed("event", self.due, met_at=heard, closed=closed, about=self.type, by=by)


def news(view: View, *, by_people: bool) -> Iterator[News]:
    """Every event that concerns the victim, in the order of time; what takes back something that they never heard of is no news."""
    events = {said["event_id"]: said for kind, said in view.events if kind == "investigation_event"}
    before = {key: events[said["corrects"]] for key, said in events.items() if said.get("corrects") in events and not _closes(key, events)}
    replaced = {said["event_id"] for said in before.values()}
    for key, said in sorted(events.items(), key=lambda item: (item[1]["happened_at"], item[0])):
        takes_back = said.get("withdrawn") is True or not _names(said, view.victim["id"])
        instead_of = before.get(key)
        if takes_back and (instead_of is None or not _may_have_heard(view, instead_of["event_id"])):
            continue
        rows = _telling_of(view, key)
        due = due_by(said, view.record, view.victim, by_people=by_people)
        yield News(said, due, key in replaced, takes_back, instead_of, _told(view, key), _arrived(rows), tuple(rows))


def _names(said: Said, victim_id: str) -> bool:
    return "victim_ids" not in said or victim_id in said["victim_ids"]


def _closes(key: str, events: dict[str, Said]) -> bool:
    """Whether it stands in a circle of corrections and has the smallest id of it: then it corrects nobody."""
    circle = [key]
    while (following := events.get(circle[-1], {}).get("corrects")) in events and following not in circle:
        circle.append(following)
    return following == key and key == min(circle)


def _telling_of(view: View, event_id: str) -> list[Row]:
    return [row for row in view.rows.values() if event_id in row.tells]


def _may_have_heard(view: View, event_id: str) -> bool:
    return _told(view, event_id) is not None or any(row.state in LEFT for row in _telling_of(view, event_id))


def _told(view: View, event_id: str) -> datetime | None:
    """The first contact that reached the victim and names the event."""
    mine = (said for kind, said in view.events if kind == "contact_recorded" and said["result"] in REACHED)
    return min((said["contacted_at"] for said in mine if event_id in said.get("covers_event_ids", ())), default=None)


def _arrived(rows: list[Row]) -> datetime | None:
    """The first message that arrived and told of it; a text says only that there is something."""
    moments = (row.delivered_at for row in rows if row.evident and row.state in ARRIVED)
    return min((at for at in moments if at is not None), default=None)

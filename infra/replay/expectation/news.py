"""The key events that one victim has to hear of, by docs/events.md: by when, when they heard, and who is asked to tell them.

Knows the news from court alone: an event of a type without a row in the table is owed to nobody here. Knows no corrections and no
withdrawals: every event counts as it was told first. Must not ask for a task or a message, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from infra.replay.expectation.event_contract import REACHED
from infra.replay.expectation.owed import Owed
from infra.replay.expectation.routing import OFFICER, VCU
from infra.replay.expectation.views import View
from infra.replay.expectation.working_days import working_days_after

Asked = tuple[str, str]
"""What a task asks, and of whom."""
BY_PERSON: tuple[Asked, ...] = (("event_by_person", OFFICER), ("event_by_person", VCU))
"""Specialist and held victims are told by people alone."""


class _Telling(NamedTuple):
    """By when a type is told, in working days, whose it is to tell, and whether the clock starts when the force received it."""

    days: int
    asked: Asked
    from_receipt: bool = False


_COURT = _Telling(1, ("event_at_court", "witness_care"), from_receipt=True)
_TELLINGS: Mapping[str, _Telling] = dict.fromkeys(
    ("hearing_listed", "required_to_give_evidence", "warrant_issued", "court_outcome", "appeal"), _COURT
)


class News(NamedTuple):
    """One event that is owed to the victim; `asked` are the tasks of whoever tells it, while it is owed."""

    event_id: str
    due: datetime
    heard_at: datetime | None
    asked: tuple[Asked, ...]

    def owed(self, *, over: bool) -> Owed:
        """`over`: nobody has to be told any more. Who heard of it heard of it."""
        return Owed("event", self.due, met_at=self.heard_at, closed="waived" if over and self.heard_at is None else None)


def news(view: View, *, automatic: bool) -> Iterator[News]:
    """Every event that names the victim. `automatic`: not only people may tell them."""
    for kind, said in view.events:
        telling = _TELLINGS.get(said["type"]) if kind == "investigation_event" else None
        if telling is not None:
            yield News(
                said["event_id"],
                working_days_after(_began(said, telling), telling.days),
                _heard(view, said["event_id"]),
                (telling.asked, *(() if automatic else BY_PERSON)),
            )


def _began(said: dict[str, Any], telling: _Telling) -> datetime:
    happened: datetime = said["happened_at"]
    return said.get("received_at") or happened if telling.from_receipt else happened


def _heard(view: View, event_id: str) -> datetime | None:
    """The first contact that reached the victim and names the event."""
    contacts = (said for kind, said in view.events if kind == "contact_recorded" and said["result"] in REACHED)
    return min((said["contacted_at"] for said in contacts if event_id in said.get("covers_event_ids", ())), default=None)

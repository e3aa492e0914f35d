"""What the simulated clock will come to next, outbox rows, obligations and timed schedules in the order of their instants; and what left.

Must not change or interpret a row: what has a time in a sparse index says by itself when it wants attention.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from infra.local.cloud import Cloud
from infra.local.due import moment, stamp
from infra.local.live_tables import Item, items, text
from infra.local.schedules import is_interval, next_firing
from infra.local.stack import Function

MOST = 20


@dataclass(frozen=True, slots=True)
class Coming:
    """One instant. `kind` is message, obligation or schedule; `what` its template, kind or function, `whom` an audience or unit.

    `due`: it is due already; what waits is a moment's work, or a clock that is moved.
    """

    at: str
    kind: str
    what: str
    whom: str = ""
    channel: str = ""
    state: str = ""
    reason: str = ""
    reference: str = ""
    due: bool = False


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next instants, the first first; `more` is how many rows wait behind them, `overdue` how many obligations nobody met in time."""

    next: tuple[Coming, ...]
    more: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Left:
    """One message that a provider accepted, or one letter that was laid out; all but the id empty where no row of ours asked for it."""

    notification_id: str
    message: str = ""
    audience: str = ""
    channel: str = ""
    reference: str = ""


def left_so_far(cloud: Cloud) -> list[Left]:
    """Every message that left, in the order in which it left; of one moment, what was accepted by a provider first."""
    known = {text(item, "notification_id") or "": item for item in items("notifications")}
    accepted = {message.notification_id: stamp(message.accepted_at) for message in cloud.accepted}
    letters = {
        name: str(text(item, "sent_at")) for name, item in known.items() if text(item, "channel") == "letter" and text(item, "sent_at")
    }
    left = accepted | letters
    return [_left(name, known.get(name, {})) for name in sorted(left, key=left.__getitem__)]


def _left(name: str, item: Item) -> Left:
    message, audience, channel, reference = (text(item, key) or "" for key in ("message", "audience", "channel", "occurrence_ref"))
    return Left(name, message, audience, channel, reference)


def ahead_of(now: datetime, functions: list[Function]) -> Ahead:
    """What lies ahead of `now`, where `functions` have the schedules."""
    at = stamp(now)
    owed = [item for item in items("obligations") if text(item, "due_shard")]
    later = [item for item in owed if text(item, "state") == "open"]
    found = [*_messages(at), *map(_obligation, later), *_firings(functions, now)]
    nearest = heapq.nsmallest(MOST, found, key=lambda one: (one.at, one.kind, one.reference))
    return Ahead(tuple(nearest), len(found) - len(nearest), len(owed) - len(later))


def _messages(now: str) -> Iterator[Coming]:
    for item in items("notifications"):
        if text(item, "open_shard") and (at := _time(item, "open_at")):
            yield Coming(
                at=at,
                kind="message",
                what=text(item, "message") or "",
                whom=text(item, "audience") or "",
                channel=text(item, "channel") or "",
                state=text(item, "state") or "",
                reason=text(item, "reason") or "",
                reference=text(item, "occurrence_ref") or "",
                due=at <= now,
            )


def _obligation(item: Item) -> Coming:
    return Coming(
        at=_time(item, "due_at"),
        kind="obligation",
        what=text(item, "kind") or "",
        whom=text(item, "unit") or "",
        reference=text(item, "occurrence_ref") or "",
    )


def _firings(functions: list[Function], now: datetime) -> Iterator[Coming]:
    for function in functions:
        for expression in function.schedules:
            if not is_interval(expression) and (firing := next_firing(expression, now)):
                yield Coming(at=stamp(firing), kind="schedule", what=function.name)


def _time(item: Item, name: str) -> str:
    """A stored time as `stamp` writes it, so that texts compare; empty where there is none."""
    stored = text(item, name)
    return stamp(moment(stored)) if stored else ""

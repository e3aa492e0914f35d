"""What the simulated clock will come to next, outbox rows, obligations and timed schedules in the order of their instants; and what left.

Must not change or interpret a row: what has a time in a sparse index says by itself when it wants attention.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from infra.local.case_words import NO_MESSAGE
from infra.local.cloud import Cloud
from infra.local.due import moment, stamp
from infra.local.duty import Duty
from infra.local.live_tables import Item, items, reference_of, text
from infra.local.schedules import fires_next, is_interval
from infra.local.stack import Function

MOST = 20
HANDOVER = "handover"
Read = Callable[[str], list[Item]]


@dataclass(frozen=True, slots=True)
class Coming:
    """One instant. `kind` is message, handover, reminder, deadline, breach or schedule; `what` its template, kind or function,
    `whom` an audience or unit. A reminder is of `count` things owed at once.

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
    count: int = 1


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next instants, the first first; `more` is how many wait behind them, `overdue` how many obligations are late."""

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


def ahead_of(now: datetime, functions: list[Function], duty: Duty, read: Read = items) -> Ahead:
    """What lies ahead of `now`, where `functions` have the schedules and `duty` says when reminders leave."""
    at = stamp(now)
    owed = [item for item in read("obligations") if text(item, "due_shard")]
    late = sum(text(item, "state") != "open" or (text(item, "due_at") or "~") < at for item in owed)
    found = [*_messages(read("notifications"), at), *_obligations(owed, at, duty), *_firings(functions, now)]
    nearest = heapq.nsmallest(MOST, found, key=lambda one: (one.at, one.kind, one.reference))
    return Ahead(tuple(nearest), len(found) - len(nearest), late)


def next_reminder(now: datetime, duty: Duty, read: Read = items) -> datetime:
    """When somebody is next reminded of something, as far as it is known now; the next hour of reminders where nothing waits for one."""
    at = stamp(now)
    waiting = {_time(item, "next_at") for item in read("obligations") if text(item, "due_shard")}
    found = [moment(each) for each in waiting if each > at and duty.is_morning(moment(each))]
    return min(found, default=duty.next_morning(now))


def _messages(rows: list[Item], now: str) -> Iterator[Coming]:
    """Messages and hand-overs that wait for a time; what else is a row of the outbox is a moment's work."""
    for item in rows:
        what = text(item, "message") or ""
        if text(item, "open_shard") and (at := _time(item, "open_at")) and (what == HANDOVER or what not in NO_MESSAGE):
            yield Coming(
                at=at,
                kind=HANDOVER if what == HANDOVER else "message",
                what=what,
                whom=(text(item, "reader") if what == HANDOVER else text(item, "audience")) or "",
                channel=text(item, "channel") or "",
                state=text(item, "state") or "",
                reason=text(item, "reason") or "",
                reference=reference_of(item) or "",
                due=at <= now,
            )


def _obligations(owed: list[Item], now: str, duty: Duty) -> Iterator[Coming]:
    """Deadlines and breaches one by one, reminders of one morning together."""
    times = {item_at: duty.is_morning(moment(item_at)) for item_at in {_time(item, "next_at") for item in owed}}
    reminders = Counter([at for item in owed if times[at := _time(item, "next_at")]])
    for at, count in reminders.items():
        yield Coming(at=at, kind="reminder", what="", due=at <= now, count=count)
    for item in owed:
        if not times[at := _time(item, "next_at")]:
            yield Coming(
                at=at,
                kind="deadline" if text(item, "state") == "open" else "breach",
                what=text(item, "kind") or "",
                whom=text(item, "unit") or "",
                reference=reference_of(item) or "",
                due=at <= now,
            )


def _firings(functions: list[Function], now: datetime) -> Iterator[Coming]:
    for function in functions:
        for schedule in function.schedules:
            if not is_interval(schedule.expression) and (firing := fires_next(schedule, now)):
                yield Coming(at=stamp(firing), kind="schedule", what=function.name)


def _time(item: Item, name: str) -> str:
    """A stored time as `stamp` writes it, so that texts compare; empty where there is none."""
    stored = text(item, name)
    return stamp(moment(stored)) if stored else ""

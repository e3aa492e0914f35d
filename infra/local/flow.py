"""The live flow: how many records, victims by route, messages and obligations there are now, and the newest of each.

Must not decide anything, and must cost little at ten thousand occurrences: what was read is kept for a while, a body is parsed once.
"""

import heapq
import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from infra.local.case_words import DIGEST, NO_MESSAGE, message_title
from infra.local.due import stamp
from infra.local.duty import force_duty
from infra.local.live_tables import Item, items, reference_of, text, truth
from infra.local.machine import Machine
from infra.local.owed_view import KindCount, counted
from infra.local.plain_words import UNITS, named
from infra.local.status import NO_ROUTE, OFFICERS, RECORDS_QUEUE, is_told, stands

KEEP_SECONDS = 2.0
SHARE = 10
"""Looking takes at most this part of the time: what took long to see is kept for longer."""
NEWEST = 6
MOST_LEFT = 8
_QUARANTINED = "quarantined"
LANES = ("victim_services", "domestic_abuse", "sexual_offence", "held", "transferred", NO_ROUTE)
_HEAD, _VICTIM = "head", "victim#"
_WHEN = attrgetter("at", "key")


@dataclass(frozen=True, slots=True)
class Card:
    """One victim in a lane, or one quarantined record. `at` is when it was first accepted; `note` says briefly what holds it."""

    at: str
    reference: str
    victim: str
    rule: str
    note: str
    key: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A route with its count and its newest victims."""

    route: str
    count: int
    newest: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Reminders:
    """Reminders that left, by who reads them, and how many obligations each rank of the ladder has heard of."""

    by_reader: Mapping[str, int]
    escalated: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Left:
    """A message that a provider accepted lately."""

    message_id: str
    channel: str
    at: str
    reference: str | None
    title: str
    state: str | None


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the flow shows at one moment."""

    records: Mapping[str, int]
    occurrences: int
    lanes: tuple[Lane, ...]
    states: Mapping[str, int]
    waits: Mapping[str, int]
    owed: tuple[KindCount, ...]
    reminders: Reminders
    left: tuple[Left, ...]
    queues: Mapping[str, Mapping[str, int]]


@dataclass
class Flow:
    """Looks at the machine at most every two seconds, however many people watch. `read` gives the rows of a table."""

    timer: Callable[[], float] = time.monotonic
    read: Callable[[str], list[Item]] = items
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _seen: tuple[float, Picture] | None = None
    _cards: dict[str, tuple[str, Card]] = field(default_factory=dict)

    def now(self, machine: Machine) -> Picture:
        """The picture, two seconds old at most, or ten times as old as it takes to look."""
        with self._lock:
            begun = self.timer()
            if self._seen is None or begun >= self._seen[0]:
                picture = self._look(machine)
                ended = self.timer()
                self._seen = (ended + max(KEEP_SECONDS, SHARE * (ended - begun)), picture)
            return self._seen[1]

    def _look(self, machine: Machine) -> Picture:
        occurrences, audit, quarantine = self.read("occurrences"), self.read("audit"), self.read("quarantine")
        notifications, obligations = self.read("notifications"), self.read("obligations")
        recorded = [text(row, "occurrence_ref") == OFFICERS for row in audit if text(row, "op") == "recorded"]
        events = sum(is_told(row) for row in audit)
        received = machine.host.acknowledged(RECORDS_QUEUE)
        states, waits = _messages(notifications)
        return Picture(
            records={
                "received": received,
                "versions": recorded.count(False),
                "officers": recorded.count(True),
                "events": events,
                "unchanged": max(0, received - len(recorded) - events - len(quarantine)),
                _QUARANTINED: len(quarantine),
            },
            occurrences=sum([stands(row) for row in occurrences]),
            lanes=(*self._lanes(occurrences), _quarantine_lane(quarantine)),
            states=states,
            waits=waits,
            owed=counted(obligations, stamp(machine.clock.now())),
            reminders=_reminders(notifications, obligations),
            left=_left(machine, notifications),
            queues=machine.status.queues.depths(),
        )

    def _lanes(self, occurrences: list[Item]) -> list[Lane]:
        by_route: dict[str, list[Card]] = defaultdict(list)
        with_victims, heads = set(), {}
        for row in occurrences:
            reference, part = text(row, "occurrence_ref") or "", text(row, "part") or ""
            if part == _HEAD:
                heads[reference] = row
            elif not truth(row, "removed"):
                with_victims.add(reference)
                by_route[text(row, "route") or NO_ROUTE].append(self._card(row, reference, part))
        for reference in heads.keys() - with_victims:
            if stands(heads[reference]):
                by_route[NO_ROUTE].append(self._without_victim(heads[reference], reference))
        routes = (*LANES, *sorted(set(by_route) - set(LANES)))
        return [Lane(route, len(by_route[route]), tuple(heapq.nlargest(NEWEST, by_route[route], key=_WHEN))) for route in routes]

    def _card(self, row: Item, reference: str, part: str) -> Card:
        victim = part.removeprefix(_VICTIM)

        def made(body: dict[str, Any], key: str) -> Card:
            decision = body.get("decision") or {}
            return Card(body.get("accepted_at") or "", reference, victim, decision.get("rule_id") or "", decision.get("hold") or "", key)

        return self._once(row, f"{reference}/{part}", made)

    def _without_victim(self, row: Item, reference: str) -> Card:
        def made(body: dict[str, Any], key: str) -> Card:
            facts = body.get("facts") or {}
            return Card(facts.get("recorded_at") or "", reference, "", "", "no victim named", key)

        return self._once(row, f"{reference}/{_HEAD}", made)

    def _once(self, row: Item, key: str, made: Callable[[dict[str, Any], str], Card]) -> Card:
        """A body that did not change is not parsed again."""
        body = text(row, "body") or "{}"
        known = self._cards.get(key)
        if known is None or known[0] != body:
            known = (body, made(json.loads(body), key))
            self._cards[key] = known
        return known[1]


def _quarantine_lane(rows: list[Item]) -> Lane:
    cards = []
    for row in rows:
        key = text(row, "quarantine_id") or ""
        cards.append((text(row, "received_at") or "", key, row))
    newest = heapq.nlargest(NEWEST, cards, key=lambda card: card[:2])
    return Lane(_QUARANTINED, len(rows), tuple(_quarantined(*card) for card in newest))


def _quarantined(at: str, key: str, row: Item) -> Card:
    body = json.loads(text(row, "body") or "{}")
    faults = len(body.get("faults") or ())
    return Card(at, body.get("reference") or "", "", "", f"{faults} fault{'' if faults == 1 else 's'}", key)


def _messages(rows: list[Item]) -> tuple[dict[str, int], dict[str, int]]:
    """Messages by state, and what is held by what it waits for."""
    read = [row for row in rows if text(row, "message") not in NO_MESSAGE]
    states = Counter([text(row, "state") or "" for row in read])
    waits = Counter([text(row, "reason") or "" for row in read if text(row, "state") == "held"])
    return dict(states.most_common()), dict(waits.most_common())


def _reminders(notifications: list[Item], obligations: list[Item]) -> Reminders:
    left = [row for row in notifications if text(row, "message") == DIGEST and text(row, "sent_at")]
    readers = Counter([(text(row, "unit") if text(row, "reader") else "role") or "" for row in left])
    steps = Counter([int(text(row, "step") or 0) for row in obligations])
    ranks = [named(UNITS, rank.role) for rank in force_duty().ladder]
    heard = {rank: sum(count for step, count in steps.items() if step > place) for place, rank in enumerate(ranks)}
    return Reminders(dict(readers.most_common()), {rank: count for rank, count in heard.items() if count})


def _left(machine: Machine, notifications: list[Item]) -> tuple[Left, ...]:
    """The newest messages, letters included, newest first."""
    accepted = machine.cloud.outbox.all()[-MOST_LEFT:]
    wanted = {message.notification_id for message in accepted}
    rows = {text(row, "notification_id"): row for row in notifications if text(row, "notification_id") in wanted}
    letters = [row for row in notifications if text(row, "channel") == "letter" and text(row, "sent_at")]
    left = [
        _as_left(message.provider_message_id, message.channel, stamp(message.accepted_at), rows.get(message.notification_id, {}))
        for message in accepted
    ]
    left += [_as_left(text(row, "notification_id") or "", "letter", text(row, "sent_at") or "", row) for row in letters]
    return tuple(heapq.nlargest(MOST_LEFT, left, key=lambda message: message.at))


def _as_left(message_id: str, channel: str, at: str, row: Item) -> Left:
    told = {name: text(row, name) for name in ("message", "audience", "unit", "reader")} | {"channel": channel}
    title = message_title(told) if told["message"] else "A message that no row of ours asked for"
    return Left(message_id, channel, at, reference_of(row), title, text(row, "state"))

"""The funnel: everything that a replay left behind, as counts.

Must not change anything. Its shape is that of the runner's own funnel, with which it is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from infra.replay.expectation.arrivals import Force
from infra.replay.expectation.cases import Case
from infra.replay.expectation.owed import Owed
from infra.replay.expectation.recording import UNIT as CRIME_MANAGEMENT
from infra.replay.expectation.routing import OPERATIONS
from infra.replay.expectation.rows import Part, Row

Funnel = dict[str, Any]


def _tree(paths: Iterable[tuple[str, ...]]) -> Funnel:
    """Nested counts of equal paths."""
    root: Funnel = {}
    for *above, last in paths:
        place = root
        for name in above:
            place = place.setdefault(name, {})
        place[last] = place.get(last, 0) + 1
    return root


def _verdicts(cases: list[Case]) -> Iterator[tuple[str, str]]:
    for case in cases:
        present = [part for part in case.parts.values() if not part.removed]
        yield from ((part.verdict.route, part.verdict.rule) for part in present if part.verdict)
        if not present:
            yield "no_route", "no-victim"


def _tasks(cases: Iterable[Case], now: datetime) -> Iterator[tuple[str, str, str]]:
    for case in cases:
        yield from ((key[1], key[0], task.state(now)) for part in case.parts.values() for key, task in part.tasks.items())
        yield from ((OPERATIONS, "quarantine", owed.state(now)) for owed in case.broken.values())
        yield from ((CRIME_MANAGEMENT, name, owed.state(now)) for name, owed in case.checks.items())


def _owed(cases: Iterable[Case]) -> Iterator[Owed]:
    for case in cases:
        yield from (owed for part in case.parts.values() for owed in (*part.rights.values(), *part.tasks.values()))
        yield from (*case.broken.values(), *case.checks.values())


def _figures(cases: Iterable[Case], now: datetime) -> Iterator[tuple[str, ...]]:
    """Kind, route, district, agreed or proposed, and how it stands."""
    agreed = {True: "proposed", False: "agreed", None: "-"}
    for owed in _owed(cases):
        yield owed.kind, owed.route or "-", owed.district or "-", agreed[owed.proposed], owed.figure(now)


def _events(cases: Iterable[Case], now: datetime, *, by_outcome: bool) -> Iterator[tuple[str, ...]]:
    """Key events that came and that wait, and what became of the news for every victim; by type, or by what the source calls them."""
    for case in cases:
        types = {said["event_id"]: said["type"] for kind, said in case.events.values() if kind == "investigation_event"}
        names = case.outcomes if by_outcome else types
        for name in (names[each] for each in types if each in names):
            yield name, "in"
            if not case.version:
                yield name, "waiting"
        for part in case.parts.values():
            told = ((key[1], owed) for key, owed in part.rights.items() if owed.kind == "event" and key[1] in names)
            yield from ((names[event_id], *_became(owed, now)) for event_id, owed in told)


def _became(owed: Owed, now: datetime) -> tuple[str, ...]:
    if owed.met_at is not None:
        return "told", owed.by or "person", "in_time" if owed.met_at <= owed.due else "late"
    state = owed.state(now)
    return ("waived",) if state == "waived" else ("unmet", state)


def _messages(rows: list[Row], cases: Iterable[Case]) -> Iterator[tuple[str, str, str, str]]:
    yield from ((row.audience, row.channel, row.template, row.state) for row in rows)
    yield from ((OPERATIONS, "email", "task", "delivered") for case in cases for _ in case.broken)


def _referrals(rows: list[Row], victims: list[Part]) -> Funnel:
    answers = [part.victim.get("referral_opt_out") for part in victims if part.verdict and part.verdict.route == "victim_services"]
    counts = {
        "referred": sum(row.template == "referral" and row.state in {"sent", "delivered"} for row in rows),
        "opted_out": sum(answer is True for answer in answers),
        "not_asked": sum(answer is None for answer in answers),
    }
    return {name: count for name, count in counts.items() if count}


def funnel(force: Force, now: datetime) -> Funnel:
    """All counts as they stand at `now`; empty groups are left out, the counts of records, occurrences and victims always stand."""
    everything = list(force.cases.all.values())
    cases = [case for case in everything if case.version]
    parts = [part for case in cases for part in case.parts.values()]
    victims = [part for part in parts if not part.removed]
    rows = [row for part in parts for row in part.rows.values()]
    holds = [(part.verdict.hold, part.verdict.rule) for part in victims if part.verdict and part.verdict.hold]
    held = _tree(holds) | {"messages": _tree((row.reason or "None",) for row in rows if row.state == "held")}
    counts = {
        "routes": _tree(_verdicts(cases)),
        "held": {name: group for name, group in held.items() if group},
        "messages": _tree(_messages(rows, everything)),
        "accepted": _tree(each for kind, count in force.sending.accepted.items() for each in [kind] * count),
        "referrals": _referrals(rows, victims),
        "tasks": _tree(_tasks(everything, now)),
        "obligations": _tree(_figures(everything, now)),
        "events": _tree(_events(everything, now, by_outcome=False)),
        "outcomes": _tree(_events(everything, now, by_outcome=True)),
    }
    return {
        "records": {"in": sum(force.records.values()), **{name: force.records[name] for name in ("recorded", "stale", "quarantined")}},
        "occurrences": len(cases),
        "victims": len(victims),
        **{name: group for name, group in counts.items() if group},
    }

"""Key events in the funnel, by their type and by what the source calls them: how many came, wait, were told by whom, or are owed.

An event counts once; news of it counts for every victim who has to hear. Must not decide or expect anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from infra.local.references import eleven_digits

Key = tuple[str, str]
"""Reference and event id."""


class News(NamedTuple):
    """One victim's news: of which event, what became of it (as figures have it), and whether a message of ours told it."""

    event: Key
    figure: str
    by_message: bool


_FIGURES = {"met_in_time": "in_time", "met_late": "late"}


def counted(types: Mapping[Key, str], recorded: Iterable[str], news: Iterable[News], outcomes: Mapping[Key, str]) -> dict[str, Any]:
    """The groups `events` and `outcomes`. `types` are the events that came, `recorded` the references of which a record came."""
    known, told = set(recorded), list(news)
    return {
        "events": tree(_paths(types, known, told, types)),
        "outcomes": tree(_paths(types, known, told, outcomes)),
    }


def _paths(types: Mapping[Key, str], recorded: set[str], news: list[News], names: Mapping[Key, str]) -> Iterator[tuple[str, ...]]:
    for key in types:
        if key in names:
            yield names[key], "in"
            if key[0] not in recorded:
                yield names[key], "waiting"
    for each in news:
        if each.event in names:
            yield names[each.event], *_became(each)


def _became(each: News) -> tuple[str, ...]:
    if each.figure in _FIGURES:
        return "told", "message" if each.by_message else "person", _FIGURES[each.figure]
    return ("waived",) if each.figure == "waived" else ("unmet", each.figure)


def tree(paths: Iterable[Sequence[str]]) -> dict[str, Any]:
    """Counts of equal paths, as nested groups."""
    root: dict[str, Any] = {}
    for *groups, last in paths:
        place = root
        for group in groups:
            place = place.setdefault(group, {})
        place[last] = place.get(last, 0) + 1
    return root


def named_by_source(lines: Iterable[Mapping[str, Any]]) -> dict[Key, str]:
    """What the source calls the events that lines tell of."""
    found = {}
    for line in lines:
        if "outcome" in line:
            message = json.loads(line["body"])
            event = message.get("detail", message)["event"]
            found[eleven_digits(event["reference"]) or event["reference"], event["event_id"]] = line["outcome"]
    return found


class Share(NamedTuple):
    """What the report says of one type: counts, and of the news that fell due the part that was told in time, None where none did."""

    in_all: int
    waiting: int
    by_message: int
    by_person: int
    unmet: int
    waived: int
    in_time: float | None


def share(group: Mapping[str, Any]) -> Share:
    """Of one type or outcome. What is still open has not fallen due."""
    told, unmet = group.get("told", {}), group.get("unmet", {})
    in_time = sum(way.get("in_time", 0) for way in told.values())
    late = sum(way.get("late", 0) for way in told.values())
    due = in_time + late + unmet.get("late", 0) + unmet.get("breached", 0)
    sums = {way: sum(told.get(way, {}).values()) for way in ("message", "person")}
    return Share(
        group.get("in", 0),
        group.get("waiting", 0),
        sums["message"],
        sums["person"],
        sum(unmet.values()),
        group.get("waived", 0),
        in_time / due if due else None,
    )

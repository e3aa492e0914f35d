"""The funnel as lines of text for a terminal.

Must not count: it lays out the document that it is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from infra.replay.event_funnel import share
from infra.replay.progress import duration

_COLUMN = 58
_MOST_SHOWN = 40
_NARROW = 30
_STATES = ("met_in_time", "met_late", "late", "breached", "open", "waived")


def printed(document: Mapping[str, Any], force_a_day: int) -> Iterator[str]:
    """The lines. `force_a_day` is the force's own figure of referrals, for comparison."""
    run, funnel = document["run"], document["funnel"]
    records = funnel["records"]
    yield ""
    yield from _section("Records", {name: records[name] for name in ("in", "recorded", "stale", "quarantined")})
    yield from _section("", {"occurrences": funnel["occurrences"], "victims": funnel["victims"]})
    for name, title in (
        ("routes", "Victims by route and rule (no-victim: occurrences without any)"),
        ("held", "Held: victims by rule, messages by reason"),
        ("messages", "Messages by audience, channel, template and state"),
        ("accepted", "Accepted by the providers"),
        ("referrals", "Referrals"),
        ("tasks", "Tasks by unit, purpose and state"),
    ):
        yield ""
        yield from _section(title, dict(_flat(funnel.get(name, {}))))
    yield ""
    yield from _owed(funnel.get("obligations", {}))
    yield from _told("Key events by type", funnel.get("events", {}))
    yield from _told("Key events by what the source calls them", funnel.get("outcomes", {}))
    yield from _section("Reminders", run.get("reminding", {}))
    yield ""
    yield from _figures(run, funnel, force_a_day)
    yield from _verdict(document["differences"])


def _figures(run: Mapping[str, Any], funnel: Mapping[str, Any], force_a_day: int) -> Iterator[str]:
    referred = funnel.get("referrals", {}).get("referred", 0)
    if run["complete"]:
        yield f"{referred / run['days']:.1f} referrals a day over {run['days']} days; the force's own figure of early 2022 is {force_a_day}"
    yield (
        f"{run['records_a_second']} records a second over {duration(run['feeding_seconds'])} of feeding; "
        f"{duration(run['sending_seconds'])} for what then fell due"
    )
    costs = run.get("costs") or {}
    for function, spent in sorted(costs.get("cpu_ms", {}).items()):
        calls = sum(costs.get("calls", {}).get(function, {}).values())
        yield f"{function}: {spent / run['fed']:.1f} ms of CPU a record, {spent / 1000:.0f} s in all; {calls:,} AWS calls"
    for process, most in sorted(costs.get("memory_mb", {}).items()):
        yield f"{process}: at most {most} MB"
    yield ""
    yield f"Leak check: {run['leaks']} leaks"


def _owed(obligations: Mapping[str, Any]) -> Iterator[str]:
    """What was owed by kind, of updates by agreed and proposed, and what became of it."""
    counts: dict[str, Counter[str]] = {}
    for kind, routes in obligations.items():
        for path, count in _flat(routes):
            *_, agreed, state = path.split(" · ")
            counts.setdefault(kind if agreed == "-" else f"{kind}, {agreed}", Counter())[state] += count
    if counts:
        yield f"  {'What was owed':<{_NARROW}}" + "".join(f"{name.replace('_', ' '):>13}" for name in ("opened", *_STATES))
    for name, states in sorted(counts.items()):
        yield f"  {name:<{_NARROW}}{states.total():>13,}" + "".join(f"{states[state]:>13,}" for state in _STATES)
    yield ""


def _told(title: str, groups: Mapping[str, Any]) -> Iterator[str]:
    """Events that came and wait; news of them by who told it, unmet or not owed any more; the part told in time of what fell due."""
    if not groups:
        return
    names = ("in", "waiting", "by message", "by person", "unmet", "waived", "in time")
    yield f"  {title:<{_COLUMN}}" + "".join(f"{name:>11}" for name in names)
    for name, group in sorted(groups.items()):
        found = share(group)
        counts = "".join(f"{count:>11,}" for count in found[:-1])
        yield f"  {name.replace('_', ' '):<{_COLUMN}}{counts}{'-' if found.in_time is None else f'{found.in_time:.1%}':>11}"
    yield ""


def _verdict(differences: Sequence[str]) -> Iterator[str]:
    yield f"Independent expectation: {f'{len(differences)} counts differ' if differences else 'equal to the last unit'}"
    yield from (f"  {line}" for line in differences[:_MOST_SHOWN])


def _section(title: str, counts: Mapping[str, int]) -> Iterator[str]:
    if title:
        yield title
    for name, count in counts.items():
        yield f"  {name:<{_COLUMN}} {count:>8,}"


def _flat(group: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, int]]:
    for name, value in group.items():
        here = f"{path} · {name}" if path else name
        if isinstance(value, Mapping):
            yield from _flat(value, here)
        else:
            yield here, value

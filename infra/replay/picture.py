"""The funnel as a picture (SVG): what came in, how it was routed, and what left, as bars.

Each group has a scale of its own, its longest bar being its greatest count: bars of two groups cannot be compared, and the picture says so.
Must not count: it draws the document that it is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

_WIDTH, _LEFT, _RIGHT = 1000, 330, 90
_ROW, _HEAD, _PAD = 24, 40, 24
_COLOURS = {"plain": "#1d4e89", "told": "#00703c", "person": "#8a4b00", "held": "#6f2f7f", "refused": "#b10e1e", "none": "#6b7177"}
"""Each at least 4.5 to 1 on white; what a bar means is written beside it, never told by its colour alone."""
_SCALES = "Each group has its own scale."
_OUTSIDE = ("victim", "service", "public")
_STATES = {
    **dict.fromkeys(("sent", "delivered", "sending", "pending"), "told"),
    **dict.fromkeys(("bounced", "complained", "failed"), "refused"),
    **dict.fromkeys(("unknown", "settled_by_person"), "person"),
    "held": "held",
    "cancelled": "none",
}
_ROUTES = {"victim_services": "told", "no_route": "none", "transferred": "person"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its count, and what kind of thing it counts."""

    label: str
    count: int
    kind: str = "plain"


def svg(funnel: Mapping[str, Any], title: str, verdict: str) -> str:
    """The picture of a funnel; `title` says what was replayed, `verdict` how fast and whether it is as it should be."""
    groups = [(name, bars) for name, bars in _groups(funnel) if bars]
    height = _PAD * 2 + 54 + sum(_HEAD + _ROW * len(bars) for _, bars in groups)
    drawn: list[str] = []
    top = _PAD + 54
    for name, bars in groups:
        drawn.append(f'<text class="h" x="{_PAD}" y="{top + 24}">{escape(name)}</text>')
        top += _HEAD
        most = max((bar.count for bar in bars), default=1)
        for bar in bars:
            drawn.append(_drawn(bar, top, most))
            top += _ROW
    summary = "; ".join(f"{name}: " + ", ".join(f"{bar.label} {bar.count}" for bar in bars) for name, bars in groups)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="title desc"'
            ' font-family="Liberation Sans, Arial, Helvetica, sans-serif" font-size="14">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="desc">{escape(f"{verdict}. {_SCALES} {summary}")}</desc>',
            "<style>.h { font-weight: bold } .l { text-anchor: end } text { fill: #111 }</style>",
            f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
            f'<text x="{_PAD}" y="{_PAD + 14}" font-size="18" font-weight="bold">{escape(title)}</text>',
            f'<text x="{_PAD}" y="{_PAD + 38}">{escape(f"{verdict}. {_SCALES}")}</text>',
            *drawn,
            "</svg>",
            "",
        ]
    )


def _drawn(bar: Bar, top: int, most: int) -> str:
    room = _WIDTH - _LEFT - _RIGHT
    width = max(1.5, room * bar.count / most) if bar.count else 0
    middle = top + _ROW / 2 + 5
    return (
        f'<text class="l" x="{_LEFT - 10}" y="{middle:g}">{escape(bar.label)}</text>'
        f'<rect x="{_LEFT}" y="{top + 3}" width="{width:.1f}" height="{_ROW - 6}" fill="{_COLOURS[bar.kind]}"/>'
        f'<text x="{_LEFT + width + 8:.1f}" y="{middle:g}">{bar.count:,}</text>'
    )


def _groups(funnel: Mapping[str, Any]) -> Iterable[tuple[str, list[Bar]]]:
    kinds = {"stale": "none", "quarantined": "refused"}
    yield "Records", [Bar(name, count, kinds.get(name, "plain")) for name, count in _ordered(funnel["records"])]
    routes = sorted(funnel.get("routes", {}).items(), key=lambda item: -sum(item[1].values()))
    bars = [
        Bar(f"{_words(route)}: {_words(rule)}", count, _ROUTES.get(route, "held"))
        for route, rules in routes
        for rule, count in sorted(rules.items(), key=lambda item: -item[1])
    ]
    yield "Victims by route and the rule that decided (occurrences where there is none)", bars
    yield "Held, by reason", _held(funnel.get("held", {}))
    yield "Messages by audience, template, channel and state", _messages(funnel.get("messages", {}))
    yield "Referrals", [Bar(_words(name), count, "told") for name, count in sorted(funnel.get("referrals", {}).items())]
    yield "Key events that came, by type", _events(funnel.get("events", {}))
    yield "News of key events, by what became of it", _news(funnel.get("events", {}))
    units = funnel.get("tasks", {})
    tasks = [
        Bar(f"{_words(unit)}: {_words(purpose)}", sum(states.values()), "person")
        for unit, purposes in units.items()
        for purpose, states in purposes.items()
    ]
    yield "Tasks to people", sorted(tasks, key=lambda bar: -bar.count)


def _events(events: Mapping[str, Mapping[str, Any]]) -> list[Bar]:
    bars = []
    for name, group in events.items():
        waiting = group.get("waiting", 0)
        bars.append(Bar(f"{_words(name)}{f' ({waiting:,} waiting)' if waiting else ''}", group.get("in", 0)))
    return sorted(bars, key=lambda bar: -bar.count)


def _news(events: Mapping[str, Mapping[str, Any]]) -> list[Bar]:
    """Over all types: told by whom and in time or late, unmet, not owed any more."""
    kinds = {"message": "told", "person": "person"}
    counts: Counter[tuple[str, str]] = Counter()
    for group in events.values():
        for way, times in group.get("told", {}).items():
            counts.update({(f"told by {way}, {_words(when)}", kinds[way]): count for when, count in times.items()})
        counts.update({(f"unmet, {state}", "held"): count for state, count in group.get("unmet", {}).items()})
        counts.update({("not owed any more", "none"): group.get("waived", 0)})
    return [Bar(label, count, kind) for (label, kind), count in sorted(counts.items(), key=lambda item: -item[1]) if count]


def _ordered(records: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(name, records[name]) for name in ("in", "recorded", "stale", "quarantined")]


def _held(held: Mapping[str, Mapping[str, int]]) -> list[Bar]:
    whose = {"specialist": "victim, specialist", "doubt": "victim, doubt", "messages": "message"}
    bars = [Bar(f"{whose[kind]}: {_words(reason)}", count, "held") for kind, reasons in held.items() for reason, count in reasons.items()]
    return sorted(bars, key=lambda bar: (bar.label.partition(":")[0], -bar.count))


def _messages(messages: Mapping[str, Any]) -> list[Bar]:
    bars = [
        (
            audience not in _OUTSIDE,
            Bar(f"{_words(audience)}: {_words(template)}, {_words(channel)}, {_words(state)}", count, _STATES[state]),
        )
        for audience, channels in messages.items()
        for channel, templates in channels.items()
        for template, states in templates.items()
        for state, count in states.items()
    ]
    return [bar for _, bar in sorted(bars, key=lambda item: (item[0], item[1].label.partition(":")[0], -item[1].count))]


def _words(text: str) -> str:
    return {"sms": "SMS", "email": "e-mail"}.get(text, text.replace("_", " ").replace("-", " "))

"""What the force owes at a moment, as a person would want to see it: late, due today, due soon, later, met lately, and counts by kind.

Must not change or decide anything, and must stay quick at ten thousand rows: all are counted as they lie, only what is shown is read whole.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.deadlines import end_of, local_day
from chalicelib.domain.reminders import Listed
from infra.local.case_words import message_title, reader
from infra.local.due import stamp
from infra.local.duty import Duty, entries, obligation
from infra.local.event_words import event_title
from infra.local.live_tables import Item, items, plain, text
from infra.local.owed_words import STANDINGS, UNMET, done_about, how_late, met_by, owed_title, standing, stands
from infra.local.plain_words import OWED, named

MOST_LISTED = 100
LATELY = timedelta(days=7)
Read = Callable[[str], list[Item]]


@dataclass(frozen=True, slots=True)
class OwedLine:
    """One thing owed. `officer` is the collar number to narrow by; `reminded` who hears of it now, `because` why they stand in; `done` what
    was done about it; `met_by` what met it."""

    reference: str
    victim: str
    what: str
    standing: str
    late: str
    since: str
    due: str
    rule: str
    officer: str
    reminded: str
    because: str
    done: tuple[str, ...]
    met_at: str
    met_by: str


@dataclass(frozen=True, slots=True)
class OwedGroup:
    """Obligations that are due alike, the most urgent first. `lines` are at most MOST_LISTED of `total`."""

    key: str
    total: int
    lines: tuple[OwedLine, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """What is not due soon: how many of one kind, and when the first of them is due."""

    kind: str
    total: int
    first_due: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """All of one kind, by standing."""

    kind: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class OwedNow:
    """Everything on the page."""

    groups: tuple[OwedGroup, ...]
    later: tuple[Later, ...]
    counts: tuple[KindCount, ...]
    total: int
    reminders_at: str
    lead_days: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """The instants between groups, as the tables write a time."""

    now: str
    today: str
    soon: str
    lately: str


def owed_now(now: datetime, duty: Duty, officer: str = "", kind: str = "", read: Read = items) -> OwedNow:
    """What is owed at `now`, of one officer and of one kind where they are given."""
    rows = [row for row in read("obligations") if not officer or text(row, "officer") == officer]
    today = local_day(now)
    bounds = Bounds(stamp(now), stamp(end_of(today)), stamp(end_of(today + timedelta(days=duty.reminders.lead_days))), stamp(now - LATELY))
    wanted = [row for row in rows if not kind or text(row, "kind") == kind]
    groups: dict[str, list[Item]] = {key: [] for key in ("late", "today", "soon", "met")}
    later: dict[str, list[str]] = {}
    for row in wanted:
        key = _group(row, bounds)
        if key == "later":
            later.setdefault(text(row, "kind") or "", []).append(text(row, "due_at") or "")
        elif key:
            groups[key].append(row)
    told = _Teller(now, duty, read)
    return OwedNow(
        groups=tuple(OwedGroup(key, len(found), tuple(told.lines(_first(key, found)))) for key, found in groups.items()),
        later=tuple(Later(name, len(found), min(found)) for name, found in sorted(later.items())),
        counts=counted(rows, bounds.now),
        total=len(wanted),
        reminders_at=f"{duty.reminders.at:%H:%M}",
        lead_days=duty.reminders.lead_days,
    )


def _standing(row: Item, now: str) -> str:
    found = (text(row, name) for name in ("state", "due_at", "met_at", "reason"))
    state, due_at, met_at, reason = found
    return standing(state or "", due_at or "", met_at, reason, now)


def _group(row: Item, bounds: Bounds) -> str:
    """Where it stands on the page; empty where it does not."""
    state, due_at = text(row, "state") or "", text(row, "due_at") or ""
    if state == "met":
        return "met" if (text(row, "met_at") or "") >= bounds.lately else ""
    if _standing(row, bounds.now) not in UNMET:
        return ""
    ends = (("late", bounds.now), ("today", bounds.today), ("soon", bounds.soon))
    return next((key for key, end in ends if (due_at < end if key == "late" else due_at <= end)), "later")


def _first(key: str, rows: list[Item]) -> list[Item]:
    """What is shown of a group: the longest overdue or the first due; of what was met, the newest."""
    if key == "met":
        return heapq.nlargest(MOST_LISTED, rows, key=lambda row: text(row, "met_at") or "")
    return heapq.nsmallest(MOST_LISTED, rows, key=lambda row: (text(row, "due_at") or "", text(row, "occurrence_ref") or ""))


def counted(rows: list[Item], now: str) -> tuple[KindCount, ...]:
    """Obligations by kind and by how they stand at `now` (as the tables write a time)."""
    found = Counter([(text(row, "kind") or "", _standing(row, now)) for row in rows])
    kinds = sorted({kind for kind, _ in found}, key=lambda kind: named(OWED, kind))
    return tuple(KindCount(kind, {standing: found[kind, standing] for standing in STANDINGS}) for kind in kinds)


_Key = tuple[str | None, str | None]


class _Teller:
    """Rows as lines: reads the directory once, and what met something only where that is shown."""

    def __init__(self, now: datetime, duty: Duty, read: Read) -> None:
        self._now = now
        self._duty = duty
        self._read = read
        self._listed: Listed = entries(read("officers"))

    def lines(self, rows: list[Item]) -> Iterator[OwedLine]:
        known = self._evidence({(text(row, "occurrence_ref"), text(row, "evidence")) for row in rows if text(row, "evidence")})
        for row in rows:
            evidence = text(row, "evidence") or ""
            yield self._line(plain(row), {evidence: known.get((text(row, "occurrence_ref"), evidence), "")})

    def _line(self, row: dict[str, Any], evidence: dict[str, str]) -> OwedLine:
        now, owed = stamp(self._now), obligation(row)
        who = self._duty.responsible(owed, self._now, self._listed) if owed.unmet else None
        met = stands(row, now) in ("met", "met late")
        return OwedLine(
            reference=owed.reference,
            victim=owed.victim_id or "",
            what=owed_title(row),
            standing=stands(row, now),
            late=how_late(row["due_at"], now) if owed.unmet else "",
            since=row["started_at"],
            due=row["due_at"],
            rule=owed.rule_id,
            officer=owed.officer or "",
            reminded=reader(who.unit, who.collar_number) if who else "",
            because=who.because or "" if who else "",
            done=tuple(done_about(row, self._duty.heard(owed))),
            met_at=row.get("met_at") or "",
            met_by=met_by(row, evidence) if met else "",
        )

    def _evidence(self, wanted: set[_Key]) -> dict[_Key, str]:
        """What met something, in words, by reference and id: two occurrences may have events of one id."""
        if not wanted:
            return {}
        sources = ((self._read("events"), "event_id", event_title), (self._read("notifications"), "notification_id", message_title))
        found = ((row, (text(row, "occurrence_ref"), text(row, key)), words) for rows, key, words in sources for row in rows)
        return {key: words(plain(row)) for row, key, words in found if key in wanted}

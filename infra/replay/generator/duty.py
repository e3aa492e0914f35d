"""How the officers of a run work over its days: each has a temper, some are away, a few leave; and what the directory says of it.

Must not contact anybody: `infra.replay.generator.contacts` does, as the temper wants it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from infra.replay.evenings import evening_after
from infra.replay.generator.officers import Officer
from infra.replay.generator.shares import chance, draw
from infra.replay.generator.times import LONDON

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Temper:
    """`away`: first and last day of the run on which an officer is not there; `cover` is who stands in. `leaves`: from that day on."""

    kind: str
    away: tuple[int, int] | None = None
    cover: str | None = None
    announced: int = 0
    leaves: int | None = None

    def there_on(self, day: int) -> bool:
        """Whether the officer works on that day of the run."""
        absent = self.away is not None and self.away[0] <= day <= self.away[1]
        return not absent and (self.leaves is None or day < self.leaves)


class Roster:
    """Everybody's temper by collar number, the same for the same seed. `days` is how long the run is."""

    def __init__(self, seed: int, now: datetime, days: int, everybody: list[Officer]) -> None:
        self.now = now
        self.days = days
        self.today = now.astimezone(LONDON).date()
        rng = Random(f"{seed} tempers")
        teams: dict[str, list[str]] = {}
        for officer in everybody:
            teams.setdefault(officer.team, []).append(officer.collar)
        self._tempers = {officer.collar: _temper(rng, officer, teams[officer.team], days) for officer in everybody}

    def temper(self, collar: str | None) -> Temper:
        """Of an officer; of nobody, a careless one."""
        return self._tempers.get(collar or "", Temper("careless"))

    def day_of(self, day: date) -> int:
        """The day of the run."""
        return (day - self.today).days

    def date_of(self, day: int) -> date:
        return self.today + timedelta(days=day)

    def directory(self, entries: Mapping[str, Record]) -> Iterator[tuple[int, Record]]:
        """New versions of directory entries, by the day on which they come."""
        for collar, entry in entries.items():
            temper = self._tempers[collar]
            if temper.away is not None:
                first, last = (self.date_of(day).isoformat() for day in temper.away)
                yield temper.announced, _next(entry, 1, absent_from=first, absent_until=last, cover=temper.cover)
            if temper.leaves is not None:
                yield temper.leaves, _next(entry, 2, active=False)

    def sent(self, day: int, minutes: int) -> datetime:
        """So many minutes before that day's feeding."""
        return evening_after(self.now, day) - timedelta(minutes=minutes)


def _next(entry: Record, more: int, **changes: Any) -> Record:
    return entry | {"version": entry["version"] + more} | changes


def _temper(rng: Random, officer: Officer, team: list[str], days: int) -> Temper:
    kind = draw(rng, "temper") if officer.supervisor is not None else "prompt"
    begins, lasts, before = (int(draw(rng, name)) for name in ("absence.begins", "absence.days", "absence.announced"))
    covered, other, leaves = chance(rng, "absence.cover"), rng.choice(team), chance(rng, "temper.leaves")
    if leaves and officer.supervisor is not None:
        return Temper(kind, leaves=rng.randrange(1, max(2, days)))
    if kind != "absent":
        return Temper(kind)
    cover = other if covered and other != officer.collar else None
    announced = min(max(1, begins - before), days - 1)
    return Temper(kind, (begins, begins + lasts), cover, announced)

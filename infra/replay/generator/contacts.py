"""What the officer in the case does for one victim over the days: contacts and tries, as the officer's temper wants it.

The generator's own idea of when an update is due, good enough to be before it or after it. Must not write a message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from infra.replay.generator.duty import Roster, Temper
from infra.replay.generator.shares import chance, draw, maybe

Record = dict[str, Any]
_PROPOSED_DAYS = 10
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Done:
    """Something that happened on a day of the run: kind, where its content stands, and the content without reference and id."""

    day: int
    kind: str
    place: str
    content: Record


@dataclass(slots=True)
class Files:
    """What the officer knows of one victim: the agreed days, the next day of an update, and what was already covered."""

    victim: Record
    days: int | None
    due: int | None
    covered: set[str] = field(default_factory=set)
    closed_on: int | None = None


def files_of(victim: Record, roster: Roster, closed_on: int | None) -> Files:
    """As the record's newest version has them."""
    agreed = victim["update_agreement"]
    files = Files(victim, _PROPOSED_DAYS, _PROPOSED_DAYS, closed_on=closed_on)
    if agreed is not None:
        files.days = agreed["every_days"]
        on = agreed["next_update_on"]
        files.due = None if agreed["declined"] else roster.day_of(date.fromisoformat(on)) if on else files.days
    if (victim["written_acknowledgement"] or {}).get("given_at"):
        files.covered.add("written_acknowledgement")
    if (victim["enhanced"] or {}).get("eligible") is not None or victim["kind"] == "business":
        files.covered.add("needs_assessment")
    if victim["referral_opt_out"] is True:
        files.covered.add("referral")
    return files


class Officers:
    """Whoever has the case, day by day. `who` names the collar number of a day."""

    def __init__(self, rng: Random, roster: Roster, who: Callable[[int], str | None]) -> None:
        self._rng = rng
        self._roster = roster
        self._who = who

    def works(self, files: Files, change: Done | None) -> Iterator[Done]:
        """Everything done for this victim, in the order of its days; `change` are new terms of the victim's."""
        day, last = 1, self._roster.days - 1
        if self.temper(day).kind == "prompt" and "needs_assessment" not in files.covered and chance(self._rng, "contact.first_at_once"):
            yield self._first(files, self._rng.randrange(1, 3))
        while True:
            planned = self._planned(files, day)
            if change is not None and (planned is None or change.day <= planned):
                yield change
                self._take(files, change)
                day, change = max(day, change.day + 1), None
                continue
            if planned is None or planned > last:
                return
            yield from self._one(files, planned)
            day = planned + 1

    def temper(self, day: int) -> Temper:
        return self._roster.temper(self._who(day))

    def _take(self, files: Files, change: Done) -> None:
        said = change.content
        files.days = said["every_days"]
        on = said["next_update_on"]
        after = change.day + files.days if files.days else None
        files.due = None if said["declined"] else self._roster.day_of(on) if on else after

    def _planned(self, files: Files, day: int) -> int | None:
        """The next day of the run on which somebody does something for this victim."""
        if files.due is None or self._leaves_it(files, day):
            return None
        temper = self.temper(max(day, files.due))
        if temper.kind == "careless":
            return None
        if temper.kind == "late":
            planned = max(day, files.due + int(draw(self._rng, "contact.days_after")))
        elif temper.kind == "leaves_messages":
            planned = max(day, files.due)
        else:
            planned = max(day, files.due - int(draw(self._rng, "contact.days_before")))
        return self.when_there(self.working(planned))

    def _leaves_it(self, files: Files, day: int) -> bool:
        gone = files.closed_on is not None and max(day, files.due or 0) >= files.closed_on
        return gone and not chance(self._rng, "contact.after_closing")

    def when_there(self, day: int) -> int:
        """The day itself, or, of somebody who is away without a cover who cares, the first working day after."""
        temper = self.temper(day)
        if temper.there_on(day) or (temper.cover and chance(self._rng, "absence.cover_contacts")):
            return day
        if temper.away is not None and day <= temper.away[1]:
            return self.working(temper.away[1] + 1)
        return self._roster.days

    def working(self, day: int) -> int:
        while self._roster.date_of(day).weekday() >= _SATURDAY:
            day += 1
        return day

    def _one(self, files: Files, day: int) -> Iterator[Done]:
        """A contact, or only a try, after which somebody tries again two days later."""
        temper = self.temper(day)
        if temper.kind == "leaves_messages" and not chance(self._rng, "try.reaches"):
            yield self._try(day)
            files.due = max(files.due or day, day) + 2
            return
        if day > 1 and chance(self._rng, "try.before_contact"):
            yield self._try(day - 1)
        yield self._contact(files, day)

    def _first(self, files: Files, day: int) -> Done:
        """Needs and what else is owed early, no update."""
        covers = ["needs_assessment", *self._besides(files)]
        files.covered.update(covers)
        return self._told(day, draw(self._rng, "contact.result"), covers, None)

    def _contact(self, files: Files, day: int) -> Done:
        more = self._besides(files)
        if "needs_assessment" not in files.covered and chance(self._rng, "contact.assesses"):
            more.append("needs_assessment")
        files.covered.update(("first", *more))
        next_on = self._next_on(files, day) if files.days and chance(self._rng, "contact.next_named") else None
        files.due = self._roster.day_of(next_on) if next_on else day + files.days if files.days else None
        alone = not more and chance(self._rng, "contact.covers_not_said")
        return self._told(day, draw(self._rng, "contact.result"), None if alone else ["update", *more], next_on)

    def _besides(self, files: Files) -> list[str]:
        """What a first contact is also about."""
        if "first" in files.covered:
            return []
        files.covered.add("first")
        drawn = (("written_acknowledgement", "contact.acknowledges"), ("referral", "contact.refers"))
        return [what for what, share in drawn if what not in files.covered and chance(self._rng, share)]

    def _next_on(self, files: Files, day: int) -> date:
        return self._roster.date_of(day) + timedelta(days=max(0, (files.days or 1) + self._rng.randrange(-2, 4)))

    def _try(self, day: int) -> Done:
        return self._told(day, draw(self._rng, "try.result"), ["update"], None)

    def _told(self, day: int, result: str, covers: list[str] | None, next_on: date | None) -> Done:
        content = {
            "method": maybe(self._rng, "contact.method"),
            "result": None if result == "null" else result,
            "by": self.by(day),
            "covers": covers,
            "covers_event_ids": None,
            "next_update_on": next_on,
        }
        return Done(day, "contact_recorded", "contact", content)

    def by(self, day: int) -> str | None:
        temper = self.temper(day)
        return self._who(day) if temper.there_on(day) else temper.cover

"""Who tells a victim of key events in person, and when: officers as their temper wants it, Witness Care of what comes from a court.

The generator's own idea of what needs a person and by when, good enough to be in time or late. Must not write a message.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from infra.replay.generator.contacts import Done, Officers
from infra.replay.generator.duty import Roster
from infra.replay.generator.key_events import BAD_NEWS, COURT, KeyEvent
from infra.replay.generator.reasons import HARMLESS
from infra.replay.generator.shares import chance, draw, maybe

Record = dict[str, Any]
_DAYS, _DAYS_ENHANCED = 5, 1
_WITNESS_CARE = "7002"
_MOST_TRIES = 3


class Telling:
    """Contacts about key events with the victims of one occurrence. `officers` are whoever has the case."""

    def __init__(self, rng: Random, roster: Roster, officers: Officers, occurrence: Record) -> None:
        self._rng = rng
        self._roster = roster
        self._officers = officers
        self._occurrence = occurrence

    def tells(self, victim: Record, events: Sequence[KeyEvent]) -> Iterator[Done]:
        """Everything that somebody does to tell this victim; what is told on one day is one contact."""
        told: dict[tuple[int, bool, bool], list[str]] = defaultdict(list)
        for event in events:
            if event.names(victim["id"]) and event.day:
                for day, reached in self._plan(victim, event):
                    told[day, reached, event.kind in COURT].append(event.id)
        for (day, reached, of_court), ids in sorted(told.items()):
            yield self._contact(day, ids, reached=reached, of_court=of_court)

    def _plan(self, victim: Record, event: KeyEvent) -> Iterator[tuple[int, bool]]:
        """Days of tries, and of the contact that reaches; nobody tells what was corrected meanwhile."""
        for day, reached in self._at_court(event) if event.kind in COURT else self._by_officer(victim, event):
            if day < self._roster.days and (event.corrected_on is None or day < event.corrected_on):
                yield day, reached

    def _at_court(self, event: KeyEvent) -> Iterator[tuple[int, bool]]:
        after = draw(self._rng, "tell.court_days")
        if after != "never":
            yield self._officers.working(event.told_on + int(after)), True

    def _by_officer(self, victim: Record, event: KeyEvent) -> Iterator[tuple[int, bool]]:
        if not chance(self._rng, "tell.needed" if self._needs_somebody(victim, event) else "tell.anyway"):
            return
        temper = self._officers.temper(event.day)
        if temper.kind == "careless":
            return
        if temper.kind == "leaves_messages":
            yield from self._tries(self._due(victim, event))
        elif temper.kind == "late":
            after = int(draw(self._rng, "contact.days_after"))
            yield self._officers.when_there(self._officers.working(self._due(victim, event) + after)), True
        else:
            after = int(draw(self._rng, "tell.days_after"))
            yield self._officers.when_there(self._officers.working(event.day + after)), True

    def _tries(self, day: int) -> Iterator[tuple[int, bool]]:
        for _ in range(_MOST_TRIES):
            day = self._officers.when_there(self._officers.working(day))
            reached = chance(self._rng, "try.reaches")
            yield day, reached
            if reached:
                return
            day += 2

    def _needs_somebody(self, victim: Record, event: KeyEvent) -> bool:
        flags = self._occurrence["flags"]
        signs = flags["domestic_abuse"] is not False or flags["stalking_harassment"] or flags["safeguarding"]
        enhanced = self._enhanced(victim) and event.kind in BAD_NEWS
        return bool(signs or enhanced or event.content["reason"] not in HARMLESS or victim["preferred_channel"] == "phone")

    def _enhanced(self, victim: Record) -> bool:
        return bool((victim["enhanced"] or {}).get("eligible")) or self._occurrence["flags"]["hate_crime"] is True

    def _due(self, victim: Record, event: KeyEvent) -> int:
        """The last day on which it would be told in time."""
        day = event.day
        for _ in range(_DAYS_ENHANCED if self._enhanced(victim) or self._occurrence["flags"]["domestic_abuse"] else _DAYS):
            day = self._officers.working(day + 1)
        return day

    def _contact(self, day: int, ids: list[str], *, reached: bool, of_court: bool) -> Done:
        result = draw(self._rng, "contact.result" if reached else "try.result")
        covers = maybe(self._rng, "tell.covers")
        content = {
            "method": maybe(self._rng, "contact.method"),
            "result": None if result == "null" else result,
            "by": _WITNESS_CARE if of_court else self._officers.by(day),
            "covers": [covers] if covers else None,
            "covers_event_ids": ids,
            "next_update_on": None,
        }
        return Done(day, "contact_recorded", "contact", content)

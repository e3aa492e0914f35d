"""The weeks after a record came, of one occurrence: what officers, units, victims, courts and the post do, told as records are told.

Late, twice and out of order like everything else. Must not know what is owed, or whether anything of it is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from infra.replay.generator.contacts import Done, Officers, files_of
from infra.replay.generator.deliveries import SECOND_LOOK, Delivery, Story
from infra.replay.generator.duty import Roster
from infra.replay.generator.key_events import Investigation, KeyEvent, reviews
from infra.replay.generator.officers import Force
from infra.replay.generator.outcomes import Outcome
from infra.replay.generator.shares import chance, draw, maybe
from infra.replay.generator.telling import Telling
from infra.replay.generator.times import LONDON

Record = dict[str, Any]
TASK = "@task"
"""Stands in a body for the id of a task, which only the running system knows."""
_MOMENT = {"contact_recorded": "contacted_at", "investigation_event": "happened_at"}
_SIGNS = ("domestic_abuse", "stalking_harassment", "safeguarding")
_MISBEHAVES = re.compile(r"(?:bounce|suppressionlist|complaint)\.|.*90095[0-5]$", re.DOTALL)
_AFTER_THE_NOTICE = 4
"""The first day on which news of somebody whose mailbox misbehaves comes: the notice has left by then, and what came of it is known."""


class CaseDays:
    """One occurrence over the days of a run. Everything is drawn from the seed and its own key."""

    def __init__(self, story: Story, seed: int, roster: Roster, force: Force, outcomes: Sequence[Outcome] = ()) -> None:
        self._story = story
        self._outcomes = outcomes
        self._events = Random(f"{seed} events {story.crime.unit.key}")
        self._roster = roster
        self._force = force
        self._rng = Random(f"{seed} days {story.crime.unit.key}")
        self._number = 0
        named = story.newest["officer"]
        self._officers: list[tuple[int, str | None]] = [(0, named["collar_number"] if named else None)]
        self._closed_on: int | None = None

    def tell(self) -> None:
        """Put everything that happens into the story."""
        victims = self._story.newest["victims"]
        if self._story.good:
            self._versions()
        events = self._key_events(victims)
        for event in events:
            self._told(Done(event.told_on, "investigation_event", "event", event.written()), outcome=event.outcome)
        for victim in victims:
            for done in self._of_a_victim(victim):
                self._told(done, victim)
            for done in self._about_events(victim, events):
                self._told(done, victim)

    def _day(self) -> int:
        """A day after the second look."""
        return self._rng.randrange(SECOND_LOOK + 1, max(SECOND_LOOK + 2, self._roster.days))

    def _versions(self) -> None:
        """Later versions: closed, opened again, another officer, a sign taken back, each on a day of its own."""
        planned: dict[int, str] = {}
        status, closes, again = self._story.newest["status"], self._day(), self._day()
        if status == "open" and chance(self._rng, "case.closes"):
            planned[closes], self._closed_on = "closed", closes
        elif status == "closed" and self._rng.random() < 1 / 3:
            closes = 0
        else:
            again = 0
        if again > closes and chance(self._rng, "case.reopens"):
            planned[again], self._closed_on = "reopened", None
        if chance(self._rng, "case.officer_changes"):
            planned.setdefault(self._day(), "officer")
        for day, what in sorted(planned.items()):
            if day < self._roster.days:
                self._version(day, what)
        self._release()

    def _version(self, day: int, what: str) -> None:
        following = self._story.following()
        if what == "officer":
            district = (following["location"] or {}).get("district")
            officer = self._force.somebody(self._rng, district if district in self._force.by_district else "Derby")
            following["officer"] = officer.named()
            self._officers.append((day, officer.collar))
        elif what == "cleared":
            following["flags"] |= dict.fromkeys(_SIGNS, False)
            following |= {"markers": [], "dash_risk": None, "restricted": False}
            for victim in following["victims"]:
                victim["relationship_to_suspect"] = "stranger"
        else:
            following["status"] = "open" if what == "reopened" else what
        self._story.send(day, following)

    def _release(self) -> None:
        """A named person lifts a hold, mostly after the record took back what it said."""
        newest = self._story.newest
        signs = any(newest["flags"][name] for name in _SIGNS) or newest["dash_risk"]
        if not signs or not newest["victims"] or not chance(self._rng, "hold.released"):
            return
        if any(map(_misbehaves, newest["victims"])):  # the notice would leave on any day, and news wait for what comes of it
            return
        day = self._roster.days - 1 - self._rng.randrange(4)
        if day <= self._latest_version():
            return
        if chance(self._rng, "hold.corrected_first"):
            self._version(day - 1, "cleared")
        for victim in newest["victims"]:
            content = {"by": "7001", "reason": "Fictional account for a replay: flag set in error."}
            self._told(Done(day, "hold_released", "release", content), victim)

    def _latest_version(self) -> int:
        """A version of a later day must not come before one of an earlier day."""
        return max((each.day for each in self._story.found if each.task_of is None), default=0) + 1

    def _key_events(self, victims: list[Record]) -> list[KeyEvent]:
        """What the source says became of the crime, else what the shares say; a hearing is listed whatever else happens."""
        rng, newest = self._events, self._story.newest
        misbehaving = any(_misbehaves(victim) for victim in victims)
        found = Investigation(rng, self._roster, [victim["id"] for victim in victims], first=_AFTER_THE_NOTICE if misbehaving else 1)
        if self._outcomes:
            found.outcomes(self._outcomes)
        elif self._story.crime.unit.has_id and newest["status"] == "open" and chance(rng, "event.otherwise"):
            found.otherwise()
        if found.events and not misbehaving and chance(rng, "event.before_record"):
            found.before_record()
        if chance(rng, "case.hearing"):
            found.hearing()
        return found.events

    def _about_events(self, victim: Record, events: Sequence[KeyEvent]) -> Iterator[Done]:
        """Who tells this victim of them, who does a task about them, and the victim's requests for a review."""
        rng = self._events
        officers = Officers(rng, self._roster, self._officer_on)
        yield from Telling(rng, self._roster, officers, self._story.newest).tells(victim, events)
        for event in events:
            if event.names(victim["id"]) and chance(rng, "event.task_done"):
                yield Done(event.told_on + rng.randrange(1, 5), "task_done", "done", {"task": TASK, "by": "7001", "step": "done"})
        for day, step in reviews(rng, self._roster, events, victim["id"]):
            yield Done(day, "review", "review", {"step": step})

    def _of_a_victim(self, victim: Record) -> Iterator[Done]:
        yield from self._tasks()
        if self._by_letter(victim) and chance(self._rng, "letter.back"):
            yield Done(self._rng.randrange(4, max(5, self._roster.days)), "letter_returned", "letter", {})
        if chance(self._rng, "told.before_record"):
            yield Done(
                0, "contact_recorded", "contact", {"method": "phone", "result": "spoken", "by": None, "covers": ["update", "referral"]}
            )
        works = Officers(self._rng, self._roster, self._officer_on)
        yield from works.works(files_of(victim, self._roster, self._closed_on), self._new_terms())

    def _by_letter(self, victim: Record) -> bool:
        alone = not self._story.crime.linked
        return alone and (victim["preferred_channel"] == "letter" or victim["email"] is None)

    def _officer_on(self, day: int) -> str | None:
        return [collar for since, collar in self._officers if since <= day][-1]

    def _new_terms(self) -> Done | None:
        if not chance(self._rng, "terms.changed"):
            return None
        day = self._rng.randrange(1, self._roster.days)
        days = maybe(self._rng, "terms.days")
        content: Record = {"by": "victim", "every_days": int(days) if days else None, "method": self._rng.choice(("email", "sms", "phone"))}
        named = chance(self._rng, "terms.day_named")
        content["next_update_on"] = self._roster.date_of(day + self._rng.randrange(0, 15)) if named else None
        content["declined"] = chance(self._rng, "terms.declined")
        return Done(day, "agreement_changed", "change", content)

    def _tasks(self) -> Iterator[Done]:
        """Whoever has a task of this victim does it, or does not; which tasks there are is not known here."""
        when = draw(self._rng, "unit.does")
        if when == "never":
            return
        for _ in range(1 + chance(self._rng, "unit.again")):
            day = self._rng.randrange(1, 3) if when == "soon" else self._rng.randrange(3, max(4, self._roster.days))
            if chance(self._rng, "unit.picks_up"):
                yield Done(day, "task_done", "done", {"task": TASK, "by": "7001", "step": "picked_up"})
                day += 1
            yield Done(day, "task_done", "done", {"task": TASK, "by": "7001", "step": "done"})

    def _told(self, done: Done, victim: Record | None = None, *, outcome: str | None = None) -> None:
        """One event as it is delivered, in its time or late, a few twice."""
        late = int(draw(self._rng, "told.late_days")) if done.day and chance(self._rng, "told.late") else 0
        day = done.day + late
        if day >= self._roster.days and outcome is not None:  # every outcome of the source comes
            day = self._roster.days - 1
        if day >= self._roster.days:
            return
        self._number += 1
        story = self._story
        name = f"{story.crime.reference}|{done.place}|{self._number}"
        whose = {"victim_id": victim["id"]} if victim and done.kind not in {"task_done", "investigation_event"} else {}
        moment = _MOMENT.get(done.kind, "at")
        at = self._moment(done.day)
        at = max(at, done.content.get(moment, at))
        content = {
            "reference": story.crime.reference,
            "event_id": f"{done.place[0].upper()}-{self._number}",
            **whose,
            moment: at,
            **done.content,
        }
        soon = at + timedelta(minutes=self._rng.randrange(1, 60))
        sent = self._roster.sent(day, self._rng.randrange(1, 60)) if late else min(soon, self._roster.sent(day, 1))
        body = story.writer.body(story.writer.event(done.kind, done.place, content, sent, name))
        task_of = {"reference": story.crime.reference, "victim_id": victim["id"]} if victim and done.kind == "task_done" else None
        delivery = Delivery(day, body, story.touches, task_of=task_of, first=day == 0, outcome=outcome)
        story.put_event(delivery)
        if task_of is None and day and chance(self._rng, "told.twice"):
            story.put_event(replace(delivery, day=min(day + self._rng.randrange(3), self._roster.days - 1)))

    def _moment(self, day: int) -> datetime:
        """Office hours of that day; on the first evening just before the record was sent."""
        if not day:
            return self._roster.now - timedelta(minutes=self._rng.randrange(5, 15))
        local = datetime.combine(self._roster.date_of(day), time(9), LONDON) + timedelta(seconds=self._rng.randrange(9 * 3600))
        return local.astimezone(self._roster.now.tzinfo)


def _misbehaves(victim: Record) -> bool:
    """Whether a mailbox or number of this victim, or of whoever receives for them, behaves in a way of its own."""
    holders = (victim, victim["representative"] or {})
    points = (str(holder.get(name) or "").replace(" ", "") for holder in holders for name in ("email", "mobile"))
    return any(_MISBEHAVES.match(point) for point in points)

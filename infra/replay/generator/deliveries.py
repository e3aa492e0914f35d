"""What a records system delivers of one occurrence: versions, duplicates, late news and broken bodies, in the evening and two days later.

Must not order anything between occurrences: `infra.replay.generator.touches` does, by what a delivery touches.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from infra.replay.evenings import evening_after
from infra.replay.generator.changes import CHANGES
from infra.replay.generator.crimes import Crime
from infra.replay.generator.malformed import broken
from infra.replay.generator.messages import Writer
from infra.replay.generator.shares import chance, draw
from infra.replay.generator.touches import touched

Record = dict[str, Any]

EVENING, SECOND_LOOK = 0, 2
"""Days after the evening of the run."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on the queue. `touches`: what no other message of its wave may touch; `again`: the very body before it, at once."""

    day: int
    body: str
    touches: frozenset[str]
    again: bool = False
    task_of: Record | None = None
    """Of whose task the body speaks, which can be named only when its turn has come: reference and victim."""
    first: bool = False
    """Before any record of the day."""
    outcome: str | None = None
    """What the source calls what became of the crime, where the body tells of that."""


@dataclass(slots=True)
class Story:
    """The deliveries of one occurrence, as they come about. `newest` is the version that the producer holds."""

    crime: Crime
    newest: Record
    now: datetime
    writer: Writer
    found: list[Delivery] = field(default_factory=list)
    good: list[Record] = field(default_factory=list)
    number: int = 0
    touches: frozenset[str] = frozenset()
    """Everything that any delivery so far touched: a victim who was removed is still part of the occurrence."""

    @property
    def rng(self) -> Random:
        return self.crime.rng

    def send(self, day: int, occurrence: Record) -> None:
        """A good version; some are delivered twice, or come again in another envelope."""
        body = self.writer.body(self._message(day, occurrence))
        self.good.append(occurrence)
        self._put(day, body, occurrence)
        if chance(self.rng, "delivery.twice"):
            self._put(day, body, occurrence, again=chance(self.rng, "delivery.twice_at_once"))
        elif chance(self.rng, "delivery.resent"):
            self._put(day, self.writer.body(self._message(day, occurrence)), occurrence)

    def send_conflicting(self, day: int) -> None:
        """The newest version again with other content: it is refused whatever it says."""
        other = self.newest | {"summary": "Fictional account for a replay: another text under the same version."}
        self._put(day, self.writer.body(self._message(day, other)), other)

    def send_broken(self, day: int, occurrence: Record) -> None:
        """A malformed body of this version."""
        body = broken(self.rng, self._message(day, occurrence))
        self._put(day, body, occurrence)
        if chance(self.rng, "malformed.twice"):
            self._put(day, body, occurrence)

    def next_version(self, manner: str) -> Record:
        """A higher version in which this has changed; it becomes the newest."""
        following = self.following()
        CHANGES[manner](self.rng, following)
        return following

    def following(self) -> Record:
        """A higher version that says the same, for the caller to change; it becomes the newest."""
        self.newest = copy.deepcopy(self.newest)
        self.newest["version"] += 1
        return self.newest

    def put_event(self, delivery: Delivery) -> None:
        """Something that happened, told beside the versions."""
        self.found.append(delivery)

    def _message(self, day: int, occurrence: Record) -> Record:
        self.number += 1
        soon = self.crime.when.sent + timedelta(minutes=self.number)
        sent = min(soon, self.now - timedelta(seconds=5))
        if day == SECOND_LOOK:
            sent = self.now + timedelta(minutes=self.rng.randrange(60, 47 * 60))
        elif day != EVENING:
            sent = evening_after(self.now, day) - timedelta(minutes=self.rng.randrange(2, 600))
        return self.writer.message(occurrence, sent, self.number)

    def _put(self, day: int, body: str, occurrence: Record, *, again: bool = False) -> None:
        self.touches |= touched(occurrence)
        self.found.append(Delivery(day, body, self.touches, again))


def told_of(crime: Crime, first: Record, now: datetime) -> Story:
    """Every version that is delivered of this occurrence; `first` is its first version."""
    story = Story(crime, first, now, Writer.drawn(crime.rng))
    if _EVENING.get(draw(crime.rng, "delivery.evening"), _once)(story):
        _second_look(story)
    return story


def _once(story: Story) -> bool:
    story.send(EVENING, story.newest)
    return True


def _changed(manner: str) -> Callable[[Story], bool]:
    def tell(story: Story) -> bool:
        story.send(EVENING, story.newest)
        story.send(EVENING, story.next_version(manner))
        return True

    return tell


def _out_of_order(story: Story) -> bool:
    first = story.newest
    story.send(EVENING, story.next_version("updated"))
    story.send(EVENING, first)
    return True


def _late_flag_out_of_order(story: Story) -> bool:
    """The older version says domestic abuse, the newer does not, and comes first."""
    first = copy.deepcopy(story.newest)
    CHANGES["late_flag"](story.rng, first)
    story.send(EVENING, story.next_version("updated"))
    story.send(EVENING, first)
    return True


def _conflict(story: Story) -> bool:
    story.send(EVENING, story.newest)
    story.send_conflicting(EVENING)
    return True


def _malformed(story: Story) -> bool:
    """True where the occurrence goes on in the second look."""
    course = draw(story.rng, "malformed.course")
    if course in ("after_good", "between_good"):
        story.send(EVENING, story.newest)
        story.send_broken(EVENING, story.next_version("updated"))
        if course == "between_good":
            story.send(EVENING, story.next_version("updated"))
        return course == "between_good"
    story.send_broken(EVENING, story.newest)
    if course == "then_good":
        story.send(EVENING, story.newest)
    elif course == "good_in_second_look":
        story.send(SECOND_LOOK, story.next_version("updated"))
    return course == "then_good"


_EVENING: dict[str, Callable[[Story], bool]] = {
    "updated": _changed("updated"),
    "late_flag": _changed("late_flag"),
    "removed": _changed("removed"),
    "opted_out": _changed("opted_out"),
    "out_of_order": _out_of_order,
    "late_flag_out_of_order": _late_flag_out_of_order,
    "conflict": _conflict,
    "malformed": _malformed,
}


def _second_look(story: Story) -> None:
    manner = draw(story.rng, "delivery.second_look")
    if manner == "malformed":
        story.send_broken(SECOND_LOOK, story.next_version("updated"))
    elif manner == "twice":
        story.send(SECOND_LOOK, story.newest)
    elif manner == "stale":
        story.send(SECOND_LOOK, _older(story))
    elif manner:
        story.send(SECOND_LOOK, story.next_version(manner))


def _older(story: Story) -> Record:
    """An older version again; one below the newest where none was delivered, the newest itself where there can be none."""
    newest = story.newest
    below = [each for each in story.good if each["version"] < newest["version"]]
    return below[-1] if below else newest | {"version": max(1, newest["version"] - 1)}

"""What happens in the investigation of one occurrence over the days of a run: key events as outcomes and shares would have them.

Must not know what is owed to whom, nor who is told how.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from infra.replay.generator.duty import Roster
from infra.replay.generator.outcomes import MAPPING, Outcome
from infra.replay.generator.reasons import reason
from infra.replay.generator.shares import answer, chance, draw, maybe
from infra.replay.generator.times import LONDON

Record = dict[str, Any]
COURT = frozenset({"hearing_listed", "required_to_give_evidence", "warrant_issued", "court_outcome", "appeal"})
DECISIONS = frozenset({"not_prosecuted", "charges_dropped"})
BAD_NEWS = DECISIONS | {"not_investigated", "out_of_court_disposal", "no_suspect_identified"}
_LISTED = frozenset({"hearing_listed", "required_to_give_evidence"})
_SATURDAY = 5
_INSTEAD = ("interviewed_under_caution", "released_under_investigation", "released_no_charge", "charged")
"""What a corrected record may say instead."""


@dataclass(slots=True)
class KeyEvent:
    """One key event on a day of the run. `told_on` is the day on which the record tells of it; `outcome`: what the source calls it."""

    id: str
    day: int
    at: datetime
    kind: str
    content: Record = field(default_factory=dict)
    told_on: int = 0
    outcome: str | None = None
    corrected_on: int | None = None
    """The day on which another took its place."""

    def names(self, victim_id: str) -> bool:
        whose = self.content.get("victim_ids")
        return whose is None or victim_id in whose

    @property
    def withdrawn(self) -> bool:
        return self.content.get("withdrawn") is True

    def written(self) -> Record:
        return {"event_id": self.id, "type": self.kind, "happened_at": self.at, **self.content}


class Investigation:
    """The key events of one occurrence; everything is drawn from `rng`. `first`: none is told before that day."""

    def __init__(self, rng: Random, roster: Roster, victims: Sequence[str], *, first: int = 1) -> None:
        self._rng = rng
        self._roster = roster
        self._victims = victims
        self._first = max(1, min(first, roster.days - 1))
        self.events: list[KeyEvent] = []

    def outcomes(self, found: Sequence[Outcome], *, alone: bool = False) -> None:
        """What the source says of this crime, each with what came before and after. `alone`: the outcomes by themselves."""
        for outcome in found:
            mapped = MAPPING[outcome.outcome]
            before = "" if alone else draw(self._rng, mapped.before)
            after = "" if alone else draw(self._rng, mapped.after)
            self._chain(before.split(), mapped.type, after.split(), outcome.outcome)
        self._corrections()

    def otherwise(self) -> None:
        """Something that no outcome tells of."""
        self._chain([], draw(self._rng, "event.type"), [], None)
        self._corrections()

    def hearing(self) -> None:
        """A hearing is listed, whatever became of the crime."""
        self._chain([], "hearing_listed", [], None)

    def before_record(self) -> None:
        """An arrest that is told before the record itself is."""
        at = self._roster.now - timedelta(minutes=self._rng.randrange(5, 15))
        event = self._add(0, "arrested", at=at)
        event.told_on = 0

    def _chain(self, before: list[str], kind: str, after: list[str], outcome: str | None) -> None:
        """The event itself on any day, those before it on earlier days, those after it later, while the run lasts."""
        day = self._working(self._rng.randrange(self._first, self._roster.days))
        days = [day]
        for _ in before:
            days.insert(0, max(self._first, days[0] - int(draw(self._rng, "chain.days"))))
        moments = self._moments(days)
        interviewed = "interviewed_under_caution" in before
        for one, at, name in zip(days, moments, [*before, kind], strict=True):
            event = self._add(one, name, at=at, interviewed=interviewed)
            event.outcome = outcome if name == kind else None
        for name in after:
            day = self._working(day + 1 + int(draw(self._rng, "chain.days")))
            if day >= self._roster.days:
                return
            self._add(day, name, at=self._moments([day])[0])

    def _add(self, day: int, kind: str, *, at: datetime, interviewed: bool = False) -> KeyEvent:
        content: Record = {"reason": reason(self._rng, kind), "victim_ids": self._some(), **self._facts(kind, interviewed)}
        event = KeyEvent(f"K-{len(self.events) + 1}", day, at, kind, content, day)
        if kind in COURT:
            self._from_court(event)
        self.events.append(event)
        return event

    def _some(self) -> list[str] | None:
        return [self._victims[0]] if len(self._victims) > 1 and chance(self._rng, "event.some_victims") else None

    def _facts(self, kind: str, interviewed: bool) -> Record:
        """What the right to a review hangs on."""
        if kind not in DECISIONS:
            return {"suspect_interviewed": True if interviewed else None}
        return {
            "suspect_interviewed": True if interviewed else answer(self._rng, "event.interviewed"),
            "all_suspects_and_charges": answer(self._rng, "event.all_charges"),
            "charged_other_offence": answer(self._rng, "event.other_offence"),
            "victim_supports": answer(self._rng, "event.supports"),
            "decided_by": maybe(self._rng, "event.decided_by"),
        }

    def _from_court(self, event: KeyEvent) -> None:
        """When the force had it; the record cannot tell of it before."""
        later = maybe(self._rng, "event.received")
        if later is not None and event.day + int(later) < self._roster.days:
            event.told_on = event.day + int(later)
            event.content["received_at"] = max(event.at, self._moments([event.told_on])[0])
        if event.kind in _LISTED:
            hearing = self._roster.sent(self._roster.days + 20, 600)
            event.content["hearing"] = {"at": hearing.isoformat(timespec="seconds"), "court": "Derby Magistrates' Court"}

    def _corrections(self) -> None:
        for event in list(self.events):
            if event.kind in COURT or "corrects" in event.content or not chance(self._rng, "event.corrected"):
                continue
            day = event.day + int(draw(self._rng, "event.corrected_days"))
            if day < self._roster.days and event.corrected_on is None:
                self._correct(event, day)

    def _correct(self, event: KeyEvent, day: int) -> None:
        how = draw(self._rng, "event.correction")
        kind = self._rng.choice(_INSTEAD) if how == "type" else event.kind
        at = max(event.at + timedelta(minutes=1), self._moments([day])[0])
        other = self._add(day, kind, at=at)
        other.content |= {"corrects": event.id, "withdrawn": how == "withdrawn"}
        event.corrected_on = day

    def _moments(self, days: Sequence[int]) -> list[datetime]:
        """Office hours of those days, one after another."""
        found = []
        for day in days:
            second = self._rng.randrange(8 * 3600)
            local = datetime.combine(self._roster.date_of(day), time(9), LONDON) + timedelta(seconds=second)
            found.append(local.astimezone(self._roster.now.tzinfo))
        return sorted(found)

    def _working(self, day: int) -> int:
        """Most things happen on working days."""
        while self._roster.date_of(day).weekday() >= _SATURDAY and not chance(self._rng, "event.weekend"):
            day += 1
        return min(day, self._roster.days - 1) if day - self._roster.days < 2 else day


def reviews(rng: Random, roster: Roster, events: Sequence[KeyEvent], victim_id: str) -> Iterator[tuple[int, str]]:
    """The steps of requests for a review, each with its day."""
    for event in events:
        if event.kind not in DECISIONS or event.withdrawn or not event.names(victim_id) or not chance(rng, "review.requested"):
            continue
        day = event.day + int(draw(rng, "review.days"))
        steps = ["requested"]
        if chance(rng, "review.acknowledged"):
            steps += ["acknowledged", *(["decided"] if chance(rng, "review.decided") else [])]
        for step in steps:
            if day >= roster.days:
                return
            yield day, step
            day += int(draw(rng, "review.days"))

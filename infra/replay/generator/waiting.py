"""Which outcomes belong to the occurrences of a run, and the events of all others: they tell of occurrences whose record never comes.

A crime of an earlier month has its outcome in this one; its event waits. Must not invent a record for it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from infra.replay.generator.deliveries import Delivery
from infra.replay.generator.duty import Roster
from infra.replay.generator.key_events import Investigation
from infra.replay.generator.messages import Writer
from infra.replay.generator.outcomes import Outcome
from infra.replay.generator.shares import chance
from infra.replay.generator.street import Unit
from infra.replay.generator.times import LONDON

Outcomes = Mapping[str, Sequence[Outcome]]
"""By Crime ID."""


@dataclass(frozen=True, slots=True)
class Became:
    """Outcomes of the occurrences that are fed, and of crimes whose street rows are not there at all."""

    here: Outcomes
    elsewhere: Outcomes

    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows and crimes, for the run's own line."""
        counts = {}
        for name, found in (("fed_with_record", self.here), ("fed_without_record", self.elsewhere)):
            counts[name] = {"outcomes": sum(map(len, found.values())), "crimes": len(found)}
        return counts


def chosen_of(outcomes: Sequence[Outcome], every: Sequence[Unit], chosen: Sequence[Unit]) -> Became:
    """Those of the chosen occurrences, and as large a part of the others as of the rows was chosen, spread evenly."""
    by_crime: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_crime[outcome.crime_id].append(outcome)
    known, here = {unit.key for unit in every}, {unit.key for unit in chosen}
    total, wanted = (sum(len(unit.rows) for unit in units) for units in (every, chosen))
    others = [key for key in by_crime if key not in known]
    some = {key for number, key in enumerate(others) if (number + 1) * wanted // total > number * wanted // total}
    return Became(
        {key: found for key, found in by_crime.items() if key in here}, {key: found for key, found in by_crime.items() if key in some}
    )


def elsewhere(found: Outcomes, seed: int, roster: Roster, taken: Collection[str]) -> Iterator[Delivery]:
    """The events of crimes without a record, each in a wave with anybody: they touch nothing but their own occurrence."""
    given = set(taken)
    for crime_id, outcomes in found.items():
        rng = Random(f"{seed} elsewhere {crime_id}")
        reference = _reference(crime_id, seed, roster, given)
        given.add(reference)
        investigation = Investigation(rng, roster, [])
        investigation.outcomes(outcomes, alone=True)
        writer = Writer.drawn(rng)
        for event in investigation.events:
            content = {"reference": reference, **event.written()}
            sent = event.at + timedelta(minutes=rng.randrange(1, 60))
            body = writer.body(writer.event("investigation_event", "event", content, sent, f"{reference}|event|{event.id}"))
            delivery = Delivery(event.told_on, body, frozenset({f"occurrence {reference}"}), outcome=event.outcome)
            yield delivery
            if chance(rng, "told.twice"):
                yield delivery


def _reference(crime_id: str, seed: int, roster: Roster, taken: Collection[str]) -> str:
    number = int(hashlib.sha256(f"{seed}|elsewhere|{crime_id}".encode()).hexdigest(), 16)
    year = roster.now.astimezone(LONDON).year % 100
    while (reference := f"{year:02d}{number % 10**9:09d}") in taken:
        number += 1
    return reference

"""From street rows to the lines of a replay: `lines(months, seed, now)`, pure and deterministic.

First line `{"run": {seed, now, months, rows, with_id, distinct_ids}}`, then `{"day": 0|2, "wave": n, "body": "…"}` in the order of
feeding: day 0 is the evening of `now`, day 2 the second look two days later; within a day a wave follows when the one before it is
done, and no two messages of a wave touch each other. Officers are wave 0 of day 0.

Must not feed anything or read a clock; the same rows, seed and now give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from infra.replay.generator.crimes import Crime, Maker
from infra.replay.generator.deliveries import EVENING, SECOND_LOOK, deliveries
from infra.replay.generator.messages import envelope, first_version, written
from infra.replay.generator.officers import Force, directory_entry
from infra.replay.generator.people import People
from infra.replay.generator.points import give_out
from infra.replay.generator.references import name_all
from infra.replay.generator.shares import chance, draw
from infra.replay.generator.street import Row, Unit, spread, units
from infra.replay.generator.times import LONDON, iso, moved
from infra.replay.generator.touches import Waves

Line = dict[str, Any]


def lines(months: Mapping[str, Sequence[Row]], seed: int, now: datetime, *, limit: int | None = None) -> Iterator[Line]:
    """The header line, then one line a queue message in the order of feeding.

    `months` are rows by month, from `street.read`; `now` (aware) is when feeding starts; `limit` is the most rows in all, spread evenly.
    """
    now = now.astimezone(UTC)
    chosen = spread(units(months), limit)
    yield _header(chosen, seed, now)
    force = Force(seed)
    yield from ({"day": EVENING, "wave": 0, "body": body} for body in _directory(force, seed, now))
    for day, wave, body in _in_order(_crimes(chosen, seed, now, force), now):
        yield {"day": day, "wave": wave, "body": body}


def _header(chosen: Sequence[Unit], seed: int, now: datetime) -> Line:
    with_id = [unit for unit in chosen if unit.has_id]
    months = sorted({row.month for unit in chosen for row in unit.rows})
    counts = {
        "rows": sum(len(unit.rows) for unit in chosen),
        "with_id": sum(len(unit.rows) for unit in with_id),
        "distinct_ids": len(with_id),
    }
    return {"run": {"seed": seed, "now": iso(now), "months": months, **counts}}


def _crimes(chosen: Sequence[Unit], seed: int, now: datetime, force: Force) -> list[Crime]:
    """Everybody met, then every point given out, then every reference, in the order of the records."""
    months = {month: moved(month, now) for month in {unit.month for unit in chosen}}
    people = People()
    maker = Maker(seed, now, people, force)
    crimes = [maker.make(unit, months[unit.month]) for unit in chosen]
    give_out(Random(f"{seed} points"), people.everybody)
    name_all(crimes, seed)
    return sorted(crimes, key=lambda crime: (crime.when.recorded, crime.reference))


def _in_order(crimes: Sequence[Crime], now: datetime) -> list[tuple[int, int, str]]:
    references = {crime.unit.key: crime.reference for crime in crimes}
    waves = {EVENING: Waves(first=1), SECOND_LOOK: Waves(first=0)}
    found: list[tuple[int, int, str]] = []
    for crime in crimes:
        version = int(draw(crime.rng, "delivery.first_version"))
        for delivery in deliveries(crime, first_version(crime, references, version), now):
            wave = waves[delivery.day].wave_of(delivery.touches, again=delivery.again)
            found.append((delivery.day, wave, delivery.body))
    return sorted(found, key=lambda each: each[:2])


def _directory(force: Force, seed: int, now: datetime) -> Iterator[str]:
    """The officers' records, a few of them twice, a few malformed (and then there is no other)."""
    rng = Random(f"{seed} directory")
    sent_at = iso(now - timedelta(minutes=5))
    for officer in force.everybody:
        entry = directory_entry(rng, officer, now.astimezone(LONDON).date())
        if officer.supervisor is not None and chance(rng, "directory.malformed"):
            entry |= {"absent_from": "tomorrow"}
        body = written(envelope("officer", entry, f"officer-{officer.collar}", sent_at))
        yield body
        if chance(rng, "directory.twice"):
            yield body

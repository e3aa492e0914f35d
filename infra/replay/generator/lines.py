"""From street rows to the lines of a replay: `lines(months, seed, now)`, pure and deterministic.

First line `{"run": {seed, now, months, rows, with_id, distinct_ids}}` (with officers who work also how long, which reasons are harmless,
and how many outcomes), then `{"day": 0|2, "wave": n, "body": "…"}` in the order of
feeding: day 0 is the evening of `now`, day 2 the second look two days later; within a day a wave follows when the one before it is
done, and no two messages of a wave touch each other. Officers are wave 0 of a day. With officers who work there is every day something;
`task_of` then says of whose task a body speaks whose id is still to be named, `outcome` what the source calls what it tells of.

Must not feed anything or read a clock; the same rows, seed and now give the same bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from infra.replay.generator.case_days import CaseDays
from infra.replay.generator.crimes import Crime, Maker
from infra.replay.generator.deliveries import EVENING, SECOND_LOOK, Delivery, told_of
from infra.replay.generator.duty import Roster
from infra.replay.generator.messages import envelope, first_version, written
from infra.replay.generator.officers import Force, directory_entry
from infra.replay.generator.outcomes import Outcome
from infra.replay.generator.people import People
from infra.replay.generator.points import give_out
from infra.replay.generator.reasons import HARMLESS
from infra.replay.generator.references import name_all
from infra.replay.generator.shares import chance, draw
from infra.replay.generator.street import Row, Unit, spread, units
from infra.replay.generator.times import LONDON, iso, moved
from infra.replay.generator.touches import Waves
from infra.replay.generator.waiting import Became, chosen_of, elsewhere

Line = dict[str, Any]
Record = dict[str, Any]


def lines(
    months: Mapping[str, Sequence[Row]],
    seed: int,
    now: datetime,
    *,
    limit: int | None = None,
    days: int | None = None,
    outcomes: Sequence[Outcome] = (),
) -> Iterator[Line]:
    """The header line, then one line a queue message in the order of feeding.

    `months` are rows by month, from `street.read`; `now` (aware) is when feeding starts; `limit` is the most rows in all, spread evenly;
    `days`: officers work for so many days, None: nobody does anything, and nothing becomes of any crime. `outcomes`: what became of them;
    those of crimes that are not in the months tell of occurrences that never come.
    """
    now = now.astimezone(UTC)
    every = units(months)
    chosen = spread(every, limit)
    became = chosen_of(outcomes if days else (), every, chosen)
    yield _header(chosen, seed, now, days, became)
    force = Force(seed)
    roster = Roster(seed, now, days, force.everybody) if days else None
    yield from (_line(EVENING, 0, Delivery(EVENING, body, frozenset())) for body in _directory(force, seed, now))
    found = _directory_days(force, seed, roster) if roster else []
    found += _in_order(_crimes(chosen, seed, now, force), seed, now, force, roster, became)
    yield from (_line(day, wave, delivery) for day, wave, delivery in sorted(found, key=lambda each: each[:2]))


def _line(day: int, wave: int, delivery: Delivery) -> Line:
    line: Line = {"day": day, "wave": wave, "body": delivery.body}
    beside = {"task_of": delivery.task_of, "outcome": delivery.outcome}
    return line | {name: value for name, value in beside.items() if value}


def _header(chosen: Sequence[Unit], seed: int, now: datetime, days: int | None, became: Became) -> Line:
    with_id = [unit for unit in chosen if unit.has_id]
    months = sorted({row.month for unit in chosen for row in unit.rows})
    counts = {
        "rows": sum(len(unit.rows) for unit in chosen),
        "with_id": sum(len(unit.rows) for unit in with_id),
        "distinct_ids": len(with_id),
    }
    weeks = {"ends": days, "harmless": list(HARMLESS), "became": became.counts()} if days else {}
    return {"run": {"seed": seed, "now": iso(now), "months": months, **counts, **weeks}}


def _crimes(chosen: Sequence[Unit], seed: int, now: datetime, force: Force) -> list[Crime]:
    """Everybody met, then every point given out, then every reference, in the order of the records."""
    months = {month: moved(month, now) for month in {unit.month for unit in chosen}}
    people = People()
    maker = Maker(seed, now, people, force)
    crimes = [maker.make(unit, months[unit.month]) for unit in chosen]
    give_out(Random(f"{seed} points"), people.everybody)
    name_all(crimes, seed)
    return sorted(crimes, key=lambda crime: (crime.when.recorded, crime.reference))


def _in_order(
    crimes: Sequence[Crime], seed: int, now: datetime, force: Force, roster: Roster | None, became: Became
) -> list[tuple[int, int, Delivery]]:
    references = {crime.unit.key: crime.reference for crime in crimes}
    waves: dict[int, Waves] = defaultdict(lambda: Waves(first=1))
    if roster is None:
        waves[SECOND_LOOK] = Waves(first=0)
    found: list[tuple[int, int, Delivery]] = []
    for crime in crimes:
        version = int(draw(crime.rng, "delivery.first_version"))
        story = told_of(crime, first_version(crime, references, version), now)
        if roster is not None:
            CaseDays(story, seed, roster, force, became.here.get(crime.unit.key, ())).tell()
        for delivery in story.found:
            wave = 0 if delivery.first else waves[delivery.day].wave_of(delivery.touches, again=delivery.again)
            found.append((delivery.day, wave, delivery))
    if roster is not None:
        for delivery in elsewhere(became.elsewhere, seed, roster, references.values()):
            found.append((delivery.day, waves[delivery.day].wave_of(delivery.touches), delivery))
    return found


def _entries(force: Force, seed: int, now: datetime) -> Iterator[tuple[Record, bool, bool]]:
    """The directory at the start: an entry, whether it comes malformed, and whether twice."""
    rng = Random(f"{seed} directory")
    for officer in force.everybody:
        entry = directory_entry(rng, officer, now.astimezone(LONDON).date())
        malformed = officer.supervisor is not None and chance(rng, "directory.malformed")
        yield entry, malformed, chance(rng, "directory.twice")


def _directory(force: Force, seed: int, now: datetime) -> Iterator[str]:
    """The officers' records, a few of them twice, a few malformed (and then there is no other)."""
    sent_at = iso(now - timedelta(minutes=5))
    for entry, malformed, twice in _entries(force, seed, now):
        written_down = entry | ({"absent_from": "tomorrow"} if malformed else {})
        body = written(envelope("officer", written_down, f"officer-{entry['collar_number']}", sent_at))
        yield body
        if twice:
            yield body


def _directory_days(force: Force, seed: int, roster: Roster) -> list[tuple[int, int, Delivery]]:
    """What the directory says of absences and of whoever leaves, on the days before any event of the day."""
    entries = {entry["collar_number"]: entry for entry, _, _ in _entries(force, seed, roster.now)}
    found = []
    for day, entry in roster.directory(entries):
        message_id = f"officer-{entry['collar_number']}-{entry['version']}"
        body = written(envelope("officer", entry, message_id, iso(roster.sent(day, 30))))
        found.append((day, 0, Delivery(day, body, frozenset())))
    return found

"""The process dies before or after every effect of the clock: events, mornings, escalations, hand-overs, lists, letters, announcements.

Nothing that is owed is lost, nobody is escalated twice, and every announcement went at least once under one id. What a message to a victim
survives is told beside (test_crashes.py). NOW is Friday 20 November 2026. Must not touch the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Kind, ObligationState
from tests import builders
from tests.builders import (
    change_message,
    contact_message,
    done_message,
    hearing_message,
    letter_message,
    officer_record,
    release_message,
)
from tests.fake_calls import When
from tests.unit.services.stage import REF, Stage, record
from tests.unit.services.test_absence import COVER
from tests.unit.services.test_crashes import DOMESTIC, Played, Step, later, people, play, put, receipts
from tests.unit.services.test_digests import INSPECTOR, OFFICER, SUPERVISOR
from tests.unit.services.test_lists import FLAGGED, in_lists

OTHER = "26000799999"
BY_LETTER = {"victims": [builders.victim(contact_safety=builders.contact_safety(safe_channels=["letter"]))]}
AWAY = {"absent_from": "2026-11-30", "absent_until": "2026-12-04", "cover": "2399"}


def at(text: str) -> Step:
    """The clock stands there once, whatever dies afterwards."""
    moment = datetime.fromisoformat(f"{text}:00+00:00")
    moved: list[Stage] = []

    def step(stage: Stage) -> None:
        if stage not in moved:
            moved.append(stage)
            stage.world.clock.set(moment)
        stage.sweep()

    return step


def arrives(make: Callable[..., dict[str, Any]], **facts: Any) -> Step:
    """A message arrives now, the same to the letter when it is delivered again."""

    def step(stage: Stage) -> None:
        stage.put(make(now=stage.now, **facts))
        stage.run()

    return step


def listed(collar: str = "2345", **entry: Any) -> Step:
    known = {"2399": {"name": "PC Kim Bell", "email": COVER}}.get(collar, {})
    return arrives(officer_record, collar_number=collar, **{"supervisor": "1890"} | known | entry)


def done(stage: Stage) -> None:
    task = next(item.obligation_id for item in stage.owed() if item.kind is Kind.TASK)
    stage.put(done_message(task, now=stage.now))
    stage.run()


def refused(stage: Stage) -> None:
    """The officer's mailbox refuses every reminder for good."""
    for item in stage.digests():
        if item.to == OFFICER:
            stage.receive(stage.row(item.notification_id), State.BOUNCED, permanent=True)


def morning(text: str) -> list[Step]:
    """The clock stands there, and the hour that follows: leases run out, receipts come."""
    return [at(text), later(3), receipts(), later(16), receipts()]


def after(*steps: Step) -> Callable[[], Stage]:
    """A stage on which these went well."""

    def begin() -> Stage:
        stage = Stage()
        for step in steps:
            step(stage)
        return stage

    return begin


Begin = Callable[[], Stage]
TOLD: Begin = after(put(), later(30), receipts())
"""A burglary whose victim was told, with an update agreed for Monday 30 November."""
POSTED: Begin = after(put(**BY_LETTER), later(30))

STORIES: dict[str, tuple[Begin, Callable[[], list[Step]]]] = {
    "a contact in time": (
        TOLD, lambda: [*morning("2026-11-28T07:00"), arrives(contact_message, next_update_on="2026-12-21"), *morning("2026-11-29T07:00")]
    ),
    "a try, and a contact": (
        TOLD, lambda: [
            at("2026-11-29T06:30"), arrives(contact_message, result="no_answer", next_update_on=None), *morning("2026-11-30T07:00"),
            arrives(contact_message, event_id="C-2", next_update_on="2026-12-21"),
        ],
    ),
    "an event before its occurrence": (
        Stage, lambda: [arrives(contact_message, victim_id="V1", next_update_on="2026-12-08"), arrives(hearing_message), put(**DOMESTIC)]
    ),
    "new terms, and none": (
        TOLD, lambda: [
            arrives(change_message), arrives(change_message, event_id="A-2", declined=True, every_days=None, next_update_on=None)
        ],
    ),
    "a hearing": (TOLD, lambda: [arrives(hearing_message), *morning("2026-11-28T07:00")]),
    "two victims, one event for both": (after(put(victims=people("V1", "V2")), later(30), receipts()), lambda: [arrives(hearing_message)]),
    "up the ladder": (TOLD, lambda: [*morning("2026-11-30T07:00"), *morning("2026-12-02T07:00"), *morning("2026-12-04T07:00")]),
    "late, and closed": (
        TOLD, lambda: [
            *morning("2026-12-01T07:00"),
            lambda stage: stage.put(record(2, status="closed") | {"sent_at": "2026-12-01T06:59:00+00:00"}), *morning("2026-12-05T07:00"),
        ],
    ),
    "a week without a run": (TOLD, lambda: morning("2026-12-05T07:00")),
    "two cases of one officer": (
        after(put(), put(reference=OTHER, victims=people("V2")), later(30), receipts()),
        lambda: [*morning("2026-11-30T07:00"), *morning("2026-12-02T07:00")],
    ),
    "what operations owe": (
        TOLD, lambda: [
            put(2, source="pigeon"), *morning("2026-11-24T07:00"), *morning("2026-11-25T07:00"), *morning("2026-11-27T07:00")
        ],
    ),
    "somebody falls ill": (
        after(put(), later(30), receipts(), listed("2399"), listed()),
        lambda: [
            *morning("2026-11-30T07:00"), at("2026-11-30T09:15"), listed(version=8, **AWAY), later(3), receipts(), later(16),
            *morning("2026-12-01T07:00"),
        ],
    ),
    "the last duty day": (
        TOLD, lambda: [
            listed(**AWAY | {"absent_from": "2026-11-26"}), at("2026-11-25T06:50"), *morning("2026-11-25T07:00"),
            *morning("2026-11-28T07:00"),
        ],
    ),
    "a mailbox that refuses": (TOLD, lambda: [*morning("2026-11-28T07:00"), refused]),
    "a task that is done": (Stage, lambda: [put(**DOMESTIC), later(5), done, *morning("2026-11-23T07:00")]),
    "a task that is not": (after(put(**DOMESTIC), later(5)), lambda: [*morning("2026-11-23T07:00"), *morning("2026-11-25T07:00")]),
    "a hold that is lifted": (after(put(**DOMESTIC), put(2)), lambda: [arrives(release_message)]),
    "a letter arrives": (POSTED, lambda: [at("2026-11-25T00:05")]),
    "a letter comes back": (POSTED, lambda: [at("2026-11-24T10:00"), arrives(letter_message)]),
    "a letter comes back late": (POSTED, lambda: [at("2026-11-25T10:00"), arrives(letter_message)]),
    "a list": (
        in_lists, lambda: [
            put(**FLAGGED), put(reference=OTHER, victims=people("V2"), **FLAGGED), *morning("2026-11-20T14:00"),
            *morning("2026-11-21T07:00"),
        ],
    ),
}  # fmt: skip


def owed(stage: Stage) -> dict[Any, Any]:
    """What is owed at the end, whoever died; when the row was made and looked at is all that may differ."""
    return {key: replace(item, created_at=item.started_at) for key, item in stage.world.cases.owed.items()}


def announced(stage: Stage) -> dict[tuple[Any, ...], int]:
    """Under how many ids each piece of news went out, whenever it was decided."""
    ids: dict[tuple[Any, ...], set[str]] = {}
    for body in stage.world.topic.published:
        fact = tuple(sorted((name, str(value)) for name, value in body.items() if name not in ("event_id", "at")))
        ids.setdefault(fact, set()).add(body["event_id"])
    return {fact: len(found) for fact, found in ids.items()}


def reminded(stage: Stage) -> Counter[tuple[date, str, str]]:
    return Counter((item.at.date(), item.to, item.channel) for item in stage.digests())


def lines(stage: Stage) -> dict[str, frozenset[tuple[str, str]]]:
    return {key: frozenset(row.lines) for key, row in stage.world.cases.rows.items() if row.template is Template.DIGEST}


def assert_as_if_nobody_had_died(played: Played, whole: Played, where: str) -> None:
    stage, expected = played.stage, whole.stage
    assert owed(stage) == owed(expected), where
    assert stage.world.cases.agreements == expected.world.cases.agreements, where
    assert stage.world.cases.events == expected.world.cases.events, where
    assert lines(stage) == lines(expected), where
    assert announced(stage) == announced(expected), where
    assert reminded(stage) == reminded(expected), where


def assert_escalated_once(stage: Stage, where: str) -> None:
    """Two rows never take the same step to the same reader."""
    steps = Counter(
        (row.reader or row.unit, line)
        for row in stage.world.cases.rows.values()
        if row.template is Template.DIGEST and row.unit is not None and row.unit.value in ("supervisor", "inspector")
        for line in row.lines
    )
    assert not [step for step, times in steps.items() if times > 1], where


def told_to_the_end(story: str, crash: tuple[int, When] | None = None) -> Played:
    """The story, and half an hour in which nobody dies any more."""
    begin, steps = STORIES[story]
    played = play(steps(), crash, begin)
    played.stage.world.calls.on_call = None
    for step in (later(15), receipts(), later(15)):
        step(played.stage)
    return played


@pytest.mark.parametrize("story", STORIES)
def test_a_death_at_any_effect_loses_nothing_and_escalates_nobody_twice(story: str) -> None:
    whole = told_to_the_end(story)
    tried = 0
    for number in range(1, whole.calls + 1):
        for when in ("before", "after"):
            played = told_to_the_end(story, (number, when))
            if played.died_at is None:
                continue
            tried += 1
            where = f"{story}: died {when} call {number}, {played.died_at[0]}"
            assert_escalated_once(played.stage, where)
            assert_as_if_nobody_had_died(played, whole, where)
    assert tried


def test_the_stories_reach_the_whole_ladder() -> None:
    stage = told_to_the_end("up the ladder").stage
    assert {item.to for item in stage.digests()} == {OFFICER, SUPERVISOR, INSPECTOR}
    assert ObligationState.BREACHED in {item.state for item in stage.owed(reference=REF)}

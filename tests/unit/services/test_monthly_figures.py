"""Figures as a query: the month is the one in which the clock started, and what came later moves an obligation between columns.

Must not test how counts are shown.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.figures import Figures
from chalicelib.domain.obligations import Kind
from chalicelib.services.figures import MonthlyFigures
from chalicelib.services.ports import Changes, Swap
from tests import builders
from tests.domain_builders import at
from tests.fakes import World
from tests.unit.domain.test_figures import owed
from tests.unit.services.stage import DAY, HOUR, Stage


def stored(*started: str) -> World:
    """A world that holds one obligation for each start."""
    world = World()
    rows = [replace(owed(), obligation_id=f"{number:032x}", started_at=at(text)) for number, text in enumerate(started)]
    world.cases.commit(Changes(obligations=tuple(Swap(None, row) for row in rows)))
    return world


def of_kind(found: Figures, kind: Kind) -> tuple[int, ...]:
    return found.of([group for group in found.groups if group.kind is kind])


@pytest.mark.parametrize(("month", "number"), [("2026-10", 1), ("2026-11", 2), ("2026-12", 1), ("2027-11", 0)])
def test_the_month_is_the_one_in_which_the_clock_started(month: str, number: int) -> None:
    world = stored("2026-10-31 23:59:59", "2026-11-01 00:00:00", "2026-11-30 23:59:59", "2026-12-01 00:00:00")
    found = MonthlyFigures(world.cases).of(month)
    assert found.of(found.groups)[0] == number


@pytest.mark.parametrize(("now", "month"), [("2026-11-30 23:59:59", "2026-11"), ("2026-12-01 00:00:00", "2026-12")])
def test_without_a_month_it_is_that_of_the_clock(now: str, month: str) -> None:
    assert MonthlyFigures(stored().cases).current(at(now)).month == month


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "2026-11#0", "november"])
def test_what_is_no_month_is_refused(month: str) -> None:
    world = stored()
    with pytest.raises(ValueError, match="YYYY-MM"):
        MonthlyFigures(world.cases).of(month)


def test_an_update_moves_from_open_to_late_to_breached_to_met_late() -> None:
    stage = Stage()
    stage.put(builders.occurrence_record())
    stage.run()
    figures = MonthlyFigures(stage.world.cases)
    seen = [of_kind(figures.of("2026-11"), Kind.UPDATE)]
    for days in (11, 5):
        stage.later(days * DAY)
        stage.later(HOUR)
        seen.append(of_kind(figures.of("2026-11"), Kind.UPDATE))
    stage.put(builders.contact_message(now=stage.now))
    seen.append(of_kind(figures.of("2026-11"), Kind.UPDATE))
    assert seen == [(1, 0, 0, 0, 0, 1, 0), (1, 0, 0, 1, 0, 0, 0), (1, 0, 0, 0, 1, 0, 0), (1, 0, 1, 0, 0, 0, 0)]
    assert of_kind(figures.of("2026-12"), Kind.UPDATE) == (1, 0, 0, 0, 0, 1, 0), "the next one began with the contact"


def test_each_shard_is_asked_once() -> None:
    world = stored("2026-11-01 00:00:00")
    MonthlyFigures(world.cases).of("2026-11")
    assert world.calls.made.count("cases.owed_in") == 1

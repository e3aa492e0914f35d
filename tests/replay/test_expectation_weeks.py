"""The expectation against the product over weeks: what officers do and leave undone, day by day, must end in the same figures.

Must not decide which of the two is right where they differ: CONTRACT, the issues and docs/obligations.md do.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from infra.replay.expectation.__main__ import expected
from infra.replay.funnel import differences
from infra.replay.generator.lines import lines as generated
from infra.replay.generator.outcomes import read as read_outcomes
from infra.replay.generator.reasons import HARMLESS
from infra.replay.generator.street import read as read_months
from tests import builders
from tests.replay.expectation_house import Replayed
from tests.replay.expectation_leaks import leaks
from tests.replay.expectation_stories import NOW as EVENING
from tests.replay.expectation_weeks import DAYS, Weeks
from tests.replay.made_up import NOW, became, rows
from tests.replay.test_expectation_product import DATA, MONTHS

MONTH = 28


def differing(lines: list[dict[str, Any]], now: datetime, days: int, *, played: Replayed) -> list[str]:
    """Where the funnels and figures of these lines differ once they are played, at the end of so many days."""
    played.play(lines, days)
    run = {"run": {"now": builders.iso(now), "ends": days, "harmless": HARMLESS}}
    return differences(expected(json.dumps(each) for each in (run, *played.fed)), played.funnel())


WEEKS = [(seed, calm) for seed in range(20) for calm in (0.9, 0.6)]


@pytest.mark.parametrize(("seed", "calm"), WEEKS)
def test_few_people_and_many_events(seed: int, calm: float) -> None:
    assert differing(Weeks(seed, calm=calm).lines, EVENING, DAYS, played=Replayed(EVENING, seed)) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_four_weeks_of_officers(seed: int) -> None:
    _, *lines = generated({"2022-01": rows(160)}, seed, NOW, days=MONTH, outcomes=became(rows(160)))
    assert differing(lines, NOW, MONTH, played=Replayed(NOW, seed)) == []


@pytest.mark.skipif(len(MONTHS) < 2, reason="both months of real crime are not here")
@pytest.mark.parametrize(("month", "seed"), [("2021-09", 1), ("2021-09", 2), ("2022-01", 1), ("2022-01", 2)])
def test_four_weeks_of_a_part_of_each_real_month(month: str, seed: int) -> None:
    """And nothing went to anybody to whom it may not go."""
    told = read_outcomes([DATA], [month])
    _, *lines = generated(read_months(MONTHS, [month]), seed, NOW, limit=150, days=MONTH, outcomes=told)
    played = Replayed(NOW, seed)
    assert differing(lines, NOW, MONTH, played=played) == []
    assert leaks(played) == []


def test_what_is_compared_is_of_every_kind_and_state() -> None:
    """Otherwise the tests above would say little."""
    _, *lines = generated({"2022-01": rows(160)}, 1, NOW, days=MONTH)
    played = Replayed(NOW, 1)
    played.play(lines, MONTH)
    figures = {
        (kind, agreed, state)
        for kind, routes in played.funnel()["obligations"].items()
        for districts in routes.values()
        for agreements in districts.values()
        for agreed, states in agreements.items()
        for state in states
    }
    updates = {(agreed, state) for kind, agreed, state in figures if kind == "update" and agreed != "-"}
    assert updates >= {
        (agreed, state) for agreed in ("agreed", "proposed") for state in ("open", "met_in_time", "met_late", "breached", "waived")
    }
    assert {kind for kind, _, _ in figures} >= {"written_acknowledgement", "referral", "needs_assessment", "update", "event", "task"}
    assert {state for _, _, state in figures} == {"open", "late", "breached", "met_in_time", "met_late", "waived"}

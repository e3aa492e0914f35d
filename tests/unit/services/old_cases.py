"""Cases on a Stage that are over, nights of retention, and what is counted: for tests of what becomes of a case at the end of its time.

Must not assert anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.figures import figures
from chalicelib.domain.obligations import ObligationState
from chalicelib.services.retain_cases import Retention
from tests.builders import enhanced, victim
from tests.unit.services.stage import DAY, HOUR, REF, Stage

ASSESSED = enhanced(eligible=False, reasons=[])
PERSON = victim(enhanced=ASSESSED)


def over(*people: Any, reference: str = REF, stage: Stage | None = None, **facts: Any) -> Stage:
    """A case that was told, acknowledged and closed, in which nothing is owed."""
    stage = stage or Stage()
    victims = list(people) or [PERSON]
    stage.version(victims=victims, reference=reference, **facts)
    stage.later(2 * DAY)
    for item in list(stage.left):
        if item.reference == reference:
            stage.receive(stage.row(item.notification_id))
    stage.version(2, status="closed", victims=victims, reference=reference, **facts)
    stage.later(HOUR)
    return stage


def night(stage: Stage) -> Retention:
    return stage.house.retaining.run(stage.now)


def wait(stage: Stage, period: timedelta) -> Retention:
    """Nights pass, one in each month, until the period and a month more are over; what the last came to."""
    ends, came = stage.now + period + 31 * DAY, Retention()
    while stage.now < ends:
        stage.world.clock.advance(30 * DAY)
        came = _sum(came, night(stage))
    return came


def _sum(one: Retention, two: Retention) -> Retention:
    return replace(two, stripped=one.stripped + two.stripped, due=one.due + two.due, stuck=(*one.stuck, *two.stuck))


def done_by_people(stage: Stage) -> None:
    """Every obligation of the stage is met, as by events of the records system."""
    for key, row in stage.world.cases.owed.items():
        if row.unmet:
            stage.world.cases.owed[key] = replace(row, state=ObligationState.MET, met_at=stage.now, evidence="x", next_at=None)


def owed_by_month(stage: Stage) -> dict[str, Any]:
    found = stage.world.cases.owed.values()
    months = {f"{row.started_at:%Y-%m}" for row in found}
    return {month: figures(month, [row for row in found if f"{row.started_at:%Y-%m}" == month]).counts for month in months}


def counted(stage: Stage) -> list[tuple[str, str, str, str]]:
    return sorted((row.notification_id, row.template, row.channel, row.state) for row in stage.world.cases.rows.values())

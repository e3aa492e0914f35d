"""Officers' updates share the day of a business contact: each is a message of its own, waits its turn, and is late for nobody's sake.

Must not repeat how acknowledgements and news share it (test_one_a_day.py).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.deadlines import LONDON, local_day
from chalicelib.domain.messages import Template
from chalicelib.services.officer_page import Came
from tests.builders import contact_safety, update_agreement
from tests.unit.services.on_page import send
from tests.unit.services.stage import DAY, HOUR, Stage
from tests.unit.services.test_one_a_day import MANAGER, SHOP, news, theft, to_manager

ACK, EVENT, UPDATE = Template.ACKNOWLEDGEMENT, Template.EVENT, Template.UPDATE


def shop(*numbers: int, **who: Any) -> Stage:
    """The manager was told of these cases on Friday 20 November, and it arrived; it is Wednesday at ten."""
    stage = Stage()
    for number in numbers:
        stage.put(theft(number, who=who))
    stage.later(HOUR)
    for item in to_manager(stage):
        stage.receive(stage.row(item.notification_id))
    stage.until(datetime(2026, 11, 25, 10, tzinfo=LONDON))
    return stage


def write(stage: Stage, number: int) -> None:
    assert send(stage, reference=SHOP[number]).came is Came.RECORDED


def since(stage: Stage) -> list[tuple[Template, str, date]]:
    """What went to the manager after the acknowledgements, and when."""
    return [(item.template, item.reference, local_day(item.at)) for item in to_manager(stage) if local_day(item.at) > date(2026, 11, 20)]


WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 11, day) for day in (25, 26, 27))


def test_updates_of_two_cases_are_two_messages_on_two_days() -> None:
    stage = shop(0, 1)
    write(stage, 0)
    write(stage, 1)
    assert [row.reason for row in stage.rows(UPDATE, reference=SHOP[1])] == ["one_a_day"]
    stage.later(DAY)
    assert since(stage) == [(UPDATE, SHOP[0], WEDNESDAY), (UPDATE, SHOP[1], THURSDAY)]
    assert stage.leaks() == []


def test_an_update_and_news_of_another_case_share_the_days() -> None:
    stage = shop(0, 1)
    stage.put(news(1, stage.now))
    stage.later(HOUR)
    write(stage, 0)
    stage.later(DAY)
    assert since(stage) == [(EVENT, SHOP[1], WEDNESDAY), (UPDATE, SHOP[0], THURSDAY)]


def test_an_acknowledgement_of_another_case_goes_before_an_update() -> None:
    stage = shop(0)
    stage.put(theft(1, stage.now))
    stage.world.clock.advance(HOUR)  # its hold window is over, and it has not left yet
    assert send(stage, reference=SHOP[0]).came is Came.RECORDED
    stage.later(HOUR)
    stage.later(DAY)
    assert since(stage) == [(ACK, SHOP[1], WEDNESDAY), (UPDATE, SHOP[0], THURSDAY)]


@pytest.mark.parametrize(("owed_on", "leaves_on"), [(WEDNESDAY, WEDNESDAY), (THURSDAY, THURSDAY)])
def test_an_update_that_is_owed_today_does_not_wait(owed_on: date, leaves_on: date) -> None:
    """Of another case, and of the very case that had its message today."""
    for other in (1, 0):
        stage = shop(0, 1, update_agreement=update_agreement(next_update_on=owed_on.isoformat()))
        stage.put(news(other, stage.now))
        stage.later(HOUR)
        write(stage, 0)
        stage.later(DAY)
        assert since(stage) == [(EVENT, SHOP[other], WEDNESDAY), (UPDATE, SHOP[0], leaves_on)]


def test_a_letter_that_would_arrive_too_late_does_not_wait() -> None:
    """Laid into the box on Thursday it would arrive on Monday; it is owed on Friday."""
    letter = {"email": None, "preferred_channel": "letter", "contact_safety": contact_safety(safe_channels=["letter"])}
    owed = {"update_agreement": update_agreement(method="letter", next_update_on=FRIDAY.isoformat())}
    for other in (1, 0):
        stage = shop(0, 1, **letter, **owed)
        stage.put(news(other, stage.now))
        stage.later(HOUR)
        write(stage, 0)
        assert since(stage) == [(EVENT, SHOP[other], WEDNESDAY), (UPDATE, SHOP[0], WEDNESDAY)]


def test_what_was_written_leaves_while_it_holds() -> None:
    """Every day until then had its message: on the last day, Friday, it goes all the same."""
    stage = shop(0, 1)
    point = stage.world.points.key("email", MANAGER)
    for days in range(4):
        stage.world.points.take_day(point, local_day(stage.now) + timedelta(days=days), "another", whatever=True)
    write(stage, 0)
    for _ in range(4):
        stage.later(DAY)
    assert since(stage) == [(UPDATE, SHOP[0], FRIDAY)]

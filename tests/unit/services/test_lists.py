"""Tasks of a unit that wants them in lists: together at its hours, high-risk domestic abuse at once at any hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from chalicelib.domain.delivery import State
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Unit
from tests.unit.services.stage import NOW, Stage, profile

UNIT, DUTY = "victim-care-unit@derbyshire-police.test", "force-duty-contact@derbyshire-police.test"
FLAGGED = {"flags": {"domestic_abuse": True}, "dash_risk": "medium"}


def in_lists() -> Stage:
    roles = dict(profile().roles)
    roles[Unit.VICTIM_CARE_UNIT] = replace(roles[Unit.VICTIM_CARE_UNIT], lists=(time(9), time(14)))
    return Stage(force=replace(profile(), roles=roles))


def test_tasks_wait_for_the_next_hour_and_leave_together():
    stage = in_lists()
    for number in range(3):
        stage.version(reference=f"2600080000{number}", **FLAGGED)
    stage.run()
    assert stage.left == []
    stage.until(datetime.fromisoformat("2026-11-20T14:00:00+00:00"))
    assert [(item.template, item.to) for item in stage.left] == [(Template.DIGEST, UNIT)]
    (content,) = [content for template, _, content in stage.world.renderer.rendered if template is Template.DIGEST]
    assert sorted(line.reference[-1] for line in content.lines) == ["0", "1", "2"]
    tasks = [row for row in stage.world.cases.rows.values() if row.template is Template.TASK]
    assert {(row.state, row.reason) for row in tasks} == {(State.SENT, "listed")}


def test_what_comes_after_the_hour_waits_for_the_next_day_s():
    stage = in_lists()
    stage.until(datetime.fromisoformat("2026-11-20T14:00:01+00:00"))
    stage.version(**FLAGGED)
    stage.until(datetime.fromisoformat("2026-11-21T06:59:00+00:00"))
    assert stage.left == []
    stage.until(datetime.fromisoformat("2026-11-21T09:00:00+00:00"))
    assert [item.to for item in stage.left] == [UNIT, UNIT]  # the morning's reminder, and the list


def test_more_than_fit_one_write_are_one_list():
    stage = in_lists()
    for number in range(120):
        stage.version(reference=f"26000800{number:03}", **FLAGGED)
    stage.until(datetime.fromisoformat("2026-11-20T14:00:00+00:00"))
    assert len(stage.left) == 1
    assert len(stage.row(stage.left[0].notification_id).lines) == 120


def test_a_task_that_comes_to_the_hour_after_its_list_left_goes_by_itself():
    stage = in_lists()
    stage.version(reference="26000800001", **FLAGGED)
    stage.version(reference="26000800002", **FLAGGED)
    _, second = [row for row in stage.world.cases.rows.values() if row.template is Template.TASK]
    stage.world.cases.rows[second.notification_id] = replace(second, open_at=datetime.fromisoformat("2026-11-20T14:05:00+00:00"))
    stage.until(datetime.fromisoformat("2026-11-20T14:00:00+00:00"))
    stage.until(datetime.fromisoformat("2026-11-20T14:05:00+00:00"))
    assert [item.template for item in stage.left] == [Template.DIGEST, Template.TASK]


def test_high_risk_domestic_abuse_leaves_at_once_to_the_unit_and_the_duty_contact_at_any_hour():
    stage = in_lists()
    stage.until(datetime.fromisoformat("2026-11-21T02:00:00+00:00"))
    stage.version(flags={"domestic_abuse": True}, dash_risk="high")
    stage.run()
    assert sorted(item.to for item in stage.left) == [DUTY, UNIT]
    assert stage.left[0].at > NOW

"""What is announced goes to the topic at least once under one id, whoever else publishes it and whatever does not answer."""

from __future__ import annotations

import pytest

from chalicelib.domain.delivery import Notification
from chalicelib.domain.errors import Contended, StoreUnavailable
from chalicelib.domain.messages import Template
from chalicelib.services.attempts import Delivered
from chalicelib.services.ports import Changes
from tests.builders import victim
from tests.unit.services.stage import MINUTE, Stage, hooked


def announced() -> tuple[Stage, list[Notification]]:
    """Two tasks were raised, and nothing has run."""
    stage = Stage()
    for number in range(2):
        stage.version(reference=f"2600080000{number}", restricted=True, victims=[victim(f"V{number + 2}")])
    return stage, news(stage)


def news(stage: Stage) -> list[Notification]:
    rows = [row for row in stage.world.cases.rows.values() if row.template is Template.OUT]
    return sorted(rows, key=lambda row: row.notification_id)


def published(stage: Stage) -> list[str]:
    return [body["event_id"] for body in stage.world.topic.published]


def ids(rows: list[Notification]) -> list[str]:
    return [row.notification_id for row in rows]


def test_of_the_rows_of_a_batch_the_announcements_are_published_together_and_taken_off():
    stage, rows = announced()
    tasks = [row for row in stage.world.cases.rows.values() if row.template is Template.TASK]
    before = len(stage.world.calls.made)
    assert stage.house.deliver.publish([*tasks, *rows]) == frozenset(ids(rows))
    assert stage.world.calls.made[before:] == ["topic.publish", "cases.commit"]
    assert (published(stage), news(stage)) == (ids(rows), [])
    assert stage.house.deliver.publish(tasks) == frozenset()


def test_what_another_worker_took_off_meanwhile_is_no_failure():
    stage, rows = announced()
    hooked(stage, "topic.publish", "after", lambda: stage.world.cases.commit(Changes(removed_notifications=(rows[0],))))
    assert stage.house.deliver.publish(rows) == frozenset(ids(rows))
    assert news(stage) == []


@pytest.mark.parametrize("error", [Contended("busy"), StoreUnavailable("no answer")])
def test_what_could_not_be_taken_off_is_published_again_under_the_same_id(error: Exception):
    stage, rows = announced()
    stage.world.calls.fail("cases.commit", *[error] * 3)
    stage.house.deliver.publish(rows)
    assert ids(news(stage)) == ids(rows)
    stage.world.calls.fail_no_more()
    stage.later(MINUTE)
    assert published(stage) == ids(rows) * 2
    assert news(stage) == []


def test_where_the_store_does_not_answer_each_row_has_its_turn():
    stage, rows = announced()
    stage.world.calls.fail("cases.commit", StoreUnavailable("no answer"))
    assert stage.house.deliver.publish(rows) == frozenset()
    assert [stage.house.deliver.deliver(row.notification_id, "w", stage.now).outcome for row in rows] == [Delivered.PUBLISHED] * 2
    assert news(stage) == []


def test_what_the_topic_did_not_take_stays_until_it_does():
    stage, rows = announced()
    stage.world.calls.fail("topic.publish", StoreUnavailable("no answer"), StoreUnavailable("no answer"))
    assert stage.house.deliver.publish(rows) == frozenset()
    assert stage.house.deliver.deliver(rows[0].notification_id, "w", stage.now).outcome is Delivered.BACKED_OFF
    assert (published(stage), ids(news(stage))) == ([], ids(rows))
    stage.later(MINUTE)
    assert sorted(published(stage)) == ids(rows)

"""Messages on the page of their case: what waits for whom, what may be read by the link alone, and that one was answered.

Must not test how a message finds its officer (test_contact_routed.py).
"""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.obligations import Kind
from chalicelib.services.officer_messages import MessagesPage, WaitingMessage
from chalicelib.services.officer_page import Answer, Came
from tests.builders import victim
from tests.unit.services.desk import DANGER, DOMESTIC, alarm, answer, recorded, write
from tests.unit.services.on_page import link, post, spoke
from tests.unit.services.stage import DAY, MINUTE, REF, Stage, hooked

TWO = {"victims": [victim("V1"), victim("V2", email="kit.lane@example.org", mobile=None, person_ref="N2")]}


def written_to(facts: dict[str, Any] | None = None, **message: Any) -> Stage:
    stage = recorded(**(facts or {}))
    write(stage, **message)
    stage.world.clock.advance(MINUTE)
    return stage


def seen(stage: Stage, **who: Any) -> MessagesPage:
    page = stage.house.messages.view(link(stage, **who), stage.now)
    assert page is not None
    return page


def only(stage: Stage, **who: Any) -> WaitingMessage:
    (line,) = seen(stage, **who).waiting
    return line


def done(stage: Stage, task: str, **who: Any) -> Answer:
    said = stage.house.messages.answered(link(stage, **who), task, stage.now)
    stage.run()
    return said


def reads(stage: Stage) -> list[str | None]:
    return [entry.actor for entry in stage.world.cases.audit_of(REF) if entry.op == "messages_read"]


def test_where_a_mail_may_hold_it_the_page_shows_what_was_written_and_logs_who_read():
    stage = written_to()
    line = only(stage)
    assert line.written is not None
    assert (line.written.form.name, line.victim_id, line.late, line.danger) == ("Kim Field", "V1", False, False)
    assert (line.task_id, line.due_at) == (answer(stage).obligation_id, answer(stage).due_at)
    assert reads(stage) == ["2345"]
    stage.later(10 * DAY)
    assert only(stage).late


def test_a_specialist_case_says_by_the_link_only_how_many_wait():
    stage = written_to(DOMESTIC)
    page = seen(stage)
    assert (page.hidden, [line.written for line in page.waiting]) == (True, [None])
    assert reads(stage) == []


def test_what_becomes_specialist_is_hidden_from_then_on():
    stage = written_to()
    assert not seen(stage).hidden
    stage.version(2, **DOMESTIC)
    assert (seen(stage).hidden, only(stage).written) == (True, None)


def test_without_a_message_nothing_is_read():
    stage = recorded()
    assert seen(stage) == MessagesPage((), hidden=False)
    assert reads(stage) == []


def test_a_pair_that_nobody_knows_is_the_contact_centre_s_alone():
    stage = written_to(collar_number="9999")
    assert seen(stage).waiting == ()
    assert only(stage, reader="contact_centre").victim_id is None


def test_the_control_room_sees_its_own_look_first():
    stage = written_to(message=DANGER)
    assert only(stage).task_id == answer(stage).obligation_id
    line = only(stage, reader="control_room")
    assert (line.danger, line.task_id) == (True, alarm(stage).obligation_id)
    assert done(stage, line.task_id, reader="control_room") == Answer(Came.RECORDED)
    assert (alarm(stage).state, answer(stage).state) == ("met", "open")


def test_a_contact_with_the_writer_answers_it_and_it_is_gone():
    stage = written_to()
    stage.world.clock.advance(2 * MINUTE)
    assert post(stage, spoke(stage)) == Answer(Came.RECORDED)
    assert stage.duty(Kind.CONTACT_ANSWER) == "met"
    assert seen(stage).waiting == ()


def test_answered_another_way_counts_once():
    stage = written_to(TWO)
    task = only(stage).task_id
    assert only(stage).victim_id is None
    assert done(stage, task) == Answer(Came.RECORDED)
    assert (answer(stage).state, seen(stage).waiting) == ("met", ())
    assert done(stage, task) == Answer(Came.ALREADY)
    (event,) = [event for event in stage.world.cases.load(REF).events if event.event_id == answer(stage).evidence]
    assert event.by == "2345"


def test_two_presses_at_one_moment_count_once():
    stage = written_to(TWO)
    task, token, said = only(stage).task_id, link(stage), []
    hooked(stage, "cases.obligations", "before", lambda: said.append(stage.house.messages.answered(token, task, stage.now)))
    said.append(stage.house.messages.answered(token, task, stage.now))
    assert said == [Answer(Came.RECORDED), Answer(Came.ALREADY)]


@pytest.mark.parametrize(("facts", "task"), [(DOMESTIC, None), ({}, "nothing of the kind")])
def test_what_takes_a_sign_in_or_does_not_wait_is_refused(facts: dict[str, Any], task: str | None):
    stage = written_to(facts)
    assert done(stage, task or only(stage).task_id) == Answer(Came.REFUSED)
    assert answer(stage).state == "open"


def test_a_dead_link_shows_and_does_nothing():
    stage = written_to()
    task, token = only(stage).task_id, link(stage)
    stage.house.pages.revoke(REF, stage.now)
    assert stage.house.messages.view(token, stage.now) is None
    assert stage.house.messages.answered(token, task, stage.now) == Answer(Came.DEAD)

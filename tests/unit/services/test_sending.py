"""Stories of one message on its way: lost, raced for, overtaken, read together; never twice to anybody outside.

Must not test what a state allows (tests/unit/domain/test_delivery.py) or what a refusal leads to (test_refused.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.case import Suspension
from chalicelib.domain.delivery import State
from chalicelib.domain.errors import Contended, StoreUnavailable, UnknownOutcomeError
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Purpose
from chalicelib.services.attempts import Delivered
from chalicelib.services.sweep import AT_ONCE, Swept
from tests.builders import contact_safety, officer_named, victim
from tests.unit.services.stage import DAY, Stage, due, hooked, profile

ALEX = "alex.morgan@example.org"
SERVICE = profile().victim_service.email
ACK, REFERRAL, TASK = Template.ACKNOWLEDGEMENT, Template.REFERRAL, Template.TASK
TOLD = [("acknowledgement", ALEX), ("referral", SERVICE)]
UNREACHABLE = victim(contact_safety=contact_safety(safe_channels=[]))
RULES = profile().delivery


def test_a_lease_that_ran_out_is_an_unknown_outcome():
    stage = due()
    row = stage.only(ACK)
    stage.world.cases.rows[row.notification_id] = replace(
        row,
        state=State.SENDING,
        token="dead",
        announces=True,
        attempts=1,
        lease_until=stage.now + RULES.lease,
        open_at=stage.now + RULES.lease,
    )
    assert stage.one(row.notification_id).outcome is Delivered.NOT_DUE
    stage.world.clock.advance(RULES.lease)
    assert stage.one(row.notification_id).outcome is Delivered.UNKNOWN
    stage.later(DAY)
    assert (stage.outside, stage.tasks()) == ([], [Purpose.OUTCOME_UNKNOWN])


def test_a_worker_slower_than_its_lease_changes_nothing_any_more():
    stage = due()
    key = stage.only(ACK).notification_id

    def overtaken() -> None:
        stage.world.clock.advance(RULES.lease)
        stage.one(key)

    hooked(stage, "email.send", "after", overtaken)
    stage.one(key)
    assert stage.only(ACK).state is State.UNKNOWN
    stage.receive(stage.only(ACK))
    assert (stage.outside, stage.tasks()) == (TOLD, [])


CALLS = ("cases.notifications", "cases.load", "cases.around", "renderer.email", "cases.claim", "cases.head", "email.send", "cases.commit")


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_of_two_workers_exactly_one_sends(name, when):
    stage = due()
    key = stage.only(ACK).notification_id
    hooked(stage, name, when, lambda: stage.one(key))
    stage.one(key)
    stage.sweep()
    assert stage.outside == TOLD
    assert stage.only(ACK).state is State.SENT


def test_a_claim_that_is_not_answered_recognises_itself():
    stage = due()
    stage.world.calls.fail("cases.claim", StoreUnavailable("timeout"), when="after")
    assert stage.one(stage.only(ACK).notification_id) is None
    assert stage.only(ACK).state is State.SENDING
    assert stage.outside == []


def test_an_outcome_that_cannot_be_written_leaves_the_row_to_its_lease():
    stage = due()
    stage.world.calls.fail("cases.commit", *[Contended("x")] * 5)
    stage.run()
    stage.one(stage.only(ACK).notification_id)
    assert stage.only(ACK).state is State.SENDING
    stage.later(RULES.lease)
    stage.receive(stage.only(ACK))
    assert stage.outside == TOLD


def test_what_the_provider_said_is_tried_again_when_a_neighbour_moved():
    stage = due()
    stage.world.calls.fail("cases.commit", Contended("neighbour"))
    stage.one(stage.only(ACK).notification_id)
    stage.sweep()
    assert (stage.only(ACK).state, stage.outside) == (State.SENT, TOLD)


def test_a_row_that_is_gone_or_not_due_is_left_alone():
    stage = Stage()
    stage.version()
    assert stage.one("unheard of").outcome is Delivered.GONE
    assert stage.one(stage.only(ACK).notification_id).outcome is Delivered.NOT_DUE


def test_a_row_that_is_removed_while_its_subject_is_read_is_gone():
    stage = due()
    key = stage.only(ACK).notification_id
    hooked(stage, "cases.around", "before", lambda: stage.world.cases.rows.pop(key))
    attempt = stage.one(key)
    assert (attempt.outcome, attempt.row, stage.left) == (Delivered.GONE, None, [])
    assert key not in stage.world.cases.rows


def test_nothing_is_sent_between_two_versions():
    stage = due()
    head = stage.world.cases.heads["26000712345"]
    stage.world.cases.heads["26000712345"] = replace(head, version=2)
    attempt = stage.one(stage.only(ACK).notification_id)
    assert (attempt.outcome, attempt.code, stage.left) == (Delivered.NOT_DUE, "version_in_progress", [])


def test_a_task_about_a_record_nobody_could_read_is_not_sent_once_it_is_not_owed():
    stage = Stage()
    stage.version()
    stage.version(victims=[victim(email="other@example.org")])
    key, owed = next((key, item) for key, item in stage.world.cases.owed.items() if item.purpose is Purpose.QUARANTINE)
    stage.world.cases.owed[key] = replace(owed, state="waived")
    stage.run()
    assert stage.sent_to("operations") == []


@pytest.mark.parametrize(("rows", "due_now", "more"), [(AT_ONCE - 1, AT_ONCE - 1, False), (AT_ONCE + 1, AT_ONCE, True)])
def test_the_sweep_says_when_more_is_due_than_it_hinted_at(rows, due_now, more):
    stage = Stage()
    stage.version(victims=[UNREACHABLE])
    task = stage.only(TASK)
    stage.world.cases.rows = {key: replace(task, notification_id=key) for key in (f"{number:032x}" for number in range(rows))}
    stage.world.queues.take()
    assert stage.house.sweep.sweep(stage.now) == Swept(due_now, more)
    assert len(stage.world.queues.take()) == due_now


def test_a_sweep_counts_the_outcomes_that_are_waited_for_and_does_its_work_where_nobody_says():
    stage = due()
    stage.world.calls.fail("email.send", UnknownOutcomeError("ReadTimeoutError"))
    stage.sweep()
    assert stage.only(ACK).state is State.UNKNOWN
    assert stage.house.sweep.sweep(stage.now).unknown == 1
    stage.world.calls.fail("cases.unknown_until", StoreUnavailable("unknown_until"))
    assert stage.house.sweep.sweep(stage.now).unknown is None


def test_a_victim_removed_during_the_call_gets_no_referral():
    stage = due(victims=[victim("V1"), victim("V2")])
    hooked(stage, "email.send", "before", lambda: stage.version(2))
    stage.one(stage.only(ACK, victim_id="V2").notification_id)
    stage.later(timedelta(hours=2))
    assert sorted(stage.outside) == sorted([*TOLD, ("acknowledgement", "alex.morgan.2@example.org")])
    assert stage.only(REFERRAL, victim_id="V2").state is State.CANCELLED


def test_a_referral_that_became_due_before_its_notice_waits_again():
    stage = due()
    row = stage.only(REFERRAL)
    stage.world.cases.rows[row.notification_id] = replace(row, state=State.PENDING, open_at=stage.now, reason=None)
    assert stage.one(row.notification_id).outcome is Delivered.NOT_WANTED
    assert (stage.left, stage.only(REFERRAL).reason) == ([], "waits_for_notice")


def test_a_window_that_grows_while_the_notice_is_sent_holds_the_referral():
    stage = due()
    hooked(stage, "email.send", "before", lambda: stage.version(2, offences=[{"code": "8N"}]))
    stage.one(stage.only(ACK).notification_id)
    assert (stage.only(REFERRAL).state, stage.only(REFERRAL).reason) == (State.HELD, "hold_window")
    stage.later(DAY)
    assert stage.outside == TOLD


def test_a_decision_that_is_contended_too_often_is_given_back():
    stage = due()
    stage.world.calls.fail("cases.commit", *[Contended("head")] * 5)
    stage.world.cases.heads["26000712345"] = replace(stage.world.cases.heads["26000712345"], suspension=Suspension("q", None, stage.now))
    assert stage.one(stage.only(ACK).notification_id) is None
    assert stage.one(stage.only(ACK).notification_id).outcome is Delivered.NOT_WANTED
    assert stage.only(ACK).reason == "suspended"


def test_a_task_never_goes_to_a_victim_whatever_the_record_calls_an_officers_address():
    stage = Stage()
    stage.version(flags={"stalking_harassment": None}, officer=officer_named(email=ALEX))
    stage.run()
    assert (stage.sent_to("officer"), stage.sent_to("unit")) == ([], [("task", "crime-management@derbyshire-police.test")])


def test_rows_are_read_together_and_one_that_moved_since_is_read_again():
    stage = due()
    key = stage.only(ACK).notification_id
    read = stage.house.deliver.read([key, "absent"], stage.now)
    assert read == {key: stage.only(ACK)}
    assert stage.house.deliver.deliver(key, "first", stage.now, read[key]).outcome is Delivered.SENT
    assert stage.house.deliver.deliver(key, "second", stage.now, read[key]).outcome is Delivered.NOT_DUE
    assert len(stage.world.email.sent) == 1


def test_rows_that_cannot_be_read_together_are_read_in_their_turn():
    stage = due()
    stage.world.calls.fail("cases.notifications", StoreUnavailable("notifications"))
    assert stage.house.deliver.read([stage.only(ACK).notification_id], stage.now) == {}

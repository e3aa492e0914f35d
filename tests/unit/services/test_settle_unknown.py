"""A named person ends an unknown outcome: it arrived, it did not, or it goes once more, by their decision alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.delivery import Notification, State
from chalicelib.domain.errors import RetryLater, UnknownOutcomeError
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Kind, ObligationState, Purpose
from tests.unit.services.stage import MINUTE, REF, Stage

ACK, REFERRAL = Template.ACKNOWLEDGEMENT, Template.REFERRAL
OTHER = "26000799999"


def lost(settled: bool = True, **facts: object) -> Stage:
    """The acknowledgement's answer never came; after a quarter of an hour a person has it."""
    stage = Stage()
    stage.version(**facts)
    stage.world.calls.fail("email.send", UnknownOutcomeError("timeout"))
    stage.later(30 * MINUTE)
    if settled:
        stage.later(16 * MINUTE)
    return stage


def ack(stage: Stage) -> Notification:
    return stage.only(ACK)


def audit(stage: Stage, op: str) -> list[tuple[str, str | None, str | None]]:
    return [(entry.actor, entry.detail, entry.notification_id) for entry in stage.world.cases.audit_of(REF) if entry.op == op]


def acknowledged(stage: Stage) -> ObligationState:
    return next(row.state for row in stage.owed() if row.kind is Kind.WRITTEN_ACKNOWLEDGEMENT)


@pytest.mark.parametrize("settled", [False, True])
def test_what_waits_is_listed_until_it_is_known(settled):
    stage = lost(settled)
    assert [row.state for row in stage.house.unknown.waiting(stage.now, 2)] == [State.SETTLED if settled else State.UNKNOWN]
    assert stage.house.unknown.of(ack(stage).notification_id) == ack(stage)
    stage.receive(ack(stage))
    assert stage.house.unknown.waiting(stage.now, 2) == []
    assert stage.house.unknown.of(ack(stage).notification_id) is None
    assert stage.house.unknown.of("nobody's") is None


def test_the_reader_has_it_so_it_counts_as_a_receipt_would():
    stage = lost()
    before = ack(stage)
    stage.house.unknown.arrived(before, "7001", "rang, has the mail", stage.now - 10 * MINUTE, stage.now)
    stage.run()
    assert (ack(stage).state, ack(stage).delivered_at) == (State.DELIVERED, stage.now - 10 * MINUTE)
    assert acknowledged(stage) is ObligationState.MET
    assert audit(stage, "outcome_settled") == [("7001", "arrived: rang, has the mail", before.notification_id)]
    assert not stage.rows(REFERRAL) or stage.only(REFERRAL).state is not State.SENT, "what waited for it is that person's to decide"


@pytest.mark.parametrize("settled", [False, True])
def test_it_did_not_arrive_so_a_person_has_it_and_nothing_is_sent_again(settled):
    stage = lost(settled)
    stage.house.unknown.lost(ack(stage), "7001", "not in any folder", stage.now)
    stage.later(60 * MINUTE)
    assert ack(stage).state is State.SETTLED
    assert Purpose.OUTCOME_UNKNOWN in stage.tasks()
    assert stage.outside == []
    assert [line[0] for line in audit(stage, "outcome_settled")] == ["7001"]


@pytest.mark.parametrize("settled", [False, True])
def test_it_goes_once_more_by_a_persons_decision_and_what_waits_for_it_follows(settled):
    stage = lost(settled)
    assert stage.house.unknown.again(ack(stage), "7001", "provider lost it", stage.now) == 1
    stage.later(MINUTE)
    assert [template for template, _ in stage.outside] == ["acknowledgement", "referral"]
    assert (ack(stage).state, ack(stage).attempts) == (State.SENT, 2)
    assert audit(stage, "resent") == [("7001", "provider lost it", ack(stage).notification_id)]
    stage.receive(ack(stage))
    assert acknowledged(stage) is ObligationState.MET
    assert stage.tasks(ObligationState.OPEN) == []


def test_whoever_became_specialist_meanwhile_is_not_written_to_whatever_a_person_decides_here():
    stage = lost()
    stage.version(2, flags={"domestic_abuse": True})
    stage.house.unknown.again(ack(stage), "7001", "again", stage.now)
    stage.later(60 * MINUTE)
    assert stage.outside == []


def test_a_message_of_two_linked_crimes_goes_again_for_both():
    stage = Stage()
    linked = {"linked_references": [REF, OTHER]}
    stage.version(**linked)
    stage.version(reference=OTHER, **linked)
    stage.world.calls.fail("email.send", UnknownOutcomeError("timeout"))
    stage.later(30 * MINUTE)
    stage.later(16 * MINUTE)
    lead = next(row for row in stage.world.cases.rows.values() if row.speaks_for)
    assert stage.house.unknown.again(lead, "7001", "again", stage.now) == 2
    stage.later(MINUTE)
    assert [item.template for item in stage.left if item.audience == "victim"] == [ACK]
    assert {row.state for row in stage.world.cases.rows.values() if row.template is ACK} == {State.SENT}


def test_a_receipt_that_was_faster_wins():
    stage = lost()
    before = ack(stage)
    stage.receive(before)
    with pytest.raises(RetryLater):
        stage.house.unknown.again(before, "7001", "again", stage.now)
    assert ack(stage).state is State.DELIVERED


def test_a_case_that_cannot_be_decided_now_is_hinted_at():
    stage = lost(settled=False)
    stage.world.calls.on_call = lambda name, when: _busy(stage, name)
    stage.house.unknown.lost(ack(stage), "7001", "gone", stage.now)
    stage.world.calls.on_call = None
    stage.world.calls.fail_no_more()
    assert ack(stage).notification_id in stage.world.queues.dispatched
    stage.later(MINUTE)
    assert Purpose.OUTCOME_UNKNOWN in stage.tasks()


def _busy(stage: Stage, name: str) -> None:
    if name == "cases.load":
        raise RetryLater("busy")


def test_mail_inside_the_force_is_settled_without_a_case_to_decide():
    stage = Stage()
    stage.version(2, source="pigeon")
    stage.world.calls.fail("email.send", UnknownOutcomeError("timeout"))
    stage.run()
    (row,) = stage.house.unknown.waiting(stage.now + timedelta(), 1)
    assert row.victim_id is None
    stage.house.unknown.lost(row, "7001", "gone", stage.now)
    assert stage.row(row.notification_id).state is State.SETTLED

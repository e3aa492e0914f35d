"""Stories of what the provider says of a message: in time, late, twice, before our own write, after a person has it.

Must not test what a state allows (tests/unit/domain/test_delivery.py).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.case import Marker
from chalicelib.domain.delivery import State
from chalicelib.domain.errors import Contended, UnknownOutcomeError
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Purpose
from tests.builders import contact_safety, victim
from tests.unit.services.stage import DAY, due, hooked, profile

ALEX = "alex.morgan@example.org"
MOBILE = "+447700900123"
SERVICE = profile().victim_service.email
OFFICER = "sam.ash@example.test"
ACK, REFERRAL, TASK, STOP = Template.ACKNOWLEDGEMENT, Template.REFERRAL, Template.TASK, Template.STOP_NOTICE
TOLD = [("acknowledgement", ALEX), ("referral", SERVICE)]
DOMESTIC = {"flags": {"domestic_abuse": True}}
UNREACHABLE = victim(contact_safety=contact_safety(safe_channels=[]))
RULES = profile().delivery


@pytest.mark.parametrize("state", [State.SENT, State.DELIVERED])
def test_a_receipt_settles_an_unknown_outcome_and_lets_the_referral_leave(state):
    stage = due()
    stage.world.calls.fail("email.send", UnknownOutcomeError("timeout"), when="after")
    stage.sweep()
    assert (stage.only(ACK).state, stage.sent_to("service")) == (State.UNKNOWN, [])
    stage.receive(stage.only(ACK), state)
    assert stage.outside == TOLD
    assert stage.tasks() == []


def test_an_unknown_outcome_without_a_receipt_is_a_persons_and_is_never_sent_again():
    stage = due()
    stage.world.calls.fail("email.send", UnknownOutcomeError("timeout"), when="after")
    stage.sweep()
    stage.later(RULES.unknown_after)
    assert (stage.only(ACK).state, stage.only(REFERRAL).state) == (State.SETTLED, State.CANCELLED)
    stage.later(DAY)
    assert stage.outside == [("acknowledgement", ALEX)]
    assert (stage.tasks(), stage.sent_to("officer")) == ([Purpose.OUTCOME_UNKNOWN], [("task", OFFICER)])


def test_a_receipt_after_a_person_has_it_meets_what_was_owed_and_leaves_them_the_referral():
    stage = due()
    stage.world.calls.fail("email.send", UnknownOutcomeError("timeout"), when="after")
    stage.sweep()
    stage.later(RULES.unknown_after)
    stage.receive(stage.only(ACK), State.DELIVERED)
    assert stage.duty("written_acknowledgement") == "met"
    assert (stage.tasks(), stage.outside) == ([Purpose.OUTCOME_UNKNOWN], [("acknowledgement", ALEX)]), (
        "the referral is that person's to decide"
    )


def test_a_receipt_faster_than_our_own_write_is_not_overwritten():
    stage = due()
    hooked(stage, "email.send", "after", lambda: stage.receive(stage.only(ACK)))
    stage.sweep()
    assert (stage.only(ACK).state, stage.outside) == (State.DELIVERED, TOLD)
    assert len([entry for entry in stage.world.cases.audit_of("26000712345") if entry.op == "disclosed"]) == 2


def test_receipts_may_come_twice_late_and_out_of_order():
    stage = due()
    stage.sweep()
    notice = stage.only(ACK)
    assert [stage.receive(notice, state) for state in (State.DELIVERED, State.SENT, State.DELIVERED)] == ["moved", "no_change", "no_change"]
    assert stage.duty("written_acknowledgement") == "met"
    stage.later(DAY)
    assert stage.outside == TOLD


def test_a_bounce_after_delivery_takes_the_evidence_back():
    stage = due()
    stage.sweep()
    stage.receive(stage.only(ACK))
    stage.receive(stage.only(ACK), State.BOUNCED, permanent=True)
    assert (stage.duty("written_acknowledgement"), stage.tasks()) == ("open", [Purpose.NOT_DELIVERED])
    assert stage.receive(stage.only(ACK)) == "no_change"
    assert stage.duty("written_acknowledgement") == "open"


def test_a_complaint_says_that_it_arrived():
    stage = due()
    stage.sweep()
    stage.receive(stage.only(ACK), State.COMPLAINED)
    stage.receive(stage.only(ACK))
    assert (stage.only(ACK).state, stage.duty("written_acknowledgement")) == (State.COMPLAINED, "met")


def test_a_message_that_arrives_while_nothing_is_owed_counts_when_it_is_owed_again():
    stage = due()
    stage.sweep()
    stage.version(2, status="cancelled")
    stage.receive(stage.only(ACK))
    stage.version(3)
    assert stage.duty("written_acknowledgement") == "met"


def test_a_bounce_before_the_referral_left_keeps_it():
    stage = due()
    stage.one(stage.only(ACK).notification_id)
    stage.receive(stage.only(ACK), State.BOUNCED)
    stage.later(DAY)
    assert (stage.outside, stage.only(REFERRAL).state, stage.tasks()) == (TOLD[:1], State.CANCELLED, [Purpose.NOT_DELIVERED])


def test_a_receipt_of_nothing_we_know_is_said_so():
    stage = due()
    row = replace(stage.only(ACK), notification_id="of another system")
    assert stage.receive(row) == "unknown_message"


def test_a_receipt_while_a_version_is_in_progress_is_decided_from_the_open_row():
    stage = due()
    stage.sweep()
    stage.version(2, victims=[victim(f"V{number}") for number in range(1, 41)])
    head = stage.world.cases.heads["26000712345"]
    stage.world.cases.heads["26000712345"] = replace(head, marker=Marker(head.version, head.content_hash))
    stage.receive(stage.only(ACK, victim_id="V1"), State.BOUNCED)
    assert stage.tasks(victim_id="V1") == []
    stage.world.cases.heads["26000712345"] = head
    stage.sweep()
    assert stage.tasks(victim_id="V1") == [Purpose.NOT_DELIVERED]


def test_a_receipt_gives_up_after_some_tries():
    stage = due()
    stage.sweep()
    stage.world.calls.fail("cases.commit", *[Contended("notification")] * 5)
    with pytest.raises(Contended):
        stage.receive(stage.only(ACK))
    assert stage.receive(stage.only(ACK)) == "moved"


def test_a_receipt_that_comes_before_the_window_of_the_referral_ends_does_not_shorten_it():
    stage = due()
    stage.world.calls.fail("email.send", UnknownOutcomeError("timeout"), when="after")
    stage.one(stage.only(ACK).notification_id)
    stage.version(2, offences=[{"code": "8N"}])
    stage.receive(stage.only(ACK))
    assert (stage.sent_to("service"), stage.only(REFERRAL).reason) == ([], "hold_window")

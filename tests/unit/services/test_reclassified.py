"""Stories of records that turn specialist or change while or after something left: what is stopped, and who learns it.

Must not repeat what is held from the start (test_holding.py).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Purpose
from tests.builders import victim
from tests.unit.services.stage import DAY, HOUR, MINUTE, REF, Stage, hooked, profile

ALEX = "alex.morgan@example.org"
SERVICE = profile().victim_service.email
UNIT = "victim-care-unit@derbyshire-police.test"
ACK, REFERRAL, TASK, STOP = Template.ACKNOWLEDGEMENT, Template.REFERRAL, Template.TASK, Template.STOP_NOTICE
CHILD = victim(date_of_birth="2014-03-01")


def reclassified_after_sending() -> Stage:
    stage = Stage()
    stage.version()
    stage.later(30 * MINUTE)
    stage.later(MINUTE)
    stage.version(2, flags={"domestic_abuse": True})
    stage.run()
    return stage


def test_re_classified_after_sending_the_service_is_stopped_and_the_unit_told():
    stage = reclassified_after_sending()
    assert stage.outside[2:] == [("stop_notice", SERVICE)]
    assert stage.tasks() == [Purpose.SENT_BEFORE, Purpose.SPECIALIST, Purpose.STOP_CONFIRM]
    assert stage.duty("stop_notice") == "open"
    assert stage.leaks() == []


def test_a_stop_notice_leaves_at_night():
    stage = Stage()
    stage.version()
    stage.later(30 * MINUTE)
    stage.later(12 * HOUR)
    stage.version(2, flags={"domestic_abuse": True})
    stage.run()
    assert stage.outside[-1] == ("stop_notice", SERVICE)


@pytest.mark.parametrize(
    ("case", "then"),
    [
        ("a later version", {}),
        ("the flag is cleared", {"flags": {}}),
        ("the victim is removed", {"victims": [victim("V2")]}),
        ("the record is cancelled", {"status": "cancelled"}),
        ("the record is transferred", {"status": "transferred"}),
    ],
)
def test_the_stop_stays_owed_until_a_person_confirms_it(case, then):
    stage = reclassified_after_sending()
    stage.version(3, **({"flags": {"domestic_abuse": True}} | then))
    stage.later(DAY)
    assert stage.duty("stop_notice", victim_id="V1") == "open", case
    assert stage.outside.count(("stop_notice", SERVICE)) == 1


def test_a_stop_that_could_not_leave_yet_leaves_although_the_victim_was_removed():
    stage = Stage()
    stage.version()
    stage.later(30 * MINUTE)
    stage.version(2, flags={"domestic_abuse": True})
    stage.version(3, victims=[victim("V2")])
    stage.run()
    assert ("stop_notice", SERVICE) in stage.outside
    assert stage.duty("stop_notice", victim_id="V1") == "open"
    assert [leak for leak in stage.leaks() if leak.notification_id == stage.only(STOP).notification_id] == []


def test_a_release_keeps_a_stop_that_was_told_owed():
    stage = Stage()
    stage.version()
    stage.later(30 * MINUTE)
    stage.version(2, flags={"domestic_abuse": None})
    stage.run()
    stage.version(3)
    stage.later(HOUR)
    assert stage.outside[2:] == [("stop_notice", SERVICE)]
    assert (stage.duty("stop_notice"), stage.tasks()) == ("open", [Purpose.STOP_CONFIRM])


def test_re_classified_between_the_notice_and_the_referral_nothing_is_passed_on():
    stage = Stage()
    stage.version()
    stage.world.clock.advance(30 * MINUTE)
    stage.one(stage.only(ACK).notification_id)
    stage.version(2, flags={"domestic_abuse": True})
    stage.later(DAY)
    assert stage.outside == [("acknowledgement", ALEX)]
    assert (stage.only(REFERRAL).state, stage.rows(STOP)) == (State.CANCELLED, [])
    assert stage.tasks() == [Purpose.SENT_BEFORE, Purpose.SPECIALIST]


@pytest.mark.parametrize(
    ("name", "when"), [("cases.load", "after"), ("cases.claim", "before"), ("cases.claim", "after"), ("cases.head", "before")]
)
def test_a_decision_that_can_still_be_known_stops_the_message(name, when):
    stage = Stage()
    stage.version()
    stage.world.clock.advance(30 * MINUTE)
    hooked(stage, name, when, lambda: stage.version(2, flags={"domestic_abuse": True}))
    stage.one(stage.only(ACK).notification_id)
    stage.later(DAY)
    assert stage.outside == []
    assert (stage.only(ACK).state, stage.tasks()) == (State.CANCELLED, [Purpose.SPECIALIST])


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_decision_during_the_call_is_settled_by_the_worker(when):
    stage = Stage()
    stage.version()
    stage.world.clock.advance(30 * MINUTE)
    hooked(stage, "email.send", when, lambda: stage.version(2, flags={"domestic_abuse": True}))
    stage.one(stage.only(ACK).notification_id)
    stage.later(DAY)
    assert stage.outside == [("acknowledgement", ALEX)]
    assert stage.tasks() == [Purpose.SENT_BEFORE, Purpose.SPECIALIST]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_decision_during_the_call_to_the_service_stops_the_service(when):
    stage = Stage()
    stage.version()
    stage.world.clock.advance(30 * MINUTE)
    stage.one(stage.only(ACK).notification_id)
    hooked(stage, "email.send", when, lambda: stage.version(2, flags={"domestic_abuse": True}))
    stage.one(stage.only(REFERRAL).notification_id)
    stage.later(DAY)
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE), ("stop_notice", SERVICE)]
    assert stage.tasks() == [Purpose.SENT_BEFORE, Purpose.SPECIALIST, Purpose.STOP_CONFIRM]


def test_a_victim_who_changes_channel_during_the_call_is_not_written_to_twice():
    stage = Stage()
    stage.version(victims=[victim(contact_safety=None)])
    stage.world.clock.advance(30 * MINUTE)
    by_text = victim(contact_safety=None, email=None)
    hooked(stage, "email.send", "before", lambda: (stage.version(2, victims=[by_text]), stage.run()))
    stage.one(stage.only(ACK).notification_id)
    stage.later(DAY)
    assert stage.sent_to("victim") == [("acknowledgement", ALEX)]


def test_a_version_after_the_message_never_makes_a_second_one():
    stage = Stage()
    stage.version()
    stage.later(30 * MINUTE)
    for version in (2, 3, 4):
        stage.version(version, victims=[victim(preferred_channel="sms")])
        stage.later(HOUR)
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE)]
    assert stage.tasks() == []


def told() -> Stage:
    stage = Stage()
    stage.version()
    stage.later(30 * MINUTE)
    stage.later(MINUTE)
    return stage


@pytest.mark.parametrize("facts", [{"status": "cancelled"}, {"victims": []}], ids=["cancelled", "the victim removed"])
def test_what_turns_specialist_as_it_ends_is_stopped_all_the_same(facts):
    stage = told()
    stage.version(2, flags={"domestic_abuse": True}, **facts)
    stage.run()
    assert stage.outside[2:] == [("stop_notice", SERVICE)]
    assert Purpose.SENT_BEFORE in stage.tasks()


def test_what_is_asked_for_after_sending_is_due_from_then_on():
    stage = told()
    stage.later(timedelta(days=20))
    stage.version(2, flags={"domestic_abuse": True})
    late = [owed for owed in stage.world.cases.obligations_of(REF) if owed.purpose in (Purpose.SENT_BEFORE, Purpose.STOP_CONFIRM)]
    assert [owed.started_at for owed in late] == [stage.now, stage.now]
    assert all(owed.due_at > stage.now for owed in late)


@pytest.mark.parametrize(
    "facts", [{"flags": {"domestic_abuse": True}}, {"victims": [victim(referral_opt_out=True)]}], ids=["stop", "withdrawal"]
)
def test_a_notice_to_the_service_that_bounces_is_told_by_a_person(facts):
    stage = told()
    stage.version(2, **facts)
    stage.run()
    (notice,) = [row for row in stage.world.cases.outbox_of(REF) if row.template in ("stop_notice", "withdrawal")]
    stage.receive(notice, State.BOUNCED)
    stage.run()
    assert Purpose.RING_THE_SERVICE in stage.tasks()


def test_an_objection_taken_back_after_the_service_heard_it_goes_to_a_person():
    stage = told()
    stage.version(2, victims=[victim(referral_opt_out=True)])
    stage.run()
    stage.version(3, victims=[victim(referral_opt_out=False)])
    stage.run()
    assert Purpose.REFER_AGAIN in stage.tasks()

"""Stories of one message that a provider refuses, or of which nobody hears: who is told instead, and how often.

Must not test who else moves the row meanwhile (test_sending.py).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import PermanentSendError, TransientSendError, UnknownOutcomeError
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Purpose
from tests.builders import contact_safety, victim
from tests.unit.services.stage import DAY, HOUR, MINUTE, Stage, due, profile

ALEX = "alex.morgan@example.org"
MOBILE = "+447700900123"
SERVICE = profile().victim_service.email
OFFICER = "sam.ash@example.test"
OPERATIONS = "operations@derbyshire-police.test"
ACK, REFERRAL, STOP = Template.ACKNOWLEDGEMENT, Template.REFERRAL, Template.STOP_NOTICE
TOLD = [("acknowledgement", ALEX), ("referral", SERVICE)]
DOMESTIC = {"flags": {"domestic_abuse": True}}
UNREACHABLE = victim(contact_safety=contact_safety(safe_channels=[]))
RULES = profile().delivery


def test_a_transient_refusal_backs_off_twice_as_long_each_time():
    stage = due()
    stage.world.calls.fail("email.send", *[TransientSendError("Throttling")] * 4)
    waits, key = [], stage.only(ACK).notification_id
    for _ in range(4):
        stage.one(key)
        row = stage.only(ACK)
        assert (row.state, row.reason, row.open_at > stage.now) == (State.PENDING, "transient", True)
        waits.append(row.open_at - stage.now)
        stage.world.clock.set(row.open_at)
    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE]
    stage.sweep()
    assert stage.outside == TOLD


def test_a_refusal_that_never_ends_goes_to_a_person_and_closes_no_address():
    stage = due()
    stage.world.calls.fail("email.send", *[TransientSendError("Throttling")] * RULES.most_attempts)
    for _ in range(60):
        stage.later(RULES.longest_backoff)
    assert (stage.outside, stage.tasks()) == ([], [Purpose.NOT_DELIVERED])
    assert (stage.only(ACK).state, stage.only(ACK).reason) == (State.FAILED, "attempts_exhausted")
    assert stage.only(REFERRAL).state is State.CANCELLED
    assert not [row for row in stage.world.cases.points.values() if row.closed]


@pytest.mark.parametrize(("dead", "closed"), [(True, ["MessageRejected"]), (False, [])])
def test_a_permanent_failure_goes_to_the_officer_and_no_referral_leaves(dead, closed):
    stage = due()
    stage.world.calls.fail("email.send", PermanentSendError("MessageRejected", dead_address=dead))
    stage.later(DAY)
    assert (stage.outside, stage.tasks(), stage.sent_to("officer")) == ([], [Purpose.NOT_DELIVERED], [("task", OFFICER)])
    assert [row.closed for row in stage.world.cases.points.values() if row.closed] == closed


def test_a_dead_number_is_closed_too_and_the_email_still_leaves():
    stage = due(victims=[victim(preferred_channel="sms")])
    stage.world.calls.fail("sms.send", PermanentSendError("INVALID", dead_address=True))
    stage.sweep()
    assert stage.world.cases.points[stage.world.points.key("mobile", MOBILE)].closed == "INVALID"
    assert stage.outside == TOLD
    assert stage.tasks() == [Purpose.NOT_DELIVERED]


def test_a_referral_that_fails_goes_to_the_unit():
    stage = due()
    stage.one(stage.only(ACK).notification_id)
    stage.world.calls.fail("email.send", PermanentSendError("MessageRejected"))
    stage.sweep()
    assert (stage.only(REFERRAL).state, stage.tasks()) == (State.FAILED, [Purpose.NOT_DELIVERED])
    assert stage.sent_to("unit") == [("task", "victim-care-unit@derbyshire-police.test")]


def test_an_officers_mail_that_fails_goes_to_the_role():
    stage = Stage()
    stage.version(victims=[UNREACHABLE])
    stage.world.calls.fail("email.send", PermanentSendError("MessageRejected"))
    stage.later(MINUTE)
    assert stage.sent_to("officer", "unit") == [("task", "crime-management@derbyshire-police.test")]


def test_a_roles_mail_that_fails_goes_to_operations_once():
    stage = Stage()
    stage.version(**DOMESTIC)
    stage.world.calls.fail("email.send", PermanentSendError("MessageRejected"))
    stage.later(DAY)
    assert (stage.sent_to("operations"), stage.sent_to("unit"), stage.tasks()) == ([("task", OPERATIONS)], [], [Purpose.SPECIALIST])


def test_a_service_without_a_mailbox_leaves_the_referral_to_a_person():
    force = replace(profile(), victim_service=replace(profile().victim_service, email=None))
    stage = Stage(force=force)
    stage.version()
    stage.later(30 * MINUTE)
    assert stage.outside == [("acknowledgement", ALEX)]
    assert (stage.only(REFERRAL).reason, stage.tasks()) == ("no_address", [Purpose.NOT_DELIVERED])


def test_mail_inside_the_force_is_never_given_up():
    stage = Stage()
    stage.version(flags={"domestic_abuse": True})
    for _ in range(RULES.most_attempts + 5):
        stage.world.calls.fail("email.send", TransientSendError("AccountSendingPaused"))
        stage.later(RULES.longest_backoff)
    stage.later(RULES.longest_backoff)
    assert stage.sent_to("unit") == [("task", "victim-care-unit@derbyshire-police.test")]


@pytest.mark.parametrize(("facts", "to"), [({"victims": [UNREACHABLE]}, OFFICER), (DOMESTIC, "victim-care-unit@derbyshire-police.test")])
def test_mail_inside_the_force_is_repeated_where_nobody_heard(facts, to):
    stage = Stage()
    stage.version(**facts)
    stage.world.calls.fail("email.send", UnknownOutcomeError("timeout"))
    stage.run()
    stage.later(RULES.unknown_after)
    assert [item.to for item in stage.left] == [to]


def test_a_stop_notice_is_repeated_where_nobody_heard():
    stage = due()
    stage.sweep()
    stage.version(2, **DOMESTIC)
    stage.world.calls.fail("email.send", UnknownOutcomeError("timeout"), when="after")
    stage.one(stage.only(STOP).notification_id)
    stage.later(RULES.unknown_after)
    assert stage.sent_to("service") == [("referral", SERVICE), ("stop_notice", SERVICE), ("stop_notice", SERVICE)]


def test_what_is_unknown_of_a_removed_victim_ends_with_a_person_or_nobody():
    stage = due(victims=[victim("V1"), victim("V2")])
    stage.world.calls.fail("email.send", UnknownOutcomeError("timeout"))
    stage.one(stage.only(ACK, victim_id="V2").notification_id)
    stage.version(2)
    stage.later(RULES.unknown_after)
    stage.later(HOUR)
    assert stage.only(ACK, victim_id="V2").state is State.SETTLED
    assert stage.sent_to("victim") == [("acknowledgement", ALEX)]

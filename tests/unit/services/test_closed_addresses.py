"""Which addresses of a case are closed, why and since when, and a named person's word that one may be used again."""

from __future__ import annotations

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.messages import Template
from tests.builders import victim
from tests.unit.services.stage import HOUR, MINUTE, REF, Stage

ACK = Template.ACKNOWLEDGEMENT
OTHER = "26000799999"


def bounced() -> Stage:
    stage = Stage()
    stage.version()
    stage.later(HOUR)
    stage.receive(stage.only(ACK), State.BOUNCED, permanent=True)
    return stage


def test_an_address_that_bounced_is_told_by_kind_reason_and_time_and_never_shown():
    stage = bounced()
    (closed,) = stage.house.closed.of(REF)
    assert (closed.victim_id, closed.kind, closed.why, closed.since) == ("V1", "email", "code", stage.now)
    assert len(closed.short) == 12
    assert "@" not in repr(closed)
    stage.version(2, victims=[victim(email="new.address@example.org")])
    assert [one.kind for one in stage.house.closed.of(REF)] == ["earlier"]
    assert stage.house.closed.of(OTHER) == []


def test_a_number_and_what_was_closed_before_it_was_logged():
    stage = Stage()
    stage.version()
    point = stage.world.points.key("mobile", "+447700900123")
    stage.world.cases.points[point].closed = "30003"
    assert [(one.kind, one.why, one.since) for one in stage.house.closed.of(REF)] == [("mobile", "30003", None)]


def test_it_is_used_again_in_every_case_of_the_person_after_a_named_person_says_so():
    stage = bounced()
    stage.version(reference=OTHER)
    stage.later(HOUR)
    assert [item.channel for item in stage.left if item.reference == OTHER and item.template is ACK] != ["email"]
    (closed,) = stage.house.closed.of(REF)
    assert stage.house.closed.reopen(REF, closed, "7001", "mailbox was full", stage.now) == [REF, OTHER]
    assert stage.house.closed.of(REF) == []
    lines = [entry for entry in stage.world.cases.audit_of(REF) if entry.op.startswith("address")]
    assert [(line.op, line.actor) for line in lines] == [("address_closed", "system"), ("address_reopened", "7001")]
    assert lines[1].detail == f"{closed.short}: mailbox was full"
    third = "26000788888"
    stage.version(reference=third)
    stage.later(HOUR)
    assert [item.channel for item in stage.left if item.reference == third and item.template is ACK] == ["email"]


def test_a_case_that_is_busy_is_decided_by_its_next_version():
    stage = bounced()
    (closed,) = stage.house.closed.of(REF)
    stage.world.calls.fail("cases.load", StoreUnavailable("x"))
    assert stage.house.closed.reopen(REF, closed, "7001", "mailbox was full", stage.now + MINUTE) == []
    assert stage.house.closed.of(REF) == []


@pytest.mark.parametrize("said", ["email", "sms"])
def test_a_refusal_that_is_about_the_address_is_logged_too(said):
    from chalicelib.domain.errors import PermanentSendError
    from tests.builders import contact_safety

    stage = Stage()
    person = victim(preferred_channel=said, contact_safety=contact_safety(safe_channels=[said]))
    stage.version(victims=[person])
    stage.world.calls.fail(f"{said}.send", PermanentSendError("Dead", dead_address=True))
    stage.later(HOUR)
    (closed,) = stage.house.closed.of(REF)
    assert (closed.why, closed.since) == ("Dead", stage.now)

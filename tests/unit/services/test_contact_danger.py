"""Words of immediate danger: the control room at once, fifteen minutes, the duty contact; and a page that shows nothing of it.

Issue 6, section 1. NOW is Friday 20 November 2026; a message is written at eleven.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import PermanentSendError
from chalicelib.domain.model import Unit
from chalicelib.domain.obligations import ObligationState, Purpose
from chalicelib.services.contact_officer import Received
from tests import builders
from tests.unit.services.desk import (
    CENTRE,
    CONTROL,
    DANGER,
    DOMESTIC,
    DUTY,
    OFFICER,
    OPERATIONS,
    VCU,
    alarm,
    contents,
    note,
    notes,
    recorded,
    to,
    write,
)
from tests.unit.services.stage import HOUR, MINUTE, REF

OTHER = "26000799999"


@pytest.mark.parametrize("changes", [{}, {"collar_number": "9999"}, {"reference": OTHER}, {"doubtful": True}])
def test_the_control_room_is_told_at_once_whatever_the_pair(changes: dict[str, Any]):
    stage = recorded()
    assert write(stage, message=DANGER, **changes) == Received(True, danger=True)
    assert CONTROL in to(stage)
    owed = alarm(stage, changes.get("reference", REF))
    assert (owed.unit, owed.purpose, owed.urgent, owed.rule_id) == (Unit.CONTROL_ROOM, Purpose.DANGER_WORDS, True, "DANGER-15MIN")
    assert owed.due_at == stage.now + 15 * MINUTE


def test_at_any_hour():
    stage = recorded()
    stage.later(timedelta(hours=16))
    write(stage, message=DANGER)
    assert CONTROL in to(stage)


def test_it_is_answered_by_the_officer_as_well():
    stage = recorded()
    write(stage, message=DANGER)
    assert sorted(to(stage)) == sorted([CONTROL, OFFICER])
    assert {says for _, _, says in notes(stage)} == {True}
    told = zip(to(stage), contents(stage), strict=True)
    assert {reader: (content.danger, content.alarmed) for reader, content in told} == {CONTROL: (True, False), OFFICER: (False, True)}


def test_of_a_specialist_case_it_says_where_to_read_it():
    stage = recorded(**DOMESTIC)
    write(stage, message=DANGER)
    assert sorted(notes(stage)) == sorted([("unit", CONTROL, False), ("unit", VCU, False), ("officer", OFFICER, False)])
    assert stage.leaks() == []


def test_nobody_having_taken_it_up_in_fifteen_minutes_the_duty_contact_is_told_once():
    stage = recorded()
    write(stage, message=DANGER)
    stage.later(15 * MINUTE)
    assert DUTY not in to(stage)
    stage.later(5 * MINUTE)
    assert to(stage)[-1] == DUTY
    assert (note(stage).danger, note(stage).asks[:16]) == (True, "The control room")
    stage.later(30 * MINUTE)
    assert to(stage).count(DUTY) == 1
    assert alarm(stage).state is ObligationState.LATE


@pytest.mark.parametrize("step", ["picked_up", "done"])
def test_what_was_taken_up_goes_no_further(step: str):
    stage = recorded()
    write(stage, message=DANGER)
    stage.world.clock.advance(2 * MINUTE)
    stage.put(builders.done_message(alarm(stage).obligation_id, now=stage.now, step=step))
    stage.later(20 * MINUTE)
    assert DUTY not in to(stage)
    assert alarm(stage).state is (ObligationState.MET if step == "done" else ObligationState.LATE)


def test_an_answer_to_the_victim_does_not_settle_it():
    stage = recorded()
    write(stage, message=DANGER)
    stage.world.clock.advance(2 * MINUTE)
    stage.put(builders.contact_message(now=stage.now))
    assert alarm(stage).state is ObligationState.OPEN


def test_it_is_reminded_of_like_any_other():
    stage = recorded()
    write(stage, message=DANGER)
    stage.through(builders.NOW.date() + timedelta(days=1))
    assert CONTROL in {item.to for item in stage.digests()}


def test_a_mail_that_the_control_room_cannot_get_goes_to_operations():
    stage = recorded()
    stage.world.calls.fail("email.send", *[PermanentSendError("MessageRejected")] * 3)
    write(stage, message=DANGER, collar_number="9999")
    assert OPERATIONS in to(stage)
    assert "Ring it now" in {content.asks[-11:] for content in [note(stage)]} or CENTRE in to(stage)


def test_danger_among_many_rings_once_more_and_not_for_each():
    stage = recorded()
    for number in range(stage.house.profile.contact_forms.per_reference):
        write(stage, source=f"192.0.2.{number}", message=str(number))
    for number in range(3):
        write(stage, source=f"198.51.100.{number}", message=f"{DANGER} {number}")
    assert to(stage).count(CONTROL) == 1


def test_danger_among_many_rings_again_in_the_next_hour():
    stage = recorded()
    for number in range(stage.house.profile.contact_forms.per_reference):
        write(stage, source=f"192.0.2.{number}", message=str(number))
    write(stage, source="198.51.100.1", message=f"{DANGER} 1")
    stage.later(HOUR)
    write(stage, source="198.51.100.2", message=f"{DANGER} 2")
    assert to(stage).count(CONTROL) == 2


def test_the_same_words_of_danger_hours_later_ring_again_and_a_double_click_does_not():
    stage = recorded()
    write(stage, message=DANGER)
    write(stage, message=DANGER)
    assert to(stage).count(CONTROL) == 1
    stage.later(6 * HOUR)
    write(stage, message=DANGER)
    assert to(stage).count(CONTROL) == 2


def test_words_of_danger_are_taken_beyond_the_share_of_their_source():
    stage = recorded()
    share = stage.house.profile.contact_forms.per_source
    for number in range(share):
        write(stage, message=str(number), reference=f"260007{number:05d}")
    assert write(stage, message=DANGER).accepted
    assert CONTROL in to(stage)
    heard = [write(stage, message=f"{DANGER} {number}").accepted for number in range(share)]
    assert heard == [True] * (share - 1) + [False]

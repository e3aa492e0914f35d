"""The leak check on its schedule: silent over everything that the house sends, loud within the hour over what it should not have."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.delivery import Audience, State
from chalicelib.domain.errors import UnknownOutcomeError
from chalicelib.domain.leak_kinds import What
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel
from chalicelib.domain.obligations import Kind, ObligationState, Purpose
from chalicelib.services.leak_check import LeakCheck
from chalicelib.services.watch_leaks import Watched, WatchLeaks
from tests.builders import contact_safety, representative, victim
from tests.unit.services.desk import OPERATIONS, write
from tests.unit.services.stage import DAY, HOUR, MINUTE, REF, Stage, profile

OTHER = "26000799999"
DOMESTIC: dict[str, Any] = {"flags": {"domestic_abuse": True}}
ACK = Template.ACKNOWLEDGEMENT


def watch(stage: Stage) -> WatchLeaks:
    w = stage.world
    return WatchLeaks(w.cases, w.points, w.archive, w.queues, LeakCheck(w.cases, w.archive, profile()), stage.house.decider.standing)


def run(stage: Stage) -> Watched:
    return watch(stage).run(stage.now)


def kinds(watched: Watched) -> set[str]:
    return {leak.what for leak in watched.leaks}


def incidents(stage: Stage, reference: str = REF) -> list[Any]:
    return [row for row in stage.owed(reference=reference) if row.kind is Kind.LEAK]


LETTER = victim(preferred_channel="letter", contact_safety=contact_safety(safe_channels=["letter"]))
TEXT = victim(preferred_channel="sms", contact_safety=contact_safety(safe_channels=["sms", "letter"]), mobile="07700 900123")
FOR_A_CHILD = victim(representative=representative(linked_to_suspect=False))


@pytest.mark.parametrize("person", [victim(), LETTER, TEXT, FOR_A_CHILD], ids=["e-mail", "letter", "text", "representative"])
def test_it_is_silent_over_what_the_house_sends(person):
    stage = Stage()
    stage.version(victims=[person])
    stage.version(reference=OTHER, **DOMESTIC, victims=[victim("V9", person_ref="N9", email="nine@example.org", mobile=None)])
    stage.later(HOUR)
    watched = run(stage)
    assert watched.leaks == ()
    assert watched.checked == len({key for key in (item.notification_id for item in stage.left if item.outside)})
    assert incidents(stage) == []


def test_it_is_silent_over_linked_crimes_and_of_nothing():
    stage = Stage()
    assert run(stage) == Watched(0, (), 0)
    linked = {"linked_references": [REF, OTHER]}
    stage.version(**linked)
    stage.version(reference=OTHER, **linked)
    stage.later(HOUR)
    assert run(stage).leaks == ()


def leaked(**changes: Any) -> Stage:
    """A message left about somebody specialist, as after a fault of ours in the routing."""
    stage = Stage()
    stage.version(**DOMESTIC)
    stage.later(MINUTE)
    point = stage.world.points.key("email", "alex.morgan@example.org")
    facts: dict[str, Any] = {
        "notification_id": "planted", "template": ACK, "audience": Audience.VICTIM, "channel": Channel.EMAIL, "state": State.SENT,
        "attempted": True, "sent_at": stage.now, "point": point, "open_at": None, "created_at": stage.now, "task_id": None, "unit": None,
    }  # fmt: skip
    task = stage.rows(Template.TASK)[0]
    stage.world.cases.rows["planted"] = replace(task, **(facts | changes))
    return stage


def test_a_message_about_somebody_specialist_is_an_incident_within_the_hour_and_told_at_once():
    stage = leaked()
    watched = run(stage)
    assert kinds(watched) == {What.AUTOMATIC_MESSAGE_TO_SPECIALIST}
    assert (watched.checked, watched.new) == (1, 1)
    (owed,) = incidents(stage)
    assert (owed.purpose, owed.due_at - stage.now, owed.state) == (Purpose.LEAK_FOUND, HOUR, ObligationState.OPEN)
    stage.left.clear()
    stage.later(MINUTE)
    assert sorted(item.to for item in stage.left if item.template is Template.TASK) == sorted(
        [OPERATIONS, "force-duty-contact@derbyshire-police.test"]
    )
    again = run(stage)
    assert (kinds(again), again.new) == (kinds(watched), 0)
    assert len(incidents(stage)) == 1
    lines = [(entry.op, entry.detail) for entry in stage.world.cases.audit_of(REF) if entry.op == "leak_found"]
    assert lines == [("leak_found", What.AUTOMATIC_MESSAGE_TO_SPECIALIST)]


def test_a_person_who_looks_sees_it_and_nothing_follows():
    stage = leaked()
    rows, log = stage.rows(), dict(stage.world.cases.audit)
    watched = watch(stage).look(stage.now)
    assert (kinds(watched), watched.checked, watched.new) == ({What.AUTOMATIC_MESSAGE_TO_SPECIALIST}, 1, 0)
    assert (incidents(stage), stage.rows(), stage.world.cases.audit) == ([], rows, log)


def test_nobody_settles_it_but_a_named_person():
    stage = leaked()
    run(stage)
    stage.later(2 * HOUR)
    assert incidents(stage)[0].state is ObligationState.LATE
    assert watch(stage).settle(REF, "7001", "rang the victim", stage.now) == 1
    assert (incidents(stage)[0].state, incidents(stage)[0].evidence) == (ObligationState.MET, "7001")
    assert watch(stage).settle(REF, "7001", "again", stage.now) == 0
    assert run(stage).new == 0


def test_it_looks_back_a_day_and_no_more():
    stage = leaked()
    stage.world.clock.advance(23 * HOUR)
    assert run(stage).leaks
    stage.world.clock.advance(2 * DAY)
    assert run(stage).leaks == ()


@pytest.mark.parametrize("state", [State.UNKNOWN, State.SENDING])
def test_what_may_have_left_is_judged_too(state):
    assert kinds(run(leaked(state=state, sent_at=None))) == {What.AUTOMATIC_MESSAGE_TO_SPECIALIST}


def test_what_waited_for_days_and_may_have_left_is_judged_too():
    """Made long before: only the log says that it may have left now."""
    stage = Stage()
    stage.version()
    stage.house.pausing.pause("email", "7001", "Provider is down.", stage.now)
    stage.later(3 * DAY)
    stage.world.calls.fail("email.send", UnknownOutcomeError("timeout"), when="after")
    stage.house.pausing.resume("email", "7001", stage.now)
    stage.later(HOUR)
    assert stage.only(ACK).state in (State.UNKNOWN, State.SETTLED)
    assert run(stage).checked >= 1


def test_every_day_that_it_looks_back_over_is_read():
    """Half past midnight looks back over three days."""
    stage = leaked(state=State.UNKNOWN, sent_at=None)
    made = stage.world.cases.rows["planted"]
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    stage.world.cases.rows["planted"] = replace(made, created_at=midnight - 2 * HOUR)
    stage.world.clock.advance(midnight + 30 * MINUTE - stage.now)
    assert run(stage).leaks


def test_an_address_that_no_record_names_is_told_by_its_hash():
    assert What.RECIPIENT_UNKNOWN in kinds(run(leaked(point="0" * 64)))
    assert What.RECIPIENT_UNKNOWN in kinds(run(leaked(point=None)))


def test_details_to_the_service_are_one_for_the_service_has_one_address():
    stage = leaked(template=Template.REFERRAL, audience=Audience.SERVICE, point=None)
    assert What.DETAILS_TO_SERVICE in kinds(run(stage))
    assert What.RECIPIENT_UNKNOWN not in kinds(run(stage))


def test_a_letter_to_somebody_whom_no_version_names_is_told():
    stage = leaked(channel=Channel.LETTER, victim_id="V9", point=None)
    assert What.VICTIM_UNKNOWN in kinds(run(stage)) or What.AUTOMATIC_MESSAGE_TO_SPECIALIST in kinds(run(stage))
    stage.world.archive.kept.clear()
    assert kinds(run(stage)) == {What.REFERENCE_UNKNOWN}


def test_a_hold_from_another_record_of_the_person_counts():
    stage = leaked()
    stage = Stage()
    stage.version(reference=OTHER, **DOMESTIC)
    stage.version()
    task = stage.rows(Template.TASK)[0]
    point = stage.world.points.key("email", "alex.morgan@example.org")
    stage.world.cases.rows["planted"] = replace(
        task,
        notification_id="planted",
        template=ACK,
        audience=Audience.VICTIM,
        state=State.SENT,
        attempted=True,
        sent_at=stage.now,
        point=point,
    )
    assert kinds(run(stage)) == {What.HELD_ELSEWHERE}


def test_an_answer_to_somebody_who_was_erased_since_is_no_leak():
    stage = Stage()
    stage.version()
    stage.later(HOUR)
    write(stage, name="Alex Morgan", email="alex.morgan@example.org", phone=None)
    stage.later(HOUR)
    assert [row.victim_id for row in stage.rows() if row.audience is Audience.PUBLIC] == ["V1"]
    before = run(stage)
    assert before.leaks == ()
    wanted = stage.house.erasing.would(REF, "V1")
    assert wanted is not None
    stage.house.erasing.erase(wanted, "7001", "asked", stage.now)
    after = run(stage)
    assert (after.leaks, after.checked) == ((), before.checked)


def test_an_answer_to_an_address_of_nobody_is_a_leak_also_where_somebody_was_erased():
    stage = leaked(audience=Audience.PUBLIC, victim_id=None, point="0" * 64, template=Template.CONTACT_CONFIRMATION)
    wanted = stage.house.erasing.would(REF, "V1")
    assert wanted is not None
    stage.house.erasing.erase(wanted, "7001", "asked", stage.now)
    assert run(stage).leaks


def test_who_was_erased_is_not_judged():
    stage = Stage()
    stage.version()
    stage.later(HOUR)
    assert run(stage).checked == 2
    wanted = stage.house.erasing.would(REF, "V1")
    assert wanted is not None
    stage.house.erasing.erase(wanted, "7001", "asked", stage.now)
    assert run(stage).leaks == ()

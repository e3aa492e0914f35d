"""Stories of one person in two occurrences: what is known there holds here, and no task says where.

Must not match people by name and birth date: those are the same in all of these records and join nothing.
"""

from __future__ import annotations

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Purpose
from tests.builders import contact_safety, representative, victim
from tests.unit.services.stage import DAY, HOUR, MINUTE, REF, Stage, hooked, profile

OTHER = "26000799999"
ALEX = "alex.morgan@example.org"
SERVICE = profile().victim_service.email
ACK, REFERRAL, STOP = Template.ACKNOWLEDGEMENT, Template.REFERRAL, Template.STOP_NOTICE
DOMESTIC = {"flags": {"domestic_abuse": True}}
TOLD = [("acknowledgement", ALEX), ("referral", SERVICE)]


def stranger(**fields):
    """Somebody who shares nothing with V1 of the other record but what `fields` say."""
    return victim(**({"person_ref": "N9", "email": "someone.else@example.org", "mobile": "+447700900999"} | fields))


SHARED = [
    ("person", {"person_ref": "N123456"}),
    ("e-mail", {"email": "Alex.Morgan@EXAMPLE.org"}),
    ("mobile", {"mobile": "07700 900123"}),
    ("the representative's e-mail", {"representative": representative(email=ALEX)}),
    ("the representative's mobile", {"representative": representative(mobile="+447700900123")}),
]


@pytest.mark.parametrize(("what", "shared"), SHARED)
@pytest.mark.parametrize("first", ["the specialist record", "this record"])
def test_who_is_specialist_elsewhere_is_held_here_at_once(what, shared, first):
    stage = Stage()
    if first == "this record":
        stage.version(victims=[stranger(**shared)])
    stage.version(reference=OTHER, **DOMESTIC)
    if first != "this record":
        stage.version(victims=[stranger(**shared)])
    assert stage.tasks() == [Purpose.SPECIALIST], what
    assert not [row for row in stage.rows() if row.state in (State.PENDING, State.HELD) and row.template is not Template.TASK]
    stage.later(2 * DAY)
    assert (stage.outside, stage.leaks()) == ([], [])


def test_a_task_says_another_record_and_never_which():
    stage = Stage()
    stage.version(reference=OTHER, **DOMESTIC)
    stage.version()
    stage.run()
    task = stage.task(Purpose.SPECIALIST)
    assert (task.elsewhere, task.destinations) == (True, ("Victim Care Unit",))
    said = [email.text for email in stage.world.email.sent if email.notification_id in {row.notification_id for row in stage.rows()}]
    assert len(said) == 1
    assert "another record" in said[0]
    assert OTHER not in said[0]


def test_a_version_that_makes_a_record_specialist_reaches_the_others_at_once():
    stage = Stage()
    stage.version()
    stage.version(reference=OTHER)
    stage.version(2, reference=OTHER, **DOMESTIC)
    assert stage.only(ACK).state is State.CANCELLED
    assert stage.tasks() == [Purpose.SPECIALIST]


def test_a_late_version_that_makes_a_record_specialist_reaches_the_others_at_once():
    stage = Stage()
    stage.version()
    stage.version(2, reference=OTHER, victims=[stranger()])
    assert stage.version(1, reference=OTHER, **DOMESTIC) == "stale"
    assert stage.only(ACK).state is State.CANCELLED


def test_a_victim_removed_from_a_specialist_record_is_still_held_elsewhere():
    stage = Stage()
    stage.version(reference=OTHER, **DOMESTIC)
    stage.version(2, reference=OTHER, victims=[stranger()])
    stage.version()
    stage.later(DAY)
    assert stage.outside == []


def test_a_victim_removed_before_the_record_became_specialist_is_held_elsewhere_whatever_the_order():
    stage = Stage()
    stage.version(reference=OTHER)
    stage.version(2, reference=OTHER, victims=[stranger()])
    stage.version(3, reference=OTHER, victims=[stranger()], **DOMESTIC)
    stage.version()
    stage.later(DAY)
    assert stage.outside == []


def test_points_of_earlier_versions_count():
    stage = Stage()
    stage.version(reference=OTHER)
    stage.version(2, reference=OTHER, victims=[stranger()], **DOMESTIC)
    stage.version()
    stage.later(DAY)
    assert stage.outside == []


@pytest.mark.parametrize("silence", [{"do_not_contact": True}])
@pytest.mark.parametrize("removed", [False, True])
def test_do_not_contact_elsewhere_holds_here(silence, removed):
    stage = Stage()
    stage.version(reference=OTHER, victims=[victim(contact_safety=contact_safety(**silence))])
    if removed:
        stage.version(2, reference=OTHER, victims=[])
    stage.version()
    stage.later(DAY)
    assert (stage.sent_to("victim"), stage.tasks(), stage.leaks()) == ([], [Purpose.BY_PERSON], [])


def test_do_not_contact_lifted_elsewhere_frees_here():
    stage = Stage()
    stage.version(reference=OTHER, victims=[victim(contact_safety=contact_safety(do_not_contact=True))])
    stage.version()
    stage.later(HOUR)
    stage.version(2, reference=OTHER)
    assert stage.only(ACK).state is State.PENDING
    stage.run()
    assert ("acknowledgement", ALEX) in stage.outside


def test_a_point_of_somebody_nobody_may_contact_is_not_used_for_another_victim_of_the_record():
    stage = Stage()
    silent = victim("V1", email="shared@example.org", contact_safety=contact_safety(do_not_contact=True))
    stage.version(victims=[silent, victim("V2", email="shared@example.org")])
    stage.later(DAY)
    assert stage.sent_to("victim") == [("acknowledgement", "+447700900124")]
    assert stage.leaks() == []


def test_a_representative_linked_to_the_suspect_for_one_victim_receives_for_none():
    stage = Stage()
    linked, unlinked = representative(linked_to_suspect=True), representative(linked_to_suspect=False)
    stage.version(victims=[victim(id="V1", representative=linked), victim(id="V2", person_ref="N2", representative=unlinked)])
    stage.later(DAY)
    assert stage.outside == []


@pytest.mark.parametrize(
    "was",
    [
        {"kind": "police_officer"},
        {"representative": representative(linked_to_suspect=True)},
        {"contact_safety": contact_safety(do_not_contact=True)},
    ],
    ids=["a police officer", "a linked representative", "not to be contacted"],
)
def test_another_id_does_not_leave_a_hold_behind(was):
    stage = Stage()
    person = {"person_ref": "N5", "email": "same@example.org", "mobile": None}
    stage.version(victims=[victim(id="V1", **person | was)])
    stage.version(2, victims=[victim(id="V9", **person)])
    stage.later(DAY)
    assert stage.outside == []


def test_another_address_does_not_leave_a_hold_behind():
    stage = Stage()
    stage.version(reference=OTHER, victims=[victim(person_ref="N9", email="shared@example.org", mobile=None)], **DOMESTIC)
    stage.version(victims=[victim(email="shared@example.org", mobile=None)])
    stage.version(2, victims=[victim(email="new@example.org", mobile=None)])
    stage.later(DAY)
    assert stage.outside == []


def test_an_address_that_a_specialist_victim_gains_later_is_heard_elsewhere_at_once():
    stage = Stage()
    stage.version(victims=[victim(person_ref="N8", email="gained@example.org", mobile=None)])
    stage.later(HOUR)
    stage.version(reference=OTHER, victims=[victim(person_ref="N9", email=None, mobile=None)], **DOMESTIC)
    stage.version(2, reference=OTHER, victims=[victim(person_ref="N9", email="gained@example.org", mobile=None)], **DOMESTIC)
    stage.run()
    assert stage.outside[2:] == [("stop_notice", SERVICE)]


def test_held_elsewhere_after_sending_the_service_is_stopped():
    stage = Stage()
    stage.version()
    stage.later(30 * MINUTE)
    stage.later(MINUTE)
    stage.version(reference=OTHER, **DOMESTIC)
    stage.run()
    assert stage.outside[2:] == [("stop_notice", SERVICE)]
    assert stage.tasks() == [Purpose.SENT_BEFORE, Purpose.SPECIALIST, Purpose.STOP_CONFIRM]


@pytest.mark.parametrize(("name", "when"), [("cases.load", "before"), ("cases.claim", "before"), ("cases.head", "before")])
def test_a_hold_elsewhere_that_can_still_be_known_stops_the_message(name, when):
    stage = Stage()
    stage.version()
    stage.world.clock.advance(30 * MINUTE)
    hooked(stage, name, when, lambda: stage.version(reference=OTHER, **DOMESTIC))
    stage.one(stage.only(ACK).notification_id)
    stage.later(DAY)
    assert stage.outside == []


def test_a_hold_elsewhere_during_the_call_stops_the_service():
    stage = Stage()
    stage.version()
    stage.world.clock.advance(30 * MINUTE)
    stage.one(stage.only(ACK).notification_id)
    hooked(stage, "email.send", "before", lambda: stage.version(reference=OTHER, **DOMESTIC))
    stage.run()
    stage.later(DAY)
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE), ("stop_notice", SERVICE)]


def test_an_address_that_failed_for_good_in_one_record_is_not_used_in_another():
    stage = Stage()
    stage.version()
    stage.later(30 * MINUTE)
    stage.receive(stage.only(ACK), State.BOUNCED, permanent=True)
    stage.version(reference=OTHER)
    stage.later(30 * MINUTE)
    assert ("sms", "sent") in stage.states(ACK, reference=OTHER)
    assert stage.tasks(reference=OTHER) == [Purpose.FULL_WORDS]


def test_a_bounce_closes_the_address_that_was_written_to_and_not_its_correction():
    stage = Stage()
    stage.version()
    stage.later(30 * MINUTE)
    stage.version(2, victims=[victim(email="alex.new@example.org")])
    stage.receive(stage.only(ACK), State.BOUNCED, permanent=True)
    stage.version(reference=OTHER, victims=[victim(email="alex.new@example.org")])
    stage.later(30 * MINUTE)
    assert stage.sent_to("victim")[-1] == ("acknowledgement", "alex.new@example.org")


def test_other_people_of_the_same_name_are_not_joined():
    stage = Stage()
    stage.version(reference=OTHER, **DOMESTIC)
    stage.version(victims=[stranger()])
    stage.later(DAY)
    assert stage.outside == [("acknowledgement", "someone.else@example.org"), ("referral", SERVICE)]


def test_the_parts_of_a_case_say_which_points_it_named():
    stage = Stage()
    stage.version()
    stage.version(2, victims=[victim(mobile=None)])
    points = stage.world.cases.parts[REF]["V1"].points
    assert points == {stage.world.points.key(*one) for one in (("person", "N123456"), ("email", ALEX), ("mobile", "+447700900123"))}

"""Stories of victims about whom nothing automatic leaves: specialist, doubtful, re-classified, released.

Must not repeat the rules' own tables (tests/unit/domain): one case of each kind is enough here.
"""

from __future__ import annotations

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import ObligationState, Purpose
from tests.builders import representative, victim
from tests.unit.services.stage import DAY, HOUR, MINUTE, Stage, profile

ALEX = "alex.morgan@example.org"
SERVICE = profile().victim_service.email
UNIT = "victim-care-unit@derbyshire-police.test"
DUTY = "force-duty-contact@derbyshire-police.test"
ACK, REFERRAL, TASK, STOP = Template.ACKNOWLEDGEMENT, Template.REFERRAL, Template.TASK, Template.STOP_NOTICE
CHILD = victim(date_of_birth="2014-03-01")


@pytest.mark.parametrize(
    ("case", "facts", "purpose", "readers"),
    [
        ("domestic abuse", {"flags": {"domestic_abuse": True}, "dash_risk": "high"}, "specialist", [("task", DUTY), ("task", UNIT)]),
        ("sexual offence", {"offences": [{"code": "19C"}]}, "specialist", [("task", UNIT)]),
        ("stalking", {"flags": {"stalking_harassment": True}}, "specialist", [("task", UNIT)]),
        ("any marker", {"markers": ["something local"]}, "specialist", [("task", UNIT)]),
        ("restricted", {"restricted": True}, "specialist", [("task", UNIT)]),
        ("bereaved", {"victims": [victim(deceased=True)]}, "specialist", [("task", "family-liaison@derbyshire-police.test")]),
        ("police officer", {"victims": [victim(kind="police_officer")]}, "specialist", [("task", "jo.reed@example.test")]),
        ("linked", {"victims": [victim(representative=representative(linked_to_suspect=True))]}, "specialist", [("task", UNIT)]),
        ("abuse not known", {"flags": {"domestic_abuse": None}}, "doubt", [("task", UNIT)]),
        ("class not known", {"offences": [{"code": ""}]}, "doubt", [("task", "sam.ash@example.test")]),
        ("child alone", {"victims": [CHILD]}, "doubt", [("task", "sam.ash@example.test")]),
        ("no date of birth", {"victims": [victim(date_of_birth=None)]}, "doubt", [("task", "sam.ash@example.test")]),
        ("transferred", {"status": "transferred"}, "transferred", [("task", "sam.ash@example.test")]),
    ],
)
def test_nothing_automatic_leaves_and_a_person_has_it(case, facts, purpose, readers):
    stage = Stage()
    stage.version(**facts)
    stage.later(2 * DAY)
    assert stage.outside == [], case
    assert stage.tasks() == [purpose]
    assert stage.sent_to("officer", "supervisor", "unit", "operations") == readers
    assert stage.duty("written_acknowledgement") == ("" if case == "transferred" else "open")
    assert stage.leaks() == []


@pytest.mark.parametrize("facts", [{"record_type": "incident", "offences": []}, {"victims": []}])
def test_what_has_no_route_owes_nothing(facts):
    stage = Stage()
    stage.version(**facts)
    stage.later(DAY)
    assert (stage.outside, stage.rows(), stage.owed(victim_id="V1")) == ([], [], [])


def test_a_task_names_the_missing_fields_and_where_to_take_it_and_nothing_else():
    stage = Stage()
    stage.version(flags={"domestic_abuse": None}, victims=[victim(date_of_birth=None)])
    task = stage.task(Purpose.DOUBT)
    assert task.missing == ("flags.domestic_abuse", "victims[V1].date_of_birth")
    stage.version(2, flags={"domestic_abuse": True}, dash_risk="high")
    task = stage.task(Purpose.SPECIALIST)
    assert (task.destinations, task.urgent) == (("IDVA",), True)


def test_a_police_officer_has_rights_and_is_referred_nowhere():
    stage = Stage()
    stage.version(victims=[victim(kind="police_officer")])
    assert (stage.duty("written_acknowledgement"), stage.duty("referral")) == ("open", "")


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "transferred"}, "transferred"),
        ({"flags": {"domestic_abuse": True}}, "domestic-abuse-flag"),
        ({"flags": {"safeguarding": None}}, "safeguarding-unknown"),
    ],
)
def test_what_is_pending_is_cancelled_when_a_version_says_so(facts, reason):
    stage = Stage()
    stage.version()
    stage.later(20 * MINUTE)
    stage.version(2, **facts)
    stage.later(2 * DAY)
    assert stage.outside == []
    assert {(row.state, row.reason) for row in stage.rows() if row.template is not TASK} == {(State.CANCELLED, reason)}


def test_a_doubt_that_a_new_version_settles_re_decides_by_itself():
    stage = Stage()
    stage.version(flags={"stalking_harassment": None})
    stage.later(2 * HOUR)
    stage.version(2)
    stage.run()
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE)]
    assert (stage.tasks(), stage.tasks(ObligationState.WAIVED)) == ([], [Purpose.DOUBT])


def test_a_specialist_hold_outlives_a_version_that_clears_the_flag():
    stage = Stage()
    stage.version(flags={"domestic_abuse": True})
    stage.version(2)
    stage.later(2 * DAY)
    assert (stage.outside, stage.tasks()) == ([], [Purpose.SPECIALIST])


def test_a_named_person_releases_what_no_version_says_any_more():
    stage = Stage()
    stage.version(flags={"domestic_abuse": True})
    stage.version(2)
    stage.later(HOUR)
    assert stage.release() is True
    stage.run()
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE)]
    assert stage.leaks() == []
    (line,) = [entry for entry in stage.world.cases.audit_of("26000712345") if entry.op == "released"]
    assert (line.actor, line.victim_id) == ("7001", "V1")


def test_a_release_does_not_lift_what_the_newest_version_says():
    stage = Stage()
    stage.version(flags={"domestic_abuse": True})
    stage.release()
    stage.later(DAY)
    assert (stage.outside, stage.tasks()) == ([], [Purpose.SPECIALIST])
    assert stage.release("V9") is False


def test_a_sign_after_the_release_holds_again():
    stage = Stage()
    stage.version(flags={"domestic_abuse": True})
    stage.version(2)
    stage.release()
    stage.version(3, flags={"domestic_abuse": True})
    stage.version(4)
    stage.later(DAY)
    assert stage.outside == []


def test_a_sign_of_a_late_version_holds_although_a_person_released_what_was_known_before():
    stage = Stage()
    stage.version(1, flags={"stalking_harassment": True})
    stage.version(3)
    stage.later(MINUTE)
    stage.release()
    stage.later(MINUTE)
    assert stage.version(2, flags={"domestic_abuse": True}) == "stale"
    stage.later(DAY)
    assert (stage.outside, stage.leaks()) == ([], [])
    assert stage.tasks() == [Purpose.SPECIALIST]


def test_a_release_is_of_one_victim():
    stage = Stage()
    two = [victim("V1"), victim("V2")]
    stage.version(flags={"domestic_abuse": True}, victims=two)
    stage.version(2, victims=two)
    stage.release("V2")
    stage.later(DAY)
    assert stage.outside == [("acknowledgement", "alex.morgan.2@example.org"), ("referral", SERVICE)]

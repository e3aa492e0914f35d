"""Stories of the officer directory: which entry wins, and who is written to.

Must not test how an officer and a directory entry are merged in words.
"""

from __future__ import annotations

import pytest

from chalicelib.domain.messages import Template
from tests.builders import officer_record, victim
from tests.unit.services.stage import Stage, profile

ALEX = "alex.morgan@example.org"
SERVICE = profile().victim_service.email
OPERATIONS = "operations@derbyshire-police.test"
ACK, REFERRAL, TASK = Template.ACKNOWLEDGEMENT, Template.REFERRAL, Template.TASK
TOLD = [("acknowledgement", ALEX), ("referral", SERVICE)]


def test_the_directory_beats_the_record_and_the_record_fills_gaps():
    stage = Stage()
    assert stage.put(officer_record(email="new.desk@example.test", phone=None, team=None)) == "recorded"
    assert stage.put(officer_record(email="new.desk@example.test", phone=None, team=None)) == "stale"
    assert stage.put(officer_record(version=6, email="older@example.test")) == "stale"
    stage.version(victims=[victim(contact_safety=None, email=None, mobile=None)])
    stage.run()
    assert stage.sent_to("officer") == [("task", "new.desk@example.test")]
    assert [entry.version for entry in stage.world.cases.audit_of("officers")] == [7]


def test_an_equal_version_of_an_officer_with_other_content_is_a_conflict():
    stage = Stage()
    stage.put(officer_record())
    assert stage.house.arrive(officer_record(email="other@example.test")) == "conflict"


@pytest.mark.parametrize(
    ("directory", "to"),
    [
        ([], "jo.reed@example.test"),
        ([officer_record(supervisor="1891")], "duty-inspector@derbyshire-police.test"),
        ([officer_record(supervisor="1891"), officer_record(collar_number="1891", email="new.sgt@example.test")], "new.sgt@example.test"),
        ([officer_record(supervisor=None), officer_record(collar_number="1890", email="moved@example.test")], "moved@example.test"),
    ],
)
def test_the_supervisor_of_the_directory_comes_first(directory, to):
    stage = Stage()
    for message in directory:
        stage.put(message)
    stage.version(victims=[victim(kind="police_officer")])
    stage.run()
    assert [item.to for item in stage.left] == [to]


@pytest.mark.parametrize(
    "facts", [{"officer": None}, {"officer": {"collar_number": None, "name": "PC Ash", "email": None, "phone": None, "team": None}}]
)
def test_an_officer_who_cannot_be_addressed_gives_way_to_the_role(facts):
    stage = Stage()
    stage.version(victims=[victim(contact_safety=None, email=None, mobile=None)], **facts)
    stage.run()
    assert stage.sent_to("unit") == [("task", "crime-management@derbyshire-police.test")]
    assert stage.sent_to("officer") == []


@pytest.mark.parametrize(
    ("supervisor", "to"),
    [
        ("1890", ("supervisor", "jo.reed@example.test")),
        ("1891", ("unit", "duty-inspector@derbyshire-police.test")),
        (None, ("supervisor", "jo.reed@example.test")),
    ],
    ids=["named by the record too", "known to nobody", "named by the record alone"],
)
def test_an_officer_who_left_gives_way_to_their_supervisor_and_then_to_the_role(supervisor, to):
    stage = Stage()
    stage.put(officer_record(active=False, supervisor=supervisor))
    stage.version(victims=[victim(contact_safety=None, email=None, mobile=None)])
    stage.run()
    audience, address = to
    assert stage.sent_to(audience) == [("task", address)]
    assert stage.sent_to("officer") == []

"""Stories of key events, from their arrival to what the victim was told or a person was asked. NOW is Friday 20 November 2026.

Must not test which events a message may tell (tests/unit/domain/test_events_decided.py), or what it says.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import PermanentSendError, UnknownOutcomeError
from chalicelib.domain.event_news import EventNews
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Kind, Purpose
from tests import builders
from tests.builders import contact_message, event_message, review_message, victim
from tests.unit.services.stage import DAY, HOUR, MINUTE, REF, Stage, record

ALEX = "alex.morgan@example.org"
REASON = "Evidence linked the suspect to the scene."
ORDINARY = {"victims": [victim(enhanced=builders.enhanced(eligible=False, reasons=[]))]}
DOMESTIC = {"flags": {"domestic_abuse": True}}


def told(**facts: Any) -> Stage:
    """A burglary whose victim was acknowledged; it is an hour later."""
    stage = Stage()
    stage.version(**(ORDINARY | facts))
    stage.later(HOUR)
    for item in stage.left:
        stage.receive(stage.row(item.notification_id))
    return stage


def happens(stage: Stage, kind: str = "arrested", **facts: Any) -> str:
    return stage.put(event_message(kind, **({"now": stage.now, "reason": REASON} | facts)))


def news(stage: Stage) -> list[EventNews]:
    return [content for template, _, content in stage.world.renderer.rendered if template == "event"]


def owed(stage: Stage, kind: Kind = Kind.EVENT) -> dict[str, str]:
    return {row.begun_by: str(row.state) for row in stage.owed() if row.kind is kind}


def events_to_victim(stage: Stage) -> list[str]:
    return [item.to for item in stage.left if item.template is Template.EVENT]


def test_an_event_is_told_and_met_by_its_delivery():
    stage = told()
    assert happens(stage) == "recorded"
    assert happens(stage) == "duplicate"
    assert events_to_victim(stage) == []
    stage.later(30 * MINUTE)
    assert events_to_victim(stage) == [ALEX]
    assert [(item.type, item.reason, item.happened_on) for item in news(stage)[-1].items] == [("arrested", REASON, date(2026, 11, 20))]
    assert owed(stage) == {"E-1": "open"}
    stage.receive(stage.only(Template.EVENT))
    assert owed(stage) == {"E-1": "met"}
    stage.later(10 * DAY)
    assert events_to_victim(stage) == [ALEX]
    assert stage.leaks() == []


def test_events_before_their_occurrence_wait_and_come_after_the_acknowledgement():
    ends = []
    for messages in permutations(
        [record(**ORDINARY), event_message("arrested", reason=REASON), event_message("charged", event_id="E-2", reason=REASON)]
    ):
        stage = Stage()
        for message in messages:
            stage.put(message)
        stage.later(HOUR)
        stage.later(MINUTE)
        ends.append([item.template for item in stage.left if item.audience == "victim"])
    assert {tuple(end) for end in ends} == {(Template.ACKNOWLEDGEMENT, Template.EVENT)}
    assert [item.type for item in news(stage)[-1].items] == ["arrested", "charged"]


def test_two_events_while_the_first_waits_are_one_message():
    stage = told()
    happens(stage)
    stage.later(10 * MINUTE)
    happens(stage, "charged", event_id="E-2")
    stage.later(HOUR)
    assert events_to_victim(stage) == [ALEX]
    stage.receive(stage.only(Template.EVENT))
    assert owed(stage) == {"E-1": "met", "E-2": "met"}


@pytest.mark.parametrize(
    "facts",
    [DOMESTIC, {"flags": {"safeguarding": None}}, {"status": "cancelled"}, {"status": "transferred"}, {"victims": []}],
    ids=["specialist", "in doubt", "cancelled", "transferred", "removed"],
)
def test_what_changes_while_a_message_waits_stops_it(facts: dict[str, Any]):
    stage = told()
    happens(stage)
    stage.version(2, **(ORDINARY | facts))
    stage.later(DAY)
    assert events_to_victim(stage) == []


def test_a_quarantined_version_holds_the_message_and_a_good_one_lets_it_go():
    stage = told()
    happens(stage)
    stage.version(2, source="pigeon")
    stage.later(HOUR)
    assert events_to_victim(stage) == []
    stage.version(3, **ORDINARY)
    stage.later(MINUTE)
    assert events_to_victim(stage) == [ALEX]


def test_a_specialist_victim_is_told_by_people_alone():
    stage = Stage()
    stage.version(**DOMESTIC)
    happens(stage, "released_on_bail")
    stage.until(datetime.fromisoformat("2026-11-23T12:00:00+00:00"))
    assert stage.outside == []
    asked = [(row.unit, f"{row.due_at:%a}") for row in stage.owed() if row.purpose is Purpose.EVENT_BY_PERSON]
    assert sorted(asked) == [("officer", "Mon"), ("victim_care_unit", "Mon")]
    stage.put(contact_message(now=stage.now, covers_event_ids=["E-1"]))
    assert owed(stage) == {"E-1": "met"}
    assert {(row.unit, str(row.state)) for row in stage.owed() if row.purpose is Purpose.EVENT_BY_PERSON} == {
        ("officer", "met"),
        ("victim_care_unit", "open"),
    }


def test_re_classified_after_the_message_left():
    stage = told()
    happens(stage)
    stage.later(HOUR)
    stage.world.clock.advance(MINUTE)
    stage.version(2, **(ORDINARY | DOMESTIC))
    happens(stage, "charged", event_id="E-2")
    stage.later(2 * DAY)
    assert events_to_victim(stage) == [ALEX]
    assert Purpose.SENT_BEFORE in stage.tasks()
    assert stage.leaks() == []


@pytest.mark.parametrize("error", [PermanentSendError("MessageRejected"), UnknownOutcomeError("timeout")])
def test_what_could_not_be_told_by_message_is_the_officer_s(error: Exception):
    stage = told()
    happens(stage)
    stage.world.calls.fail("email.send", error)
    stage.later(30 * MINUTE)
    stage.later(20 * MINUTE)
    assert Purpose.EVENT_BY_OFFICER in stage.tasks()
    assert owed(stage) == {"E-1": "open"}
    stage.put(contact_message(now=stage.now, covers_event_ids=["E-1"]))
    assert owed(stage) == {"E-1": "met"}


def test_a_bounce_takes_it_to_the_officer():
    stage = told()
    happens(stage)
    stage.later(HOUR)
    stage.receive(stage.only(Template.EVENT), State.BOUNCED, permanent=True)
    assert Purpose.EVENT_BY_OFFICER in stage.tasks()


def test_a_correction_is_told_to_who_heard_the_mistake():
    stage = told()
    happens(stage)
    stage.later(HOUR)
    happens(stage, "interviewed_under_caution", event_id="E-2", corrects="E-1")
    stage.later(HOUR)
    (item,) = news(stage)[-1].items
    assert (item.type, item.corrects, item.told_on, item.withdrawn) == ("interviewed_under_caution", "arrested", date(2026, 11, 20), False)
    happens(stage, "interviewed_under_caution", event_id="E-3", corrects="E-2", withdrawn=True, reason=None)
    stage.later(HOUR)
    (item,) = news(stage)[-1].items
    assert (item.corrects, item.withdrawn) == ("interviewed_under_caution", True)


def test_a_mistake_that_nobody_heard_of_is_told_to_nobody():
    stage = told()
    happens(stage)
    happens(stage, event_id="E-2", corrects="E-1", withdrawn=True)
    stage.later(DAY)
    assert events_to_victim(stage) == []
    assert owed(stage) == {"E-1": "waived"}


def test_late_news_is_reminded_of_and_escalates_and_no_message_goes_instead():
    """Enhanced rights, and a decision not to prosecute: one working day, in person."""
    stage = told(victims=[victim(enhanced=builders.enhanced())])
    happens(stage, "not_prosecuted", decided_by="police")
    stage.through(date(2026, 11, 27))
    assert events_to_victim(stage) == []
    readers = {item.to for item in stage.digests()}
    assert {"sam.ash@example.test", "jo.reed@example.test", "area-inspector@derbyshire-police.test"} <= readers
    assert owed(stage) == {"E-1": "breached"}


def test_court_news_is_a_task_of_witness_care():
    stage = told()
    happens(stage, "court_outcome", received_at=builders.iso(stage.now))
    stage.later(2 * DAY)
    assert events_to_victim(stage) == []
    assert [(row.unit, row.purpose) for row in stage.owed() if row.purpose] == [("witness_care", "event_at_court")]
    assert stage.sent_to("unit") == [("task", "witness-care@derbyshire-police.test")]


def test_a_request_for_review_is_acknowledged_and_decided():
    stage = told()
    stage.put(review_message(now=stage.now))
    assert (owed(stage, Kind.REVIEW_ACKNOWLEDGED), owed(stage, Kind.REVIEW_DECIDED)) == ({"R-1": "open"}, {"R-1": "open"})
    stage.later(timedelta(days=30))
    stage.put(review_message("acknowledged", now=stage.now, event_id="R-2"))
    assert (owed(stage, Kind.REVIEW_ACKNOWLEDGED), owed(stage, Kind.REVIEW_DECIDED)) == ({"R-1": "met"}, {"R-1": "open"})
    assert REF in {row.reference for row in stage.owed()}


def test_who_the_new_officer_is_comes_with_the_next_message():
    stage = told()
    happens(stage)
    stage.later(HOUR)
    assert news(stage)[-1].officer_changed is False
    stage.version(2, officer=builders.officer_named("2351", name="PC Lee Marsh"), **ORDINARY)
    stage.later(DAY)
    assert len(events_to_victim(stage)) == 1, "no message of its own"
    for number, changed in (("E-2", True), ("E-3", False)):
        happens(stage, "charged", event_id=number)
        stage.later(DAY)
        assert (news(stage)[-1].officer_changed, news(stage)[-1].officer.name) == (changed, "PC Lee Marsh")

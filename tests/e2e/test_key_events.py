"""Key events of an investigation through a running machine: who is told what and when, by message or by a person; never a leak.

And what the crime management unit has to look at, which nobody outside hears of.

Everything is told on Monday 1 March 2027. Must not import anything of the product.
"""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from tests.e2e.customer import Customer, new_mobile, on_victim, own_officer, safe, stamp
from tests.e2e.local_machine import local_machine
from tests.e2e.victim_events import contact, days, digests, event

DOMESTIC = {"domestic_abuse": True, "hate_crime": False, "stalking_harassment": False, "safeguarding": False}
STANDARD = on_victim(enhanced={"eligible": False, "reasons": [], "assessed_by": "2345", "assessed_at": "2027-02-27T10:00:00+00:00"})
REASON = "Evidence linked the suspect to the scene."


def march(day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=UTC)


@pytest.fixture(scope="module")
def customer(tmp_path_factory):
    """The customer of a machine on which nothing else happens."""
    with local_machine(tmp_path_factory.mktemp("events")) as running:
        yield Customer(running)


def happened(customer: Customer, record: Any, kind: str, **facts: Any) -> Any:
    told = {"type": kind, "happened_at": stamp(customer.now()), "reason": REASON} | facts
    return event(customer, "investigation_event", record, **told)


@pytest.fixture(scope="module")
def story(customer):
    """Ten days of seven cases."""
    customer.set_clock(march(1, 9))
    s = SimpleNamespace()
    names = ("told", "corrected", "silent", "bad", "court", "flagged", "texted", "uncrimed")
    for name in names:
        changes = [safe("sms"), on_victim(preferred_channel="sms", mobile=new_mobile())] if name == "texted" else []
        changes += [] if name == "bad" else [STANDARD]
        facts: dict[str, Any] = {"flags": DOMESTIC} if name in ("flagged", "uncrimed") else {}
        facts |= {"record_type": "incident", "offences": []} if name == "uncrimed" else {}
        setattr(s, name, customer.record(own_officer, *changes, **facts))
    customer.told(*(getattr(s, name) for name in names))
    customer.set_clock(march(1, 11))
    wrong = happened(customer, s.corrected, "charged")
    s.unsaid = happened(customer, s.silent, "arrested", reason=None)
    customer.told(
        happened(customer, s.told, "arrested"), happened(customer, s.told, "released_on_bail"), wrong,
        s.unsaid, happened(customer, s.bad, "not_prosecuted", decided_by="police"),
        happened(customer, s.court, "court_outcome", reason=None), happened(customer, s.flagged, "released_on_bail"),
        happened(customer, s.texted, "arrested"),
    )  # fmt: skip
    customer.set_clock(march(1, 12))
    customer.told(happened(customer, s.corrected, "interviewed_under_caution", corrects=wrong["event"]["event_id"]))
    customer.set_clock(march(10))
    s.owed = customer.machine.status()["obligations"]["event"]
    return s


def told(customer: Customer, record: Any) -> list[Any]:
    return [message for message in customer.delivered(record, "victim") if message["message"] == "event"]


def tasks(customer: Customer, record: Any) -> list[tuple[str, str]]:
    return sorted((m["audience"], m["to"]) for m in customer.delivered(record, "officer", "unit") if m["message"] == "task")


def test_two_events_of_one_hour_are_one_message_with_their_reasons(story, customer):
    [message] = told(customer, story.told)
    assert message["accepted_at"][:16] == "2027-03-01T11:30"
    assert "we arrested a person." in message["text"]
    assert "released on bail" in message["text"]
    assert message["text"].count(f"Why: {REASON}") == 2
    assert "arrest" not in message["subject"]


def test_a_mistake_that_was_told_is_put_right(story, customer):
    first, second = told(customer, story.corrected)
    assert "a person was charged." in first["text"]
    assert "That was not right. We are sorry." in second["text"]
    assert "we questioned a person as a suspect." in second["text"]


@pytest.mark.parametrize(("name", "asks"), [("silent", "gives no reason"), ("bad", "may ask for a review")])
def test_what_no_message_may_tell_is_the_officer_s(story, customer, name, asks):
    record = getattr(story, name)
    assert told(customer, record) == []
    [task] = [message for message in customer.delivered(record, "officer") if message["message"] == "task"]
    assert task["to"] == record["occurrence"]["officer"]["email"]
    assert asks in task["text"]
    assert REASON not in task["text"]


def test_court_news_is_witness_care_s(story, customer):
    assert told(customer, story.court) == []
    assert tasks(customer, story.court) == [("unit", "witness-care@derbyshire-police.test")]


def test_a_specialist_victim_is_told_by_people_alone(story, customer):
    assert customer.delivered(story.flagged, "victim", "service") == []
    found = [message for message in customer.delivered(story.flagged, "officer", "unit") if "News of" in message["text"]]
    assert {message["audience"] for message in found} == {"officer", "unit"}
    assert all("Risk point: release from custody." in message["text"] for message in found)


def test_a_text_says_only_that_there_is_news(story, customer):
    [message] = told(customer, story.texted)
    assert message["channel"] == "sms"
    assert "arrest" not in message["text"].lower()
    assert story.texted["occurrence"]["reference"] in message["text"]


def test_an_incident_of_domestic_abuse_without_a_crime_is_on_the_list_of_the_crime_management_unit(story, customer):
    found = [m for m in digests(customer, story.uncrimed, "unit") if m["to"] == "crime-management@derbyshire-police.test"]
    assert days(found)[:2] == ["2027-03-02", "2027-03-03"]
    assert "An incident with a sign of a specialist crime, and no crime" in found[0]["text"]
    assert customer.delivered(story.uncrimed, "victim", "service") == []
    raised = customer.machine.status()["obligations"]["recording_check"]
    assert raised == {"breached": 1}


def test_what_is_owed_is_met_by_delivery_and_by_contacts_that_name_the_event(story, customer):
    assert story.owed["met"] == 4, "two of one message, the mistake, and what is right"
    customer.told(contact(customer, story.silent, covers_event_ids=["another"]))
    assert customer.machine.status()["obligations"]["event"]["met"] == 4
    customer.told(contact(customer, story.silent, covers_event_ids=[story.unsaid["event"]["event_id"]]))
    assert customer.machine.status()["obligations"]["event"]["met"] == 5

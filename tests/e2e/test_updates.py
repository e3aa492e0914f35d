"""What is owed to victims over three weeks of March, as a records system and its officers see it: reminders, the ladder, evidence, news.

One story on a machine of its own, from Monday 1 March 2027, told once; the tests only look. Must not look into the store.
"""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests.e2e.customer import Customer, new_mobile, on_victim, own_officer, safe, stamp, version
from tests.e2e.local_machine import local_machine
from tests.e2e.victim_events import OutListener, change, contact, days, digests, entry, event, officer, task_id

BY_THURSDAY = on_victim(update_agreement={"every_days": 10, "method": "email", "next_update_on": "2027-03-04", "declined": False})
DOMESTIC = {"domestic_abuse": True, "hate_crime": False, "stalking_harassment": False, "safeguarding": False}


def march(day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=UTC)


def collar(record) -> str:
    return record["occurrence"]["officer"]["collar_number"]


@pytest.fixture(scope="module")
def customer(tmp_path_factory):
    """The customer of a machine on which nothing else happens."""
    with local_machine(tmp_path_factory.mktemp("updates")) as running:
        yield Customer(running)


@pytest.fixture(scope="module")
def story(customer):
    """Everybody's three weeks. `seen` holds the counts of what is owed at some instants."""
    out = OutListener(customer)
    customer.set_clock(march(1, 10))
    s = SimpleNamespace(out=out, seen={}, url=customer.machine.web_url)

    def record(*changes, **values):
        return customer.record(own_officer, *changes, **values)

    def look(moment):
        customer.set_clock(moment)
        s.seen[moment] = customer.machine.status()["obligations"]

    by_thursday = {name: record(BY_THURSDAY) for name in NAMES}
    vars(s).update(by_thursday)
    s.proposed = record(on_victim(update_agreement=None))
    s.declines = record()
    s.lettered = record(on_victim(preferred_channel="letter"), safe("letter"))
    s.returned = record(on_victim(preferred_channel="letter"), safe("letter"))
    s.held = record(flags=DOMESTIC)
    s.released = record(flags=DOMESTIC)
    s.early = record()
    s.texted = record(BY_THURSDAY)
    customer.told(
        officer(customer, collar(s.leaves), absent_from="2027-03-03", absent_until="2027-03-12", cover="C1"),
        officer(customer, collar(s.ill), cover="C2"),
        officer(customer, collar(s.alone)),
        officer(customer, collar(s.texted), mobile=new_mobile()),
        officer(customer, "C1"),
        officer(customer, "C2"),
        contact(customer, s.early, next_update_on="2027-03-20"),  # before anybody told of its occurrence
    )
    customer.told(*by_thursday.values(), s.proposed, s.declines, s.lettered, s.returned, s.held, s.released, s.early, s.texted)
    listed = event(customer, "investigation_event", s.court, type="hearing_listed", happened_at=stamp(march(1, 9)), hearing=None)
    customer.told(listed, listed)

    customer.set_clock(march(1, 12))
    s.held_task, s.released_task = (task_id(customer.delivered(record, "unit")[0]) for record in (s.held, s.released))
    customer.told(
        event(customer, "task_done", s.held, task=s.held_task, at=stamp(customer.now()), by="7001", step="done"),
        version(s.released, 2, lambda occurrence: occurrence["flags"].update(domestic_abuse=False)),
    )
    s.still_held = customer.delivered(s.released, "victim")
    customer.told(event(customer, "hold_released", s.released, at=stamp(customer.now()), by="7001", reason="Flag set in error."))
    customer.told(
        change(customer, s.proposed, every_days=5, method="email"),
        change(customer, s.declines, every_days=None, method=None, declined=True),
    )

    customer.set_clock(march(2, 2))
    s.night = record(flags=DOMESTIC, dash_risk="high")
    customer.told(s.night)
    s.by_night = customer.delivered(s.night)
    look(march(2))
    customer.told(event(customer, "letter_returned", s.returned, at=stamp(customer.now())))
    customer.told(
        version(s.handed, 2, lambda occurrence: occurrence["officer"].update(collar_number="N1", email="new.officer@example.test"))
    )
    customer.set_clock(march(3, 6, 30))
    customer.told(contact(customer, s.tried, result="message_left"))
    look(march(3))
    look(march(4))
    customer.set_clock(march(4, 12))
    s.before_illness = len(digests(customer, s.ill))
    customer.told(officer(customer, collar(s.ill), 2, absent_from="2027-03-04", cover="C2"))
    customer.told(officer(customer, collar(s.alone), 2, active=False))
    s.kept_contact = contact(customer, s.kept, next_update_on="2027-03-18")
    rest = (s.leaves, s.ill, s.alone, s.handed, s.court, s.texted, s.tried)
    customer.told(s.kept_contact, *(contact(customer, record, next_update_on="2027-04-20") for record in rest))
    customer.told(s.kept_contact)
    for day in (5, 6, 8, 9):
        look(march(day))
    look(march(10))
    customer.set_clock(march(11))
    s.late_contact = contact(customer, s.neglected)
    customer.told(s.late_contact)
    look(march(12))
    return s


NAMES = ("kept", "neglected", "tried", "leaves", "ill", "alone", "handed", "court")


# ---- reminders and the ladder


def test_the_officer_is_reminded_within_the_lead_until_there_is_evidence(story, customer):
    assert days(digests(customer, story.kept, "officer")) == ["2027-03-02", "2027-03-03", "2027-03-04"]
    assert all(m["accepted_at"][11:16] == "07:00" for m in digests(customer, story.kept))


def test_a_reminder_names_the_reference_what_since_and_until_when_and_nobody(story, customer):
    first = digests(customer, story.kept, "officer")[0]
    said = entry(first, story.kept)
    for words in ("Update to the victim", "Due by: the end of Thursday 4 March", "Owed since: Monday 1 March"):
        assert words in said
    victim = story.kept["occurrence"]["victims"][0]
    whole = first["text"] + (first["html"] or "") + first["subject"]
    for name in ("given_name", "family_name", "email"):
        assert victim[name] not in whole
    assert victim["address"][0] not in whole
    assert re.search(rf"^{re.escape(story.url)}/officer/\S+$", said, re.MULTILINE)
    assert first["reference"] is None


def test_one_working_day_late_is_the_supervisors_once_and_three_the_inspectors_once(story, customer):
    assert days(digests(customer, story.neglected, "supervisor")) == ["2027-03-06"]
    assert days(digests(customer, story.neglected, "unit")) == ["2027-03-10"]
    [escalated] = digests(customer, story.neglected, "unit")
    assert escalated["to"] == "area-inspector@derbyshire-police.test"
    assert days(digests(customer, story.neglected, "officer")) == [f"2027-03-{day:02d}" for day in range(2, 12)]


def test_a_contact_stops_it_at_once(story, customer):
    assert days(digests(customer, story.neglected))[-1] == "2027-03-11"
    assert days(digests(customer, story.kept))[-1] == "2027-03-04"


def test_the_states_go_open_late_breached_met(story):
    counts = {moment.day: found["update"] for moment, found in story.seen.items()}
    total = sum(counts[4].values())
    assert (counts[2]["met"], counts[2].get("late", 0)) == (1, 0), "by the contact before the occurrence"
    assert [counts[day].get("late", 0) for day in (4, 5, 6, 8, 9, 10)] == [0, 1, 1, 2, 2, 1], "the proposed one is due on the sixth"
    assert [counts[day].get("breached", 0) for day in (9, 10, 12)] == [0, 1, 1]
    assert counts[5]["met"] == counts[4].get("met", 0) + 8
    assert counts[12]["met"] == counts[5]["met"] + 1
    assert sum(counts[12].values()) == total + 9, "each that was met began another"


def test_a_try_silences_one_morning_and_stops_nothing(story, customer):
    assert days(digests(customer, story.tried, "officer")) == ["2027-03-02", "2027-03-04"]
    assert "Last try: Wednesday 3 March, nobody reached" in entry(digests(customer, story.tried)[-1], story.tried)


def test_on_the_day_a_text_goes_to_an_officer_with_a_mobile(story, customer):
    texts = digests(customer, story.texted)
    assert [(m["channel"], m["accepted_at"][:10]) for m in texts if m["channel"] == "sms"] == [("sms", "2027-03-04")]
    assert not re.search(r"Morgan|http|Update", next(m for m in texts if m["channel"] == "sms")["text"])


def test_nobody_gets_two_digests_a_day(story, customer):
    """But for what is handed over at once because somebody falls ill."""
    told = [(m["to"], m["accepted_at"][:10]) for m in customer.machine.outbox() if m["message"] == "digest" and m["channel"] == "email"]
    at_once = [(m["to"], m["accepted_at"][:10]) for m in digests(customer, story.ill) if m["accepted_at"][11:13] == "12"]
    twice = {key for key in told if told.count(key) > 1}
    assert twice <= set(at_once)


# ---- absence, and another officer


def test_who_is_away_is_not_reminded_and_the_cover_is_told_why(story, customer):
    reminded = digests(customer, story.leaves)
    assert [(m["to"], m["accepted_at"][:10]) for m in reminded] == [
        (f"{collar(story.leaves).lower()}@example.test", "2027-03-02"),
        ("c1@example.test", "2027-03-03"),
        ("c1@example.test", "2027-03-04"),
    ]
    assert "away until 12 March 2027. You are their cover." in entry(reminded[-1], story.leaves)


def test_who_falls_ill_hands_over_at_once(story, customer):
    at_once = digests(customer, story.ill)[story.before_illness :]
    assert [(m["to"], m["accepted_at"][:13]) for m in at_once] == [("c2@example.test", "2027-03-04T12")]
    assert "The officer in the case is away. You are their cover." in entry(at_once[0], story.ill)


def test_who_has_left_without_a_cover_is_stood_in_for_by_the_supervisor(story, customer):
    last = digests(customer, story.alone)[-1]
    assert (last["audience"], last["to"]) == ("supervisor", story.alone["occurrence"]["supervisor"]["email"])
    assert "The officer in the case has left." in entry(last, story.alone)


def test_what_is_owed_follows_the_officer_in_the_case(story, customer):
    assert [(m["to"], m["accepted_at"][:10]) for m in digests(customer, story.handed)] == [
        (story.handed["occurrence"]["officer"]["email"], "2027-03-02"),
        ("new.officer@example.test", "2027-03-03"),
        ("new.officer@example.test", "2027-03-04"),
    ]


def test_from_the_first_hearing_witness_care_is_reminded_instead(story, customer):
    found = [(m["audience"], m["to"]) for m in digests(customer, story.court)]
    assert found[0] == ("unit", "witness-care@derbyshire-police.test")
    assert {audience for audience, _ in found} == {"unit"}, "and, late, the ranks above it: never the officer"


# ---- the agreement


def test_a_default_is_told_as_a_proposal(story, customer):
    [told] = customer.delivered(story.proposed, "victim")
    assert "We propose to update you every 10 days" in told["text"]
    [agreed] = customer.delivered(story.kept, "victim")
    assert "We agreed to update you" in agreed["text"]


def test_new_terms_move_the_reminder_and_declined_ends_it(story, customer):
    assert days(digests(customer, story.proposed, "officer"))[:3] == ["2027-03-04", "2027-03-05", "2027-03-06"]
    assert "not yet agreed" not in entry(digests(customer, story.proposed)[0], story.proposed)
    assert digests(customer, story.declines) == []


# ---- letters, tasks, holds


def test_a_letter_counts_after_two_working_days(story, customer):
    told = {e["reference"]: e for e in news(story) if e["event"] == "obligation_met" and e.get("kind") == "written_acknowledgement"}
    met = told[story.lettered["occurrence"]["reference"]]
    assert met["met_at"] == "2027-03-03T23:59:59+00:00"
    assert digests(customer, story.lettered, "supervisor") == []


def test_a_letter_that_came_back_is_no_evidence_and_a_person_is_asked(story, customer):
    asked = customer.delivered(story.returned, "officer")
    assert [m["message"] for m in asked] == ["task"]
    assert "could not be delivered" in asked[0]["text"]
    assert "Written acknowledgement" in entry(digests(customer, story.returned, "officer")[-1], story.returned)


def test_a_task_that_is_done_is_reminded_of_no_more(story, customer):
    reminded = digests(customer, story.held, "unit")
    assert all("Task:" not in entry(m, story.held) for m in reminded)
    assert [e["event"] for e in news(story, story.held) if e.get("obligation") == story.held_task] == ["task_raised", "obligation_met"]


def test_a_hold_is_lifted_by_the_named_person_alone(story, customer):
    assert story.still_held == []
    assert [m["message"] for m in customer.delivered(story.released, "victim", "service")] == ["acknowledgement", "referral"]


def test_high_risk_domestic_abuse_leaves_at_two_in_the_morning_to_the_duty_contact_too(story):
    assert {m["to"] for m in story.by_night} == {"victim-care-unit@derbyshire-police.test", "force-duty-contact@derbyshire-police.test"}
    assert {m["accepted_at"][:13] for m in story.by_night} == {"2027-03-02T02"}
    assert all("This is urgent" in m["text"] for m in story.by_night)


# ---- what goes back out


_taken = {}


def news(story, record=None):
    """Everything published so far; about one occurrence, or all."""
    for told in story.out.taken():
        _taken[told["event_id"]] = told
    reference = record and record["occurrence"]["reference"]
    return [told for told in _taken.values() if reference in (None, told["reference"])]


def test_the_records_system_hears_what_became_of_its_records(story):
    told = {(e["event"], e.get("kind") or e.get("template")): e for e in news(story, story.neglected)}
    assert told.keys() == {
        ("notified", "acknowledgement"),
        ("notified", "referral"),
        ("obligation_met", "written_acknowledgement"),
        ("obligation_met", "referral"),
        ("obligation_breached", "update"),
        ("obligation_met", "update"),
        ("agreement_changed", None),
    }
    met = told["obligation_met", "update"]
    assert (met["evidence"], met["due_at"]) == (story.late_contact["contact"]["event_id"], "2027-03-04T23:59:59+00:00")
    assert told["agreement_changed", None]["next_update_on"] == "2027-03-21"
    assert "agreement_changed" in {e["event"] for e in news(story, story.proposed)}
    assert "task_raised" in {e["event"] for e in news(story, story.night)}


def test_a_contact_told_twice_counts_once(story):
    met = [e for e in news(story, story.kept) if (e["event"], e.get("kind")) == ("obligation_met", "update")]
    assert [e["evidence"] for e in met] == [story.kept_contact["contact"]["event_id"]]


def test_what_goes_out_is_ids_enums_and_times(story):
    text = repr(news(story))
    assert not re.search(r"Morgan|Alex|example|Wood Street|\+44|PC |error", text)


# ---- weeks later


@pytest.fixture(scope="module")
def weeks_later(story, customer):
    """What was delivered in the month after the story, when most cases were closed and nobody did anything about the others."""
    over = (story.proposed, story.lettered, story.returned, story.held, story.released, story.night, story.texted)
    over += tuple(getattr(story, name) for name in NAMES if name != "neglected")
    customer.told(*(version(record, 9, status="closed") for record in over))
    before = len(customer.machine.outbox())
    customer.set_clock(datetime(2027, 4, 11, 10, tzinfo=UTC))
    customer.machine.drain()
    return customer.machine.outbox()[before:]


def test_thirty_days_of_neglect_are_one_digest_a_reader_a_day(weeks_later):
    told = [(m["to"], m["accepted_at"][:10]) for m in weeks_later if m["message"] == "digest"]
    assert len(told) > 30
    assert len(told) == len(set(told))


def test_an_event_before_its_occurrence_waited_for_it(story, weeks_later, customer):
    """Its contact met the first update, which was due on the eleventh, and said when the next is due."""
    assert days(digests(customer, story.early))[0] == "2027-03-18"
    assert customer.machine.status()["records"]["quarantined"] == 0


def test_going_back_sends_no_second_digest_of_that_day(weeks_later, customer):
    before = [m["notification_id"] for m in customer.machine.outbox()]
    customer.set_clock(datetime(2027, 4, 9, 6, 50, tzinfo=UTC))
    customer.set_clock(datetime(2027, 4, 9, 9, tzinfo=UTC))
    assert [m["notification_id"] for m in customer.machine.outbox()] == before

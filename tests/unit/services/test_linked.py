"""Several crimes of one victim make one message and one referral, where the records link them.

Must not assume an order: each linked record has its own rows, and every one of them ends as the message did.
"""

from datetime import timedelta

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.obligations import Kind, ObligationState
from tests import builders
from tests.house import House

FIRST, SECOND = "26000810001", "26000810002"
HOLD = timedelta(minutes=31)


def crime(reference: str, linked: str | None, **victim):
    person = {"person_ref": "N810", "email": "kit.lowe@example.org", "mobile": "+447700900810", **victim}
    return builders.occurrence_record(
        reference=reference, linked_references=[linked] if linked else [], victims=[builders.victim(id="V1", **person)]
    )


def row(house: House, reference: str, template: str):
    return next(item for item in house.world.cases.outbox_of(reference) if item.template == template)


def two_linked(**second) -> House:
    house = House(builders.NOW, real_words=True)
    house.arrive(crime(FIRST, SECOND))
    house.arrive(crime(SECOND, FIRST, **second))
    house.run()
    house.later(HOLD)
    return house


def test_two_linked_crimes_make_one_acknowledgement_and_one_referral():
    house = two_linked()
    acknowledgement, referral = house.emails
    assert [mail.to for mail in house.emails] == ["kit.lowe@example.org", house.profile.victim_service.email]
    assert FIRST in acknowledgement.text
    assert SECOND in acknowledgement.text
    assert len(referral.attachments) == 1
    for reference in (FIRST, SECOND):
        assert row(house, reference, "acknowledgement").state is State.SENT
        assert row(house, reference, "referral").state is State.SENT


def test_a_receipt_speaks_for_every_crime_of_the_message():
    house = two_linked()
    for mail in house.emails:
        house.receive(mail.notification_id, State.DELIVERED)
    for reference in (FIRST, SECOND):
        owed = {item.kind: item.state for item in house.world.cases.obligations_of(reference)}
        assert (owed[Kind.WRITTEN_ACKNOWLEDGEMENT], owed[Kind.REFERRAL]) == (ObligationState.MET, ObligationState.MET)


@pytest.mark.parametrize(
    "second",
    [
        {"person_ref": "N811"},
        {"person_ref": None},
        {"email": "kit.lowe@other.example.org"},
        {"referral_opt_out": True},
    ],
    ids=["another person", "person not known", "another address", "another answer to the referral"],
)
def test_what_is_not_the_same_reader_told_the_same_gets_a_message_of_its_own(second):
    house = two_linked(**second)
    assert [mail.to for mail in house.emails if mail.to != house.profile.victim_service.email] == [
        "kit.lowe@example.org",
        second.get("email", "kit.lowe@example.org"),
    ]


def test_a_linked_crime_that_is_specialist_is_not_told_and_holds_the_person():
    house = House(builders.NOW)
    house.arrive(crime(FIRST, SECOND))
    record = crime(SECOND, FIRST)
    record["occurrence"]["flags"]["domestic_abuse"] = True
    house.arrive(record)
    house.run()
    house.later(HOLD)
    assert {mail.to for mail in house.emails} == {house.profile.roles["victim_care_unit"].email}


def test_records_that_do_not_name_each_other_are_told_apart():
    house = House(builders.NOW)
    house.arrive(crime(FIRST, None))
    house.arrive(crime(SECOND, None))
    house.later(HOLD)
    assert [mail.to for mail in house.emails].count("kit.lowe@example.org") == 2


def test_a_text_names_both_references():
    house = House(builders.NOW, real_words=True)
    safety = builders.contact_safety(safe_channels=["sms"])
    house.arrive(crime(FIRST, SECOND, preferred_channel="sms", contact_safety=safety))
    house.arrive(crime(SECOND, FIRST, preferred_channel="sms", contact_safety=safety))
    house.later(HOLD)
    assert len(house.texts) == 1
    assert FIRST in house.texts[0].body
    assert SECOND in house.texts[0].body


@pytest.mark.parametrize("links", [(SECOND, FIRST), (SECOND, None), (None, FIRST)], ids=["both", "the first", "the second"])
@pytest.mark.parametrize("apart", [timedelta(), timedelta(seconds=1), timedelta(minutes=20)], ids=str)
def test_linked_crimes_wait_for_each_other_whichever_names_the_other(links, apart):
    house = House(builders.NOW, real_words=True)
    house.arrive(crime(FIRST, links[0]))
    house.world.clock.advance(apart)
    house.arrive(crime(SECOND, links[1]))
    house.later(HOLD - apart)
    house.later(apart)
    house.later(timedelta(minutes=1))
    assert [mail.to for mail in house.emails] == ["kit.lowe@example.org", house.profile.victim_service.email]


def test_what_is_quarantined_is_not_waited_for():
    house = House(builders.NOW)
    house.arrive(crime(FIRST, SECOND))
    house.world.clock.advance(timedelta(minutes=1))
    house.arrive(crime(SECOND, FIRST))
    broken = crime(SECOND, FIRST)
    broken["occurrence"] |= {"version": 2, "status": "?"}
    house.arrive(broken)
    house.later(HOLD)
    assert [mail.to for mail in house.emails].count("kit.lowe@example.org") == 1


@pytest.mark.parametrize(
    "fact",
    [
        {"contact_safety": builders.contact_safety(safe_channels=["email"], instructions="Never ring.")},
        {"communication_needs": ["text_relay"]},
        {"requests": "A call in the evening."},
        {"enhanced": None},
    ],
    ids=["safety", "a need", "a request", "enhanced rights"],
)
def test_crimes_whose_record_of_the_person_differs_are_told_apart_so_that_nothing_is_lost(fact):
    house = House(builders.NOW)
    house.arrive(crime(FIRST, SECOND))
    house.arrive(crime(SECOND, FIRST, **fact))
    house.later(HOLD)
    house.later(timedelta(minutes=1))
    assert [mail.to for mail in house.emails].count("kit.lowe@example.org") == 2


def test_a_linked_crime_that_a_decision_has_just_held_is_not_told_along():
    """Its row may still wait while the head knows better already."""
    house = House(builders.NOW)
    house.arrive(crime(FIRST, SECOND))
    house.arrive(crime(SECOND, FIRST))
    heads = house.world.cases.heads
    heads[SECOND] = heads[SECOND].with_signs(1, frozenset({"domestic-abuse-flag"}))
    house.later(HOLD)
    (mail,) = [mail for mail in house.emails if mail.to == "kit.lowe@example.org"]
    assert SECOND not in mail.text


def test_one_message_tells_of_no_more_offences_than_fit_its_page():
    references = [f"2600081000{number}" for number in (1, 2, 3, 4)]
    house = House(builders.NOW, real_words=True)
    for reference in references:
        record = crime(reference, None)
        record["occurrence"]["linked_references"] = [other for other in references if other != reference]
        record["occurrence"]["offences"] = [builders.offence("28E"), builders.offence("45", ho_code="045/10", principal=False)]
        house.arrive(record)
    house.run()
    house.later(HOLD)
    told = [mail for mail in house.emails if mail.to == "kit.lowe@example.org"]
    assert sorted(sum(reference in mail.text for reference in references) for mail in told) == [2, 2]
    assert all(
        row(house, reference, template).state is State.SENT for reference in references for template in ("acknowledgement", "referral")
    )


def test_a_child_s_representative_was_rightly_told_and_another_record_of_the_child_asks_nobody_anything():
    house = House(builders.NOW)
    mother = {
        "given_name": "Priya",
        "family_name": "Shah",
        "relationship": "parent",
        "email": "priya.shah@example.org",
        "mobile": None,
        "address": None,
        "linked_to_suspect": False,
    }
    child = builders.victim(id="V1", date_of_birth="2014-03-14", representative=mother)
    house.arrive(builders.occurrence_record(reference="26000810001", victims=[child]))
    house.run()
    house.later(timedelta(days=2))
    house.receive(house.emails[0].notification_id, State.DELIVERED)
    other = builders.occurrence_record(reference="26000810002", victims=[child])
    for _ in range(2):  # the same again decides again what names the child
        house.arrive(other)
        house.run()
    owed = {item.kind: item.state for item in house.world.cases.obligations_of("26000810001")}
    assert owed[Kind.WRITTEN_ACKNOWLEDGEMENT] is ObligationState.MET
    assert Kind.TASK not in owed

"""What later versions and other occurrences of the same person change in a decision; judged from outside."""

import pytest

from tests.e2e.customer import new_mobile, on_victim, stamp, version

BOTH = ["acknowledgement", "referral"]


def flags(**values):
    return lambda occurrence: occurrence["flags"].update(values)


def leaving(customer, record):
    return [m["message"] for m in customer.delivered(record, "victim", "service")]


def test_a_specialist_hold_is_sticky(customer):
    record = customer.record(flags(domestic_abuse=True))
    customer.told(record)
    customer.told(version(record, 2, flags(domestic_abuse=False)))
    customer.until_daytime_after(49)
    assert leaving(customer, record) == []


def test_a_specialist_sign_in_a_version_that_came_late_holds_too(customer):
    record = customer.record()
    customer.told(version(record, 2))
    customer.told(version(record, 1, flags(domestic_abuse=True)))
    customer.until_daytime_after(25)
    assert leaving(customer, record) == []
    assert [m["audience"] for m in customer.delivered(record)] == ["unit"]


@pytest.mark.parametrize(
    ("doubt", "answer"),
    [
        (flags(stalking_harassment=None), flags(stalking_harassment=False)),
        (flags(safeguarding=None), flags(safeguarding=False)),
        (flags(domestic_abuse=None), flags(domestic_abuse=False)),
        (on_victim(date_of_birth=None), on_victim(date_of_birth="1970-01-01")),
        (lambda o: o["offences"][0].update(code=""), lambda o: o["offences"][0].update(code="28E")),
    ],
    ids=["stalking", "safeguarding", "domestic abuse", "date of birth", "class"],
)
def test_a_doubt_is_decided_again_when_it_is_filled(customer, doubt, answer):
    record = customer.record(doubt)
    customer.told(record)
    customer.until_daytime_after(25)
    assert leaving(customer, record) == []
    customer.told(version(record, 2, answer))
    customer.until_daytime_after(25)
    assert leaving(customer, record) == BOTH


@pytest.mark.parametrize("how", ["person_ref", "email", "mobile"])
@pytest.mark.parametrize("order", ["pending when it is heard of", "known before"])
def test_what_holds_a_person_in_one_occurrence_holds_in_the_other(customer, how, order):
    here = customer.record(on_victim(mobile=new_mobile()))
    there = customer.record(flags(domestic_abuse=True))
    shared = here["occurrence"]["victims"][0][how]
    there["occurrence"]["victims"][0][how] = shared.upper() if how == "email" else shared
    first, second = (here, there) if order.startswith("pending") else (there, here)
    customer.told(first)
    customer.told(second)
    [task] = customer.delivered(here)
    customer.until_daytime_after(25)
    assert leaving(customer, here) == []
    assert "another record" in task["text"]
    assert there["occurrence"]["reference"] not in str(task)


def test_do_not_contact_in_one_occurrence_holds_in_the_other(customer):
    here = customer.record()
    there = customer.record(on_victim(contact_safety={"do_not_contact": True}))
    there["occurrence"]["victims"][0]["person_ref"] = here["occurrence"]["victims"][0]["person_ref"]
    customer.told(here)
    customer.told(there)
    customer.until_daytime_after(25)
    assert leaving(customer, here) == []
    assert "another record" in customer.delivered(here)[0]["text"]


def test_the_same_name_and_birth_date_hold_nobody(customer):
    here, there = customer.record(), customer.record(flags(domestic_abuse=True))
    for record in (here, there):
        record["occurrence"]["victims"][0] |= {"given_name": "Robin", "family_name": "Same", "date_of_birth": "1990-01-01"}
    customer.told(here, there)
    customer.until_daytime_after(1)
    assert leaving(customer, here) == BOTH


def test_specialist_while_held_cancels_everything(customer):
    record = customer.record()
    customer.told(record)
    customer.told(version(record, 2, flags(domestic_abuse=True)))
    customer.until_daytime_after(25)
    assert leaving(customer, record) == []
    assert [m["audience"] for m in customer.delivered(record)] == ["unit"]


def test_specialist_after_sending_stops_the_service_and_asks_the_unit(customer):
    record = customer.record()
    customer.told(record)
    customer.until_daytime_after(1)
    customer.told(version(record, 2, flags(domestic_abuse=True)))
    after = customer.delivered(record)[2:]
    assert {m["audience"] for m in after} == {"unit", "service"}
    [notice] = [m for m in after if m["audience"] == "service"]
    assert "top" in notice["subject"].lower()
    assert record["occurrence"]["reference"] in notice["subject"]
    assert "Victim Care Unit on 101" in notice["text"]
    said = (notice["subject"] + notice["text"]).lower()
    for why in ("domestic", "abuse", "specialist", "burglary", record["occurrence"]["victims"][0]["family_name"].lower()):
        assert why not in said
    customer.told(version(record, 3, flags(domestic_abuse=False)))
    customer.until_daytime_after(25)
    assert leaving(customer, record) == [*BOTH, "stop_notice"]


def test_a_stop_notice_knows_no_night(customer):
    record = customer.record()
    customer.told(record)
    customer.until_daytime_after(1)
    customer.set_clock(customer.now().replace(hour=23, minute=30))
    customer.told(version(record, 2, flags(stalking_harassment=True)))
    assert "stop_notice" in leaving(customer, record)


@pytest.mark.parametrize("said", [True, None])
def test_who_said_no_or_was_not_asked_is_told_but_not_referred(customer, said):
    record = customer.record(on_victim(referral_opt_out=said))
    customer.told(record)
    customer.until_daytime_after(25)
    assert leaving(customer, record) == ["acknowledgement"]
    assert "We have not passed your details" in customer.delivered(record, "victim")[0]["text"]
    assert [m["audience"] for m in customer.delivered(record, "officer")] == ([] if said else ["officer"])


def test_who_says_no_while_it_waits_is_not_referred(customer):
    record = customer.record()
    customer.told(record)
    customer.told(version(record, 2, on_victim(referral_opt_out=True)))
    customer.until_daytime_after(25)
    assert leaving(customer, record) == ["acknowledgement"]


def test_who_says_no_later_is_withdrawn_from_the_service(customer):
    record = customer.record()
    customer.told(record)
    customer.until_daytime_after(1)
    customer.told(version(record, 2, on_victim(referral_opt_out=True)))
    customer.told(version(record, 3, on_victim(referral_opt_out=True, requests="none")))
    customer.until_daytime_after(25)
    assert leaving(customer, record) == [*BOTH, "withdrawal"]
    assert record["occurrence"]["victims"][0]["family_name"] not in str(customer.delivered(record, "service")[-1])


def test_cancelled_while_held_tells_nobody(customer):
    record = customer.record()
    customer.told(record)
    customer.told(version(record, 2, status="cancelled"))
    customer.until_daytime_after(25)
    assert leaving(customer, record) == []


def test_a_corrected_address_gets_what_still_waits(customer):
    record = customer.record(reported_at=stamp(customer.now().replace(microsecond=0)), recorded_at=stamp(customer.now()))
    record["occurrence"] |= {"occurred_from": None, "occurred_to": None}
    customer.told(record)
    customer.told(version(record, 2, on_victim(email="corrected@example.org")))
    customer.until_daytime_after(1)
    assert [m["to"] for m in customer.delivered(record, "victim")] == ["corrected@example.org"]

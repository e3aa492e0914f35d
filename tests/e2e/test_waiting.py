"""Hold windows, quiet hours and the clock; judged from when messages were accepted."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.customer import offence, on_victim, stamp, version
from tests.e2e.local_machine import ROOT

LONDON = ZoneInfo("Europe/London")
BANK_HOLIDAYS = set(json.loads((ROOT / "chalicelib/adapters/data/bank-holidays.json").read_text())["days"])


def times(customer, record, *audiences):
    return [datetime.fromisoformat(m["accepted_at"]) for m in customer.delivered(record, *audiences)]


def at_noon(customer):
    customer.until_daytime_after(0)


def advance(customer, **much):
    customer.set_clock(customer.now() + timedelta(**much))


def test_property_crime_waits_half_an_hour_from_the_first_version(customer):
    at_noon(customer)
    record = customer.record()
    first = customer.now()
    customer.told(record)
    advance(customer, minutes=20)
    customer.told(version(record, 2, on_victim(given_name="Newer")))
    advance(customer, minutes=8)
    assert customer.delivered(record) == []
    advance(customer, minutes=5)
    assert [m["message"] for m in customer.delivered(record)] == ["acknowledgement", "referral"]
    assert "Dear Newer" in customer.delivered(record)[0]["text"]
    waited = times(customer, record)[0] - first
    assert timedelta(minutes=29) < waited < timedelta(minutes=34)


def test_an_offence_against_a_person_waits_a_day_from_the_first_version(customer):
    at_noon(customer)
    record = customer.record(offences=[offence("8N")])
    customer.told(record)
    advance(customer, hours=20)
    customer.told(version(record, 2))
    advance(customer, hours=3)
    assert customer.delivered(record) == []
    advance(customer, hours=1, minutes=5)
    assert [m["message"] for m in customer.delivered(record)] == ["acknowledgement", "referral"]


@pytest.mark.parametrize("hour", [19, 22, 3])
def test_the_night_holds_victim_and_service_but_no_task(customer, hour):
    now = customer.now().astimezone(LONDON)
    night = now.replace(hour=hour, minute=45, second=0) + timedelta(days=1)
    customer.set_clock(night)
    record = customer.record()
    held = customer.record(lambda o: o["flags"].update(domestic_abuse=True))
    customer.told(record, held)
    assert [m["audience"] for m in customer.delivered(held)] == ["unit"]
    advance(customer, hours=3)
    assert customer.delivered(record) == []
    customer.until_daytime_after(1)
    for moment in times(customer, record):
        assert 8 <= moment.astimezone(LONDON).hour < 20
    assert [m["message"] for m in customer.delivered(record)] == ["acknowledgement", "referral"]


def test_the_clock_goes_back_too(customer):
    before = customer.now()
    advance(customer, days=2)
    customer.set_clock(before)
    assert abs(customer.now() - before) < timedelta(seconds=30)
    record = customer.record()
    customer.told(record)
    customer.until_daytime_after(1)
    assert [m["message"] for m in customer.delivered(record)] == ["acknowledgement", "referral"]


def test_the_night_follows_the_summer_in_london(customer):
    summer = customer.now().replace(month=6, day=15, hour=18, minute=15) + timedelta(days=366)
    customer.set_clock(summer)
    record = customer.record()
    customer.told(record)
    customer.set_clock(summer + timedelta(hours=2))
    customer.set_clock(summer.replace(hour=6, minute=59) + timedelta(days=1))
    late = [moment.astimezone(LONDON).hour for moment in times(customer, record)]
    assert late == [19, 19]
    other = customer.record(reported_at=stamp(customer.now() - timedelta(minutes=40)))
    other["occurrence"] |= {"occurred_from": None, "occurred_to": None}
    customer.told(other)
    customer.set_clock(customer.now() + timedelta(hours=1))
    assert [moment.astimezone(LONDON).hour for moment in times(customer, other)] == [8, 8]


def test_deadlines_are_working_days_of_london(customer):
    now = customer.now().astimezone(LONDON)
    friday = (now + timedelta(days=(4 - now.weekday()) % 7 + 7)).replace(hour=15, minute=0, second=0, microsecond=0)
    while BANK_HOLIDAYS & {friday.date().isoformat(), (friday + timedelta(days=3)).date().isoformat()}:
        friday += timedelta(days=7)
    customer.set_clock(friday)
    record = customer.record(lambda o: o["flags"].update(domestic_abuse=True))
    customer.told(record)
    monday = friday + timedelta(days=3)
    assert f"By: the end of Monday {monday.day} {monday:%B %Y}" in customer.delivered(record)[0]["text"]

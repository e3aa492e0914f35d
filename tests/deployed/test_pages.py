"""The officer's and the victim's page through the deployed API, each from the link in a message.

Must not test what a page says or refuses: tests/e2e does, on the local machine.
"""

from __future__ import annotations

import pytest

from tests.e2e.customer import own_officer
from tests.e2e.test_contact_officer import post
from tests.e2e.test_officer_page import answer, due_tomorrow, fields, path_in, victim_of
from tests.e2e.victim_events import digests
from tests.e2e.victim_visits import Browser, link_in


@pytest.fixture(scope="module")
def told(account, customer):
    """A case that was told, whose officer was written to and owes an update."""
    record = customer.record(own_officer, due_tomorrow(customer))
    customer.told(record)
    assert post(customer, record["occurrence"]["officer"]["collar_number"], record["occurrence"]["reference"])[0] == 303
    customer.until_daytime_after(20)
    customer.quiet_in_the_end()
    return record


def test_an_officer_records_a_call_and_sends_an_update_from_the_link_in_a_reminder(customer, told):
    page = path_in(digests(customer, told, "officer")[-1], told)
    assert "Update to the victim" in answer(customer, page)[1]
    form = fields(answer(customer, f"{page}/spoken?victim={victim_of(told)}")[1]) | {"way": "phone"}
    assert [answer(customer, f"{page}/spoken", form)[2].partition("?")[2] for _ in range(2)] == ["done=recorded", "done=already"]
    form = fields(answer(customer, f"{page}/update?victim={victim_of(told)}")[1])
    status, seen, _ = answer(customer, f"{page}/update/preview", form | {"start": "looking_at_film", "words": ""})
    assert status == 200
    assert [answer(customer, f"{page}/update/send", fields(seen))[2].partition("?")[2] for _ in range(2)] == ["done=sent", "done=already"]
    customer.machine.drain()
    (mail,) = [m for m in customer.delivered(told, "victim") if m["message"] == "update"]
    assert "We are looking at film from cameras" in mail["text"]


def test_a_victim_comes_in_with_a_code_and_changes_how_often_they_hear(customer, told):
    browser = Browser(customer, next(link for m in customer.delivered(told, "victim") if (link := link_in(m))))
    browser.come_in(told)
    browser.post("/change/updates", every="14", method="email")
    assert browser.status == 303
    assert "every 14 days" in browser.get("/page")
    customer.machine.drain()

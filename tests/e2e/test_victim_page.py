"""The victim's own page on a running machine: from the link in a message to the code in the outbox, to each change and what it causes.

Must not look at how the page looks: tests/browser/test_victim_page.py does.
"""

import json

import pytest

from tests.e2e.customer import Customer, Record, new_mobile, on_victim, own_officer, safe, stamp, version
from tests.e2e.test_permissions import NOT_BY_THE_FUNCTION, actions, allowed
from tests.e2e.victim_events import event
from tests.e2e.victim_visits import Browser, link_in, newest_code

REVIEWABLE = {
    "type": "not_prosecuted", "reason": "There is not enough to show a court.", "suspect_interviewed": True,
    "all_suspects_and_charges": True, "charged_other_offence": False, "victim_supports": True, "decided_by": "police",
}  # fmt: skip


def told(customer: Customer, *changes, **occurrence) -> tuple[Record, Browser]:
    """A case whose victim was written to, and a browser at the link of that message."""
    record = customer.record(own_officer, *changes, **occurrence)
    customer.told(record)
    customer.until_daytime_after(1)
    (message,) = [m for m in customer.delivered(record, "victim") if m["message"] == "acknowledgement" and link_in(m)]
    return record, Browser(customer, link_in(message))


def tasks(customer: Customer, record: Record) -> list[Record]:
    return [m for m in customer.delivered(record, "officer") if m["message"] == "task"]


def test_from_the_link_to_each_change_and_its_effect(customer):
    record, browser = told(customer, on_victim(mobile=new_mobile()))
    reference = record["occurrence"]["reference"]
    assert reference not in browser.get()
    browser.come_in(record)
    page = browser.get("/page")
    for words in (reference, "Burglary of a home", "PC Sam Ash", "every 10 days", "We told you that we pass your details"):
        assert words in page, words

    browser.post("/change/updates", every="14", method="sms")
    assert browser.status == 303
    assert "every 14 days" in browser.get("/page")
    assert "by text message" in browser.page

    browser.post("/change/referral")
    customer.machine.drain()
    assert [m["message"] for m in customer.delivered(record, "service")] == ["referral", "withdrawal"]
    assert "You said no to Derbyshire Victim Services" in browser.get("/page")

    browser.post("/change/details")
    customer.machine.drain()
    assert "change how we reach them" in tasks(customer, record)[-1]["text"]
    assert "your contact details are wrong" in browser.get("/page")

    browser.post("/change/stop")
    customer.machine.drain()
    assert "no more messages" in tasks(customer, record)[-1]["text"]
    before = len(customer.delivered(record, "victim"))
    customer.told(event(customer, "investigation_event", record, happened_at=stamp(customer.now()), **REVIEWABLE))
    customer.until_daytime_after(24 * 20)
    assert len(customer.delivered(record, "victim")) == before
    assert browser.get("/page").count("You need a new code") == 1, "half an hour is over"


def test_a_review_opens_the_forces_clocks(customer):
    record, first = told(customer)
    customer.told(event(customer, "investigation_event", record, happened_at=stamp(customer.now()), **REVIEWABLE))
    customer.until_daytime_after(24 * 4)
    (news,) = [m for m in customer.delivered(record, "victim") if m["message"] == "event"]
    browser = Browser(customer, link_in(news))
    assert browser.path != first.path
    browser.come_in(record)
    page = browser.get("/page")
    assert "it was decided not to take a person to court" in page
    assert "There is not enough to show a court." in page
    browser.post("/change/review")
    assert browser.status == 303
    owed = customer.machine.status()["obligations"]
    assert (sum(owed["review_acknowledged"].values()), sum(owed["review_decided"].values())) == (1, 1)
    assert "you asked us to look at the decision again" in browser.get("/page")


def test_the_code_goes_where_it_is_safe_now_and_stands_nowhere_else(customer):
    mobile = new_mobile()
    record, browser = told(customer, on_victim(mobile=mobile))
    customer.told(version(record, 2, on_victim(mobile=mobile, preferred_channel="sms"), safe("sms")))
    browser.post()
    code, message = newest_code(customer, record)
    assert (message["channel"], message["to"]) == ("sms", mobile)
    assert browser.path not in message["text"]
    rows = customer.machine.client("dynamodb").scan(TableName="kept-informed-notifications")["Items"]
    events = customer.machine.client("dynamodb").scan(TableName="kept-informed-events")["Items"]
    theirs = [item for item in (*rows, *events) if record["occurrence"]["reference"] in json.dumps(item)]
    assert theirs
    assert f'"{code}"' not in json.dumps(theirs)
    logs = "".join(path.read_text(errors="replace") for path in customer.machine.log.rglob("*") if path.is_file())
    assert browser.path.rpartition("/")[2] not in logs
    browser.post("/code", code=code)
    assert browser.status == 303


@pytest.mark.parametrize("of_another", [False, True], ids=["their own case", "another record of theirs"])
def test_the_page_dies_with_a_live_session(customer, of_another):
    record, browser = told(customer)
    browser.come_in(record)
    assert browser.get("/page")
    assert browser.status == 200
    person = record["occurrence"]["victims"][0]["person_ref"]
    if of_another:
        customer.told(customer.record(on_victim(person_ref=person), lambda occurrence: occurrence["flags"].update(domestic_abuse=True)))
    else:
        customer.told(version(record, 2, lambda occurrence: occurrence["flags"].update(domestic_abuse=True)))
    closed = []
    for ask in (browser.get, lambda more: browser.post(more, shown="")):
        for more in ("", "/code", "/change/stop"):
            ask(more)
            closed.append((browser.status, browser.page))
    browser.get("/page")
    assert {*closed, (browser.status, browser.page)} == {closed[0]}
    assert (browser.status, browser.heading) == (404, "Call 101")
    assert [m for m in customer.delivered(record, "victim") if m["message"] == "code"][1:] == []


def test_nobody_specialist_held_or_texted_alone_gets_a_link(customer):
    records = [
        customer.record(own_officer, lambda occurrence: occurrence["flags"].update(domestic_abuse=True)),
        customer.record(own_officer, lambda occurrence: occurrence["flags"].update(safeguarding=None)),
        customer.record(own_officer, on_victim(mobile=new_mobile(), preferred_channel="sms"), safe("sms")),
        customer.record(own_officer, on_victim(preferred_channel="letter"), safe("letter")),
    ]
    customer.told(*records)
    customer.until_daytime_after(1)
    sent = [m for record in records for m in customer.delivered(record)]
    assert sent
    assert not [m for m in sent if "/case" in m["text"]]


def test_the_pages_call_nothing_that_their_policy_does_not_allow(customer):
    found = actions(customer.machine.call("/local/costs.json")[1]["calls"]["app"])
    assert found - allowed("pages") == set()
    left = {action for action in allowed("pages") - found if action.partition(":")[0] not in NOT_BY_THE_FUNCTION}
    assert left == set()

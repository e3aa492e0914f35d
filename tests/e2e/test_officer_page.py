"""An officer's journey on a running machine, as a plain program makes it: from the link in a reminder to what is met and what is delivered.

Must not look at how a page looks: tests/browser/test_officer_page.py does.
"""

import re
from datetime import timedelta
from html import unescape
from http.client import HTTPConnection
from urllib.parse import quote, urlencode, urlsplit

import pytest

from tests.e2e.customer import Customer, Record, new_mobile, on_victim, own_officer, safe
from tests.e2e.test_contact_officer import collar, reference, specialist
from tests.e2e.test_contact_officer import post as write
from tests.e2e.test_permissions import NOT_BY_THE_FUNCTION, actions, allowed
from tests.e2e.victim_events import OutListener, digests

FORM = "application/x-www-form-urlencoded"


def due_tomorrow(customer: Customer, **agreed: object):
    day = (customer.now() + timedelta(days=1)).date().isoformat()
    return on_victim(update_agreement={"every_days": 10, "method": "email", "next_update_on": day, "declined": False} | agreed)


def by_text(customer: Customer):
    def change(occurrence: Record) -> None:
        on_victim(mobile=new_mobile(), preferred_channel="sms")(occurrence)
        safe("sms")(occurrence)
        due_tomorrow(customer, method="sms")(occurrence)

    return change


def by_letter(customer: Customer):
    def change(occurrence: Record) -> None:
        on_victim(preferred_channel="letter")(occurrence)
        safe("letter")(occurrence)
        due_tomorrow(customer, method="letter")(occurrence)

    return change


def answer(customer: Customer, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Status, text and where it leads; no redirection is followed."""
    web = urlsplit(customer.machine.web_url)
    connection = HTTPConnection(web.netloc, timeout=60)
    try:
        if form is None:
            connection.request("GET", web.path + path)
        else:
            connection.request("POST", web.path + path, urlencode(form), {"Content-Type": FORM})
        got = connection.getresponse()
        return got.status, got.read().decode(), got.getheader("location") or ""
    finally:
        connection.close()


def path_in(message: Record, of: Record) -> str:
    """The path of the link with which a mail opens an occurrence."""
    found = re.search(rf"Open {reference(of)}\s+\S+?(/officer/\S+)", message["text"])
    assert found, message["text"]
    return found[1]


def fields(page: str) -> dict[str, str]:
    """What the page's form posts as it is."""
    found = {}
    for tag in re.findall(r"<input [^>]*>", page):
        named = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" in named and (named.get("type") not in ("radio", "checkbox") or re.search(r"\schecked\b", tag)):
            found[named["name"]] = unescape(named.get("value", ""))
    return found


def victim_of(record: Record) -> str:
    return quote(record["occurrence"]["victims"][0]["id"])


def owed(customer: Customer, record: Record, page: str) -> bool:
    return "Update to the victim" in answer(customer, page)[1]


@pytest.fixture(scope="module")
def story(standing_customer):
    """Four records of one morning, with the page that the reminder of each links."""
    customer = standing_customer
    out = OutListener(customer)
    records = {
        "email": customer.record(own_officer, due_tomorrow(customer)),
        "text": customer.record(own_officer, by_text(customer)),
        "spoken": customer.record(own_officer, due_tomorrow(customer)),
        "specialist": customer.record(own_officer, due_tomorrow(customer), specialist),
    }
    customer.told(*records.values())
    customer.until_daytime_after(20)
    pages = {name: path_in(digests(customer, record, "officer")[-1], record) for name, record in records.items()}
    return customer, out, records, pages


def told(customer: Customer, record: Record) -> list[Record]:
    return [m for m in customer.delivered(record, "victim") if m["message"] == "update"]


def test_an_update_is_previewed_delivered_and_meets_what_was_owed(story):
    customer, out, records, pages = story
    record, page = records["email"], pages["email"]
    assert "Update to the victim" in answer(customer, page)[1]
    form = fields(answer(customer, f"{page}/update?victim={victim_of(record)}")[1])
    status, seen, _ = answer(customer, f"{page}/update/preview", form | {"start": "looking_at_film", "words": ""})
    assert (status, told(customer, record)) == (200, [])
    sends = [answer(customer, f"{page}/update/send", fields(seen)) for _ in range(2)]
    assert [(status, place.partition("?")[2]) for status, _, place in sends] == [(303, "done=sent"), (303, "done=already")]
    customer.machine.drain()
    (mail,) = told(customer, record)
    assert mail["to"] == record["occurrence"]["victims"][0]["email"]
    assert "We are looking at film from cameras to see what it shows." in mail["text"]
    (frame,) = re.findall(r'srcdoc="([^"]+)"', seen)
    assert unescape(frame).split() == re.sub(r"/case/[\w-]+", "/case/their-own-link", mail["html"]).split()
    assert "10 days" in mail["text"]
    met = [news for news in out.taken() if news.get("event") == "obligation_met" and news.get("reference") == reference(record)]
    assert "update" in {news["kind"] for news in met}


def test_a_text_meets_it_too_and_says_only_what_is_fixed(story):
    customer, _, records, pages = story
    record, page = records["text"], pages["text"]
    form = fields(answer(customer, f"{page}/update?victim={victim_of(record)}")[1]) | {"start": "still_looking"}
    assert answer(customer, f"{page}/update/send", form | {"words": "I call you soon."})[0] == 422
    assert answer(customer, f"{page}/update/send", form | {"words": ""})[0] == 303
    customer.machine.drain()
    (text,) = told(customer, record)
    assert (text["channel"], text["to"]) == ("sms", record["occurrence"]["victims"][0]["mobile"])


def test_spoken_meets_it_and_the_next_morning_says_nothing_more(story):
    customer, _, records, pages = story
    record, page = records["spoken"], pages["spoken"]
    form = fields(answer(customer, f"{page}/spoken?victim={victim_of(record)}")[1]) | {"way": "phone"}
    places = [answer(customer, f"{page}/spoken", form)[2] for _ in range(2)]
    assert [place.partition("?")[2] for place in places] == ["done=recorded", "done=already"]
    before = len(digests(customer, record))
    customer.until_daytime_after(20)
    assert len(digests(customer, record)) == before


def test_of_a_specialist_case_no_update_is_offered_and_a_forged_post_is_refused(story):
    customer, _, records, pages = story
    record, page = records["specialist"], pages["specialist"]
    shown = answer(customer, page)[1]
    assert "I have spoken to them" in shown
    assert "Send an update" not in shown
    form = fields(answer(customer, f"{page}/spoken?victim={victim_of(record)}")[1]) | {"start": "still_looking", "words": ""}
    statuses = [answer(customer, f"{page}/update{path}", form)[0] for path in ("", "/preview", "/send")]
    assert statuses == [409, 409, 409]
    assert answer(customer, f"{page}/update?victim={victim_of(record)}")[0] == 409
    customer.machine.drain()
    assert customer.delivered(record, "victim") == []


def test_a_message_is_read_on_the_page_unless_its_case_is_specialist(story):
    customer, _, records, _ = story
    for name in ("email", "specialist"):
        write(customer, collar(records[name]), reference(records[name]), f"About {name}: when will you call?")
    customer.machine.drain()
    pages = {}
    for name in ("email", "specialist"):
        mail = next(m for m in customer.delivered(records[name], "officer") if m["message"] == "contact_message")
        pages[name] = path_in(mail, records[name])
    shown, hidden = answer(customer, pages["email"])[1], answer(customer, pages["specialist"])[1]
    assert "About email: when will you call?" in shown
    assert "About specialist" not in hidden
    assert 'href="/desk/case/' in hidden


def test_a_revoked_or_invented_link_opens_nothing(story):
    customer, _, _, pages = story
    for path in ("/officer/invented", pages["email"][:-4] + "AAAA", f"{pages['email']}x/spoken"):
        status, page, _ = answer(customer, path)
        assert (status, "This link does not work any more" in page) == (410, True)


def test_the_pages_call_nothing_that_their_policy_does_not_allow(story):
    customer, *_ = story
    found = actions(customer.machine.call("/local/costs.json")[1]["calls"]["app"])
    assert "dynamodb:PutItem" in found
    assert found - allowed("pages") == set()
    assert {action for action in allowed("pages") - found if action.partition(":")[0] not in NOT_BY_THE_FUNCTION} == set()


def test_no_log_holds_a_link(story):
    customer, _, _, pages = story
    logs = "".join(path.read_text(errors="replace") for path in customer.machine.log.rglob("*") if path.is_file())
    assert not [name for name, page in pages.items() if page.split("/")[2] in logs]

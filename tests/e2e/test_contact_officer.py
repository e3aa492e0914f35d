"""A message through the page "Contact an officer" on a running machine: who has it afterwards, and that nobody can tell from the answer.

Must not look at how the page looks: tests/browser/test_contact_officer.py does.
"""

from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.e2e.customer import Customer, Record, own_officer

PAGE = "/contact-officer"
QUESTION = "When will somebody call me about the window?"
DANGER = "Please help, he is here now with a knife."


def specialist(occurrence: Record) -> None:
    occurrence["flags"]["domestic_abuse"] = True


def post(customer: Customer, collar_number: str, reference: str, message: str = QUESTION, **more: str) -> tuple[int, list[Any], bytes]:
    """The six fields of the contract, as a plain program sends them: no browser's headers, no redirection followed."""
    fields = {
        "collar_number": collar_number,
        "reference": reference,
        "name": "Kim Field",
        "email": "kim.field@example.org",
        "phone": "07700 900123",
        "message": message,
    }
    place = urlsplit(customer.machine.web_url)
    connection = HTTPConnection(place.netloc, timeout=60)
    try:
        connection.request("POST", place.path + PAGE, urlencode(fields | more), {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        return answer.status, [pair for pair in answer.getheaders() if pair[0].lower() != "date"], answer.read()
    finally:
        connection.close()


def collar(record: Record) -> str:
    return str(record["occurrence"]["officer"]["collar_number"])


def reference(record: Record) -> str:
    return str(record["occurrence"]["reference"])


def written(customer: Customer, of: Record | str, *audiences: str) -> list[Record]:
    return [m for m in customer.delivered(of, *audiences) if m["message"] == "contact_message"]


@pytest.fixture
def told(customer: Customer) -> Customer:
    """An hour later: all of these tests are one source, which may write ten times an hour."""
    customer.machine.advance("PT1H")
    return customer


def test_a_message_reaches_the_officer_in_the_case_once(told):
    record = told.record(own_officer)
    told.told(record)
    short = f"26*{reference(record)[5:]}"
    answers = [post(told, collar(record), spelling) for spelling in (short, reference(record), f"Crime no. {short}")]
    told.machine.drain()
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 303
    (mail,) = written(told, record)
    assert (mail["audience"], mail["to"]) == ("officer", record["occurrence"]["officer"]["email"])
    assert QUESTION in mail["text"]
    assert "Kim Field" in mail["text"]


def test_the_answer_is_the_same_for_a_known_an_unknown_and_a_specialist_pair(told):
    known, hidden = told.record(own_officer), told.record(own_officer, specialist)
    told.told(known, hidden)
    unknown = "26000999999"
    for message, place in ((QUESTION, "/contact-officer/sent"), (DANGER, "/contact-officer/sent/emergency")):
        answers = [
            post(told, collar(known), reference(known), message),
            post(told, collar(hidden), reference(hidden), message),
            post(told, "9999", unknown, message),
        ]
        assert answers[0] == answers[1] == answers[2]
        status, headers, body = answers[0]
        assert (status, body, {name.lower(): value for name, value in headers}["location"]) == (303, b"", place)
    told.machine.drain()
    to = {m["to"].partition("@")[0] for m in written(told, unknown)}
    assert to == {"contact-centre", "control-room"}
    assert {m["audience"] for m in written(told, hidden)} == {"officer", "unit"}
    assert not [m for m in written(told, hidden) if QUESTION in m["text"] or DANGER in m["text"]]
    for of in (known, hidden):
        assert [m for m in written(told, of) if m["to"].startswith("control-room@")]


def test_what_was_sent_is_said_nowhere_and_nobody_else_is_told(told):
    record = told.record(own_officer)
    told.told(record)
    post(told, collar(record), reference(record))
    told.machine.drain()
    assert {m["audience"] for m in told.delivered(record) if m["message"] == "contact_message"} == {"officer"}
    page = told.machine.call("/contact-officer/sent")[1]
    assert reference(record) not in page
    logs = "".join(path.read_text(errors="replace") for path in told.machine.log.rglob("*") if path.is_file())
    assert not [value for value in (QUESTION, "Kim Field", "kim.field@") if value in logs]


def test_the_field_that_nobody_sees_sends_it_to_the_contact_centre(told):
    record = told.record(own_officer)
    told.told(record)
    plain, filled = (
        post(told, collar(record), reference(record), "One."),
        post(told, collar(record), reference(record), "Two.", website="x"),
    )
    told.machine.drain()
    assert plain == filled
    assert [m["to"].partition("@")[0] for m in written(told, record, "unit")] == ["contact-centre"]


def test_the_eleventh_message_of_one_source_within_an_hour_has_to_wait(told):
    statuses = [post(told, "9999", f"26*9800{n:02d}")[0] for n in range(25)]
    assert statuses.count(303) in range(10, 21), "ten in each window, and a new one may begin meanwhile"
    assert statuses[-1] == 429
    told.machine.advance("PT1H")
    assert post(told, "9999", "26*980099")[0] == 303

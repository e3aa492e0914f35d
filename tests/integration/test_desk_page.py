"""The desk of a signed-in officer as it is deployed: sick or away, handing over, messages; what is refused, and what tables are asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from chalicelib.adapters.tables import OfficerRow
from chalicelib.bootstrap import container
from chalicelib.bootstrap_web import web_container
from infra.local.http_server import Reply
from tests.builders import body, occurrence_record, officer_record, victim
from tests.captured import captured
from tests.integration.signed_in_browser import Browser, Identity, stack_with_identity, text
from tests.integration.stack_fixture import LocalStack
from tests.integration.table_calls import Asked, watched
from tests.integration.test_contact_page import FORM, HOSTILE
from tests.integration.test_pages_deployed import has_every_header
from tests.integration.test_table_permissions import DECISION, allowed
from tests.integration.web_pages import visit

REF = "26000712345"
CASE = f"/desk/case/{REF}"
PEOPLE = {"2345": "PC Sam Ash", "2351": "PC Robin Cole", "1890": "Sgt Jo Reed", "7777": "PC Lee Hill"}
ABSENCE = {"officer": "2345", "absent_from": "2026-11-20", "absent_until": "", "cover": ""}
CONTACT_PAGE = {("PutItem", "contact-messages"), ("BatchGetItem", "contact-messages")}
"""What the page "Contact an officer" asks for and these do not: its own test holds it."""
ELSEWHERE = {("UpdateItem", "control"), ("GetItem", "events"), ("BatchGetItem", "officers")}
"""Limits of that page; an event that is there already; officers that are read with what a decision reads (`Cases.around`)."""


@pytest.fixture(scope="module")
def stack() -> Iterator[tuple[LocalStack, Identity]]:
    with stack_with_identity() as running:
        yield running


@pytest.fixture
def local(stack: tuple[LocalStack, Identity]) -> Iterator[LocalStack]:
    running, _ = stack
    running.empty()
    web_container.cache_clear()
    for collar, name in PEOPLE.items():
        supervisor = None if collar == "1890" else "1890" if collar != "7777" else "1891"
        entry = {"name": name, "supervisor": supervisor, "absent_from": None, "absent_until": None}
        running.ingest(body(officer_record(collar_number=collar, **entry)))
    running.ingest(body(occurrence_record(reference=REF, victims=[victim()])))
    yield running
    web_container.cache_clear()


@pytest.fixture
def browser(local: LocalStack, stack: tuple[LocalStack, Identity]) -> Browser:
    """The officer in the case, signed in."""
    window = Browser(stack[1])
    window.sign_in()
    return window


def somebody(browser: Browser, collar: str, *groups: str) -> Browser:
    window = Browser(browser.identity)
    window.sign_in(collar, *groups)
    return window


def write(local: LocalStack, **changes: str) -> None:
    assert visit("/contact-officer", "POST", form=FORM | changes).status == 303
    local.settle()


def errors(reply: Reply) -> list[tuple[str, str]]:
    return re.findall(r'<a href="#([\w-]+)">([^<]+)</a>', text(reply))


def officer(local: LocalStack) -> str | None:
    facts = container().cases.load(REF).head.facts
    assert facts
    return facts.officer and facts.officer.collar_number


def test_the_desk_says_who_it_is_and_whether_they_are_away(browser):
    reply = browser.get("/desk")
    has_every_header(reply.headers)
    assert "PC Sam Ash (2345)" in text(reply)
    assert "You are away" not in text(reply)
    done = browser.post("/desk/absence", ABSENCE | {"absent_until": "3/12/2026", "cover": "PC 2351"})
    assert (done.status, done.headers["location"]) == (303, "/desk?done=away")
    after = text(browser.get(done.headers["location"]))
    assert "The absence is saved" in after
    assert "You are away until Thursday 3 December 2026. Your cover is 2351." in after
    browser.post("/desk/absence", ABSENCE | {"absent_from": "1 12 2026"})
    assert "You are away from Tuesday 1 December 2026." in text(browser.get("/desk"))
    assert browser.post("/desk/back", {"officer": "2345"}).headers["location"] == "/desk?done=back"
    assert "You are away" not in text(browser.get("/desk?done=back"))


@pytest.mark.parametrize("done", ["nothing", "%3Cscript%3E", "away&done=back"])
def test_what_an_address_says_is_not_repeated(browser, done):
    page = browser.get(f"/desk?done={done}")
    assert page.status == 200
    assert "Success" not in text(page)
    assert "<script>" not in page.body.decode()


@pytest.mark.parametrize(
    ("path", "form", "wrong"),
    [
        ("/desk/absence", {"officer": "7777"}, [("away-officer", "Enter your own collar number, or that of an officer you supervise")]),
        ("/desk/absence", {"absent_from": ""}, [("away-absent_from", "Enter the first day away")]),
        ("/desk/absence", {"absent_from": "soon"}, [("away-absent_from", "Enter a day, like 1 12 2026")]),
        (
            "/desk/absence",
            {"absent_until": "19 11 2026", "cover": "2345"},
            [("away-absent_until", "The last day away must not be in the past"), ("away-cover", "Nobody can cover for themselves")],
        ),
        ("/desk/back", {"officer": "1890"}, [("back-officer", "Enter your own collar number, or that of an officer you supervise")]),
        ("/desk/case", {"reference": "soon"}, [("reference", "Enter the crime or incident number, like 26*712345")]),
    ],
)
def test_what_is_wrong_is_said_at_the_top_and_at_the_field(browser, path, form, wrong):
    reply = browser.post(path, (ABSENCE if path == "/desk/absence" else {}) | form)
    assert reply.status == 422
    has_every_header(reply.headers)
    assert errors(reply) == wrong
    for field, words in wrong:
        assert re.search(rf'id="{field}-error"[^>]*>.*?{re.escape(words)}', text(reply)), field
    assert "<title>Error: " in text(reply)


@pytest.mark.parametrize(
    ("path", "field"),
    [("/desk/absence", "officer"), ("/desk/absence", "cover"), ("/desk/absence", "absent_until"), ("/desk/case", "reference")],
)
def test_what_was_typed_is_shown_again_as_text(browser, path, field):
    reply = browser.post(path, ABSENCE | {"reference": ""} | {field: HOSTILE})
    assert reply.status == 422
    assert HOSTILE not in reply.body.decode()
    assert "<script>alert" not in reply.body.decode()


def test_a_supervisor_says_it_for_their_officers(browser):
    reed = somebody(browser, "1890")
    assert reed.post("/desk/absence", ABSENCE).status == 303
    assert "You are away" in text(browser.get("/desk"))
    assert reed.post("/desk/absence", ABSENCE | {"officer": "7777"}).status == 422


def test_a_reference_leads_to_its_case_in_any_spelling(browser):
    found = browser.post("/desk/case", {"reference": "Crime no. 26*712345"})
    assert (found.status, found.headers["location"]) == (303, CASE)
    page = browser.get(CASE)
    assert page.status == 200
    has_every_header(page.headers)
    assert "PC Sam Ash (2345)" in text(page)
    assert "There are none." in text(page)


def test_nobody_elses_case_is_there(browser, local):
    write(local)
    for collar, groups in (("7777", ()), ("2351", ()), ("7777", ("KeptInformed-Supervisors", "KeptInformed-Contact-Centre"))):
        window = somebody(browser, collar, *groups)
        pages = {window.get(f"/desk/case/{reference}").body for reference in (REF, "26000799999", "nonsense")}
        assert len(pages) == 1
        assert b"There is no such page" in pages.pop()
        assert window.post(f"{CASE}/hand-over", {"to": "2351"}).status == 404
        assert window.post(f"{CASE}/message/x", {"to": "2351"}).status == 404
    assert officer(local) == "2345"


def test_a_case_is_handed_over_once_and_gone_from_the_desk(browser, local):
    assert errors(browser.post(f"{CASE}/hand-over", {"to": ""}, CASE)) == [("to-hand-over", "Enter a collar number")]
    token = browser.token(CASE)
    done = [browser.post(f"{CASE}/hand-over", {"to": "PC2351", "form_token": token}, None) for _ in range(2)]
    assert [(reply.status, reply.headers["location"]) for reply in done] == [(303, "/desk?done=handed")] * 2
    assert officer(local) == "2351"
    assert browser.get(CASE).status == 404
    assert somebody(browser, "2351").get(CASE).status == 200


def test_messages_are_read_with_a_warning_and_given_away(browser, local):
    write(local, message="Line one.\nLine <b>two</b>.", name=HOSTILE)
    page = browser.get(CASE)
    assert "Nobody has checked who wrote these" in text(page)
    assert "Line <b>two</b>." not in page.body.decode()
    assert "<script>alert" not in page.body.decode()
    assert "07700 900123" in text(page)
    (action,) = re.findall(rf'action="({CASE}/message/\w+)"', page.body.decode())
    key = action.rpartition("/")[2]
    assert errors(browser.post(action, {"to": "9999"}, CASE)) == [(f"to-{key}", "Enter the collar number of a serving officer")]
    assert browser.post(action, {"to": "2351"}, CASE).headers["location"] == "/desk?done=given"
    local.settle()
    assert "It is with 2351." in text(browser.get(CASE))
    cole = somebody(browser, "2351")
    assert "Hand over this case" not in text(cole.get(CASE))
    assert "Line one." in text(cole.get(CASE))


def test_that_a_message_was_read_is_logged_by_whom(browser, local):
    write(local)
    browser.get(CASE)
    actors = [(row.op, row.actor) for row in container().cases.audit_of(REF) if row.op == "messages_read"]
    assert actors == [("messages_read", "2345")]


def test_nothing_of_the_desk_is_logged(browser, local):
    write(local)
    browser.get(CASE)
    with captured() as output:
        browser.get(CASE)
        browser.post("/desk/absence", ABSENCE | {"cover": "9999"})
        browser.post(f"{CASE}/hand-over", {"to": "9999"}, CASE)
        somebody(browser, "7777").get(CASE)
    written = json.dumps(output.documents)
    assert not [value for value in (REF, "2345", "9999", *FORM.values()) if len(value) > 3 and value in written]


def consulted() -> list[tuple[str, str]]:
    return [(row.op, row.actor) for row in container().cases.audit_of(REF) if row.op in ("consulted", "messages_read")]


def nothing_is_written(local) -> None:
    local.faults(
        *(
            {"service": "dynamodb", "operation": name, "mode": "error", "times": 99}
            for name in ("UpdateItem", "PutItem", "TransactWriteItems")
        )
    )


@pytest.mark.parametrize(
    ("path", "form", "button"),
    [
        ("/desk/absence", ABSENCE | {"absent_until": "3/12/2026", "cover": "PC 2351"}, "Save absence"),
        ("/desk/back", {"officer": "PC 2345"}, "Back on duty"),
    ],
)
def test_a_store_that_does_not_write_costs_nothing_that_was_typed(browser, local, path, form, button):
    assert path == "/desk/absence" or browser.post("/desk/absence", ABSENCE).status == 303
    token = browser.token()
    nothing_is_written(local)
    reply = browser.post(path, form | {"form_token": token}, None)
    local.faults()
    assert reply.status == 503
    has_every_header(reply.headers)
    ((_, words),) = errors(reply)
    assert words == f"This was not saved, because the service was busy. Press “{button}” again"
    assert all(f'value="{typed}"' in reply.body.decode() for typed in form.values() if typed)
    (again,) = set(re.findall(r'name="form_token" value="([^"]+)"', reply.body.decode()))
    assert browser.post(path, form | {"form_token": again}, None).status == 303


def test_nor_does_it_on_the_page_of_a_case_and_the_log_has_its_first_showing(browser, local):
    write(local)
    page = browser.get(CASE).body.decode()
    (action,) = re.findall(rf'action="({CASE}/message/\w+)"', page)
    token = browser.token(CASE)
    seen = consulted()
    for path, button in ((action, "Give message to officer"), (f"{CASE}/hand-over", "Hand over")):
        nothing_is_written(local)
        reply = browser.post(path, {"to": "PC 2351", "form_token": token}, None)
        local.faults()
        assert reply.status == 503
        ((_, words),) = errors(reply)
        assert words == f"This was not done, because the case was busy. Press “{button}” again"
        assert 'value="PC 2351"' in reply.body.decode()
    assert consulted() == seen
    assert browser.post(action, {"to": "PC 2351", "form_token": token}, None).status == 303


def test_a_store_that_does_not_answer_is_an_error_page(browser, local):
    token = browser.token()
    local.faults(*({"service": "dynamodb", "operation": name, "mode": "error", "times": 99} for name in ("UpdateItem", "Query", "GetItem")))
    assert browser.post("/desk/absence", ABSENCE | {"form_token": token}, None).status == 503
    local.faults()
    _ = local.ready
    assert OfficerRow.get("2345").absence is None


def test_the_desk_asks_the_tables_for_what_its_policy_allows_and_for_nothing_else(browser, local):
    write(local)
    reed = somebody(browser, "1890")
    web_container.cache_clear()
    container.cache_clear()
    browser.get(CASE)  # the pages bind the tables first, then the use cases: from now on all calls go over one client, the watched one
    with watched(local) as calls, calls.of("pages"):
        browser.cookies.clear()
        browser.sign_in()
        page = browser.get(CASE).body.decode()
        (action,) = re.findall(rf'action="({CASE}/message/\w+)"', page)
        assert browser.post(action, {"to": "2351"}, CASE).status == 303
        assert browser.post("/desk/absence", ABSENCE).status == 303
        assert browser.post("/desk/back", {"officer": "2345"}).status == 303
        assert reed.post(f"{CASE}/hand-over", {"to": "2351"}, CASE).status == 303
        assert browser.post("/sign-out", {}).status == 303
    found: set[Asked] = calls.by_function["pages"]
    assert found <= allowed("pages")
    assert allowed("pages") - found - CONTACT_PAGE - DECISION - ELSEWHERE == set()

"""The victim's own page as it is deployed: the way in, what it refuses, every cause of its death, what it asks of tables."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from chalicelib.adapters.page_codes import DerivedCodes
from chalicelib.bootstrap_web import web_container
from tests.builders import body, event_message, occurrence_record, representative, victim
from tests.captured import captured
from tests.integration.table_calls import Asked, watched
from tests.integration.test_pages_deployed import has_every_header
from tests.integration.test_table_permissions import DOMESTIC, allowed
from tests.integration.victim_web import REFERENCE, Browser, code, heading, link, text, told
from tests.integration.web_pages import visit

PATHS = ("", "/code", "/page", "/change/updates", "/change/stop", "/done/stop")
POSTED = ("", "/code", "/change/updates", "/change/stop", "/leave")
CLOSED = "Call 101"


def test_from_the_link_to_the_page(local):
    browser = Browser(local, told(local))
    start = browser.get()
    has_every_header(start.headers)
    assert heading(start) == "Open your page"
    assert not [value for value in (REFERENCE, "Morgan", "example.org", "07700", "urglary") if value in text(start)]
    asked = browser.post()
    assert (asked.status, asked.headers["location"]) == (303, f"{browser.path}/code")
    assert "set-cookie" not in asked.headers
    assert heading(browser.get("/code")) == "Enter your code"
    came = browser.post("/code", code=code(local))
    assert (came.status, came.headers["location"]) == (303, f"{browser.path}/page")
    kept = came.headers["set-cookie"]
    assert re.fullmatch(r"(__Secure-)?case=[\w-]+; Path=/case; HttpOnly; SameSite=Strict(; Secure)?", kept)
    page = browser.get("/page")
    has_every_header(page.headers)
    assert page.status == 200
    for words in (
        "Your case",
        REFERENCE,
        "Burglary of a home",
        "PC Sam Ash, collar number 2345",
        "every 10 days",
        "Derbyshire Victim Services",
    ):
        assert words in text(page), words
    assert not [value for value in ("Wood Street", "Morgan", "alex.morgan", "07700", "Rear door") if value in text(page)]
    assert "<title>Page from Derbyshire Police</title>" in text(page)


def test_the_cookie_of_an_encrypted_page_is_sent_over_nothing_else(local):
    settings = web_container().settings
    assert settings.public_url.startswith("http://127.0.0.1") or settings.public_url.startswith("https://")
    browser = Browser(local, told(local))
    browser.come_in()
    secure = settings.public_url.startswith("https://")
    assert ("__Secure-case" in browser.cookies) is secure


def test_without_the_code_the_page_says_that_one_is_needed_and_shows_nothing(local):
    browser = Browser(local, told(local))
    replies = [browser.get(path) for path in PATHS[2:]] + [browser.post(path, shown="") for path in POSTED[2:]]
    for reply in replies:
        assert (reply.status, heading(reply)) == (403, "You need a new code")
        assert "30 minutes" in text(reply)
        assert REFERENCE not in text(reply)


def test_a_day_that_passed_without_a_word_is_owned_up_to(local):
    browser = Browser(local, told(local))
    local.advance(timedelta(days=11))
    browser.come_in()
    assert "You should have heard from us by <strong>Monday 30 November 2026</strong>. We are late" in text(browser.get("/page"))


def test_a_session_ends_and_says_so(local):
    browser = Browser(local, told(local))
    browser.come_in()
    local.advance(timedelta(minutes=31))
    assert heading(browser.get("/page")) == "You need a new code"
    assert heading(browser.post("/change/stop", shown="")) == "You need a new code"


def test_closing_the_page_needs_a_new_code(local):
    browser = Browser(local, told(local))
    browser.come_in()
    left = browser.post("/leave", shown="/page")
    assert (left.status, left.headers["location"], browser.cookies) == (303, "/safety", {})
    assert browser.get("/page").status == 403


@pytest.mark.parametrize("shown", ["/page", "/change/stop", "/done/stop"])
def test_a_page_that_was_closed_opens_for_no_copy_of_its_cookie(local, shown):
    browser = Browser(local, told(local))
    browser.come_in()
    copy = Browser(local, browser.path, dict(browser.cookies))
    assert copy.get("/page").status == 200
    page = text(browser.get(shown))
    closing = re.search(r'class="ki-close" novalidate>\s*<input type="hidden" name="form_token" value="([^"]+)"', page)
    assert closing
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    assert visit(f"{browser.path}/leave", "POST", form={"form_token": closing[1]}, headers=cookie).status == 303
    assert heading(copy.get("/page")) == "You need a new code"
    local.advance(timedelta(seconds=1))
    browser.come_in()
    assert browser.get("/page").status == 200


def test_the_session_of_another_link_opens_nothing_here(local):
    browser = Browser(local, told(local))
    browser.come_in()
    local.ingest(body(event_message(now=local.ready.tick(), reason="Evidence linked the suspect to the scene.")))
    local.advance(timedelta(days=4))
    local.sweep()
    local.settle()
    other = link(local)
    assert other != browser.path
    assert Browser(local, other, browser.cookies).get("/page").status == 403


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "<script>alert(1)</script>"])
def test_a_wrong_code_is_said_at_the_top_and_at_the_field(local, typed):
    browser = Browser(local, told(local))
    browser.post()
    reply = browser.post("/code", code=typed)
    assert reply.status == 422
    assert "<title>Error: Page from Derbyshire Police</title>" in text(reply)
    assert text(reply).count("That code does not work") == 2
    assert "<script>alert" not in reply.body.decode()
    assert browser.cookies == {}


def test_a_code_opens_once_and_too_many_tries_end_it(local):
    browser = Browser(local, told(local))
    browser.come_in()
    another = Browser(local, browser.path)
    assert another.post("/code", code=code(local)).status == 422
    local.advance(timedelta(seconds=1))
    another.post()
    right = code(local)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    assert [another.post("/code", code=wrong).status for _ in range(6)] == [*[422] * 5, 429]
    reply = another.post("/code", code=right)
    assert reply.status == 429
    assert "too many tries" in text(reply)


@pytest.mark.parametrize("path", ["", "/code"])
def test_a_post_without_the_token_of_its_form_or_from_another_site_is_refused(local, path):
    browser = Browser(local, told(local))
    assert visit(browser.path + path, "POST", form={"code": "123456"}).status == 403
    assert visit(browser.path + path, "POST", form={}, headers={"Sec-Fetch-Site": "cross-site"}).status == 403
    assert [row for row in local.rows(REFERENCE) if row.template == "code"] == []


def test_a_change_needs_the_token_of_its_own_form(local):
    browser = Browser(local, told(local))
    browser.come_in()
    token = re.search(r'name="form_token" value="([^"]+)"', text(browser.get("/change/details")))
    assert token
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    for form in ({}, {"form_token": token[1]}, {"form_token": "nonsense"}):
        assert visit(f"{browser.path}/change/stop", "POST", form=form, headers=cookie).status == 403
    assert "You asked us for no more messages" not in text(browser.get("/page"))


@pytest.mark.parametrize("act", ["updates", "referral", "stop", "details"])
def test_looking_changes_nothing_and_posting_twice_counts_once(local, act):
    browser = Browser(local, told(local))
    browser.come_in()
    before = len(list(local.ready.cases.load(REFERENCE).events))
    assert browser.get(f"/change/{act}").status == 200
    assert browser.get(f"/done/{act}").status == 200
    assert len(local.ready.cases.load(REFERENCE).events) == before
    page = browser.get(f"/change/{act}")
    token = re.search(r'name="form_token" value="([^"]+)"', text(page))
    assert token
    fields = {"form_token": token[1]} | ({"every": "14", "method": "sms"} if act == "updates" else {})
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    replies = [visit(f"{browser.path}/change/{act}", "POST", form=fields, headers=cookie) for _ in range(2)]
    assert [(reply.status, reply.headers.get("location")) for reply in replies] == [(303, f"{browser.path}/done/{act}")] * 2
    assert len(local.ready.cases.load(REFERENCE).events) == before + 1
    assert browser.get(f"/done/{act}").status == 200


def test_terms_that_are_missing_are_said(local):
    browser = Browser(local, told(local))
    browser.come_in()
    reply = browser.post("/change/updates", every="99")
    assert reply.status == 422
    for field, words in (("every", "Choose how often we contact you"), ("method", "Choose how we contact you")):
        assert f'<a href="#{field}">{words}</a>' in text(reply)
    assert "<title>Error: " in text(reply)


def test_what_is_not_offered_is_refused(local):
    browser = Browser(local, told(local))
    browser.come_in()
    assert heading(browser.get("/change/review")) == "This cannot be changed here now"
    assert browser.post("/change/stop").status == 303
    assert heading(browser.get("/change/stop")) == "This cannot be changed here now"
    assert visit(f"{browser.path}/change/nonsense", headers={"Cookie": f"case={browser.cookies.get('case', '')}"}).status in (403, 404)


def test_every_cause_of_death_looks_the_same_at_every_step(local):
    browser = Browser(local, told(local))
    browser.come_in()
    forged = visit("/case/nonsense")
    assert (forged.status, heading(forged)) == (404, CLOSED)
    has_every_header(forged.headers)
    other = occurrence_record(reference="26000700001", flags=DOMESTIC, victims=[victim(email="x@example.org", mobile=None)])
    local.ingest(body(other))
    replies = [browser.get(path) for path in PATHS] + [browser.post(path, shown="") for path in POSTED]
    for reply in replies:
        assert (reply.status, reply.body, reply.headers) == (404, forged.body, forged.headers)


@pytest.mark.parametrize(
    "facts",
    [
        {"flags": {"safeguarding": None}},
        {"status": "cancelled"},
        {"victims": []},
        {"victims": [victim(representative=representative(linked_to_suspect=True))]},
    ],
    ids=["in doubt", "cancelled", "removed", "representative of the suspect"],
)
def test_other_causes(local, facts):
    browser = Browser(local, told(local))
    browser.come_in()
    local.ingest(body(occurrence_record(version=2, **facts)))
    assert heading(browser.get("/page")) == CLOSED
    assert heading(browser.get()) == CLOSED


def test_revoked_for_the_victim(local):
    browser = Browser(local, told(local))
    browser.come_in()
    local.ready.links.revoke_of_victim(REFERENCE, "V1", "7001", local.ready.tick())
    assert heading(browser.get("/page")) == CLOSED


def test_where_the_store_does_not_answer_nobody_is_let_in(local):
    browser = Browser(local, told(local))
    browser.come_in()
    for operation in ("Query", "BatchGetItem"):
        local.faults({"service": "dynamodb", "operation": operation, "mode": "error", "times": 30})
        reply = browser.get("/page")
        local.faults()
        assert reply.status == 503
        assert REFERENCE not in text(reply)


def test_a_letters_code_leads_to_its_link(local):
    safe = {"safe_channels": ["letter", "sms"], "do_not_contact": False, "confirmed_at": "2026-11-20T10:00:00+00:00"}
    local.ingest(body(occurrence_record(victims=[victim(preferred_channel="letter", contact_safety=safe)])))
    local.advance(timedelta(minutes=35))
    local.sweep()
    local.settle()
    (letter,) = [row for row in local.rows(REFERENCE) if row.template == "acknowledgement"]
    signs = DerivedCodes(local.environment["KI_LINK_KEY"].encode()).of_letter(REFERENCE, letter.notification_id)
    form = visit("/case")
    has_every_header(form.headers)
    good = visit("/case", "POST", form={"reference": "26*712345", "letter_code": signs.lower()})
    assert good.status == 303
    assert heading(visit(good.headers["location"])) == "Open your page"
    wrong = [
        visit("/case", "POST", form={"reference": reference, "letter_code": "7K3M-90QX-2HDV"}) for reference in ("26*712345", "26*999999")
    ]
    assert [reply.status for reply in wrong] == [422, 422]
    plain = [re.sub(r'name="form_token" value="[^"]+"|712345|999999', "", text(reply)) for reply in wrong]
    assert plain[0] == plain[1]
    blank = visit("/case", "POST", form={})
    assert [words in text(blank) for words in ("Enter the reference in your letter", "Enter the code in your letter")] == [True, True]
    assert "as it is in your letter, like" in text(visit("/case", "POST", form={"reference": "7", "letter_code": signs}))


def test_nothing_of_it_is_logged(local):
    path = told(local)
    browser = Browser(local, path)
    with captured() as output:
        browser.come_in()
        browser.get("/page")
        browser.post("/change/stop")
        visit("/case/nonsense")
    written = json.dumps(output.documents)
    secret = [path.rpartition("/")[2], *browser.cookies.values(), code(local), "alex.morgan", "26*7"]
    assert not [value for value in secret if value in written]


def test_the_pages_ask_the_tables_for_what_their_policy_allows(local):
    browser = Browser(local, told(local))
    browser.get()
    with watched(local) as calls, calls.of("pages"):
        browser.come_in()
        browser.get("/page")
        for act in ("referral", "stop", "details"):
            browser.post(f"/change/{act}")
    found: set[Asked] = calls.by_function["pages"]
    assert found - allowed("pages") - allowed("dispatch") == set()

"""Signing in as it is deployed: the way to the provider and back, what a cookie may and may not do, and what is written about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from chalice.app import Request

from chalicelib.bootstrap_web import web_container
from chalicelib.domain.model import Unit
from chalicelib.domain.sign_in import HOME
from chalicelib.entrypoints.answers import Answer
from chalicelib.entrypoints.http import Access, Visit
from chalicelib.entrypoints.signed_in import link_gate
from infra.local.gateway import proxy_event
from infra.local.http_server import Reply
from tests.builders import body, officer_record
from tests.captured import captured
from tests.integration.signed_in_browser import PUBLIC_URL, Browser, Identity, asked_of, set_cookies, stack_with_identity, text
from tests.integration.stack_fixture import LocalStack
from tests.integration.test_pages_deployed import has_every_header
from tests.integration.web_pages import request, visit, web_environment

SESSION, ATTEMPT = "ki-session", "ki-sign-in"
HERE = {"absent_from": None, "absent_until": None}


@pytest.fixture(scope="module")
def stack() -> Iterator[tuple[LocalStack, Identity]]:
    with stack_with_identity() as running:
        yield running


@pytest.fixture
def local(stack: tuple[LocalStack, Identity]) -> Iterator[LocalStack]:
    running, identity = stack
    running.empty()
    identity.also, identity.down = {}, False
    web_container.cache_clear()
    running.ingest(body(officer_record(collar_number="2345", **HERE)))
    yield running
    web_container.cache_clear()


@pytest.fixture
def browser(local: LocalStack, stack: tuple[LocalStack, Identity]) -> Browser:
    return Browser(stack[1])


def is_refused(reply: Reply, status: int, words: str) -> None:
    assert (reply.status, words in text(reply)) == (status, True), text(reply)
    has_every_header(reply.headers)
    assert not [line for line in set_cookies(reply) if SESSION in line]


def test_a_page_for_signed_in_people_leads_to_the_provider_and_back_to_itself(browser):
    sent = browser.get("/desk/case/26000712345")
    asked = asked_of(sent)
    assert sent.headers["location"].startswith(f"{PUBLIC_URL}/local/sign-in/authorize?")
    assert (asked["redirect_uri"], asked["response_type"], asked["code_challenge_method"]) == (
        f"{PUBLIC_URL}/sign-in/callback", "code", "S256",
    )  # fmt: skip
    has_every_header(sent.headers)
    (cookie,) = set_cookies(sent)
    assert cookie.startswith(f"{ATTEMPT}=")
    assert cookie.endswith("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax")
    back = browser.come_back(sent)
    assert (back.status, back.headers["location"]) == (303, "/desk/case/26000712345")
    has_every_header(back.headers)
    assert set(browser.cookies) == {SESSION}
    session = next(line for line in set_cookies(back) if line.startswith(SESSION))
    assert session.endswith("; Path=/; Max-Age=28800; HttpOnly; SameSite=Lax")
    page = browser.get("/desk")
    assert page.status == 200
    assert "Signed in as PC Sam Ash (2345)" in text(page).replace("<strong>", "")


@pytest.mark.parametrize("address", ["/desk?done=away", "/desk?a=1&a=%2F%2Felsewhere.test&b=%C3%A9%22"])
def test_what_the_address_asked_for_is_asked_again(browser, address):
    assert browser.sign_in(page=address).headers["location"] == address


def test_over_tls_cookies_are_secure_and_of_this_very_host():
    with web_environment():
        reply = visit("/sign-in")
        (cookie,) = set_cookies(reply)
        assert cookie.startswith("__Host-ki-sign-in=")
        assert cookie.endswith("; HttpOnly; SameSite=Lax; Secure")
        assert reply.headers["location"].startswith("https://identity.test/authorize?")


def test_without_a_provider_every_page_of_signed_in_people_stays_shut():
    with web_environment(KI_SIGN_IN_ISSUER=""):
        for path in ("/sign-in", "/desk", "/sign-in/callback?code=x&state=y"):
            assert visit(path).status == 500


@pytest.mark.parametrize("asked", ["?to=//elsewhere.test", "?back=https://elsewhere.test", "?redirect_uri=https://elsewhere.test"])
def test_nobody_is_led_elsewhere(browser, asked):
    sent = browser.get("/sign-in" + asked)
    assert "elsewhere" not in sent.headers["location"]
    assert browser.come_back(sent).headers["location"] == HOME


def test_only_the_browser_that_began_may_finish(browser, stack):
    other = Browser(stack[1])
    sent, others = browser.get("/desk"), other.get("/desk")
    is_refused(Browser(stack[1]).come_back(sent), 400, "Sign in again")
    is_refused(other.come_back(sent), 400, "Sign in again")
    browser.cookies[ATTEMPT] = browser.cookies[ATTEMPT][:-2] + "xx"
    is_refused(browser.come_back(sent), 400, "Sign in again")
    assert other.come_back(others).status == 303


def test_an_attempt_that_took_too_long_is_begun_again(browser, local):
    sent = browser.get("/desk")
    local.advance(timedelta(minutes=11))
    is_refused(browser.come_back(sent), 400, "took too long")


@pytest.mark.parametrize(
    "query", ["", "?state=x", "?code=x", "?error=access_denied&state={state}", "?code=x&state={state}", "?code=x&code=y&state={state}"]
)
def test_without_a_good_code_nobody_is_signed_in(browser, query):
    state = asked_of(browser.get("/desk"))["state"]
    reply = browser.get("/sign-in/callback" + query.format(state=state))
    assert reply.status in (400, 403)
    assert SESSION not in browser.cookies


@pytest.mark.parametrize(
    ("also", "words"),
    [
        ({"nonce": "another"}, "You are not signed in"),
        ({"aud": "another"}, "You are not signed in"),
        ({"iss": "https://elsewhere.test"}, "You are not signed in"),
        ({"token_use": "access"}, "You are not signed in"),
        ({"exp": 1}, "You are not signed in"),
        ({"custom:collar_number": None}, "Your account has no collar number"),
        ({"custom:collar_number": "9999"}, "not in the list of serving officers"),
    ],
)
def test_what_is_not_meant_for_us_or_names_nobody_is_refused(browser, also, words):
    browser.identity.also = also
    is_refused(browser.sign_in(), 403, words)


def test_a_provider_that_does_not_work_is_said(browser):
    sent = browser.get("/desk")
    browser.identity.down = True
    is_refused(browser.come_back(sent), 503, "does not answer")


@pytest.mark.parametrize("forged", ["", "x", "{0}x", "x{0}", '"{0}"', "{0}; ki-session={0}"])
def test_a_cookie_that_is_not_ours_opens_nothing(browser, forged):
    browser.sign_in()
    browser.cookies[SESSION] = forged.format(browser.cookies[SESSION])
    reply = browser.get("/desk")
    assert (reply.status, "authorize" in reply.headers.get("location", "")) == ((200, False) if forged == '"{0}"' else (303, True))


def test_the_cookie_of_an_attempt_opens_nothing(browser):
    browser.get("/desk")
    browser.cookies[SESSION] = browser.cookies[ATTEMPT]
    assert browser.get("/desk").status == 303


def test_a_session_is_over_after_a_shift(browser, local):
    browser.sign_in()
    local.advance(timedelta(hours=7, minutes=59))
    assert browser.get("/desk").status == 200
    local.advance(timedelta(minutes=2))
    assert browser.get("/desk").status == 303


def test_whoever_leaves_is_signed_out_at_once(browser, local):
    browser.sign_in()
    assert browser.get("/desk").status == 200
    local.ingest(body(officer_record(collar_number="2345", version=8, active=False, **HERE)))
    assert browser.get("/desk").status == 303


def test_where_the_store_does_not_answer_nobody_comes_in(browser, local):
    browser.sign_in()
    local.faults({"service": "dynamodb", "operation": "Query", "mode": "error", "times": 20})
    assert browser.get("/desk").status == 503
    local.faults()


def test_signing_out_ends_the_session_and_every_copy_of_its_cookie(browser, stack):
    browser.sign_in()
    copy = Browser(stack[1])
    copy.cookies = dict(browser.cookies)
    reply = browser.post("/sign-out", {})
    assert (reply.status, reply.headers["location"]) == (303, "/signed-out")
    assert browser.cookies == {}
    assert "You are signed out" in text(browser.get("/signed-out"))
    assert copy.get("/desk").status == 303


def test_a_post_without_a_session_is_told_and_not_sent_on(browser):
    """A browser would refuse to follow it to the provider: `form-action` is for the way too."""
    for path in ("/sign-out", "/desk/absence", "/desk/case/26000712345/hand-over"):
        is_refused(browser.post(path, {"to": "2351"}, page=None), 403, "What you sent was not taken")


@pytest.mark.parametrize(
    ("page", "headers"),
    [
        (None, {}),
        ("/desk", {"Sec-Fetch-Site": "cross-site"}),
        ("/desk", {"Sec-Fetch-Site": "same-site"}),
        ("/desk", {"Origin": "https://elsewhere.test"}),
    ],
)
def test_a_forged_post_changes_nothing(browser, page, headers):
    browser.sign_in()
    assert browser.post("/sign-out", {}, page=page, **headers).status == 403
    assert browser.get("/desk").status == 200


def test_a_post_that_does_not_say_where_it_comes_from_is_not_taken(browser):
    browser.sign_in()
    headers = {"Cookie": f"{SESSION}={browser.cookies[SESSION]}"}
    token = browser.token()
    assert visit("/sign-out", "POST", form={"form_token": token}, headers=headers).status == 403
    assert browser.get("/desk").status == 200


def test_the_token_of_somebody_elses_form_is_none(browser, local, stack):
    local.ingest(body(officer_record(collar_number="2351", **HERE)))
    other = Browser(stack[1])
    browser.sign_in()
    other.sign_in("2351")
    assert browser.post("/sign-out", {"form_token": other.token()}, page=None).status == 403
    assert browser.post("/sign-out", {"form_token": browser.token()}, page=None).status == 303


def test_nothing_of_a_sign_in_is_logged(browser):
    browser.sign_in()
    browser.cookies.clear()
    with captured() as output:
        sent = browser.get("/desk")
        browser.come_back(sent)
        session = browser.cookies[SESSION]
        browser.get("/desk")
        browser.cookies.clear()
        browser.identity.down = True
        browser.sign_in()
        browser.identity.also, browser.identity.down = {"custom:collar_number": "Secret-Number"}, False
        browser.cookies.clear()
        browser.sign_in()
    written = json.dumps(output.documents)
    assert not [secret for secret in ("Secret", asked_of(sent)["state"], asked_of(sent)["nonce"], session, "2345") if secret in written]


# ---- links that want a sign-in too


def of(browser: Browser, path: str = "/officer/{token}", method: str = "GET") -> Visit:
    """A visit to a page behind a link, as its gate sees it."""
    sent = request("/officer/a+token", method, headers=browser._headers())
    event = proxy_event(sent, path, {"token": "a+token"})
    return Visit(path, Access.OFFICER_LINK, {"token": "a+token"}, Request(event), web_container())


def test_beside_a_sign_in_the_link_is_enough(browser):
    assert link_gate(of(browser), "2345") is None


@pytest.fixture
def strict(stack: tuple[LocalStack, Identity], local: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    monkeypatch.setenv("KI_OFFICER_SIGN_IN", "required")
    web_container.cache_clear()
    yield Browser(stack[1])
    web_container.cache_clear()


def test_where_a_sign_in_is_required_a_link_opens_for_its_reader_alone(strict):
    first = link_gate(of(strict), "2345")
    assert isinstance(first, Answer)
    assert first.status_code == 303
    strict.cookies[ATTEMPT] = str(first.headers["Set-Cookie"]).partition(";")[0].partition("=")[2]
    sent = Reply(303, b"", "", {"location": str(first.headers["Location"])})
    assert strict.come_back(sent, "2345", "KeptInformed-Victim-Care-Unit").headers["location"] == "/officer/a%2Btoken"
    assert link_gate(of(strict), "2345") is None
    assert link_gate(of(strict), Unit.VICTIM_CARE_UNIT) is None
    for reader in ("2351", Unit.SUPERVISOR):
        other = link_gate(of(strict), reader)
        assert isinstance(other, Answer)
        assert (other.status_code, "This link is for somebody else" in other.body) == (403, True)


def test_a_post_behind_a_link_is_told_that_the_session_is_over(strict):
    answer = link_gate(of(strict, method="POST"), "2345")
    assert isinstance(answer, Answer)
    assert answer.status_code == 403

"""The way in of every page, on pages of this test's own: gates, posts of other sites, form tokens, errors, and what is never logged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from logging import getLogger
from typing import Any

import pytest
from chalice.app import Blueprint, Chalice

from chalicelib.bootstrap_web import web_container
from chalicelib.domain import errors
from chalicelib.entrypoints import http
from chalicelib.entrypoints.answers import SECURITY_HEADERS, Answer, see_other
from chalicelib.entrypoints.http import ACCESS, Access, Visit, page
from chalicelib.observability import observe
from infra.local.gateway import Gateway
from infra.local.http_server import Reply
from infra.local.worker import Context
from tests.captured import captured
from tests.integration.web_pages import PUBLIC_URL, request, web_environment

TABLE = {
    "/open": Access.PUBLIC,
    "/link/{token}": Access.OFFICER_LINK,
    "/inside/{token}": Access.SIGNED_IN,
    "/fails/{kind}": Access.PUBLIC,
}
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": PUBLIC_URL},
    {"Sec-Fetch-Site": "whatever"},
    {"Origin": "https://elsewhere.test"},
    {"Origin": PUBLIC_URL + ".elsewhere.test"},
    {"Origin": "http://kept-informed.test"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.test"},
]
OURS = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": PUBLIC_URL},
    {"Sec-Fetch-Site": "same-origin", "Origin": PUBLIC_URL},
]
UNSAID: list[dict[str, str]] = [{}, {"Origin": "null"}]


class Pages:
    """An app with pages of its own, behind a gateway of its own; `seen` is what its handlers were given."""

    def __init__(self) -> None:
        self.seen: list[Visit] = []
        own = Blueprint(__name__)
        page(own, "/open", table=TABLE)(self._take)
        page(own, "/open", method="POST", table=TABLE)(self._take)
        for path in ("/link/{token}", "/inside/{token}"):
            page(own, path, gate=self._gate, table=TABLE)(self._take)
            page(own, path, method="POST", gate=self._gate, table=TABLE)(self._take)
        page(own, "/fails/{kind}", table=TABLE)(self._fail)
        app = Chalice(app_name="own", configure_logs=False)
        app.log = getLogger("own.chalice")
        app.log.disabled = True
        app.api.binary_types.clear()
        app.register_middleware(http.finish, "http")
        app.register_blueprint(own)
        paths = {path: {method.lower(): {} for method in methods} for path, methods in app.routes.items()}
        api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": {"paths": paths}}}
        context = Context("APIHandler", "request-1", "arn", 512, 0)
        self.gateway = Gateway({"Resources": {"RestAPI": api}}, lambda event: app(event, context))

    def ask(self, path: str, method: str = "GET", **options: Any) -> Reply:
        return self.gateway.answer(request(path, method, **options))

    def post(self, path: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> Reply:
        return self.ask(path, "POST", form=form or {}, headers=headers)

    def token(self, path: str) -> str:
        """The form token that the page of this path shows."""
        return self.ask(path).body.decode()

    def _take(self, visit: Visit) -> Answer:
        self.seen.append(visit)
        if visit.request.method == "POST":
            assert visit.form
            return see_other("/open")
        return Answer(visit.form_token)

    def _gate(self, visit: Visit) -> str:
        if not visit.values["token"].startswith("good"):
            raise errors.NoSuchPage("no such link")
        return f"holder of {visit.values['token']}"

    def _fail(self, visit: Visit) -> Answer:
        raise getattr(errors, visit.values["kind"], ZeroDivisionError)("a value of somebody's record")


@pytest.fixture
def pages() -> Iterator[Pages]:
    with web_environment():
        yield Pages()


# ---- who may come in


def test_a_page_without_a_stated_access_cannot_be_declared():
    with pytest.raises(KeyError):
        page(Blueprint("x"), "/new")(lambda visit: Answer(""))


@pytest.mark.parametrize(("path", "gate"), [("/link/{token}", None), ("/open", lambda visit: None)])
def test_a_gate_belongs_to_every_page_that_is_not_public_and_to_no_other(path, gate):
    with pytest.raises(TypeError):
        page(Blueprint("x"), path, gate=gate, table=TABLE)


def test_every_route_of_the_app_has_a_stated_access_and_every_stated_path_is_a_route():
    import app

    assert set(app.app.routes) == set(ACCESS)
    assert set(ACCESS.values()) <= set(Access)


def test_the_gate_says_who_it_is_or_there_is_no_such_page(pages):
    assert pages.ask("/link/good-one").status == 200
    assert pages.seen[-1].who == "holder of good-one"
    for method in ("GET", "POST"):
        reply = pages.ask("/link/bad-one", method, form={} if method == "POST" else None)
        assert reply.status == 404
        assert "bad-one" not in reply.body.decode()
    assert len(pages.seen) == 1


# ---- posts


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/open", "/link/good", "/inside/good"])
def test_a_post_of_another_site_is_refused_whatever_it_holds(pages, path, headers):
    token = pages.token(path)
    assert pages.post(path, {"form_token": token}, headers).status == 403
    assert [visit.request.method for visit in pages.seen] == ["GET"]


@pytest.mark.parametrize("headers", OURS + UNSAID)
def test_a_public_form_is_taken_from_us_and_from_who_says_nothing(pages, headers):
    reply = pages.post("/open", {"name": "x"}, headers)
    assert (reply.status, reply.headers["location"]) == (303, "/open")
    assert pages.seen[-1].nonce is None


@pytest.mark.parametrize("headers", OURS + UNSAID)
def test_every_other_form_wants_its_token(pages, headers):
    assert pages.post("/link/good", {"name": "x"}, headers).status == 403
    assert pages.post("/link/good", {"form_token": pages.token("/open")}, headers).status == 403
    assert pages.post("/link/good", {"form_token": pages.token("/link/good-other")}, headers).status == 403
    assert pages.post("/link/good", {"form_token": pages.token("/link/good")}, headers).status == 303


def test_behind_the_sign_in_a_browser_has_to_say_that_it_was_us(pages):
    """What comes along by itself there is the session."""
    form = {"form_token": pages.token("/inside/good")}
    assert [pages.post("/inside/good", form, headers).status for headers in UNSAID] == [403, 403]
    assert [pages.post("/inside/good", form, headers).status for headers in OURS] == [303] * len(OURS)


def test_a_form_sent_twice_is_the_same_form(pages):
    form = {"form_token": pages.token("/open")}
    pages.post("/open", form)
    pages.post("/open", form)
    first, second = (visit.nonce for visit in pages.seen[-2:])
    assert first
    assert first == second


def test_a_token_of_the_key_before_the_rotation_is_taken(pages):
    old = pages.token("/link/good")
    with web_environment(KI_LINK_KEY="a newer key of this test, of 32 characters", KI_LINK_KEY_PREVIOUS=web_container().settings.link_key):
        assert pages.post("/link/good", {"form_token": old}).status == 303
    with web_environment(KI_LINK_KEY="a newer key of this test, of 32 characters"):
        assert pages.post("/link/good", {"form_token": old}).status == 403


@pytest.mark.parametrize(
    ("form", "headers", "status"),
    [
        (b"a=%FF", {}, 400),
        (b"a=b", {"Content-Type": "application/json"}, 415),
        (b"a=b", {"Content-Type": "application/x-www-form-urlencoded; charset=latin-1"}, 400),
        (b"a=" + b"x" * 70_000, {}, 413),
        (b"form_token=a&form_token=b", {}, 400),
    ],
)
def test_what_is_no_form_is_refused_with_a_page(pages, form, headers, status):
    path = "/link/good" if b"form_token" in form else "/open"
    reply = pages.ask(path, "POST", form=form, headers=headers)
    assert (reply.status, reply.content_type) == (status, "text/html; charset=utf-8")
    assert SECURITY_HEADERS["Content-Security-Policy"] == reply.headers["content-security-policy"]


# ---- errors


@pytest.mark.parametrize(
    ("kind", "status", "heading"),
    [
        ("MalformedRequest", 400, "We could not read that"),
        ("ForeignRequest", 403, "We could not take that"),
        ("NoSuchPage", 404, "There is no such page"),
        ("RequestTooLarge", 413, "That was too long"),
        ("TooManyRequests", 429, "Please wait a little"),
        ("StoreUnavailable", 503, "Sorry, there is a problem"),
        ("Contended", 503, "Sorry, there is a problem"),
        ("ConfigurationError", 500, "Sorry, there is a problem"),
        ("something else", 500, "Sorry, there is a problem"),
    ],
)
def test_an_error_is_a_page_that_repeats_nothing(pages, kind, status, heading, capfd):
    observe("page")  # so that the logger is there to be captured
    with captured() as output:
        reply = pages.ask(f"/fails/{kind}".replace(" ", "%20"))
    text = reply.body.decode()
    assert reply.status == status
    assert re.findall(r"<h1[^>]*>(.*)</h1>", text) == [heading]
    assert "somebody" not in text + json.dumps(output.documents) + "".join(capfd.readouterr())
    failures = [document for document in output.documents if document.get("message") == "failure"]
    assert len(failures) == (1 if status >= 500 else 0)


@pytest.mark.parametrize("path", ["https://elsewhere.test", "//elsewhere.test", "/\\elsewhere.test", "open", "", "/a\nb", "/é"])
def test_nobody_is_sent_to_another_site(path):
    with pytest.raises(ValueError, match="not a path of ours"):
        see_other(path)


def test_the_source_is_the_gateways_word_and_nobody_elses(pages):
    pages.ask("/open", headers={"X-Forwarded-For": "203.0.113.9"})
    assert pages.seen[-1].source_ip == "192.0.2.1"

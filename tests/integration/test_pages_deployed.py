"""The standing pages through the gateway and the deployed app: what is answered, with which headers, and what is written about it."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from chalice.test import Client

import app
from chalicelib.entrypoints.answers import FOR_AN_HOUR, FOR_EVER, SECURITY_HEADERS
from chalicelib.entrypoints.http import ACCESS
from chalicelib.entrypoints.standing import _long
from infra.assets import BUILT, ROOT
from tests.captured import captured
from tests.integration.web_pages import FORM, gateway, request, visit, web_environment

STANDING = ["/safety", "/accessibility", "/privacy"]


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    with web_environment():
        yield


def has_every_header(headers: dict[str, str], *, but: str = "") -> None:
    lower = {name.lower(): value for name, value in headers.items()}
    assert {name: lower.get(name.lower()) for name in SECURITY_HEADERS if name != but} == {
        name: value for name, value in SECURITY_HEADERS.items() if name != but
    }


@pytest.mark.parametrize("path", STANDING)
def test_a_standing_page(path):
    reply = visit(path)
    text = reply.body.decode()
    assert (reply.status, reply.content_type) == (200, "text/html; charset=utf-8")
    has_every_header(reply.headers)
    assert text.startswith("<!DOCTYPE html>")
    assert re.findall("<title>(.*)</title>", text) == ["Page from Derbyshire Police"]
    assert text.count("<h1") == 1
    assert "set-cookie" not in reply.headers


def test_the_privacy_page_says_how_long_each_kind_of_case_is_kept_by_the_profile():
    text = " ".join(visit("/privacy").body.decode().split())
    for words in (
        "of your case: 7 years after",
        "no crime in the end: 3 years",
        "is a business: 7 years",
        "not sure: 10 years",
        "older than 30 years",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("days", "said"), [(1096, "3 years"), (2557, "7 years"), (2556, "7 years"), (2555, "2555 days"), (550, "550 days")]
)
def test_a_period_is_said_in_years_where_it_is_some(days, said):
    assert _long(timedelta(days=days)) == said


@pytest.mark.parametrize("path", [*STANDING, "/assets/nothing"])
def test_nothing_in_a_page_needs_what_the_policy_refuses(path):
    text = visit(path).body.decode()
    assert not re.findall(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)[^>]*>", text)
    loaded = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', text)
    assert loaded
    for address in loaded:
        assert visit(address).status == 200, address
    leaving = re.findall(r'<a [^>]*href="(https?:[^"]+)"[^>]*>', text)
    assert set(leaving) == {"https://www.bbc.co.uk/weather"}
    assert all('rel="nofollow noreferrer noopener"' in link for link in re.findall(r"<a [^>]*https:[^>]*>", text))


@pytest.mark.parametrize("path", ["//", "/nothing", "/assets", "/assets/", "/safety/", "/safety/more", "/SAFETY", "/local", "/%2e%2e/x"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"])
def test_what_does_not_exist_is_a_page_that_says_so(path, method):
    reply = visit(path, method)
    assert (reply.status, reply.content_type) == (404, "text/html; charset=utf-8")
    has_every_header(reply.headers)
    assert "There is no such page" in reply.body.decode()


@pytest.mark.parametrize(
    "path", [*STANDING, "/contact-officer", "/contact-officer/sent", "/signed-out", "/assets/nothing", "/assets/plain.css"]
)
def test_a_public_page_answers_head_as_get_without_a_body(path):
    """Monitors and link checkers ask so (RFC 9110, section 9.3.2)."""
    got, asked = visit(path), visit(path, "HEAD")
    assert (asked.status, asked.content_type, asked.body) == (got.status, got.content_type, b"")
    assert got.body
    assert {name: value for name, value in asked.headers.items() if name != "content-encoding"} == {
        name: value for name, value in got.headers.items() if name != "content-encoding"
    }


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/callback", "/desk", "/desk/case/26000712345", "/officer/x", "/case/x"])
def test_what_asking_for_does_something_or_shows_somebody_answers_no_head(path):
    assert visit(path, "HEAD").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_a_method_that_a_page_does_not_take_is_no_page(method):
    assert visit("/safety", method).status == 404


@pytest.mark.parametrize("path", sorted(path for path in ACCESS if path != "/assets/{name}"))
def test_chalices_own_answers_become_pages_too(path):
    """Where something calls the function without the gateway's routes before it."""
    event_of = request("/safety", "DELETE")
    with Client(app.app) as client:
        for response in (client.http.delete(path), client.http.get(path, headers={"Content-Type": "application/xml"})):
            assert response.headers["Content-Type"] == "text/html; charset=utf-8"
            has_every_header(response.headers)
            assert response.status_code in (404, 415)
            assert b"Code" not in response.body
    assert event_of.method == "DELETE"


def test_an_event_that_is_no_request_is_an_answer():
    for event in ({}, {"requestContext": {}}, {"requestContext": {"resourcePath": None}}):
        answer = app.app(event, None)
        assert answer["statusCode"] == 500
        has_every_header(answer["headers"])


def test_every_file_is_served_with_its_type_and_kept():
    for path in (ROOT / BUILT).iterdir():
        reply = visit(f"/assets/{path.name}")
        if path.name == "manifest.json":
            assert reply.status == 404
            continue
        assert reply.status == 200
        assert reply.body == path.read_bytes()
        has_every_header(reply.headers, but="Cache-Control")
        assert reply.headers["cache-control"] == (FOR_AN_HOUR if path.name.startswith("plain.") else FOR_EVER)
        assert reply.content_type.startswith({".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}[path.suffix])


@pytest.mark.parametrize("name", ["..", "..%2fmanifest.json", "%2e%2e%2f%2e%2e%2fapp.py", "page.css", "%00", "a" * 2000, "é"])
def test_no_other_file_is_served(name):
    reply = visit(f"/assets/{name}")
    assert reply.status == 404
    assert name not in reply.body.decode()


def test_what_is_written_of_a_request_is_its_route_and_status_alone():
    visit("/safety")  # so that the logger is there to be captured
    with captured() as output:
        visit("/assets/a-secret-in-a-path?and=a-secret-in-a-query", headers={"User-Agent": "a-secret-browser"})
    assert "secret" not in json.dumps(output.documents)
    (line,) = [document for document in output.documents if document.get("message") == "page"]
    assert (line["route"], line["status"]) == ("assets/name", 404)
    assert "192.0.2.1" not in json.dumps(output.documents)


def test_long_answers_are_compressed_as_the_gateway_does():
    plain, small = visit("/safety"), visit("/safety", headers={"Accept-Encoding": "gzip, br"})
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert len(small.body) < len(plain.body) / 2


def test_a_body_beyond_what_the_gateway_takes_never_arrives():
    reply = gateway(lambda event, context: pytest.fail("must not be called")).answer(request("/safety", form=b"x" * (10 * 1024 * 1024 + 1)))
    assert (reply.status, reply.content_type) == (413, "text/html; charset=utf-8")
    has_every_header(reply.headers)


@pytest.mark.parametrize("nonsense", [None, {}, "text", {"statusCode": "x"}, {"statusCode": 200, "body": "%", "isBase64Encoded": True}])
def test_a_function_that_answers_nonsense_is_an_error_of_ours(nonsense):
    reply = gateway(lambda event, context: nonsense).answer(request("/safety"))
    assert reply.status == 502
    has_every_header(reply.headers)
    assert "Sorry, there is a problem" in reply.body.decode()


def test_pages_stand_without_a_store_and_say_sorry_without_a_profile():
    with web_environment(KI_PROFILE="nobody"):
        reply = visit("/safety")
        assert reply.status == 500
        has_every_header(reply.headers)
        assert "Sorry, this page is not working" in reply.body.decode()
        assert visit("/assets/plain.css").status == 200
    with web_environment(KI_STAGE=""):
        assert visit("/assets/plain.css").status == 500
    assert FORM

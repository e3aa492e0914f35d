"""Every page as its published description has it, with whatever can be put into it: what is drawn, what is marked, and what is no form.

Schemathesis draws from the description and judges by it; the rest is ours: nothing posted comes back raw, no token, no cookie. Whatever
page is added is drawn too. Nobody here has a link or a sign-in: what is behind a gate is the business of that page's own tests.
Must not know any page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_headers_conformance, status_code_conformance

from app import app
from chalicelib.bootstrap_web import web_container
from chalicelib.entrypoints.answers import HTML
from chalicelib.entrypoints.http import ACCESS, FORM_TOKEN, Access
from chalicelib.schemas.form_body import MEDIA_TYPE, MOST_BYTES
from chalicelib.schemas.form_fields import ALSO, FIELDS
from infra.openapi import FILES, description
from tests.integration.stack_fixture import LocalStack, local_stack
from tests.integration.test_pages_deployed import has_every_header
from tests.integration.web_pages import as_wsgi, visit

DESCRIBED = schemathesis.openapi.from_dict(description(app.routes, ACCESS, FIELDS))
PAGES = {operation.label: operation for operation in (found.ok() for found in DESCRIBED.get_all_operations())}
FORMS = sorted(label for label in PAGES if label.startswith("POST "))
FILLED = [label for label in FORMS if FIELDS[label]]
PUBLIC = [label for label in FILLED if ACCESS[label.removeprefix("POST ")] is Access.PUBLIC]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance]
HOSTILE = "zq<zq\"zq'zq>zq&zq{{7*7}}."
"""Each character that HTML, an attribute or a template would take for its own, between letters that no page has."""
RAW = re.compile(r"zq[<\"'>]|zq&zq|zq49\.")
SECRET = "SecretTokenOfAReader"
WIDTH = settings(deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], max_examples=60)
"""Without the search for the smallest example: each is a request to a store, and the one that was found can be read."""
NARROW = settings(WIDTH, max_examples=20)


@pytest.fixture(scope="module", autouse=True)
def local() -> Iterator[LocalStack]:
    with local_stack() as stack:
        web_container.cache_clear()
        yield stack
        web_container.cache_clear()


@cache
def pages() -> Any:
    return as_wsgi()


def ask(case: Case) -> int:
    """Send it, and hold the answer to whatever holds of every one; its status."""
    response = case.call(app=pages())
    case.validate_response(response, checks=CHECKS)
    headers = {name: values[-1] for name, values in response.headers.items()}
    path = case.operation.path
    a_file = path in FILES and response.status_code == 200
    has_every_header(headers, but="Cache-Control" if a_file else "")
    if not a_file:
        assert headers["content-type"] == HTML
    if ACCESS[path] is Access.PUBLIC and "GET " + path not in ALSO:
        assert "set-cookie" not in headers
    if case.method == "POST" and response.status_code == 303:
        assert re.match(r"/[^/\\]", headers["location"])
    body = response.text if response.content else ""
    assert not RAW.search(body)
    assert SECRET not in body
    return int(response.status_code)


def drawn(label: str, mode: GenerationMode = GenerationMode.POSITIVE) -> st.SearchStrategy[Case]:
    return PAGES[label].as_strategy(generation_mode=mode)


@pytest.mark.parametrize("label", sorted(PAGES))
def test_whatever_fits_the_description_has_a_described_answer(label):
    @WIDTH
    @given(case=drawn(label))
    def look(case: Case) -> None:
        ask(case)

    look()


@pytest.mark.parametrize("label", sorted(FIELDS))
def test_whatever_does_not_fit_has_one_too(label):
    @NARROW
    @given(case=drawn(label, GenerationMode.NEGATIVE))
    def look(case: Case) -> None:
        ask(case)

    look()


def filled(label: str) -> dict[str, str]:
    """A form that is taken."""
    return {field.name: field.example for field in FIELDS[label] if field.example}


@pytest.mark.parametrize("label", FILLED)
def test_nothing_that_is_typed_comes_back_as_anything_but_text(label):
    """From a form that is taken: some fields as they were drawn, some with the marks behind, some empty."""
    some = st.sets(st.sampled_from([field.name for field in FIELDS[label]]), max_size=3)

    @WIDTH
    @given(case=drawn(label), other=some, marked=some, empty=some)
    def look(case: Case, other: set[str], marked: set[str], empty: set[str]) -> None:
        said = {name: str(value) for name, value in case.body.items() if name in other}
        body = filled(label) | said | dict.fromkeys(empty, "")
        case.body = body | {name: body.get(name, "") + HOSTILE for name in marked} | {FORM_TOKEN: SECRET}
        ask(case)

    look()


@pytest.mark.parametrize("label", [label for label in PUBLIC if all(field.example for field in FIELDS[label] if field.required)])
def test_a_form_that_is_taken_leads_on_whatever_is_typed_where_anything_may_be(label):
    free = [field.name for field in FIELDS[label] if not field.example or field.name in ("name", "message")]

    @NARROW
    @given(typed=st.fixed_dictionaries(dict.fromkeys(free, st.text(max_size=60).map(lambda text: f"a{text}{HOSTILE}"))))
    def look(typed: dict[str, str]) -> None:
        assert ask(PAGES[label].Case(body=filled(label) | typed, media_type=MEDIA_TYPE)) == 303

    look()


@pytest.mark.parametrize("label", FORMS)
def test_every_field_at_once_comes_back_as_text(label):
    case = PAGES[label].Case(body={field.name: HOSTILE for field in FIELDS[label]} | {FORM_TOKEN: SECRET + HOSTILE}, media_type=MEDIA_TYPE)
    case.path_parameters = dict.fromkeys(re.findall(r"\{(\w+)\}", label), SECRET)
    ask(case)


@pytest.mark.parametrize("label", sorted(PAGES))
def test_what_comes_beside_a_form_comes_back_nowhere(label):
    """In the path, in the query, and in the headers that programs like to show."""
    case = PAGES[label].Case(**({"body": {}, "media_type": MEDIA_TYPE} if label in FORMS else {}))
    case.path_parameters = dict.fromkeys(re.findall(r"\{(\w+)\}", label), quote(SECRET + HOSTILE, safe=""))
    case.query = {"q": HOSTILE, HOSTILE: SECRET, FORM_TOKEN: SECRET}
    case.headers = {name: SECRET + HOSTILE for name in ("User-Agent", "Referer", "Cookie", "X-Forwarded-For", "Accept-Language")}
    ask(case)


@pytest.mark.parametrize("label", FORMS)
def test_any_bytes_of_any_type_are_answered(label):
    types = st.sampled_from(
        [MEDIA_TYPE, f"{MEDIA_TYPE}; charset=utf-8", f"{MEDIA_TYPE}; charset=latin-1", "multipart/form-data", "text/plain", ""]
    )
    fields = st.sampled_from([field.name for field in FIELDS[label]] + [FORM_TOKEN])
    forms = st.lists(st.tuples(fields, st.text() | st.just(HOSTILE)), max_size=12).map(
        lambda pairs: urlencode(pairs, errors="replace").encode()
    )
    sizes = st.sampled_from([0, 1, MOST_BYTES, MOST_BYTES + 1, 2 * MOST_BYTES + 1]).map(lambda size: b"message=" + b"x" * size)

    @WIDTH
    @given(body=st.binary(max_size=200) | forms | sizes, kind=types)
    def look(body: bytes, kind: str) -> None:
        reply = visit(label.removeprefix("POST "), "POST", form=body, headers={"Content-Type": kind})
        assert str(reply.status) in PAGES[label].definition.raw["responses"]
        assert reply.status < 500
        assert reply.content_type == HTML
        has_every_header(reply.headers)
        assert not RAW.search(reply.body.decode())

    look()


@pytest.mark.parametrize("label", PUBLIC)
def test_the_page_has_the_fields_that_are_declared_and_no_token_twice(label):
    path = label.removeprefix("POST ")
    page = visit(path).body.decode()
    (form,) = re.findall(r"<form.*?</form>", page, re.DOTALL)
    assert set(re.findall(r'\bname="(\w+)"', form)) == {field.name for field in FIELDS[label]} | {FORM_TOKEN}
    (token,) = re.findall(rf'name="{FORM_TOKEN}" value="([^"]+)"', form)
    again = visit(path, "POST", form={FORM_TOKEN: token})
    assert again.status == 422
    assert token not in again.body.decode()

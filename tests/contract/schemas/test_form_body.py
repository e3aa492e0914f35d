"""The body of a form: what a browser writes is read as it was typed, and everything else is refused without being repeated."""

import base64
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import MalformedRequest, RequestRefused, RequestTooLarge
from chalicelib.schemas.form_body import MEDIA_TYPE, MOST_BYTES, MOST_FIELDS, Form, parse_form

TYPED = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def parsed(body: str | None, content_type: str = MEDIA_TYPE, *, encoded: bool = False) -> Form:
    return parse_form({"body": body, "isBase64Encoded": encoded}, content_type)


@given(st.dictionaries(TYPED.filter(bool), TYPED, max_size=10))
def test_what_was_typed_is_read(fields):
    form = parsed(urlencode(fields))
    assert {name: form.one(name) for name in fields} == {
        name: value.replace("\r\n", "\n").replace("\r", "\n") for name, value in fields.items()
    }


def test_line_breaks_are_those_of_the_screen_and_an_empty_field_is_empty():
    form = parsed("message=one%0D%0Atwo%0Athree&name=&box=a&box=b")
    assert form.one("message") == "one\ntwo\nthree"
    assert form.one("name") == form.one("nothing") == ""
    assert form.every("box") == ("a", "b")
    assert form.every("nothing") == ()


def test_a_field_that_comes_twice_is_no_form_of_ours():
    with pytest.raises(MalformedRequest):
        parsed("name=a&name=b").one("name")


@pytest.mark.parametrize("content_type", [MEDIA_TYPE, "Application/X-WWW-Form-Urlencoded; charset=UTF-8", f'{MEDIA_TYPE};charset="utf-8"'])
def test_the_media_type_of_a_form(content_type):
    assert parsed("a=b", content_type).one("a") == "b"


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json", "multipart/form-data", f"{MEDIA_TYPE}; charset=latin-1"])
def test_any_other_media_type_is_refused(content_type):
    with pytest.raises(MalformedRequest):
        parsed("a=b", content_type)


@pytest.mark.parametrize("body", ["a=%FF", "%C3=x", "a=%ED%A0%80", "a=\ud800"])
def test_what_is_not_utf_8_is_refused_and_not_repeated(body):
    with pytest.raises(MalformedRequest) as refused:
        parsed(body)
    assert str(refused.value) == refused.value.args[0]
    assert "%" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_body_in_base64_is_the_same_body():
    assert parsed(base64.b64encode(b"a=b+c").decode(), encoded=True).one("a") == "b c"
    with pytest.raises(MalformedRequest):
        parsed("***", encoded=True)
    with pytest.raises(MalformedRequest):
        parsed(base64.b64encode(b"a=\xff").decode(), encoded=True)


def test_the_longest_form_and_one_byte_more():
    assert len(parsed("a=" + "x" * (MOST_BYTES - 2)).one("a")) == MOST_BYTES - 2
    for body in ("a=" + "x" * (MOST_BYTES - 1), "a=" + "é" * MOST_BYTES, "a" * 3 * MOST_BYTES):
        with pytest.raises(RequestTooLarge):
            parsed(body)


def test_so_many_fields_and_one_more():
    assert len(parsed("&".join(f"f{n}=1" for n in range(MOST_FIELDS))).fields) == MOST_FIELDS
    with pytest.raises(MalformedRequest):
        parsed("&".join(f"f{n}=1" for n in range(MOST_FIELDS + 1)))


@given(st.text(max_size=300), st.booleans())
def test_whatever_is_sent_is_read_or_refused(body, encoded):
    with suppress(RequestRefused):
        parsed(body, encoded=encoded)


def test_nothing_at_all_is_an_empty_form():
    assert parsed(None).fields == {}
    assert parsed("").fields == {}

"""Which telephone numbers and e-mail addresses can be used, and why the others cannot. Must not look anything up."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.model import Point
from chalicelib.schemas.contact_points import email_point, landline_point, mobile_point
from chalicelib.schemas.records import Parsed, parse_record
from tests.builders import NOW, occurrence_record, officer_named, officer_record, victim
from tests.contract.schemas.any_json import FUZZ

FICTIONAL = "+447700900123"


@pytest.mark.parametrize(
    "given_number",
    [
        "07700900123",
        "07700 900 123",
        "07700-900-123",
        "+447700900123",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "+44(0) 7700900123",
        "0044 7700 900123",
        "0044 (0) 7700 900123",
        "447700900123",
        "7700900123",
        "(07700) 900123",
        "mob: 07700 900123",
        "Mobile 07700900123",
        "Tel. 07700.900.123",
        "M:07700900123",
        "０７７００９００１２３",
        " 07700\u00a0900123 ",
    ],
)
def test_a_mobile_as_people_write_it(given_number):
    assert mobile_point(given_number, allow_reserved=True) == Point(FICTIONAL)
    assert mobile_point(given_number, allow_reserved=False) == Point(None, "reserved_number")


@pytest.mark.parametrize(
    ("given_number", "expected"),
    [
        ("07781123456", Point("+447781123456")),
        ("07624123456", Point("+447624123456")),
        ("01332 613456", Point(None, "not_a_mobile")),
        ("0800 612 6505", Point(None, "not_a_mobile")),
        ("101", Point(None, "not_a_number")),
        ("07012345678", Point(None, "not_a_mobile")),
        ("+353861234567", Point(None, "abroad")),
        ("+48 601 123 456", Point(None, "abroad")),
        ("0", Point(None, "not_a_number")),
        ("0770090012", Point(None, "not_a_number")),
        ("077009001234", Point(None, "not_a_number")),
        ("07700 900123 / 07700 900456", Point(None, "not_a_number")),
        ("07700900ABC", Point(None, "words_in_number")),
        ("07700 900123 (his phone)", Point(None, "words_in_number")),
        ("do not ring 07700 900123", Point(None, "words_in_number")),
        ("07700 900123 ext 5", Point(None, "words_in_number")),
        ("none", Point(None, "words_in_number")),
        ("unknown", Point(None, "words_in_number")),
        ("n/a", Point(None, "words_in_number")),
        ("-", Point(None, "not_a_number")),
        ("+", Point(None, "not_a_number")),
        ("mob:", Point(None, "not_a_number")),
        ("9" * 400, Point(None, "not_a_number")),
        (None, None),
    ],
)
def test_a_mobile_that_cannot_be_written_to_says_why(given_number, expected):
    assert mobile_point(given_number, allow_reserved=True) == expected


@pytest.mark.parametrize(
    ("given_number", "expected"),
    [
        ("01332 613456", Point("+441332613456")),
        ("(01332) 613456", Point("+441332613456")),
        ("07700 900123", Point(FICTIONAL)),
        ("+353 1 679 1234", Point("+35316791234")),
        ("01332 6134567890", Point(None, "not_a_number")),
        ("neighbour's 01332 613456", Point(None, "words_in_number")),
        (None, None),
    ],
)
def test_a_landline_is_any_number_that_a_person_can_ring(given_number, expected):
    assert landline_point(given_number, allow_reserved=True) == expected


@pytest.mark.parametrize(
    ("given_address", "expected"),
    [
        ("alex.morgan@example.org", "alex.morgan@example.org"),
        ("Alex.Morgan@EXAMPLE.org", "Alex.Morgan@example.org"),
        ("alex+police@mail.example.co.uk", "alex+police@mail.example.co.uk"),
        ("alex@force.test", "alex@force.test"),
        ("alex@sub.force.test", "alex@sub.force.test"),
        ("o'hara@example.com", "o'hara@example.com"),
        ("alex@bücher.example", "alex@xn--bcher-kva.example"),
    ],
)
def test_a_reserved_address_is_usable_everywhere_but_in_prod(given_address, expected):
    assert email_point(given_address, allow_reserved=True) == Point(expected)
    assert email_point(given_address, allow_reserved=False) == Point(None, "reserved_domain")


@pytest.mark.parametrize("given_address", ["alex@derbyshire.police.uk", "alex@contest.com", "alex@myexample.com", "alex@example.police.uk"])
def test_an_ordinary_address_is_usable_in_prod(given_address):
    assert email_point(given_address, allow_reserved=False) == Point(given_address)


@pytest.mark.parametrize(
    "given_address",
    [
        "alex",
        "alex@",
        "@example.org",
        "alex@localhost",
        "alex@host.local",
        "alex@x.invalid",
        "alex@example",
        "alex morgan@example.org",
        "alex@example.org bcc: all@example.org",
        "alex@example.org,jo@example.org",
        "alex@exa mple.org",
        "Alex <alex@example.org>",
        '"alex morgan"@example.org',
        "alex@[127.0.0.1]",
        "alex..morgan@example.org",
        "ålex@example.org",
        "a" * 65 + "@example.org",
        "a@" + "b" * 250 + ".org",
        "none",
        "a@\u0301.org",
        "a@xn--\u0661.org",
    ],
)
@pytest.mark.parametrize("allow_reserved", [True, False])
def test_what_is_no_address_says_so(given_address, allow_reserved):
    assert email_point(given_address, allow_reserved=allow_reserved) == Point(None, "not_an_address")


@FUZZ
@given(st.text(max_size=500), st.booleans())
def test_any_text_is_a_point(text, allow_reserved):
    for point in (mobile_point, landline_point, email_point):
        judged = point(text, allow_reserved=allow_reserved)
        assert (judged.value is None) == (judged.problem is not None)
        assert judged.value is None or judged.value.isascii()


def test_an_unusable_point_is_no_malformed_record():
    record = occurrence_record(
        victims=[victim(email="none", mobile="his phone", landline="")],
        officer=officer_named(email="no mail"),
    )
    parsed = parse_record(json.dumps(record), now=NOW, allow_reserved=True)
    assert isinstance(parsed, Parsed)
    who = parsed.occurrence.victims[0]
    assert (who.email.problem, who.mobile.problem, who.landline) == ("not_an_address", "words_in_number", None)
    assert parsed.occurrence.officer.email is None


def test_an_officers_mobile_is_kept_when_it_can_be_written_to():
    for given_number, kept in (("07700 900123", FICTIONAL), ("ask at the desk", None)):
        parsed = parse_record(json.dumps(officer_record(mobile=given_number)), now=NOW, allow_reserved=True)
        assert parsed.officer.mobile == kept

"""What every maker of codes does: the same for the same request, nothing for any other, and nothing that a store would have to know.

Must not look behind the port, but for what keys do.
"""

from __future__ import annotations

import pytest

from chalicelib.adapters.page_codes import DerivedCodes
from chalicelib.domain.page_codes import LENGTH, digits_of, in_groups, signs_of, tag_of
from chalicelib.services.edges import Codes
from tests.fakes import FakeCodes

KEY, OTHER = b"a key of this test alone, of 32 bytes", b"another key of this test, of 32 bytes"
REFERENCE = "26000712345"
REQUEST, LETTER = "4be15a960336d6bb22d06ea52edd8d23", "280929a035f34998f2db0658a0e798be"


def derived() -> Codes:
    return DerivedCodes(KEY)


@pytest.fixture(params=[FakeCodes, derived], ids=["fake", "derived"])
def codes(request: pytest.FixtureRequest) -> Codes:
    made: Codes = request.param()
    return made


def test_a_request_has_one_code_of_six_digits(codes):
    code = codes.one_time(REQUEST)
    assert code == codes.one_time(REQUEST) == digits_of(code)
    assert codes.opens(REQUEST, code)
    assert codes.opens(REQUEST, f" {code[:3]} {code[3:]} ")


@pytest.mark.parametrize("typed", ["", "000000 ", "12345", "abcdef"])
def test_no_other_code_opens(codes, typed):
    assert codes.opens(REQUEST, typed) is (digits_of(typed) == codes.one_time(REQUEST))
    other = f"{(int(codes.one_time(REQUEST)) + 1) % 10**6:06d}"
    assert not codes.opens(REQUEST, other)


def test_a_letter_bears_twelve_signs_of_its_own_case(codes):
    signs = codes.of_letter(REFERENCE, LETTER)
    assert signs == signs_of(signs)
    assert len(signs) == LENGTH
    assert codes.letter_tag(REFERENCE, in_groups(signs).lower()) == tag_of(LETTER)
    assert codes.letter_tag("26000712346", signs) is None
    assert codes.of_letter(REFERENCE, REQUEST) != signs


@pytest.mark.parametrize("typed", ["", "7K3M-90QX-2HDV", "UUUUUUUUUUUU", "7K3M"])
def test_signs_that_were_never_printed_are_of_no_letter(codes, typed):
    assert codes.letter_tag(REFERENCE, typed) is None


def test_two_keys_are_live_while_one_is_rotated():
    before, during, after = DerivedCodes(OTHER), DerivedCodes(KEY, OTHER), DerivedCodes(KEY)
    code, signs = before.one_time(REQUEST), before.of_letter(REFERENCE, LETTER)
    assert during.opens(REQUEST, code)
    assert during.letter_tag(REFERENCE, signs) == tag_of(LETTER)
    assert during.one_time(REQUEST) == after.one_time(REQUEST) != code
    assert not after.opens(REQUEST, code)
    assert after.letter_tag(REFERENCE, signs) is None


def test_codes_are_spread_over_all_that_there_are():
    found = {derived().one_time(f"{number:032x}") for number in range(500)}
    assert len(found) > 490
    assert {code[0] for code in found} == set("0123456789")

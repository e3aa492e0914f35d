"""How codes are written and typed: every spelling that a person may use is read, and nothing that is no code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.page_codes import LENGTH, SIGNS, TAG, digits_of, in_groups, signs_of, tag_of, written
from chalicelib.domain.update_content import finished

CODE = "7K3M90QX2HDV"
codes = st.text(alphabet=SIGNS, min_size=LENGTH, max_size=LENGTH)


@pytest.mark.parametrize("typed", ["123456", " 123 456 ", "123-456", "1 2 3 4 5 6", "123\u2013456", "123.456"])
def test_six_digits_however_they_are_typed(typed):
    assert digits_of(typed) == "123456"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "²²²²²²", "-1234567"])
def test_anything_else_is_no_code(typed):
    assert digits_of(typed) == ""


@pytest.mark.parametrize("typed", [CODE, "7k3m-90qx-2hdv", "7K3M 90QX 2HDV", "7K3M-9OQX-2HDV", "7k3m9oqx2hdv"])
def test_twelve_signs_however_they_are_typed(typed):
    assert signs_of(typed) == CODE


@pytest.mark.parametrize("typed", ["", CODE[:-1], CODE + "0", "7K3M90QX2HDU", "7K3M90QX2HD!", "é" * 12])
def test_anything_else_is_no_letters_code(typed):
    assert signs_of(typed) == ""


def test_signs_that_are_easily_mistaken_are_one():
    assert signs_of("iIlLoO000000") == "111100000000"


@given(codes)
def test_what_is_printed_is_read(code):
    assert signs_of(in_groups(code)) == code
    assert signs_of(in_groups(code).lower()) == code


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=13))
def test_a_number_is_written_in_so_many_signs(number, length):
    text = written(number, length)
    assert len(text) == length
    assert written(number + 32**length, length) == text


@given(st.text(alphabet="0123456789abcdef", min_size=32, max_size=32))
def test_a_tag_follows_from_the_id(notification_id):
    assert len(tag_of(notification_id)) == TAG
    assert set(tag_of(notification_id)) <= set(SIGNS)


@pytest.mark.parametrize(("words", "said"), [(None, None), ("we  have asked", "We have asked."), ("Is it?", "Is it?")])
def test_an_officers_words_end_with_a_mark(words, said):
    assert finished(words) == said

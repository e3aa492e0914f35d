"""What cleaning takes out of a text, and what it leaves. Must not test lengths (test_records_faults.py)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.schemas.text import clean
from tests.contract.schemas.any_json import FUZZ


@pytest.mark.parametrize(
    ("given_text", "left"),
    [
        ("Wood Street", "Wood Street"),
        ("  Wood  Street\t", "Wood  Street"),
        ("one\r\ntwo\nthree\rfour\u2028five\u2029six\x85seven\veight", "one two three four five six seven eight"),
        ("a\x00b\x1b[31mc\x7fd\x9fe", "ab[31mcde"),
        ("\u202eevil\u202c \u2066x\u2069\u200e\u200f\u061c", "evil x"),
        ("\ufeffz\u200be\u2060r\u00ado", "zero"),
        ("\ud83d x \ude00", "x"),
        ("e\u0301 \u212b", "é Å"),
        ("👩\u200d👧 👍🏽 🇬🇧", "👩\u200d👧 👍🏽 🇬🇧"),
        ("Ŵŷ Łódź ضحية 受害者", "Ŵŷ Łódź ضحية 受害者"),
        ("\ufffe\uffff\U0001ffff", ""),
        ("<b>{{x}}</b>", "<b>{{x}}</b>"),
        ("", ""),
    ],
)
def test_a_text_is_one_clean_line(given_text, left):
    assert clean(given_text) == left


@FUZZ
@given(st.text(st.characters()))
def test_cleaning_again_changes_nothing(text):
    once = clean(text)
    assert clean(once) == once
    assert once == unicodedata.normalize("NFC", once)
    assert not [character for character in once if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")]

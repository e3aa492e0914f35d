"""The form as a browser posts it: every spelling of a reference and a collar number, sizes, clean text, faults by field.

Issue 6, section 1: every spelling of a reference is accepted. NOW is November 2026.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.contact_form import MOST, REQUIRED, ContactForm, Fault, Field
from chalicelib.schemas.contact_form import HONEYPOT, read_collar_number, read_contact_form, read_reference

NOW = datetime(2026, 11, 20, 10, 31, tzinfo=UTC)
POSTED = {"collar_number": "pc 2345", "reference": "26*712345", "name": " Kim Field ", "message": "I found it.\r\n\r\n\r\n\r\nCall me."}
SPELLINGS = [
    "26*712345", "26000712345", " 26 * 712345 ", "26712345", "26/712345", "26-712345", "26 712345", "26.712345", "26x712345", "26X712345",
    "26×712345", "Crime ref no. 26*712345", "REF:26000712345", "26 000 712 345", "2026*712345", "2026712345", "26*7l2345", "26*7I2345",
    "26＊712345", "２６＊７１２３４５", "crime number 26*712345.", "26**712345", "*26*712345*", "26*000712345", "no 26*712345 please",
    "incident (26*712345)", "26\u00a0*\u00a0712345", "26–712345", "occurrence: 26000712345",
]  # fmt: skip


@pytest.mark.parametrize("typed", SPELLINGS)
def test_every_spelling_of_a_reference_is_one_reference(typed: str) -> None:
    assert read_reference(typed, NOW) == "26000712345"


@pytest.mark.parametrize(
    ("typed", "read"), [("26*12345", "26000012345"), ("26*1", "26000000001"), ("26*71234O", "26000712340"), ("25*000001", "25000000001")]
)
def test_what_was_left_out_or_looks_alike_is_read(typed: str, read: str) -> None:
    assert read_reference(typed, NOW) == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "abc",
        "12",
        "26*",
        "*712345",
        "26*7123456",
        "27*712345",
        "26*712345 26*712346",
        "260007123456",
        "1926712345",
        "3026712345",
        "26*71x2*345",
    ],
)
def test_what_can_mean_no_one_number_is_none(typed: str) -> None:
    assert read_reference(typed, NOW) is None


@given(st.text(max_size=60))
def test_no_reference_is_too_strange(typed: str) -> None:
    read = read_reference(typed, NOW)
    assert read is None or (len(read) == 11 and read.isascii() and read.isdigit() and read[:2] <= "26")


@given(st.integers(0, 26), st.integers(0, 999_999), st.sampled_from(["*", "/", " ", "-", "x", ""]), st.sampled_from(["", "Ref ", "no. "]))
def test_any_number_in_any_of_its_spellings_is_read(year: int, number: int, between: str, before: str) -> None:
    assert read_reference(f"{before}{year:02d}{between}{number:06d}", NOW) == f"{year:02d}{number:09d}"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2345", "2345"), ("pc 2345", "2345"), ("PC2345", "2345"), ("Collar no: 2345", "2345"), ("PC 2345 Ash", "2345"), ("-", None),
        ("p.c. 2345", "2345"), ("02345", "02345"), ("pcso 7001", "7001"), ("abc", "ABC"), ("a123", "A123"), ("DC-4711", "4711"),
        ("#2345", "2345"), ("sgt1890", "1890"), ("２３４５", "2345"), ("2345 2345", "2345"), ("", None), ("PC Ash", None),
        ("2345 or 2346", None), ("12345678901", None),
    ],
)  # fmt: skip
def test_every_spelling_of_a_collar_number(typed: str, read: str | None) -> None:
    assert read_collar_number(typed) == read


def test_a_form_is_read_clean() -> None:
    assert read_contact_form(POSTED, NOW) == ContactForm("2345", "26000712345", "Kim Field", "I found it.\n\nCall me.")
    more = POSTED | {"email": " kim@elsewhere.test", "phone": "07700 900999", "safe_to_reply": "After\nsix", HONEYPOT: " "}
    assert read_contact_form(more, NOW) == ContactForm(
        "2345", "26000712345", "Kim Field", "I found it.\n\nCall me.", "kim@elsewhere.test", "07700 900999", "After six"
    )


def test_the_field_that_no_person_sees_makes_it_doubtful_and_nothing_else() -> None:
    read = read_contact_form(POSTED | {HONEYPOT: "http://spam.example"}, NOW)
    assert isinstance(read, ContactForm)
    assert read.doubtful


def test_every_field_that_is_missing_is_named_at_once() -> None:
    assert read_contact_form({}, NOW) == dict.fromkeys(REQUIRED, Fault.BLANK)
    assert read_contact_form(dict.fromkeys(map(str, Field), " \n\u200e"), NOW) == dict.fromkeys(REQUIRED, Fault.BLANK)


@pytest.mark.parametrize("field", Field)
def test_what_is_too_long_is_said_to_the_character(field: Field) -> None:
    text = {Field.REFERENCE: "26*712345".ljust(MOST[field], "."), Field.COLLAR_NUMBER: "2345".ljust(MOST[field], ".")}.get(
        field, "x" * MOST[field]
    )
    assert isinstance(read_contact_form(POSTED | {field.value: text}, NOW), ContactForm)
    assert read_contact_form(POSTED | {field.value: text + "x"}, NOW) == {field: Fault.TOO_LONG}


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"reference": "soon"}, {Field.REFERENCE: Fault.NO_REFERENCE}),
        ({"collar_number": "PC Ash"}, {Field.COLLAR_NUMBER: Fault.NO_COLLAR_NUMBER}),
        ({"reference": "99*1", "name": ""}, {Field.REFERENCE: Fault.NO_REFERENCE, Field.NAME: Fault.BLANK}),
    ],
)
def test_a_fault_is_about_the_form_of_a_field_alone(changes: Any, faults: Any) -> None:
    assert read_contact_form(POSTED | changes, NOW) == faults


@given(st.dictionaries(st.sampled_from([*map(str, Field), HONEYPOT, "other"]), st.text(max_size=100)))
def test_whatever_is_posted_is_a_form_or_faults(posted: dict[str, str]) -> None:
    read = read_contact_form(posted, NOW)
    assert isinstance(read, ContactForm) or (read and set(read) <= set(Field))

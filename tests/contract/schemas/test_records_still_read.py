"""What can still be read of a body that is refused: which occurrence is to be held, and whom it names.

Must not judge the faults themselves (test_records_faults.py).
"""

from __future__ import annotations

import pytest

from chalicelib.schemas.records import MAX_PEOPLE
from tests.builders import contract_example, eventbridge, occurrence_record, officer_record, victim
from tests.contract.schemas.paths import put
from tests.contract.schemas.test_records_faults import rejected


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("26000712345", "26000712345"),
        ("26*712345", "26000712345"),
        (" 26*712345 ", "26000712345"),
        ("26 000 712345", "26000712345"),
        ("２６＊７１２３４５", "26000712345"),
        (26000712345, "26000712345"),
        ("99000712345", "99000712345"),
        ("712345", None),
        (True, None),
        (None, None),
        (["26000712345"], None),
        ("9" * 10_000, None),
    ],
)
def test_the_reference_is_read_more_kindly_than_it_is_judged(given, read):
    record = contract_example() | {"contract": "other"}
    record["occurrence"]["reference"] = given
    assert rejected(record).reference == read


@pytest.mark.parametrize("place", ["occurrence", "event", "release", "letter", "review"])
def test_the_reference_is_read_wherever_the_content_stands(place):
    assert rejected({place: {"reference": "26*712345"}}).reference == "26000712345"
    assert rejected({"kind": "occurrence", "reference": "26*712345", place: 7}).reference == "26000712345"
    assert rejected(eventbridge({"sent_at": 1, place: {"reference": "26*712345"}})).reference == "26000712345"


def test_an_officer_has_no_reference():
    result = rejected(put(officer_record(), "officer.collar_number", "2345!"))
    assert (result.reference, result.kind, result.version) == (None, "officer", 7)


@pytest.mark.parametrize(
    ("victims", "people"),
    [
        ([victim(person_ref="N1"), victim("V2", person_ref="N2")], ("N1", "N2")),
        ([victim(person_ref=" N1\u200e "), victim("V2", person_ref="N1")], ("N1",)),
        ([{"person_ref": 7}, None, "N3", {"person_ref": None}, {"person_ref": ""}, {"person_ref": ["N4"]}, {}], ("7",)),
        ({"person_ref": "N1"}, ()),
        (None, ()),
        ([{"person_ref": f"N{number}"} for number in range(MAX_PEOPLE + 1)], tuple(f"N{number}" for number in range(MAX_PEOPLE))),
    ],
)
def test_whom_a_body_names_is_read_where_it_can_be(victims, people):
    assert rejected(put(occurrence_record(status="broken"), "occurrence.victims", victims)).people == people


@pytest.mark.parametrize("text", ["nonsense", "[]", '{"kind": "officer"}'])
def test_where_nobody_is_named_nobody_is_read(text):
    assert rejected(text).people == ()

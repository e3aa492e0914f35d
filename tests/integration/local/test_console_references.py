"""How a reference may be spelled, and what part of one could mean."""

import pytest

from infra.local.references import MOST_FOUND, could_mean, eleven_digits

STORED = ("25000000007", "26000712344", "26000712345", "26000000001")


@pytest.mark.parametrize(
    "typed",
    [
        "26000712345",
        "26*712345",
        " 26*712345 ",
        "26*000712345",
        "26 712345",
        "26 712 345",
        "26000 712 345",
        "26 000 712 345",
        "26/712345",
        "26-712345",
        "26 * 712345",
        "26＊712345",
        "２６*712345",
        "ref 26*712345",
        "REF: 26*712345",
        "Reference 26000712345",
        "crime number 26*712345",
        "occ. 26*712345",
    ],
)
def test_every_spelling_is_one_reference(typed):
    assert eleven_digits(typed) == "26000712345"


@pytest.mark.parametrize(
    "typed", ["", " ", "*", "26", "26712345", "2600071234", "260007123456", "26*7123456789", "Alex Morgan", "٢٦*712345", "26*7x"]
)
def test_what_is_no_reference(typed):
    assert eleven_digits(typed) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7123", ("26000712345", "26000712344")),
        ("12345", ("26000712345",)),
        ("26712345", ("26000712345",)),
        ("2671234", ("26000712345", "26000712344")),
        ("26*71", ("26000712345", "26000712344")),
        ("26 7 45", ("26000712345",)),
        ("257", ("25000000007",)),
        ("ref 7123", ("26000712345", "26000712344")),
        ("99", ()),
        ("Morgan", ()),
        (".*", ()),
        ("", ()),
    ],
)
def test_part_of_a_reference(typed, meant):
    assert could_mean(typed, STORED) == meant


def test_not_more_than_can_be_read():
    found = could_mean("26", [f"26{number:09d}" for number in range(1000)])
    assert len(found) == MOST_FOUND
    assert found[0] == "26000000999"

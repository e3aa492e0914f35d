"""Whose rights are enhanced: assessed, always, and until somebody assessed it."""

from typing import Any

import pytest

from chalicelib.domain.enhanced import counts_as_enhanced
from tests.builders import business
from tests.builders import enhanced as assessed
from tests.domain_builders import codes, occurrence

OPEN: dict[str, Any] = {"enhanced": None}


@pytest.mark.parametrize(
    ("facts", "person", "is_enhanced"),
    [
        pytest.param({}, {}, True, id="assessed as eligible"),
        pytest.param({}, OPEN, False, id="not assessed"),
        pytest.param({}, {"enhanced": assessed(eligible=False)}, False, id="assessed as not eligible"),
        pytest.param({}, {"enhanced": assessed(eligible=None)}, False, id="assessment open"),
        pytest.param({"flags": {"hate_crime": True}}, OPEN, True, id="hate crime by its flag"),
        pytest.param({"flags": {"hate_crime": None}}, OPEN, False, id="hate crime not known"),
        pytest.param({"offences": codes("28E", "58J")}, OPEN, True, id="hate crime by its class"),
        pytest.param({"offences": codes("ZZ9")}, OPEN, False, id="an unknown class"),
        pytest.param({}, OPEN | {"date_of_birth": "2014-03-14"}, True, id="a child"),
        pytest.param({}, {"date_of_birth": "2014-03-14", "enhanced": assessed(eligible=False)}, True, id="a child, whatever was assessed"),
        pytest.param({"flags": {"domestic_abuse": True}}, OPEN, True, id="domestic abuse"),
        pytest.param({"flags": {"domestic_abuse": None}}, OPEN, False, id="domestic abuse not known"),
        pytest.param({"offences": codes("19C")}, OPEN, True, id="a sexual offence"),
        pytest.param({"offences": codes("N100/1"), "record_type": "n100"}, OPEN, True, id="a reported rape"),
        pytest.param({"offences": codes("36")}, OPEN, True, id="kidnapping"),
        pytest.param({"offences": codes("2")}, OPEN, True, id="attempted murder"),
    ],
)
def test_enhanced_rights(facts: dict[str, Any], person: dict[str, Any], is_enhanced: bool) -> None:
    record = occurrence(**facts, person=person)
    assert counts_as_enhanced(record, record.victims[0]) is is_enhanced


@pytest.mark.parametrize(
    ("facts", "is_enhanced"), [({}, False), ({"flags": {"hate_crime": True}}, True), ({"offences": codes("58J")}, True)]
)
def test_a_business_counts_only_for_hate_crime(facts: dict[str, Any], is_enhanced: bool) -> None:
    record = occurrence(**facts, victims=[business(enhanced=None)])
    assert counts_as_enhanced(record, record.victims[0]) is is_enhanced

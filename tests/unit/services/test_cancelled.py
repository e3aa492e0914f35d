"""A cancelled record: the victim hears of it from the officer, and no news is dropped in silence. And news of somebody whom nobody names.

Issue 5, section 6. NOW is Friday 20 November 2026.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.messages import Template
from tests.unit.services.stage import DAY, HOUR, Stage
from tests.unit.services.test_events_told import ORDINARY, happens, told

LONG = timedelta(days=10)


def asked_of(stage: Stage) -> set[tuple[str, str]]:
    """Who was asked for what, on any record, and has not done it; how it is recorded apart."""
    rows = [row for row in stage.world.cases.owed.values() if row.purpose and row.unmet]
    return {(str(row.unit), str(row.purpose)) for row in rows if row.unit != "crime_management"}


def test_a_victim_who_was_written_to_hears_from_the_officer_that_the_record_was_cancelled():
    stage = told()
    stage.version(2, status="cancelled", **ORDINARY)
    stage.later(HOUR)
    assert [row.template for row in stage.rows(Template.EVENT)] == []
    assert asked_of(stage) == {("officer", "cancelled")}


def test_news_owed_when_the_record_is_cancelled_is_not_dropped_in_silence():
    """What the officer was asked to tell is waived, and is part of what they tell now."""
    stage = told()
    happens(stage, reason=None)
    stage.later(HOUR)
    stage.version(2, status="cancelled", **ORDINARY)
    stage.later(DAY)
    assert asked_of(stage) == {("officer", "cancelled")}


@pytest.mark.parametrize("facts", [{"record_type": "incident", "offences": []}, {"victims": []}], ids=["incident", "nobody"])
def test_whoever_had_no_rights_is_told_nothing(facts: dict[str, Any]):
    stage = Stage()
    stage.version(status="cancelled", **facts)
    stage.later(HOUR)
    assert asked_of(stage) == set()


def test_what_was_cancelled_and_opens_again_asks_nobody_to_say_that_it_was_cancelled():
    stage = told()
    stage.version(2, status="cancelled", **ORDINARY)
    stage.version(3, **ORDINARY)
    stage.later(HOUR)
    assert asked_of(stage) == set()


def test_news_of_a_victim_whom_no_version_names_is_looked_at():
    stage = told()
    happens(stage, victim_ids=["V7"])
    stage.later(LONG)
    found = [(row.unit, row.purpose) for row in stage.owed() if row.purpose == "victim_not_named"]
    assert found == [("crime_management", "victim_not_named")]

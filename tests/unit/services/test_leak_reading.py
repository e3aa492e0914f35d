"""What the leak check reads: a bounded number of records at a time, and what cannot be read is told of and ends nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.leak_kinds import What
from chalicelib.services.leak_reading import MOST_ELSEWHERE, MOST_TOGETHER, MOST_UNREAD, LeakReading
from tests.builders import victim
from tests.unit.services.stage import HOUR, REF, Stage
from tests.unit.services.test_watch_leaks import kinds, leaked, run

BROKEN = ["no JSON", "[]", "{}", '{"kind": "occurrence", "sent_at": 3, "occurrence": {"reference": "26000712345"}}', '{"kind": "officer"}']


def reading(stage: Stage) -> LeakReading:
    return LeakReading(stage.world.cases, stage.world.points, stage.world.archive)


def key_of(stage: Stage, reference: str = REF) -> Any:
    return next(key for key in stage.world.archive.kept if key[0] == reference)


def test_a_version_that_the_store_does_not_give_out_is_told_of_and_the_run_goes_on() -> None:
    stage = leaked()
    stage.version(reference="26000700001", victims=[victim("V9", person_ref="N9", email="nine@example.org", mobile=None)])
    stage.later(HOUR)
    stage.world.archive.broken.add(key_of(stage, "26000700001"))
    watched = run(stage)
    assert watched.unread == ("26000700001",)
    assert What.AUTOMATIC_MESSAGE_TO_SPECIALIST in kinds(watched)


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_occurrence_of_the_contract_is_told_of_too(text: str) -> None:
    stage = leaked()
    key = key_of(stage)
    stage.version(version=2, flags={"domestic_abuse": True})
    stage.world.archive.kept[key] = (stage.now, text)
    watched = run(stage)
    assert watched.unread == (REF,)
    assert What.AUTOMATIC_MESSAGE_TO_SPECIALIST in kinds(watched), "the other version says it"


def test_a_store_that_gives_nothing_out_ends_the_run() -> None:
    stage = leaked()
    at, text = stage.world.archive.kept[key_of(stage)]
    for number in range(MOST_UNREAD + 1):
        stage.world.archive.kept[REF, 10 + number, "c0ffee"] = (at, text)
        stage.world.archive.broken.add((REF, 10 + number, "c0ffee"))
    with pytest.raises(StoreUnavailable):
        run(stage)


def chain(count: int) -> Stage:
    """Somebody with so many other cases, as the stores know them."""
    stage = Stage()
    stage.version()
    stage.later(HOUR)
    at, text = stage.world.archive.kept[key_of(stage)]
    case = stage.world.cases.load(REF)
    points = {point for part in case.parts.values() for point in part.points}
    for number in range(count):
        name = f"25{number:09d}"
        stage.world.archive.kept[name, 1, "c0ffee"] = (at, text.replace(REF, name))
        for point in points:
            stage.world.points._rows[point].named.add((name, "V1"))
    return stage


def test_of_a_chain_of_shops_the_newest_cases_are_read_and_the_rest_is_counted() -> None:
    stage = chain(MOST_ELSEWHERE + 7)
    (batch,) = reading(stage).batches([row for row in stage.rows() if row.audience == "victim"])
    assert (len(batch.records), batch.left_out) == (MOST_ELSEWHERE + 1, 7)
    assert "25000000106" in batch.wanted
    assert "25000000006" not in batch.wanted
    assert run(stage).left_out == 7


def test_no_more_than_a_share_is_held_at_once() -> None:
    stage = Stage()
    count = MOST_TOGETHER + 5
    stage.version()
    stage.later(HOUR)
    row = next(one for one in stage.rows() if one.audience == "victim")
    rows = [replace(row, notification_id=f"n{number}", reference=f"25{number:09d}") for number in range(count)]
    batches = list(reading(stage).batches(rows))
    assert [len(batch.rows) for batch in batches] == [MOST_TOGETHER, 5]
    assert sorted(one.notification_id for batch in batches for one in batch.rows) == sorted(one.notification_id for one in rows)


def test_nothing_is_read_of_nothing() -> None:
    assert list(reading(Stage()).batches([])) == []

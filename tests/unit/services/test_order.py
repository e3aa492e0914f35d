"""Whatever the order in which versions arrive, and however often: the same rows, and later the same messages.

Must not run or sweep between the versions: what left already cannot depend on what comes later.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.messages import Template
from tests.unit.services.record_strategies import REFERENCES, Told, histories, modest
from tests.unit.services.stage import DAY, Stage


def rows(stage: Stage) -> dict[str, Any]:
    """Everything that is stored, audit, revision, archive and what was announced on the way apart."""
    cases = stage.world.cases
    return {
        "heads": {key: replace(head, revision=0) for key, head in cases.heads.items()},
        "parts": cases.parts,
        "notifications": {key: row for key, row in cases.rows.items() if row.template is not Template.OUT},
        "obligations": cases.owed,
        "agreements": cases.agreements,
        "points": {
            key: ({ref for ref, _ in row.named}, {ref for ref, _ in row.specialist}, {ref for ref, _ in row.do_not_contact}, row.closed)
            for key, row in cases.points.items()
        },
    }


def assert_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    for name in one:
        assert one[name].keys() == other[name].keys(), name
        for key in one[name]:
            assert one[name][key] == other[name][key], name


def played(messages: list[Told]) -> Stage:
    stage = Stage()
    for message in messages:
        assert stage.put(message.record) in ("recorded", "duplicate", "stale")
    return stage


def messages_of(stage: Stage) -> list[tuple[str, str | None, str, str, str]]:
    return sorted((item.reference, item.victim_id, item.template, item.channel, item.to) for item in stage.left)


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[Told], list[Told]]:
    """Versions in order, and the same in any order with repetitions."""
    history = draw(histories())
    other = draw(st.one_of(st.just([]), histories(2, REFERENCES[1])))
    shuffled = draw(st.permutations(history + other))
    again = draw(st.lists(st.tuples(st.sampled_from(shuffled), st.integers(0, 9)), max_size=3))
    for message, place in again:
        shuffled.insert(place, message)
    return history + other, shuffled


PLAIN, BY_LETTER = ("V1", {}), ("V1", {"preferred_channel": "letter"})
SPECIALIST, CLEAR = (Told(REFERENCES[0], 1, {"restricted": True}, (PLAIN,)), Told(REFERENCES[0], 2, {}, (PLAIN,)))
OTHERWISE = Told(REFERENCES[0], 3, {}, (BY_LETTER,))


@modest(80)
@example(([SPECIALIST, CLEAR, OTHERWISE], [OTHERWISE, CLEAR, SPECIALIST]))
@given(orders())
def test_every_order_ends_in_the_same_rows_and_the_same_messages(drawn: tuple[list[Told], list[Told]]) -> None:
    straight, shuffled = played(drawn[0]), played(drawn[1])
    assert_same(rows(straight), rows(shuffled))
    for stage in (straight, shuffled):
        stage.run()
        stage.later(2 * DAY)
    assert messages_of(straight) == messages_of(shuffled)
    assert straight.leaks() == shuffled.leaks() == []


@modest(40)
@given(histories(3), st.data())
def test_replaying_any_beginning_changes_nothing(history: list[Told], data: st.DataObject) -> None:
    stage = played(history)
    before = rows(stage)
    for _ in range(2):
        for message in history[: data.draw(st.integers(0, len(history)))]:
            stage.put(message.record)
    assert_same(before, rows(stage))

"""What holds under every combination and order of versions, other records of the same people, clocks, failures, receipts and releases.

The independent leak check judges what left; beside it a direct reading by the routing rules over what was known at that second. Must not
reach into the rows before the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import PermanentSendError, TransientSendError, UnknownOutcomeError
from tests.fake_calls import Crash
from tests.unit.services.direct_reading import forbidden
from tests.unit.services.invariants import assert_all_well, settle
from tests.unit.services.record_strategies import IDS, REFERENCES, modest, versions
from tests.unit.services.stage import Stage, due

SECOND = timedelta(seconds=1)
ERRORS = (TransientSendError("Throttling"), UnknownOutcomeError("timeout"), PermanentSendError("Rejected", dead_address=True))
RECEIPTS = (State.SENT, State.DELIVERED, State.BOUNCED, State.COMPLAINED)
Step = tuple[str, Any]

step: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("put"), st.tuples(st.integers(1, 4), st.sampled_from(REFERENCES)).flatmap(lambda one: versions(*one))),
    st.tuples(st.just("put"), st.integers(1, 4).flatmap(versions)),
    st.tuples(st.just("later"), st.sampled_from((1, 30, 31, 60, 600, 1441))),
    st.tuples(st.just("one"), st.integers(0, 9)),
    st.tuples(st.just("fail"), st.tuples(st.sampled_from(ERRORS), st.sampled_from(("before", "after")))),
    st.tuples(st.just("receipt"), st.tuples(st.integers(0, 9), st.sampled_from(RECEIPTS))),
    st.tuples(st.just("release"), st.tuples(st.sampled_from(IDS), st.sampled_from(REFERENCES[:2]))),
    st.tuples(st.just("broken"), st.integers(1, 4)),
    st.tuples(st.just("again"), st.integers(0, 9)),
    st.tuples(st.just("die"), st.integers(1, 25)),
)  # fmt: skip


@st.composite
def courses(draw: st.DrawFn) -> list[Step]:
    """A few records, of which some are told, and then anything."""
    first = [("put", draw(versions(draw(st.integers(1, 2)), reference))) for reference in REFERENCES[: draw(st.integers(1, 3))]]
    wait = [("later", draw(st.sampled_from((1, 31, 1441))))]
    return first + wait + draw(st.lists(step, min_size=1, max_size=12))


def _put(stage: Stage, told: Any) -> None:
    stage.put(told.record)


def _later(stage: Stage, minutes: int) -> None:
    stage.later(timedelta(minutes=minutes))


def _one(stage: Stage, index: int) -> None:
    if keys := sorted(stage.world.cases.rows):
        stage.one(keys[index % len(keys)])


def _fail(stage: Stage, how: tuple[Exception, str]) -> None:
    error, when = how
    # A provider that refuses did not accept; one that was not heard may have.
    stage.world.calls.fail("email.send", error, when="after" if when == "after" and isinstance(error, UnknownOutcomeError) else "before")


def _receipt(stage: Stage, which: tuple[int, State]) -> None:
    if stage.left:
        stage.receive(stage.row(stage.left[which[0] % len(stage.left)].notification_id), which[1], permanent=which[1] is State.BOUNCED)


def _release(stage: Stage, whom: tuple[str, str]) -> None:
    stage.release(whom[0], reference=whom[1])


def _broken(stage: Stage, version: int) -> None:
    stage.version(version, source="carrier pigeon")


def _again(stage: Stage, index: int) -> None:
    if stage.known:
        stage.put(stage.known[index % len(stage.known)]["record"])


def _die(stage: Stage, calls: int) -> None:
    """The process dies that many calls later; whatever it did then is delivered again."""

    def on_call(_name: str, when: str) -> None:
        nonlocal calls
        calls -= when == "before"
        if calls == 0:
            stage.world.calls.on_call = None
            raise Crash

    stage.world.calls.on_call = on_call


STEPS: dict[str, Callable[[Stage, Any], None]] = {
    "put": _put,
    "later": _later,
    "one": _one,
    "fail": _fail,
    "receipt": _receipt,
    "release": _release,
    "broken": _broken,
    "again": _again,
    "die": _die,
}


Table = Mapping[str, Callable[[Stage, Any], None]]


def played(steps: list[Step], table: Table = STEPS, missed: tuple[type[Exception], ...] = ()) -> Stage:
    """A course of steps, a second apart. What dies is done again; what raises one of `missed` was not done, and stays so."""
    stage = Stage()
    for name, what in steps:
        stage.world.clock.advance(SECOND)
        try:
            table[name](stage, what)
        except Crash:
            table[name](stage, 0 if name == "later" else what)
        except missed:
            continue
    stage.world.calls.on_call = None
    return stage


@modest(60)
@given(courses())
def test_nobody_specialist_or_held_is_told_anything_and_nothing_is_lost(steps: list[Step]) -> None:
    stage = played(steps)
    assert stage.leaks() == []
    settle(stage)
    assert_all_well(stage)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"version": 2, "restricted": True}, "26000712345 V1: restricted"),
        ({"version": 2, "victims": []}, "26000712345 V1: not in the newest version"),
        ({"reference": REFERENCES[1], "restricted": True}, f"26000712345 V1: specialist in {REFERENCES[1]}"),
    ],
)
def test_the_direct_reading_sees_a_message_that_left_too_late(facts: dict[str, Any], why: str) -> None:
    stage = due()
    stage.sweep()
    assert list(forbidden(stage)) == []
    stage.later(timedelta(minutes=1))
    stage.version(**facts)
    stage.left = [replace(item, at=stage.now) for item in stage.left]
    assert list(forbidden(stage)) == [why, why]

"""A named person moves the clock of a stage that is tried out: from the real time, whatever it was moved by before, and in the log."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.errors import StoreUnavailable
from chalicelib.services.move_clock import MoveClock
from tests.builders import NOW
from tests.fake_calls import Calls
from tests.fake_operations import FakeClockOffset
from tests.fake_store import FakeCases

DAY = timedelta(days=1)


def test_it_stands_where_it_was_set_whatever_it_was_moved_by_before() -> None:
    calls = Calls()
    offset, cases = FakeClockOffset(calls), FakeCases(calls)
    moving = MoveClock(offset, cases)
    moving.move(moving.by(NOW + 10 * DAY, NOW), "7001", "Ten days on", NOW)
    assert moving.offset() == 10 * DAY
    then = NOW + 10 * DAY
    moving.move(moving.by(NOW + 3 * DAY, then), "7001", "Back", then)
    assert moving.offset() == 3 * DAY
    moving.move(moving.by(None, NOW + 3 * DAY), "7001", "Done", NOW + 3 * DAY)
    assert moving.offset() == timedelta()
    lines = [(entry.reference, entry.op, entry.actor, entry.detail) for entry in cases.audit.values()]
    assert lines == [
        ("operations", "clock_moved", "7001", "864000 seconds from the real time: Ten days on"),
        ("operations", "clock_moved", "7001", "259200 seconds from the real time: Back"),
        ("operations", "clock_moved", "7001", "0 seconds from the real time: Done"),
    ]


def test_what_cannot_be_logged_does_not_move_it() -> None:
    calls = Calls()
    offset = FakeClockOffset(calls)
    calls.fail("cases.commit", StoreUnavailable("commit"))
    with pytest.raises(StoreUnavailable):
        MoveClock(offset, FakeCases(calls)).move(DAY, "7001", "x", NOW)
    assert offset.stands == timedelta()

"""What every clock and calendar does, and how the offset clock moves.

Must not wait: a real clock is only asked twice.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.adapters.calendar import ShippedCalendar
from chalicelib.adapters.clock import SystemClock
from chalicelib.adapters.offset_clock import DynamoClockOffset, OffsetClock
from chalicelib.adapters.tables import ControlRow
from chalicelib.domain.errors import StoreUnavailable
from tests.contract.stores import EVERY, local_cloud, store
from tests.fake_calls import Calls
from tests.fake_operations import FakeClockOffset
from tests.fakes import FakeCalendar, FakeClock

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("clock", [FakeClock(), SystemClock(), OffsetClock()])
def test_a_clock_says_utc_in_whole_seconds_and_never_goes_back(clock):
    first, second = clock.now(), clock.now()
    assert first.utcoffset() == timedelta(0)
    assert first.microsecond == second.microsecond == 0
    assert first <= second


@pytest.mark.parametrize("calendar", [FakeCalendar(), ShippedCalendar()])
def test_a_calendar_knows_christmas(calendar):
    days = calendar.bank_holidays()
    assert date(2026, 12, 25) in days
    assert all(type(day) is date and day.weekday() < 5 for day in days)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 12, 28),  # Boxing Day, a Saturday, moved
        date(2027, 1, 1),
        date(2027, 3, 26),  # Good Friday
        date(2027, 3, 29),  # Easter Monday
        date(2022, 9, 19),  # the late Queen's funeral
    ],
)
def test_the_shipped_calendar_is_that_of_england_and_wales(day):
    days = ShippedCalendar().bank_holidays()
    assert day in days
    assert date(2026, 11, 30) not in days  # Saint Andrew's Day: Scotland
    assert date(2027, 3, 17) not in days  # Saint Patrick's Day: Northern Ireland


def test_the_shipped_calendar_reaches_through_next_year():
    """Fails while there is still a year to fetch newer data from https://www.gov.uk/bank-holidays.json."""
    next_year = datetime.now(UTC).year + 1
    days = [day for day in ShippedCalendar().bank_holidays() if day.year == next_year]
    assert len(days) >= 8


@pytest.mark.parametrize("kind", ["moto", "local"])
@pytest.mark.parametrize("seconds", [0, 86400 * 90, -3600, 0.5])
def test_the_offset_clock_moves_when_it_is_refreshed(kind, seconds):
    with store(kind):
        clock = OffsetClock(FakeClock(NOON))
        clock.refresh()
        assert clock.now() == NOON
        ControlRow("clock", offset_seconds=seconds).save()
        assert clock.now() == NOON
        clock.refresh()
        assert clock.now() == NOON + timedelta(seconds=int(seconds))


@pytest.mark.parametrize("kind", EVERY)
def test_an_offset_is_kept_in_whole_seconds_and_moves_every_clock_that_is_asked_next(kind):
    with store(kind):
        offset = FakeClockOffset(Calls()) if kind == "fake" else DynamoClockOffset()
        assert offset.read() == timedelta()
        for days in (90, -1, 0):
            offset.write(timedelta(days=days, milliseconds=700))
            assert offset.read() == timedelta(seconds=int(timedelta(days=days, milliseconds=700).total_seconds()))
            if kind != "fake":
                clock = OffsetClock(FakeClock(NOON))
                clock.refresh()
                assert clock.now() == NOON + offset.read()


def test_an_offset_that_cannot_be_read_gives_the_work_back():
    with store("local"), local_cloud() as cloud:  # emptied again: no table
        assert cloud.cloud.accepted == []
        with pytest.raises(StoreUnavailable, match="clock: ResourceNotFoundException"):
            OffsetClock(FakeClock(NOON)).refresh()

"""The clock of the console: a day's jump, a date that is typed, and presses that must not count twice.

Must not time the machine: a clock that was moved ticks on, and a move takes as long as it takes.
"""

import math
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

LONDON = ZoneInfo("Europe/London")


def clock(machine):
    """The simulated time, and by how many seconds it is ahead of the real one."""
    told = machine.call("/local/clock")[1]
    return datetime.fromisoformat(told["clock"]), told["offset_seconds"]


def assert_moved(machine, before, target):
    """The clock is at `target` or later, by an offset that leads no further: real time that goes by makes it smaller."""
    (then, offset_then), (now, offset_now) = before, clock(machine)
    assert now >= target
    assert offset_now - offset_then <= math.ceil((target - then).total_seconds())


def test_a_days_jump(window, machine):
    reference = window.send("Text message preferred")
    before = clock(machine)
    window.go("/local/time")
    waiting = window.page.get_by_role("row").filter(has=window.page.get_by_role("link", name=reference))
    expect(waiting.filter(has_text="Acknowledgement to victim by text message")).to_have_count(1)
    window.let_pass("1 day")
    assert_moved(machine, before, before[0] + timedelta(days=1))
    window.says(re.compile(r"messages? left while the clock moved from"))
    window.page.get_by_text("What left", exact=True).click()
    window.says(reference)
    window.accessible("the clock after a move")
    window.picture("time-moved")


def test_on_to_the_morning(window, machine):
    # From one morning on to the next: no hour strikes between our look at the clock and the press.
    window.let_pass("08:00")
    before = clock(machine)
    local = before[0].astimezone(LONDON)
    assert local.hour >= 8
    morning = local.replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=1)
    window.let_pass("08:00")
    assert_moved(machine, before, morning.astimezone(UTC))
    window.says(f"to {morning:%a %d %b %Y} ")


def test_a_date_and_time_are_londons(window, machine):
    # The last summer: to an earlier time there are no steps, while on the way to the next one somebody is reminded every morning.
    before = clock(machine)
    summer = before[0].year - (before[0].month <= 7)
    page = window.go("/local/time")
    page.get_by_label("Or set it to a date and time").fill(f"{summer}-07-01T09:30")
    with page.expect_navigation():
        page.get_by_role("button", name="Set the clock").click(no_wait_after=True)
    assert_moved(machine, before, datetime(summer, 7, 1, 8, 30, tzinfo=UTC))


def test_a_date_that_is_none_is_said(window, machine):
    window.expected = {400}
    before = machine.call("/local/clock")[1]["offset_seconds"]
    for typed, told in (("", "Enter a date and time"), ("2099-01-01T00:00", "within three years")):
        page = window.go("/local/time")
        page.get_by_label("Or set it to a date and time").fill(typed)
        page.get_by_role("button", name="Set the clock").click()
        expect(page.get_by_role("alert")).to_contain_text(told)
        window.accessible("the clock with an error")
    assert machine.call("/local/clock")[1]["offset_seconds"] == before


def test_pressing_twice_moves_once(window, machine):
    before = clock(machine)
    page = window.go("/local/time")
    page.get_by_role("button", name="1 hour").dblclick(no_wait_after=True)  # the second press may abort the first's navigation
    page.wait_for_url(re.compile("#moved$"))
    assert_moved(machine, before, before[0] + timedelta(hours=1))


def test_a_page_that_is_out_of_date_moves_nothing(window, machine):
    window.expected = {409}
    page = window.go("/local/time")
    machine.advance("PT2H")
    before = machine.call("/local/clock")[1]["offset_seconds"]
    page.get_by_role("button", name="1 hour").click()
    expect(page.get_by_role("alert")).to_contain_text("was moved meanwhile")
    assert machine.call("/local/clock")[1]["offset_seconds"] == before

"""The clock of the console: a day's jump, a date that is typed, and presses that must not count twice."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import expect


def clock(machine):
    return datetime.fromisoformat(machine.call("/local/clock")[1]["clock"])


def test_a_days_jump(window, machine):
    reference = window.send("Text message preferred")
    before = clock(machine)
    window.go("/local/time")
    waiting = window.page.get_by_role("row").filter(has=window.page.get_by_role("link", name=reference))
    expect(waiting.filter(has_text="Acknowledgement to victim by text message")).to_have_count(1)
    window.let_pass("1 day")
    assert timedelta(days=1) <= clock(machine) - before < timedelta(days=1, minutes=2)
    window.says(re.compile(r"messages? left while the clock moved from"))
    window.page.get_by_text("What left", exact=True).click()
    window.says(reference)
    window.accessible("the clock after a move")
    window.picture("time-moved")


def test_on_to_the_morning(window, machine):
    window.let_pass("08:00")
    expect(window.page.locator("main")).to_contain_text(re.compile(r"to \w+ \d+ \w+ \d+ 08:00:0\d"))


def test_a_date_and_time_are_londons(window, machine):
    now = clock(machine)
    summer = now.year + (now.month >= 7)
    page = window.go("/local/time")
    page.get_by_label("Or set it to a date and time").fill(f"{summer}-07-01T09:30")
    with page.expect_navigation():
        page.get_by_role("button", name="Set the clock").click(no_wait_after=True)
    assert clock(machine).isoformat().startswith(f"{summer}-07-01T08:30:")


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
    with page.expect_navigation():
        page.get_by_role("button", name="1 hour").dblclick(no_wait_after=True)
    page.wait_for_url(re.compile("#moved$"))
    assert clock(machine) - before < timedelta(hours=1, minutes=2)


def test_a_page_that_is_out_of_date_moves_nothing(window, machine):
    window.expected = {409}
    page = window.go("/local/time")
    machine.advance("PT2H")
    before = machine.call("/local/clock")[1]["offset_seconds"]
    page.get_by_role("button", name="1 hour").click()
    expect(page.get_by_role("alert")).to_contain_text("was moved meanwhile")
    assert machine.call("/local/clock")[1]["offset_seconds"] == before

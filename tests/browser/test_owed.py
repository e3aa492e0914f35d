"""What is owed, in the browser: reminder, digest and escalation as time passes, and a case that is played on by its buttons.

Must not know an obligation's id or a day of the calendar: which day it is when the tests run is anybody's guess.
"""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def late(visit_once):
    """The reference of a case whose agreed update nobody gave in ten days."""
    reference = visit_once.send("An agreed update")
    visit_once.let_pass("10 days")
    return reference


def line_of(page, reference, group):
    """The lines about an occurrence under a heading of the page of what is owed."""
    return page.locator(f"h2#{group} + ul > li").filter(has=page.get_by_role("link", name=reference, exact=True))


def entry(page, title):
    return page.locator("ol.story").first.get_by_role("listitem").filter(has=page.get_by_text(title, exact=True))


def test_what_is_late_says_who_was_reminded_and_who_heard_of_it(window, late):
    page = window.go("/local/owed?kind=update")
    line = line_of(page, late, "late")
    expect(line).to_contain_text("Update to the victim, to victim V1")
    expect(line).to_contain_text(re.compile(r"\d days late: was due by the end of"))
    expect(line).to_contain_text("Reminded: officer 2351. Escalated to the supervisor and then the inspector.")
    window.accessible("what is owed")
    window.picture("owed-late")
    line.get_by_role("link", name=late).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Occurrence {late}")


def test_its_story_tells_reminders_deadline_and_every_rank(window, late):
    page = window.case(late)
    for title in ("Updates agreed, as the record says", "Deadline passed", "Escalated to supervisor 1890", "Escalated to the inspector"):
        expect(entry(page, title)).to_have_count(1)
    reminders = entry(page, "Reminder to officer 2351")
    expect(reminders.first).to_contain_text("Update to the victim, victim V1: due in 2 days.")
    expect(reminders.last).to_contain_text(re.compile(r"The same again on \d+ more days, until"))
    expect(entry(page, "Told to the records system").first).to_be_visible()
    expect(page.get_by_role("region", name="Messages").get_by_role("row").filter(has_text="Reminder")).to_have_count(0)
    window.accessible("the story of a late update")
    window.picture("story-late")


def test_a_reminder_is_read_as_its_reader_sees_it_and_leads_to_the_cases_it_names(window, late):
    page = window.case(late)
    entry(page, "Escalated to the inspector").get_by_role("link", name="As its reader sees it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reminder to the inspector by e-mail")
    expect(page.frame_locator("iframe").first.locator("body")).to_contain_text(late)
    window.accessible("a reminder")
    window.picture("reminder")
    page.get_by_role("main").get_by_role("link", name=late).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Occurrence {late}")


def test_it_is_narrowed_by_officer_and_kind(window, late):
    page = window.go("/local/owed")
    page.get_by_label("Officer in the case").fill("2351")
    page.get_by_label("What", exact=True).select_option("Update to the victim")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"officer=2351&kind=update$"))
    expect(line_of(page, late, "late")).to_have_count(1)
    expect(page.get_by_role("table").get_by_role("caption")).to_have_text("Where officer 2351 is in the case")
    page.get_by_label("Officer in the case").fill("no such <b>")
    page.get_by_role("button", name="Show").click()
    window.says("Nothing of this.")
    window.accessible("nothing owed")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_case_is_played_on_by_its_buttons(visit, scripts):
    window = visit(java_script_enabled=scripts)
    reference = window.send("An agreed update")
    page = window.case(reference)
    press(page, "Rang, and nobody answered")
    expect(entry(page, "Contact by telephone: no answer, by 2351")).to_contain_text("stops nothing")
    press(page, "Spoke to the victim: an update")
    expect(entry(page, "Contact by telephone: spoke to the victim, by 2351")).to_contain_text("Covers an update.")
    expect(entry(page, "Met")).to_contain_text("Update to the victim, by contact by telephone: spoke to the victim, by 2351.")
    press(page, "The victim wants an update every 14 days by text message")
    expect(page.get_by_role("definition").filter(has_text="Every 14 days, by text message")).to_have_count(1)
    press(page, "The victim wants no updates")
    expect(page.get_by_role("definition").filter(has_text="No updates wanted ended")).to_have_count(1)
    page = window.go("/local/owed?kind=update")
    expect(line_of(page, reference, "met")).to_have_count(1)


def press(page, button):
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click(no_wait_after=True)


def test_a_task_is_picked_up_and_done(window):
    reference = window.send("Domestic abuse")
    page = window.case(reference)
    press(page, "The task was picked up")
    window.says("Picked up")
    press(page, "The task was done")
    expect(entry(page, "Met")).to_contain_text("look after a specialist case, by task done, by 2345")
    expect(page.get_by_role("button", name="The task was done")).to_have_count(0)


def test_the_form_of_events_says_what_it_cannot_send(window, late):
    window.expected = {400}
    page = window.go("/local/examples")
    for typed, victim, event, told in (
        ("26*999999999", "", "Rang, and nobody answered", "Enter the reference of a case that is recorded."),
        (late, "V9", "Rang, and nobody answered", "The case has no such victim."),
        (late, "", "The task was done", "That case has no open task."),
    ):
        page.get_by_label("Reference of the case").fill(typed)
        page.get_by_label("Victim", exact=True).fill(victim)
        page.get_by_label("What happened").select_option(event)
        page.get_by_role("button", name="Send the event").click()
        expect(page.get_by_role("alert")).to_contain_text(told)
        expect(page.get_by_label("Reference of the case")).to_have_value(typed)
        window.accessible("the form of events with an error")


def test_the_clock_goes_to_the_next_reminder(window):
    window.send("An agreed update")
    window.let_pass("to the next reminder")
    window.says("07:00:0")
    window.go("/local/")
    window.says("Reminders that left")
    window.accessible("the flow with reminders")

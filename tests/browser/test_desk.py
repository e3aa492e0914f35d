"""The desk of a signed-in officer for every reader: signing in on this machine, away, a case handed over, a message given.

Must not judge who may do what: tests/unit/services and tests/integration/test_desk_page.py do.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_for_everybody import DEVICES
from tests.browser.visit import Visit
from tests.builders import body, occurrence_record, officer_record, victim
from tests.e2e.local_machine import Running

QUESTION = "When will somebody call me about the window?"
REFERENCES = {"phone": "26000812345", "desktop": "26000812346", "keyboard": "26000812347"}


@pytest.fixture(scope="module", autouse=True)
def people(machine: Running) -> None:
    for collar, name, supervisor in (("3345", "PC Sam Ash", "3890"), ("3351", "PC Robin Cole", "3890"), ("3890", "Sgt Jo Reed", None)):
        entry = {"name": name, "email": f"{collar}@example.test", "supervisor": supervisor, "absent_from": None, "absent_until": None}
        machine.send_record(body(officer_record(collar_number=collar, **entry)))
    for reference in REFERENCES.values():
        machine.send_record(body(occurrence_record(reference=reference, victims=[victim()], officer={"collar_number": "3345"})))
    machine.drain()


def write(window: Visit, reference: str) -> None:
    page = window.go("/contact-officer")
    page.get_by_label("Officer’s collar number").fill("3345")
    page.get_by_label("Crime or incident number").fill(reference)
    page.get_by_label("Your name").fill("Kim Field")
    page.get_by_label("Your message to the officer").fill(QUESTION)
    page.get_by_role("button", name="Send message").click()
    page.wait_for_url("**/contact-officer/sent")
    window.machine.drain()


def sign_in(window: Visit, name: str) -> Page:
    page = window.go("/desk")
    expect(page.get_by_role("heading", name="Sign in, local only")).to_be_visible()
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/desk")
    return page


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
@pytest.mark.parametrize("device", DEVICES)
def test_away_handed_over_and_given(visit, device, scripts, machine):
    """Without ours, that is: axe is a script itself."""
    reference = REFERENCES[device]
    window: Visit = visit(viewport=DEVICES[device])
    window.expected = {404, 422}
    if not scripts:
        window.page.route("**/assets/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))

    def look(name: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        window.picture(f"desk-{name}-{device}-{'scripts' if scripts else 'none'}")
        window.accessible(f"{name}, {device}, scripts {scripts}")

    def press(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).click()

    if scripts:
        write(window, reference)
    page = window.go("/desk")
    look("choose")
    page = sign_in(window, "PC Sam Ash (3345)")
    look("desk")
    page.get_by_label("Cover: collar number (optional)").fill("9999")
    press("Save absence")
    expect(page).to_have_title("Error: Page from Derbyshire Police")
    look("errors")
    page.get_by_label("Cover: collar number (optional)").fill("3351")
    press("Save absence")
    window.says("The absence is saved")
    window.says("You are away. Your cover is 3351.")
    look("away")
    press("Back on duty")
    window.says("The officer is back on duty")
    if not scripts:
        return
    page.get_by_label("Crime or incident number").fill(f"26*{reference[5:]}")
    press("Open case")
    window.says(QUESTION)
    look("case")
    press("Hand over")
    look("case-errors")
    page.get_by_label("Give it to another officer").fill("3351")
    press("Give message to officer")
    window.says("The message is with the other officer now")
    window.go(f"/desk/case/{reference}").get_by_label("New officer").fill("3351")
    press("Hand over")
    window.says("The case is handed over")
    window.go(f"/desk/case/{reference}")
    window.says("There is no such page")
    window.go("/desk")
    press("Sign out")
    window.says("You are signed out")
    look("signed-out")
    machine.drain()
    told = [(m["message"], m["to"]) for m in machine.outbox() if m["to"] == "3351@example.test" and reference in m["text"]]
    assert {message for message, _ in told} == {"contact_message", "digest"}


def test_in_a_browser_that_runs_no_scripts_and_by_keyboard_alone(visit):
    window: Visit = visit(java_script_enabled=False)
    window.expected = {404}
    page = sign_in(window, "PC Sam Ash (3345)")
    page.get_by_label("Crime or incident number").focus()
    page.keyboard.type(REFERENCES["keyboard"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/case/*")
    page.get_by_label("New officer").focus()
    page.keyboard.type("3351")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk?done=handed")
    window.says("The case is handed over")


def test_a_form_of_a_session_that_is_over_is_told_and_leads_back_to_the_sign_in(window):
    window.expected = {403}
    page = sign_in(window, "PC Robin Cole (3351)")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save absence").click()
    window.says("What you sent was not taken")
    window.accessible("session over")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Sign in, local only")).to_be_visible()


def test_a_session_leaves_one_cookie_that_no_script_reads_and_nothing_after_it(window):
    page = sign_in(window, "PC Robin Cole (3351)")
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("ki-session", True, "Lax")
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.get_by_role("button", name="Sign out").click()
    window.says("You are signed out")
    assert page.context.cookies() == []
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in, local only")).to_be_visible()

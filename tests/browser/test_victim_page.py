"""The victim's own page for every reader: phone and desktop, with and without scripts, by keyboard alone, every state and mistake.

Must not judge what follows from a change: tests/e2e/test_victim_page.py reads the outbox.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_for_everybody import DEVICES, tab_to
from tests.browser.visit import Visit, enter
from tests.e2e.customer import Customer, Record, new_mobile, on_victim, stamp
from tests.e2e.victim_events import event
from tests.e2e.victim_visits import link_in, newest_code

CHANGES = {
    "referral": "Say no",
    "details": "Ask the officer to speak to me",
    "stop": "Send me no more messages",
    "review": "Ask for a review",
}


@pytest.fixture
def customer(machine) -> Customer:
    return Customer(machine)


@pytest.fixture
def told(customer: Customer) -> tuple[Record, str]:
    """A case whose victim was written to, and may ask for a review; the path of the last link."""
    record = customer.record(on_victim(mobile=new_mobile()))
    customer.told(record)
    customer.until_daytime_after(1)
    decision = {
        "type": "not_prosecuted", "happened_at": stamp(customer.now()), "reason": "There is not enough to show a court.",
        "suspect_interviewed": True, "all_suspects_and_charges": True, "charged_other_offence": False, "victim_supports": True,
        "decided_by": "police",
    }  # fmt: skip
    customer.told(event(customer, "investigation_event", record, **decision))
    customer.until_daytime_after(24 * 4)
    return record, [link_in(m) for m in customer.delivered(record, "victim") if link_in(m)][-1]


def send(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def come_in(window: Visit, customer: Customer, record: Record, path: str) -> Page:
    page = window.go(path)
    send(page, "Send me a code")
    page.wait_for_url("**/code")
    page.get_by_label("Your code").fill(newest_code(customer, record)[0])
    send(page, "Continue")
    page.wait_for_url("**/page")
    return page


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
@pytest.mark.parametrize("device", DEVICES)
def test_every_state_for_every_reader(visit, customer, told, device, scripts):
    """Without ours, that is: axe is a script itself. A browser that runs none at all is below."""
    record, path = told
    window = visit(viewport=DEVICES[device])
    window.expected = {403, 404, 422}
    if not scripts:
        window.page.route("**/assets/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))

    def look(name: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("button", name="Exit this page")).to_be_in_viewport()
        assert re.fullmatch("(Error: )?Page from Derbyshire Police", page.title())
        window.picture(f"case-{name}-{device}-{'scripts' if scripts else 'none'}")
        window.accessible(f"{name}, {device}, scripts {scripts}")

    page = window.go("/case/nonsense")
    look("closed")
    window.go("/case")
    look("letter")
    send(page, "Continue")
    look("letter-errors")
    window.go(f"{path}/page")
    look("no-code")
    window.go(path)
    look("start")
    send(page, "Send me a code")
    page.wait_for_url("**/code")
    look("code")
    page.get_by_label("Your code").fill("x")
    send(page, "Continue")
    expect(page).to_have_title("Error: Page from Derbyshire Police")
    look("code-wrong")
    page.get_by_label("Your code").fill(newest_code(customer, record)[0])
    send(page, "Continue")
    page.wait_for_url("**/page")
    page.get_by_text("The 12 rights of the Victims’ Code").click()
    look("page")
    page.get_by_role("link", name="Change how often").click()
    look("updates")
    send(page, "Change it")
    look("updates-errors")
    page.get_by_role("link", name="Choose how we contact you").click()
    page.get_by_label("Every 28 days").check()
    page.get_by_label("By text message").check()
    send(page, "Change it")
    page.wait_for_url("**/done/updates")
    look("updates-done")
    for act, button in CHANGES.items():
        window.go(f"{path}/change/{act}")
        look(act)
        send(page, button)
        page.wait_for_url(f"**/done/{act}")
        look(f"{act}-done")
    page.get_by_role("link", name="Back to your page").click()
    look("page-after")
    window.expected.add(409)
    send(page, "Close my page")
    page.wait_for_url("**/safety")
    window.go(f"{path}/page")
    look("closed-by-them")


def test_in_a_browser_that_runs_no_scripts(visit, customer, told):
    record, path = told
    window = visit(viewport=DEVICES["phone"], java_script_enabled=False)
    page = come_in(window, customer, record, path)
    page.get_by_role("link", name="Tell us that your contact details are wrong").click()
    send(page, "Ask the officer to speak to me")
    expect(page.get_by_role("heading", level=1)).to_have_text("An officer will speak to you")
    page.get_by_role("link", name="Back to your page").click()
    window.says("An officer will speak to you about it")


def test_by_keyboard_alone(window, customer, told):
    record, path = told
    page = window.go(path)
    tab_to(page, page.get_by_role("button", name="Send me a code"))
    enter(page)
    page.wait_for_url("**/code")
    tab_to(page, page.get_by_label("Your code"))
    page.keyboard.type(newest_code(customer, record)[0])
    enter(page)
    page.wait_for_url("**/page")
    tab_to(page, page.get_by_role("link", name="Change how often"))
    enter(page)
    tab_to(page, page.get_by_label("Every 7 days"))
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Change it"))
    enter(page)
    page.wait_for_url("**/done/updates")
    window.says("every 7 days")


def test_what_is_kept_and_that_leaving_leaves_the_page(window, customer, told):
    record, path = told
    page = come_in(window, customer, record, path)
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"], cookie["expires"]) == (True, "Strict", "/case", -1)
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"))
    page.keyboard.press("Escape")
    page.wait_for_url("https://www.bbc.co.uk/**")
    page.go_back()
    assert "/page" not in page.url


def test_coming_back_after_leaving_needs_a_new_code(visit, customer, told):
    record, path = told
    window = visit()
    window.expected = {403}
    page = come_in(window, customer, record, path)
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"))
    with page.expect_navigation():
        page.get_by_role("link", name="Change how often").click()
    page.keyboard.press("Escape")
    page.wait_for_url("https://www.bbc.co.uk/**")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("You need a new code")
    assert page.context.cookies() == []


def test_a_page_that_is_open_shows_nothing_more_once_the_case_is_specialist(visit, customer, told):
    record, path = told
    window = visit()
    window.expected = {404}
    page = come_in(window, customer, record, path)
    person = record["occurrence"]["victims"][0]["person_ref"]
    customer.told(customer.record(on_victim(person_ref=person), lambda occurrence: occurrence["flags"].update(domestic_abuse=True)))
    page.get_by_role("link", name="Change how often").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Call 101")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Call 101")

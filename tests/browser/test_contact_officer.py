"""The page "Contact an officer" for every reader: phone and desktop, with and without scripts, by keyboard alone, mistakes included.

Must not judge who is told: tests/e2e/test_contact_officer.py reads the outbox.
"""

import itertools

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_for_everybody import DEVICES, tab_to

PAGE = "/contact-officer"
DANGER = "Please help, he is here now with a knife."
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def another_hour(machine):
    """All windows are one source, which may write ten times an hour."""
    machine.advance("PT1H")


def fill(page: Page, **values: str) -> None:
    typed = {
        "Officer’s collar number": "2345",
        "Crime or incident number": f"26*9{next(_numbers):05d}",
        "Your name": "Kim Field",
        "Email address (optional)": "kim.field@example.org",
        "Phone number (optional)": "07700 900123",
        "Is it safe to reply to you here, and when? (optional)": "Yes, after six.",
        "Your message to the officer": values.get("message", "When will somebody call me?"),
    }
    for label, value in typed.items():
        page.get_by_label(label).fill(value)


def shown(page: Page) -> set[str]:
    """Whatever stands in the fields that people fill in."""
    fields = page.locator("main input:not([type=hidden]), main textarea").all()
    return {field.input_value() for field in fields} - {""}


def send(page: Page) -> None:
    page.get_by_role("button", name="Send message").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
@pytest.mark.parametrize("device", DEVICES)
def test_every_state_for_every_reader(visit, device, scripts):
    """Without ours, that is: axe is a script itself. A browser that runs none at all is below."""
    window = visit(viewport=DEVICES[device])
    window.expected = {422}
    if not scripts:
        window.page.route("**/assets/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))

    def look(name: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("button", name="Exit this page")).to_be_in_viewport()
        expect(page.get_by_label("Leave this empty")).to_be_hidden()
        window.picture(f"contact-{name}-{device}-{'scripts' if scripts else 'none'}")
        window.accessible(f"{name}, {device}, scripts {scripts}")

    page = window.go(PAGE)
    look("form")
    send(page)
    expect(page).to_have_title("Error: Page from Derbyshire Police")
    look("errors")
    page.get_by_label("Your message to the officer").fill(DANGER)
    send(page)
    expect(page.get_by_role("heading", name="call 999 now")).to_be_visible()
    look("errors-in-danger")
    fill(page)
    send(page)
    page.wait_for_url("**/contact-officer/sent")
    look("sent")
    window.go(PAGE)
    fill(page, message=DANGER)
    send(page)
    page.wait_for_url("**/contact-officer/sent/emergency")
    expect(page.get_by_role("heading", name="call 999 now")).to_be_in_viewport()
    look("emergency")


@pytest.mark.parametrize("device", DEVICES)
def test_in_a_browser_that_runs_no_scripts(visit, device):
    window = visit(viewport=DEVICES[device], java_script_enabled=False)
    window.expected = {422}
    page = window.go(PAGE)
    fill(page, message="")
    send(page)
    page.get_by_role("link", name="Write your message").click()
    expect(page.get_by_label("Your message to the officer")).to_be_in_viewport()
    expect(page.get_by_label("Your name")).to_have_value("Kim Field")
    page.get_by_label("Your message to the officer").fill("Line one.\n\nLine two <b>.")
    page.get_by_label("Your name").fill("")
    send(page)
    expect(page.get_by_label("Your message to the officer")).to_have_value("Line one.\n\nLine two <b>.")
    page.get_by_label("Your name").fill("Kim Field")
    send(page)
    page.wait_for_url("**/contact-officer/sent")


def test_by_keyboard_alone(window):
    window.expected = {422}
    page = window.go(PAGE)
    tab_to(page, page.get_by_label("Officer’s collar number"))
    page.keyboard.type("2345")
    for text in (f"26*9{next(_numbers):05d}", "Kim Field", "", "", "", ""):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send message")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your message to the officer")).to_be_focused()
    page.keyboard.type("When will somebody call me?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contact-officer/sent")


def test_going_back_shows_no_message_and_nothing_is_kept(window):
    page = window.go(PAGE)
    fill(page)
    send(page)
    page.wait_for_url("**/contact-officer/sent")
    page.reload()
    window.says("We have your message")
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.go_back()
    page.wait_for_url("**/contact-officer")
    assert shown(page) == set()


def test_coming_back_after_leaving_shows_nothing_that_was_typed(window):
    page = window.go(PAGE)
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"))
    fill(page)
    send(page)
    page.wait_for_url("**/contact-officer/sent")
    page.keyboard.press("Escape")
    page.wait_for_url("https://www.bbc.co.uk/**")
    page.go_back()
    page.wait_for_url("**/contact-officer")
    assert shown(page) == set()


def test_without_scripts_the_message_is_not_shown_again(visit):
    page = visit(java_script_enabled=False).go(PAGE)
    fill(page)
    send(page)
    page.wait_for_url("**/contact-officer/sent")
    page.go_back()
    page.wait_for_url("**/contact-officer")
    assert page.get_by_label("Your message to the officer").input_value() == ""
    assert page.get_by_label("Is it safe to reply").input_value() == ""


def test_pressed_twice_is_pressed_once(window):
    posts: list[str] = []
    window.page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page = window.go(PAGE)
    fill(page)
    page.get_by_role("button", name="Send message").dblclick()
    page.wait_for_url("**/contact-officer/sent")
    assert len(posts) == 1


def test_text_twice_as_large_still_fits(visit):
    page = visit(viewport={"width": 320, "height": 256}).go(PAGE)
    page.evaluate(
        "for (const e of document.querySelectorAll('p, li, h1, h2, a, label, legend')) {"
        " e.style.lineHeight = '1.5'; e.style.letterSpacing = '0.12em'; e.style.wordSpacing = '0.16em' }"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320

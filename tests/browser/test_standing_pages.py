"""The standing pages and the gateway's own, for every reader: phone and desktop, with and without scripts, by keyboard alone, printed.

Must not judge what a page says beyond what a reader must find there.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_for_everybody import DEVICES, tab_to
from tests.browser.visit import enter

PAGES = {"safety": "/safety", "accessibility": "/accessibility", "privacy": "/privacy", "no such file": "/assets/nothing"}
PLAIN = "/there-is-no-such-page"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
@pytest.mark.parametrize("device", DEVICES)
def test_every_page_for_every_reader(visit, device, scripts):
    """Without ours, that is: axe is a script itself. A browser that runs none at all is below."""
    window = visit(viewport=DEVICES[device])
    window.expected = {404}
    if not scripts:
        window.page.route("**/assets/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    for name, path in (PAGES | {"no such page": PLAIN}).items():
        page = window.go(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("a.govuk-js-exit-this-page-button")).to_be_in_viewport()
        window.picture(f"pages-{name}-{device}-{'scripts' if scripts else 'none'}")
        window.accessible(f"{name}, {device}, scripts {scripts}")
        assert re.fullmatch("Page from (Derbyshire Police|the police)", page.title())


@pytest.mark.parametrize("device", DEVICES)
def test_every_page_in_a_browser_that_runs_no_scripts(visit, device):
    window = visit(viewport=DEVICES[device], java_script_enabled=False)
    window.expected = {404}
    for path in (*PAGES.values(), PLAIN):
        page = window.go(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("a.govuk-js-exit-this-page-button")).to_be_in_viewport()


@pytest.mark.parametrize("device", DEVICES)
def test_the_keys_are_spoken_of_only_where_they_work(visit, device):
    words = "press the Escape key, or press Shift 3 times"
    with_scripts = visit(viewport=DEVICES[device]).go("/safety")
    expect(with_scripts.get_by_text(words)).to_be_in_viewport()
    without = visit(viewport=DEVICES[device], java_script_enabled=False).go("/safety")
    expect(without.get_by_text(words)).to_be_hidden()
    expect(without.get_by_text("You can press the Escape key instead")).to_be_hidden()


def test_by_keyboard_alone(window):
    page = window.go("/safety")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Exit this page quickly")).to_be_focused()
    expect(page.get_by_role("link", name="Exit this page quickly")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    for name, address in (("Privacy", "/privacy"), ("Accessibility", "/accessibility"), ("Staying safe online", "/safety")):
        tab_to(page, page.get_by_role("contentinfo").get_by_role("link", name=name))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        enter(page)
        assert page.url.endswith(address)


def test_the_button_stays_in_sight_and_covers_no_link_with_the_focus(visit):
    page = visit(viewport=DEVICES["phone"]).go("/safety")
    last = page.get_by_role("contentinfo").get_by_role("link").last
    last.scroll_into_view_if_needed()
    tab_to(page, page.get_by_role("contentinfo").get_by_role("link").first)
    expect(page.get_by_role("button", name="Exit this page")).to_be_in_viewport()
    focused = page.evaluate(
        "(() => { const r = document.activeElement.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2] })()"
    )
    on_top = page.evaluate("([x, y]) => document.elementFromPoint(x, y) === document.activeElement", focused)
    assert on_top


def test_nothing_is_kept_and_nothing_leaves(window, machine):
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    page = window.go("/safety")
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert asked
    assert all(address.startswith(machine.web_url) for address in asked)


def test_text_twice_as_large_still_fits(visit):
    """At 1280 pixels and 400 %, which is 320 pixels wide (WCAG 1.4.10), with the text spacing of 1.4.12."""
    page = visit(viewport={"width": 320, "height": 256}).go("/privacy")
    page.evaluate(
        "for (const e of document.querySelectorAll('p, li, h1, h2, a')) {"
        " e.style.lineHeight = '1.5'; e.style.letterSpacing = '0.12em'; e.style.wordSpacing = '0.16em' }"
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_page_of_the_console_is_not_one_of_these(window):
    window.go("/local/")
    expect(window.page.get_by_role("button", name="Exit this page")).to_have_count(0)

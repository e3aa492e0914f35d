"""Leaving quickly: by the button, Shift three times and Escape; at once, with no way back, and not while Escape belongs to something else.

The page that follows is never fetched: the test answers in its place.
"""

import pytest
from playwright.sync_api import Page, expect

AWAY = "https://www.bbc.co.uk/weather"
START = "/privacy"


@pytest.fixture
def leaving(visit):
    """Opens a page of ours after another one; what follows is answered here."""

    def open_page(path: str = "/safety", **options) -> Page:
        window = visit(**options)
        window.expected = {404}
        window.page.route(AWAY, lambda route: route.fulfill(body="<title>Weather</title><h1>Weather</h1>", content_type="text/html"))
        window.go(START)
        window.go(path)
        return window.page

    return open_page


def gone(page: Page) -> None:
    """The other page stands where ours stood in the history."""
    page.wait_for_url(AWAY)
    expect(page.get_by_role("heading", name="Weather")).to_be_visible()
    page.go_back()
    assert page.url.endswith(START), "the page that was left is not in the history any more"


def stays(page: Page, path: str = "/safety") -> None:
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    assert page.url.endswith(path)
    expect(page.locator("main")).to_be_visible()


def test_by_the_button(leaving):
    page = leaving()
    page.get_by_role("button", name="Exit this page").click()
    gone(page)


def test_by_the_link_that_the_keyboard_reaches_first(leaving):
    page = leaving()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    gone(page)


def test_by_shift_three_times(leaving):
    page = leaving()
    for _ in range(2):
        page.keyboard.press("Shift")
    stays(page)
    expect(page.get_by_role("status")).to_have_text("Shift, press 1 more time to exit.")
    page.keyboard.press("Shift")
    gone(page)


@pytest.mark.parametrize("path", ["/safety", "/assets/nothing", "/there-is-no-such-page"])
def test_by_escape(leaving, path):
    """Also on the page of an error, and on one that the gateway answers by itself."""
    page = leaving(path)
    page.keyboard.press("Escape")
    gone(page)


def test_the_page_is_hidden_before_the_other_one_comes(leaving):
    """Looked at in the page itself, right after our own listener: from outside, nobody sees a page that is about to go."""
    page = leaving()
    seen: list[str] = []
    page.expose_function("seen", lambda text: seen.append(text))
    look = "seen(`${getComputedStyle(document.body).display} [${document.title}]`)"
    page.evaluate(f"document.addEventListener('keydown', () => {look})")
    page.keyboard.press("Escape")
    gone(page)
    assert seen == ["none []"]


@pytest.mark.parametrize("keys", ["Control+Escape", "Alt+Escape", "Shift+Escape", "Meta+Escape", "Enter", "a"])
def test_other_keys_leave_nothing(leaving, keys):
    page = leaving()
    page.keyboard.press(keys)
    stays(page)


@pytest.mark.parametrize("how", ["{isComposing: true}", "{keyCode: 229}"])
def test_not_while_a_word_is_being_composed(leaving, how):
    """As a phone's or a Chinese keyboard does: Escape takes back the word."""
    page = leaving()
    event = f"Object.assign({{key: 'Escape', bubbles: true, cancelable: true}}, {how})"
    page.evaluate(f"document.body.dispatchEvent(new KeyboardEvent('keydown', {event}))")
    stays(page)
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true, cancelable: true}))")
    gone(page)


@pytest.mark.parametrize(
    "opened",
    [
        "const d = document.createElement('dialog'); d.innerHTML = '<p>x</p>'; document.body.append(d); d.showModal()",
        "const b = document.createElement('button'); b.setAttribute('aria-expanded', 'true'); document.body.append(b); b.focus()",
        "const l = document.createElement('ul'); l.setAttribute('role', 'listbox'); l.tabIndex = 0; document.body.append(l); l.focus()",
        "document.addEventListener('keydown', e => e.preventDefault(), {capture: true, once: true})",
    ],
    ids=["dialog", "expanded", "listbox", "taken by somebody else"],
)
def test_not_while_something_is_open_and_then_it_does(leaving, opened):
    page = leaving()
    page.evaluate(f"(() => {{ {opened} }})()")
    page.keyboard.press("Escape")
    stays(page)
    page.evaluate("document.activeElement.blur(); for (const e of document.querySelectorAll('dialog, [role=listbox]')) e.remove()")
    page.keyboard.press("Escape")
    gone(page)


def test_an_open_list_closes_first(leaving):
    page = leaving()
    added = "const s = document.createElement('select'); s.innerHTML = '<option>a<option>b'; document.querySelector('main').prepend(s)"
    page.evaluate(f"(() => {{ {added} }})()")
    page.locator("select").click()
    page.keyboard.press("Escape")
    stays(page)


def test_without_scripts_the_button_is_a_link(leaving):
    page = leaving(java_script_enabled=False)
    link = page.get_by_role("button", name="Exit this page")
    assert link.get_attribute("href") == AWAY
    assert link.get_attribute("rel") == "nofollow noreferrer noopener"
    link.click()
    page.wait_for_url(AWAY)


def test_the_other_page_is_not_told_where_we_came_from(leaving):
    page = leaving()
    with page.expect_request(AWAY) as asked:
        page.keyboard.press("Escape")
    assert "referer" not in asked.value.all_headers()
    gone(page)


@pytest.mark.parametrize("device", [{"width": 320, "height": 640}, {"width": 1280, "height": 900}])
def test_the_secret_ways_are_announced(leaving, device):
    page = leaving(viewport=device)
    page.keyboard.press("Shift")
    expect(page.get_by_role("status")).to_have_text("Shift, press 2 more times to exit.")

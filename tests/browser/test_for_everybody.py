"""Every page for every reader: light and dark, on a phone of 320 pixels and on a desktop, by keyboard alone, and without scripts.

Must not judge what a page says: only that everybody can read and use it.
"""

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

DEVICES = {"phone": {"width": 320, "height": 640}, "desktop": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module")
def stored(visit_once):
    """A case with everything on its page, one in quarantine, and a message of each kind."""
    window = visit_once
    references = {title: window.send(title) for title in ("Burglary", "Text message preferred", "Domestic abuse", "A broken record")}
    window.let_pass("2 days")
    window.case(references["Text message preferred"])
    links = window.page.get_by_role("region", name="Messages").get_by_role("link")
    read = {link.inner_text(): link.get_attribute("href") for link in links.all()}
    pages = {
        "flow": "/local/",
        "owed": "/local/owed",
        "search": "/local/search",
        "messages": "/local/outbox",
        "quarantine": "/local/quarantine",
        "clock": "/local/time",
        "faults": "/local/faulting",
        "examples": "/local/examples",
        "case": f"/local/case/{references['Burglary']}",
        "held case": f"/local/case/{references['Domestic abuse']}",
        "quarantined case": f"/local/case/{references['A broken record']}",
    } | {f"message {place}": address for place, address in enumerate(read.values(), start=1)}
    assert len(read) == 3, read
    return SimpleNamespace(pages=pages, references=references)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", DEVICES)
def test_every_page_for_every_reader(visit, stored, device, scheme):
    window = visit(viewport=DEVICES[device], color_scheme=scheme)
    titles = set()
    for name, path in stored.pages.items():
        titles.add(window.go(path).title())
        window.picture(f"{name}-{scheme}-{device}")
        window.accessible(f"{name}, {scheme}, {device}")
    assert len(titles) == len(stored.pages), titles


def test_by_keyboard_alone(window):
    page = window.go("/local/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to main content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, page.get_by_label("Find an occurrence"))
    page.goto(window.machine.web_url + "/local/")
    tab_to(page, page.get_by_role("link", name="Send an example", exact=True).first)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/local/examples$"))
    tab_to(page, page.get_by_role("button", name="Send").nth(1))
    page.keyboard.press("Space")
    page.wait_for_url(re.compile(r"/local/case/\d{11}$"))
    window.says("domestic abuse")
    tab_to(page, page.get_by_role("link", name="Clock", exact=True))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/local/time$"))
    tab_to(page, page.get_by_role("button", name="1 hour"))
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#moved$"))


def tab_to(page, wanted):
    """Tab until the control has the focus, as a person would; a trap or a control out of reach fails."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if wanted.evaluate("control => control === document.activeElement"):
            return
    raise AssertionError(f"cannot be reached by keyboard: {wanted}")


def test_everything_without_scripts(visit, machine):
    window = visit(java_script_enabled=False, viewport=DEVICES["phone"])
    page = window.page
    reference = window.send("Burglary")
    window.let_pass("2 days")
    window.says(re.compile("messages? left"))
    window.go("/local/")
    page.get_by_label("Find an occurrence").fill(reference)
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Occurrence {reference}")
    page.get_by_role("region", name="Messages").get_by_role("link", name="Look at it").first.click()
    expect(page.frame_locator("iframe").first.locator("body")).to_contain_text("Burglary of a home")
    window.go("/local/faulting")
    page.get_by_role("button", name="Switch on").first.click()
    window.says("more: E-mail")
    expect(page.get_by_role("link", name="Look again")).to_be_visible()
    page.get_by_role("button", name="Clear all faults").click()
    window.says("No fault is armed")
    assert machine.call("/local/faults")[1] == []


def test_reading_changes_nothing(window, machine, stored):
    """A GET of any page, the forms' own addresses with their fields as a query included."""
    before = machine.call("/local/clock")[1]["offset_seconds"], machine.status()["records"], machine.call("/local/faults")[1]
    for path in (
        *stored.pages.values(),
        "/local/time?to=P1D&offset=0",
        "/local/examples?example=burglary",
        "/local/faulting?preset=killed-before",
    ):
        window.go(path)
    assert (machine.call("/local/clock")[1]["offset_seconds"], machine.status()["records"], machine.call("/local/faults")[1]) == before


def test_another_sites_page_cannot_post_here(window, machine):
    """A form on a page of another name, sent by a script as soon as it is opened."""
    window.expected = {403}
    form = f'<form action="{machine.web_url}/local/time" method="post"><input name="to" value="P1D"><input name="offset" value="0"></form>'
    elsewhere = machine.web_url.replace("127.0.0.1", "localhost") + "/elsewhere"
    window.page.route("**/elsewhere", lambda route: route.fulfill(body=form, content_type="text/html"))
    before = machine.call("/local/clock")[1]["offset_seconds"]
    window.page.goto(elsewhere)
    with window.page.expect_response("**/local/time") as answer:
        window.page.evaluate("document.forms[0].submit()")
    assert answer.value.status == 403
    assert machine.call("/local/clock")[1]["offset_seconds"] == before

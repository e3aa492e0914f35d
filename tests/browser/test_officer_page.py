"""The officer's page for every reader: from a reminder's link to a recorded contact and a delivered update, mistakes and refusals included.

Must not judge what is owed or sent: tests/e2e/test_officer_page.py does.
"""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_for_everybody import DEVICES, tab_to
from tests.browser.visit import enter
from tests.e2e.customer import Customer, own_officer
from tests.e2e.test_contact_officer import collar, reference, specialist
from tests.e2e.test_contact_officer import post as write
from tests.e2e.test_officer_page import by_letter, by_text, due_tomorrow, path_in, told
from tests.e2e.victim_events import digests

RUNS = [(device, scripts) for device in DEVICES for scripts in (True, False)]
NAMES = {run: f"{run[0]}-{'scripts' if run[1] else 'none'}" for run in RUNS}


@pytest.fixture(scope="module")
def story(machine):
    """A record of its own for each reader, one of each way of writing, and the page that this morning's reminder links."""
    customer = Customer(machine)
    records = {name: customer.record(own_officer, due_tomorrow(customer)) for name in (*NAMES.values(), *DEVICES, "keyboard", "console")}
    records |= {
        "text": customer.record(own_officer, by_text(customer)),
        "letter": customer.record(own_officer, by_letter(customer)),
        "specialist": customer.record(own_officer, due_tomorrow(customer), specialist),
    }
    customer.told(*records.values())
    customer.until_daytime_after(20)
    for name in (*NAMES.values(), "specialist"):
        write(customer, collar(records[name]), reference(records[name]), "Who looks at the film?\n\nMy neighbour has a camera.")
        customer.machine.advance("PT10M")
    customer.machine.drain()
    pages = {name: path_in(digests(customer, record, "officer")[-1], record) for name, record in records.items()}
    return SimpleNamespace(customer=customer, records=records, pages=pages)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def press_below(page: Page, name: str) -> None:
    """A button below the message: its frame is another process's, which hears a moment later that the page was scrolled."""
    page.get_by_role("button", name=name, exact=True).scroll_into_view_if_needed()
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn, 200)))")
    press(page, name)


@pytest.mark.parametrize(("device", "scripts"), RUNS)
def test_every_state_for_every_reader(visit, story, device, scripts):
    """Without ours, that is: axe is a script itself. A browser that runs none at all is below."""
    window = visit(viewport=DEVICES[device])
    window.expected = {409, 410, 422}
    if not scripts:
        window.page.route("**/assets/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    name, page = NAMES[device, scripts], window.page

    def look(what: str, title: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(page).to_have_title(re.compile(r"^(Error: )?Page from Derbyshire Police$"))
        window.picture(f"officer-{what}-{name}")
        window.accessible(f"{what}, {name}")

    case = f"Case {reference(story.records[name])}"
    window.go(story.pages[name])
    window.says("Claimed to be from Kim Field: reply only to the contact details in the record.")
    look("case", case)
    press(page, "I tried, no answer")
    look("tried", "I tried, no answer")
    press(page, "Record it")
    expect(page).to_have_title(re.compile("^Error: "))
    look("tried-errors", "I tried, no answer")
    page.get_by_label("By phone").check()
    press(page, "Record it")
    window.says("It is recorded.")
    window.says("reached nobody")
    look("recorded", case)

    press(page, "Send an update")
    look("update", "Send an update")
    page.get_by_label("Your own words (optional)").fill("Ring Mr Miller on 07700 900123.")
    page.get_by_label("When is the next update?").fill("2020-01-01")
    press(page, "Look at it first")
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(3)
    expect(page.get_by_label("Your own words (optional)")).to_have_value("Ring Mr Miller on 07700 900123.")
    look("update-errors", "Send an update")
    page.get_by_label("We are looking at film from cameras").check()
    page.get_by_label("Your own words (optional)").fill("We have seen two films.")
    page.get_by_label("When is the next update?").fill((story.customer.now().date() + timedelta(days=5)).isoformat())
    press(page, "Look at it first")
    frame = page.frame_locator("iframe")
    expect(frame.locator("body")).to_contain_text("The officer writes: We have seen two films.")
    assert frame.locator("h1").evaluate("title => getComputedStyle(title).backgroundColor") == "rgb(20, 48, 79)", "its own styles"
    look("preview", "What they will see")
    press_below(page, "Change it")
    expect(page.get_by_label("Your own words (optional)")).to_have_value("We have seen two films.")
    press(page, "Look at it first")
    press_below(page, "Send it")
    window.says("Your update is taken.")
    look("sent", case)
    story.customer.machine.drain()
    (mail,) = told(story.customer, story.records[name])
    assert "We have seen two films." in mail["text"]

    press(page, "I have spoken to them")
    look("spoken", "I have spoken to them")
    press(page, "Record it")
    look("spoken-errors", "I have spoken to them")
    page.get_by_label("By phone").check()
    press(page, "Record it")
    window.says("It is recorded.")
    expect(page.get_by_text("Claimed to be from")).to_have_count(0)


@pytest.mark.parametrize("device", DEVICES)
def test_texts_letters_refusals_and_dead_links(visit, story, device):
    window = visit(viewport=DEVICES[device])
    window.expected = {409, 410}
    page = window.page
    for name, start in (("text", "We are still looking into it"), ("letter", "We are waiting for checks to be done")):
        window.go(story.pages[name])
        press(page, "Send an update")
        window.picture(f"officer-update-{name}-{device}")
        window.accessible(f"an update by {name}, {device}")
        page.get_by_label(start).check()
        press(page, "Look at it first")
        if name == "letter":
            expect(page.get_by_role("img").first).to_have_js_property("complete", True)
            assert page.get_by_role("img").first.evaluate("picture => picture.naturalWidth") > 600
            page.get_by_text("The words of the letter").click()
        window.picture(f"officer-preview-{name}-{device}")
        window.accessible(f"the preview of a {name}, {device}")
    window.go(story.pages["specialist"])
    window.says("In this case messages are read after signing in.")
    expect(page.get_by_role("button", name="Send an update")).to_have_count(0)
    window.picture(f"officer-specialist-{device}")
    window.accessible(f"a specialist case, {device}")
    window.go(f"{story.pages['specialist']}/update?victim={story.records['specialist']['occurrence']['victims'][0]['id']}")
    window.picture(f"officer-not-taken-{device}")
    window.accessible(f"what is not taken, {device}")
    window.go("/officer/invented")
    window.says("This link does not work any more")
    window.picture(f"officer-dead-{device}")
    window.accessible(f"a dead link, {device}")


@pytest.mark.parametrize("device", DEVICES)
def test_in_a_browser_that_runs_no_scripts(visit, story, device):
    window = visit(viewport=DEVICES[device], java_script_enabled=False)
    window.expected = {422}
    page = window.go(story.pages[device])
    press(page, "I tried, no answer")
    press(page, "Record it")
    page.get_by_role("link", name="Say how: by phone or in person").click()
    page.get_by_label("In person").check()
    press(page, "Record it")
    window.says("It is recorded.")
    press(page, "Send an update")
    page.get_by_label("We are still looking into it").check()
    press(page, "Look at it first")
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("we have no news for you yet")


def test_escape_does_not_throw_away_what_an_officer_types(window, story):
    page = window.go(story.pages["console"])
    with page.expect_navigation():
        press(page, "Send an update")
    box = page.get_by_role("textbox").first
    box.fill("The camera at the shop was broken.")
    page.keyboard.press("Escape")
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    expect(box).to_have_value("The camera at the shop was broken.")


def test_by_keyboard_alone(window, story):
    page = window.go(story.pages["keyboard"])
    tab_to(page, page.get_by_role("button", name="I have spoken to them"))
    enter(page)
    tab_to(page, page.get_by_label("By phone"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Record it"))
    enter(page)
    window.says("It is recorded.")
    tab_to(page, page.get_by_role("button", name="Send an update"))
    enter(page)
    tab_to(page, page.get_by_label("We are still looking into it"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Look at it first"))
    enter(page)
    tab_to(page, page.get_by_role("button", name="Send it"))
    enter(page)
    window.says("Your update is taken.")


def test_going_back_and_pressing_again_records_once(window, story):
    page = window.go(story.pages["console"])
    press(page, "I have spoken to them")
    page.get_by_label("By phone").check()
    press(page, "Record it")
    window.says("It is recorded.")
    page.go_back()
    page.get_by_label("By phone").check()
    press(page, "Record it")
    window.says("It counts once.")
    page.reload()
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_the_console_opens_the_link_of_a_reminder(window, story):
    mail = digests(story.customer, story.records["console"], "officer")[-1]
    page = window.go("/local/outbox?audience=officer")
    page.get_by_role("listitem").filter(has_text=mail["to"]).get_by_role("link").first.click()
    page.locator("main a[href*='/officer/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Case "))

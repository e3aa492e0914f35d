"""From a form in the browser to the message as its reader sees it, and what is never sent."""

import re

import pytest
from playwright.sync_api import expect


def delivered(machine, reference, *audiences):
    return [m for m in machine.outbox() if m["reference"] == reference and (not audiences or m["audience"] in audiences)]


def read(window, reference, title):
    """From the case to a message as its reader sees it."""
    page = window.case(reference)
    row = page.get_by_role("region", name="Messages").get_by_role("row").filter(has_text=title)
    row.get_by_role("link", name="Look at it").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def drawn(page):
    """Every page of the PDF is a picture that was really drawn."""
    pictures = page.get_by_role("img")
    expect(pictures.first).to_be_visible()
    for place in range(pictures.count()):
        pictures.nth(place).scroll_into_view_if_needed()
        expect(pictures.nth(place)).to_have_js_property("complete", True)
        assert pictures.nth(place).evaluate("picture => picture.naturalWidth") > 300


def test_a_burglary_from_its_form_to_the_rendered_message(window, machine):
    page = window.page
    reference = window.send("Burglary")
    expect(page).to_have_url(re.compile(f"/local/case/{reference}$"))
    window.says(reference)
    window.picture("burglary-recorded")
    assert delivered(machine, reference) == []
    window.let_pass("2 days")
    window.says(re.compile(r"\d+ messages left"))
    read(window, reference, "Acknowledgement")
    for width in ("phone", "desktop"):
        frame = page.frame_locator(f'iframe[title^="The e-mail on a {width}"]')
        expect(frame.locator("body")).to_contain_text("Crime: Burglary of a home")
        expect(frame.locator("body")).to_contain_text(reference)
    window.accessible("an e-mail")
    window.picture("burglary-acknowledgement")
    read(window, reference, "Referral")
    drawn(page)
    window.accessible("a referral")
    window.picture("burglary-referral")
    assert [m["message"] for m in delivered(machine, reference, "victim")] == ["acknowledgement"]
    (referral,) = delivered(machine, reference, "service")
    assert referral["attachments"][0]["content_type"] == "application/pdf"


def test_domestic_abuse_tells_the_victim_nothing(window, machine):
    reference = window.send("Domestic abuse")
    window.says("domestic abuse")
    window.let_pass("2 days")
    assert {m["audience"] for m in delivered(machine, reference)} == {"unit"}
    page = window.case(reference)
    # High risk: the unit and the duty contact.
    expect(page.get_by_role("region", name="Messages").get_by_role("link")).to_have_count(2)
    window.picture("domestic-abuse")
    read(window, reference, "Task to the victim care unit")
    expect(page.get_by_role("definition").filter(has_text="victim-care-unit")).to_be_visible()
    assert delivered(machine, reference, "victim", "service") == []


def test_a_letter_is_shown_as_its_paper(window):
    reference = window.send("Letter only")
    window.let_pass("2 days")
    read(window, reference, "Acknowledgement")
    drawn(window.page)
    window.accessible("a letter")
    window.picture("letter")


def test_a_broken_record_says_where_it_is_broken(window):
    reference = window.send("A broken record")
    expect(window.page.get_by_role("heading", level=1)).to_have_text(f"{reference} is in quarantine")
    window.says("date_of_birth")
    window.says("status")
    window.accessible("a broken example")
    window.page.get_by_role("main").get_by_role("link", name="the list").click()
    window.says(reference)


def test_every_press_makes_a_record_of_its_own(window):
    first, second = window.send("A business"), window.send("A business")
    assert first != second
    window.go("/local/examples")
    for reference in (first, second):
        expect(window.page.get_by_role("link", name=reference)).to_be_visible()


def test_a_record_of_ones_own(window, machine):
    page = window.go("/local/examples")
    page.get_by_label("Given name").fill("Mara <b>")
    page.get_by_label("Family name").fill("O’Neill")
    page.get_by_label("E-mail address").fill("mara.oneill@example.org")
    page.get_by_label("Mobile").fill("07700 900 599")
    page.get_by_label("Preferred channel").select_option("Text message")
    page.get_by_role("button", name="Send").last.click()
    reference = window.reference()
    window.case(reference)
    window.says("Mara <b> O’Neill")
    window.let_pass("2 days")
    texts = [m for m in delivered(machine, reference, "victim") if m["channel"] == "sms"]
    assert [m["to"] for m in texts] == ["+447700900599"]


def test_the_same_address_with_domestic_abuse_holds_the_other_record_too(window, machine):
    references = []
    for flag in ("No", "Yes"):
        page = window.go("/local/examples")
        page.get_by_label("E-mail address").fill("shared.address@example.org")
        page.get_by_label("Mobile").fill("")
        page.get_by_label("Domestic abuse flag").select_option(flag)
        page.get_by_role("button", name="Send").last.click()
        references.append(window.reference())
    window.let_pass("2 days")
    assert [delivered(machine, reference, "victim", "service") for reference in references] == [[], []]


@pytest.mark.parametrize(
    ("label", "typed", "told"),
    [
        ("E-mail address", "alex@gmail.com", "ends in @example.org"),
        ("E-mail address", "alex@example.org.evil.test", "ends in @example.org"),
        ("Mobile", "07911 123456", "07700 900000 to 07700 900999"),
        ("Given name", "", "Enter a name"),
        ("Family name", "x" * 61, "at most 60 characters"),
    ],
)
def test_what_cannot_be_sent_is_said_beside_the_field(window, label, typed, told):
    window.expected = {400}
    page = window.go("/local/examples")
    page.get_by_label(label).fill(typed)
    page.get_by_role("button", name="Send").last.click()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_role("alert")).to_contain_text(told)
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label(label)).to_be_focused()
    expect(page.get_by_label(label)).to_have_value(typed)
    expect(page.get_by_label(label)).to_have_accessible_description(re.compile(re.escape(told)))
    window.accessible(f"an error in {label}")

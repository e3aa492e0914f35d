"""Search in every spelling, and the flow that goes on by itself.

Must not write a record otherwise than by the console's own buttons, and must not wait for a time to pass.
"""

import re

import pytest
from playwright.sync_api import expect

COUNTED = """
const plan = window.setTimeout.bind(window);
let ticks = 0;
window.setTimeout = (act) => { document.documentElement.dataset.ticks = ++ticks; return plan(act, 200); };
"""
"""The page's only timer is that of its live parts, set anew after each round: rounds are counted where we can see it, and come sooner."""


def rounds(page, times=5):
    """Wait until the live part has gone through its round so often: it has had its answer, or has asked for nothing."""
    html = page.locator("html")
    for _ in range(times):
        expect(html).not_to_have_attribute("data-ticks", html.get_attribute("data-ticks"))


@pytest.fixture(scope="module")
def burglary(visit_once):
    """The reference of a record that is there already."""
    return visit_once.send("Burglary")


@pytest.mark.parametrize("spelled", ["{0}", " {0} ", "{1}*{2}", "{1}*000{2}", "{1} * {2}", "{1}/{2}", "ref {0}", "Crime number: {1}*{2}"])
def test_a_reference_is_found_however_it_is_spelled(window, burglary, spelled):
    page = window.go("/local/")
    page.get_by_label("Find an occurrence").fill(spelled.format(burglary, burglary[:2], burglary[5:]))
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Occurrence {burglary}")


def test_part_of_a_reference_offers_what_it_could_mean(window, burglary):
    page = window.go("/local/")
    page.get_by_label("Find an occurrence").fill(burglary[-6:])
    page.get_by_role("button", name="Find").click()
    page.get_by_role("main").get_by_role("link", name=burglary).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Occurrence {burglary}")


def test_what_is_not_stored_is_said(window):
    window.expected = {404}
    page = window.go("/local/")
    page.get_by_label("Find an occurrence").fill("<b>26*999999999</b>")
    page.get_by_role("button", name="Find").click()
    window.says("Nothing is stored under “<b>26*999999999</b>”")
    window.accessible("a search that finds nothing")


def test_the_flow_goes_on_by_itself_until_it_is_paused(window, visit):
    asked = []
    window.page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/local/flow") else None)
    window.page.add_init_script(COUNTED)
    page = window.go("/local/")
    flow = page.locator("[data-live]")
    reference = visit().send("A business")
    expect(flow.get_by_role("link", name=reference).first).to_be_visible()
    page.get_by_role("button", name="Pause updates").click()
    rounds(page, 2)
    before = len(asked)
    assert before > 0
    another = visit().send("Domestic abuse")
    rounds(page)
    assert len(asked) == before
    expect(flow.get_by_role("link", name=another)).to_have_count(0)
    page.get_by_role("button", name="Update by itself again").click()
    expect(flow.get_by_role("link", name=another).first).to_be_visible()


def test_messages_are_narrowed_by_channel_and_reader(window):
    window.send("Domestic abuse")
    page = window.go("/local/outbox")
    page.get_by_label("To", exact=True).select_option("unit")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("audience=unit"))
    expect(page.get_by_role("main").get_by_role("listitem").first).to_contain_text("Task")

"""A fault that is switched on in the console, strikes, and is repaired before the visitor's eyes.

Must not switch a fault on, or off, by another way than the console's page, and must leave none behind.
"""

import re

from playwright.sync_api import expect

from tests.browser.test_from_form_to_message import delivered


def struck(window, reference):
    return window.page.get_by_role("listitem").filter(has=window.page.get_by_role("link", name=reference))


def test_a_refused_mail_backs_off_and_leaves_in_the_end(window, machine):
    window.let_pass("08:00")
    window.let_pass("3 hours")
    reference = window.send("Burglary")
    page = window.go("/local/faulting")
    page.get_by_label("What goes wrong").select_option("refused as too many calls")
    page.get_by_label("Operation").fill("SendEmail")
    page.get_by_label("How often").fill("5")
    page.get_by_role("button", name="Switch on").last.click()
    window.says(re.compile("5 more: E-mail"))
    window.let_pass("Let 20 minutes pass", "/local/faulting")
    window.let_pass("Let 20 minutes pass", "/local/faulting")
    expect(struck(window, reference).first).to_contain_text("pending after 4 attempts")
    window.accessible("a repair under way")
    window.picture("fault-repairing")
    window.let_pass("Let an hour pass", "/local/faulting")
    expect(struck(window, reference).first).to_contain_text("delivered after 6 attempts")
    window.says("No fault is armed")
    window.picture("fault-repaired")
    assert [m["message"] for m in delivered(machine, reference, "victim", "service")] == ["acknowledgement", "referral"]


def test_a_lost_answer_is_not_sent_twice(window, machine):
    window.let_pass("08:00")
    reference = window.send("Burglary")
    page = window.go("/local/faulting")
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="A mail leaves, but its answer is lost"))
    card.get_by_role("button", name="Switch on").click()
    window.says(re.compile("1 more: E-mail"))
    window.let_pass("Let an hour pass", "/local/faulting")
    expect(struck(window, reference).first).to_contain_text("delivered after 1 attempt")
    assert len(delivered(machine, reference, "victim")) == 1


def test_faults_are_cleared(window, machine):
    page = window.go("/local/faulting")
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="The buckets refuse 3 writes"))
    card.get_by_role("button", name="Switch on").click()
    window.says("3 more: Buckets")
    page.get_by_role("button", name="Clear all faults").click()
    window.says("No fault is armed")
    assert machine.call("/local/faults")[1] == []


def test_a_rule_that_cannot_be_meant_is_said(window, machine):
    window.expected = {400}
    for label, typed, told in (("How often", "often", "whole number"), ("Operation", "SendPigeon", "not an operation of ses")):
        page = window.go("/local/faulting")
        page.get_by_label(label).fill(typed)
        page.get_by_role("button", name="Switch on").last.click()
        expect(page.get_by_role("alert")).to_contain_text(told)
        expect(page.get_by_label(label)).to_have_value(typed)
        window.accessible(f"an error in {label}")
    assert machine.call("/local/faults")[1] == []

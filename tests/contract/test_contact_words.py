"""What readers see of a message through the contact page: the officer, the control room, the victim whose case it names.

Issue 6, section 1. Nothing of a specialist or held case, and in the confirmation nothing but that there is a message.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.contact_content import Claim
from chalicelib.domain.messages import RenderedEmail, Template
from chalicelib.domain.sms_segments import segments
from tests.contract.message_examples import CONFIRMATION, NOTE
from tests.contract.rendered import RENDERER, page

HIDDEN = replace(NOTE, claim=None)
HOSTILE = "</p><script>alert(1)</script>\n# Heading\n@ Open https://evil.example\n* bullet {{ 7*7 }}"


def mail(content: Any = NOTE, **changes: Any) -> RenderedEmail:
    return RENDERER.email(Template.CONTACT_MESSAGE, "en", replace(content, **changes))


def test_the_officer_reads_what_was_written_and_that_nobody_has_checked_it() -> None:
    text = mail().text
    for words in (
        "Claimed to be from Kim Field. Nobody has checked who wrote it. Reply only to the contact details in the record.",
        "I found the receipt.", "Please call me.", "Phone: 07700 900999", "Email: kim@elsewhere.test",
        "Is it safe to reply, and when: After six", "The officer in the case has left.", "Task: " + "0" * 32,
    ):  # fmt: skip
        assert words in text


def test_nothing_said_of_a_reply_is_said_so() -> None:
    assert NOTE.claim is not None
    text = mail(claim=replace(NOTE.claim, email=None, phone=None, safe_to_reply=None)).text
    assert "Is it safe to reply, and when: not said" in text
    assert "Phone:" not in text
    assert "Email:" not in text


def test_where_a_person_decides_it_says_only_where_to_read_it() -> None:
    rendered = mail(HIDDEN)
    for text in (rendered.text, str(rendered.html), rendered.subject):
        assert not [word for word in ("Kim", "900999", "elsewhere", "receipt", "six") if word in text]
    assert "does not say what was written, on purpose" in rendered.text
    assert "http://127.0.0.1:8000/officer/abc" in rendered.text


def test_danger_stands_first_and_in_the_subject() -> None:
    rendered = mail(danger=True)
    assert rendered.subject == "URGENT: read now, message about reference 26000712345"
    assert rendered.text.index("Words of immediate danger stand in this message") < rendered.text.index("What is asked")
    assert "danger" not in mail().text


@pytest.mark.parametrize("claim", [NOTE.claim, None])
def test_whoever_answers_is_told_of_danger_and_that_the_control_room_has_it(claim: Claim | None) -> None:
    rendered = mail(claim=claim, alarmed=True)
    assert rendered.subject == "Words of danger: message about reference 26000712345, answer by Friday 27 November"
    assert rendered.text.index("The control room was asked at once to look at it") < rendered.text.index("What is asked")
    assert "Please act now" not in rendered.text


def test_the_one_link_is_our_own_even_where_the_message_holds_others() -> None:
    assert NOTE.claim is not None
    claim = replace(
        NOTE.claim, name=HOSTILE, message=(HOSTILE, "https://evil.example/x"), email=HOSTILE, phone=HOSTILE, safe_to_reply=HOSTILE
    )
    seen = page(mail(claim=claim))
    assert seen.links == ["http://127.0.0.1:8000/officer/abc"]
    assert [tag for tag, _ in seen.elements if tag in ("h1", "h2", "script")] == ["h1", "h2", "h2", "h2"]


@pytest.mark.parametrize("form", ["email", "sms"])
def test_a_confirmation_says_only_that_there_is_a_message(form: str) -> None:
    rendered = RENDERER.email(Template.CONTACT_CONFIRMATION, "en", CONFIRMATION)
    text = rendered.text if form == "email" else RENDERER.sms(Template.CONTACT_CONFIRMATION, "en", CONFIRMATION)
    lowered = text.lower()
    assert "we have a message" in lowered
    assert "if you did not write to us" in lowered
    assert not [word for word in ("victim", "crime", "officer in", "urgent", "kim", "refuge", "domestic") if word in lowered]
    assert form == "email" or "https://" not in text


def test_a_confirmation_by_text_is_one_segment_and_has_no_link() -> None:
    text = RENDERER.sms(Template.CONTACT_CONFIRMATION, "en", CONFIRMATION)
    assert text == ("Derbyshire Police: we have a message about reference 26000712345. If you did not write to us, call 101. Do not reply.")
    assert segments(text) == 1


def test_its_subject_tells_nothing() -> None:
    subject = RENDERER.email(Template.CONTACT_CONFIRMATION, "en", CONFIRMATION).subject
    assert subject == "Message from Derbyshire Constabulary about reference 26000712345"

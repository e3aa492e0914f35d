"""An officer's update as its reader sees it: every start in e-mail, text and letter, the officer's own words, and what is promised.

Must not test which may be sent (tests/unit/services/test_officer_update.py).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters import inert
from chalicelib.adapters.template_files import templates_root
from chalicelib.domain import leak_content
from chalicelib.domain.messages import ForceContact, OfficerContact, Reader, RenderedEmail, Template, UpdatePromise
from chalicelib.domain.model import Channel
from chalicelib.domain.sms_segments import encoding, segments
from chalicelib.domain.update_starts import STARTS, Start
from tests.contract.drawn import DOCUMENTS, is_accessible, text_of, update_letter
from tests.contract.message_examples import HOSTILE, NAMES, UPDATE
from tests.contract.rendered import RENDERER, page, plain_words, sentences, words_of

FIXED = tuple(start for start in Start if start is not Start.OWN_WORDS)
BY_TEXT = tuple(row.start for row in STARTS if Channel.SMS in row.channels)


def email(**overrides: Any) -> RenderedEmail:
    return RENDERER.email(Template.UPDATE, "en", replace(UPDATE, **overrides))


def sms(**overrides: Any) -> str:
    return RENDERER.sms(Template.UPDATE, "en", replace(UPDATE, **{"words": None} | overrides))


def everything() -> list[tuple[str, RenderedEmail]]:
    typed = [(f"{start} {reader}", email(start=start, reader=reader, words=None)) for start in FIXED for reader in Reader]
    odd = {
        "own words": email(start="own_words", greeting_name=None),
        "both": email(),
        "nothing promised": email(next_on=None, updates=None),
        "a day alone": email(updates=None),
        "proposed": email(updates=UpdatePromise(1, Channel.LETTER, None, proposed=True, reason="We cannot text you.")),
        "key events": email(updates=UpdatePromise(None, Channel.EMAIL, None, proposed=False), officer=None),
        "another channel": email(channel_reason="We are writing by email.", officer_changed=True),
    }
    return [*typed, *odd.items()]


def test_every_start_has_its_words_for_every_channel_by_which_it_goes_and_for_no_other() -> None:
    written, text = (templates_root() / "update/en/words.txt").read_text("utf-8").split("{% set text")
    assert [start for start in Start if f'"{start}": ' in written] == list(FIXED)
    assert tuple(start for start in Start if f'"{start}": ' in text) == BY_TEXT
    for start in set(Start) - set(BY_TEXT) - {Start.OWN_WORDS}:
        with pytest.raises(Exception, match=start):
            sms(start=start)


@pytest.mark.parametrize(("name", "rendered"), everything())
def test_every_update_is_whole_and_says_where_to_turn(name: str, rendered: RenderedEmail) -> None:
    assert page(rendered).text.split() == words_of(rendered.text)
    for part in (rendered.subject, rendered.text, str(rendered.html)):
        assert not re.search(r"\{[{%#]|[%#}]\}|None|Undefined|[\ue000-\uf8ff]", part)
    assert not re.search(r"\n{3,}|[ \t]\n|  ", rendered.text)
    for words in (
        "Derbyshire Constabulary is writing to you", "This is an update on", "To change how we write to you, or to stop getting messages",
        "To check that this email is from us, call 101 or look for us at https://www.derbyshire.police.uk.", "18001 101",
        "A person reads every reply", "always call 999", "Please have the reference, 26000712345, with you", "How the case stands",
    ):  # fmt: skip
        assert words in rendered.text
    assert {link.removeprefix("https://").split("/")[0] for link in page(rendered).links} == {"www.derbyshire.police.uk"}


@pytest.mark.parametrize(("name", "rendered"), everything())
def test_short_sentences(name: str, rendered: RenderedEmail) -> None:
    """Reading age 9 cannot be measured; long sentences and long words can."""
    found = sentences(rendered.text)
    assert sum(map(len, found)) / len(found) < 12
    assert max(map(len, found)) <= 25
    assert max(map(len, plain_words(rendered.text))) <= 12, "organisation, information"


@pytest.mark.parametrize(("name", "rendered"), everything())
def test_subject_and_preview_are_those_of_every_message(name: str, rendered: RenderedEmail) -> None:
    assert rendered.subject == "Message from Derbyshire Constabulary about reference 26000712345"
    for shown in (rendered.text[:230], " ".join(page(rendered).text.split())[:230]):
        assert shown.startswith("Derbyshire Constabulary is writing to you about reference 26000712345.")
        assert not re.search(r"Alex|Morgan|news|update|still|film|shop|crime|victim|officer|decid", shown, re.IGNORECASE)


VARIANTS: list[tuple[str, dict[str, Any], list[str], list[str]]] = [
    (
        "both", {},
        [
            "Dear Alex Morgan,\n\nThis is an update on your case.\n\nHow the case stands\n-------------------\n\n"
            "The case is still open. We are still looking into what happened, and we have no news for you yet.\n\n"
            "The officer writes: We have asked the shop for film from its cameras.\n\nWhat happens next\n",
            "We agreed to update you every 10 days, by email, even if there is no news. "
            "You will next hear from us by Tuesday 8 December 2026. You can change how often",
            "The officer is PC Sam Ash, collar number 2345.",
        ],
        ["through you", "organisation", "has changed", "propose"],
    ),
    ("own words", {"start": "own_words"}, ["-\n\nThe officer writes: We have asked the shop"], ["still open"]),
    ("no words", {"words": None}, ["The case is still open."], ["The officer writes"]),
    ("no name", {"greeting_name": None}, ["Hello,"], ["Dear"]),
    ("representative", {"reader": Reader.REPRESENTATIVE}, ["This is an update on the victim's case.", "through you"], ["your case"]),
    ("business", {"reader": Reader.BUSINESS}, ["This is an update on your case.", "contact for your organisation"], ["the victim"]),
    ("another channel", {"channel_reason": "We are writing by email this time."}, ["We are writing by email this time."], []),
    (
        "proposed, no date",
        {"next_on": None, "updates": UpdatePromise(1, Channel.LETTER, None, proposed=True, reason="We cannot text you.")},
        ["We propose to update you every day, by letter, even if there is no news. We cannot text you. You can change how often"],
        ["next hear", "agreed"],
    ),
    (
        "key events",
        {"updates": UpdatePromise(None, Channel.EMAIL, None, proposed=False, reason="We cannot text you.")},
        [
            "We agreed to contact you by email when something important happens. We cannot text you. "
            "We will next be in touch by Tuesday 8 December 2026. You can change this",
        ],
        ["every"],
    ),
    (
        "key events, no date",
        {"next_on": None, "updates": UpdatePromise(None, Channel.EMAIL, None, proposed=True)},
        ["We plan to contact you by email when something important happens. You can change this"],
        ["next be in touch"],
    ),
    ("a day alone", {"updates": None}, ["You will next hear from us by Tuesday 8 December 2026.\n"], ["change how often"]),
    ("nothing promised", {"updates": None, "next_on": None}, [], ["What happens next", "hear from us"]),
    ("no officer", {"officer": None}, ["No officer is named now. To ask us anything, reply to this email"], ["The officer is"]),
    ("another officer", {"officer_changed": True}, ["The officer in your case has changed."], []),
]  # fmt: skip


@pytest.mark.parametrize(("overrides", "said", "unsaid"), [row[1:] for row in VARIANTS], ids=[row[0] for row in VARIANTS])
def test_variants(overrides: dict[str, Any], said: list[str], unsaid: list[str]) -> None:
    body = email(**overrides).text.replace("A person reads every reply", "")
    assert [words for words in said if words not in body] == []
    assert [words for words in unsaid if words in body] == []


@pytest.mark.parametrize("value", [*HOSTILE, *NAMES])
def test_own_words_are_shown_as_they_are_and_never_read_as_markup(value: str) -> None:
    rendered, ordinary = email(words=value), email(words="Ordinary")
    assert [tag for tag, _ in page(rendered).elements if tag != "bdi"] == [tag for tag, _ in page(ordinary).elements]
    assert page(rendered).links == page(ordinary).links
    assert f"\nThe officer writes: {inert.one_line(value)}\n" in rendered.text
    assert len(rendered.text.splitlines()) == len(ordinary.text.splitlines())


def test_a_force_elsewhere_is_named_in_its_own_words() -> None:
    other = ForceContact(
        "Elsewhere Police", "Elsewhere", "www.elsewhere.test", "0100", "18001 0100", "ask@elsewhere.test", "www.p.test", "www.v.test", (),
    )  # fmt: skip
    rendered = email(force=other, officer=None)
    assert not re.search(r"derbyshire|\b101\b", rendered.text + rendered.subject, re.IGNORECASE)
    assert "Elsewhere: case" in sms(force=other)


@pytest.mark.parametrize(
    ("overrides", "text"),
    [
        (
            {},
            "Derbyshire Police: case 26000712345 is still open. We are still looking into it and have no news yet. "
            "We will be in touch by Tuesday 8 December. "
            "Call 101 to ask for PC Sam Ash 2345, or to check that this is from us. Do not reply.",
        ),
        (
            {"start": "waiting_for_checks", "next_on": None, "officer": None},
            "Derbyshire Police: case 26000712345 is still open. We are waiting for some checks and have no news yet. "
            "Call 101 to ask us anything, or to check that this is from us. Do not reply.",
        ),
        (
            {"start": "waiting_for_answers", "next_on": None, "officer": OfficerContact(None, "2345", None, None)},
            "Derbyshire Police: case 26000712345 is still open. We are waiting for others to answer us and have no news yet. "
            "Call 101 to ask for officer 2345, or to check that this is from us. Do not reply.",
        ),
        (
            {"next_on": None, "officer": OfficerContact("PC “Sam” O’Neil–Ash", None, None, None)},
            "Derbyshire Police: case 26000712345 is still open. We are still looking into it and have no news yet. "
            'Call 101 to ask for PC "Sam" O\'Neil-Ash, or to check that this is from us. Do not reply.',
        ),
    ],
)
def test_sms(overrides: dict[str, Any], text: str) -> None:
    assert sms(**overrides) == text
    assert (encoding(text), segments(text)) == ("GSM-7", 2)


@pytest.mark.parametrize("reader", Reader)
@pytest.mark.parametrize("start", BY_TEXT)
def test_a_text_tells_nothing_of_what_happened_to_whoever_it_is_for(start: Start, reader: Reader) -> None:
    text = sms(start=start, reader=reader).casefold()
    assert not [*leak_content.offence_words(text, {}), *leak_content.urgency_words(text), *leak_content.unit_words(text, frozenset())]
    assert not leak_content.has_link(text)
    assert not re.search(r"alex|morgan|your|crime|suspect|victim|witness|camera|film|arrest|court", text)


def test_what_may_not_be_said_is_refused_in_every_form() -> None:
    nothing = replace(UPDATE, start="own_words", words=None)
    for render in (RENDERER.email, RENDERER.sms, DOCUMENTS.letter):
        with pytest.raises(ValueError, match="says nothing"):
            render(Template.UPDATE, "en", nothing)
    with pytest.raises(ValueError, match="not fixed"):
        sms(words="We have news.")


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large print"])
def test_a_letter_says_the_same_as_the_email(large: bool) -> None:
    pdf = update_letter(large_print=large)
    text = text_of(pdf)
    for words in (
        "Saturday 28 November 2026 About reference 26000712345 Dear Alex Morgan, This is an update on your case. How the case stands",
        "The officer writes: We have asked the shop for film from its cameras.",
        "You will next hear from us by Tuesday 8 December 2026. You can change how often, or how, or stop the updates, at any time: "
        "call 101 or write to us at the address at the top of this letter.",
        "Then please destroy this letter.",
    ):
        assert words.replace(" ", "") in text.replace(" ", "")
    assert not re.search("this email|reply to this|https", text)
    assert is_accessible(pdf)
    assert len(update_letter().pages) <= 2


def test_a_letters_title_tells_nothing() -> None:
    metadata = update_letter().metadata
    assert metadata is not None
    assert metadata.title == "Letter about reference 26000712345"

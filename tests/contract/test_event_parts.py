"""The parts of a message of key events that only some have: the review, the service, updates, the officer; its text and its letter.

Must not say again what each event is called: test_event_words.py has that.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.adapters import inert
from chalicelib.domain import leak_content
from chalicelib.domain.event_news import NewsItem, ReviewScheme
from chalicelib.domain.event_rules import EVENT_RULES
from chalicelib.domain.events import EventType
from chalicelib.domain.messages import ForceContact, OfficerContact, Reader, RenderedEmail, Template, UpdatePromise
from chalicelib.domain.model import Channel
from chalicelib.domain.sms_segments import encoding, segments
from tests.contract.drawn import event_letter, is_accessible, text_of
from tests.contract.message_examples import EVENT, FORCE, HOSTILE, NAMES, SERVICE
from tests.contract.rendered import RENDERER, page, words_of

DAY = date(2026, 11, 23)
DECIDED = (NewsItem(EventType.NOT_PROSECUTED, DAY, "There was not enough evidence."),)
CLOSED = (NewsItem(EventType.NOT_INVESTIGATED, DAY, "There is nothing more that we can follow up."),)
TOLD_HERE = tuple(rule.type for rule in EVENT_RULES if not rule.of_court)


def email(**overrides: Any) -> RenderedEmail:
    return RENDERER.email(Template.EVENT, "en", replace(EVENT, **overrides))


def sms(**overrides: Any) -> str:
    return RENDERER.sms(Template.EVENT, "en", replace(EVENT, **overrides))


VARIANTS: list[tuple[str, dict[str, Any], list[str], list[str]]] = [
    ("victim", {}, ["Dear Alex Morgan,", "There is news about your case.\n"], ["through you", "organisation", "Review", "Free help"]),
    ("no name", {"greeting_name": None}, ["Hello,"], ["Dear"]),
    (
        "representative",
        {"reader": Reader.REPRESENTATIVE},
        ["There is news about the victim's case.", "through you", "If you or the victim do not feel safe"],
        ["your case"],
    ),
    ("business", {"reader": Reader.BUSINESS}, ["contact for your organisation", "If you or your staff do not feel safe"], ["the victim"]),
    ("another channel", {"channel_reason": "We are writing by email this time."}, ["We are writing by email this time."], []),
    (
        "review by the police",
        {"items": DECIDED, "review": ReviewScheme.POLICE},
        [
            "If you do not agree\n-------------------\n", "We made the decision not to take a person to court.",
            "You have a right to ask us to look at this decision again. This is called the Victims' Right to Review.",
            "Ask us within 3 months, by Thursday 25 February 2027. To ask, reply to this email or call 101.",
            "Say that you want a Right to Review, with your crime reference number. It is 26000712345.",
        ],
        ["CPS", "cps.gov.uk"],
    ),
    (
        "review by the CPS",
        {"items": DECIDED, "review": ReviewScheme.CPS, "reader": Reader.REPRESENTATIVE},
        [
            "If the victim does not agree", "The Crown Prosecution Service (CPS) made the decision",
            "The victim has a right to ask the CPS to look at this decision again.",
            "its own scheme for this, the Victims' Right to Review",
            "Ask the CPS, not us, within 3 months, by Thursday 25 February 2027. Find out how at https://www.cps.gov.uk.",
        ],
        ["Say that you want", "You have a right", "We made the decision"],
    ),
    (
        "service",
        {"items": CLOSED, "service": SERVICE},
        [
            "Free help for you", "Derbyshire Victim Services can help, even when a crime is not investigated.",
            "free and confidential: they keep what you tell them private", "If you would like their help, call 0800 612 6505",
            "https://www.core-derbyshire.com",
        ],
        ["referrals@service.test", "passing"],
    ),
    (
        "service for a representative",
        {"items": CLOSED, "service": SERVICE, "reader": Reader.REPRESENTATIVE},
        ["Free help for the victim", "If you or the victim would like"],
        [],
    ),
    (
        "updates proposed",
        {},
        ["We propose to update you every 10 days, by email, even if there is no news. You will hear from us by Monday 30 November 2026."],
        [],
    ),
    (
        "updates agreed, no date",
        {"updates": UpdatePromise(1, Channel.PHONE, None, proposed=False, reason="We cannot text you.")},
        ["We agreed to update you every day, by phone, even if there is no news. We cannot text you. You can change how often"],
        ["hear from us by", "propose"],
    ),
    (
        "key events",
        {"updates": UpdatePromise(None, Channel.EMAIL, date(2026, 12, 1), proposed=True)},
        ["We plan to contact you by email when something important happens. We will next be in touch by Tuesday 1 December 2026."],
        ["every", "propose"],
    ),
    ("no updates", {"updates": None}, [], ["update you", "hear from us", "You can change"]),
    (
        "no officer",
        {"officer": None},
        ["No officer is named now. To ask us anything, reply to this email or call 101."],
        ["The officer is"],
    ),
    ("unknown officer", {"officer": OfficerContact(None, None, None, None)}, ["No officer is named now."], ["collar"]),
    (
        "officer without a name",
        {"officer": OfficerContact(None, "2345", None, None)},
        ["The officer has collar number 2345.", "* Phone 101."],
        ["Email sam"],
    ),
    ("officer without a number", {"officer": OfficerContact("PC Sam Ash", None, None, None)}, ["The officer is PC Sam Ash."], ["collar"]),
]  # fmt: skip


@pytest.mark.parametrize(("overrides", "said", "unsaid"), [row[1:] for row in VARIANTS], ids=[row[0] for row in VARIANTS])
def test_variants(overrides: dict[str, Any], said: list[str], unsaid: list[str]) -> None:
    rendered = email(**overrides)
    body = rendered.text.replace("A person reads every reply", "")
    assert [words for words in said if words not in body] == []
    assert [words for words in unsaid if words in body] == []
    assert page(rendered).text.split() == words_of(rendered.text)


@pytest.mark.parametrize("value", [*HOSTILE, *NAMES])
def test_a_reason_is_shown_as_it_is_and_never_read_as_markup(value: str) -> None:
    def with_reason(reason: str) -> RenderedEmail:
        return email(items=(NewsItem(EventType.ARRESTED, DAY, reason),), channel_reason=reason)

    rendered, ordinary = with_reason(value), with_reason("Ordinary")
    assert [tag for tag, _ in page(rendered).elements if tag != "bdi"] == [tag for tag, _ in page(ordinary).elements]
    assert page(rendered).links == page(ordinary).links
    assert f"\nWhy: {inert.one_line(value)}\n" in rendered.text
    assert len(rendered.text.splitlines()) == len(ordinary.text.splitlines())


def test_a_force_elsewhere_is_named_in_its_own_words() -> None:
    """Nothing of one force stands in the templates."""
    other = ForceContact(
        "Elsewhere Police",
        "Elsewhere",
        "www.elsewhere.test",
        "0100",
        "18001 0100",
        "ask@elsewhere.test",
        "www.p.test",
        "www.v.test",
        ("E",),
    )
    for review in ReviewScheme:
        rendered = email(force=other, review=review, items=DECIDED, officer=None)
        assert not re.search(r"derbyshire|\b101\b", rendered.text + rendered.subject, re.IGNORECASE)
    assert "Elsewhere: there is an update" in sms(force=other)


@pytest.mark.parametrize(
    ("officer", "text"),
    [
        (
            EVENT.officer,
            "Derbyshire Police: there is an update on case 26000712345. "
            "Call 101 to ask for PC Sam Ash 2345, or to check that this is from us. Do not reply.",
        ),
        (
            None,
            "Derbyshire Police: there is an update on case 26000712345. "
            "Call 101 to hear it, or to check that this is from us. Do not reply.",
        ),
        (
            OfficerContact(None, "2345", None, None),
            "Derbyshire Police: there is an update on case 26000712345. "
            "Call 101 to ask for officer 2345, or to check that this is from us. Do not reply.",
        ),
        (
            OfficerContact("PC “Sam” O’Neil–Ash", None, None, None),
            "Derbyshire Police: there is an update on case 26000712345. "
            'Call 101 to ask for PC "Sam" O\'Neil-Ash, or to check that this is from us. Do not reply.',
        ),
    ],
)
def test_sms(officer: OfficerContact | None, text: str) -> None:
    assert sms(officer=officer) == text
    assert (encoding(text), segments(text)) == ("GSM-7", 1)


def test_an_sms_stays_one_segment_up_to_an_officers_name_of_27_letters() -> None:
    assert [segments(sms(officer=OfficerContact("x" * length, "2345", None, None))) for length in (27, 28)] == [1, 2]


@pytest.mark.parametrize("name", NAMES)
def test_an_sms_keeps_every_letter_of_the_officers_name(name: str) -> None:
    assert inert.plain_punctuation(inert.one_line(name)) in sms(officer=OfficerContact(f"PC {name}", "2345", None, None))


@pytest.mark.parametrize("reader", Reader)
@pytest.mark.parametrize("kind", TOLD_HERE)
def test_an_envelope_and_an_sms_are_the_same_whatever_happened(kind: EventType, reader: Reader) -> None:
    told = {
        "items": (NewsItem(kind, DAY, "A secret reason.", EventType.CHARGED, DAY),),
        "reader": reader,
        "review": ReviewScheme.CPS,
        "service": SERVICE,
        "updates": None,
    }
    assert sms(**told) == sms()
    assert email(**told).subject == email().subject
    for seen in (sms(**told).casefold(), email(**told).subject.casefold()):
        assert not [*leak_content.offence_words(seen, {}), *leak_content.urgency_words(seen), *leak_content.unit_words(seen, frozenset())]
        assert not leak_content.has_link(seen)


@pytest.mark.parametrize("large", [False, True], ids=["ordinary", "large print"])
def test_a_letter_says_the_same_as_the_email(large: bool) -> None:
    pdf = event_letter(items=DECIDED, review=ReviewScheme.POLICE, large_print=large)
    text = text_of(pdf)
    for words in (
        "Wednesday 25 November 2026 About reference 26000712345 Dear Alex Morgan, There is news about your case. What happened",
        "On Monday 23 November 2026, it was decided not to take a person to court. Why: There was not enough evidence.",
        "Ask us within 3 months, by Thursday 25 February 2027. To ask, write to us at the address at the top of this letter, "
        f"email {FORCE.reply_to} or call 101. Say that you want a Right to Review",
        "To check that this letter is from us, call 101 or look for us at www.derbyshire.police.uk",
        "Then please destroy this letter.",
    ):
        assert words.replace(" ", "") in text.replace(" ", "")
    assert not re.search("this email|reply to this|https", text)
    assert is_accessible(pdf)
    assert len(event_letter(items=DECIDED, review=ReviewScheme.POLICE).pages) == 2


def test_a_letters_title_tells_nothing() -> None:
    metadata = event_letter().metadata
    assert metadata is not None
    assert metadata.title == "Letter about reference 26000712345"
    assert not re.search("Alex|Morgan|arrest|bail", str(metadata))


@pytest.mark.parametrize("overrides", [{"address": ()}, {"written_on": None}])
def test_a_letter_needs_an_address_and_a_date(overrides: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="an address and a date"):
        event_letter(**overrides)


@pytest.mark.parametrize(("reader", "words"), [(Reader.VICTIM, "your case"), (Reader.REPRESENTATIVE, "the victim's case")])
def test_a_new_officer_is_said(reader: Reader, words: str) -> None:
    assert f"The officer in {words} has changed." in email(reader=reader, officer_changed=True).text
    assert "has changed" not in email(reader=reader).text

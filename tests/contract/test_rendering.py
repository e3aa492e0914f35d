"""Every message as its reader sees it: the twins agree, values stay inert, envelopes are neutral, and each variant says what it must."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.adapters import inert
from chalicelib.domain.messages import OfficerContact, Reader, RenderedEmail, Template, UpdatePromise
from chalicelib.domain.model import Channel
from chalicelib.domain.sms_segments import encoding, segments
from tests.contract.message_examples import ACKNOWLEDGEMENT, NAMES, NOTICE, SERVICE, TASK
from tests.contract.rendered import EVERY, RENDERER, acknowledgement, page, sentences, words_of

PROMISE = ACKNOWLEDGEMENT.updates

assert PROMISE is not None


VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "no name to greet": {"greeting_name": None},
    "representative": {"reader": Reader.REPRESENTATIVE},
    "business": {"reader": Reader.BUSINESS},
    "closed": {"closed": True, "updates": None},
    "not referred": {"referred": False, "passed_on": ()},
    "no officer": {"officer": None},
    "officer without a name": {"officer": OfficerContact(None, "2345", None, None)},
    "officer without a number": {"officer": OfficerContact("PC Sam Ash", None, None, None)},
    "officer of whom nothing is known": {"officer": OfficerContact(None, None, None, None)},
    "declined": {"updates": None},
    "key events": {"updates": replace(PROMISE, every_days=None)},
    "key events agreed, no date": {"updates": UpdatePromise(None, Channel.PHONE, None, proposed=False)},
    "agreed": {"updates": UpdatePromise(1, Channel.LETTER, None, proposed=False)},
    "several": {"crimes": ("arson", "theft", "robbery"), "references": ("26000712345", "26000712346", "26000712347")},
    "enhanced": {"enhanced": True},
    "another channel": {"channel_reason": "We are writing by email because we do not have a mobile number for you."},
    "bare": {"other_support": (), "restorative_justice": False, "compensation": False},
}


def all_emails() -> list[tuple[str, RenderedEmail]]:
    rest = [(template.value, RENDERER.email(template, "en", content)) for template, content in EVERY.items()]
    return [*rest, *((name, acknowledgement(**overrides)) for name, overrides in VARIANTS.items())]


@pytest.mark.parametrize(("name", "rendered"), all_emails())
def test_the_twins_say_the_same_words_in_the_same_order(name: str, rendered: RenderedEmail) -> None:
    assert page(rendered).text.split() == words_of(rendered.text)


@pytest.mark.parametrize(("name", "rendered"), all_emails())
def test_nothing_is_fetched_tracked_or_run(name: str, rendered: RenderedEmail) -> None:
    seen = page(rendered)
    assert {tag for tag, _ in seen.elements} <= {
        "html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "p", "ul", "li", "strong", "a", "bdi",
    }  # fmt: skip
    assert not [attribute for _, attributes in seen.elements for attribute in attributes if attribute.startswith("on")]
    assert "url(" not in str(rendered.html)
    assert "@import" not in str(rendered.html)
    own = {"www.derbyshire.police.uk", "www.core-derbyshire.com", "www.victimsupport.org.uk"}
    assert {link.removeprefix("https://").split("/")[0] for link in seen.links} <= own
    assert not [link for link in seen.links if "?" in link or "#" in link]
    assert all(link in rendered.text for link in seen.links), "a link shows its own full address"


@pytest.mark.parametrize(("name", "rendered"), all_emails())
def test_nothing_is_left_of_the_templates_own_language(name: str, rendered: RenderedEmail) -> None:
    for part in (rendered.subject, rendered.text, str(rendered.html)):
        assert not re.search(r"\{[{%#]|[%#}]\}|None|Undefined|[\ue000-\uf8ff]", part)
    assert "\n" not in rendered.subject
    assert not re.search(r"\n{3,}|[ \t]\n|  ", rendered.text)


def test_html_names_language_direction_and_title() -> None:
    seen = page(acknowledgement())
    assert ("html", {"lang": "en", "dir": "ltr"}) in seen.elements
    assert "<title>Message from Derbyshire Constabulary about reference 26000712345</title>" in str(acknowledgement().html)


@pytest.mark.parametrize("overrides", VARIANTS.values(), ids=VARIANTS.keys())
def test_a_victims_subject_and_preview_are_neutral(overrides: dict[str, Any]) -> None:
    rendered = acknowledgement(**overrides)
    assert rendered.subject == "Message from Derbyshire Constabulary about reference 26000712345"
    for shown in (rendered.text[:230], " ".join(page(rendered).text.split())[:230]):
        assert shown.startswith("Derbyshire Constabulary is writing to you about reference 26000712345.")
        private = r"Alex|Morgan|crime|burgl|arson|theft|robb|victim|urgent|immediate|service|support|unit|officer|enhanced"
        assert not re.search(private, shown, re.IGNORECASE)


def test_subjects_of_the_other_messages() -> None:
    subjects = {template: RENDERER.email(template, "en", content).subject for template, content in EVERY.items()}
    assert subjects[Template.TASK] == "Task for reference 26000712345 by Monday 23 November"
    assert subjects[Template.REFERRAL] == "OFFICIAL-SENSITIVE: referral 26000712345 from Derbyshire Constabulary"
    assert subjects[Template.STOP_NOTICE] == "OFFICIAL-SENSITIVE: stop contact, reference 26000712345"
    assert subjects[Template.WITHDRAWAL] == "OFFICIAL-SENSITIVE: referral withdrawn, reference 26000712345"


MUST_SAY = (
    "burglary of a home", "26000712345", "Friday 20 November 2026", "PC Sam Ash", "collar number 2345", "call 101", "sam.ash@example.test",
    "We propose to update you every 10 days, by email", "Monday 30 November 2026", "You can change how often",
    "We are passing your details to Derbyshire Victim Services", "what the crime was", "We did not ask you first",
    "The Victims' Code says that we must put victims in touch with help", "You can say no", "0800 612 6505", "reply to this email",
    "Victim Support, 0808 168 9111", "Restorative justice", "Criminal Injuries Compensation Authority", "within 2 years",
    "https://www.derbyshire.police.uk/victims-code", "https://www.derbyshire.police.uk/privacy-notice", "always call 999",
    "Not for you? Tell us", "18001 101", "To stop getting messages like this", "within 5 working days", "Dear Alex Morgan,",
)  # fmt: skip


@pytest.mark.parametrize("words", MUST_SAY)
def test_the_acknowledgement_says(words: str) -> None:
    assert words.lower() in acknowledgement().text.lower()


@pytest.mark.parametrize(
    ("variant", "said", "unsaid"),
    [
        ("no name to greet", ["Hello,"], ["Dear"]),
        (
            "representative",
            ["through you", "passing the victim's details", "We did not ask the victim first", "You or the victim"],
            ["to you."],
        ),
        ("business", ["contact for your organisation"], []),
        ("closed", ["This case is closed"], ["We will look", "update you", "working day"]),
        ("not referred", ["We have not passed your details", "0800 612 6505"], ["passing", "did not ask", "say no"]),
        ("no officer", ["No officer has been named yet"], ["The officer is", "collar"]),
        ("officer without a name", ["The officer has collar number 2345.", "* Phone 101."], ["Email sam"]),
        ("officer without a number", ["The officer is PC Sam Ash."], ["collar"]),
        ("officer of whom nothing is known", ["No officer has been named yet"], ["collar"]),
        ("declined", ["You told us that you do not want regular updates"], ["propose", "agreed"]),
        ("key events", ["We plan to contact you by email when something important happens", "Monday 30 November 2026"], ["every"]),
        ("key events agreed, no date", ["We agreed to contact you by phone when something important happens"], ["in touch by"]),
        ("agreed", ["We agreed to update you every day, by letter"], ["propose", "hear from us by"]),
        ("several", ["Crimes: Arson, theft and robbery", "References: 26000712345, 26000712346 and 26000712347"], []),
        ("enhanced", ["within 1 working day.", "You have enhanced rights"], ["5 working days"]),
        ("another channel", ["because we do not have a mobile number for you."], []),
        ("bare", [], ["Others who can help", "Restorative", "Compensation", "What you can ask for"]),
    ],
)
def test_variants(variant: str, said: list[str], unsaid: list[str]) -> None:
    text = acknowledgement(**VARIANTS[variant]).text
    body = text.replace("A person reads every reply", "")
    assert [words for words in said if words not in body] == []
    assert [words for words in unsaid if words in body] == []


def test_short_sentences() -> None:
    """Reading age 9 cannot be measured; long sentences and long words can."""
    found = sentences(acknowledgement().text)
    assert sum(map(len, found)) / len(found) < 12
    assert max(map(len, found)) <= 25


def test_a_task_says_what_is_owed_and_what_is_missing() -> None:
    text = RENDERER.email(Template.TASK, "en", TASK).text
    for words in (
        "Task: 4f0c2d",
        "What is owed: Decide who should support the victim",
        "By: the end of Monday 23 November 2026",
        "This is urgent",
        "* IDVA",
        "* whether this is domestic abuse (flags.domestic_abuse)",
        "* the person's date of birth (victims[V1].date_of_birth)",
        "Held because of another record.",
    ):
        assert words in text
    calm = replace(TASK, urgent=False, destinations=(), missing=(), because=None, due_at=datetime(2026, 7, 1, 8, 30, tzinfo=UTC))
    text = RENDERER.email(Template.TASK, "en", calm).text
    assert "By: 9:30am on Wednesday 1 July 2026" in text
    assert not re.search("urgent|Where it should go|What we need to know", text)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("flags.safeguarding", "whether anybody needs safeguarding"),
        ("occurrence.flags.safeguarding", "whether anybody needs safeguarding"),
        ("offences[0].code", "the Home Office class of the offence"),
        ("offences.0.code", "the Home Office class of the offence"),
        ("occurrence.victims[V1].relationship_to_suspect", "how the person knows the suspect, if they do"),
        ("victims[3].contact_safety.confirmed_at", "when the person last confirmed which ways of contact are safe"),
        ("date_of_birth", "the person's date of birth"),
        ("something.new", "a field of the record"),
    ],
)
def test_field_paths_in_plain_words(path: str, words: str) -> None:
    assert f"* {words} ({path})" in RENDERER.email(Template.TASK, "en", replace(TASK, missing=(path,))).text


def test_messages_to_the_service_hold_no_personal_data_and_no_reason() -> None:
    for template in (Template.REFERRAL, Template.STOP_NOTICE, Template.WITHDRAWAL):
        rendered = RENDERER.email(template, "en", EVERY[template])
        everything = f"{rendered.subject} {rendered.text} {rendered.html}"
        assert "26000712345" in everything
        assert not re.search(r"Alex|Morgan|07700|example\.org|urgl|28E|Amber|locks|doorbell|because|specialist", everything)
    assert "ring the Victim Care Unit on 101" in RENDERER.email(Template.STOP_NOTICE, "en", NOTICE).text


def sms(**overrides: Any) -> str:
    return RENDERER.sms(Template.ACKNOWLEDGEMENT, "en", replace(ACKNOWLEDGEMENT, **overrides))


@pytest.mark.parametrize(
    ("overrides", "text"),
    [
        (
            {},
            "Derbyshire Police ref 26000712345. Officer: PC Sam Ash 2345, call 101. "
            "A free support service may contact you. To say no, call 101 or 0800 612 6505.",
        ),
        ({"referred": False}, "Derbyshire Police ref 26000712345. Officer: PC Sam Ash 2345, call 101."),
        ({"referred": False, "officer": None}, "Derbyshire Police ref 26000712345. Questions? Call 101."),
        (
            {"referred": False, "officer": OfficerContact(None, "2345", None, None)},
            "Derbyshire Police ref 26000712345. Officer: 2345, call 101.",
        ),
        (
            {"referred": False, "officer": OfficerContact("PC Sam Ash", None, None, None)},
            "Derbyshire Police ref 26000712345. Officer: PC Sam Ash, call 101.",
        ),
        (
            {"referred": False, "references": ("26000712345", "26000712346")},
            "Derbyshire Police ref 26000712345 and 26000712346. Officer: PC Sam Ash 2345, call 101.",
        ),
        (
            {"referred": False, "officer": OfficerContact("PC “Sam” O’Neil–Ash", "2345", None, None)},
            'Derbyshire Police ref 26000712345. Officer: PC "Sam" O\'Neil-Ash 2345, call 101.',
        ),
    ],
)
def test_sms(overrides: dict[str, Any], text: str) -> None:
    assert sms(**overrides) == text
    assert (encoding(text), segments(text)) == ("GSM-7", 1)


@pytest.mark.parametrize("name", NAMES)
def test_an_sms_keeps_every_letter_of_the_officers_name(name: str) -> None:
    text = sms(officer=OfficerContact(f"PC {name}", "2345", None, None))
    assert inert.plain_punctuation(inert.one_line(name)) in text
    assert "?" not in text


@pytest.mark.parametrize("overrides", VARIANTS.values(), ids=VARIANTS.keys())
def test_an_sms_holds_no_crime_detail_no_name_and_no_link(overrides: dict[str, Any]) -> None:
    text = sms(**overrides)
    assert not re.search(r"Alex|Morgan|crime|burgl|arson|theft|victim|https?:|www\.|Victim Services|example", text, re.IGNORECASE)
    assert "26000712345" in text
    assert ("To say no" in text) == overrides.get("referred", True)


def test_the_services_own_name_has_a_second_address_only_for_us() -> None:
    assert str(SERVICE.email) not in acknowledgement().text

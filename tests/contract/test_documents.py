"""The PDFs as a reader, a screen reader and an envelope see them: one page, tagged, nameless outside, inert, the same bytes each time."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from chalicelib.adapters.referral_sheet import sheet
from chalicelib.domain.messages import ContactWay, OfficerContact, Template
from tests.contract.drawn import DOCUMENTS, MILLIMETRE, fonts_of, is_accessible, letter, letters_of, referral, text_of, texts_at
from tests.contract.message_examples import ACKNOWLEDGEMENT, REFERRAL


def test_the_referral_reads_in_order_from_marking_to_marking() -> None:
    text = text_of(referral())
    assert text.startswith("OFFICIAL-SENSITIVE Referral 26000712345 To Derbyshire Victim Services. From Derbyshire Constabulary")
    assert text.endswith("OFFICIAL-SENSITIVE")
    expected = (
        "Priority: enhanced rights (persistently targeted)", "Name: Alex Morgan", "Language: English", "Communication needs: large print",
        "Email: alex.morgan@example.org", "Text message: 07700 900123", "Confirmed as safe: Yes", "When to call: weekdays after 6pm",
        "Voicemail: Do not leave a message (not recorded)", "Mention of the police: Do not mention the police to others (not recorded)",
        "Instructions: Please do not ring the doorbell.", "Reference: 26000712345", "Offence: Burglary of a home (Home Office class 28E)",
        "Reported on: Friday 20 November 2026",
        "Happened: between 10pm on Thursday 19 November 2026 and 7am on Friday 20 November 2026", "District: Amber Valley",
        "Requests: Help with new locks.", "Officer: PC Sam Ash (collar number 2345)", "Contact: 101, sam.ash@example.test",
    )  # fmt: skip
    places = [text.index(words) for words in expected]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("overrides", "said", "unsaid"),
    [
        ({"contact_confirmed": False}, ["Confirmed as safe: No. The person gave these details; nobody has checked"], []),
        ({"enhanced": False}, [], ["Priority", "enhanced"]),
        ({"enhanced_reasons": ()}, ["Priority: enhanced rights Person"], []),
        ({"safe_name": "Al", "reach_through": "Jo Morgan"}, ["Ask for: Al", "Reach them through: Jo Morgan"], []),
        (
            {"voicemail_ok": True, "may_say_police": True},
            ["Voicemail: You may leave a message", "Mention of the police: You may say so"],
            [],
        ),
        (
            {"voicemail_ok": False, "may_say_police": False},
            ["Do not leave a message Mention", "to others Instructions"],
            ["(not recorded)"],
        ),
        ({"officer": None}, ["Officer: None named yet"], []),
        ({"officer": OfficerContact(None, None, None, None)}, ["Officer: Not named"], ["Contact: 101"]),
        ({"officer": OfficerContact(None, "2345", None, None)}, ["Officer: (collar number 2345)"], []),
        (
            {"instructions": None, "requests": None, "safe_hours": None, "communication_needs": ()},
            ["Instructions: None recorded", "Requests: None recorded", "When to call: Not recorded", "Communication needs: None recorded"],
            [],
        ),
        (
            {"crimes": (replace(REFERRAL.crimes[0], occurred_from=None, occurred_to=None, district=None),)},
            ["Happened: not recorded", "District: not recorded"],
            [],
        ),
        (
            {"crimes": (REFERRAL.crimes[0], replace(REFERRAL.crimes[0], reference="26000712346", offence="Theft"))},
            ["Crimes", "26000712346: Theft (Home Office class 28E). Reported on Friday 20 November 2026. Happened: between"],
            ["More"],
        ),
        ({"crimes": REFERRAL.crimes * 8}, ["More: 3 more: ask the officer in the case"], []),
        ({"contact": REFERRAL.contact * 3}, ["There are more ways to contact them: ask the officer"], []),
    ],
)
def test_what_the_referral_says(overrides: dict[str, Any], said: list[str], unsaid: list[str]) -> None:
    text = text_of(referral(**overrides))
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []


def test_no_name_in_title_or_metadata() -> None:
    raw = DOCUMENTS.referral(REFERRAL)
    pdf = PdfReader(io.BytesIO(raw))
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Referral 26000712345"
    assert pdf.metadata.author == "Derbyshire Constabulary"
    xmp = pdf.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "Referral 26000712345" in xmp
    for outside in (xmp, str(pdf.metadata), str(pdf.outline)):
        assert not re.search("Alex|Morgan|urglary|07700", outside)


@pytest.mark.parametrize("pdf", [referral(), letter(), letter(large_print=True)], ids=["referral", "letter", "large print"])
def test_tagged_for_screen_readers_with_our_fonts_embedded(pdf: PdfReader) -> None:
    assert is_accessible(pdf)
    assert fonts_of(pdf) == {"LiberationSans": True, "LiberationSans-Bold": True}


@pytest.mark.parametrize(
    "fill", ["W" * 500, ("wide words to fill a line " * 40)[:500], "ਗੁਰਪ੍ਰੀਤ " * 55], ids=["one word", "words", "Panjabi"]
)
def test_the_longest_texts_stay_on_one_page_whole(fill: str) -> None:
    pdf = referral(
        victim_name=f"{fill} {fill}",
        safe_name=fill,
        reach_through=fill,
        contact=tuple(ContactWay(fill, fill) for _ in range(6)),
        contact_confirmed=False,
        safe_hours=fill,
        instructions=fill,
        requests=fill,
        language=fill,
        communication_needs=(fill,) * 7,
        enhanced_reasons=(fill,) * 9,
        officer=OfficerContact(fill, fill, fill, fill),
        crimes=tuple(replace(REFERRAL.crimes[0], offence=fill, district=fill) for _ in range(50)),
    )
    assert len(pdf.pages) == 1
    places = texts_at(pdf)
    bottom = max(y for _, y, text in places if text == "OFFICIAL-SENSITIVE")
    assert all(y < bottom for _, y, text in places if text != "OFFICIAL-SENSITIVE"), "nothing stands on or under the marking"
    if fill.isascii():
        assert letters_of(pdf).count(re.sub(r"\s", "", fill)) == 3, "hours, instructions and requests are whole"
        assert "… (shortened)" in text_of(pdf)


def test_a_shortened_text_says_so() -> None:
    rows = {label: value for section in sheet(replace(REFERRAL, victim_name="x" * 81))["sections"] for label, value in section["rows"]}
    assert rows["Name"] == "x" * 80 + " … (shortened)"


def test_a_long_address_can_be_copied_as_it_is() -> None:
    address = "alexandria.montgomery-fitzpatrick-of-the-long-name@a-very-long-domain-name.of-many-parts.example.org"
    assert address in letters_of(referral(contact=(ContactWay("Email", address),)))


def test_only_the_address_stands_in_the_window() -> None:
    """Window of UK DL and C5 envelopes: 24.6 mm from the left, 39.5 mm from the top, 95.4 by 26.8 mm; 5 mm around it stay empty."""
    for large in (False, True):
        places = texts_at(letter(large_print=large))
        near = [text for x, y, text in places if 19.6 * MILLIMETRE <= x <= 125 * MILLIMETRE and 34.5 * MILLIMETRE <= y <= 71.3 * MILLIMETRE]
        assert near == ["Alex Morgan", "1 Wood Street", "Heanor", "DE75 7XX"]
        for x, y, text in places:
            if text in near:
                assert x >= 24.6 * MILLIMETRE
                assert 39.5 * MILLIMETRE < y < 66.3 * MILLIMETRE, text


def test_a_long_address_is_joined_and_keeps_its_name_and_postcode() -> None:
    lines = ("Alex Morgan", *(f"Part {number}" for number in range(9)), "DE75 7XX")
    near = [text for x, y, text in texts_at(letter(address=lines)) if x < 125 * MILLIMETRE and y < 66.3 * MILLIMETRE]
    assert near[0] == "Alex Morgan"
    assert near[-1] == "DE75 7XX"
    assert near[-2].startswith("Part 4, Part 5")
    assert len(near) == 7


def test_a_letter_says_the_same_as_the_email() -> None:
    text = text_of(letter())
    for words in (
        "Friday 20 November 2026 About reference 26000712345 Dear Alex Morgan, We are sorry about what happened to you. This letter",
        "Crime: Burglary of a home",
        "write to us at the address at the top of this letter",
        "0800 612 6505",
        "www.derbyshire.police.uk/ privacy-notice",
        "Page 1 of 2",
    ):
        assert words.replace(" ", "") in text.replace(" ", "")
    assert not re.search("this email|reply to|https", text)


def test_large_print_is_at_least_16_points() -> None:
    sizes: list[float] = []
    for page in letter(large_print=True).pages:
        page.extract_text(visitor_text=lambda text, cm, tm, font, size: sizes.append(abs(size * cm[3] * tm[3])) if text.strip() else None)
    assert min(size for size in sizes if size) >= 13, "the sender's own address"
    assert sorted(sizes)[len(sizes) // 20] >= 16


def test_a_letters_title_has_no_name() -> None:
    metadata = letter().metadata
    assert metadata is not None
    assert metadata.title == "Letter about reference 26000712345"
    assert not re.search("Alex|Morgan|urgl", str(metadata))


@pytest.mark.parametrize("overrides", [{"address": ()}, {"written_on": None}])
def test_a_letter_needs_an_address_and_a_date(overrides: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="an address and a date"):
        letter(**overrides)


def test_a_letter_in_a_language_without_a_template_is_refused() -> None:
    with pytest.raises(LookupError):
        DOCUMENTS.letter(Template.ACKNOWLEDGEMENT, "pl", ACKNOWLEDGEMENT)

"""What a business contact reads where one message tells of several cases: every case with its own facts, and nothing of one under another.

Must not repeat which cases share a message (tests/unit/services/test_one_a_day.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.event_news import EventNews, NewsItem
from chalicelib.domain.events import EventType
from chalicelib.domain.messages import OfficerContact, OtherReport, Reader, Template
from tests.contract.drawn import DOCUMENTS
from tests.contract.message_examples import ACKNOWLEDGEMENT, EVENT
from tests.contract.rendered import RENDERER as WORDS

ASH, HALE = OfficerContact("PC Sam Ash", "2345", None, None), OfficerContact("PC Robin Hale", "3456", None, None)
FIRST, SECOND, THIRD = "26000712340", "26000712341", "26000712342"
OTHERS = (
    OtherReport(SECOND, ("theft from a shop",), date(2026, 11, 19), HALE, date(2026, 12, 1)),
    OtherReport(THIRD, ("criminal damage",), date(2026, 11, 18), None, None),
)
ACK, NEWS = Template.ACKNOWLEDGEMENT, Template.EVENT
TOLD = replace(ACKNOWLEDGEMENT, reader=Reader.BUSINESS, references=(FIRST,), officer=ASH, others=OTHERS)


def news(reference: str, kind: EventType, officer: OfficerContact) -> EventNews:
    item = NewsItem(kind, date(2026, 11, 20), "Evidence linked the suspect to the scene.")
    return replace(EVENT, reader=Reader.BUSINESS, reference=reference, items=(item,), officer=officer)


SEVERAL = replace(news(FIRST, EventType.ARRESTED, ASH), others=(news(SECOND, EventType.NOT_INVESTIGATED, HALE),))


def test_an_acknowledgement_says_of_each_case_who_deals_with_it_and_when_they_hear():
    lines = WORDS.email(ACK, "en", TOLD).text.splitlines()
    (second,) = [line for line in lines if SECOND in line]
    (third,) = [line for line in lines if THIRD in line]
    assert all(words in second for words in ("theft from a shop", "19 November 2026", "PC Robin Hale", "3456", "1 December 2026"))
    assert all(words in third for words in ("criminal damage", "18 November 2026", "No officer has been named yet"))
    assert "hear from us" not in third


def test_a_text_names_every_case_and_no_officer_of_one():
    for words in (WORDS.sms(ACK, "en", TOLD), WORDS.sms(NEWS, "en", SEVERAL)):
        assert FIRST in words
        assert SECOND in words
        assert "Ash" not in words
        assert "101" in words


def test_news_of_each_case_stands_under_its_own_reference():
    first, second = WORDS.email(NEWS, "en", SEVERAL).text.split(f"Reference {SECOND}")
    assert all(words in first for words in (FIRST, "we arrested a person", "PC Sam Ash"))
    assert all(words in second for words in ("we decided not to investigate", "PC Robin Hale"))
    assert not [words for words in ("decided not to investigate", "Hale", SECOND) if words in first]
    assert not [words for words in ("arrested", "Ash", FIRST) if words in second]


@pytest.mark.parametrize(("template", "content"), [(ACK, TOLD), (NEWS, SEVERAL)])
def test_a_letter_is_made_of_several_cases(template, content):
    posted = replace(content, address=("Charlie Stone", "1 Wood Street", "DE75 7XX"), written_on=date(2026, 11, 20))
    assert DOCUMENTS.letter(template, "en", posted).startswith(b"%PDF")


def test_news_of_court_stands_in_no_case_of_a_message():
    with pytest.raises(ValueError, match="court"):
        WORDS.email(NEWS, "en", replace(SEVERAL, others=(news(SECOND, EventType.HEARING_LISTED, HALE),)))

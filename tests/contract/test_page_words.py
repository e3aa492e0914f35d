"""What messages say of the victim's own page: the link in e-mails, signs and a picture on paper, nothing in a text; and the code."""

from __future__ import annotations

from dataclasses import replace

import pytest
import segno

from chalicelib.adapters.documents import TypstDocuments
from chalicelib.adapters.square_codes import square_code
from chalicelib.domain.messages import Template
from infra.local.pdf_view import page_texts
from tests.contract.message_examples import ACKNOWLEDGEMENT, CODE, EVENT, ON_PAPER, PAGE, UPDATE
from tests.contract.rendered import RENDERER, page

TO_VICTIMS = {Template.ACKNOWLEDGEMENT: ACKNOWLEDGEMENT, Template.EVENT: EVENT, Template.UPDATE: UPDATE}
DOCUMENTS = TypstDocuments()


@pytest.mark.parametrize("template", TO_VICTIMS)
def test_an_email_links_the_page_once_and_whole(template):
    rendered = RENDERER.email(template, "en", replace(TO_VICTIMS[template], page=PAGE))
    assert page(rendered).links.count(PAGE.address) == 1
    assert rendered.text.count(PAGE.address) == 1
    assert "We send you a code before it opens" in rendered.text
    assert PAGE.address not in page(rendered).text, "the words are the link"


@pytest.mark.parametrize("template", TO_VICTIMS)
def test_without_a_page_nothing_is_said_of_one(template):
    rendered = RENDERER.email(template, "en", TO_VICTIMS[template])
    assert "own page" not in rendered.text
    assert "/case/" not in (rendered.html or "")


@pytest.mark.parametrize("template", TO_VICTIMS)
def test_a_letter_says_what_to_type_and_draws_the_link(template):
    content = replace(TO_VICTIMS[template], page=ON_PAPER)
    words = " ".join(" ".join(page_texts(DOCUMENTS.letter(template, "en", content))).split())
    assert "Go to kept-informed.test/case and type in" in words
    assert "Code of this letter: 7K3M-90QX-2HDV" in words
    assert PAGE.address not in words
    assert len(DOCUMENTS.letter(template, "en", content)) > len(DOCUMENTS.letter(template, "en", TO_VICTIMS[template]))


@pytest.mark.parametrize("template", TO_VICTIMS)
def test_a_text_never_says_a_link(template):
    content = replace(TO_VICTIMS[template], page=PAGE, **({"words": None} if template is Template.UPDATE else {}))
    text = RENDERER.sms(template, "en", content)
    assert "/case" not in text
    assert "http" not in text


def test_the_picture_is_the_address():
    picture = square_code(PAGE.address)
    assert picture == square_code(PAGE.address)
    assert picture.startswith("<svg")
    assert PAGE.address not in picture
    assert segno.make_qr(PAGE.address, error="m").version <= 10, "so that it can be read at 4 cm"


def test_the_code_stands_where_no_list_of_messages_shows_it():
    rendered = RENDERER.email(Template.CODE, "en", CODE)
    assert "123456" not in rendered.subject
    assert "123456" not in rendered.text.splitlines()[0]
    assert "Your code is 123456" in rendered.text
    assert "10 minutes" in rendered.text


def test_a_text_with_a_code_is_one_segment_and_names_nobody():
    text = RENDERER.sms(Template.CODE, "en", CODE)
    assert text.startswith("Your code is 123456.")
    assert len(text) <= 160
    assert not [word for word in ("olice", "Derbyshire", "case", "crime", "http", "www") if word in text]

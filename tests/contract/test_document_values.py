"""Values, fonts and errors of documents: any text is drawn as text or as a visible box, and the same content gives the same bytes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chalicelib.adapters.documents import DocumentError, TypstDocuments
from chalicelib.adapters.font_coverage import coverage
from chalicelib.adapters.template_files import templates_root
from chalicelib.domain.messages import OfficerContact, Template
from tests.contract.drawn import DOCUMENTS, fonts_of, is_accessible, letter, letters_of, referral, text_of
from tests.contract.message_examples import ACKNOWLEDGEMENT, HOSTILE, NAMES, REFERRAL, SERVICE


@pytest.mark.parametrize("value", [*HOSTILE, *NAMES])
def test_no_value_breaks_a_document_or_is_read_as_markup(value: str) -> None:
    pdf = referral(victim_name=value, requests=value, instructions=value, service=replace(SERVICE, name=value))
    assert len(pdf.pages) == 1
    assert is_accessible(pdf)
    assert "/Annots" not in pdf.pages[0]
    whole = letter(greeting_name=value, address=(value, "DE75 7XX"), crimes=(value,), officer=OfficerContact(value, value, value, value))
    assert is_accessible(whole)


@pytest.mark.parametrize(
    "value", ['#strong[x] $a$ \\ *b* _c_ @d <e> `f` #panic("x")', "<b>{{ 7*7 }}</b>", "// not a comment /* nor this */"]
)
def test_markup_is_shown_as_it_is_spelled(value: str) -> None:
    assert value.replace(" ", "") in letters_of(referral(requests=value))


@pytest.mark.parametrize(
    ("name", "shown", "boxes"),
    [
        ("Siân Ŵyn Ŷ ŵŷẁẃẅỳÿ", "Siân Ŵyn Ŷ ŵŷẁẃẅỳÿ", False),
        ("Łukasz Żółć", "Łukasz Żółć", False),
        ("Ștefan Țiriac", "Ștefan Țiriac", False),
        ("Дмитро Ґава", "Дмитро Ґава", False),
        ("Zoë 🙂 B", "Zoë □ B", True),
        ("王小明", "□□□", True),
    ],
)
def test_letters_that_no_font_has_are_shown_as_boxes_and_explained(name: str, shown: str, boxes: bool) -> None:
    text = text_of(referral(victim_name=name))
    assert f"Name: {shown} Language" in text
    assert ("stands for a letter that this page cannot show" in text) == boxes


@pytest.mark.parametrize("name", ["محمد علی", "پاکستان ٹھیک", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ"])
def test_arabic_urdu_and_panjabi_names_are_drawn(name: str) -> None:
    pdf = referral(victim_name=name)
    assert "□" not in text_of(pdf)
    assert any(font.startswith("NotoSans") for font in fonts_of(pdf))


def test_the_same_content_gives_the_same_bytes() -> None:
    assert DOCUMENTS.referral(REFERRAL) == TypstDocuments().referral(REFERRAL)
    again = TypstDocuments().letter(Template.ACKNOWLEDGEMENT, "en", ACKNOWLEDGEMENT)
    assert DOCUMENTS.letter(Template.ACKNOWLEDGEMENT, "en", ACKNOWLEDGEMENT) == again
    assert DOCUMENTS.referral(REFERRAL) != DOCUMENTS.referral(replace(REFERRAL, made_on=date(2026, 11, 21)))


def test_fonts_are_few_licensed_and_cover_the_languages() -> None:
    folder = templates_root() / "fonts"
    assert sum(font.stat().st_size for font in folder.glob("*.ttf")) < 2_000_000
    assert "SIL OPEN FONT LICENSE" in (folder / "LICENSE").read_text("utf-8")
    drawn = coverage(folder)
    assert drawn >= set(map(ord, "ŵŷŴŶẁẃẅỳâêîôûäëïöüáéíóúàèìòùąćęłńóśźżăâîșțčďľĺňôŕšťžəđ□…’“”–€£"))
    assert not drawn & {ord("王"), ord("🙂"), 0xFFFF}


def test_a_document_that_cannot_be_made_says_which_and_quotes_nothing(tmp_path: Path) -> None:
    shutil.copytree(templates_root(), tmp_path / "templates")
    (tmp_path / "templates/referral/en/referral.typ").write_text("#panic(sys.inputs.content)", "utf-8")
    with pytest.raises(DocumentError) as raised:
        TypstDocuments(tmp_path / "templates").referral(REFERRAL)
    assert str(raised.value) == "referral/en/referral.typ"
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.ttf").write_bytes(bytes(64))
    with pytest.raises(ValueError, match="not a font"):
        coverage(tmp_path)

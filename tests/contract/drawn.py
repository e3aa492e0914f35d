"""Makes example documents and reads a PDF as its reader does, for the tests of documents.

Must not assert what a document says.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from chalicelib.adapters.documents import TypstDocuments
from chalicelib.domain.messages import Template
from tests.contract.message_examples import ACKNOWLEDGEMENT, EVENT, REFERRAL, UPDATE

DOCUMENTS = TypstDocuments()


MILLIMETRE = 72 / 25.4


def referral(**overrides: Any) -> PdfReader:
    return PdfReader(io.BytesIO(DOCUMENTS.referral(replace(REFERRAL, **overrides))))


def letter(**overrides: Any) -> PdfReader:
    return PdfReader(io.BytesIO(DOCUMENTS.letter(Template.ACKNOWLEDGEMENT, "en", replace(ACKNOWLEDGEMENT, **overrides))))


def event_letter(**overrides: Any) -> PdfReader:
    return PdfReader(io.BytesIO(DOCUMENTS.letter(Template.EVENT, "en", replace(EVENT, **overrides))))


def update_letter(**overrides: Any) -> PdfReader:
    return PdfReader(io.BytesIO(DOCUMENTS.letter(Template.UPDATE, "en", replace(UPDATE, **overrides))))


def text_of(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def letters_of(pdf: PdfReader) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pdf.pages))


def texts_at(pdf: PdfReader, page: int = 0) -> list[tuple[float, float, str]]:
    """(x, y from the top) in points and words of each piece of text."""
    found: list[tuple[float, float, str]] = []
    height = float(pdf.pages[page].mediabox.height)

    def visit(text: str, outer: list[float], inner: list[float], _font: Any, _size: float) -> None:
        x = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
        y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        if text.strip():
            found.append((x, height - y, text.strip()))

    pdf.pages[page].extract_text(visitor_text=visit)
    return found


def is_accessible(pdf: PdfReader) -> bool:
    root = pdf.trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    return (
        root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a pypdf object
        and str(root["/Lang"]).startswith("en")
        and "/StructTreeRoot" in root
        and root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
        and bool(re.search(r"<pdfuaid:part>1<|pdfuaid:part=\"1\"", xmp))
    )


def fonts_of(pdf: PdfReader) -> dict[str, bool]:
    """Name of each font and whether it is embedded."""
    found: dict[str, bool] = {}
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            described: DictionaryObject = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            found[str(described["/FontName"]).split("+")[-1]] = bool({"/FontFile2", "/FontFile3"} & set(described))
    return found

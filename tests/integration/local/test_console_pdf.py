"""A PDF as pictures and words, and the PNG that carries a picture."""

import struct
import zlib

import pytest

from infra.local.pdf_view import page_picture, page_texts, png
from tests.e2e.stored_rows import letter_to


@pytest.fixture(scope="module")
def letter():
    return letter_to("Zoë Łukasik", "1 Wood Street", "Heanor", "DE75 7XX")


def test_the_words_of_each_page(letter):
    pages = page_texts(letter)
    assert "Zoë Łukasik\n1 Wood Street" in pages[0]
    assert "About reference 26000799901" in pages[0]


def test_a_page_is_an_upright_picture(letter):
    picture = page_picture(letter, 0)
    width, height, depth, kind = struct.unpack(">IIBB", picture[16:26])
    assert (depth, kind) == (8, 2)
    assert round(height / width, 2) == 1.41


def test_pages_that_are_not_there(letter):
    assert page_picture(letter, len(page_texts(letter))) is None
    assert page_picture(letter, -1) is None


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-1.7 short"])
def test_what_is_no_pdf_has_no_pages(content):
    assert page_texts(content) == ()
    assert page_picture(content, 0) is None


def test_padding_between_rows_is_left_out():
    picture = png(1, 2, 4, 3, b"abc_def_")
    start = picture.index(b"IDAT")
    (length,) = struct.unpack(">I", picture[start - 4 : start])
    assert zlib.decompress(picture[start + 4 : start + 4 + length]) == b"\0abc\0def"

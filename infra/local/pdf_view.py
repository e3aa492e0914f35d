"""A PDF as a reader without a PDF viewer sees it: its pages as pictures, and its text.

Must not change a file. PDFium is one machine for the whole process, so one page at a time.
"""

import struct
import threading
import zlib
from functools import lru_cache
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # it ships no types

_ONE_AT_A_TIME = threading.Lock()
_POINTS_PER_INCH = 72
_PICTURE_DPI = 110
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@lru_cache(maxsize=64)
def page_texts(pdf: bytes) -> tuple[str, ...]:
    """The text of each page, as it is written; empty for a file that is no PDF."""
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError:
            return ()
        try:
            return tuple(_text(page) for page in document)
        finally:
            document.close()


@lru_cache(maxsize=32)
def page_picture(pdf: bytes, index: int) -> bytes | None:
    """One page (from 0) as a PNG; None where there is no such page."""
    if not 0 <= index < len(page_texts(pdf)):
        return None
    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            bitmap = document[index].render(scale=_PICTURE_DPI / _POINTS_PER_INCH, rev_byteorder=True, prefer_bgrx=False)
            rows = bytes(bitmap.buffer)
            return png(bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels, rows)
        finally:
            document.close()


def _text(page: Any) -> str:
    content = page.get_textpage()
    try:
        return str(content.get_text_range()).replace("\r\n", "\n").strip()
    finally:
        content.close()


def png(width: int, height: int, stride: int, channels: int, pixels: bytes) -> bytes:
    """Rows of 8-bit RGB pixels (`channels` 3, or 4 with alpha), `stride` bytes apart, as a PNG file."""
    kind = {3: 2, 4: 6}[channels]
    lines = b"".join(b"\0" + pixels[row * stride : row * stride + width * channels] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines, 6)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

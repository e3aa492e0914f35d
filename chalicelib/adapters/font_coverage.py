"""Which characters the fonts of the documents can draw, read from the fonts themselves.

A PDF/UA document must not hold a character without a glyph, so documents.py asks here first. Must not shape or draw text.
Format: OpenType `cmap`, subtables 4 and 12.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path


def coverage(folder: Path) -> frozenset[int]:
    """Code points that at least one .ttf in `folder` has a glyph for."""
    return frozenset(code for font in sorted(folder.glob("*.ttf")) for code in _codes(font.read_bytes()))


def _codes(font: bytes) -> Iterator[int]:
    table = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, table + 2)
    for index in range(count):
        _, _, offset = struct.unpack_from(">HHL", font, table + 4 + 8 * index)
        (layout,) = struct.unpack_from(">H", font, table + offset)
        if layout == 4:
            yield from _segments(font, table + offset)
        elif layout == 12:
            yield from _groups(font, table + offset)


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        name, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError("not a font with a character map")


def _groups(font: bytes, at: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">L", font, at + 12)
    for index in range(count):
        first, last, glyph = struct.unpack_from(">LLL", font, at + 16 + 12 * index)
        yield from range(first if glyph else first + 1, last + 1)


def _segments(font: bytes, at: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", font, at + 6)
    ends, starts, deltas, ranges = (at + 14 + extra + place * doubled for place, extra in ((0, 0), (1, 2), (2, 2), (3, 2)))
    for place in range(0, doubled, 2):
        (end,), (start,), (delta,), (offset,) = (struct.unpack_from(">H", font, row + place) for row in (ends, starts, deltas, ranges))
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(">H", font, ranges + place + offset + 2 * (code - start))
            if (glyph + delta) % 0x10000 if (glyph or not offset) else 0:
                yield code

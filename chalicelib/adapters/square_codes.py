"""Draws an address as a QR code (ISO/IEC 18004), for the camera of a telephone: an SVG picture for a letter.

Must not read an address, nor write it anywhere else than into the picture.
"""

from __future__ import annotations

from io import BytesIO

ERRORS_MENDED = "m"
"""15 % of it may be damaged: a letter is folded."""
QUIET = 4
"""Light modules around it, which a reader needs (ISO/IEC 18004, 9.1)."""


def square_code(address: str) -> str:
    """The picture as SVG, black on white."""
    import segno  # letters alone have one

    picture = BytesIO()
    segno.make_qr(address, error=ERRORS_MENDED).save(picture, kind="svg", border=QUIET, light="white", xmldecl=False)
    return picture.getvalue().decode()

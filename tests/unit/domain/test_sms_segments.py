"""Segments of text messages: the boundaries, spelled out, and an independent counter as oracle."""

from __future__ import annotations

import pytest
import smsutil
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chalicelib.domain.sms_segments import encoding, segments

A, EURO, L_STROKE, SMILE = "a", "€", "ł", "🙂"


@pytest.mark.parametrize(
    ("text", "coding", "count"),
    [
        ("", "GSM-7", 1),
        (A * 160, "GSM-7", 1),
        (A * 161, "GSM-7", 2),
        (A * 306, "GSM-7", 2),
        (A * 307, "GSM-7", 3),
        (EURO * 80, "GSM-7", 1),
        (EURO * 81, "GSM-7", 2),
        (EURO * 152, "GSM-7", 2),  # 76 pairs a segment: the 153rd septet stays empty
        (EURO * 153, "GSM-7", 3),
        (A * 152 + EURO + A * 151, "GSM-7", 2),
        (A * 152 + EURO + A * 152, "GSM-7", 3),  # the pair does not fit the first segment, though 306 septets would fill two
        (A * 158 + EURO, "GSM-7", 1),
        (A * 159 + EURO, "GSM-7", 2),
        (L_STROKE * 70, "UCS-2", 1),
        (L_STROKE * 71, "UCS-2", 2),
        (L_STROKE * 134, "UCS-2", 2),
        (L_STROKE * 135, "UCS-2", 3),
        (SMILE * 35, "UCS-2", 1),
        (SMILE * 36, "UCS-2", 2),
        (SMILE * 66, "UCS-2", 2),  # 33 pairs a segment
        (SMILE * 67, "UCS-2", 3),
        (A * 66 + SMILE + A * 66, "UCS-2", 3),
    ],
)
def test_boundaries(text: str, coding: str, count: int) -> None:
    assert (encoding(text), segments(text)) == (coding, count)


@pytest.mark.parametrize(
    ("character", "coding"),
    [
        *((character, "GSM-7") for character in "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n\r"),
        *((character, "GSM-7") for character in "^{}\\[~]|€\f"),
        *((character, "UCS-2") for character in "çáíóúâêîôûëïŵŷłżșț\u0303`’“”–…\t\x00\x1b"),
    ],
)
def test_alphabet(character: str, coding: str) -> None:
    assert encoding(character) == coding


ALPHABET = st.sampled_from("aé€^|łŵ🙂 1") | st.characters(exclude_categories=("Cs",), exclude_characters="\x1b")


@settings(deadline=None)
@given(st.lists(ALPHABET, min_size=1, max_size=400).map("".join))
@example("a" * 152 + "€" + "a" * 152)
@example("a\n")
def test_agrees_with_an_independent_counter(text: str) -> None:
    # smsutil holds a bare escape for a letter of the alphabet, which it is not; escapes are left out.
    assert segments(text) == len(smsutil.split(text).parts)


@settings(deadline=None)
@given(st.text(st.sampled_from("a€"), max_size=700))
def test_more_text_never_costs_less(text: str) -> None:
    assert segments(text) <= segments(text + "a") <= segments(text) + 1

"""How many segments a text message costs, by GSM 03.38 (3GPP TS 23.038) and its concatenation (TS 23.040).

A segment carries 140 octets: 160 septets or 70 UTF-16 units alone, 153 or 67 in a chain. An escape pair or a surrogate pair is never split
between two segments. Must not change, shorten or send a text.
"""

from __future__ import annotations

from collections.abc import Iterable

GSM_7 = "GSM-7"
UCS_2 = "UCS-2"

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("\f^{}\\[~]|€")

_ALONE = {GSM_7: 160, UCS_2: 70}
_CHAINED = {GSM_7: 153, UCS_2: 67}


def encoding(text: str) -> str:
    """ "GSM-7" when every character is in the default alphabet or its extension, else "UCS-2"."""
    return GSM_7 if all(character in _BASIC or character in _ESCAPED for character in text) else UCS_2


def segments(text: str) -> int:
    """Segments that `text` is sent and charged as; an empty text is still one."""
    coding = encoding(text)
    costs = [_units(character, coding) for character in text]
    return 1 if sum(costs) <= _ALONE[coding] else _chain(costs, _CHAINED[coding])


def _units(character: str, coding: str) -> int:
    """Septets or UTF-16 units of one character: 1 or 2."""
    if coding == GSM_7:
        return 2 if character in _ESCAPED else 1
    return 2 if ord(character) > 0xFFFF else 1


def _chain(costs: Iterable[int], room: int) -> int:
    count, used = 1, 0
    for cost in costs:
        if used + cost > room:
            count, used = count + 1, 0
        used += cost
    return count

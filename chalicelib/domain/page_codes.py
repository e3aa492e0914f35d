"""How the codes of the victim's page are written, typed and told apart: six digits for a message, twelve signs for a letter.

Must not hold a key or make a code: whoever knows these rules alone can open nothing.
"""

from __future__ import annotations

import re

DIGITS = 6
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that nothing is mistaken for anything else, and no word comes about."""
LENGTH, TAG = 12, 2
"""Signs of a letter's code; the first of them say which letter, the others that we printed it."""
_MISREAD = str.maketrans("ILO", "110")
_GROUP = 4


def digits_of(typed: str) -> str:
    """What was typed as a one-time code, without spaces and dashes; "" where it cannot be one."""
    found = re.sub(r"[\s.–-]", "", typed)
    return found if len(found) == DIGITS and found.isascii() and found.isdecimal() else ""


def signs_of(typed: str) -> str:
    """What was typed as a letter's code, as we print it without dashes; "" where it cannot be one."""
    found = re.sub(r"[\s.–-]", "", typed).upper().translate(_MISREAD)
    return found if len(found) == LENGTH and all(sign in SIGNS for sign in found) else ""


def written(number: int, length: int) -> str:
    """The lowest bits of a number as so many signs."""
    return "".join(SIGNS[number >> 5 * place & 31] for place in reversed(range(length)))


def tag_of(notification_id: str) -> str:
    """Which letter a code is of, among those of one case: an id is a hash, so its first bits say it well enough."""
    return written(int(notification_id[:8], 16), TAG)


def in_groups(code: str) -> str:
    """As it is printed: four signs at a time."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))

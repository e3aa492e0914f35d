"""Home Office classes as the routing rules of the product need them: which are held and as what, and which are against a person.

The sexual offences are the group of that name in the Home Office's hierarchy of 2017-18, and N100; which others are held, and which
are against a person, follows the project's published judgement. A class that is not here is unknown.

Must not decide for a victim: routing.py does.
"""

from __future__ import annotations

import re

SEXUAL, DOMESTIC, STALKING, DEATH, HELD = "sexual-offence", "domestic-abuse-class", "stalking-harassment", "death", "held-class"


def _each(codes: str, rule: str) -> dict[str, str]:
    return dict.fromkeys(codes.split(), rule)


_HELD_BY: dict[str, str] = {
    **_each("17A 17B 19C 19D 19E 19F 19G 19H 20A 20B 21 22A 22B 23 70 71 72 73 88A 88C 88D 88E", SEXUAL),
    **_each("N100 N100/1 N100/2 N100/3", SEXUAL),
    **_each("8U", DOMESTIC),
    **_each("8L 8M 8Q 8R", STALKING),
    **_each("1 1-4.1-4.10-4.2 4.1 4.10 4.2 4.3 4.4 4.6 4.7 4.8 4.9 15 37.1 76", DEATH),
    **_each("2 3A 3B 5D 5E 11A 13 14 24 26 27 35 36 66 79 86 95 99 106", HELD),
}
_NOT_HELD = {
    **_each("56A 53F 59 802 10A 10B 10C 10D 81 90 62A 9A 9B 34A 34B 39 8N 8P 8S 8T 104 104A 104B 105A 105B", "person"),
    **_each("28A 28B 28C 28D 28E 28F 28G 28H 29 29A 30A 30B 30C 30D 31 31A 37.2 44 45 46 48 126", "property"),
    **_each("33 33A 38 40 41 42 43 47 49 49A 54 56B 58A 58B 58C 58D 58J", "property"),
    **_each("51 52 53B 53C 53D 53E 55 60 61 61A 67 69 80 814 83 92A 92C 92D 92E 96", "other"),
}
"""What is not held, and whether it is against a person; everything that is held is."""
HATE = frozenset({"58J", "9B", "8P", "105B", "8M"})
"""Aggravated by race or religion."""
MOST_SERIOUS = frozenset(
    {code for code, rule in _HELD_BY.items() if rule in {SEXUAL, DOMESTIC, DEATH}} | {"2", "5D", "5E", "24", "27", "36", "106"}
)
"""Of which the victim's rights are enhanced: death, attempted murder, sexual offences, domestic abuse, serious harm, kidnapping and
exploitation."""
_HELD_NUMBERS: dict[str, str] = {
    **_each("017 019 020 021 022 023 070 071 072 073 088", SEXUAL),
    **_each("001 004 015 076", DEATH),
    **_each("002 003 005 011 013 014 024 026 027 035 036 066 079 086 095 099 106", HELD),
    **_each("195", STALKING),
}
"""First numbers of a stats code that are careful whatever follows them."""


def known(code: str) -> bool:
    return code in _HELD_BY or code in _NOT_HELD


def held_as(code: str) -> str | None:
    """The rule that a class fires."""
    return _HELD_BY.get(code)


def stats_code_held_as(ho_code: str | None) -> str | None:
    """The rule that a stats code (NNN/NN) fires: more careful than the class, never less."""
    if ho_code is None:
        return None
    return DEATH if ho_code == "037/01" else _HELD_NUMBERS.get(ho_code[:3])


def conflicting(code: str, ho_code: str | None) -> bool:
    """Class 8 by the stats code (assault, and stalking too), another class by the code that should decide."""
    return ho_code is not None and ho_code.startswith("008") and not re.fullmatch(r"8[A-Z]?", code)


def personal(code: str) -> bool:
    """Against a person, or not known not to be."""
    return _NOT_HELD.get(code, "person") == "person"

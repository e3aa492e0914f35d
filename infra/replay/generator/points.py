"""Gives out what there is too little of: drama numbers, and mailboxes that bounce or complain.

Must not give one number to two people, a number that the console's own examples use, or a point that misbehaves to somebody whom two
messages could reach by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from infra.replay.generator.people import Person
from infra.replay.generator.shares import chance, draw

SPECIAL = range(950, 956)
"""Drama numbers that the simulated network treats in a way of their own."""
KEPT_OUT = frozenset({123, 124, 125, 126, 127, 321, 555, *range(600, 650)})
"""Drama numbers of the console's examples, which may be pressed while a replay is on the same machine: they are nobody's here."""
EVERY = 8
"""One in so many of those who prefer text messages and are alone has the next special number."""
_LANDLINES = ("0114 496 0", "0116 496 0", "0117 496 0", "0118 496 0")
"""Ofcom's drama numbers of Sheffield, Leicester, Bristol and Reading, a thousand each: Derby has none."""


def give_out(rng: Random, everybody: list[Person]) -> None:
    """Numbers and mailboxes for everybody who was met, in place: mobiles to those who prefer text messages first."""
    _mobiles(rng, everybody)
    _landlines(rng, everybody)
    for person in everybody:
        _mailbox(rng, person)


def _mobiles(rng: Random, everybody: list[Person]) -> None:
    wanting = sorted((person for person in everybody if person.wants_mobile), key=lambda person: person.preferred != "sms")
    ordinary = [number for number in range(1000) if number not in SPECIAL and number not in KEPT_OUT]
    rng.shuffle(ordinary)
    numbers, special = iter(ordinary), iter(SPECIAL)
    lonely = 0
    for person in wanting:
        number = None
        if person.alone and person.preferred == "sms":
            lonely += 1
            number = next(special, None) if lonely % EVERY == 0 else None
        number = next(numbers, None) if number is None else number
        person.mobile = None if number is None else _mobile(rng, number)
        if number is None and chance(rng, "point.mobile_unusable"):
            person.mobile = f"via neighbour of {person.serial}, no number"
    for person in everybody:
        if person.lives_with is not None:
            person.mobile = person.lives_with.mobile


def _mobile(rng: Random, number: int) -> str:
    forms = {"+44": f"+447700900{number:03d}", "0": f"07700900{number:03d}", "spaced": f"07700 900{number:03d}"}
    return forms[draw(rng, "point.mobile_written")]


def _landlines(rng: Random, everybody: list[Person]) -> None:
    numbers: Iterator[str] = (f"{area}{number:03d}" for area in _LANDLINES for number in rng.sample(range(1000), 1000))
    for person in everybody:
        if person.landline is not None:
            person.landline = next(numbers, None)


def _mailbox(rng: Random, person: Person) -> None:
    manner = draw(rng, "point.mailbox")
    usable = person.email is not None and person.email.count("@") == 1 and person.email.endswith((".org", ".test"))
    if manner and usable and person.alone:
        person.email = f"{manner}.{person.email}"

"""Reference numbers: eleven digits by hash of seed, shift and Crime ID, some of them of the kind that may be written YY*NNNNNN.

Must not count up or depend on what else is in the run, but for the rare number that is taken.
"""

from __future__ import annotations

import hashlib
from random import Random

from infra.replay.generator.crimes import Crime
from infra.replay.generator.shares import chance
from infra.replay.generator.times import LONDON


def name_all(crimes: list[Crime], seed: int) -> None:
    """A reference for every crime, in place; the year is that of the record."""
    taken: set[str] = set()
    for crime in crimes:
        year = crime.when.recorded.astimezone(LONDON).year % 100
        short = chance(crime.rng, "record.short_reference")
        number = int(hashlib.sha256(f"{seed}|{crime.month.weeks}|{crime.unit.key}".encode()).hexdigest(), 16)
        crime.reference = _written(year, number, short=short)
        while crime.reference in taken:
            number += 1
            crime.reference = _written(year, number, short=short)
        taken.add(crime.reference)


def may_be_short(rng: Random, reference: str) -> str:
    """The reference as the record writes it: where it can be, the short form in the stated share."""
    if reference[2:5] == "000" and chance(rng, "record.written_short"):
        return f"{reference[:2]}*{reference[5:]}"
    return reference


def long(written: str) -> str:
    """The eleven digits of either form."""
    return written.replace("*", "000")


def _written(year: int, number: int, *, short: bool) -> str:
    return f"{year:02d}{number % (10**6 if short else 10**9):09d}"

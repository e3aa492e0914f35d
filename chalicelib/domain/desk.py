"""What a signed-in person may do with officers, cases and messages: by who they are in the case, the directory, and their roles.

Whoever is reminded of something may deal with it, and nobody else. Must not read anything, nor know how somebody signed in.
"""

from __future__ import annotations

from datetime import date

from chalicelib.domain.model import Unit
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.reminders import Listed, away_on, responsible
from chalicelib.domain.sign_in import Person


def supervises(person: Person, officer: str | None, recorded: str | None, day: date, listed: Listed) -> bool:
    """Whether `person` is the supervisor of `officer`: the directory's, else the one whom the record names (`recorded`).

    Where there is none, or they are away, whoever has the supervisors' role stands in: their mailbox has the reminders too.
    """
    entry = listed(officer) if officer else None
    named = (entry.supervisor if entry else None) or recorded
    if named == person.collar_number:
        return True
    found = listed(named) if named else None
    vacant = named is None or (found is not None and away_on(found, day))
    return vacant and Unit.SUPERVISOR in person.roles


def covers(person: Person, officer: str | None, day: date, listed: Listed) -> bool:
    """Whether `person` stands in for `officer`, who is away."""
    entry = listed(officer) if officer else None
    return entry is not None and away_on(entry, day) and entry.cover == person.collar_number


def may_give_away(person: Person, officer: str | None, recorded: str | None, day: date, listed: Listed) -> bool:
    """Whether `person` may hand over a case of `officer`, or say when they are away: their own, or as their supervisor."""
    return officer == person.collar_number or supervises(person, officer, recorded, day, listed)


def in_charge(person: Person, officer: str | None, recorded: str | None, day: date, listed: Listed) -> bool:
    """Whether every message of a case of `officer` is this person's to read and allocate: a cover's too."""
    return may_give_away(person, officer, recorded, day, listed) or covers(person, officer, day, listed)


def has(person: Person, owed: Obligation, day: date, listed: Listed) -> bool:
    """Whether what is owed is with this person: it was given to them, they would be reminded of it, or their unit has it."""
    if owed.officer == person.collar_number:
        return True
    if not owed.unmet:
        return False
    now = responsible(owed, day, listed)
    return now.collar_number == person.collar_number if now.collar_number else now.unit in person.roles

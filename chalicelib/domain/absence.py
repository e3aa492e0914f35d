"""What a signed-in person said of an officer's absence, beside what the records system says; and what is wrong with a form that says it.

Why somebody is away is asked nowhere: sickness is nobody's business here. Must not decide who may say it, nor who stands in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.model import DirectoryOfficer

FURTHEST_BACK = timedelta(days=31)
"""[INF] Somebody who is told of it later still gets it entered; further back is a slip."""
FURTHEST_AHEAD = timedelta(days=366)
"""[INF] Further ahead is a slip."""


@dataclass(frozen=True, slots=True)
class Absence:
    """`absent_from` None: they are on duty, whatever was said before. `absent_until` is inclusive; None: until they are back."""

    told_at: datetime
    by: str
    absent_from: date | None
    absent_until: date | None = None
    cover: str | None = None


@dataclass(frozen=True, slots=True)
class AbsenceForm:
    """Whose absence, and when. `absent_until` is inclusive; None: not known. What was typed and cannot be read is in `unreadable`."""

    officer: str
    absent_from: date | None
    absent_until: date | None = None
    cover: str | None = None
    unreadable: frozenset[str] = frozenset()


class Wrong(StrEnum):
    """What is wrong with a field of the form."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    BEFORE_START = "before_start"
    PAST = "past"
    UNKNOWN = "unknown"
    SELF = "self"
    AWAY = "away"
    HAS_IT = "has_it"


Faults = dict[str, Wrong]
"""By field."""


def as_told(entry: DirectoryOfficer, told: Absence | None) -> DirectoryOfficer:
    """The directory's entry with what was said here. A cover that nobody named here is the directory's."""
    if told is None:
        return entry
    return replace(entry, absent_from=told.absent_from, absent_until=told.absent_until, cover=told.cover or entry.cover)


def says_otherwise(before: DirectoryOfficer, after: DirectoryOfficer) -> bool:
    """Whether a newer version of an entry says something new of absence: a later word than what was said here. Repeating is none."""
    return (before.absent_from, before.absent_until, before.cover) != (after.absent_from, after.absent_until, after.cover)


def day_faults(first: date | None, last: date | None, today: date) -> Iterator[tuple[str, Wrong]]:
    """What is wrong with the days of an absence."""
    if first is None:
        yield "absent_from", Wrong.MISSING
    elif first < today - FURTHEST_BACK:
        yield "absent_from", Wrong.TOO_EARLY
    elif first > today + FURTHEST_AHEAD:
        yield "absent_from", Wrong.TOO_LATE
    if last is not None:
        yield from ((("absent_until", why),) if (why := _wrong_end(first, last, today)) else ())


def _wrong_end(first: date | None, last: date, today: date) -> Wrong | None:
    if last < today:
        return Wrong.PAST
    if first is not None and last < first:
        return Wrong.BEFORE_START
    return Wrong.TOO_LATE if last > today + FURTHEST_AHEAD + FURTHEST_BACK else None

"""Reads the forms of the officer's page as a browser posts them: days and times as browsers and people write them, in London's time.

Must not know a case, nor judge what was read: `domain/officer_forms.py` does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from chalicelib.domain.deadlines import LONDON
from chalicelib.domain.events import Result
from chalicelib.domain.officer_forms import ContactForm, Fault, UpdateForm, Way, Wrong

CONTACT_FIELDS = ("victim", "result", "day", "time", "way", "next_update_on")
TRIES = frozenset({Result.NO_ANSWER, Result.MESSAGE_LEFT})
UPDATE_FIELDS = ("victim", "start", "words", "next_update_on")

_CENTURY = 2000
_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})|(?P<d>\d{1,2})[\s/.-]+(?P<m>\d{1,2})[\s/.-]+(?P<y>(?:20)?\d\d)")
_TIME = re.compile(r"(?P<hour>\d{1,2})[:.\s]?(?P<minute>\d\d)(?:[:.]\d\d)?(?:\s*(?P<half>[ap])\.?m\.?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadContact:
    """A form; `faults` are about what no case has to be asked for."""

    form: ContactForm
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class ReadUpdate:
    """As ReadContact."""

    form: UpdateForm
    faults: tuple[Fault, ...]


def read_contact(posted: Mapping[str, str], covers: Sequence[str] = ()) -> ReadContact:
    """ "I have spoken to them": what cannot be read is None, which the domain says is missing."""
    return _read_contact(posted, Result.SPOKEN, covers)


def read_try(posted: Mapping[str, str]) -> ReadContact:
    """ "I tried, no answer": it was about all that may be."""
    return _read_contact(posted, Result(posted["result"]) if posted["result"] in TRIES else None, ())


def _read_contact(posted: Mapping[str, str], result: Result | None, covers: Sequence[str]) -> ReadContact:
    form = ContactForm(
        victim_id=posted["victim"],
        result=result,
        contacted_at=_moment(posted["day"], posted["time"]),
        way=Way(posted["way"]) if posted["way"] in set(Way) else None,
        covers=frozenset(covers),
        next_update_on=read_day(posted["next_update_on"]),
    )
    return ReadContact(form, _unread(posted))


def read_update(posted: Mapping[str, str]) -> ReadUpdate:
    """An update; a day that is left out is the one that was suggested."""
    form = UpdateForm(posted["victim"], posted["start"] or None, posted["words"] or None, read_day(posted["next_update_on"]))
    return ReadUpdate(form, _unread(posted))


def _unread(posted: Mapping[str, str]) -> tuple[Fault, ...]:
    given = posted["next_update_on"].strip()
    return (Fault("next_update_on", Wrong.UNKNOWN),) if given and read_day(given) is None else ()


def read_day(text: str) -> date | None:
    """`2026-12-08`, as a browser sends it, or `8/12/2026`, `08 12 26`; None where it is no day of this century."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(found[a] or found[b][-2:]) for a, b in (("year", "y"), ("month", "m"), ("day", "d")))
    year = year if found["year"] else _CENTURY + year
    try:
        return date(year, month, day) if _CENTURY <= year < _CENTURY + 100 else None
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """`14:05`, as a browser sends it, or `14.05`, `1405`, `2.05pm`."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    try:
        return time(hour, int(found["minute"]))
    except ValueError:
        return None


def _moment(day: str, at: str) -> datetime | None:
    on, clock = read_day(day), read_time(at)
    return datetime.combine(on, clock, LONDON).astimezone(UTC) if on and clock is not None else None

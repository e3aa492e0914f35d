"""Reads the forms of the desk as a browser posts them: days, collar numbers, references; and what they are shown again with.

Must not know whether a collar number or a reference exists, nor who may do what.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from chalicelib.domain.absence import AbsenceForm
from chalicelib.schemas.contact_form import read_collar_number
from chalicelib.schemas.text import clean

MOST_TYPED = 60
"""Characters of any field here."""
ABSENCE = ("officer", "absent_from", "absent_until", "cover")
_DAY_FIRST = re.compile(r"(\d{1,2})[ ./-](\d{1,2})[ ./-](\d{4})")


def typed(posted: Mapping[str, str], *fields: str) -> dict[str, str]:
    """What was entered, on one line each."""
    return {field: clean(posted.get(field, ""))[:MOST_TYPED] for field in fields}


def read_absence(entered: Mapping[str, str]) -> AbsenceForm:
    """Whose absence and when. A collar number that is none is left as it stands: the directory will not know it."""
    days = {field: read_day(entered[field]) for field in ("absent_from", "absent_until")}
    unreadable = frozenset(field for field, day in days.items() if day is None and entered[field])
    return AbsenceForm(
        officer=read_collar(entered["officer"]),
        absent_from=days["absent_from"],
        absent_until=days["absent_until"],
        cover=read_collar(entered["cover"]) or None,
        unreadable=unreadable,
    )


def read_collar(text: str) -> str:
    """A collar number however it was written, "" for nothing."""
    return (read_collar_number(text) or text.upper()) if text else ""


def read_day(text: str) -> date | None:
    """What a date control sends (`2026-12-01`), or what a person types: `1 12 2026`, `01/12/2026`."""
    if found := _DAY_FIRST.fullmatch(text):
        text = f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

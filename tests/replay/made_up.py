"""Made-up street rows, in the columns of data.police.uk, with every crime type in something like its real share.

Must not hold a row of the source itself.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from chalicelib.schemas.records import Parsed, Rejected, parse_record
from infra.replay.generator.lines import lines
from infra.replay.generator.outcomes import MAPPING, Outcome
from infra.replay.generator.street import Row

NOW = datetime.fromisoformat("2026-11-21T20:05:00+00:00")
COLUMNS = ("Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code", "LSOA name", "Crime type",
           "Last outcome category", "Context")  # fmt: skip
TYPES = {
    "Violence and sexual offences": 39, "Anti-social behaviour": 20, "Public order": 8, "Criminal damage and arson": 8, "Other theft": 6,
    "Vehicle crime": 4, "Burglary": 4, "Shoplifting": 4, "Drugs": 2, "Other crime": 2, "Possession of weapons": 1, "Robbery": 1,
    "Theft from the person": 1, "Bicycle theft": 1,
}  # fmt: skip
PLACES = ("Derby 001A", "Derby 002B", "Amber Valley 001A", "Chesterfield 003C", "High Peak 010A", "Sheffield 004D", "")
REAL = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Real months, where somebody keeps them beside the repository."""


def row(crime_id: str = "", month: str = "2022-01", crime_type: str = "Burglary", lsoa: str = "Derby 001A", **changes: str) -> Row:
    """One row; an empty `crime_id` is none."""
    values = {"force": "Derbyshire Constabulary", "location": "On or near Teasel Way"} | changes
    return Row(crime_id, month, values["force"], values["location"], lsoa, crime_type)


def rows(count: int, month: str = "2022-01", seed: int = 7) -> tuple[Row, ...]:
    """So many rows; about one in thirty shares its Crime ID with the row before."""
    rng = Random(f"{seed} {month}")
    found: list[Row] = []
    for number in range(count):
        crime_type = rng.choices(tuple(TYPES), weights=tuple(TYPES.values()))[0]
        crime_id = "" if crime_type == "Anti-social behaviour" else f"{rng.getrandbits(256):064x}"
        if found and found[-1].crime_id and rng.random() < 0.03:
            crime_id, crime_type = found[-1].crime_id, found[-1].crime_type
        location = "No Location" if number % 50 == 0 else "On or near Teasel Way"
        found.append(row(crime_id, month, crime_type, rng.choice(PLACES), location=location))
    return tuple(found)


def became(some: tuple[Row, ...], share: float = 0.5) -> list[Outcome]:
    """Outcomes of every kind, of about this part of the crimes, and a few of crimes that are not among them."""
    ids = list(dict.fromkeys(each.crime_id for each in some if each.crime_id))
    rng, names = Random("outcomes"), list(MAPPING)
    here = [Outcome(crime_id, "2022-01", names[number % len(names)]) for number, crime_id in enumerate(ids) if rng.random() < share]
    return [*here, *(Outcome(f"{number:064x}", "2022-01", name) for number, name in enumerate(names))]


def as_csv(some: tuple[Row, ...]) -> str:
    """The text of a street file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for each in some:
        where = ("-1.4", "53.0", each.location, "E01", each.lsoa)
        writer.writerow([each.crime_id, each.month, each.force, each.force, *where, each.crime_type, "", ""])
    return text.getvalue()


@cache
def made(
    count: int = 600, *, seed: int = 1, now: datetime = NOW, limit: int | None = None, months: tuple[str, ...] = ("2022-01",)
) -> list[Any]:
    """The lines of so many made-up rows a month; not to be changed, since others read them too."""
    return list(lines({month: rows(count, month) for month in months}, seed, now, limit=limit))


def occurrence_of(body: str) -> dict[str, Any] | None:
    """The occurrence in a body, out of its EventBridge envelope; None where there is none to be read."""
    try:
        message = json.loads(body)
    except ValueError:
        return None
    message = message.get("detail", message) if isinstance(message, dict) else {}
    found = message.get("occurrence")
    return found if isinstance(found, dict) else None


@cache
def judged(count: int) -> list[tuple[dict[str, Any], Parsed | Rejected]]:
    """Each message of so many made-up rows, with what the product's parser says of it when it is fed."""
    return [(line, parse_record(line["body"], now=fed_at(line), allow_reserved=True)) for line in made(count)[1:]]


def fed_at(line: dict[str, Any], now: datetime = NOW) -> datetime:
    """When a line is fed."""
    return now + timedelta(days=line["day"])

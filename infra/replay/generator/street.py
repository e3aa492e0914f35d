"""Reads street files of data.police.uk into rows by month, and rows into occurrences.

Must not invent, repair or drop a row: several rows of one Crime ID stay several, and a file that is no street file is an error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.replay.generator import source_files
from infra.replay.generator.source_files import StreetError

ANTI_SOCIAL = "Anti-social behaviour"
"""The one category of the source that is no crime and has no Crime ID."""

_NEEDED = ("Crime ID", "Month", "Falls within", "Location", "LSOA name", "Crime type")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a street file. `crime_id` is "" where there is none; the other texts may be "" too."""

    crime_id: str
    month: str
    force: str
    location: str
    lsoa: str
    crime_type: str


@dataclass(frozen=True, slots=True)
class Unit:
    """The rows of one occurrence: one Crime ID with as many rows as victims, or a single row without an ID. `key` is unique."""

    key: str
    rows: tuple[Row, ...]

    @property
    def month(self) -> str:
        return self.rows[0].month

    @property
    def has_id(self) -> bool:
        return bool(self.rows[0].crime_id)


def read(paths: Sequence[Path | str], months: Collection[str] | None = None) -> dict[str, tuple[Row, ...]]:
    """Rows by month, months and files in order. `months` ("2022-01") narrows the selection; StreetError where nothing is left."""
    found: dict[str, list[Row]] = {}
    for file in source_files.files(paths, source_files.STREET):
        for row in _rows(file):
            found.setdefault(row.month, []).append(row)
    if not found:
        raise StreetError(f"no street rows in {', '.join(str(path) for path in paths) or 'nothing'}")
    missing = sorted(set(months or ()) - found.keys())
    if missing:
        raise StreetError(f"no rows of {', '.join(missing)}: there are {', '.join(sorted(found))}")
    return {month: tuple(found[month]) for month in sorted(months or found)}


def units(months: Mapping[str, Sequence[Row]]) -> list[Unit]:
    """Occurrences in the order of their first row, whatever month or file the other rows of a Crime ID stand in."""
    together: dict[str, list[Row]] = {}
    for month in sorted(months):
        without_id = 0
        for row in months[month]:
            without_id += not row.crime_id
            key = row.crime_id or f"{month} without ID {without_id}"
            together.setdefault(key, []).append(row)
    return [Unit(key, tuple(rows)) for key, rows in together.items()]


def spread(every: Sequence[Unit], limit: int | None) -> list[Unit]:
    """At most `limit` rows, spread evenly over the whole, rows of one Crime ID together; all of them without a limit."""
    total = sum(len(unit.rows) for unit in every)
    if limit is None or limit >= total:
        return list(every)
    taken, credit = [], total // 2
    for unit in every:
        size = len(unit.rows)
        credit += size * limit
        if credit >= size * total:
            credit -= size * total
            taken.append(unit)
    if not taken:
        raise StreetError(f"a limit of {limit} leaves no rows")
    return taken


def _rows(file: Path) -> Iterator[Row]:
    for values in source_files.rows(file, _NEEDED, ("Crime type",), "street file"):
        yield Row(*(values[name] for name in _NEEDED))

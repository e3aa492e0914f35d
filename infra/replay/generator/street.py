"""Reads street files of data.police.uk (plain or .gz, one, many or a folder) into rows by month, and rows into occurrences.

Must not invent, repair or drop a row: several rows of one Crime ID stay several, and a file that is no street file is an error.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ANTI_SOCIAL = "Anti-social behaviour"
"""The one category of the source that is no crime and has no Crime ID."""

_NEEDED = ("Crime ID", "Month", "Falls within", "Location", "LSOA name", "Crime type")
_MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
_SUFFIXES = (".csv", ".csv.gz")


class StreetError(ValueError):
    """A file or a selection that cannot be replayed: names the file, and the column or line that is wrong."""


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
    for file in _files(paths):
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


def _files(paths: Sequence[Path | str]) -> list[Path]:
    chosen: dict[Path, None] = {}
    for path in map(Path, paths):
        if path.is_dir():
            chosen.update(dict.fromkeys(_street_files(path)))
        elif path.is_file():
            chosen[path.resolve()] = None
        else:
            raise StreetError(f"{path}: no such file or folder")
    names: dict[str, Path] = {}
    for file in chosen:
        name = file.name.removesuffix(".gz")
        if name in names:
            raise StreetError(f"{file}: the same file as {names[name]}, so that its rows would count twice")
        names[name] = file
    return list(chosen)


def _street_files(folder: Path) -> list[Path]:
    """Outcomes and stop-and-search files stand beside the street files in every archive of the source."""
    inside = sorted(path.resolve() for path in folder.rglob("*") if path.is_file())
    return [path for path in inside if "-street" in path.name and path.name.endswith(_SUFFIXES) and not path.name.startswith(".")]


def _rows(file: Path) -> Iterator[Row]:
    reader = csv.DictReader(io.StringIO(_text(file), newline=""))
    try:
        for name in _NEEDED:
            if name not in (reader.fieldnames or ()):
                raise StreetError(f'{file}: no column "{name}", so it is no street file of data.police.uk')
        for given in reader:
            yield _row(file, reader.line_num, given)
    except csv.Error as error:
        raise StreetError(f"{file}, line {reader.line_num}: {error}") from error


def _row(file: Path, line: int, given: Mapping[str, str | None]) -> Row:
    values = {}
    for name in _NEEDED:
        value = given[name]
        if value is None:
            raise StreetError(f'{file}, line {line}: ends before column "{name}"')
        values[name] = value.strip()
    if not _MONTH.fullmatch(values["Month"]):
        raise StreetError(f'{file}, line {line}: column "Month" is not like 2022-01')
    if not values["Crime type"]:
        raise StreetError(f'{file}, line {line}: column "Crime type" is empty')
    return Row(values["Crime ID"], values["Month"], values["Falls within"], values["Location"], values["LSOA name"], values["Crime type"])


def _text(file: Path) -> str:
    raw = file.read_bytes()
    try:
        return (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as error:
        raise StreetError(f"{file}: no gzip file") from error
    except UnicodeDecodeError as error:
        raise StreetError(f"{file}: no text in UTF-8") from error

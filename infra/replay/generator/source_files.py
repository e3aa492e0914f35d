"""Finds and reads the files of data.police.uk: street files and outcomes files, plain or .gz, one, many or folders of them.

Must not know what a row means. Stop-and-search files, which stand beside them in every archive, are left alone.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

_MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
_SUFFIXES = (".csv", ".csv.gz")
STREET, OUTCOMES = "-street", "-outcomes"
"""What stands in the name of a file of each kind."""


class StreetError(ValueError):
    """A file or a selection that cannot be replayed: names the file, and the column or line that is wrong."""


def files(paths: Sequence[Path | str], kind: str) -> list[Path]:
    """The files of a kind. One that is named counts as a street file where its name does not say outcomes; in a folder the name decides."""
    chosen: dict[Path, None] = {}
    for path in map(Path, paths):
        if path.is_dir():
            chosen.update(dict.fromkeys(_inside(path, kind)))
        elif not path.is_file():
            raise StreetError(f"{path}: no such file or folder")
        elif (OUTCOMES in path.name) == (kind == OUTCOMES):
            chosen[path.resolve()] = None
    names: dict[str, Path] = {}
    for file in chosen:
        name = file.name.removesuffix(".gz")
        if name in names:
            raise StreetError(f"{file}: the same file as {names[name]}, so that its rows would count twice")
        names[name] = file
    return list(chosen)


def _inside(folder: Path, kind: str) -> list[Path]:
    inside = sorted(path.resolve() for path in folder.rglob("*") if path.is_file())
    return [path for path in inside if kind in path.name and path.name.endswith(_SUFFIXES) and not path.name.startswith(".")]


def rows(file: Path, needed: Sequence[str], filled: Collection[str], what: str) -> Iterator[Mapping[str, str]]:
    """The values of the `needed` columns of every row; those `filled` must not be empty. `what` the file should be."""
    reader = csv.DictReader(io.StringIO(_text(file), newline=""))
    try:
        for name in needed:
            if name not in (reader.fieldnames or ()):
                raise StreetError(f'{file}: no column "{name}", so it is no {what} of data.police.uk')
        for given in reader:
            yield _values(file, reader.line_num, given, needed, filled)
    except csv.Error as error:
        raise StreetError(f"{file}, line {reader.line_num}: {error}") from error


def _values(file: Path, line: int, given: Mapping[str, str | None], needed: Sequence[str], filled: Collection[str]) -> Mapping[str, str]:
    values = {}
    for name in needed:
        value = given[name]
        if value is None:
            raise StreetError(f'{file}, line {line}: ends before column "{name}"')
        values[name] = value.strip()
    if not _MONTH.fullmatch(values["Month"]):
        raise StreetError(f'{file}, line {line}: column "Month" is not like 2022-01')
    for name in filled:
        if not values[name]:
            raise StreetError(f'{file}, line {line}: column "{name}" is empty')
    return values


def _text(file: Path) -> str:
    raw = file.read_bytes()
    try:
        return (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as error:
        raise StreetError(f"{file}: no gzip file") from error
    except UnicodeDecodeError as error:
        raise StreetError(f"{file}: no text in UTF-8") from error

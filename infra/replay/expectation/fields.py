"""How each field of a record may be written, by CONTRACT.md section 1: one reader for each kind of field.

A reader takes the value as it stands in the JSON and gives it back in the form in which it counts as content, or raises Malformed. Must not
know which field it reads, nor fill what is null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from infra.replay.expectation.texts import plain

LONDON = ZoneInfo("Europe/London")
Reader = Callable[[Any, datetime], Any]
"""A value and the time by the receiver's clock, to the value as content."""
_AHEAD = timedelta(minutes=5)
_OLDEST, _LATEST = 1880, 2199
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_REFERENCE = re.compile(r"\d{11}|\d\d\*\d{6}", re.ASCII)
_COLLAR = re.compile(r"[A-Za-z0-9]{1,10}")
_HO_CODE = re.compile(r"\d{3}/\d\d", re.ASCII)


class Malformed(Exception):  # noqa: N818 - a finding about a body, not a fault of ours
    """The field is not as the contract wants it."""


def _require(holds: object) -> None:
    if not holds:
        raise Malformed


def reference_in(text: str) -> str | None:
    """The eleven digits of either form, None where it is neither."""
    if not _REFERENCE.fullmatch(text):
        return None
    return text.replace("*", "000")


def text(limit: int = 500, *, blank: bool = False) -> Reader:
    """A text; `blank` says that an empty one stays as it is, otherwise it is null."""

    def read(value: Any, _now: datetime) -> str | None:
        _require(isinstance(value, str))
        cleaned = plain(value)
        _require(len(cleaned) <= limit)
        return cleaned if cleaned or blank else None

    return read


def identifier(value: Any, now: datetime) -> Any:
    cleaned = text()(value, now)
    _require(cleaned and len(cleaned.encode()) <= 1000)
    return cleaned


def filled(value: Any, now: datetime) -> Any:
    """A text that says something."""
    cleaned = text()(value, now)
    _require(cleaned)
    return cleaned


def word(*allowed: str) -> Reader:
    """Exactly one of these."""

    def read(value: Any, _now: datetime) -> Any:
        _require(isinstance(value, str) and value in allowed)
        return value

    return read


def truth(value: Any, _now: datetime) -> bool:
    _require(isinstance(value, bool))
    return bool(value)


def whole(least: int, most: int) -> Reader:
    """A whole number, and never true or 1.0."""

    def read(value: Any, _now: datetime) -> Any:
        _require(type(value) is int and least <= value <= most)
        return value

    return read


def instant(value: Any, now: datetime) -> datetime:
    """A time with an offset that has come, five minutes between clocks forgiven."""
    _require(isinstance(value, str) and _TIME.fullmatch(value))
    try:
        moment = datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Malformed from None
    _require(moment.year >= _OLDEST and moment <= now + _AHEAD)
    return moment


def one_day(value: Any, _now: datetime) -> datetime:
    """A time with an offset that may be to come."""
    moment = instant(value, datetime.max.replace(tzinfo=UTC) - _AHEAD)
    _require(moment.year <= _LATEST)
    return moment


def day(value: Any, _now: datetime) -> date:
    _require(isinstance(value, str) and _DAY.fullmatch(value))
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise Malformed from None
    _require(found.year >= _OLDEST)
    return found


def birth(value: Any, now: datetime) -> date:
    born = day(value, now)
    _require(born <= now.astimezone(LONDON).date())
    return born


def planned(value: Any, now: datetime) -> date:
    found = day(value, now)
    _require(found.year <= _LATEST)
    return found


def reference(value: Any, now: datetime) -> Any:
    known = reference_in(value) if isinstance(value, str) else None
    _require(known and int(known[:2]) <= (now + _AHEAD).year % 100)
    return known


def linked(value: Any, now: datetime) -> Any:
    """A reference, or whatever else was written there."""
    cleaned = text()(value, now)
    return (reference_in(cleaned) or cleaned) if cleaned else None


def collar(value: Any, _now: datetime) -> str:
    _require(isinstance(value, str) and _COLLAR.fullmatch(value))
    return str(value).upper()


def perhaps_collar(value: Any, now: datetime) -> str | None:
    return None if value == "" else collar(value, now)


def ho_code(value: Any, _now: datetime) -> Any:
    _require(isinstance(value, str) and (value == "" or _HO_CODE.fullmatch(value)))
    return value or None


def offence_code(value: Any, now: datetime) -> str:
    cleaned = text(blank=True)(value, now)
    return "".join(cleaned.split()).upper()


def marker(value: Any, now: datetime) -> str:
    """A blank one marks all the same."""
    return text()(value, now) or "unnamed"


def several(each: Reader, *, as_set: bool = False, blanks: bool = False) -> Reader:
    """A list; as a set, order and repetition mean nothing. Blank texts are left out unless `blanks`."""

    def read(value: Any, now: datetime) -> list[Any]:
        _require(isinstance(value, list))
        _require(all(item is not None for item in value))
        found = [each(item, now) for item in value]
        kept = found if blanks else [item for item in found if item is not None]
        return sorted(set(kept)) if as_set else kept

    return read


def record(required: Collection[str], **readers: Reader) -> Reader:
    """An object with these fields: other fields are ignored, null is absent."""

    def read(value: Any, now: datetime) -> dict[str, Any]:
        _require(isinstance(value, dict))
        _require(all(value.get(name) is not None for name in required))
        given = {name: reader(value[name], now) for name, reader in readers.items() if value.get(name) is not None}
        return {name: found for name, found in given.items() if found is not None}

    return read

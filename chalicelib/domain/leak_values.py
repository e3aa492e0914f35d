"""How the leak check reads single values of raw records, whatever they hold.

It must not judge a value, raise on one, or know what a field means.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any


def mapping(value: object) -> Mapping[str, Any]:
    """Return the value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: object) -> Sequence[Any]:
    """Return the value if it is a list, else an empty one."""
    return value if isinstance(value, list | tuple) else ()


def fold(value: object) -> str:
    """Return text without case, outer spaces, width variants and invisible characters; "" for anything but text."""
    if not isinstance(value, str):
        return ""
    visible = "".join(mark for mark in unicodedata.normalize("NFKC", value) if unicodedata.category(mark) != "Cf")
    return " ".join(visible.casefold().split())


def moment(value: object) -> datetime | None:
    """Read an ISO 8601 time (one without an offset is taken as UTC); None if it cannot be read or is of no living memory."""
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if read is None or not 1900 < read.year < 9999:
        return None
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)


def day(value: object) -> date | None:
    """Read a date YYYY-MM-DD; None if it cannot be read."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None

"""What the scheduled leak check reads: the records around the messages of a day, a bounded number at a time.

A record that cannot be read is told of and does not end the run: the rest is judged without it. Must not judge, and must not keep a record
longer than its batch.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.delivery import Notification
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.services.ports import Archive, Cases, ContactPoints

MOST_TOGETHER = 400
"""Occurrences whose versions are held at once. A version is some ten thousand bytes in memory: a few of each are tens of megabytes."""
MOST_ELSEWHERE = 100
"""Other occurrences of the people of one case that are read, the newest by number: a person has a few, a chain of shops thousands."""
MOST_UNREAD = 20
"""More than so many of a run are no broken objects but a store that does not answer, or a key that may not be used."""


@dataclass(slots=True)
class Batch:
    """Messages that are judged together, by these records. `unread` names an occurrence once for each version that cannot be read;
    `left_out` is how many other occurrences of the same people were not looked at."""

    rows: list[Notification] = field(default_factory=list)
    wanted: set[str] = field(default_factory=set)
    records: list[dict[str, Any]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    left_out: int = 0


@dataclass(slots=True)
class _Linked:
    """Messages that tell of the same occurrences."""

    names: set[str]
    rows: list[Notification]


class LeakReading:
    """Reads for `WatchLeaks`."""

    def __init__(self, cases: Cases, points: ContactPoints, archive: Archive) -> None:
        self._cases = cases
        self._points = points
        self._archive = archive

    def batches(self, rows: list[Notification]) -> Iterator[Batch]:
        """Every message once. StoreUnavailable where not one object but the store cannot be read."""
        unread = 0
        for batch in self._planned(rows):
            for name in sorted(batch.wanted):
                self._read(name, batch)
            unread += len(batch.unread)
            if unread > MOST_UNREAD:
                raise StoreUnavailable("the archive")
            yield batch

    def _planned(self, rows: list[Notification]) -> Iterator[Batch]:
        """Which messages together. What is linked stays together, however many it is."""
        batch = Batch()
        for linked in self._linked(rows):
            wanted, left_out = self._around(linked.names)
            if batch.rows and len(batch.wanted | wanted) > MOST_TOGETHER:
                yield batch
                batch = Batch()
            batch.rows += linked.rows
            batch.wanted |= wanted
            batch.left_out += left_out
        if batch.rows:
            yield batch

    def _linked(self, rows: list[Notification]) -> list[_Linked]:
        keys = {key for row in rows for key in row.speaks_for}
        told = self._cases.notifications(keys) if keys else {}
        groups: dict[str, _Linked] = {}
        for row in rows:
            names = {row.reference, *(told[key].reference for key in row.speaks_for if key in told)}
            found = list({id(groups[name]): groups[name] for name in names if name in groups}.values())
            group = _Linked(names.union(*(one.names for one in found)), [*(row for one in found for row in one.rows), row])
            groups |= dict.fromkeys(group.names, group)
        return list({id(one): one for one in groups.values()}.values())

    def _around(self, names: Iterable[str]) -> tuple[set[str], int]:
        """These occurrences and the newest of those that name the same people, and how many more there are."""
        wanted, left_out = set(names), 0
        for name in sorted(wanted):
            points = {point for part in self._cases.load(name).parts.values() for point in part.points}
            elsewhere = sorted(self._points.cases_of(points) - {name}, reverse=True) if points else []
            wanted |= set(elsewhere[:MOST_ELSEWHERE])
            left_out += len(elsewhere[MOST_ELSEWHERE:])
        return wanted, left_out

    def _read(self, name: str, batch: Batch) -> None:
        for version in self._archive.records_of(name):
            record = _record(version[1]) if version is not None else None
            if version is None or record is None:
                batch.unread.append(name)
            else:
                batch.records.append({"received_at": version[0].isoformat(), "record": record})


def _record(text: str) -> dict[str, Any] | None:
    """None of what is no occurrence of the contract."""
    try:
        record = json.loads(text)
        told = (record["kind"], record["sent_at"], record["occurrence"]["reference"])
    except (ValueError, KeyError, TypeError):
        return None
    return record if all(isinstance(one, str) for one in told) and told[0] == "occurrence" else None

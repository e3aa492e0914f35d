"""What is known of a person or address over all occurrences, by keyed hash.

Must not store or log an address, and must not write marks: those belong to a decision's transaction (transactions.py).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from pynamodb.connection import Connection
from pynamodb.exceptions import UpdateError

from chalicelib.adapters.codec import moment
from chalicelib.adapters.given_keys import given
from chalicelib.adapters.reading import Item, Reader
from chalicelib.adapters.store_errors import store_errors
from chalicelib.adapters.tables import ContactPointRow
from chalicelib.domain.model import KnownElsewhere


class DynamoContactPoints:
    """The port `ContactPoints`. `secret` is the key of the hash: without it nobody can try addresses against the table,
    and `key` raises ConfigurationError."""

    def __init__(self, connection: Connection, secret: bytes | None) -> None:
        self._reader = Reader(connection)
        self._secret = secret

    def key(self, kind: str, value: str) -> str:
        normalised = value if kind == "mobile" else value.lower()
        return hmac.new(given(self._secret), f"{kind}:{normalised}".encode(), hashlib.sha256).hexdigest()

    def known(self, points: Mapping[str, str | None], *, excluding: str) -> KnownElsewhere:
        return known_from(self._read(points), points, excluding=excluding)

    def cases_of(self, points: Collection[str]) -> set[str]:
        return {reference for item in self._read(points) for reference in _references(item.get("named"))}

    def closed(self, points: Collection[str]) -> dict[str, str]:
        return {item["point"]: item["closed"] for item in self._read(points) if item.get("closed") is not None}

    @store_errors("contact points")
    def reopen(self, point: str) -> None:
        if self.closed([point]):
            ContactPointRow(point).update([ContactPointRow.closed.remove()])

    @store_errors("day of a contact")
    def take_day(self, point: str, day: date, holder: str, *, whatever: bool = False) -> bool:
        on, by = ContactPointRow.told_on, ContactPointRow.told_by
        free = on.does_not_exist() | (on < day.isoformat()) | (by == holder)
        try:
            ContactPointRow(point).update([on.set(day.isoformat()), by.set(holder)], condition=None if whatever else free)
        except UpdateError as refusal:
            if refusal.cause_response_code == "ConditionalCheckFailedException":
                return False
            raise
        return True

    @store_errors("contact points")
    def _read(self, points: Collection[str]) -> list[Item]:
        return self._reader.batch({ContactPointRow: [{"point": point} for point in sorted(set(points))]})[ContactPointRow]


def known_from(items: Iterable[Item], points: Mapping[str, str | None], *, excluding: str) -> KnownElsewhere:
    """What the items of `points` say of them; see `ContactPoints.known`."""
    rows = list(items)
    closed = {points[row["point"]] for row in rows if row.get("closed") is not None}
    specialist = frozenset(name for row in rows for name in _references(row.get("specialist")) - {excluding})
    return KnownElsewhere(
        specialist=bool(specialist),
        specialist_in=specialist,
        do_not_contact=any(_references(row.get("do_not_contact")) - {excluding} for row in rows),
        closed=frozenset(address for address in closed if address),
        held=any(_references(row.get("held")) - {excluding} for row in rows),
        held_at=max((moment(row["held_at"]) for row in rows if row.get("held_at")), default=None),
        named=frozenset(name for row in rows if points[row["point"]] is None for name in _references(row.get("named")) - {excluding}),
    )


def _references(members: Iterable[str] | None) -> set[str]:
    """The occurrences of a set of `reference#victim`."""
    return {member.partition("#")[0] for member in members or ()}

"""What is known of a person or address over all occurrences, by keyed hash.

Must not store or log an address, and must not write marks: those belong to a decision's transaction (transactions.py).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping

from pynamodb.connection import Connection

from chalicelib.adapters.reading import Item, Reader
from chalicelib.adapters.store_errors import store_errors
from chalicelib.adapters.tables import ContactPointRow
from chalicelib.domain.model import KnownElsewhere


class DynamoContactPoints:
    """The port `ContactPoints`. `secret` is the key of the hash: without it nobody can try addresses against the table."""

    def __init__(self, connection: Connection, secret: bytes) -> None:
        self._reader = Reader(connection)
        self._secret = secret

    def key(self, kind: str, value: str) -> str:
        normalised = value if kind == "mobile" else value.lower()
        return hmac.new(self._secret, f"{kind}:{normalised}".encode(), hashlib.sha256).hexdigest()

    def known(self, points: Mapping[str, str | None], *, excluding: str) -> KnownElsewhere:
        return known_from(self._read(points), points, excluding=excluding)

    def cases_of(self, points: Collection[str]) -> set[str]:
        return {reference for item in self._read(points) for reference in _references(item.get("named"))}

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
        named=frozenset(name for row in rows if points[row["point"]] is None for name in _references(row.get("named")) - {excluding}),
    )


def _references(members: Iterable[str] | None) -> set[str]:
    """The occurrences of a set of `reference#victim`."""
    return {member.partition("#")[0] for member in members or ()}

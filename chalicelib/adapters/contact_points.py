"""What is known of a person or address over all occurrences, by keyed hash.

Must not store or log an address, and must not write marks: those belong to a decision's transaction (transactions.py).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping

from chalicelib.adapters.store_errors import store_errors
from chalicelib.adapters.tables import ContactPointRow
from chalicelib.domain.model import KnownElsewhere


class DynamoContactPoints:
    """The port `ContactPoints`. `secret` is the key of the hash: without it nobody can try addresses against the table."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def key(self, kind: str, value: str) -> str:
        normalised = value if kind == "mobile" else value.lower()
        return hmac.new(self._secret, f"{kind}:{normalised}".encode(), hashlib.sha256).hexdigest()

    def known(self, points: Mapping[str, str | None], *, excluding: str) -> KnownElsewhere:
        rows = _read(points)
        closed = {points[row.point] for row in rows if row.closed is not None}
        specialist = frozenset(name for row in rows for name in _references(row.specialist) - {excluding})
        return KnownElsewhere(
            specialist=bool(specialist),
            specialist_in=specialist,
            do_not_contact=any(_references(row.do_not_contact) - {excluding} for row in rows),
            closed=frozenset(address for address in closed if address),
            named=frozenset(name for row in rows if points[row.point] is None for name in _references(row.named) - {excluding}),
        )

    def cases_of(self, points: Collection[str]) -> set[str]:
        return {reference for row in _read(points) for reference in _references(row.named)}


@store_errors("contact points")
def _read(points: Collection[str]) -> list[ContactPointRow]:
    return list(ContactPointRow.batch_get(set(points), consistent_read=True))


def _references(members: set[str] | None) -> set[str]:
    """The occurrences of a set of `reference#victim`."""
    return {member.partition("#")[0] for member in members or ()}

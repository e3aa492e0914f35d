"""What was revoked, as rows `links#<reference>` of the table `control`.

Must not decide whether a link is good, and must never move a revocation back.
"""

from __future__ import annotations

from datetime import datetime

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.codec import instant, moment
from chalicelib.adapters.store_errors import store_errors
from chalicelib.adapters.tables import ControlRow
from chalicelib.domain.errors import Contended

_PREFIX = "links#"


class DynamoRevocations:
    """The port `Revocations`. StoreUnavailable where the table does not answer: then nobody may be let in."""

    def revoke(self, reference: str, before: datetime) -> None:
        text = instant(before)
        try:
            _save(ControlRow(_PREFIX + reference, value=text), ControlRow.value.does_not_exist() | (ControlRow.value < text))
        except Contended:
            stands = self.revoked(reference)
            if stands is None or instant(stands) < text:
                raise

    def revoked(self, reference: str) -> datetime | None:
        row = _read(_PREFIX + reference)
        return moment(row.value) if row and row.value else None


@store_errors("revocations")
def _save(row: ControlRow, condition: Condition) -> None:
    row.save(condition)


@store_errors("revocations")
def _read(name: str) -> ControlRow | None:
    rows = list(ControlRow.query(name, consistent_read=True))
    return rows[0] if rows else None

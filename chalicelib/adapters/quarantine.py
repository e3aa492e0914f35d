"""Quarantined bodies: the body in the encrypted bucket, and a row of ids, field paths and reasons in the table.

Must not put anything of a body into the table.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters import codec
from chalicelib.adapters.store_errors import store_errors
from chalicelib.adapters.tables import QuarantineTableRow
from chalicelib.domain.errors import Contended
from chalicelib.services.quarantine_ports import QUARANTINED, QuarantineRow

_WAITS = "1"


class DynamoQuarantine:
    """The port `Quarantine`. `client` is an S3 client; `bucket` holds the bodies under their quarantine ids. A row is `kept` as long as
    the bucket's own rule keeps a body."""

    def __init__(self, client: Any, *, bucket: str, kept: timedelta) -> None:
        self._client = client
        self._bucket = bucket
        self._kept = kept

    def add(self, row: QuarantineRow, body: bytes) -> bool:
        self._keep(row.quarantine_id, body)
        if self.get(row.quarantine_id) is not None:
            return False
        try:
            _create(row, row.received_at + self._kept)
        except Contended:
            # Our own write, repeated by the SDK after a lost answer, or another worker's.
            return self.get(row.quarantine_id) == row
        return True

    @store_errors("quarantine bucket")
    def _keep(self, quarantine_id: str, body: bytes) -> None:
        self._client.put_object(Bucket=self._bucket, Key=quarantine_id, Body=body, ContentType="application/octet-stream")

    @store_errors("quarantine")
    def get(self, quarantine_id: str) -> QuarantineRow | None:
        found = list(QuarantineTableRow.query(quarantine_id, consistent_read=True))
        return _row(found[0]) if found else None

    @store_errors("quarantine bucket")
    def body(self, quarantine_id: str) -> bytes:
        """StoreUnavailable where the bucket does not hold it."""
        found: bytes = self._client.get_object(Bucket=self._bucket, Key=quarantine_id)["Body"].read()
        return found

    @store_errors("quarantine")
    def rows(self) -> list[QuarantineRow]:
        """The one scan of the product: a list for operations, of a table that holds only what is wrong; no function may scan."""
        found = [_row(stored) for stored in QuarantineTableRow.scan(consistent_read=True)]
        return sorted(found, key=lambda row: (row.received_at, row.quarantine_id))

    @store_errors("quarantine")
    def set_state(self, quarantine_id: str, state: str) -> None:
        """Contended where there is no such row."""
        waiting = QuarantineTableRow.waiting
        waits = waiting.set(_WAITS) if state == QUARANTINED else waiting.remove()
        QuarantineTableRow(quarantine_id).update([QuarantineTableRow.state.set(state), waits], QuarantineTableRow.quarantine_id.exists())

    @store_errors("quarantine")
    def waiting(self) -> int:
        return QuarantineTableRow.by_waiting.count(_WAITS)


@store_errors("quarantine")
def _create(row: QuarantineRow, until: datetime) -> None:
    stored = QuarantineTableRow(
        row.quarantine_id,
        state=row.state,
        waiting=_WAITS,
        received_at=codec.instant(row.received_at),
        expires_at=int(until.timestamp()),
        body=codec.dumps(row),
    )
    stored.save(QuarantineTableRow.quarantine_id.does_not_exist())


def _row(stored: QuarantineTableRow) -> QuarantineRow:
    return replace(codec.loads(QuarantineRow, stored.body), state=stored.state)

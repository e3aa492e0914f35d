"""What was revoked, what is paused, and how often something was done in a window, as rows `links#<reference>`, `pauses` and `rate#<name>`
of the table `control`.

Must not decide whether a link is good or where a limit lies, and must never move a revocation back.
"""

from __future__ import annotations

from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.codec import dumps, instant, loads, moment
from chalicelib.adapters.store_errors import store_errors
from chalicelib.adapters.tables import ControlRow
from chalicelib.domain.errors import Contended
from chalicelib.domain.pauses import Pauses

_PREFIX = "links#"
_RATE = "rate#"
_PAUSES = "pauses"


class DynamoRevocations:
    """The port `Revocations`. StoreUnavailable where the table does not answer: then nobody may be let in."""

    def revoke(self, name: str, before: datetime, until: datetime | None = None) -> None:
        text = instant(before)
        row = ControlRow(_PREFIX + name, value=text, expires_at=int(until.timestamp()) if until else None)
        try:
            _save("revocations", row, ControlRow.value.does_not_exist() | (ControlRow.value < text))
        except Contended:
            stands = self.revoked(name)
            if stands is None or instant(stands) < text:
                raise

    def revoked(self, name: str) -> datetime | None:
        row = _read("revocations", _PREFIX + name)
        return moment(row.value) if row and row.value else None


def _save(operation: str, row: ControlRow, condition: Condition) -> None:
    store_errors(operation)(row.save)(condition)


def _read(operation: str, name: str) -> ControlRow | None:
    rows = store_errors(operation)(lambda: list(ControlRow.query(name, consistent_read=True)))()
    return rows[0] if rows else None


class DynamoPauses:
    """The port `PauseStore`: one row, replaced as a whole."""

    def read(self) -> Pauses:
        row = _read("pauses", _PAUSES)
        return loads(Pauses, row.value) if row and row.value else Pauses()

    def write(self, before: Pauses, after: Pauses) -> None:
        same = ControlRow.value == dumps(before)
        try:
            _save("pauses", ControlRow(_PAUSES, value=dumps(after)), same if before.kept else ControlRow.value.does_not_exist() | same)
        except Contended:
            if self.read() != after:  # our own write, repeated by the SDK after a lost answer
                raise


class DynamoLimits:
    """The port `Limits`."""

    def take(self, name: str, limit: int, until: datetime) -> bool:
        try:
            _count(ControlRow(_RATE + name), limit, until)
        except Contended:
            return False
        return True


@store_errors("limits")
def _count(row: ControlRow, limit: int, until: datetime) -> None:
    """One conditional update. Repeated by the SDK after a lost answer it may count twice, which is the careful side."""
    actions: list[Action] = [ControlRow.counted.add(1), ControlRow.expires_at.set(int(until.timestamp()))]
    row.update(actions, ControlRow.counted.does_not_exist() | (ControlRow.counted < limit))

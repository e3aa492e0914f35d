"""The officer directory in DynamoDB: the highest version of each officer.

Must not merge the directory with what a record says: that is the domain's.
"""

from __future__ import annotations

from pynamodb.expressions.condition import Condition

from chalicelib.adapters import codec
from chalicelib.adapters.store_errors import store_errors
from chalicelib.adapters.tables import OfficerRow
from chalicelib.domain.errors import Contended
from chalicelib.domain.model import DirectoryOfficer


class DynamoOfficers:
    """The port `Officers`."""

    def get(self, collar_number: str) -> DirectoryOfficer | None:
        row = _read(collar_number)
        return codec.loads(DirectoryOfficer, row.body) if row else None

    def put(self, officer: DirectoryOfficer, content_hash: str) -> str:
        stored = _read(officer.collar_number)
        if stored and stored.version >= officer.version:
            return _verdict(stored, officer, content_hash)
        newest = OfficerRow.version == stored.version if stored else OfficerRow.collar_number.does_not_exist()
        row = OfficerRow(officer.collar_number, version=officer.version, content_hash=content_hash, body=codec.dumps(officer))
        try:
            _save(row, newest)
        except Contended:
            return self._after_a_refusal(officer, content_hash)
        return "recorded"

    def _after_a_refusal(self, officer: DirectoryOfficer, content_hash: str) -> str:
        """Our own write, repeated by the SDK after a lost answer, or somebody else's in between."""
        stored = _read(officer.collar_number)
        if stored is None or stored.version < officer.version:
            raise Contended("officers")
        mine = stored.version == officer.version and stored.content_hash == content_hash
        return "recorded" if mine else _verdict(stored, officer, content_hash)


def _verdict(stored: OfficerRow, officer: DirectoryOfficer, content_hash: str) -> str:
    return "conflict" if stored.version == officer.version and stored.content_hash != content_hash else "stale"


@store_errors("officers")
def _save(row: OfficerRow, condition: Condition) -> None:
    row.save(condition)


@store_errors("officers")
def _read(collar_number: str) -> OfficerRow | None:
    rows = list(OfficerRow.query(collar_number, consistent_read=True))
    return rows[0] if rows else None

"""The officer directory in DynamoDB: the highest version of each officer, and beside it what a signed-in person said of an absence.

Must not merge the directory with what a record says: that is the domain's.
"""

from __future__ import annotations

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters import codec
from chalicelib.adapters.store_errors import store_errors
from chalicelib.adapters.tables import OfficerRow
from chalicelib.domain.absence import Absence, as_told, says_otherwise
from chalicelib.domain.errors import Contended
from chalicelib.domain.model import DirectoryOfficer


class DynamoOfficers:
    """The port `Officers`."""

    def get(self, collar_number: str) -> DirectoryOfficer | None:
        row = _read(collar_number)
        return entry_from(row.body, row.absence) if row else None

    def put(self, officer: DirectoryOfficer, content_hash: str) -> str:
        stored = _read(officer.collar_number)
        if stored and stored.version >= officer.version:
            return _verdict(stored, officer, content_hash)
        newest = OfficerRow.version == stored.version if stored else OfficerRow.collar_number.does_not_exist()
        actions: list[Action] = [
            OfficerRow.version.set(officer.version),
            OfficerRow.content_hash.set(content_hash),
            OfficerRow.body.set(codec.dumps(officer)),
        ]
        if stored and stored.absence and says_otherwise(codec.loads(DirectoryOfficer, stored.body), officer):
            actions.append(OfficerRow.absence.remove())
        try:
            _update(officer.collar_number, actions, newest)
        except Contended:
            return self._after_a_refusal(officer, content_hash)
        return "recorded"

    def say(self, collar_number: str, absence: Absence) -> bool:
        try:
            _update(collar_number, [OfficerRow.absence.set(codec.dumps(absence))], OfficerRow.collar_number.exists())
        except Contended:
            return False
        return True

    def _after_a_refusal(self, officer: DirectoryOfficer, content_hash: str) -> str:
        """Our own write, repeated by the SDK after a lost answer, or somebody else's in between."""
        stored = _read(officer.collar_number)
        if stored is None or stored.version < officer.version:
            raise Contended("officers")
        mine = stored.version == officer.version and stored.content_hash == content_hash
        return "recorded" if mine else _verdict(stored, officer, content_hash)


def entry_from(body: str, absence: str | None) -> DirectoryOfficer:
    """The entry of a stored row, with what was said of an absence."""
    return as_told(codec.loads(DirectoryOfficer, body), codec.loads(Absence, absence) if absence else None)


def _verdict(stored: OfficerRow, officer: DirectoryOfficer, content_hash: str) -> str:
    return "conflict" if stored.version == officer.version and stored.content_hash != content_hash else "stale"


@store_errors("officers")
def _update(collar_number: str, actions: list[Action], condition: Condition) -> None:
    """One conditional update of the attributes that are named: a version and what was said leave each other alone."""
    OfficerRow(collar_number).update(actions, condition)


@store_errors("officers")
def _read(collar_number: str) -> OfficerRow | None:
    rows = list(OfficerRow.query(collar_number, consistent_read=True))
    return rows[0] if rows else None

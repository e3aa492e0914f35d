"""An officer record arrives: keep the highest version in the directory, and hand over what an absent officer owes.

Must not touch an occurrence: the directory is read when a message is built, and when somebody is reminded.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.delivery import fact_id
from chalicelib.domain.model import DirectoryOfficer
from chalicelib.domain.situation import Standing
from chalicelib.services.hand_over import handover_row
from chalicelib.services.ports import Archive, AuditEntry, Cases, Changes, Officers, Queues
from chalicelib.services.record_occurrence import Recorded

DIRECTORY = "officers"
"""The audit key of the directory, where an occurrence would have its reference."""


class RecordOfficer:
    """The use case for kind `officer`."""

    def __init__(self, officers: Officers, cases: Cases, archive: Archive, queues: Queues, standing: Standing) -> None:
        self._officers = officers
        self._cases = cases
        self._archive = archive
        self._queues = queues
        self._standing = standing

    def record(self, officer: DirectoryOfficer, content_hash: str, canonical: str, now: datetime) -> Recorded:
        """Record one delivery; CONFLICT is an equal version with other content. The archive keeps it for the leak check.

        A repetition hands over again, since a crash may have come before it: the row is the same, and one that is there stays.
        """
        self._archive.put(f"{DIRECTORY}-{officer.collar_number}", officer.version, content_hash, canonical)
        outcome = Recorded(self._officers.put(officer, content_hash))
        if outcome is Recorded.RECORDED:
            entry_id = fact_id(DIRECTORY, officer.collar_number, str(officer.version), content_hash)
            entry = AuditEntry(DIRECTORY, entry_id, now, "recorded", version=officer.version, actor="records_system")
            self._cases.commit(Changes(audit=(entry,)))
        listed = self._officers.get(officer.collar_number) if outcome in (Recorded.RECORDED, Recorded.STALE) else None
        if listed is not None and listed.version == officer.version:
            self._hand_over(listed, now)
        return outcome

    def _hand_over(self, officer: DirectoryOfficer, now: datetime) -> None:
        row = handover_row(officer, now, self._standing)
        if row is not None:
            self._cases.commit(Changes(announced=(row,)))
            self._queues.dispatch([row.notification_id] if row.not_before <= now else [])

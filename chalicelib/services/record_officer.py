"""An officer record arrives: keep the highest version in the directory.

Must not touch an occurrence: the directory is read when a message is built.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.delivery import fact_id
from chalicelib.domain.model import DirectoryOfficer
from chalicelib.services.ports import Archive, AuditEntry, Cases, Changes, Officers
from chalicelib.services.record_occurrence import Recorded

DIRECTORY = "officers"
"""The audit key of the directory, where an occurrence would have its reference."""


class RecordOfficer:
    """The use case for kind `officer`."""

    def __init__(self, officers: Officers, cases: Cases, archive: Archive) -> None:
        self._officers = officers
        self._cases = cases
        self._archive = archive

    def record(self, officer: DirectoryOfficer, content_hash: str, canonical: str, now: datetime) -> Recorded:
        """Record one delivery; CONFLICT is an equal version with other content. The archive keeps it for the leak check."""
        self._archive.put(f"{DIRECTORY}-{officer.collar_number}", officer.version, content_hash, canonical)
        outcome = Recorded(self._officers.put(officer, content_hash))
        if outcome is Recorded.RECORDED:
            entry_id = fact_id(DIRECTORY, officer.collar_number, str(officer.version), content_hash)
            entry = AuditEntry(DIRECTORY, entry_id, now, "recorded", version=officer.version, actor="records_system")
            self._cases.commit(Changes(audit=(entry,)))
        return outcome

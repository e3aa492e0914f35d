"""A named person closes the links of a case: what was sent in reminders until now opens nothing any more.

Must not say what a link opens, or issue one.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.delivery import fact_id
from chalicelib.services.officer_pages import OfficerPages
from chalicelib.services.ports import AuditEntry, Cases, Changes


class RevokeLinks:
    """The use case behind `make ops links revoke`."""

    def __init__(self, cases: Cases, pages: OfficerPages) -> None:
        self._cases = cases
        self._pages = pages

    def revoke(self, reference: str, by: str, now: datetime) -> bool:
        """Revoke every link of the case, and log who did. False where nothing is known of the occurrence.

        Closed first: a crash before the log line is mended by doing it again.
        """
        if self._cases.head(reference).revision == 0:
            return False
        self._pages.revoke(reference, now)
        entry = AuditEntry(reference, fact_id(reference, "links_revoked", now.isoformat()), now, "links_revoked", actor=by)
        self._cases.commit(Changes(audit=(entry,)))
        return True

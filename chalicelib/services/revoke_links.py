"""A named person closes the links of a case or of one victim, or ends an officer's sessions: what was issued until now opens nothing.

Must not say what a link opens, or issue one.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.delivery import fact_id
from chalicelib.domain.links import of_victim
from chalicelib.domain.sign_in import sessions_of
from chalicelib.services.officer_pages import OfficerPages
from chalicelib.services.ports import AuditEntry, Cases, Changes, ContactPoints
from chalicelib.services.record_officer import DIRECTORY
from chalicelib.services.victim_pages import VictimPages


class RevokeLinks:
    """The use cases behind `make ops links revoke` and `make ops sessions end`."""

    def __init__(self, cases: Cases, pages: OfficerPages, victims: VictimPages, points: ContactPoints) -> None:
        self._cases = cases
        self._pages = pages
        self._victims = victims
        self._points = points

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

    def end_sessions(self, collar_number: str, by: str, now: datetime) -> None:
        """Everything that this officer signed in to until now is over, wherever its cookie is: a lost phone."""
        self._pages.revoke(sessions_of(collar_number), now)
        entry_id = fact_id(DIRECTORY, collar_number, "sessions_ended", now.isoformat())
        entry = AuditEntry(DIRECTORY, entry_id, now, "sessions_ended", actor=by, detail=collar_number)
        self._cases.commit(Changes(audit=(entry,)))

    def revoke_of_victim(self, reference: str, victim_id: str, by: str, now: datetime) -> bool:
        """Revoke every link to the page of one victim, of all cases of that person where the record says who they are. False where there
        is no such victim. Officers' links stay."""
        part = self._cases.load(reference).parts.get(victim_id)
        if part is None:
            return False
        person = part.victim.person_ref
        self._victims.revoke([of_victim(reference, victim_id), *([self._points.key("person", person)] if person else [])], now)
        entry_id = fact_id(reference, victim_id, "links_revoked", now.isoformat())
        self._cases.commit(Changes(audit=(AuditEntry(reference, entry_id, now, "links_revoked", victim_id=victim_id, actor=by),)))
        return True

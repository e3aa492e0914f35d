"""A unit that wants its new tasks in lists gets them together, at its hours.

Must not render or send.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.delivery import WAITING, Audience, Notification, fact_id, sent
from chalicelib.domain.messages import Template
from chalicelib.services.digest_rows import new_digest, reader_of_row
from chalicelib.services.ports import Cases, Changes, Swap

MOST_WAITING = 1000
"""Rows among which a list looks for what waits for the same hour."""
MOST_LISTED = 90
"""Tasks that one transaction puts on a list."""


class TaskLists:
    """Puts tasks that wait for the same hour on one digest."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases

    def together(self, row: Notification, now: datetime) -> list[str]:
        """One list of everything new that waits for this hour of a unit, instead of a mail for each. The list's id; none where this hour's
        list has left already, so that the row leaves by itself."""
        waiting = self._cases.notifications(self._cases.due(now, MOST_WAITING))
        alike = [other for other in waiting.values() if for_list(other) and other.unit is row.unit and other.state in WAITING]
        reader = reader_of_row(row)
        name = fact_id("list", reader.name, row.not_before.isoformat())
        for start in range(0, len(alike), MOST_LISTED):
            chunk = alike[start : start + MOST_LISTED]
            before = self._cases.notifications([name]).get(name)
            digest = before or new_digest(reader, name, now)
            if digest.state not in WAITING:
                return []
            lines = tuple(dict.fromkeys((*digest.lines, *((other.reference, other.task_id or "") for other in chunk))))
            told = (Swap(other, replace(sent(other, name, now), reason="listed")) for other in chunk)
            self._cases.commit(Changes(notifications=(Swap(before, replace(digest, lines=lines)), *told)))
        return [name]


def for_list(row: Notification) -> bool:
    """Whether this task waits for its unit's next list."""
    return row.template is Template.TASK and row.audience is Audience.UNIT and row.not_before > row.created_at

"""What is owed and was agreed in one case, in words, for its page.

Must not read anything but the view of the case and the force's rules.
"""

from collections.abc import Mapping
from typing import Any

from infra.local.case_view import CaseView
from infra.local.case_words import message_title
from infra.local.duty import Duty, obligation
from infra.local.event_words import basis, event_title, terms, why_not_that_way
from infra.local.owed_words import done_about, owed_title, settled, stands
from infra.local.plain_words import named
from infra.local.story_event import said

Row = Mapping[str, Any]


def evidence_of(case: CaseView) -> dict[str, str]:
    """What may have met something, in words, by its id."""
    messages = {row["notification_id"]: f"{message_title(row)}, {named({}, row['state'])}" for row in case.messages}
    return messages | {row["event_id"]: event_title(row) for row in case.events}


class CaseWords:
    """Rows of one case in words, for its page."""

    def __init__(self, case: CaseView, duty: Duty, now: str) -> None:
        self._evidence = evidence_of(case)
        self._duty = duty
        self._now = now

    def title(self, row: Row) -> str:
        """What is owed."""
        return owed_title(row)

    def standing(self, row: Row) -> str:
        """How it stands now."""
        return stands(row, self._now)

    def became(self, row: Row) -> list[str]:
        """What was done about it, and how it was met or ended."""
        done = done_about(row, self._duty.heard(obligation(row)))
        return [*done, *said([settled(row, self._evidence, self._now)])]

    def terms(self, row: Row) -> str:
        """Terms of an agreement."""
        return terms(row)

    def basis(self, row: Row) -> str:
        """Whose terms these are."""
        return basis(row)

    def method(self, row: Row) -> str:
        """Why updates do not come as the victim would like; empty where they do."""
        return f"Not as preferred: {why_not_that_way(row['method_reason'])}." if row.get("method_reason") else ""

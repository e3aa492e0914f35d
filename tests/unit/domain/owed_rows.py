"""An update that is owed, as a row, for the tests of its clock.

Must not decide anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from chalicelib.domain.obligations import Kind, Obligation
from chalicelib.domain.reminders import unmet_state
from tests.domain_builders import HOLIDAYS, at

TUESDAY = "2026-11-24 23:59:59"


def owed(due: str = TUESDAY, **changes: Any) -> Obligation:
    """An update owed since Friday 20 November 2026 and due by the end of Tuesday 24th."""
    start = at("2026-11-20 10:31")
    row = Obligation("o" * 32, "26000712345", Kind.UPDATE, "V1", "UPDATE", date(2021, 4, 1), start, at(due), start, officer="2345")
    return replace(row, **changes)


def as_of(now: datetime, **changes: Any) -> Obligation:
    """The same with its state at `now`."""
    row = owed(**changes)
    return replace(row, state=unmet_state(row.due_at, now, HOLIDAYS))

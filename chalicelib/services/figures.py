"""The figures of a month: a query over the period index, each time anew.

Must not count twice, keep what it counted, or change anything.
"""

from __future__ import annotations

from datetime import UTC, datetime

from chalicelib.domain import figures
from chalicelib.services.ports import Cases


class MonthlyFigures:
    """The use case behind `make ops figures`."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases

    def of(self, month: str) -> figures.Figures:
        """Everything whose clock started in `month` (`YYYY-MM`, UTC). ValueError where that is no month."""
        if not figures.MONTH.fullmatch(month):
            raise ValueError("a month is YYYY-MM")
        return figures.figures(month, self._cases.owed_in(month))

    def current(self, now: datetime) -> figures.Figures:
        """The month of `now`, so far."""
        return self.of(f"{now.astimezone(UTC):%Y-%m}")

"""How what is owed to victims stands, as the few numbers that an alarm needs: late, about to breach, breached.

Counted among the rows that a sweep looks at anyway: what is late is looked at every morning, and what passes, when it passes. Must not
read, and must not name anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.obligations import VICTIMS_RIGHTS, Obligation, ObligationState
from chalicelib.domain.profile import Reminders
from chalicelib.domain.reminders import breach_at, next_morning

Key = tuple[str, str]
"""(reference, obligation id)."""


@dataclass(frozen=True, slots=True)
class OwedNow:
    """`late`: past its deadline and still owed, breached or not. `about_to_breach`: breaches before the next morning's reminders.
    `breached`: since this run."""

    late: int = 0
    about_to_breach: int = 0
    breached: int = 0


NOTHING_LATE = OwedNow()


def owed_now(
    found: Iterable[Obligation], stands: Mapping[Key, Obligation], now: datetime, holidays: Collection[date], reminders: Reminders
) -> OwedNow:
    """Of the rows that were `found`, as each `stands` after it was decided again; those that are gone count for nothing."""
    pairs = [(before, stands[key]) for before in found if (key := (before.reference, before.obligation_id)) in stands]
    rights = [(before, after) for before, after in pairs if after.kind in VICTIMS_RIGHTS]
    tomorrow = next_morning(now, reminders)
    return OwedNow(
        late=sum(after.late for _, after in rights),
        about_to_breach=sum(
            after.state is ObligationState.LATE and now <= breach_at(after.due_at, holidays) < tomorrow for _, after in rights
        ),
        breached=sum(after.state is ObligationState.BREACHED and before.state is not after.state for before, after in rights),
    )

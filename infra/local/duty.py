"""Who is reminded of what is owed, when, and how far up the ladder: the domain's rules, asked with the force's profile and directory.

Must not write, and has no rule of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from chalicelib.adapters.calendar import ShippedCalendar
from chalicelib.adapters.officers import entry_from
from chalicelib.adapters.rows import obligation_from
from chalicelib.domain.deadlines import add_working_days, local_day
from chalicelib.domain.model import DirectoryOfficer, Unit
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.profile import Rank, Reminders
from chalicelib.domain.reminders import Listed, Recipient, breach_at, escalated_to, morning, next_morning, responsible
from infra.local.live_tables import Item, items, text
from infra.local.machine import force_profile
from infra.local.plain_words import UNITS, named
from infra.local.template import deployable


@dataclass(frozen=True, slots=True)
class Duty:
    """What the force says of reminders: hour and lead, ladder, bank holidays."""

    reminders: Reminders
    ladder: tuple[Rank, ...]
    holidays: frozenset[date]

    def responsible(self, owed: Obligation, now: datetime, listed: Listed) -> Recipient:
        """Who is reminded of it today."""
        return responsible(owed, local_day(now), listed)

    def heard(self, owed: Obligation) -> list[str]:
        """The ranks of the ladder that have heard of it, in words."""
        return [self.rank(owed, rank) for rank in self.ladder[: owed.step]]

    def rank(self, owed: Obligation, rank: Rank) -> str:
        """One rank as it is for what is owed: what operations leave undone goes to the duty contact."""
        return named(UNITS, self.rank_unit(owed, rank))

    def rank_unit(self, owed: Obligation, rank: Rank) -> Unit:
        """The unit that a rank is for what is owed."""
        return escalated_to(owed, rank, local_day(owed.due_at), _nobody).unit

    def step_at(self, owed: Obligation, rank: Rank) -> datetime:
        """The hour at which a rank hears of what is still owed then."""
        since = local_day(max(owed.due_at, owed.created_at))
        return morning(add_working_days(since, rank.working_days_late, self.holidays) + timedelta(days=1), self.reminders)

    def next_step(self, owed: Obligation) -> tuple[datetime, str] | None:
        """When the next rank hears of it, unless somebody meets it before, and who that is."""
        rest = self.ladder[owed.step :] if owed.unmet else ()
        return (self.step_at(owed, rest[0]), self.rank(owed, rest[0])) if rest else None

    def breach_at(self, due_at: datetime) -> datetime:
        """The last instant at which it is late and not yet breached."""
        return breach_at(due_at, self.holidays)

    def is_morning(self, at: datetime) -> bool:
        """Whether reminders leave at that instant."""
        return morning(local_day(at), self.reminders) == at

    def next_morning(self, now: datetime) -> datetime:
        """The first hour of reminders after `now`."""
        return next_morning(now, self.reminders)


def _nobody(_collar_number: str) -> None:
    return None


@cache
def force_duty() -> Duty:
    """That of the force whose profile the template deploys."""
    profile = force_profile(deployable())
    told = profile["reminders"]
    return Duty(
        reminders=Reminders(time.fromisoformat(told["at"]), told["lead_days"], told["link_days"], told["most_lines"]),
        ladder=tuple(Rank(Unit(rank["role"]), rank["working_days_late"]) for rank in profile["ladder"]),
        holidays=ShippedCalendar().bank_holidays(),
    )


def directory() -> Listed:
    """The officer directory as it stands, by collar number."""
    return entries(items("officers"))


def entries(rows: list[Item]) -> Listed:
    """The directory of these rows."""
    found = {text(row, "collar_number"): row for row in rows}

    def listed(collar_number: str) -> DirectoryOfficer | None:
        row = found.get(collar_number, {})
        body = text(row, "body")
        return entry_from(body, text(row, "absence")) if body else None

    return listed


def obligation(row: Mapping[str, Any]) -> Obligation:
    """A row of the table of obligations, as plain values, as the domain has it."""
    return obligation_from(row)

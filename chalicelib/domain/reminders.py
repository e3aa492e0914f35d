"""When what is owed becomes late and breached, when somebody is reminded of it, and who: from the row, the directory and the time alone.

Rules in words: docs/obligations.md. Must not send, store or know what a reminder says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.deadlines import LONDON, add_working_days, due, end_of, local_day, rule_on
from chalicelib.domain.messages import Urgency
from chalicelib.domain.model import DirectoryOfficer, Unit
from chalicelib.domain.obligations import Obligation, ObligationState
from chalicelib.domain.profile import Profile, Rank, Reminders

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


def unmet_state(due_at: datetime, now: datetime, holidays: Collection[date]) -> ObligationState:
    """The state at `now` of what nobody met."""
    if now <= due_at:
        return ObligationState.OPEN
    return ObligationState.LATE if now <= breach_at(due_at, holidays) else ObligationState.BREACHED


def breach_at(due_at: datetime, holidays: Collection[date]) -> datetime:
    """The last instant at which what was due at `due_at` is late and not yet breached."""
    return due(rule_on("BREACH-3WD", local_day(due_at)), due_at, holidays)


def morning(day: date, reminders: Reminders) -> datetime:
    """When reminders leave on `day`, in UTC."""
    return datetime.combine(day, reminders.at, LONDON).astimezone(UTC)


def next_morning(now: datetime, reminders: Reminders) -> datetime:
    """The first hour of reminders after `now`."""
    today = morning(local_day(now), reminders)
    return today if now < today else morning(local_day(now) + _DAY, reminders)


def next_attention(owed: Obligation, now: datetime, holidays: Collection[date], reminders: Reminders) -> datetime | None:
    """When the sweep has to look at it next, after `now`."""
    if not owed.unmet:
        return None
    instants = [] if owed.automatic and not owed.late else [_next_reminder(owed, now, reminders)]
    if owed.state is ObligationState.OPEN:
        instants.append(owed.due_at + _SECOND)
    if owed.state is ObligationState.LATE:
        instants.append(breach_at(owed.due_at, holidays) + _SECOND)
    return min(instants)


def _next_reminder(owed: Obligation, now: datetime, reminders: Reminders) -> datetime:
    return max(next_morning(now, reminders), morning(local_day(owed.due_at) - timedelta(days=reminders.lead_days), reminders))


def urgency_on(owed: Obligation, day: date, lead_days: int) -> Urgency | None:
    """How near its deadline is on the morning of `day`; None: nobody is reminded of it that day."""
    due_day = local_day(owed.due_at)
    if not owed.unmet or (owed.tried_at is not None and local_day(owed.tried_at) == day):
        return None
    if due_day < day:
        return Urgency.LATE
    if owed.automatic or due_day > day + timedelta(days=lead_days):
        return None
    return Urgency.TODAY if due_day == day else Urgency.SOON


def step_reached(owed: Obligation, now: datetime, ladder: tuple[Rank, ...], holidays: Collection[date], reminders: Reminders) -> int:
    """How many ranks of the ladder have to have heard of it by `now`; never fewer than have.

    The ladder counts from the deadline, or from when we first knew of it, or its evidence was taken back, where that was later: nobody is
    escalated over a morning that they did not have.
    """
    if not owed.unmet:
        return owed.step
    since = local_day(max(owed.due_at, owed.created_at, owed.reopened_at or owed.created_at))
    hours = (morning(add_working_days(since, rank.working_days_late, holidays) + _DAY, reminders) for rank in ladder)
    return max(owed.step, sum(hour <= now for hour in hours))


def away_on(officer: DirectoryOfficer, day: date) -> bool:
    """Whether an officer has left, or is absent on `day`."""
    if not officer.active:
        return True
    begun = officer.absent_from is not None and officer.absent_from <= day
    return begun and (officer.absent_until is None or day <= officer.absent_until)


def last_duty_day(officer: DirectoryOfficer) -> date | None:
    """The day before an announced absence."""
    return officer.absent_from - _DAY if officer.active and officer.absent_from else None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is reminded: a person by collar number, or the role of `unit`. `because` says why it is not the officer in the case."""

    unit: Unit
    collar_number: str | None = None
    because: str | None = None


Listed = Callable[[str], DirectoryOfficer | None]
"""The directory: an entry by collar number."""


def responsible(owed: Obligation, day: date, listed: Listed) -> Recipient:
    """Who is reminded on `day` of what is owed: the unit, the officer in the case, or who stands in for one who is away."""
    if owed.unit is not None and owed.unit is not Unit.OFFICER:
        return _supervisor(owed, day, listed) if owed.unit is Unit.SUPERVISOR else Recipient(owed.unit)
    if owed.officer is None:
        return Recipient(Unit.OFFICER, because="No officer is named in this case.")
    entry = listed(owed.officer)
    if entry is None or not away_on(entry, day):
        return Recipient(Unit.OFFICER, owed.officer)
    why = _absence(entry)
    cover = listed(entry.cover) if entry.cover else None
    if cover is not None and not away_on(cover, day):
        return Recipient(Unit.OFFICER, cover.collar_number, f"{why} You are their cover.")
    return replace(_supervisor(owed, day, listed), because=why)


def _absence(entry: DirectoryOfficer) -> str:
    if not entry.active:
        return "The officer in the case has left."
    if entry.absent_until is None:
        return "The officer in the case is away."
    return f"The officer in the case is away until {entry.absent_until.day} {entry.absent_until:%B %Y}."


def _supervisor(owed: Obligation, day: date, listed: Listed) -> Recipient:
    """The directory's supervisor of the officer, else the record's; their role where there is none, or they are away."""
    entry = listed(owed.officer) if owed.officer else None
    collar = (entry.supervisor if entry else None) or owed.supervisor
    if collar is None:
        return Recipient(Unit.SUPERVISOR)
    found = listed(collar)
    if found is not None and away_on(found, day):
        return Recipient(Unit.SUPERVISOR, because="The officer's supervisor is away.")
    return Recipient(Unit.SUPERVISOR, collar)


def escalated_to(owed: Obligation, rank: Rank, day: date, listed: Listed) -> Recipient:
    """Who hears, at one rank of the ladder, of what is late. What operations leave undone goes to the duty contact at every rank."""
    days = rank.working_days_late
    because = f"Late for {days} working day{'' if days == 1 else 's'}."
    if owed.unit is Unit.OPERATIONS:
        return Recipient(Unit.DUTY_CONTACT, because=because)
    if rank.role is not Unit.SUPERVISOR:
        return Recipient(rank.role, because=because)
    mine = owed.unit in (None, Unit.OFFICER, Unit.SUPERVISOR)
    return replace(_supervisor(owed, day, listed) if mine else Recipient(Unit.SUPERVISOR), because=because)


@dataclass(frozen=True, slots=True)
class Reminded:
    """One obligation of a digest, as it stands, and why it comes to this reader (None: it is theirs). `once`: a step of the ladder."""

    owed: Obligation
    urgency: Urgency
    because: str | None
    once: bool = False


def named(lines: Sequence[Reminded], most: int) -> list[Reminded]:
    """What a digest names: all that comes once or is due today, and of the rest the most urgent until there are `most`."""
    room = max(0, most - sum(_now(line) for line in lines))
    rest = [line for line in lines if not _now(line)][:room]
    return [line for line in lines if _now(line) or line in rest]


def _now(line: Reminded) -> bool:
    return line.once or line.urgency is Urgency.TODAY


def reminded_by(owed: Obligation, now: datetime, profile: Profile, holidays: Collection[date]) -> Obligation:
    """The row after the sweep attended to it at `now`: the ladder's steps taken, the next instant set."""
    step = step_reached(owed, now, profile.ladder, holidays, profile.reminders)
    return replace(owed, step=step, next_at=next_attention(owed, now, holidays, profile.reminders))


def letter_arrives(laid_at: datetime, holidays: Collection[date]) -> datetime:
    """When a letter that lay in the bucket at `laid_at` counts as delivered."""
    return due(rule_on("LETTER-2WD", local_day(laid_at)), laid_at, holidays)


def update_due(day: date) -> datetime:
    """An update due on a date is due by the end of that day, in UTC."""
    return end_of(day)

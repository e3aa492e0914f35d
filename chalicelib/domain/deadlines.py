"""Working days, deadlines and quiet hours, computed in Europe/London and stored in UTC.

Working day: Monday to Friday without the bank holidays of England and Wales, the event's day being day 0 (rule WD-1, [INF]: no text of the
Code that could be read defines it). Bank holidays are an argument. Must not know the current time or any calendar of its own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.domain.profile import QuietHours

LONDON = ZoneInfo("Europe/London")
END_OF_DAY = time(23, 59, 59)


class Measure(StrEnum):
    """What a deadline is counted in: days end with the day, minutes with the second."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A dated row: from `effective_from`, so many `days`, or what `measure` says; `source` says whose rule it is and how sure we are."""

    id: str
    effective_from: date
    days: int
    source: str
    measure: Measure = Measure.WORKING_DAYS


CODE_IN_FORCE = date(2021, 4, 1)

DEADLINES: tuple[DeadlineRule, ...] = (
    DeadlineRule("ACK-2WD", CODE_IN_FORCE, 2, "[INF] Right 3 names no day count in the text read; two working days as for Right 4"),
    DeadlineRule("REF-2WD", CODE_IN_FORCE, 2, "Victims' Code, Right 4: referred within two working days of the report {BED4}"),
    DeadlineRule("SPEC-1WD", CODE_IN_FORCE, 1, "[INF] specialist and held victims: a person acts within one working day"),
    DeadlineRule("STOP-1WD", CODE_IN_FORCE, 1, "[INF] a stop notice is confirmed by a person within one working day"),
    DeadlineRule("QUAR-1WD", CODE_IN_FORCE, 1, "[INF] a quarantined record is looked at within one working day"),
    DeadlineRule(
        "NEEDS-2WD", CODE_IN_FORCE, 2, "[INF] Right 4 names no day count for the needs assessment; two working days as for the referral"
    ),
    DeadlineRule("TARGETED-2WD", CODE_IN_FORCE, 2, "[INF] whether a victim is persistently targeted is considered as soon as their needs"),
    DeadlineRule("UPDATE", CODE_IN_FORCE, 0, "Victims' Code, Right 6: as often as agreed with the victim {BED6}; by the end of that day"),
    DeadlineRule("EVENT-5WD", CODE_IN_FORCE, 5, "Victims' Code, Right 6: key events within five working days {BED6}"),
    DeadlineRule("EVENT-1WD", CODE_IN_FORCE, 1, "Victims' Code, Right 6: within one working day with enhanced rights {BED6}"),
    DeadlineRule("EVENT-DAY", CODE_IN_FORCE, 0, "[INF] a response that is delayed is told by the end of the same day"),
    DeadlineRule("COURT-1WD", CODE_IN_FORCE, 1, "Victims' Code, Right 8: one working day for every victim, of the force's receipt {BED8}"),
    DeadlineRule("REVIEW-10WD", CODE_IN_FORCE, 10, "A request for a review is acknowledged within ten working days {WILTS}"),
    DeadlineRule("REVIEW-30WD", CODE_IN_FORCE, 30, "A request for a review is decided within thirty working days {WILTS}"),
    DeadlineRule("RECORD-1WD", CODE_IN_FORCE, 1, "[INF] the crime management unit looks at a recording check within one working day"),
    DeadlineRule(
        "WRITTEN-2WD", CODE_IN_FORCE, 2, "[INF] what an officer wrote of a case still holds two working days later; later it does not go"
    ),
    DeadlineRule("LETTER-2WD", CODE_IN_FORCE, 2, "[INF] a letter has arrived two working days after it was laid into the bucket"),
    DeadlineRule(
        "CONTACT-7D",
        CODE_IN_FORCE,
        7,
        'The force says of its contact form "allow up to a week" {CON}, CC 4.22; [INF] seven calendar days, whoever it came to',
        Measure.DAYS,
    ),
    DeadlineRule(
        "DANGER-15MIN",
        CODE_IN_FORCE,
        15,
        "[INF] words of immediate danger are looked at by the control room within a quarter of an hour",
        Measure.MINUTES,
    ),
    DeadlineRule(
        "LEAK-1H", CODE_IN_FORCE, 60, "[INF] a message that should not have left is looked at within an hour, day or night", Measure.MINUTES
    ),
    DeadlineRule("BREACH-3WD", CODE_IN_FORCE, 3, "[INF] what is still owed three working days after its deadline counts as breached"),
)


def rule_on(rule_id: str, day: date, table: tuple[DeadlineRule, ...] = DEADLINES) -> DeadlineRule:
    """The row of `rule_id` in force on `day` (the newest that has begun; the oldest for days before all of them)."""
    rows = sorted((row for row in table if row.id == rule_id), key=lambda row: row.effective_from)
    begun = [row for row in rows if row.effective_from <= day]
    return begun[-1] if begun else rows[0]


def local_day(moment: datetime) -> date:
    """The calendar day of `moment` in London."""
    return moment.astimezone(LONDON).date()


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < 5 and day not in holidays


def add_working_days(start: date, days: int, holidays: Collection[date]) -> date:
    """The `days`-th working day after `start`, which is day 0 whether or not it is a working day itself."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if is_working_day(day, holidays):
            days -= 1
    return day


def end_of(day: date) -> datetime:
    """23:59:59 London on `day`, in UTC."""
    return datetime.combine(day, END_OF_DAY, LONDON).astimezone(UTC)


def next_hour(moment: datetime, hours: Collection[time]) -> datetime:
    """The first of the day's `hours`, London, at or after `moment`, in UTC."""
    day = local_day(moment)
    at = (datetime.combine(day + timedelta(days=ahead), hour, LONDON).astimezone(UTC) for ahead in (0, 1) for hour in sorted(hours))
    return next(instant for instant in at if instant >= moment)


def due(rule: DeadlineRule, event: datetime, holidays: Collection[date]) -> datetime:
    """When `rule` falls due for an event at `event`, in UTC: the end of its last day, or so many minutes later."""
    if rule.measure is Measure.MINUTES:
        return event.astimezone(UTC) + timedelta(minutes=rule.days)
    if rule.measure is Measure.DAYS:
        return end_of(local_day(event) + timedelta(days=rule.days))
    return end_of(add_working_days(local_day(event), rule.days, holidays))


def next_allowed(moment: datetime, quiet: QuietHours, own: tuple[time, time] | None = None) -> datetime:
    """The first instant at or after `moment` at which a victim may be written to, in UTC.

    Between `quiet.opens` (inclusive) and `quiet.closes` (exclusive), London, and inside the victim's `own` safe hours where there are any.
    Hours that never overlap leave the force's: contact_safety.py gives such a victim to a person before this is asked.
    """
    opens, closes = quiet.opens, quiet.closes
    if own and max(opens, own[0]) < min(closes, own[1]):
        opens, closes = max(opens, own[0]), min(closes, own[1])
    local = moment.astimezone(LONDON)
    if opens <= local.time() < closes:
        return moment.astimezone(UTC)
    day = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    return datetime.combine(day, opens, LONDON).astimezone(UTC)


BAD_NEWS_FROM, BAD_NEWS_UNTIL, BEFORE_DAYS_OFF_UNTIL = time(9), time(17), time(15)
"""[INF] Bad news comes while somebody can be reached who answers questions, and not last thing before a weekend or holiday."""
_FAR = 60


def next_for_bad_news(
    moment: datetime, quiet: QuietHours, holidays: Collection[date], own: tuple[time, time] | None = None
) -> datetime | None:
    """As `next_allowed`, for bad news: working days from 09:00 to 17:00, or 15:00 where the next day is none. None: never (`own` hours)."""
    for _ in range(_FAR):
        day = local_day(moment)
        opens, closes = (datetime.combine(day, hour, LONDON).astimezone(UTC) for hour in (BAD_NEWS_FROM, _bad_news_until(day, holidays)))
        at = next_allowed(max(moment, opens), quiet, own)
        if is_working_day(day, holidays) and at < closes:
            return at
        moment = datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC)
    return None


def _bad_news_until(day: date, holidays: Collection[date]) -> time:
    return BAD_NEWS_UNTIL if is_working_day(day + timedelta(days=1), holidays) else BEFORE_DAYS_OFF_UNTIL

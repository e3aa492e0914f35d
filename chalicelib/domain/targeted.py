"""Who may be persistently targeted, one of the three gates of enhanced rights {CC} {VCM}: a suggestion to the officer in the case.

How often the same person was recorded as the victim of a crime says that somebody should look, and no more. Must not assess or change
rights, which is a person's to do, and must not pass on anything of another record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain.deadlines import CODE_IN_FORCE, local_day
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.draft import Draft
from chalicelib.domain.evidence import Evidence, assessed
from chalicelib.domain.model import HoldKind, Occurrence, RecordType, Status, Unit, Victim, VictimKind
from chalicelib.domain.obligations import DECISION, Kind, Purpose


@dataclass(frozen=True, slots=True)
class TargetedRule:
    """A dated row: from `effective_from`, crimes reported on `times` days that lie within `days` of each other suggest it."""

    id: str
    effective_from: date
    times: int
    days: int
    source: str


TARGETED: tuple[TargetedRule, ...] = (
    TargetedRule(
        "TARGETED",
        CODE_IN_FORCE,
        3,
        365,
        "Persistently targeted is a gate of enhanced rights {CC} {VCM}; [INF] the texts read name no number. What is reported on one day "
        "is often one matter in several records, so days are counted and not records",
    ),
)
FEWEST = min(rule.times for rule in TARGETED)
"""A person with fewer records than this is nobody whom any row suggests."""


def targeted_rule_on(day: date, table: tuple[TargetedRule, ...] = TARGETED) -> TargetedRule:
    """The row in force on `day` (the oldest for days before all of them)."""
    rows = sorted(table, key=lambda row: row.effective_from)
    begun = [row for row in rows if row.effective_from <= day]
    return begun[-1] if begun else rows[0]


def crime_at(occurrence: Occurrence, victim: Victim) -> datetime | None:
    """When this was reported, where it is a crime against a person: not an incident, not cancelled, no business, nobody on duty."""
    counts = occurrence.record_type is RecordType.CRIME and occurrence.status is not Status.CANCELLED
    return occurrence.reported_at if counts and victim.kind is VictimKind.PERSON else None


def suggest(draft: Draft) -> None:
    """The officer is asked to consider it, once for each record: until they say so, or an assessment on the record says that it was done.

    In a closed record only where it is this crime that makes it so: nothing that is over changes because of a later one.
    """
    s = draft.s
    own, since = crime_at(s.occurrence, s.victim), targeted_since(draft)
    later = own is None or since is None or local_day(since) > local_day(own)
    if since is None or s.victim.deceased or (later and s.occurrence.status is not Status.OPEN):
        return
    settled = _settled(draft, since)
    if settled is None or _asked(draft):
        draft.task(
            Purpose.PERSISTENTLY_TARGETED, Unit.OFFICER, rule_id="TARGETED-2WD", started_at=s.now, begun_by=DECISION, said=settled
        )  # fmt: skip


def targeted_since(draft: Draft) -> datetime | None:
    """The report with which this crime became one of several within the rule's days; None: it is not.

    The order in which records reach us does not matter, and a later crime does not move it. A specialist record counts only where this one
    is held as specialist as well: elsewhere the suggestion would say that there is something which the officer cannot see.
    """
    s = draft.s
    own = crime_at(s.occurrence, s.victim)
    if own is None:
        return None
    held = draft.decision.hold is HoldKind.SPECIALIST
    others = (crime.reported_at for crime in s.known.crimes if held or not crime.specialist)
    first: dict[date, datetime] = {}
    for at in sorted((own, *others)):
        first.setdefault(local_day(at), at)
    rule = targeted_rule_on(local_day(own))
    within = timedelta(days=rule.days)
    ends = (day for day in first if local_day(own) <= day <= local_day(own) + within)
    full = (day for day in ends if sum(day - within <= each <= day for each in first) >= rule.times)
    return next((first[day] for day in full), None)


def _settled(draft: Draft, since: datetime) -> Evidence | None:
    """An assessment that could know of it, or one by which the victim has enhanced rights anyway."""
    s, found = draft.s, assessed(draft.s)
    eligible = s.victim.enhanced is not None and s.victim.enhanced.eligible is True
    return found if found and (eligible or found.at >= since) else None


def _asked(draft: Draft) -> bool:
    """The officer was told of the suggestion, so that its end is told as well."""
    task_id = fact_id(*draft.key, Kind.TASK, Purpose.PERSISTENTLY_TARGETED, Unit.OFFICER)
    return any(row.task_id == task_id and row.may_be_out for row in draft.s.rows)

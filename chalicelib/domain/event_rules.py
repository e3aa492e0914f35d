"""By when a victim hears of each kind of key event, whose it is to tell, and what it needs to be told: dated rows with their sources.

Must not look at a case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.deadlines import CODE_IN_FORCE
from chalicelib.domain.events import EventType
from chalicelib.domain.model import Unit

DAYS = "EVENT-5WD", "EVENT-1WD"
"""Rules of `deadlines.py`: for everybody, and for a victim with enhanced rights."""
COURT = "COURT-1WD", "COURT-1WD"
SAME_DAY = "EVENT-DAY", "EVENT-DAY"
RIGHT_6 = "Victims' Code, Right 6 {BED6}"
RIGHT_6_CHARGE = "Victims' Code, Right 6 {GOVUK-AC}; [GK] one working day with enhanced rights"
RIGHT_6_CPS = "Code page of the CPS {CPS-TC, OLD}"
RIGHT_8 = "Victims' Code, Right 8: one working day for every victim {BED8}"
COURT_TIGHTEST = "Victims' Code, Rights 8 and 9 {BED8} {CC}; [INF] the tightest clock of court news, for everybody"
NO_COUNT = "[INF] no day count in the texts read; as for other key events"


@dataclass(frozen=True, slots=True)
class EventRule:
    """A dated row. `standard` and `enhanced` name deadlines; court news counts from its receipt by the force.

    `bad_news` is told with care: in working hours, or in person. `needs_reason`: without one the news is incomplete. `risk` names the point
    at which the risk of domestic abuse is assessed again, in plain words {APP-DA}.
    """

    type: EventType
    effective_from: date
    deadlines: tuple[str, str]
    source: str
    unit: Unit = Unit.OFFICER
    bad_news: bool = False
    needs_reason: bool = True
    risk: str | None = None

    @property
    def of_court(self) -> bool:
        return self.unit is Unit.WITNESS_CARE


def _police(kind: EventType, source: str = RIGHT_6, *, bad: bool = False, reason: bool = True, risk: str | None = None) -> EventRule:
    return EventRule(kind, CODE_IN_FORCE, DAYS, source, bad_news=bad, needs_reason=reason, risk=risk)


def _court(kind: EventType, source: str) -> EventRule:
    return EventRule(kind, CODE_IN_FORCE, COURT, source, Unit.WITNESS_CARE, needs_reason=False, risk="court")


EVENT_RULES: tuple[EventRule, ...] = (
    _police(EventType.ARRESTED),
    _police(EventType.INTERVIEWED_UNDER_CAUTION),
    _police(EventType.RELEASED_NO_CHARGE, risk="release from custody"),
    _police(EventType.RELEASED_ON_BAIL, risk="release from custody"),
    _police(EventType.RELEASED_UNDER_INVESTIGATION, risk="release from custody"),
    _police(EventType.BAIL_CHANGED, risk="change of bail conditions"),
    _police(EventType.BAIL_CANCELLED, risk="end of bail conditions"),
    _police(EventType.NOT_INVESTIGATED, bad=True),
    _police(EventType.CHARGED, RIGHT_6_CHARGE, risk="charge"),
    _police(EventType.CHARGES_DROPPED, RIGHT_6_CPS, bad=True, risk="end of bail conditions"),
    _police(EventType.CHARGES_ALTERED, RIGHT_6_CPS, risk="charge"),
    _police(EventType.OUT_OF_COURT_DISPOSAL, RIGHT_6_CHARGE, bad=True),
    _police(EventType.NOT_PROSECUTED, RIGHT_6_CHARGE, bad=True, risk="end of bail conditions"),
    _police(EventType.NO_SUSPECT_IDENTIFIED, NO_COUNT, bad=True),
    EventRule(
        EventType.RESPONSE_DELAYED,
        CODE_IN_FORCE,
        SAME_DAY,
        "[INF] told the same day; 13 of 21 victims of late responses were not {DT-2022}",
    ),
    _court(EventType.HEARING_LISTED, RIGHT_8),
    _court(EventType.REQUIRED_TO_GIVE_EVIDENCE, RIGHT_8),
    _court(EventType.WARRANT_ISSUED, COURT_TIGHTEST),
    _court(EventType.COURT_OUTCOME, COURT_TIGHTEST),
    _court(EventType.APPEAL, COURT_TIGHTEST),
    _police(EventType.PROPERTY_RETURNED, NO_COUNT, reason=False),
    _police(EventType.VPS_OFFERED, NO_COUNT, reason=False),
)


def event_rule_on(kind: EventType, day: date, table: tuple[EventRule, ...] = EVENT_RULES) -> EventRule:
    """The row of `kind` in force on `day` (the newest that has begun; the oldest for days before all of them)."""
    rows = sorted((row for row in table if row.type is kind), key=lambda row: row.effective_from)
    begun = [row for row in rows if row.effective_from <= day]
    return begun[-1] if begun else rows[0]

"""Whose rights are enhanced, and the deadlines that follow, by docs/events.md and the issue's section 5.

Must not assess anybody: a record says who was.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from infra.replay.expectation import classes
from infra.replay.expectation.event_table import TELLINGS
from infra.replay.expectation.people import Victim, child
from infra.replay.expectation.working_days import working_days_after

Record = dict[str, Any]


def enhanced(record: Record, victim: Victim) -> bool:
    return (victim.get("enhanced") or {}).get("eligible") is True or from_the_start(record, victim)


def from_the_start(record: Record, victim: Victim) -> bool:
    """Children, hate crime, domestic abuse and most serious crime; a business is the victim of hate crime alone."""
    codes = [offence["code"] for offence in record["offences"]]
    hate = record["flags"].get("hate_crime") is True or any(code in classes.HATE for code in codes)
    if victim["kind"] == "business":
        return hate
    serious = record["record_type"] == "n100" or any(code in classes.MOST_SERIOUS for code in codes)
    return hate or serious or child(victim, record["reported_at"]) or record["flags"].get("domestic_abuse") is True


def due_by(said: dict[str, Any], record: Record, victim: Victim, *, by_people: bool) -> datetime:
    """Until when this victim has to hear of it. `by_people`: specialist or held, the tightest clock."""
    telling = TELLINGS[said["type"]]
    began: datetime = (said.get("received_at") if telling.court else None) or said["happened_at"]
    plain, tight = (working_days_after(began, days) for days in (telling.days, telling.enhanced))
    assessment = victim.get("enhanced") or {}
    if by_people or from_the_start(record, victim):
        return tight
    if assessment.get("eligible") is not True:
        return plain
    assessed = assessment.get("assessed_at")
    if assessed is None or assessed <= tight:
        return tight
    return min(plain, working_days_after(assessed, telling.enhanced))

"""What the crime management unit has to look at in a record, and when that is answered, as docs/obligations.md words it.

Must not know a victim's route: of routing it asks for the signs of domestic abuse alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from infra.replay.expectation.fields import LONDON
from infra.replay.expectation.owed import Owed
from infra.replay.expectation.people import child
from infra.replay.expectation.routing import district_of, sticky_signs
from infra.replay.expectation.working_days import london_day, working_days_after

if TYPE_CHECKING:
    from infra.replay.expectation.cases import Case

Record = dict[str, Any]
UNIT = "crime_management"
_A_DAY, _SECOND = timedelta(hours=24), timedelta(seconds=1)
_LEAD, _MORNING = timedelta(days=2), time(7)
_RAPES = {"19C", "19D", "19E", "19F", "19G", "19H"}
_OTHERS = {"third_party", "professional"}
_LINKED = 10
_SEVERAL = re.compile(
    r"(?:^|\W)(?:multi|multiple|several|more than one|two|three|four|gang|group)\W.*(?:offender|suspect|perpetrator|assailant)s?(?:\W|$)"
)
_CHILDREN = re.compile(r"(?:^|\W)(?:child|children)(?:\W|$)")


def found(case: Case, record: Record, cases: dict[str, Case], now: datetime) -> set[str]:
    """What a version shows at `now`."""
    kind, status = record["record_type"], record["status"]
    incident, standing = kind == "incident" and status != "transferred", status not in {"cancelled", "transferred"}
    links = [name for name in (record.get("linked_references") or [])[:_LINKED] if name != case.reference]
    linked = sum(_is_crime(cases[name]) for name in links if name in cases)
    abuse = any(rule.startswith("domestic-abuse") for rule, _ in sticky_signs(record))
    codes = [offence["code"] for offence in record["offences"] if offence.get("code")]
    words = [text.lower().replace("_", " ").replace("-", " ") for text in _texts(record)]
    rapes = sum(code in _RAPES for code in codes)
    was = any(seen == "crime" for version, seen in case.types.items() if version < case.version)
    partly = any(said.get("all_suspects_and_charges") is False for what, said in case.events.values() if what == "investigation_event")
    children = record["flags"].get("safeguarding") is True or any(_CHILDREN.search(text) for text in words)
    shown = {
        "domestic_abuse_no_crime": incident and abuse and not linked,
        "several_crimes": incident and len(codes) > max(1, linked),
        "reported_by_another_no_crime": incident and record["source"] in _OTHERS and not linked and now - record["reported_at"] >= _A_DAY,
        "n100_without_sub_code": kind == "n100" and standing and not {"N100/1", "N100/2", "N100/3"} & set(codes),
        "recorded_late": kind != "incident" and record["recorded_at"] - record["reported_at"] > _A_DAY,
        "cancellation_unverified": (kind == "crime" and status == "cancelled") or (was and kind == "incident"),
        "rape_recorded_once": bool(rapes) and standing and not linked and (rapes > 1 or partly or any(map(_SEVERAL.search, words))),
        "child_not_recorded": kind == "crime" and standing and abuse and children
        and not any(child(victim, record["reported_at"]) for victim in record["victims"]),
        "victim_not_named": not _whom(case) <= case.parts.keys() | {victim["id"] for victim in record["victims"]},
    }  # fmt: skip
    return {name for name, is_shown in shown.items() if is_shown}


def look(case: Case, cases: dict[str, Case], now: datetime, *, answered_at: datetime | None = None, late: Record | None = None) -> None:
    """A version or an event came, or the day of a report is over. `late`: an older version that came after a newer one."""
    if not case.version:
        return
    shown = found(case, case.record, cases, now)
    for name in shown:
        before = case.checks.get(name)
        due = before.due if before is not None and before.unmet else working_days_after(now, 1)
        case.checks[name] = Owed("recording_check", due, district=district_of(case.record))
    for name in case.checks.keys() - shown:
        case.checks[name].met_at = case.checks[name].met_at or min(answered_at or now, now)
    for name in (found(case, late, cases, now) - case.checks.keys()) if late else ():
        case.checks[name] = Owed("recording_check", working_days_after(now, 1), district=district_of(case.record), met_at=now)


def pass_time(everything: dict[str, Case], now: datetime, until: datetime) -> None:
    """The day of a report by another ends, or of an event without a record; what a linked crime answers is seen in the morning."""
    for case in everything.values():
        if not case.version:
            _wait(case, now, until)
            continue
        over = case.record["reported_at"] + _A_DAY
        instants = {over} if case.record["source"] in _OTHERS and now < over <= until else set()
        firsts = (next(_looks(owed, now, until), None) for owed in case.checks.values() if owed.unmet)
        for at in sorted({*instants, *filter(None, firsts)}):
            look(case, everything, at)


def _wait(case: Case, now: datetime, until: datetime) -> None:
    """What is told of a record that has not come a day later is looked into."""
    over = min(case.heard_at.values()) + _A_DAY if case.heard_at else until + _A_DAY
    if now < over <= until:
        case.checks["no_record"] = Owed("recording_check", working_days_after(over, 1))


def _looks(owed: Owed, now: datetime, until: datetime) -> Iterator[datetime]:
    """When the sweep comes to it: every morning from two days before it is due, and when it is late and breached."""
    breached = working_days_after(owed.due, 3)
    days = (london_day(now) + timedelta(days=ahead) for ahead in range((until - now).days + 2))
    mornings = (datetime.combine(day, _MORNING, LONDON).astimezone(now.tzinfo) for day in days if day >= london_day(owed.due) - _LEAD)
    yield from sorted(at for at in (*mornings, owed.due + _SECOND, breached + _SECOND) if now < at <= until)


def _whom(case: Case) -> set[str]:
    """Everybody whom an event of the case names."""
    told = [said for _, said in case.events.values()]
    return {name for said in told for name in (said.get("victim_ids") or [said.get("victim_id")]) if name}


def _is_crime(case: Case) -> bool:
    return bool(case.version) and case.record["record_type"] == "crime" and case.record["status"] != "cancelled"


def _texts(record: Record) -> list[str]:
    return [*(record.get("markers") or []), *(offence.get("description") or "" for offence in record["offences"])]

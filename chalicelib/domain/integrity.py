"""Recording integrity: what a record shows that the crime management unit has to look at, by dated rules from the force's 2018 inspection.

A finding is owed by the crime management unit and meets nobody's right; it holds no message. Where the record cannot say what a rule asks
for (how many offenders, who else lives there, why a crime was cancelled), the nearest sign that it can give stands in its place and its row
says so [INF]. Must not decide a route, and must not read the free text of a record beyond its offences and markers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.domain.contact_safety import is_child
from chalicelib.domain.deadlines import due, local_day, rule_on
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.events import Event, InvestigationEvent, Step, TaskDone
from chalicelib.domain.evidence import Evidence, earliest_of
from chalicelib.domain.message_events import MessageAllocated, MessageReceived
from chalicelib.domain.model import Occurrence, RecordType, Source, Status, Unit
from chalicelib.domain.obligations import DECISION, RECORD, Kind, Obligation, ObligationState, Purpose
from chalicelib.domain.reconcile import still_owed
from chalicelib.domain.reminders import unmet_state
from chalicelib.domain.routes import case_signs
from chalicelib.domain.situation import Standing

INSPECTED = date(2018, 1, 1)
"""The inspection's year; its text names no day."""
RECORDED_WITHIN = timedelta(hours=24)
"""From the report to the crime record, at the latest {HPMG}; what is told of a record that does not come waits as long [INF]."""


@dataclass(frozen=True, slots=True)
class RecordingRule:
    """A dated row: from `effective_from` a record is looked at for `purpose`; `source` says whose rule it is, and by which sign."""

    purpose: Purpose
    effective_from: date
    source: str


RECORDING_RULES: tuple[RecordingRule, ...] = (
    RecordingRule(
        Purpose.DOMESTIC_ABUSE_NO_CRIME,
        INSPECTED,
        "{CDI}: domestic abuse is a crime from the outset, not a note on a DOMA form; [INF] the signs are those of routing",
    ),
    RecordingRule(
        Purpose.SEVERAL_CRIMES,
        INSPECTED,
        "{CDI}: more than one crime disclosed within an incident; [INF] the incident names several offences and fewer crimes are linked",
    ),
    RecordingRule(
        Purpose.REPORTED_BY_ANOTHER_NO_CRIME,
        INSPECTED,
        "{CDI} {HPMG}: reports of third parties and professionals are recorded within 24 hours; [INF] every such incident without a crime",
    ),
    RecordingRule(Purpose.N100_WITHOUT_SUB_CODE, INSPECTED, "{CDI} {N100-R}: N100 is used with one of its three sub-codes"),
    RecordingRule(Purpose.RECORDED_LATE, INSPECTED, "{HPMG}: recorded at the report, 24 hours later at most"),
    RecordingRule(
        Purpose.CANCELLATION_UNVERIFIED,
        INSPECTED,
        "{CDI}: a crime is cancelled only with additional verifiable information; [INF] the contract carries none, so each is looked at",
    ),
    RecordingRule(
        Purpose.RAPE_RECORDED_ONCE,
        INSPECTED,
        "{CDI}: rape by several offenders is several crimes; [INF] several rapes, several offenders or charges named in one record",
    ),
    RecordingRule(
        Purpose.CHILD_NOT_RECORDED,
        INSPECTED,
        "Children are victims of domestic abuse in their own right {ACTHUB}; [INF] safeguarding or a marker of a child, no child victim",
    ),
    RecordingRule(Purpose.VICTIM_NOT_NAMED, INSPECTED, "[INF] what is told of somebody whom no version names reaches nobody"),
    RecordingRule(Purpose.NO_RECORD, INSPECTED, "[INF] what is told of a record that does not come reaches nobody"),
)

_ANOTHER = {Source.THIRD_PARTY, Source.PROFESSIONAL}
_SUB_CODES = {"N100/1", "N100/2", "N100/3"}
_RAPE = frozenset({"19C", "19D", "19E", "19F", "19G", "19H"})
_SEVERAL_OFFENDERS = re.compile(
    r"\b(multi|multiple|several|more than one|two|three|four|gang|group)\b.*\b(offender|suspect|perpetrator|assailant)s?\b"
)
_A_CHILD = re.compile(r"\bchild(ren)?\b")


@dataclass(frozen=True, slots=True)
class Recording:
    """What the checks look at. `was_crime`: an older version was a crime. `linked_crimes` counts linked records that are crimes."""

    occurrence: Occurrence
    was_crime: bool
    linked_crimes: int
    events: tuple[Event, ...]
    now: datetime
    named: frozenset[str] = frozenset()
    """Victims whom any version names."""


def findings(r: Recording, table: Collection[RecordingRule] = RECORDING_RULES) -> frozenset[Purpose]:
    """What the crime management unit has to look at, by the rows in force on the day of the report."""
    day = local_day(r.occurrence.reported_at)
    rows = {row.purpose for row in table if row.effective_from <= day}
    return frozenset(purpose for purpose in rows if _CHECKS[purpose](r))


def looks_again_at(occurrence: Occurrence) -> datetime | None:
    """When a report by another becomes a finding if no crime came until then; None: no such report."""
    return occurrence.reported_at + RECORDED_WITHIN if _by_another(occurrence) else None


def _incident(occurrence: Occurrence) -> bool:
    return occurrence.record_type is RecordType.INCIDENT and occurrence.status is not Status.TRANSFERRED


def _stands(occurrence: Occurrence) -> bool:
    return occurrence.status not in {Status.CANCELLED, Status.TRANSFERRED}


def _domestic(occurrence: Occurrence) -> bool:
    """A sign that is known, not a flag that is not."""
    return any(sign.rule_id.startswith("domestic-abuse-") and not sign.missing for sign in case_signs(occurrence))


def _codes(occurrence: Occurrence) -> list[str]:
    return [offence.code for offence in occurrence.offences if offence.code]


def _texts(occurrence: Occurrence) -> list[str]:
    said = [*occurrence.markers, *(offence.description or "" for offence in occurrence.offences)]
    return [text.lower().replace("_", " ").replace("-", " ") for text in said]


def _domestic_abuse_no_crime(r: Recording) -> bool:
    return _incident(r.occurrence) and not r.linked_crimes and _domestic(r.occurrence)


def _several_crimes(r: Recording) -> bool:
    return _incident(r.occurrence) and len(_codes(r.occurrence)) > max(1, r.linked_crimes)


def _by_another(occurrence: Occurrence) -> bool:
    return _incident(occurrence) and occurrence.source in _ANOTHER


def _reported_by_another(r: Recording) -> bool:
    over = r.now >= r.occurrence.reported_at + RECORDED_WITHIN
    return _by_another(r.occurrence) and not r.linked_crimes and over


def _n100_without_sub_code(r: Recording) -> bool:
    n100 = r.occurrence.record_type is RecordType.N100 and _stands(r.occurrence)
    return n100 and not _SUB_CODES.intersection(_codes(r.occurrence))


def _recorded_late(r: Recording) -> bool:
    o = r.occurrence
    return o.record_type is not RecordType.INCIDENT and o.recorded_at - o.reported_at > RECORDED_WITHIN


def _cancelled(r: Recording) -> bool:
    """Cancelled, or made an incident again after it was a crime."""
    o = r.occurrence
    crime = o.record_type is RecordType.CRIME
    return (crime and o.status is Status.CANCELLED) or (r.was_crime and o.record_type is RecordType.INCIDENT)


def _rape_recorded_once(r: Recording) -> bool:
    o = r.occurrence
    rapes = [code for code in _codes(o) if code in _RAPE]
    if not rapes or not _stands(o) or r.linked_crimes:
        return False
    not_all = any(event.all_suspects_and_charges is False for event in r.events if isinstance(event, InvestigationEvent))
    return len(rapes) > 1 or not_all or any(_SEVERAL_OFFENDERS.search(text) for text in _texts(o))


def _child_not_recorded(r: Recording) -> bool:
    o = r.occurrence
    if o.record_type is not RecordType.CRIME or not _stands(o) or not _domestic(o):
        return False
    child_there = o.flags.safeguarding is True or any(_A_CHILD.search(text) for text in _texts(o))
    return child_there and not any(is_child(victim, local_day(o.reported_at)) for victim in o.victims)


def _victim_not_named(r: Recording) -> bool:
    known = r.named | {victim.id for victim in r.occurrence.victims}
    return any(not known.issuperset(_whom(event)) for event in r.events)


def _whom(event: Event) -> frozenset[str]:
    """Victims whom an event names."""
    if isinstance(event, InvestigationEvent):
        return event.victim_ids or frozenset()
    return frozenset({event.victim_id} if event.victim_id else ())


def _no_record(_: Recording) -> bool:
    """Here is one; `without_record` is for where there is none."""
    return False


_CHECKS = {
    Purpose.DOMESTIC_ABUSE_NO_CRIME: _domestic_abuse_no_crime,
    Purpose.SEVERAL_CRIMES: _several_crimes,
    Purpose.REPORTED_BY_ANOTHER_NO_CRIME: _reported_by_another,
    Purpose.N100_WITHOUT_SUB_CODE: _n100_without_sub_code,
    Purpose.RECORDED_LATE: _recorded_late,
    Purpose.CANCELLATION_UNVERIFIED: _cancelled,
    Purpose.RAPE_RECORDED_ONCE: _rape_recorded_once,
    Purpose.CHILD_NOT_RECORDED: _child_not_recorded,
    Purpose.VICTIM_NOT_NAMED: _victim_not_named,
    Purpose.NO_RECORD: _no_record,
}


def check_id(reference: str, purpose: str) -> str:
    """The id of the obligation to look at one thing in one occurrence."""
    return fact_id(reference, Kind.RECORDING_CHECK, purpose)


def checks(
    r: Recording, found: Collection[Purpose], before: Mapping[str, Obligation], standing: Standing, mended_at: datetime
) -> Iterator[Obligation]:
    """What the crime management unit owes here, by what was `found` and what it owed `before` (by id).

    What is found again after the record had mended it starts anew; what is not found any more is met by the record, at `mended_at`.
    """
    asked = {row.purpose for row in before.values() if row.purpose}
    for purpose in sorted({*found, *asked}):
        row = before.get(check_id(r.occurrence.reference, purpose))
        mended = row is not None and row.evidence == RECORD
        if purpose in found:
            fresh = _check(r.occurrence.reference, r.occurrence.district, purpose, r.events, r.now, standing)
            yield still_owed(None if mended else row, fresh, r.now, standing)
        elif row is not None and row.unmet:
            yield replace(row, state=ObligationState.MET, evidence=RECORD, met_at=mended_at, next_at=None)


def mended(r: Recording, purpose: Purpose, standing: Standing, at: datetime) -> Obligation:
    """What an older version shows that came after a newer one, which does not: it was to be looked at, and is mended."""
    fresh = _check(r.occurrence.reference, r.occurrence.district, purpose, r.events, r.now, standing)
    return replace(fresh, state=ObligationState.MET, evidence=RECORD, met_at=at)


def waits_for_record(events: Collection[Event]) -> bool:
    """Whether anything that was told concerns a record; messages of the public have an owner of their own while they wait."""
    return any(not isinstance(event, MessageReceived | MessageAllocated) for event in events)


def without_record(reference: str, events: tuple[Event, ...], before: Obligation | None, now: datetime, standing: Standing) -> Obligation:
    """What the crime management unit owes where something was told of a record that has not come in RECORDED_WITHIN."""
    return still_owed(before, _check(reference, None, Purpose.NO_RECORD, events, now, standing), now, standing)


def _check(
    reference: str, district: str | None, purpose: Purpose, events: tuple[Event, ...], now: datetime, standing: Standing
) -> Obligation:
    rule = rule_on("RECORD-1WD", local_day(now))
    until = due(rule, now, standing.holidays)
    owed = Obligation(
        obligation_id=check_id(reference, purpose),
        reference=reference,
        kind=Kind.RECORDING_CHECK,
        victim_id=None,
        rule_id=rule.id,
        rule_from=rule.effective_from,
        started_at=now,
        due_at=until,
        created_at=now,
        state=unmet_state(until, now, standing.holidays),
        district=standing.profile.district(district),
        unit=Unit.CRIME_MANAGEMENT,
        purpose=purpose,
        begun_by=DECISION,
    )
    steps = [event for event in events if isinstance(event, TaskDone) and event.task == owed.obligation_id]
    done = earliest_of(Evidence(event.event_id, event.at) for event in steps if event.step is Step.DONE)
    owed = replace(owed, picked_up_at=min((event.at for event in steps), default=None))
    return replace(owed, state=ObligationState.MET, evidence=done.id, met_at=done.at) if done else owed

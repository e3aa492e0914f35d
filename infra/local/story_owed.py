"""The part of a story that is about duty: what was agreed and told, deadlines that passed, what was met, reminders, and what is to come.

Must not read anything but the view of the case and the force's rules, nor guess: where a row does not say why, it is not said.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.obligations import Obligation
from chalicelib.domain.reminders import Listed
from infra.local.case_owed import evidence_of
from infra.local.case_view import CaseView
from infra.local.case_words import reader
from infra.local.due import moment, stamp
from infra.local.duty import Duty, obligation
from infra.local.event_words import event_lines, event_title, reached, terms, told
from infra.local.owed_words import UNMET, days_between, met_by, owed_title, stands, what_about
from infra.local.pages import day, sentence
from infra.local.plain_words import CHANNELS, OWED, REASONS, TEMPLATES, UNITS, named
from infra.local.story_event import Event, said, victim_of

Row = Mapping[str, Any]


def agreed(case: CaseView) -> Iterator[Event]:
    """The terms of every agreement as they came about, but for those that an event tells."""
    known = {row["event_id"] for row in case.events}
    for victim in case.victims:
        for one in victim.agreement["history"] if victim.agreement else ():
            if one["source"] not in known:
                title = "Updates proposed by the force’s default" if one["proposed"] else "Updates agreed, as the record says"
                yield Event(_second(one["at"]), title, (f"{sentence(terms(one))}.",), "", victim.victim_id)


def heard(case: CaseView) -> Iterator[Event]:
    """What the records system told, at the time of which it told; a release stands among the releases."""
    tasks = {row["obligation_id"]: f"{owed_title(row)}." for row in case.obligations}
    for row in case.events:
        if row["kind"] != "hold_released":
            title = event_title(row)
            tone = "good" if reached(row) else "wait"
            ids = (f"event {row['event_id']}",)
            yield Event(_second(told(row)["at"]), sentence(title), said(event_lines(row, tasks)), tone, victim_of(told(row)), ids=ids)


def passed(case: CaseView, duty: Duty, now: str) -> Iterator[Event]:
    """Deadlines that passed unmet, what was breached by time, and what was met; of one instant and victim together."""
    evidence = evidence_of(case)
    folded: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in case.obligations:
        victim, title, met_at = victim_of(row), owed_title(row), row.get("met_at") if row["state"] == "met" else None
        until = _second(met_at) if met_at else now
        over = stands(row, now) not in ("waived", "open")
        if over and row["due_at"] < until:
            folded[row["due_at"], "Deadline passed", victim].append(f"{title}.")
        breached_at = stamp(duty.breach_at(moment(row["due_at"])))
        if over and breached_at < until and not (row["state"] == "breached" and row.get("reason")):
            folded[breached_at, "Breached", victim].append(f"{title}.")
        if met_at and _second(met_at) > row["created_at"]:
            late = " late" if stands(row, now) == "met late" else ""
            folded[_second(met_at), f"Met{late}", victim].append(f"{title}, by {met_by(row, evidence)}.")
    for (at, what, victim), lines in folded.items():
        yield Event(at, what, tuple(lines), "good" if what == "Met" else "bad" if what != "Met late" else "wait", victim)


@dataclass
class _Reminder:
    """One reminder, and the days on which the same came again."""

    row: Row
    owed: frozenset[str]
    lines: list[str]
    escalated: bool
    again: list[str] = field(default_factory=list)

    def event(self) -> Event:
        whom = reader(self.row.get("unit"), self.row.get("reader"))
        title = f"Escalated to {whom}" if self.escalated else f"Reminder to {whom}"
        times = len(self.again)
        repeated = f"The same again on {times} more day{'' if times == 1 else 's'}, until {day(self.again[-1])}." if times else ""
        by = f" by {named(CHANNELS, self.row['channel'])}" if self.row["channel"] != "email" else ""
        seen = self.row["seen"][-1][0] if self.row["seen"] else ""
        tone = "bad" if self.escalated else "wait"
        return Event(
            _second(self.row["sent_at"]),
            title + by,
            said([*self.lines, repeated]),
            tone,
            seen=seen,
            ids=(f"notification {self.row['notification_id']}",),
        )


def reminded(case: CaseView, duty: Duty) -> Iterator[Event]:
    """Reminders that named this occurrence: when, whom, and what for. Where a reader got the same day after day it is one entry."""
    owed = {row["obligation_id"]: row for row in case.obligations}
    climbed: set[tuple[str, int]] = set()
    newest: dict[tuple[object, ...], _Reminder] = {}
    found: list[_Reminder] = []
    for row in sorted(case.reminders, key=lambda row: str(row["sent_at"])):
        named_here = [owed[line[1]] for line in row["lines"] if line[1] in owed]
        told_of = [one for one in named_here if not one.get("met_at") or _second(one["met_at"]) > _second(row["sent_at"])]
        steps = {step for one in told_of for step in _steps(row, obligation(one), duty)} - climbed
        climbed |= steps
        ids = frozenset(one["obligation_id"] for one in told_of)
        key = (row.get("unit"), row.get("reader"), row["channel"])
        before = newest.get(key)
        if before and before.owed == ids and not steps and all(one["due_at"] < before.row["sent_at"] for one in told_of):
            before.again.append(row["sent_at"])
        elif told_of:
            newest[key] = _Reminder(row, ids, [_reminder_line(one, row) for one in told_of], bool(steps))
            found.append(newest[key])
    return (reminder.event() for reminder in found)


def _steps(digest: Row, owed: Obligation, duty: Duty) -> Iterator[tuple[str, int]]:
    """The steps of the ladder that a reminder may have been."""
    for step, rank in enumerate(duty.ladder[: owed.step]):
        if duty.rank_unit(owed, rank) == digest.get("unit") and stamp(duty.step_at(owed, rank)) <= _second(digest["sent_at"]):
            yield owed.obligation_id, step


def _reminder_line(row: Row, digest: Row) -> str:
    left = days_between(digest["sent_at"], row["due_at"])
    when = (
        f"{-left} day{'' if left == -1 else 's'} late"
        if left < 0
        else "due that day"
        if left == 0
        else f"due in {left} day{'' if left == 1 else 's'}"
    )
    whose = f", victim {row['victim_id']}" if row.get("victim_id") else ""
    other = digest.get("unit") == "officer" and digest.get("reader") and digest["reader"] != row.get("officer")
    stands_in = " They stood in for the officer in the case, or had the case then." if other else ""
    return f"{owed_title(row)}{whose}: {when}.{stands_in}"


def announced(case: CaseView) -> Iterator[Event]:
    """What the records system was told, each in a line; of one moment together."""
    folded: dict[tuple[str, str], list[str]] = defaultdict(list)
    for event in case.announced:
        make = _ANNOUNCED.get(event["event"])
        folded[_second(event["at"]), victim_of(event)].append(make(event) if make else named({}, event["event"]))
    for (at, victim), lines in folded.items():
        yield Event(at, "Told to the records system", tuple(f"{sentence(line)}." for line in lines), "", victim)


def _owed_kind(event: Row) -> str:
    if event.get("purpose"):
        return what_about(event["purpose"], event.get("event_type"))
    about = what_about(None, event.get("event_type"))
    return f"{named(OWED, event.get('kind')).lower()}{about and f': {about}'}"


def _changed(event: Row) -> str:
    ended = f", and ended: {named(REASONS, event['ended'])}" if event.get("ended") else ""
    return f"update agreement: {terms(event)}{' (proposed)' if event.get('proposed') else ''}{ended}"


_ANNOUNCED: dict[str, Callable[[Row], str]] = {
    "notified": lambda event: f"{named(TEMPLATES, event.get('template')).lower()} by {named(CHANNELS, event.get('channel'))} left",
    "task_raised": lambda event: f"task raised for {named(UNITS, event.get('unit'))}: {_owed_kind(event)}",
    "obligation_met": lambda event: f"met: {_owed_kind(event)}",
    "obligation_breached": lambda event: f"breached: {_owed_kind(event)}",
    "agreement_changed": _changed,
}


def ahead(case: CaseView, duty: Duty, listed: Listed, now: str) -> Iterator[Event]:
    """Deadlines that stand ahead, the next reminder and the next step of the ladder; what is late already stands at its deadline."""
    unmet = [row for row in case.obligations if stands(row, now) in UNMET]
    for row in unmet:
        late = row["due_at"] < now
        yield Event(row["due_at"], f"{'Late' if late else 'Due'}: {owed_title(row)}", (), "bad" if late else "wait", victim_of(row))
    yield from _folded(unmet, lambda row: _next_reminder(row, duty, listed, now), "wait")
    yield from _folded(unmet, lambda row: _next_step(row, duty, now), "bad")


def _folded(rows: Iterable[Row], find: Callable[[Row], tuple[str, str] | None], tone: str) -> Iterator[Event]:
    """What comes to several rows at one instant, as one entry."""
    folded: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        if found := find(row):
            folded[found].append(f"{owed_title(row)}{', victim ' + row['victim_id'] if row.get('victim_id') else ''}.")
    for (at, title), lines in folded.items():
        yield Event(at, title, tuple(lines), tone)


def _next_reminder(row: Row, duty: Duty, listed: Listed, now: str) -> tuple[str, str] | None:
    at = row.get("next_at") or ""
    if at <= now or not duty.is_morning(moment(at)):
        return None
    who = duty.responsible(obligation(row), moment(at), listed)
    return at, f"Reminder to {reader(who.unit, who.collar_number)}, unless met before"


def _next_step(row: Row, duty: Duty, now: str) -> tuple[str, str] | None:
    found = duty.next_step(obligation(row))
    if found is None or stamp(found[0]) <= now:
        return None
    return stamp(found[0]), f"Escalation to {found[1]}, unless met before"


def _second(at: str) -> str:
    """A stored time in whole seconds, so that it sorts among others."""
    return stamp(moment(at))

"""What happened in one occurrence, as short lines in the order of time: facts of rows and events in plain words.

Must not show a name, an address, a contact detail or free text of the record: ids, enums, times and collar numbers alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.case import Head, Retained
from chalicelib.domain.deadlines import LONDON
from chalicelib.domain.delivery import Notification, State
from chalicelib.domain.events import (
    AgreementChanged,
    ContactRecorded,
    Event,
    HoldReleased,
    InvestigationEvent,
    LetterReturned,
    ReviewStepped,
    Step,
    TaskDone,
    UpdateWritten,
)
from chalicelib.domain.hand_overs import CaseHandedOver
from chalicelib.domain.message_events import MessageAllocated, MessageReceived
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Unit
from chalicelib.domain.obligations import ASSESSED, PAPER, RECORD, Agreement, Obligation, ObligationState
from chalicelib.domain.reminders import breach_at
from chalicelib.domain.victim_events import Asked, CodeAsked, VictimAsked

_A_COLLAR_NUMBER = re.compile(r"[A-Za-z]{0,3}[0-9]{1,8}")
_ROLES = frozenset({"system", "records_system", "victim", *Unit})
_UNSEEN = frozenset({Template.HANDOVER, Template.COMPLETION, Template.RECORDING, Template.CONTACT})
"""Rows that are neither a message nor an announcement."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `at` is when it happened, in UTC."""

    at: datetime
    words: str


def shown(moment: datetime) -> str:
    """A time as the timeline shows it: London, to the minute."""
    return f"{moment.astimezone(LONDON):%Y-%m-%d %H:%M}"


def somebody(by: str | None) -> str:
    """Who did something: a role or collar number; whatever else was written there may be a name, and is not shown."""
    if by is None:
        return "nobody named"
    return plain(by) if by in _ROLES or _A_COLLAR_NUMBER.fullmatch(by) else "a named person"


def plain(name: str) -> str:
    """An id of ours as words."""
    return name.replace("_", " ")


def of_late_versions(head: Head, recorded: Iterable[int | None]) -> Iterator[Entry]:
    """Versions that came after a newer one: only their signs count, and when they said what."""
    known = set(recorded)
    for told in head.told:
        if told.version not in known:
            yield Entry(told.sent_at, f"version {told.version} ({told.status}) sent; it came after a newer one")


def of_events(events: Iterable[Event], heard_at: Mapping[str, datetime], owed: Iterable[Obligation]) -> Iterator[Entry]:
    """What the records system told, at the time of which it told; `heard_at` by event id, said where that was at another minute."""
    tasks = {row.obligation_id: _owed_words(row) for row in owed}
    told = tuple(events)
    keys = {event.event_id: f"{plain(event.type)} of {shown(event.at)}" for event in told if isinstance(event, InvestigationEvent)}
    for event in told:
        heard = heard_at.get(event.event_id)
        late = f"; we heard of it {shown(heard)}" if heard and shown(heard) != shown(event.at) else ""
        yield Entry(event.at, f"{_event_words(event, tasks, keys)}{late}")


def _event_words(event: Event, tasks: Mapping[str, str], keys: Mapping[str, str]) -> str:
    match event:
        case ContactRecorded():
            covers = ", ".join(plain(covered) for covered in sorted(event.covers)) or "nothing"
            by = f" by {event.method}" if event.method else ""
            next_on = f"; next update on {event.next_update_on}" if event.next_update_on else ""
            return f"contact with {event.victim_id}{by}: {plain(event.result)}, covers {covers}, by {somebody(event.by)}{next_on}"
        case AgreementChanged():
            terms = _terms_words(event.every_days, event.method, event.next_update_on, event.declined)
            return f"agreement with {event.victim_id} changed by {somebody(event.by)}: {terms}"
        case TaskDone():
            what = tasks.get(event.task, "a task that is not known")
            return f"{'picked up' if event.step is Step.PICKED_UP else 'done'} by {somebody(event.by)}: {what}"
        case HoldReleased():
            return f"hold of {event.victim_id} released by {somebody(event.by)}"
        case LetterReturned():
            return f"letter to {event.victim_id} returned"
        case ReviewStepped():
            return f"review for {event.victim_id} {event.step}"
        case MessageReceived() | MessageAllocated() | UpdateWritten() | CaseHandedOver() | CodeAsked() | VictimAsked():
            return _page_words(event)
        case _:
            return "; ".join(_key_event_words(event, keys))


_ASKED = {
    Asked.OPT_OUT: "no referral to the victim service",
    Asked.STOP: "no more messages",
    Asked.CORRECT: "other contact details",
}


def _page_words(event: MessageReceived | MessageAllocated | UpdateWritten | CaseHandedOver | CodeAsked | VictimAsked) -> str:
    """Never what it says in somebody's own words, nor the collar number that was typed: that may be anything."""
    if isinstance(event, UpdateWritten):
        promised = f"; next update on {event.next_update_on}" if event.next_update_on else ""
        own = " and words of their own" if event.words else ""
        return f"update to {event.victim_id} by {event.channel} written by {somebody(event.by)}: {plain(event.start)}{own}{promised}"
    if isinstance(event, CaseHandedOver):
        return f"case handed over to {somebody(event.to)} by {somebody(event.by)}"
    if isinstance(event, CodeAsked | VictimAsked):
        return f"{_ASKED[event.what] if isinstance(event, VictimAsked) else 'a code'} asked for on the page of {event.victim_id}"
    if isinstance(event, MessageAllocated):
        return f"message given to {somebody(event.to)} by {somebody(event.by)}"
    danger = ", its words speak of immediate danger" if event.danger else ""
    return f"{'several messages' if event.many else 'message'} through the contact page{danger}"


def _key_event_words(event: InvestigationEvent, keys: Mapping[str, str]) -> Iterator[str]:
    """Never its reason, nor an id that may hold a name. `keys` are the key events that are known, by id."""
    whose = "every victim" if event.victim_ids is None else ", ".join(sorted(event.victim_ids)) or "nobody"
    yield f"{plain(event.type)}, for {whose}"
    if event.decided_by:
        yield f"decided by {event.decided_by}"
    if event.received_at:
        yield f"received {shown(event.received_at)}"
    if event.hearing and event.hearing.at:
        yield f"the hearing is {shown(event.hearing.at)}"
    if event.withdrawn or event.corrects:
        known = keys.get(event.corrects or "", "an event that is not known")
        yield f"{'takes back' if event.withdrawn else 'corrects'} {known}"


def _terms_words(every_days: int | None, method: str | None, next_on: object, declined: bool) -> str:
    if declined:
        return "no updates wanted"
    often = f"every {every_days} days" if every_days else "key events only"
    return f"{often}{f' by {method}' if method else ''}{f', next on {next_on}' if next_on else ''}"


def of_messages(rows: Iterable[Notification], owed: Iterable[Obligation]) -> Iterator[Entry]:
    """When each was made, sent and delivered, as far as its row remembers; where it came to something else, that stands with its making.

    What is about to be told to the records system is one line each.
    """
    tasks = {row.obligation_id: f" ({plain(row.purpose)})" for row in owed if row.purpose}
    for row in rows:
        if row.template is Template.OUT:
            told = json.loads(row.body or "{}")
            about = " ".join(plain(told[name]) for name in ("victim_id", "kind", "event_type", "template") if name in told)
            yield Entry(row.created_at, f"for the records system: {plain(told.get('event', 'something'))} {about}".rstrip())
        elif row.template not in _UNSEEN:
            yield from _of_message(row, tasks.get(row.task_id or "", ""))


def _of_message(row: Notification, what: str) -> Iterator[Entry]:
    whom = f" about {row.victim_id}" if row.victim_id and not row.for_victim else f" {row.victim_id or ''}".rstrip()
    words = f"{plain(row.template)}{what} by {row.channel} to {row.audience}{whom}"
    yield Entry(row.created_at, f"{words}: made{'' if row.state in _SEEN_BY_TIME else f', now {_state(row)}'}")
    if row.sent_at:
        yield Entry(row.sent_at, f"{words}: sent")
    if row.delivered_at:
        yield Entry(row.delivered_at, f"{words}: delivered")


_SEEN_BY_TIME = frozenset({State.SENT, State.DELIVERED})


def _state(row: Notification) -> str:
    return f"{plain(row.state)}{f' ({row.reason})' if row.reason else ''}"


def of_reminders(digests: Iterable[Notification], reference: str, owed: Iterable[Obligation]) -> Iterator[Entry]:
    """Who was reminded of this case, when and of what, as far as it is still known."""
    words = {(reference, row.obligation_id): _owed_words(row) for row in owed}
    for row in digests:
        about = [words[line] for line in row.lines if line in words]
        if about and row.sent_at:
            yield Entry(
                row.sent_at, f"reminder by {row.channel} to {plain(row.audience)} {row.reader or ''}".rstrip() + f": {'; '.join(about)}"
            )


_PASSED = frozenset({ObligationState.LATE, ObligationState.BREACHED})


def of_obligations(owed: Iterable[Obligation], evidence: Mapping[str, str], holidays: Collection[date]) -> Iterator[Entry]:
    """When each began, passed its deadline unmet, was breached by time and was met; what it came to stands with its beginning.

    `evidence` says in words what each id is that may meet an obligation. When one ended unmet its row does not say.
    """
    for row in owed:
        words = _owed_words(row)
        yield Entry(row.started_at, f"owed: {words}, until {shown(row.due_at)} ({row.rule_id}): {_ended(row)}")
        if row.met_at > row.due_at if row.met_at else row.state in _PASSED:
            yield Entry(row.due_at, f"late: {words}")
        breached_at = breach_at(row.due_at, holidays)
        if row.met_at > breached_at if row.met_at else row.state is ObligationState.BREACHED and row.unmet:
            yield Entry(breached_at, f"breached: {words}")
        if row.met_at:
            yield Entry(row.met_at, f"met {'late' if row.met_at > row.due_at else 'in time'}: {words}, by {_evidence(row, evidence)}")


def _evidence(row: Obligation, evidence: Mapping[str, str]) -> str:
    said = {PAPER: "the officer's own paper", ASSESSED: "the assessment on the record", RECORD: "the record itself", **evidence}
    return said.get(row.evidence or "", "a fact of the case")


def _owed_words(row: Obligation) -> str:
    about = ", ".join(plain(word) for word in (row.purpose, row.event) if word)
    what = f"{plain(row.kind)} ({about})" if about else plain(row.kind)
    proposed = ", proposed" if row.proposed else ""
    return f"{what}{f' to {row.victim_id}' if row.victim_id else ''}{proposed}{f' by {plain(row.unit)}' if row.unit else ''}"


def _ended(row: Obligation) -> str:
    """The state, with the reason where it ended unmet."""
    return f"{row.state}{f' ({plain(row.reason)})' if row.reason else ''}"


def owed_now(owed: Iterable[Obligation]) -> list[str]:
    """What is still owed, most urgent first, and what was done about it."""
    unmet = sorted((row for row in owed if row.unmet), key=lambda row: (row.due_at, row.obligation_id))
    return [
        f"{_owed_words(row)}, until {shown(row.due_at)}: {', '.join([_ended(row), *_done_about(row)])} ({row.rule_id})" for row in unmet
    ]


def _done_about(row: Obligation) -> Iterator[str]:
    if row.tried_at:
        yield f"tried {shown(row.tried_at)}"
    if row.picked_up_at:
        yield f"picked up {shown(row.picked_up_at)}"
    if row.step:
        yield f"escalated {row.step} time{'' if row.step == 1 else 's'}"


def of_agreement(agreement: Agreement, told: Collection[str]) -> Iterator[Entry]:
    """Its history, without terms that an event says itself (`told`, ids)."""
    for terms in agreement.history:
        if terms.source not in told:
            words = "proposed" if terms.proposed else f"agreed by {somebody(terms.by)}"
            said = _terms_words(terms.every_days, terms.method, terms.next_update_on, terms.declined)
            yield Entry(terms.at, f"agreement with {agreement.victim_id} {words}: {said}")


def agreement_now(agreement: Agreement) -> str:
    """The agreement as it stands, in one line."""
    terms = _terms_words(agreement.every_days, agreement.method, agreement.next_update_on, agreement.declined)
    basis = "proposed, not yet agreed" if agreement.proposed else f"agreed by {somebody(agreement.agreed_by)}"
    why = f"; {plain(agreement.method_reason)}" if agreement.method_reason else ""
    ended = f"; ended: {plain(agreement.ended)}" if agreement.ended else ""
    return f"{agreement.victim_id}: {terms}, {basis}, kept by {plain(agreement.keeper)}{why}{ended}"


def holds(head: Head) -> list[str]:
    """What keeps messages of this occurrence from leaving, whole or for a victim, and what was lifted."""
    lines = [f"version {head.marker.version} is being written: nothing leaves"] if head.marker else []
    lines += [f"held since {shown(head.suspension.since)}: a version is quarantined"] if head.suspension else []
    lines += [f"specialist in version {version}: {', '.join(sorted(rules))}" for version, rules in head.signs]
    lines += [f"hold of {one.victim_id} released {shown(one.at)} by {somebody(one.by)}" for one in head.releases]
    return [*lines, *_retained(head.retained)]


def _retained(retained: Retained) -> Iterator[str]:
    if retained.begun_at:
        yield f"its content was taken at the end of its retention {shown(retained.begun_at)}: nothing is recorded and nothing leaves"
    if retained.review_since:
        yield f"waits since {shown(retained.review_since)} for a person to decide whether it is kept"
    if retained.kept_until:
        yield f"a person decided to keep it until {shown(retained.kept_until)}"

"""An event of a case arrives: keep it once, and decide again for whom it concerns.

An event before its occurrence waits with it: the first version finds it there. Must not send, and must not judge what an event means (the
plan does).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.announcements import of_event
from chalicelib.domain.case import Case, Head, Release
from chalicelib.domain.delivery import Receipt, State, fact_id
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.domain.events import (
    EVENT_KIND,
    Event,
    HoldReleased,
    InvestigationEvent,
    LetterReturned,
    TaskDone,
    UpdateWritten,
    concerns,
)
from chalicelib.domain.hand_overs import CaseHandedOver
from chalicelib.domain.message_events import MessageAllocated, MessageReceived
from chalicelib.domain.model import Channel, Officer
from chalicelib.services.answer_messages import AnswerMessages
from chalicelib.services.check_recording import CheckRecording
from chalicelib.services.decide import TRIES, Decided, Decider, VictimChange, points_of
from chalicelib.services.ports import AuditEntry, Cases, Changes, KeptEvent, Queues
from chalicelib.services.record_occurrence import Recorded
from chalicelib.services.take_receipt import Taken, TakeReceipt

RECORDS_SYSTEM = "records_system"
RETURNED = "letter_returned"
"""The code of a letter that the post brought back."""
_STILL_TAKEN = MessageReceived | MessageAllocated | TaskDone
"""What is taken of a case whose content is gone: that somebody wrote, who answers, and that it was done. They hold no word."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of an event. `returned`: ids of the letters that have been known since this delivery of it not to have arrived."""

    outcome: Recorded
    returned: tuple[str, ...] = ()


def _always(_case: Case) -> bool:
    return True


class RecordEvent:
    """The use case for every kind that tells of a case and is no version of it."""

    def __init__(
        self, cases: Cases, queues: Queues, decider: Decider, receipts: TakeReceipt, recording: CheckRecording, answers: AnswerMessages
    ) -> None:
        self._cases = cases
        self._queues = queues
        self._decider = decider
        self._receipts = receipts
        self._recording = recording
        self._answers = answers

    def record(
        self, event: Event, content_hash: str, now: datetime, actor: str | None = None, allowed: Callable[[Case], bool] = _always
    ) -> Recorded:
        """The outcome of `told`, for whoever has no letter to hear of."""
        return self.told(event, content_hash, now, actor, allowed).outcome

    def told(
        self, event: Event, content_hash: str, now: datetime, actor: str | None = None, allowed: Callable[[Case], bool] = _always
    ) -> Told:
        """Record one delivery. CONFLICT (equal id, other content) and STRIPPED write nothing: the caller quarantines the body.

        Contended or RetryLater after several tries: give the message back; nothing is lost and nothing counts twice. `actor` is whoever
        told it, for the log; None: what the kind of the event says. `allowed` is asked of the very case that the event is written to:
        REFUSED where it says no.
        """
        event = replace(event, heard_at=now) if isinstance(event, InvestigationEvent) else event
        kept = KeptEvent(event, content_hash, now)
        for _ in range(TRIES):
            case = self._cases.load(event.reference)
            outcome = self._outcome(case, kept)
            if outcome in (Recorded.CONFLICT, Recorded.STRIPPED):
                return Told(outcome)
            if outcome is Recorded.RECORDED and not allowed(case):
                return Told(Recorded.REFUSED)
            if outcome is Recorded.RECORDED:
                try:
                    self._queues.dispatch(self._write(case, kept, now, actor).due_now)
                except Contended:
                    continue
            return Told(outcome, self._follow_up(case, event, now))
        raise Contended("event")

    def _outcome(self, case: Case, kept: KeptEvent) -> Recorded:
        event = kept.event
        if all(event.event_id != other.event_id for other in case.events):
            return Recorded.STRIPPED if case.head.stripped and not isinstance(event, _STILL_TAKEN) else Recorded.RECORDED
        stored = self._cases.event(event.reference, event.event_id)
        return Recorded.DUPLICATE if stored and stored.content_hash == kept.content_hash else Recorded.CONFLICT

    def _write(self, case: Case, kept: KeptEvent, now: datetime, actor: str | None) -> Decided:
        event = kept.event
        if case.head.marker is not None:
            raise RetryLater("version in progress")
        known = replace(case, events=(*case.events, event))
        checked = self._recording.of(known, self._head(case, event), case.occurrence, now)
        head = checked.head
        known = replace(known, head=head)
        changes = [change for victim in _concerned(case, event) for change in self._decider.changes(known, head, now, victim)]
        news = tuple(of_event(event, now))
        told = VictimChange(
            Changes(events=(kept,), audit=(_audit(event, now, actor),), announced=news), tuple(row.notification_id for row in news)
        )
        return self._decider.commit(case.head, head, [told, checked.change, *changes, *self._answers.of(known, now)])

    def _head(self, case: Case, event: Event) -> Head:
        head = replace(case.head, events=case.head.events + 1)
        if isinstance(event, CaseHandedOver) and head.facts is not None:
            return replace(head, facts=replace(head.facts, officer=Officer(event.to)))
        if not isinstance(event, HoldReleased):
            return head
        elsewhere: tuple[tuple[str, frozenset[str]], ...] = ()
        part, newest = case.parts.get(event.victim_id), case.occurrence
        if part is not None and newest is not None:
            known = self._decider.known.of(case.head, newest, part, case.parts)
            elsewhere = tuple((name, self._decider.known.rules_of(name)) for name in sorted(known.specialist_in))
        release = Release(event.victim_id, head.version, event.by, event.at, event.reason, elsewhere=elsewhere, event_id=event.event_id)
        return replace(head, releases=(*head.releases, release))

    def _follow_up(self, case: Case, event: Event, now: datetime) -> tuple[str, ...]:
        """What lies outside the case's own decision; asked for again by every repetition, since a crash may have come before it."""
        if isinstance(event, HoldReleased):
            self._decider.spread(points_of(case), event.reference, now)
        return tuple(self._returned(case, event, now)) if isinstance(event, LetterReturned) else ()

    def _returned(self, case: Case, event: LetterReturned, now: datetime) -> Iterator[str]:
        """Take the letters back that had left; which of them counted as sent or arrived until now."""
        part = case.parts.get(event.victim_id)
        for row in self._cases.notifications(part.rows).values() if part else ():
            if row.channel is Channel.LETTER and row.sent_at is not None and row.sent_at <= event.at:
                receipt = Receipt(row.notification_id, State.BOUNCED, True, None, RETURNED, event.at)
                if self._receipts.take(receipt, now) is Taken.MOVED:
                    yield row.notification_id


def _concerned(case: Case, event: Event) -> list[str]:
    """Victims whose plan the event may change. Others may have been held for the sake of the one who is released."""
    if isinstance(event, HoldReleased | CaseHandedOver):
        return list(case.parts)
    if isinstance(event, TaskDone):
        return [key for key, part in case.parts.items() if event.task in part.owed]
    if isinstance(event, InvestigationEvent | MessageReceived):
        return [key for key in case.parts if concerns(event, key)]
    return [event.victim_id] if event.victim_id in case.parts else []


def _audit(event: Event, now: datetime, actor: str | None) -> AuditEntry:
    return AuditEntry(
        reference=event.reference,
        entry_id=fact_id(event.reference, "event", event.event_id),
        at=now,
        op=EVENT_KIND[type(event)],
        victim_id=event.victim_id,
        actor=actor or _actor(event),
        detail=event.event_id,
    )


def _actor(event: Event) -> str:
    if isinstance(event, MessageAllocated | UpdateWritten | CaseHandedOver):
        return event.by
    return "system" if isinstance(event, MessageReceived) else RECORDS_SYSTEM

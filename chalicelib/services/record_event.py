"""An event of a case arrives: keep it once, and decide again for whom it concerns.

An event before its occurrence waits with it: the first version finds it there. Must not send, and must not judge what an event means (the
plan does).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.case import Case, Head, Release
from chalicelib.domain.delivery import Receipt, State, fact_id
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.domain.events import EVENT_KIND, Event, HoldReleased, InvestigationEvent, LetterReturned, TaskDone, concerns
from chalicelib.domain.model import Channel
from chalicelib.services.decide import TRIES, Decided, Decider, VictimChange, points_of
from chalicelib.services.ports import AuditEntry, Cases, Changes, KeptEvent, Queues
from chalicelib.services.record_occurrence import Recorded
from chalicelib.services.take_receipt import TakeReceipt


class RecordEvent:
    """The use case for every kind that tells of a case and is no version of it."""

    def __init__(self, cases: Cases, queues: Queues, decider: Decider, receipts: TakeReceipt) -> None:
        self._cases = cases
        self._queues = queues
        self._decider = decider
        self._receipts = receipts

    def record(self, event: Event, content_hash: str, now: datetime) -> Recorded:
        """Record one delivery. CONFLICT (equal id, other content) writes nothing: the caller quarantines the body.

        Contended or RetryLater after several tries: give the message back; nothing is lost and nothing counts twice.
        """
        event = replace(event, heard_at=now) if isinstance(event, InvestigationEvent) else event
        kept = KeptEvent(event, content_hash, now)
        for _ in range(TRIES):
            case = self._cases.load(event.reference)
            outcome = self._outcome(case, kept)
            if outcome is Recorded.CONFLICT:
                return outcome
            if outcome is Recorded.RECORDED:
                try:
                    self._queues.dispatch(self._write(case, kept, now).due_now)
                except Contended:
                    continue
            self._follow_up(case, event, now)
            return outcome
        raise Contended("event")

    def _outcome(self, case: Case, kept: KeptEvent) -> Recorded:
        event = kept.event
        if all(event.event_id != other.event_id for other in case.events):
            return Recorded.RECORDED
        stored = self._cases.event(event.reference, event.event_id)
        return Recorded.DUPLICATE if stored and stored.content_hash == kept.content_hash else Recorded.CONFLICT

    def _write(self, case: Case, kept: KeptEvent, now: datetime) -> Decided:
        event = kept.event
        if case.head.marker is not None:
            raise RetryLater("version in progress")
        head = self._head(case, event)
        known = replace(case, head=head, events=(*case.events, event))
        changes = [change for victim in _concerned(case, event) for change in self._decider.changes(known, head, now, victim)]
        return self._decider.commit(case.head, head, [VictimChange(Changes(events=(kept,), audit=(_audit(event, now),))), *changes])

    def _head(self, case: Case, event: Event) -> Head:
        head = replace(case.head, events=case.head.events + 1)
        if not isinstance(event, HoldReleased):
            return head
        elsewhere: tuple[tuple[str, frozenset[str]], ...] = ()
        part, newest = case.parts.get(event.victim_id), case.occurrence
        if part is not None and newest is not None:
            known = self._decider.known.of(case.head, newest, part, case.parts)
            elsewhere = tuple((name, self._decider.known.rules_of(name)) for name in sorted(known.specialist_in))
        release = Release(event.victim_id, head.version, event.by, event.at, event.reason, elsewhere=elsewhere, event_id=event.event_id)
        return replace(head, releases=(*head.releases, release))

    def _follow_up(self, case: Case, event: Event, now: datetime) -> None:
        """What lies outside the case's own decision; asked for again by every repetition, since a crash may have come before it."""
        if isinstance(event, HoldReleased):
            self._decider.spread(points_of(case), event.reference, now)
        if isinstance(event, LetterReturned):
            self._take_back_letters(case, event, now)

    def _take_back_letters(self, case: Case, event: LetterReturned, now: datetime) -> None:
        part = case.parts.get(event.victim_id)
        for row in self._cases.notifications(part.rows).values() if part else ():
            if row.channel is Channel.LETTER and row.sent_at is not None and row.sent_at <= event.at:
                self._receipts.take(Receipt(row.notification_id, State.BOUNCED, True, None, "letter_returned", event.at), now)


def _concerned(case: Case, event: Event) -> list[str]:
    """Victims whose plan the event may change."""
    if isinstance(event, TaskDone):
        return [key for key, part in case.parts.items() if event.task in part.owed]
    if isinstance(event, InvestigationEvent):
        return [key for key in case.parts if concerns(event, key)]
    return [event.victim_id] if event.victim_id in case.parts else []


def _audit(event: Event, now: datetime) -> AuditEntry:
    return AuditEntry(
        reference=event.reference,
        entry_id=fact_id(event.reference, "event", event.event_id),
        at=now,
        op=EVENT_KIND[type(event)],
        victim_id=event.victim_id,
        actor="records_system",
        detail=event.event_id,
    )

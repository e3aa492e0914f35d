"""Send one outbox row, neither losing nor doubling: claim, ask the policy again, call the provider once, record what came of it.

A row whose worker died becomes `unknown` and waits for its receipt; it never goes back to pending by itself. Must not decide what is
wanted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain import delivery
from chalicelib.domain.case import Case
from chalicelib.domain.delivery import ACCEPTED, OUTSIDE, WAITING, Audience, Notification, State, fact_id
from chalicelib.domain.errors import Contended, PermanentSendError, TransientSendError, UnknownOutcomeError
from chalicelib.domain.messages import Email, Letter, Sms, Template
from chalicelib.domain.obligations import ObligationState
from chalicelib.domain.plan import earliest
from chalicelib.services.decide import TRIES, Decider
from chalicelib.services.messages_out import Addressed, MessagesOut, NoAddress, Subject
from chalicelib.services.ports import AuditEntry, Cases, Changes, ContactPoints, EmailSender, LetterBox, Queues, SmsSender, Swap
from chalicelib.services.record_occurrence import RecordOccurrence

_STOPS = {Template.STOP_NOTICE, Template.WITHDRAWAL}


class Delivered(StrEnum):
    """What one attempt came to."""

    SENT = "sent"
    FAILED = "failed"
    BACKED_OFF = "backed_off"
    UNKNOWN = "unknown"
    GIVEN_BACK = "given_back"
    NOT_WANTED = "not_wanted"
    NOT_DUE = "not_due"
    BUSY = "busy"
    GONE = "gone"
    REPEATED = "repeated"
    SETTLED = "settled"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Outcome of `deliver`, for observation: enums and an id only."""

    outcome: Delivered
    notification_id: str
    row: Notification | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Senders:
    email: EmailSender
    sms: SmsSender
    letters: LetterBox

    def send(self, message: Email | Sms | Letter) -> str:
        if isinstance(message, Email):
            return self.email.send(message)
        return self.sms.send(message) if isinstance(message, Sms) else self.letters.put(message)


class Deliver:
    """The use case behind the dispatch queue."""

    def __init__(
        self,
        cases: Cases,
        points: ContactPoints,
        queues: Queues,
        decider: Decider,
        recorder: RecordOccurrence,
        messages: MessagesOut,
        senders: Senders,
    ) -> None:
        self._cases = cases
        self._points = points
        self._queues = queues
        self._decider = decider
        self._recorder = recorder
        self._messages = messages
        self._senders = senders
        self._rules = decider.standing.profile.delivery

    def deliver(self, notification_id: str, token: str, now: datetime) -> Attempt:
        """Take the next step of one row. `token` is this worker's own, for its claim. RetryLater: give the hint back."""
        row = self._cases.notifications([notification_id]).get(notification_id)
        if row is None:
            return Attempt(Delivered.GONE, notification_id)
        if row.open_at is None or row.open_at > now:
            return Attempt(Delivered.NOT_DUE, notification_id, row)
        if row.template is Template.COMPLETION:
            return self._complete(row, now)
        if row.state is State.SENDING:
            return self._lost(row, now)
        if row.state is State.UNKNOWN:
            return self._unknown(row, now)
        return self._send(row, token, now) if row.state in WAITING else Attempt(Delivered.NOT_DUE, notification_id, row)

    def _complete(self, row: Notification, now: datetime) -> Attempt:
        self._recorder.complete(row.reference, now)
        left = self._cases.notifications([row.notification_id])
        if left:
            self._cases.commit(Changes(removed_notifications=tuple(left.values())))
        return Attempt(Delivered.COMPLETED, row.notification_id, row)

    def _lost(self, row: Notification, now: datetime) -> Attempt:
        """The lease ran out: its worker died somewhere around the call."""
        after = delivery.unknown(row, now, self._rules)
        self._cases.commit(Changes(notifications=(Swap(row, after),)))
        return Attempt(Delivered.UNKNOWN, row.notification_id, after, "lease_ran_out")

    def _unknown(self, row: Notification, now: datetime) -> Attempt:
        """No receipt came: mail inside the force and stop notices repeat; what concerns a victim goes to a person."""
        if row.audience not in OUTSIDE or row.template in _STOPS:
            after = delivery.repeated(row, now)
            self._cases.commit(Changes(notifications=(Swap(row, after),)))
            self._queues.dispatch([row.notification_id])
            return Attempt(Delivered.REPEATED, row.notification_id, after)
        after = delivery.settled(row, "no_receipt")
        self._cases.commit(Changes(notifications=(Swap(row, after),)))
        self._decider.redecide(row.reference, now, row.victim_id)
        return Attempt(Delivered.SETTLED, row.notification_id, after)

    def _send(self, row: Notification, token: str, now: datetime) -> Attempt:
        case = self._cases.load(row.reference)
        if _in_progress(case, row):
            return Attempt(Delivered.NOT_DUE, row.notification_id, row, "version_in_progress")
        subject = self._subject(row, case, now)
        if not _wanted_now(subject, now):
            return self._not_now(subject, now)
        try:
            addressed = self._messages.build(subject)
        except NoAddress:
            return self._failed(subject, row, "no_address", None, now)
        taken = replace(delivery.claimed(row, token, now, self._rules), audience=addressed.audience)
        if not self._cases.claim(Swap(row, taken)):
            return Attempt(Delivered.BUSY, row.notification_id, row)
        if self._moved(subject):
            after = delivery.given_back(taken, now)
            self._cases.commit(Changes(notifications=(Swap(taken, after),)))
            self._queues.dispatch([row.notification_id])
            return Attempt(Delivered.GIVEN_BACK, row.notification_id, after)
        return self._call(subject, taken, addressed, now)

    def _subject(self, row: Notification, case: Case, now: datetime) -> Subject:
        occurrence, part = case.occurrence, case.parts.get(row.victim_id or "")
        owed = self._cases.obligations(row.reference, [row.task_id]).get(row.task_id) if row.task_id else None
        if occurrence is None or part is None:
            return Subject(row, case, None, None, owed)
        situation = self._decider.situation(case.head, part, occurrence, self._cases.notifications(part.rows), now)
        return Subject(row, case, situation, self._decider.plan(part, situation), owed)

    def _not_now(self, subject: Subject, now: datetime) -> Attempt:
        """Not wanted, or only later: let the decision write what the row should be."""
        row, situation = subject.row, subject.situation
        if situation is not None and subject.plan is not None and row.notification_id in subject.plan.notifications and row.suspendable:
            opens = earliest(situation, now)
            if opens > now and subject.case.head.suspension is None:
                after = replace(row, state=State.HELD, reason="quiet_hours", open_at=opens)
                self._cases.commit(Changes(notifications=(Swap(row, after),)))
                return Attempt(Delivered.NOT_DUE, row.notification_id, after, "quiet_hours")
        self._decider.redecide(row.reference, now, row.victim_id)
        return Attempt(Delivered.NOT_WANTED, row.notification_id, row)

    def _moved(self, subject: Subject) -> bool:
        """After the claim, the last question before the call: did any decision about this occurrence fall since the policy was asked?

        A hold that another record puts on the person moves this head too, before that record's own delivery is acknowledged (`spread`).
        """
        head = self._cases.head(subject.row.reference)
        return head.revision != subject.case.head.revision

    def _call(self, subject: Subject, taken: Notification, addressed: Addressed, now: datetime) -> Attempt:
        try:
            provider_ref = self._senders.send(addressed.message)
        except PermanentSendError as error:
            return self._failed(subject, taken, error.code, addressed.point if error.dead_address else None, now)
        except TransientSendError as error:
            return self._backed_off(subject, taken, error.code, now)
        except UnknownOutcomeError as error:
            after = delivery.unknown(taken, now, self._rules)
            self._record(subject, taken, after, now)
            return Attempt(Delivered.UNKNOWN, taken.notification_id, after, error.code)
        after = delivery.sent(taken, provider_ref, now)
        self._record(subject, taken, after, now)
        if self._moved(subject):
            self._decider.redecide(taken.reference, now, taken.victim_id)
        return Attempt(Delivered.SENT, taken.notification_id, after)

    def _failed(self, subject: Subject, row: Notification, code: str, point: tuple[str, str] | None, now: datetime) -> Attempt:
        """Trying again cannot help: close the address, and let the plan give it to a person."""
        after = delivery.failed(row, code)
        closed = ((self._points.key(*point), code),) if point and row.audience is Audience.VICTIM else ()
        self._record(subject, row, after, now, closed)
        if subject.situation is not None:
            self._decider.redecide(row.reference, now, row.victim_id)
        return Attempt(Delivered.FAILED, row.notification_id, after, code)

    def _backed_off(self, subject: Subject, taken: Notification, code: str, now: datetime) -> Attempt:
        if taken.attempts >= self._rules.most_attempts:
            return self._failed(subject, taken, "attempts_exhausted", None, now)
        after = delivery.backed_off(taken, now, self._rules)
        self._record(subject, taken, after, now)
        return Attempt(Delivered.BACKED_OFF, taken.notification_id, after, code)

    def _record(
        self, subject: Subject, before: Notification, after: Notification, now: datetime, closed: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """Write the outcome, and with an acceptance release what waited for it. A receipt that was faster has already done so."""
        beside = subject.situation.rows if subject.situation else []
        for _ in range(TRIES):
            released = released_by(beside, after, now)
            audit = (disclosure(after, now),) if after.state is State.SENT else ()
            try:
                self._cases.commit(Changes(notifications=(Swap(before, after), *released), closed_points=closed, audit=audit))
            except Contended:
                stored = self._cases.notifications([before.notification_id]).get(before.notification_id)
                if stored is None or stored.token != before.token or stored.state is not before.state:
                    return
                beside = rows_of(self._cases, after)
                continue
            self._queues.dispatch([swap.after.notification_id for swap in released if swap.after.state is State.PENDING])
            return
        raise Contended("record outcome")


def _in_progress(case: Case, row: Notification) -> bool:
    """A version is being written, or head and part were read on two sides of a decision: ask again later."""
    part = case.parts.get(row.victim_id or "")
    return case.head.marker is not None or (part is not None and not part.removed and part.version != case.head.version)


def _wanted_now(subject: Subject, now: datetime) -> bool:
    """The policy, asked again: still wanted, not suspended, notice given, hold window over, outside quiet hours."""
    row, situation = subject.row, subject.situation
    if row.victim_id is None:
        return subject.owed is not None and subject.owed.state is ObligationState.OPEN
    wanted = subject.plan.notifications.get(row.notification_id) if subject.plan else None
    if situation is None or wanted is None or wanted.not_before > now:
        return False
    if wanted.waits_for and not any(item.state in ACCEPTED for item in situation.rows if item.notification_id in wanted.waits_for):
        return False
    return not row.suspendable or (subject.case.head.suspension is None and earliest(situation, now) <= now)


def rows_of(cases: Cases, row: Notification) -> list[Notification]:
    """Every outbox row of the row's victim, as it stands now."""
    part = cases.load(row.reference).parts.get(row.victim_id or "")
    return list(cases.notifications(part.rows).values()) if part else []


def released_by(beside: Iterable[Notification], accepted: Notification, now: datetime) -> tuple[Swap[Notification], ...]:
    """Those of the victim's rows that waited for `accepted`, as writes that let them leave."""
    if accepted.state not in ACCEPTED or accepted.template is not Template.ACKNOWLEDGEMENT:
        return ()
    waiting = [row for row in beside if row.reason == "waits_for_notice" and accepted.notification_id in row.waits_for]
    return tuple(Swap(row, _let_go(row, now)) for row in waiting if row.state is State.HELD)


def _let_go(row: Notification, now: datetime) -> Notification:
    if row.not_before > now:
        return replace(row, reason="hold_window", open_at=row.not_before)
    return replace(row, state=State.PENDING, reason=None, open_at=now)


def disclosure(row: Notification, now: datetime) -> AuditEntry:
    """The log line that something left: to whom by role, never the address (Data Protection Act 2018, section 62)."""
    return AuditEntry(
        reference=row.reference,
        entry_id=fact_id(row.notification_id, "disclosed", str(row.attempts)),
        at=now,
        op="disclosed",
        victim_id=row.victim_id,
        notification_id=row.notification_id,
        recipient=row.audience,
        detail=f"{row.template}:{row.channel}",
    )

"""One provider's call for one message: claim its rows, ask once more whether anything moved, call, record what came of it.

A message may stand for several rows (linked crimes of one victim): they are claimed, and share the outcome, together. Must not decide what
is wanted, and must never call a provider twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain import delivery
from chalicelib.domain.announcements import of_message
from chalicelib.domain.case import Head
from chalicelib.domain.delivery import ACCEPTED, Notification, State
from chalicelib.domain.errors import Contended, PermanentSendError, TransientSendError, UnknownOutcomeError
from chalicelib.domain.messages import Email, Letter, Sms, Template
from chalicelib.domain.model import Channel
from chalicelib.domain.reminders import letter_arrives
from chalicelib.services.addressed import Addressed, Subject
from chalicelib.services.attempts import Attempt, Delivered
from chalicelib.services.decide import TRIES, Decider
from chalicelib.services.disclosures import closed_line, disclosure
from chalicelib.services.edges import EmailSender, LetterBox, SmsSender
from chalicelib.services.ports import Cases, Changes, ContactPoints, Queues, Swap


@dataclass(frozen=True, slots=True)
class Senders:
    email: EmailSender
    sms: SmsSender
    letters: LetterBox

    def send(self, message: Email | Sms | Letter) -> str:
        if isinstance(message, Email):
            return self.email.send(message)
        return self.sms.send(message) if isinstance(message, Sms) else self.letters.put(message)


@dataclass(frozen=True, slots=True)
class Taken:
    """One row of the message, as this worker took it."""

    subject: Subject
    row: Notification


class SendOnce:
    """From a finished message to its recorded outcome."""

    def __init__(self, cases: Cases, points: ContactPoints, queues: Queues, decider: Decider, senders: Senders) -> None:
        self._cases = cases
        self._points = points
        self._queues = queues
        self._decider = decider
        self._senders = senders
        self._rules = decider.standing.profile.delivery

    def send(self, subject: Subject, addressed: Addressed, token: str, now: datetime) -> Attempt:
        """Take the rows, call the provider, record. `token` is this worker's own."""
        taken = self._claimed(subject, addressed, token, now)
        if taken is None:
            return Attempt(Delivered.BUSY, subject.row.notification_id, subject.row)
        if any(self._moved(item.subject) for item in taken):
            self._give_back(taken, now)
            return Attempt(Delivered.GIVEN_BACK, subject.row.notification_id, subject.row)
        return self._call(taken, addressed.message, now)

    def _claimed(self, subject: Subject, addressed: Addressed, token: str, now: datetime) -> list[Taken] | None:
        """Every row of the message, the leading one first; None where another worker has any. All workers claim in one order."""
        point = self._points.key(*addressed.point) if addressed.point else None
        taken: list[Taken] = []
        for each in sorted((subject, *subject.told_along), key=lambda each: each.row.notification_id):
            spoken = tuple(other.row.notification_id for other in subject.told_along) if each is subject else ()
            announces = each.row.template is Template.ACKNOWLEDGEMENT and each.referred
            row = delivery.claimed(each.row, token, now, self._rules)
            row = replace(
                row,
                audience=addressed.audience,
                point=point,
                went_to=addressed.whom,
                speaks_for=spoken,
                announces=announces,
                names_officer=_officer(each),
                names_crimes=_crimes(each),
            )
            if not self._cases.claim(Swap(each.row, row)):
                self._give_back(taken, now)
                return None
            taken.append(Taken(each, row))
        return sorted(taken, key=lambda item: item.subject is not subject)

    def _moved(self, subject: Subject) -> bool:
        """After the claim, the last question before the call: did any decision about this occurrence fall since the policy was asked?

        A hold that another record puts on the person moves this head too, before that record's own delivery is acknowledged (`spread`).
        """
        if subject.row.template is Template.DIGEST:
            return False  # it is about many cases, and says nothing that a decision of one could make unsafe
        head = self._cases.head(subject.row.reference)
        return head.revision != subject.case.head.revision

    def _give_back(self, taken: list[Taken], now: datetime) -> None:
        for item in taken:
            self._cases.commit(Changes(notifications=(Swap(item.row, replace(delivery.given_back(item.row, now), speaks_for=())),)))
        self._queues.dispatch([item.row.notification_id for item in taken])

    def _call(self, taken: list[Taken], message: Email | Sms | Letter, now: datetime) -> Attempt:
        try:
            provider_ref = self._senders.send(message)
        except PermanentSendError as error:
            return self._failed(taken, error.code, now, dead_address=error.dead_address)
        except TransientSendError as error:
            if taken[0].row.suspendable and taken[0].row.attempts >= self._rules.most_attempts:  # the rest never gives up
                return self._failed(taken, "attempts_exhausted", now)
            after = [replace(delivery.backed_off(item.row, now, self._rules), speaks_for=()) for item in taken]
            return self._came(taken, after, Delivered.BACKED_OFF, now, error.code)
        except UnknownOutcomeError as error:
            after = [delivery.unknown(item.row, now, self._rules) for item in taken]
            return self._came(taken, after, Delivered.UNKNOWN, now, error.code)
        arrives = letter_arrives(now, self._decider.standing.holidays) if isinstance(message, Letter) else None
        return self._came(taken, [delivery.sent(item.row, provider_ref, now, arrives) for item in taken], Delivered.SENT, now)

    def _came(self, taken: list[Taken], after: list[Notification], outcome: Delivered, now: datetime, code: str | None = None) -> Attempt:
        """Record what came of the call; a decision that fell meanwhile is made good."""
        for item in self._record(taken, after, now):
            if item.row.victim_id is not None and self._moved(item.subject):
                self._decider.redecide(item.row.reference, now, item.row.victim_id)
        return Attempt(outcome, taken[0].row.notification_id, after[0], code)

    def failed(self, subject: Subject, code: str, now: datetime) -> Attempt:
        """A row that cannot even be addressed."""
        return self._failed([Taken(subject, subject.row)], code, now)

    def _failed(self, taken: list[Taken], code: str, now: datetime, *, dead_address: bool = False) -> Attempt:
        """Trying again cannot help: close the address, and let the plan give it to a person."""
        after = [undecided(delivery.failed(item.row, code), now) for item in taken]
        point = taken[0].row.point
        self._record(taken, after, now, ((point, code),) if dead_address and point else ())
        for item in taken:
            if item.row.victim_id is not None:
                self._decider.redecide(item.row.reference, now, item.row.victim_id)
        inside = {Template.DIGEST, Template.CONTACT_MESSAGE}
        self._queues.dispatch([item.row.notification_id for item in taken if item.row.template in inside])
        return Attempt(Delivered.FAILED, taken[0].row.notification_id, after[0], code)

    def _record(
        self, taken: list[Taken], after: list[Notification], now: datetime, closed: tuple[tuple[str, str], ...] = ()
    ) -> list[Taken]:
        """Write what came of the call. The rows whose case may have been decided about meanwhile."""
        hints: list[str] = []
        unsure: list[Taken] = []
        for item, row in zip(taken, after, strict=True):
            released, unmoved = self._record_row(item, row, now, closed)
            hints += released
            unsure += [] if unmoved else [item]
        self._queues.dispatch(hints[:1] if len(taken) > 1 else hints)
        return unsure

    def _record_row(self, item: Taken, after: Notification, now: datetime, closed: tuple[tuple[str, str], ...]) -> tuple[list[str], bool]:
        """Write the outcome, and with an acceptance release what waited for it. A receipt that was faster has already done so.

        What may leave now, and whether the case still stood as the policy saw it: the first try asks for that in the same transaction.
        """
        beside = item.subject.situation.rows if item.subject.situation else []
        unmoved: tuple[Head, ...] = (item.subject.case.head,) if item.subject.situation else ()
        for _ in range(TRIES):
            released = released_by(beside, after, now)
            told = (disclosure(after, now, _rule(item.subject)),) if after.state in (State.SENT, State.UNKNOWN) else ()
            audit = (*told, *(closed_line(after, point, code, now) for point, code in closed))
            announced = tuple(of_message(after, now)) if after.state is State.SENT else ()
            swaps = (Swap(item.row, after), *released)
            try:
                self._cases.commit(Changes(notifications=swaps, closed_points=closed, announced=announced, audit=audit, unmoved=unmoved))
            except Contended:
                stored = self._cases.notifications([item.row.notification_id]).get(item.row.notification_id)
                if stored is None or stored.token != item.row.token or stored.state is not item.row.state:
                    return [], False
                beside, unmoved = rows_of(self._cases, after), ()
                continue
            self._queues.dispatch([row.notification_id for row in announced])
            return [swap.after.notification_id for swap in released if swap.after.state is State.PENDING], bool(unmoved)
        raise Contended("record outcome")


def _officer(subject: Subject) -> str | None:
    """Whom a message to a victim names."""
    facts = subject.case.head.facts
    return facts.officer.collar_number if facts and facts.officer and subject.row.for_victim else None


def _rule(subject: Subject) -> str | None:
    """The rule of the decision by which it left; none where it is about no single victim."""
    part = subject.case.parts.get(subject.row.victim_id or "") if subject.row.template is not Template.DIGEST else None
    return f"{part.decision.rule_id}@{part.decision.rule_version}" if part and part.decision else None


def undecided(row: Notification, now: datetime) -> Notification:
    """The row stays open until a decision has seen what came of it, so that a crash in between loses nothing."""
    followed = row.victim_id is not None or row.template in {Template.DIGEST, Template.CONTACT_MESSAGE}
    return replace(row, open_at=now) if followed else row


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


def _crimes(subject: Subject) -> tuple[str, ...]:
    """What a full acknowledgement says was reported, as classes, the principal offence first."""
    row, situation = subject.row, subject.situation
    if row.template is not Template.ACKNOWLEDGEMENT or row.channel is Channel.SMS or situation is None:
        return ()
    return tuple(offence.code for offence in sorted(situation.occurrence.offences, key=lambda offence: not offence.principal))

"""The next step of one outbox row: send what is wanted now, settle what is unknown, finish what was interrupted.

A row whose worker died becomes `unknown` and waits for its receipt; it never goes back to pending by itself. Must not decide what is
wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import delivery
from chalicelib.domain.delivery import OUTSIDE, WAITING, Notification, Receipt, State
from chalicelib.domain.draft import FINAL_FAILURE
from chalicelib.domain.errors import RetryLater
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel
from chalicelib.domain.situation import earliest
from chalicelib.services.addressed import NoAddress, Subject
from chalicelib.services.answer_messages import AnswerMessages
from chalicelib.services.attempts import Attempt, Delivered
from chalicelib.services.check_recording import CheckRecording
from chalicelib.services.decide import Decider
from chalicelib.services.digests import Digests
from chalicelib.services.disclosures import disclosure
from chalicelib.services.hand_over import HandOver
from chalicelib.services.messages_out import MessagesOut
from chalicelib.services.one_a_day import OneADay
from chalicelib.services.pause_sending import WhatIsPaused
from chalicelib.services.ports import Cases, Changes, ContactPoints, Queues, Swap
from chalicelib.services.publish_out import PublishOut
from chalicelib.services.record_occurrence import RecordOccurrence
from chalicelib.services.route_messages import RouteMessages
from chalicelib.services.send_once import SendOnce, undecided
from chalicelib.services.subjects import Subjects, wanted_now
from chalicelib.services.take_receipt import TakeReceipt
from chalicelib.services.task_lists import TaskLists, for_list

_MOVING = WAITING | {State.SENDING, State.UNKNOWN}
ONE_A_DAY = "one_a_day"
"""Reason of a row that waits for another day of its business contact."""
_STOPS = {Template.STOP_NOTICE, Template.WITHDRAWAL}


class Deliver:
    """The use case behind the dispatch queue."""

    def __init__(
        self,
        cases: Cases,
        queues: Queues,
        decider: Decider,
        recorder: RecordOccurrence,
        messages: MessagesOut,
        sender: SendOnce,
        receipts: TakeReceipt,
        digests: Digests,
        hand: HandOver,
        outward: PublishOut,
        recording: CheckRecording,
        routes: RouteMessages,
        answers: AnswerMessages,
        points: ContactPoints,
        paused: WhatIsPaused,
    ) -> None:
        self._cases = cases
        self._queues = queues
        self._decider = decider
        self._recorder = recorder
        self._messages = messages
        self._sender = sender
        self._receipts = receipts
        self._digests = digests
        self._hand = hand
        self._lists = TaskLists(cases)
        self._outward = outward
        self._recording = recording
        self._routes = routes
        self._answers = answers
        self._days = OneADay(points)
        self._paused = paused
        self._subjects = Subjects(cases, decider, digests)
        self._rules = decider.standing.profile.delivery

    def read(self, ids: Collection[str], now: datetime) -> dict[str, Notification]:
        """The rows of one invocation's hints, read together; none where the store does not answer, so that each is read in its turn.

        What is paused is read here too, where it is not known freshly.
        """
        with suppress(RetryLater):
            self._paused.refresh(now)
            return self._cases.notifications(ids)
        return {}

    def deliver(self, notification_id: str, token: str, now: datetime, read: Notification | None = None) -> Attempt:
        """Take the next step of one row. `token` is this worker's own, for its claim. RetryLater: give the hint back.

        `read` is the row as `read` found it; it may be old by now, so every write names what it replaces. None: it is read now.
        """
        row = read or self._cases.notifications([notification_id]).get(notification_id)
        if row is None:
            return Attempt(Delivered.GONE, notification_id)
        if row.channel is Channel.LETTER and row.state is State.SENT and row.open_at is not None:
            return self._arrive(row, row.open_at, now)
        if row.state not in _MOVING and (row.open_at is not None or row.state is State.SENT):
            return self._decided(row, now)
        if row.open_at is None or row.open_at > now or delivery.paused_by(row):
            return Attempt(Delivered.NOT_DUE, notification_id, row)
        return self._step(row, token, now)

    def _step(self, row: Notification, token: str, now: datetime) -> Attempt:
        """What is due and can move."""
        no_message: dict[Template, Callable[[], Attempt]] = {
            Template.COMPLETION: lambda: self._complete(row, now),
            Template.HANDOVER: lambda: self._hand_over(row, now),
            Template.RECORDING: lambda: self._check_again(row, now),
            Template.CONTACT: lambda: self._route(row, now),
            Template.OUT: lambda: self._publish(row),
        }
        if row.template in no_message:
            return no_message[row.template]()
        if row.state is State.SENDING:
            return self._lost(row, now)
        if row.state is State.UNKNOWN:
            return self._unknown(row, now)
        aside = self._paused.lay_aside(row)
        return Attempt(Delivered.PAUSED, row.notification_id, aside) if aside else self._send(row, token, now)

    def publish(self, rows: Iterable[Notification]) -> frozenset[str]:
        """Publish the announcements among `rows` together; the ids that went. None where the store does not answer: each has its turn."""
        with suppress(RetryLater):
            return self._outward.publish(rows)
        return frozenset()

    def _publish(self, row: Notification) -> Attempt:
        gone = self._outward.publish([row])
        return Attempt(Delivered.PUBLISHED if gone else Delivered.BACKED_OFF, row.notification_id, row)

    def _hand_over(self, row: Notification, now: datetime) -> Attempt:
        self._queues.dispatch(self._hand.hand_over(row.reader or "", now))
        self._cases.commit(Changes(removed_notifications=(row,)))
        return Attempt(Delivered.HANDED_OVER, row.notification_id, row)

    def _check_again(self, row: Notification, now: datetime) -> Attempt:
        self._recording.recheck(row.reference, now)
        self._cases.commit(Changes(removed_notifications=(row,)))
        return Attempt(Delivered.CHECKED, row.notification_id, row)

    def _route(self, row: Notification, now: datetime) -> Attempt:
        self._routes.route(row, now)
        return Attempt(Delivered.ROUTED, row.notification_id, row)

    def _arrive(self, row: Notification, arrives_at: datetime, now: datetime) -> Attempt:
        """A letter counts as delivered when its time is over; the post may bring it back before, and after."""
        if arrives_at > now:
            return Attempt(Delivered.NOT_DUE, row.notification_id, row)
        self._receipts.take(Receipt(row.notification_id, State.DELIVERED, False, None, "letter_rule", arrives_at), now)
        return Attempt(Delivered.ARRIVED, row.notification_id, row)

    def _decided(self, row: Notification, now: datetime) -> Attempt:
        """What came of the row is written; a worker may have died before the decision that follows from it."""
        if row.victim_id is not None:
            self._decider.redecide(row.reference, now, row.victim_id)
        else:
            if row.template is Template.DIGEST and row.state in FINAL_FAILURE:
                self._queues.dispatch(self._digests.fallback(row, now))
            if row.template is Template.CONTACT_MESSAGE and row.state in FINAL_FAILURE:
                self._answers.recheck(row.reference, now)
            self._cases.commit(Changes(notifications=(Swap(row, replace(row, open_at=None)),)))
        return Attempt(Delivered.NOT_DUE, row.notification_id, row, "decided_again")

    def _complete(self, row: Notification, now: datetime) -> Attempt:
        self._recorder.complete(row.reference, now)
        left = self._cases.notifications([row.notification_id])
        if left:
            self._cases.commit(Changes(removed_notifications=tuple(left.values())))
        return Attempt(Delivered.COMPLETED, row.notification_id, row)

    def _lost(self, row: Notification, now: datetime) -> Attempt:
        """The lease ran out: its worker died somewhere around the call."""
        after = delivery.unknown(row, now, self._rules)
        self._cases.commit(Changes(notifications=(Swap(row, after),), audit=(disclosure(after, now),)))
        if row.victim_id is not None:
            self._decider.redecide(row.reference, now, row.victim_id)
        return Attempt(Delivered.UNKNOWN, row.notification_id, after, "lease_ran_out")

    def _unknown(self, row: Notification, now: datetime) -> Attempt:
        """No receipt came: mail inside the force and stop notices repeat; what concerns a victim goes to a person."""
        if row.audience not in OUTSIDE or row.template in _STOPS:
            after = delivery.repeated(row, now)
            self._cases.commit(Changes(notifications=(Swap(row, after),)))
            self._queues.dispatch([row.notification_id])
            return Attempt(Delivered.REPEATED, row.notification_id, after)
        after = undecided(delivery.settled(row, "no_receipt"), now)
        self._cases.commit(Changes(notifications=(Swap(row, after),)))
        self._decider.redecide(row.reference, now, row.victim_id)
        return Attempt(Delivered.SETTLED, row.notification_id, after)

    def _send(self, row: Notification, token: str, now: datetime) -> Attempt:
        if for_list(row) and (lists := self._lists.together(row, now)):
            self._queues.dispatch(lists)
            return Attempt(Delivered.LISTED, row.notification_id, row)
        subject = self._subjects.of(row, now)
        if isinstance(subject, Attempt):
            return subject
        if subject.row != row:  # it moved since it was read
            return self.deliver(row.notification_id, token, now, subject.row)
        if not wanted_now(subject, now):
            return self._not_now(subject, now)
        subject, until = self._subjects.with_linked(subject, now)
        if until is not None:
            return self._wait(row, until, "waits_for_linked" if row.template is Template.ACKNOWLEDGEMENT else ONE_A_DAY)
        try:
            addressed = self._messages.build(subject)
        except NoAddress:
            return self._sender.failed(subject, "no_address", now)
        until = self._days.taken_until(subject, addressed, now)
        if until is not None:
            return self._wait(row, until, ONE_A_DAY)
        return self._sender.send(subject, addressed, token, now)

    def _wait(self, row: Notification, until: datetime, reason: str) -> Attempt:
        after = replace(row, state=State.HELD, reason=reason, open_at=until)
        self._cases.commit(Changes(notifications=(Swap(row, after),)))
        return Attempt(Delivered.NOT_DUE, row.notification_id, after, reason)

    def _not_now(self, subject: Subject, now: datetime) -> Attempt:
        """Not wanted, or only later: let the decision write what the row should be."""
        row, situation = subject.row, subject.situation
        if row.victim_id is None:
            after = replace(row, state=State.CANCELLED, reason="settled", open_at=None)
            self._cases.commit(Changes(notifications=(Swap(row, after),)))
            return Attempt(Delivered.NOT_WANTED, row.notification_id, after)
        if situation is not None and subject.plan is not None and row.notification_id in subject.plan.notifications and row.suspendable:
            opens = earliest(situation, now)
            if opens > now and subject.case.head.suspension is None:
                return self._wait(row, opens, "quiet_hours")
        self._decider.redecide(row.reference, now, row.victim_id)
        return Attempt(Delivered.NOT_WANTED, row.notification_id, row)

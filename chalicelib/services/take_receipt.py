"""A provider says what became of a message: move the row, keep the evidence, close dead addresses, give failures to a person.

Receipts may come late, twice, before our own write, or after "delivered". Must not send.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.announcements import of_message, of_obligations
from chalicelib.domain.delivery import ACCEPTED, AFTER_SETTLED, Notification, Receipt, State, after_receipt
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Route
from chalicelib.domain.obligations import Obligation, ObligationState
from chalicelib.domain.reminders import unmet_state
from chalicelib.services.decide import TRIES, Decider
from chalicelib.services.disclosures import closed_line, disclosure
from chalicelib.services.ports import Cases, Changes, Queues, Swap
from chalicelib.services.send_once import released_by, rows_of, undecided

_FAILED = {State.BOUNCED, State.COMPLAINED}
_UNSETTLED = {State.SETTLED, State.UNKNOWN, State.SENDING}
"""A failure, and news of what a person may already have, ask for a decision: the row stays open until one has seen it."""


class Taken(StrEnum):
    MOVED = "moved"
    NO_CHANGE = "no_change"
    UNKNOWN_MESSAGE = "unknown_message"


class TakeReceipt:
    """The use case behind the receipts queue."""

    def __init__(self, cases: Cases, queues: Queues, decider: Decider) -> None:
        self._cases = cases
        self._queues = queues
        self._decider = decider

    def take(self, receipt: Receipt, now: datetime) -> Taken:
        """Apply one receipt, to the rows of linked crimes that the message told of too. Contended after several tries: give it back."""
        outcome, row = self._apply(receipt, now)
        for notification_id in row.speaks_for if row else ():
            self._apply(replace(receipt, notification_id=notification_id), now)
        return outcome

    def _apply(self, receipt: Receipt, now: datetime) -> tuple[Taken, Notification | None]:
        for _ in range(TRIES):
            row = self._cases.notifications([receipt.notification_id]).get(receipt.notification_id)
            after = after_receipt(row, receipt.state, receipt.provider_ref, receipt.at) if row else None
            if row is None or after is None:
                return (Taken.NO_CHANGE if row else Taken.UNKNOWN_MESSAGE), row
            after = replace(after, reason=_reason(row, receipt))
            after = undecided(after, now) if _asks_again(row, after) else after
            try:
                self._write(row, after, receipt, now)
            except Contended:
                continue
            return Taken.MOVED, row
        raise Contended("receipt")

    def _write(self, row: Notification, after: Notification, receipt: Receipt, now: datetime) -> None:
        released = () if row.state in ACCEPTED else released_by(rows_of(self._cases, row), after, now)
        owed = self._evidence(row, after, now)
        news = of_message(after, now) if row.sent_at is None else ()
        announced = (*of_obligations(((swap.before, swap.after) for swap in owed), now), *news)
        closed = ((row.point, receipt.code),) if row.point and receipt.permanent else ()
        told = (disclosure(after, now),) if row.sent_at is None else ()
        changes = Changes(
            notifications=(Swap(row, after), *released),
            obligations=owed,
            closed_points=closed,
            announced=announced,
            audit=(*told, *(closed_line(after, point, code, now) for point, code in closed)),
        )
        self._cases.commit(changes)
        hints = [swap.after.notification_id for swap in released if swap.after.state is State.PENDING]
        self._queues.dispatch([*hints, *(item.notification_id for item in announced)])
        if after.open_at is not None:
            self._reconsider(row, now)

    def _reconsider(self, row: Notification, now: datetime) -> None:
        """The plan says what follows; where the case cannot be decided now, or there is none, dispatch does it from the open row."""
        if row.victim_id is None:
            self._queues.dispatch([row.notification_id])
            return
        try:
            self._decider.redecide(row.reference, now, row.victim_id)
        except RetryLater:
            self._queues.dispatch([row.notification_id])

    def _evidence(self, row: Notification, after: Notification, now: datetime) -> tuple[Swap[Obligation], ...]:
        """Delivered meets what it evidences, and so does a complaint: it arrived. A bounce after it takes the evidence back."""
        if not after.evidences or after.state not in {State.DELIVERED, *_FAILED} or after.template is Template.UPDATE:
            return ()
        arrived_at = after.delivered_at if after.state is not State.BOUNCED and row.state is not State.BOUNCED else None
        swaps = []
        referral = after.template is Template.REFERRAL
        for owed in self._cases.obligations(after.reference, after.evidences).values():
            if referral and owed.route is not Route.VICTIM_SERVICES:
                continue  # whoever is specialist by now is offered another referral, by a person
            if arrived_at and (owed.unmet or (owed.met_at and arrived_at < owed.met_at)):
                met = replace(
                    owed, state=ObligationState.MET, evidence=after.notification_id, met_at=arrived_at, automatic=False, next_at=None
                )
                swaps.append(Swap(owed, met))
            elif after.state is State.BOUNCED and owed.evidence == after.notification_id:
                state = unmet_state(owed.due_at, now, self._decider.standing.holidays)
                swaps.append(Swap(owed, replace(owed, state=state, evidence=None, met_at=None, next_at=now, reopened_at=now)))
        return tuple(swaps)


def _asks_again(row: Notification, after: Notification) -> bool:
    """Whether a decision has to see it.

    News that arrives ends what an officer was asked as well; an officer's update also begins the next one, which the plan alone can say.
    """
    told = after.template in {Template.EVENT, Template.UPDATE} and after.state is State.DELIVERED
    return told or after.state in _FAILED or row.state in _UNSETTLED


def _reason(row: Notification, receipt: Receipt) -> str | None:
    if receipt.state in _FAILED:
        return receipt.code
    return AFTER_SETTLED if row.state is State.SETTLED or row.reason == AFTER_SETTLED else None

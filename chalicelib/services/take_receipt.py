"""A provider says what became of a message: move the row, keep the evidence, close dead addresses, give failures to a person.

Receipts may come late, twice, before our own write, or after "delivered". Must not send.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.delivery import ACCEPTED, AFTER_SETTLED, Notification, Receipt, State, after_receipt
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.domain.obligations import Obligation, ObligationState
from chalicelib.services.decide import TRIES, Decider
from chalicelib.services.ports import Cases, Changes, Queues, Swap
from chalicelib.services.send_once import disclosure, released_by, rows_of, undecided

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
            after = undecided(after, now) if after.state in _FAILED or row.state in _UNSETTLED else after
            try:
                self._write(row, after, receipt, now)
            except Contended:
                continue
            return Taken.MOVED, row
        raise Contended("receipt")

    def _write(self, row: Notification, after: Notification, receipt: Receipt, now: datetime) -> None:
        released = () if row.state in ACCEPTED else released_by(rows_of(self._cases, row), after, now)
        changes = Changes(
            notifications=(Swap(row, after), *released),
            obligations=self._evidence(row, after),
            closed_points=((row.point, receipt.code),) if row.point and receipt.permanent else (),
            audit=(disclosure(after, now),) if row.sent_at is None else (),
        )
        self._cases.commit(changes)
        self._queues.dispatch([swap.after.notification_id for swap in released if swap.after.state is State.PENDING])
        if after.open_at is not None:
            self._reconsider(row, now)

    def _reconsider(self, row: Notification, now: datetime) -> None:
        """The plan says what follows; where the case cannot be decided now, dispatch does it from the open row."""
        try:
            self._decider.redecide(row.reference, now, row.victim_id)
        except RetryLater:
            self._queues.dispatch([row.notification_id])

    def _evidence(self, row: Notification, after: Notification) -> tuple[Swap[Obligation], ...]:
        """Delivered meets what it evidences, and so does a complaint: it arrived. A bounce after it takes the evidence back."""
        if not after.evidences or after.state not in {State.DELIVERED, *_FAILED}:
            return ()
        arrived = after.state is not State.BOUNCED and row.state is not State.BOUNCED
        swaps = []
        for owed in self._cases.obligations(after.reference, after.evidences).values():
            if arrived and owed.state is ObligationState.OPEN:
                swaps.append(Swap(owed, replace(owed, state=ObligationState.MET, evidence=after.notification_id)))
            elif after.state is State.BOUNCED and owed.evidence == after.notification_id:
                swaps.append(Swap(owed, replace(owed, state=ObligationState.OPEN, evidence=None)))
        return tuple(swaps)


def _reason(row: Notification, receipt: Receipt) -> str | None:
    if receipt.state in _FAILED:
        return receipt.code
    return AFTER_SETTLED if row.state is State.SETTLED or row.reason == AFTER_SETTLED else None

"""A named person ends an unknown outcome: it arrived, it did not, or it is to be sent again.

Nothing repeats a message to a victim but that person's own decision, which is kept with who, when and why. Must not send: dispatch asks the
policy again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain import delivery
from chalicelib.domain.delivery import Notification, Receipt, State, fact_id
from chalicelib.domain.errors import RetryLater
from chalicelib.services.decide import Decider
from chalicelib.services.ports import AuditEntry, Cases, Changes, Queues, Swap
from chalicelib.services.send_once import undecided
from chalicelib.services.take_receipt import TakeReceipt

MOST = 10_000
OPEN = frozenset({State.UNKNOWN, State.SETTLED})
"""Nobody knows whether it arrived: it waits for its receipt, or a person has it."""
BY_A_PERSON = "settled by a person"


class SettleUnknown:
    """The use case behind `make ops unknown`."""

    def __init__(self, cases: Cases, queues: Queues, decider: Decider, receipts: TakeReceipt) -> None:
        self._cases = cases
        self._queues = queues
        self._decider = decider
        self._receipts = receipts

    def waiting(self, now: datetime, days: int) -> list[Notification]:
        """What waits for a receipt, and what a person has of the messages of the last `days` days, oldest first."""
        soon = now + self._decider.standing.profile.delivery.unknown_after
        unknown = (row for row in self._cases.notifications(self._cases.due(soon, MOST)).values() if row.state is State.UNKNOWN)
        made = (row for back in range(days) for row in self._cases.made_on((now - timedelta(days=back)).date()))
        found = {row.notification_id: row for row in (*made, *unknown) if row.state in OPEN}
        return sorted(found.values(), key=lambda row: (row.created_at, row.notification_id))

    def of(self, notification_id: str) -> Notification | None:
        """The message, where its outcome is not known."""
        row = self._cases.notifications([notification_id]).get(notification_id)
        return row if row is not None and row.state in OPEN else None

    def arrived(self, row: Notification, by: str, reason: str, at: datetime, now: datetime) -> None:
        """The reader says that they have it, since `at`: as good as a receipt, so it meets what it evidences."""
        self._cases.commit(Changes(audit=(_decided(row, "outcome_settled", by, f"arrived: {reason}", now),)))
        self._receipts.take(Receipt(row.notification_id, State.DELIVERED, False, None, BY_A_PERSON, at), now)

    def lost(self, row: Notification, by: str, reason: str, now: datetime) -> None:
        """It did not arrive: a person has it, by the task that the plan makes of it."""
        audit = (_decided(row, "outcome_settled", by, f"did not arrive: {reason}", now),)
        after = undecided(delivery.settled(row, "no_receipt"), now) if row.state is State.UNKNOWN else row
        swaps = (Swap(row, after),) if after != row else ()
        self._cases.commit(Changes(notifications=swaps, audit=audit))
        self._look_again(row, now)

    def again(self, row: Notification, by: str, reason: str, now: datetime) -> int:
        """Send it once more, with the rows of linked crimes that it told of; how many rows leave anew. Contended: a receipt was faster."""
        rows = list(self._with_linked(row))
        swaps = tuple(Swap(one, delivery.resent(one, now)) for one in rows)
        audit = tuple(_decided(one, "resent", by, reason, now) for one in rows)
        self._cases.commit(Changes(notifications=swaps, audit=audit))
        self._queues.dispatch([one.notification_id for one in rows])
        for one in rows:
            self._look_again(one, now)
        return len(rows)

    def _with_linked(self, row: Notification) -> Iterator[Notification]:
        yield row
        linked = self._cases.notifications(row.speaks_for) if row.speaks_for else {}
        yield from (one for one in linked.values() if one.state in OPEN)

    def _look_again(self, row: Notification, now: datetime) -> None:
        """What follows for tasks and obligations; where the case cannot be decided now, dispatch or the sweep does it from the open row."""
        if row.victim_id is not None:
            try:
                self._decider.redecide(row.reference, now, row.victim_id)
            except RetryLater:
                self._queues.dispatch([row.notification_id])


def _decided(row: Notification, op: str, by: str, detail: str, now: datetime) -> AuditEntry:
    return AuditEntry(
        reference=row.reference,
        entry_id=fact_id(row.notification_id, op, by, detail, now.isoformat()),
        at=now,
        op=op,
        victim_id=row.victim_id,
        notification_id=row.notification_id,
        recipient=row.audience,
        actor=by,
        detail=detail,
    )

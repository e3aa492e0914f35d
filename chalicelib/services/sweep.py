"""Repair what got stuck, and keep the clock of what is owed: find what is due, and let it be decided, reminded of and sent.

Cost grows with what is due, not with what is stored. Must not send: messages re-enter at dispatch.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.announcements import of_obligations
from chalicelib.domain.errors import RetryLater
from chalicelib.domain.obligations import Kind, Obligation
from chalicelib.domain.owed_now import NOTHING_LATE, Key, OwedNow, owed_now
from chalicelib.domain.reminders import unmet_state
from chalicelib.services.answer_messages import AnswerMessages
from chalicelib.services.check_recording import CheckRecording
from chalicelib.services.decide import Decider
from chalicelib.services.digests import Digests
from chalicelib.services.operation_ports import DeadLetters
from chalicelib.services.pause_sending import LetGo
from chalicelib.services.ports import Cases, Changes, Queues, Swap
from chalicelib.services.quarantine_ports import Quarantine

AT_ONCE = 1000
"""Outbox rows of one run; a backlog takes several runs, oldest first."""
OWED_AT_ONCE = 10_000
"""Obligations of one run: a whole morning of a large force, since a reader's digest leaves once a day."""

_OF_MESSAGES = {Kind.CONTACT_ANSWER, Kind.CONTACT_ALARM}


@dataclass(frozen=True, slots=True)
class Swept:
    """What one run found: outbox rows and obligations that were due, digests that it made, and in seconds how long the oldest obligation
    had been due. `more`: a run was full, so more is due than it saw to. `contended`: obligations that the next run has to see to.

    `standing`: how what is owed to victims stands, of what it looked at. `unknown`: messages whose outcome is waited for, None where the
    store did not say. `quarantined`: the same of records that nobody could read and nobody has seen to. `dead_receipts`: the same of
    receipts that failed every retry and lie aside; of more than a thousand a thousand.
    """

    due: int
    more: bool
    owed: int = 0
    digests: int = 0
    oldest: int = 0
    contended: int = 0
    standing: OwedNow = NOTHING_LATE
    unknown: int | None = 0
    quarantined: int | None = 0
    dead_receipts: int | None = 0


class Sweep:
    """The use case behind the schedule."""

    def __init__(
        self,
        cases: Cases,
        queues: Queues,
        decider: Decider,
        digests: Digests,
        recording: CheckRecording,
        answers: AnswerMessages,
        going: LetGo,
        quarantine: Quarantine,
        dead: DeadLetters,
    ) -> None:
        self._cases = cases
        self._queues = queues
        self._decider = decider
        self._digests = digests
        self._recording = recording
        self._answers = answers
        self._going = going
        self._quarantine = quarantine
        self._dead = dead

    def sweep(self, now: datetime) -> Swept:
        """See to what is due at `now`. Contended or StoreUnavailable: the next run finds it again."""
        return replace(
            self._swept(now),
            unknown=_counted(lambda: self._cases.unknown_until(now + self._decider.standing.profile.delivery.unknown_after)),
            quarantined=_counted(self._quarantine.waiting),
            dead_receipts=_counted(self._dead.receipts_waiting),
        )

    def _swept(self, now: datetime) -> Swept:
        self._going.leftover(now)
        ids = self._cases.due(now, AT_ONCE)
        found = self._cases.owed_due(now, OWED_AT_ONCE)
        if not found:
            self._queues.dispatch(ids)
            return Swept(len(ids), len(ids) == AT_ONCE)
        oldest = min((row.next_at for row in found if row.next_at), default=now)
        contended = self._look_again(found, now)
        contended += self._let_pass([row for row in found if self._has_passed(row, now)], now)
        stands = self._cases.owed_at({(row.reference, row.obligation_id) for row in found})
        digests, missed = self._remind(found, stands, now)
        self._queues.dispatch([*ids, *digests])  # today's digests stand before anybody hands over
        full = len(ids) == AT_ONCE or len(found) == OWED_AT_ONCE
        rules = self._decider.standing
        standing = owed_now(found, stands, now, rules.holidays, rules.profile.reminders)
        return Swept(len(ids), full, len(found), len(digests), int((now - oldest).total_seconds()), contended + missed, standing)

    def _look_again(self, found: list[Obligation], now: datetime) -> int:
        """What the record, or a crime that it links, has mended meanwhile is not reminded of; a message may have passed to somebody else,
        and what nobody took up in time is told to the next at once."""
        looks = [
            (self._recording.recheck, {row.reference for row in found if row.kind is Kind.RECORDING_CHECK}),
            (self._answers.recheck, {row.reference for row in found if row.kind in _OF_MESSAGES}),
        ]
        contended = 0
        for recheck, references in looks:
            for reference in sorted(references):
                try:
                    recheck(reference, now)
                except RetryLater:
                    contended += 1
        return contended

    def _has_passed(self, owed: Obligation, now: datetime) -> bool:
        """Time alone has changed its state."""
        return owed.unmet and unmet_state(owed.due_at, now, self._decider.standing.holidays) is not owed.state

    def _let_pass(self, passed: list[Obligation], now: datetime) -> int:
        """Ask the policy again for those whose deadline or breach has passed; what is no victim's becomes late by itself."""
        contended = 0
        for reference, victim in sorted({(row.reference, row.victim_id or "") for row in passed}):
            try:
                if victim:
                    self._decider.redecide(reference, now, victim)
                else:
                    self._let_operations_pass(reference, now)
            except RetryLater:
                contended += 1
        return contended

    def _let_operations_pass(self, reference: str, now: datetime) -> None:
        holidays = self._decider.standing.holidays
        owed = [row for row in self._cases.obligations_of(reference) if row.victim_id is None and self._has_passed(row, now)]
        swaps = tuple(Swap(row, replace(row, state=unmet_state(row.due_at, now, holidays))) for row in owed)
        announced = tuple(of_obligations(((swap.before, swap.after) for swap in swaps), now))
        self._cases.commit(Changes(obligations=swaps, announced=announced))
        self._queues.dispatch([row.notification_id for row in announced])

    def _remind(self, found: list[Obligation], stands: dict[Key, Obligation], now: datetime) -> tuple[list[str], int]:
        """Today's digests of what was found, as it stands after it was decided again: by when it first wanted attention."""
        wanted_at = {(row.reference, row.obligation_id): row.next_at or now for row in found}
        return self._digests.remind({key: row for key, row in stands.items() if row.unmet}, wanted_at, now)


def _counted(waiting: Callable[[], int]) -> int | None:
    """For an alarm alone, so that nothing fails where it cannot be counted."""
    with suppress(RetryLater):
        return waiting()
    return None

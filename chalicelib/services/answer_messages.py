"""Owe an answer to what came through the page, and the control room's look at words of danger, beside the decisions about victims.

In the same transaction as whatever may change it: the message, a version, an event. Must not read what was written, or send.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.announcements import of_obligations, of_received
from chalicelib.domain.case import Case, Head
from chalicelib.domain.contact_answers import Hands, alarm, answer, hands
from chalicelib.domain.contact_mails import alarm_mails, answer_mails, chain, looks_again_id, missing, waiting_row
from chalicelib.domain.contact_pairs import alarm_id, answer_id, careful, messages
from chalicelib.domain.delivery import Notification
from chalicelib.domain.message_events import MessageReceived
from chalicelib.domain.model import Unit
from chalicelib.domain.obligations import Obligation
from chalicelib.services.decide import Decider, VictimChange
from chalicelib.services.ports import Cases, Changes, Swap

Pair = tuple[Obligation | None, Obligation]
"""An obligation as it stood and as it stands."""


@dataclass(frozen=True, slots=True)
class _Owed:
    """What one message asks for now."""

    message: MessageReceived
    held: Hands
    answer: Pair
    alarm: Pair | None
    mails: tuple[Notification, ...]

    @property
    def pairs(self) -> list[Pair]:
        return [self.answer, *([self.alarm] if self.alarm else [])]

    @property
    def moves(self) -> bool:
        """Something is owed, or was until now: there may be rows to make or to take away."""
        return any(after.unmet or after != before for before, after in self.pairs)


class AnswerMessages:
    """The use case. One instance serves many cases."""

    def __init__(self, cases: Cases, decider: Decider) -> None:
        self._cases = cases
        self._decider = decider

    def of(self, case: Case, now: datetime) -> list[VictimChange]:
        """What has to be written with `case`, the case that is about to be: one change for each message that moves."""
        found = messages(case)
        if not found:
            return []
        keys = [key for message in found for key in (answer_id(message), alarm_id(message))]
        stored = self._cases.obligations(case.head.reference, keys)
        hidden = careful(case)
        owed = [one for message in found if (one := self._owed(case, message, stored, hidden, now)).moves]
        ids = [row.notification_id for one in owed for first in one.mails for row in chain(first)]
        ids += [looks_again_id(one.message.event_id) for one in owed]
        rows = self._cases.notifications(ids) if ids else {}
        return [change for one in owed if (change := _change(one, rows, now)).changes.size]

    def _owed(self, case: Case, message: MessageReceived, stored: Mapping[str, Obligation], hidden: bool, now: datetime) -> _Owed:
        standing = self._decider.standing
        held = hands(case, message, now, standing)
        before = stored.get(answer_id(message))
        after = answer(case, message, before, now, standing)
        mails = list(answer_mails(after, held, hidden, now)) if after.unmet else []
        alarmed: Pair | None = None
        if message.danger:
            rung = stored.get(alarm_id(message))
            ringing = alarm(case, message, rung, now, standing)
            alarmed = (rung, ringing)
            mails += alarm_mails(ringing, now) if ringing.unmet else []
        return _Owed(message, held, (before, after), alarmed, tuple(mails))

    def recheck(self, reference: str, now: datetime) -> None:
        """Look again: time has passed, or a mail failed. A version in progress is finished first."""
        self._decider.rewrite(reference, lambda case: (case.head, self.of(case, now)))


def decided_as(case: Case, head: Head, changes: Iterable[VictimChange]) -> Case:
    """The case as it will be once these changes are written."""
    parts = {key: part for change in changes for key, part in (change.changes.parts or {}).items()}
    return replace(case, head=head, parts={**case.parts, **parts})


def _change(one: _Owed, rows: Mapping[str, Notification], now: datetime) -> VictimChange:
    changed = [(before, after) for before, after in one.pairs if before != after]
    news = [*of_obligations(changed, now), *([of_received(one.answer[1], now)] if one.answer[0] is None else [])]
    mails = tuple(missing(one.mails, rows))
    wanted, stands = _looks_again(one, now), rows.get(looks_again_id(one.message.event_id))
    again = (Swap(stands, wanted),) if wanted and (stands is None or stands.open_at != wanted.open_at) else ()
    changes = Changes(
        notifications=(*(Swap(None, row) for row in mails), *again),
        removed_notifications=(stands,) if stands and wanted is None else (),
        obligations=tuple(Swap(before, after) for before, after in changed),
        announced=tuple(news),
    )
    return VictimChange(changes, tuple(row.notification_id for row in (*mails, *news)))


def _looks_again(one: _Owed, now: datetime) -> Notification | None:
    """While it is still the officer's: when it passes on."""
    if one.held.unit is not Unit.OFFICER or one.held.passes_at is None or not one.answer[1].unmet:
        return None
    return waiting_row(one.message, one.held.passes_at, now)

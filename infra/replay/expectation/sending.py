"""What leaves, and what comes of it: mail inside the force at once, messages to victims and the service when their hour has come.

Must not decide what is wanted; it asks again before anything leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from infra.replay.expectation import mailboxes, one_a_day
from infra.replay.expectation.cases import Case, Cases
from infra.replay.expectation.directory import Directory
from infra.replay.expectation.linking import Leaving, companions, may_leave
from infra.replay.expectation.mailboxes import Fate
from infra.replay.expectation.people import mail_point, receiver
from infra.replay.expectation.reaching import allowed_from
from infra.replay.expectation.rows import ACCEPTED, ARRIVED, WAITING, Row
from infra.replay.expectation.working_days import london_day, working_days_after

Accepted = Counter[tuple[str, str, str]]
"""Messages that a provider took, by audience, channel and template."""
_LETTER_DAYS = 2


class Sending:
    """Everything that leaves, over all cases."""

    def __init__(self, cases: Cases, directory: Directory) -> None:
        self._cases = cases
        self._directory = directory
        self._days: one_a_day.Days = {}
        self.accepted: Accepted = Counter()

    def inside(self, case: Case, now: datetime) -> None:
        """Tasks, stop notices and withdrawals know no hour; a mail that comes back is followed by the next reader's."""
        for victim_id, part in sorted(case.parts.items()):
            while rows := [row for row in part.rows.values() if row.state == "pending" and not row.outside]:
                for row in rows:
                    fate = self._of_inside(case, row, now)
                    self._took(row)
                    row.state = fate.state
                if any(row.state == "bounced" for row in rows):
                    self._cases.decide(case, now, only=victim_id)

    def _of_inside(self, case: Case, row: Row, now: datetime) -> Fate:
        """To the officer or supervisor in the case, whoever stands in, or, where nobody can be addressed, to the role."""
        if row.audience not in {"officer", "supervisor"}:
            return mailboxes.DELIVERED
        reader = self._directory.reader(case, row.audience, london_day(now))
        if reader is None:
            row.audience = "unit"
            return mailboxes.DELIVERED
        row.audience, address = reader
        return mailboxes.of_mail(address)

    def _took(self, row: Row) -> None:
        self.accepted[row.audience, row.channel, row.template] += 1

    def letters_back(self, case: Case, victim_id: str, at: datetime, now: datetime) -> None:
        """The post brought back every letter to this victim that left before."""
        part = case.parts.get(victim_id)
        for row in list(part.rows.values()) if part else ():
            if row.channel == "letter" and row.state in ACCEPTED and row.sent_at is not None and row.sent_at <= at:
                for reference, whose, each in [(case.reference, victim_id, row), *row.beside]:
                    each.state = "bounced"
                    self._cases.decide(self._cases.all[reference], now, only=whose)
                    self.inside(self._cases.all[reference], now)

    def letters_arrive(self, until: datetime) -> None:
        """A letter has arrived two working days after it lay in the bucket."""
        for case in self._cases.all.values():
            for victim_id, part in case.parts.items():
                for row in list(part.rows.values()):
                    arrives = working_days_after(row.sent_at, _LETTER_DAYS) if row.sent_at is not None else None
                    if row.channel == "letter" and row.state == "sent" and arrives is not None and arrives <= until:
                        part.arrived(row, arrives)
                        self._told_news(case, victim_id, row, arrives)

    def _told_news(self, case: Case, victim_id: str, row: Row, now: datetime) -> None:
        """What an officer was asked to tell as well is told."""
        if row.template == "event":
            self._cases.decide(case, now, only=victim_id)
            self.inside(case, now)

    def outside(self, now: datetime, until: datetime) -> None:
        """From `now` to `until`: at every instant at which something may leave, it leaves, and its receipts come.

        A notice's receipts are taken to come before the referral that waits for the notice. In truth either may be first, so a replay can
        only be foretold where nobody's referral waits for a notice that comes back and for no other.
        """
        moment = now
        while (next_one := min(self._instants(moment), default=None)) is not None and next_one <= until:
            moment = next_one
            for template in ("acknowledgement", "referral", "event"):
                for item, fate in self._leave(template, moment):
                    self._receipt(item, fate, moment)

    def _instants(self, now: datetime) -> Iterator[datetime]:
        return (at for case in self._cases.all.values() for _, at in self._ready(case, now))

    def _ready(self, case: Case, now: datetime) -> Iterator[tuple[tuple[str, tuple[str, ...]], datetime]]:
        """Rows of a case that wait for nothing but their hour, and when it comes."""
        if case.suspended:
            return
        for victim_id, part in sorted(case.parts.items()):
            for key, row in part.rows.items():
                ready = row.outside and row.state in WAITING and row.not_before is not None
                if ready and (not row.waits_for or any(part.rows[each].state in ACCEPTED for each in row.waits_for)):
                    moments = [moment for moment in (now, row.not_before, row.waits_until) if moment is not None]
                    yield (victim_id, key), allowed_from(part.victim, max(moments))

    def _leave(self, template: str, now: datetime) -> list[tuple[Leaving, Fate]]:
        told: list[tuple[Leaving, Fate]] = []
        for case in list(self._cases.all.values()):
            for (victim_id, key), at in list(self._ready(case, now)):
                if key[0] == template and at <= now:
                    told += self._step(case, victim_id, key, now)
        return told

    def _step(self, case: Case, victim_id: str, key: tuple[str, ...], now: datetime) -> list[tuple[Leaving, Fate]]:
        """Ask again; then it leaves with its companions, or waits for one, or is what the decision makes of it."""
        row = case.parts[victim_id].rows.get(key)
        if row is None or row.state not in WAITING:
            return []
        item = Leaving(case, victim_id, key, self._cases.wishes(case, victim_id, now))
        if not may_leave(item, now):
            self._cases.decide(case, now, only=victim_id)
            self.inside(case, now)
            return []
        beside, until = companions(self._cases, item, now)
        if until is None:
            told = [other.row for other in beside]
            beside = [*beside, *(other for other in one_a_day.beside(self._cases, item, now) if all(other.row is not row for row in told))]
            until = one_a_day.takes(self._days, [item, *beside], now)
        if until is not None:
            row.waits_until = until
            return []
        return self._send([item, *beside], now)

    def _send(self, items: list[Leaving], now: datetime) -> list[tuple[Leaving, Fate]]:
        first = items[0]
        fate, point = _destination(first)
        if fate.state != "failed":
            self._took(first.row)
        for item in items:
            item.row.state = "failed" if fate.state == "failed" else "sent"
            item.row.reason, item.row.point = None, point
            item.row.sent_at = None if fate.state == "failed" else now
            item.row.announces = item.row.template == "acknowledgement" and item.wishes.refers
        if first.row.channel == "letter":
            first.row.beside = [(item.case.reference, item.victim_id, item.row) for item in items[1:]]
        return [(item, fate) for item in items]

    def _receipt(self, item: Leaving, fate: Fate, now: datetime) -> None:
        item.row.state = fate.state
        if fate.state in ARRIVED:
            item.part.arrived(item.row, now)
            self._told_news(item.case, item.victim_id, item.row, now)
        if fate.closes and item.row.point is not None:
            self._cases.closed.add(item.row.point)
        if fate.state in {"bounced", "complained", "failed"}:
            self._cases.decide(item.case, now, only=item.victim_id)
            self.inside(item.case, now)


def _destination(item: Leaving) -> tuple[Fate, Any]:
    """What becomes of it, and the victim's point that it goes to."""
    if item.row.template == "referral":
        return mailboxes.DELIVERED, None
    if item.row.channel == "letter":
        return mailboxes.LETTER, None
    to = receiver(item.part.victim)
    if item.row.channel == "sms":
        return mailboxes.of_text(to["sms"]), ("mobile", to["sms"])
    return mailboxes.of_mail(to["email"]), mail_point(to["email"])

"""Takes the day of a business contact for one message, over all cases, by a conditional write: two workers cannot both have it.

Must not send, and must not hold back what would miss its deadline.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.deadlines import local_day
from chalicelib.domain.messages import Letter
from chalicelib.domain.one_a_day import may_wait, next_turn, one_a_day
from chalicelib.services.addressed import Addressed, Subject
from chalicelib.services.ports import ContactPoints


class OneADay:
    """The day of a contact: an e-mail address, a mobile or a postal address, by keyed hash."""

    def __init__(self, points: ContactPoints) -> None:
        self._points = points

    def taken_until(self, subject: Subject, addressed: Addressed, now: datetime) -> datetime | None:
        """None: the message may leave, and has the day. Else when it may be asked for again."""
        point = self._point(subject, addressed)
        if point is None:
            return None
        turns = [turn for each in (subject, *subject.told_along) if (turn := turn_of(each))]
        must = len(turns) <= len(subject.told_along)
        free = self._points.take_day(point, local_day(now), subject.row.notification_id, whatever=must)
        return None if free else max(turns)

    def _point(self, subject: Subject, addressed: Addressed) -> str | None:
        if subject.situation is None or not one_a_day(subject.situation, subject.row):
            return None
        if isinstance(addressed.message, Letter):
            return self._points.key("letter", "\n".join(subject.situation.victim.address))
        return self._points.key(*addressed.point) if addressed.point else None


def turn_of(subject: Subject) -> datetime | None:
    """When the message may leave on another day; None: it may not wait for one."""
    situation, plan = subject.situation, subject.plan
    assert situation is not None  # noqa: S101 - asked only of messages to a victim, which have both
    assert plan is not None  # noqa: S101
    turn = next_turn(situation, subject.row, plan.obligations)
    return turn if may_wait(situation, subject.row, plan.obligations, turn) else None

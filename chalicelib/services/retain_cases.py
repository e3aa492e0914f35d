"""Takes the content of cases whose time is over, by class: recipients, words, archived records; counts, states and the log stay (ADR 0029).

A run looks at what is due and does so much; what dies on the way is gone on with by the next. Of some classes a person decides. Must not
touch a case that is live, nor send anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from chalicelib.domain.case import Case, Head, Part
from chalicelib.domain.case_classes import CaseClass, case_class
from chalicelib.domain.delivery import Notification, fact_id
from chalicelib.domain.erasure import why_live
from chalicelib.domain.errors import RetryLater
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.profile import CasePeriods
from chalicelib.domain.retention import (
    Later,
    Review,
    done,
    in_review,
    judge,
    kept,
    looked_at,
    quiet_since,
    reopened,
    rule_of,
    stripped_event,
    stripped_head,
    stripped_owed,
    stripped_part,
    stripped_row,
    without_points,
    worded_events,
)
from chalicelib.services.operation_ports import PersonalContent, RetentionDates
from chalicelib.services.ports import AuditEntry, Cases, Changes, Swap

T = TypeVar("T")
AT_ONCE = 2000
"""Cases of one run: minutes of work. A force of a hundred thousand crimes a year looks at some fourteen hundred a day, of which it strips
three hundred; a backlog takes several days."""
MOST_LISTED = 1000
TOGETHER = 90
"""Rows of one transaction."""
SYSTEM = "retention"
"""Who does it, for the log, where no person decided."""


@dataclass(frozen=True, slots=True)
class Retention:
    """What one run came to. `stripped`: cases whose content went; `later`: looked at again another day; `reviews`: cases that wait for a
    person now, and `oldest` since when; `stuck`: those that the next run has to see to; `more`: a run was full."""

    due: int = 0
    stripped: int = 0
    later: int = 0
    reviews: int = 0
    oldest: datetime | None = None
    stuck: tuple[str, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case that waits for a person. `live`: what it still needs its content for, though nothing happened in it for so long."""

    reference: str
    since: datetime
    kind: CaseClass
    quiet_since: datetime
    live: tuple[str, ...]


class RetainCases:
    """The use case behind the schedule, and behind `make ops retention`."""

    def __init__(self, cases: Cases, dates: RetentionDates, content: PersonalContent, periods: CasePeriods, at_once: int = AT_ONCE) -> None:
        self._cases = cases
        self._dates = dates
        self._content = content
        self._periods = periods
        self._at_once = at_once

    def due(self, now: datetime) -> int:
        """How many cases the next run would look at."""
        return len(self._dates.due(now, self._at_once))

    def run(self, now: datetime) -> Retention:
        """Look at what is due, the longest due first. What could not be done now stays due; StoreUnavailable where nothing can be found."""
        due = self._dates.due(now, self._at_once)
        came: dict[str, int] = {"strip": 0, "later": 0}
        stuck = []
        for reference in due:
            try:
                name = self._look(reference, now)
            except RetryLater:
                stuck.append(reference)
            else:
                came[name] = came.get(name, 0) + 1
        reviews = self._dates.in_review(MOST_LISTED)
        oldest = min((since for since, _ in reviews), default=None)
        return Retention(len(due), came["strip"], came["later"], len(reviews), oldest, tuple(stuck), len(due) == self._at_once)

    def _look(self, reference: str, now: datetime) -> str:
        """What one case came to."""
        case = self._cases.load(reference)
        if case.head.stripped:
            self._go_on(reference, now)
            return "strip"
        rows, owed = self._all(reference)
        judged = judge(case, rows, owed, self._periods, now)
        if isinstance(judged, Later):
            self._move(case.head, looked_at(case.head, judged.at))
            return "later"
        if isinstance(judged, Review):
            detail = rule_of(judged.kind, self._periods)
            self._move(case.head, in_review(case.head, now), _line(reference, "retention_due", SYSTEM, now, rule=detail))
            return "review"
        self._begin(case, judged.rule, SYSTEM, None, now)
        self._go_on(reference, now)
        return "strip"

    # ---- what a person decides

    def waiting(self, now: datetime) -> list[Waiting]:
        """Cases that wait for a person, the longest waiting first."""
        return [found for since, reference in self._dates.in_review(MOST_LISTED) if (found := self._waiting(reference, since, now))]

    def _waiting(self, reference: str, since: datetime, now: datetime) -> Waiting | None:
        case = self._cases.load(reference)
        if case.head.stripped or case.head.retained.review_since is None:
            return None
        rows, owed = self._all(reference)
        judged = judge(case, rows, owed, self._periods, now)
        live = judged.live if isinstance(judged, Review) else ()
        return Waiting(reference, since, case_class(case), quiet_since(case, rows, owed, now), live)

    def keep(self, reference: str, until: datetime, by: str, reason: str, now: datetime) -> bool:
        """A named person keeps a case until a day, whatever its class; then a person decides again. False: there is nothing to keep."""
        head = self._cases.head(reference)
        if head.revision == 0 or head.stripped:
            return False
        detail = f"until {until.date().isoformat()}; {reason}"
        self._move(head, kept(head, until), _line(reference, "retention_kept", by, now, detail=detail))
        return True

    def strip(self, reference: str, by: str, reason: str, now: datetime, *, although_owed: bool = False) -> tuple[str, ...] | None:
        """A named person has the content of a case taken that waits for them. What stands against it, empty where it was done; None where
        it does not wait for a person. `although_owed`: what is owed still is owed no more then."""
        case = self._cases.load(reference)
        if case.head.stripped or case.head.retained.review_since is None:
            return None
        rows, owed = self._all(reference)
        judged = judge(case, rows, owed, self._periods, now)
        if isinstance(judged, Later):
            return ("its time is not over: something happened in it since",)
        if live := why_live(case, rows, () if although_owed else owed):
            return tuple(live)
        self._begin(case, rule_of(judged.kind, self._periods), by, reason, now)
        self._go_on(reference, now)
        return ()

    def reopen(self, reference: str, by: str, reason: str, now: datetime) -> bool:
        """A named person lets records of a stripped case be taken again; False where it is not one, or its content is still going."""
        head = self._cases.head(reference)
        if head.retained.done_at is None:
            return False
        self._move(head, reopened(head, now), _line(reference, "retention_reopened", by, now, detail=reason))
        return True

    # ---- how content goes

    def _begin(self, case: Case, rule: str, by: str, reason: str | None, now: datetime) -> None:
        """The log line and the head first: from here on nothing is recorded of the case, and nobody is told anything."""
        counts = f"{len(case.parts)} victims, {len(case.head.told)} versions, {len(worded_events(case))} events"
        detail = f"{counts}; {reason}" if reason else counts
        self._move(case.head, _next(stripped_head(case.head, now)), _line(case.head.reference, "erased", by, now, rule=rule, detail=detail))

    def _go_on(self, reference: str, now: datetime) -> None:
        """Every step may be done again. The keyed hashes of its people go from the parts last, since they say which points to forget."""
        self._rewrite(reference, stripped_part)
        case = self._cases.load(reference)
        self._rows(case.head)
        for event in worded_events(case):
            found = self._cases.event(reference, event.event_id)
            if found is not None:
                self._content.event(replace(found, event=stripped_event(event)))
        self._content.forget_archived(reference)
        self._points(case)
        head = self._rewrite(reference, without_points)
        self._move(head, done(head, now))

    def _rewrite(self, reference: str, bare: Callable[[Part], Part]) -> Head:
        """Every part as `bare` makes it; the head after that."""
        case = self._cases.load(reference)
        head, changed = case.head, [(key, left) for key, part in sorted(case.parts.items()) if (left := bare(part)) != part]
        for some in _batches(changed):
            moved = _next(head)
            self._cases.commit(Changes(head=Swap(head, moved), parts=dict(some)))
            head = moved
        return head

    def _rows(self, head: Head) -> None:
        rows, owed = self._all(head.reference)
        messages = [Swap(row, bare) for row in rows if (bare := stripped_row(row)) != row]
        duties = [Swap(due, left) for due in owed if (left := stripped_owed(due, head.retained.begun_at)) != due]
        for some in _batches(messages):
            self._cases.commit(Changes(notifications=tuple(some)))
        for few in _batches(duties):
            self._cases.commit(Changes(obligations=tuple(few)))

    def _points(self, case: Case) -> None:
        """A point that another case still names stays with its marks: they hold that case. It goes with the last."""
        found = self._dates.named_by(frozenset(point for part in case.parts.values() for point in part.points))
        for point, named in sorted(found.items()):
            if all(self._cases.head(other).stripped for other in sorted(named - {case.head.reference})):
                self._dates.forget_point(point, named | {case.head.reference})

    def _all(self, reference: str) -> tuple[list[Notification], list[Obligation]]:
        return self._cases.outbox_of(reference), self._cases.obligations_of(reference)

    def _move(self, before: Head, after: Head, *lines: AuditEntry) -> None:
        self._cases.commit(Changes(head=Swap(before, after), audit=lines))


def _next(head: Head) -> Head:
    return replace(head, revision=head.revision + 1)


def _batches(changed: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many as a transaction holds."""
    return (changed[first : first + TOGETHER] for first in range(0, len(changed), TOGETHER))


def _line(reference: str, op: str, by: str, now: datetime, *, rule: str | None = None, detail: str | None = None) -> AuditEntry:
    return AuditEntry(reference, fact_id(reference, op, by, now.isoformat()), now, op, rule=rule, actor=by, detail=detail)

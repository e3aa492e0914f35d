"""Look at how an occurrence is recorded, and owe the crime management unit what it has to look at.

Beside the decisions about victims, in the same transaction, and never in their way. Must not judge a record (`domain/integrity.py` does) or
send.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.announcements import of_obligations
from chalicelib.domain.case import Case, Head
from chalicelib.domain.delivery import Audience, Notification, State, fact_id
from chalicelib.domain.integrity import (
    RECORDED_WITHIN,
    Recording,
    check_id,
    checks,
    findings,
    looks_again_at,
    mended,
    waits_for_record,
    without_record,
)
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Occurrence, RecordType, Status
from chalicelib.domain.obligations import Obligation, Purpose
from chalicelib.services.decide import Decider, VictimChange
from chalicelib.services.ports import Cases, Changes, Swap

MOST_LINKED = 10
"""Linked records that a check looks at."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The head that knows what was ever asked here, and what to write with it."""

    head: Head
    change: VictimChange


class CheckRecording:
    """The use case. One instance serves many records."""

    def __init__(self, cases: Cases, decider: Decider) -> None:
        self._cases = cases
        self._decider = decider

    def of(
        self,
        case: Case,
        head: Head,
        newest: Occurrence | None,
        now: datetime,
        *,
        said_at: datetime | None = None,
        late: Occurrence | None = None,
    ) -> Checked:
        """What has to be written with `head`, the head that is about to be.

        `said_at` is when the version was sent that may mend something, None: it is mended now. `late`: an older version that came after
        `newest`.
        """
        if newest is None:
            return self._waits(case, head, now)
        named = frozenset(case.parts).union(victim.id for victim in late.victims) if late else frozenset(case.parts)
        known = Recording(newest, _was_crime(head), 0, case.events, now, named)
        found = self._found(known)
        missed = self._found(replace(known, occurrence=late)) - found if late else frozenset()
        asked = {*head.checks, *found, *missed}
        stored = self._cases.obligations(head.reference, [check_id(head.reference, name) for name in sorted(asked)]) if asked else {}
        rows = self._rows(known, found, missed, stored, min(said_at or now, now))
        pairs = [(stored.get(row.obligation_id), row) for row in rows]
        again = self._again(newest, now)
        written = _written(pairs, now)
        over = self._waited(case)
        changes = replace(written.changes, notifications=(again,) if again else (), removed_notifications=over)
        return Checked(replace(head, checks=frozenset(asked)), replace(written, changes=changes))

    def _waits(self, case: Case, head: Head, now: datetime) -> Checked:
        """No version came yet. The first thing that is told of it sets the day after which somebody looks for the record."""
        key, check = _wait_id(head.reference), check_id(head.reference, Purpose.NO_RECORD)
        if not waits_for_record(case.events):
            return Checked(head, VictimChange(Changes()))
        if Purpose.NO_RECORD not in head.checks:
            row = self._cases.notifications([key]).get(key)
            if row is None:
                row = _looks_again(key, head.reference, now + RECORDED_WITHIN, now)
                return Checked(head, VictimChange(Changes(notifications=(Swap(None, row),))))
            if row.not_before > now:
                return Checked(head, VictimChange(Changes()))
        before = self._cases.obligations(head.reference, [check]).get(check)
        owed = without_record(head.reference, case.events, before, now, self._decider.standing)
        return Checked(replace(head, checks=head.checks | {Purpose.NO_RECORD}), _written([(before, owed)], now))

    def _waited(self, case: Case) -> tuple[Notification, ...]:
        """The row of the day that ends with the first version, where events came before it."""
        if case.head.version or not waits_for_record(case.events):
            return ()
        return tuple(self._cases.notifications([_wait_id(case.head.reference)]).values())

    def recheck(self, reference: str, now: datetime) -> None:
        """Look again: its day is over, a linked crime may have come, or time has passed. A version in progress is finished first."""

        def look(case: Case) -> tuple[Head, list[VictimChange]]:
            checked = self.of(case, case.head, case.occurrence, now)
            return checked.head, [checked.change]

        self._decider.rewrite(reference, look)

    def _rows(
        self, known: Recording, found: frozenset[Purpose], missed: frozenset[Purpose], stored: dict[str, Obligation], at: datetime
    ) -> Iterator[Obligation]:
        standing = self._decider.standing
        yield from checks(known, found, stored, standing, at)
        for purpose in sorted(missed):
            if check_id(known.occurrence.reference, purpose) not in stored:
                yield mended(known, purpose, standing, known.now)

    def _found(self, known: Recording) -> frozenset[Purpose]:
        """Linked crimes only ever answer a finding, so they are read where there is one."""
        found, linked = findings(known), known.occurrence.linked_references[:MOST_LINKED]
        if not found or not linked:
            return found
        heads = (self._cases.head(reference) for reference in linked if reference != known.occurrence.reference)
        return findings(replace(known, linked_crimes=sum(map(_is_crime, heads))))

    def _again(self, newest: Occurrence, now: datetime) -> Swap[Notification] | None:
        """The row that lets dispatch look again once the day of a report by another is over, where there is none yet."""
        at = looks_again_at(newest)
        if at is None or at <= now:
            return None
        key = fact_id(newest.reference, Template.RECORDING)
        if self._cases.notifications([key]):
            return None
        return Swap(None, _looks_again(key, newest.reference, at, now))


def _written(pairs: list[tuple[Obligation | None, Obligation]], now: datetime) -> VictimChange:
    """What differs from what is stored, and its announcement."""
    changed = [(before, after) for before, after in pairs if before != after]
    announced = tuple(of_obligations(changed, now))
    changes = Changes(obligations=tuple(Swap(before, after) for before, after in changed), announced=announced)
    return VictimChange(changes, tuple(row.notification_id for row in announced))


def _is_crime(head: Head) -> bool:
    return head.facts is not None and head.facts.record_type is RecordType.CRIME and head.facts.status is not Status.CANCELLED


def _was_crime(head: Head) -> bool:
    return any(told.record_type is RecordType.CRIME for told in head.told if told.version < head.version)


def _wait_id(reference: str) -> str:
    return fact_id(reference, Template.RECORDING, "events")


def _looks_again(key: str, reference: str, at: datetime, now: datetime) -> Notification:
    return Notification(
        notification_id=key,
        reference=reference,
        victim_id=None,
        template=Template.RECORDING,
        audience=Audience.UNIT,
        channel=Channel.EMAIL,
        not_before=at,
        created_at=now,
        state=State.HELD,
        reason="day_not_over",
        open_at=at,
    )

"""An occurrence record arrives: keep it, decide for each victim, write facts, obligations and outbox rows together.

The highest version wins; duplicates and late versions change only what they must (a specialist sign in a late version still holds). Many
victims need several transactions: a marker stands on the head meanwhile, and nothing leaves. Must not send.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.case import Case, Head, Marker, Part
from chalicelib.domain.delivery import Audience, Notification, State, fact_id
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.domain.hand_overs import as_handed_over
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Occurrence
from chalicelib.domain.routes import specialist_signs
from chalicelib.services.answer_messages import AnswerMessages, decided_as
from chalicelib.services.check_recording import CheckRecording
from chalicelib.services.decide import TRIES, Decided, Decider, VictimChange, chunks, joined, points_of
from chalicelib.services.ports import Archive, AuditEntry, Cases, Changes, Queues, Swap
from chalicelib.services.quarantine_record import settled_by

COMPLETE_AFTER = timedelta(minutes=2)
"""How long a marker may stand before the sweep finishes its version."""


class Recorded(StrEnum):
    RECORDED = "recorded"
    STALE = "stale"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REFUSED = "refused"
    """An event of a page of ours that this case does not allow; records are never refused."""
    STRIPPED = "stripped"
    """Retention took the content of this case: nothing is written, and the caller quarantines the body, for a person to decide."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A good record: the occurrence, the hash of its content, its canonical contract JSON for the archive, and when it was sent."""

    occurrence: Occurrence
    content_hash: str
    canonical: str
    sent_at: datetime


class RecordOccurrence:
    """The use case. One instance serves many records."""

    def __init__(
        self, cases: Cases, archive: Archive, queues: Queues, decider: Decider, recording: CheckRecording, answers: AnswerMessages
    ) -> None:
        self._cases = cases
        self._archive = archive
        self._queues = queues
        self._decider = decider
        self._recording = recording
        self._answers = answers

    def record(self, arrived: Arrived, now: datetime) -> Recorded:
        """Record one delivery. CONFLICT (equal version, other content) and STRIPPED write nothing: the caller quarantines the body.

        Contended or RetryLater after several tries: give the message back; nothing is lost and nothing is doubled.
        """
        occurrence = arrived.occurrence
        for _ in range(TRIES):
            case = self._cases.load(occurrence.reference)
            outcome = _outcome(case.head, arrived)
            if outcome in (Recorded.CONFLICT, Recorded.STRIPPED):
                return outcome
            try:
                decided = self._write(case, arrived, outcome, now)
            except Contended:
                continue
            self._queues.dispatch(decided.due_now)
            self._decider.spread(decided.loud_points, occurrence.reference, now)
            return outcome
        raise Contended("record")

    def complete(self, reference: str, now: datetime) -> Recorded | None:
        """Finish a version that a crash interrupted, from the archive. None where no marker stands."""
        marker = self._cases.head(reference).marker
        if marker is None:
            return None
        occurrence = self._archive.load(reference, marker.version, marker.content_hash)
        return self.record(Arrived(occurrence, marker.content_hash, "", marker.sent_at or now), now)

    def _write(self, case: Case, arrived: Arrived, outcome: Recorded, now: datetime) -> Decided:
        if outcome is Recorded.DUPLICATE:
            return Decided(self._pending(case), points_of(case))
        if arrived.canonical:
            occurrence = arrived.occurrence
            self._archive.put(occurrence.reference, occurrence.version, arrived.content_hash, arrived.canonical)
        return self._late(case, arrived, now) if outcome is Recorded.STALE else self._newest(case, arrived, now)

    def _pending(self, case: Case) -> tuple[str, ...]:
        keys = frozenset(key for part in case.parts.values() for key in part.rows)
        rows = self._cases.notifications(keys) if keys else {}
        return tuple(sorted(key for key, row in rows.items() if row.state is State.PENDING))

    def _newest(self, case: Case, arrived: Arrived, now: datetime) -> Decided:
        occurrence = as_handed_over(arrived.occurrence, case.events)
        arrived = replace(arrived, occurrence=occurrence)
        signs = specialist_signs(occurrence)
        before = case.head
        after = replace(
            before.with_signs(occurrence.version, signs).with_told(occurrence, arrived.sent_at),
            version=occurrence.version,
            content_hash=arrived.content_hash,
            facts=replace(occurrence, victims=()),
            marker=None,
            suspension=None if _lifts(before, occurrence.version) else before.suspension,
        )
        checked = self._recording.of(case, after, occurrence, now, said_at=arrived.sent_at)
        after = checked.head
        changes = self._changes(case, after, arrived, now)
        changes = [checked.change, *changes, *self._answers.of(decided_as(case, after, changes), now)]
        groups = chunks(changes)
        head = before
        for index, group in enumerate(groups):
            last = index == len(groups) - 1
            moved = after if last else _marked(before, after, arrived, signs)
            moved = replace(moved, revision=head.revision + 1)
            extra = self._bookkeeping(head, arrived, last, now)
            transaction = joined([*group, extra])
            self._cases.commit(replace(transaction, head=Swap(head, moved)))
            head = moved
        loud = frozenset[str]().union(*(change.loud for change in changes))
        due_now = tuple(key for change in changes for key in change.due_now)
        if after.rules != before.rules:  # a release elsewhere covers only the rules that it knew of
            loud |= points_of(case)
        if before.marker is not None:  # a writer before us died with the hints and holds of what it had written
            return Decided((*self._pending(case), *due_now), loud | points_of(case))
        return Decided(due_now, loud)

    def _changes(self, case: Case, after: Head, arrived: Arrived, now: datetime) -> list[VictimChange]:
        occurrence = arrived.occurrence
        resuming = case.head.marker is not None and case.head.marker.version == occurrence.version
        named = {victim.id: victim for victim in occurrence.victims}
        changes: list[VictimChange] = []
        for victim_id, victim in named.items():
            before = case.parts.get(victim_id)
            if resuming and before is not None and before.version == occurrence.version:
                continue
            part = Part(victim, occurrence.version, now)
            if before is not None:
                part = replace(before, victim=victim, version=occurrence.version, removed=False)
            part = part.with_said(occurrence.version, arrived.sent_at, victim)
            changes.append(self._decider.victim_change(after, occurrence, before, part, case.parts, case.events, now, own=occurrence))
        for victim_id, before in case.parts.items():
            if victim_id not in named:
                gone = replace(before, removed=True)
                changes.append(self._decider.victim_change(after, occurrence, before, gone, case.parts, case.events, now))
        return changes

    def _bookkeeping(self, head: Head, arrived: Arrived, last: bool, now: datetime) -> VictimChange:
        """The version's audit line with its last transaction, and what it settles; the completion row from its first to its last."""
        occurrence = arrived.occurrence
        standing = head.marker.version if head.marker else None
        changes = _recorded(occurrence, arrived.content_hash, now) if last else Changes()
        if not last and standing != occurrence.version:
            changes = replace(changes, notifications=(Swap(None, _completion(occurrence, now)),))
        if last and standing is not None:
            stored = self._cases.notifications([_completion_id(occurrence.reference, standing)])
            changes = replace(changes, removed_notifications=tuple(stored.values()))
        if last and _lifts(head, occurrence.version):
            settled = settled_by(self._cases, occurrence.reference, f"version {occurrence.version}", now)
            changes = replace(changes, obligations=settled.obligations, announced=settled.announced)
        return VictimChange(changes)

    def _late(self, case: Case, arrived: Arrived, now: datetime) -> Decided:
        """A version below the newest: only its specialist signs count, what it says of updates, and its rows are kept as cancelled."""
        occurrence, newest = arrived.occurrence, case.occurrence
        if case.head.marker is not None or newest is None:
            raise RetryLater("version in progress")
        after = case.head.with_signs(occurrence.version, specialist_signs(occurrence))
        checked = self._recording.of(case, after.with_told(occurrence, arrived.sent_at), newest, now, late=occurrence)
        after = checked.head
        parts = dict(case.parts)
        for victim in occurrence.victims:
            parts.setdefault(victim.id, Part(victim, occurrence.version, now, removed=True))
        heard = {key: self._heard(part, arrived) for key, part in parts.items()}
        changes = [
            self._decider.victim_change(after, newest, case.parts.get(key), part, heard, case.events, now, own=occurrence)
            for key, part in heard.items()
        ]
        answers = self._answers.of(decided_as(case, after, changes), now)
        decided = self._decider.commit(case.head, after, [checked.change, *changes, *answers])
        return replace(decided, loud_points=decided.loud_points | points_of(case).union(*(part.points for part in heard.values())))

    def _heard(self, part: Part, arrived: Arrived) -> Part:
        """The part that also knows what the late version says: points of this victim, and the facts of one who was removed since."""
        occurrence = arrived.occurrence
        victim = next((victim for victim in occurrence.victims if victim.id == part.victim.id), None)
        if victim is None:
            return part
        part = part.with_said(occurrence.version, arrived.sent_at, victim)
        part = replace(part, points=part.points.union(self._decider.known.point_keys(victim)))
        return replace(part, victim=victim, version=occurrence.version) if part.removed and part.version < occurrence.version else part


def _outcome(head: Head, arrived: Arrived) -> Recorded:
    version = arrived.occurrence.version
    newest = max(head.version, head.marker.version if head.marker else 0)
    if head.stripped:
        return Recorded.DUPLICATE if (version, arrived.content_hash) == (head.version, head.content_hash) else Recorded.STRIPPED
    if version < newest:
        return Recorded.STALE
    if head.marker is not None and head.marker.version == version:
        return Recorded.RECORDED if head.marker.content_hash == arrived.content_hash else Recorded.CONFLICT
    if version > newest:
        return Recorded.RECORDED
    return Recorded.DUPLICATE if head.content_hash == arrived.content_hash else Recorded.CONFLICT


def _lifts(head: Head, version: int) -> bool:
    """A good version lifts a suspension unless the quarantined body is newer than it."""
    return head.suspension is not None and (head.suspension.version is None or version >= head.suspension.version)


def _marked(before: Head, after: Head, arrived: Arrived, signs: frozenset[str]) -> Head:
    """The head while the version is being written: the old facts, the new signs, what is to be looked at, the marker."""
    marker = Marker(arrived.occurrence.version, arrived.content_hash, signs, arrived.sent_at)
    return replace(before, signs=after.signs, checks=after.checks, marker=marker)


def _completion_id(reference: str, version: int) -> str:
    return fact_id(reference, "completion", str(version))


def _completion(occurrence: Occurrence, now: datetime) -> Notification:
    return Notification(
        notification_id=_completion_id(occurrence.reference, occurrence.version),
        reference=occurrence.reference,
        victim_id=None,
        template=Template.COMPLETION,
        audience=Audience.OPERATIONS,
        channel=Channel.EMAIL,
        not_before=now + COMPLETE_AFTER,
        created_at=now,
        state=State.HELD,
        reason="version_in_progress",
        open_at=now + COMPLETE_AFTER,
    )


def _recorded(occurrence: Occurrence, content_hash: str, now: datetime) -> Changes:
    entry = AuditEntry(
        reference=occurrence.reference,
        entry_id=fact_id(occurrence.reference, "recorded", str(occurrence.version), content_hash),
        at=now,
        op="recorded",
        version=occurrence.version,
        actor="records_system",
        detail=occurrence.officer.collar_number if occurrence.officer else None,
    )
    return Changes(audit=(entry,))

"""What an outbox row is about, read now: its case, the policy's answer, and the same victim's linked crimes that one message can tell of.

Several crimes of one victim make one message and one referral (Victims' Code, Right 1; one crime per victim multiplies records). Must not
claim, send or write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.case import Case, Head, Part
from chalicelib.domain.compose import promise
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import ACCEPTED, WAITING, Notification
from chalicelib.domain.enhanced import counts_as_enhanced
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Officer, Victim, VictimKind
from chalicelib.domain.obligations import Obligation
from chalicelib.domain.one_a_day import one_a_day
from chalicelib.domain.situation import Situation, earliest
from chalicelib.services.addressed import Subject
from chalicelib.services.attempts import Attempt, Delivered
from chalicelib.services.decide import Decider
from chalicelib.services.digests import Digests
from chalicelib.services.one_a_day import turn_of
from chalicelib.services.ports import Cases, Wanted

MOST_OFFENCES = 5
"""Offences that fit the one page of a referral."""
MOST_LINKED = 10
"""Linked records that one message looks at."""
MOST_BESIDE = 20
"""Other cases of a business contact that one message looks at."""


class Subjects:
    """Reads what a row is about."""

    def __init__(self, cases: Cases, decider: Decider, digests: Digests) -> None:
        self._cases = cases
        self._decider = decider
        self._digests = digests

    def of(self, row: Notification, now: datetime) -> Subject | Attempt:
        """The subject of a row; what the attempt came to where there is none: the case is between two versions, or the row is gone."""
        if row.template is Template.DIGEST:
            return self._digest(row, now)
        case = self._cases.load(row.reference)
        part = case.parts.get(row.victim_id or "")
        if in_progress(case, part):
            return Attempt(Delivered.NOT_DUE, row.notification_id, row, "version_in_progress")
        return self._read(row, case, part, now) or Attempt(Delivered.GONE, row.notification_id)

    def _digest(self, row: Notification, now: datetime) -> Subject:
        """What a digest says now. Its case is that of its first line, where a reader who is not in the directory is named."""
        reminded = tuple(self._digests.about(row, now))
        first = self._cases.load(reminded[0].owed.reference) if reminded else Case(Head(row.reference))
        return Subject(row, first, None, None, None, reminded=reminded)

    def _read(self, row: Notification, case: Case, part: Part | None, now: datetime) -> Subject | None:
        """A victim's row stands in its subject as it is now, which may be further on than `row`; None where it was removed meanwhile.

        A row of no victim whom the case knows stands as it was given: its claim asks whether it moved.
        """
        occurrence = case.occurrence
        tasks = [row.task_id] if row.task_id else []
        if occurrence is None or part is None:
            return Subject(row, case, None, None, self._owed(row, self._cases.obligations(row.reference, tasks)))
        officer = occurrence.officer.collar_number if occurrence.officer else None
        wanted = Wanted(
            row.reference,
            rows=part.rows | {row.notification_id},
            owed=tasks,
            points=self._decider.known.keys_of(part),
            officers=[officer] if officer else [],
        )
        around = self._cases.around(wanted)
        stands = around.rows.get(row.notification_id)
        if stands is None:
            return None
        situation = self._decider.situation(case.head, part, occurrence, around, case.parts, case.events, now)
        plan = self._decider.plan(part, situation)
        return Subject(stands, case, situation, plan, self._owed(row, around.owed), listed=around.officers)

    def _owed(self, row: Notification, owed: Mapping[str, Obligation]) -> Obligation | None:
        return owed.get(row.task_id) if row.task_id else None

    def with_linked(self, subject: Subject, now: datetime) -> tuple[Subject, datetime | None]:
        """The subject together with the same person's linked crimes whose own row may leave now in the very same way.

        And until when the message should wait, where such a crime is still in its hold window: one message then tells of all.
        """
        situation = subject.situation
        if situation is not None and one_a_day(situation, subject.row):
            cases = self._of_contact(situation)
            alone = subject.row.template is Template.UPDATE  # what an officer wrote of one case, with a day that they promised
            subject = replace(subject, beside=() if alone else tuple(self._beside(subject, cases, now)))
            if subject.row.template is not Template.ACKNOWLEDGEMENT and any(self._acknowledges(subject, case, now) for case in cases):
                return subject, turn_of(subject)
        merges = subject.row.template in {Template.ACKNOWLEDGEMENT, Template.REFERRAL}
        if situation is None or not merges or not situation.victim.person_ref:
            return subject, None
        found = _that_fit(subject, [other for case in self._linked_cases(situation) for other in self._same_person(subject, case, now)])
        later = [opens for other in found if (opens := _opens_later(subject, other, now))]
        together = tuple(other for other in found if wanted_now(other, now))
        beside = tuple(other for other in subject.beside if other.row not in [each.row for each in together])
        return replace(subject, linked=together, beside=beside), max(later, default=None)

    def _of_contact(self, situation: Situation) -> list[Case]:
        """Other cases of the same business, the newest references first."""
        return [self._cases.load(reference) for reference in sorted(situation.known.named, reverse=True)[:MOST_BESIDE]]

    def _acknowledges(self, subject: Subject, case: Case, now: datetime) -> bool:
        """An acknowledgement of another case may leave for the same contact: it goes first."""
        row = replace(subject.row, template=Template.ACKNOWLEDGEMENT)
        found = self._of_same_person(replace(subject, row=row), case, now)
        return any(wanted_now(other, now) and _reader_of(other) == _reader_of(subject) for other in found)

    def _beside(self, subject: Subject, cases: list[Case], now: datetime) -> list[Subject]:
        """Other cases of the same business contact whose own row may leave now, in the order of their references."""
        found = [other for case in cases for other in self._of_same_person(subject, case, now)]
        fitting = [other for other in found if wanted_now(other, now) and _same_contact(subject, other)]
        return sorted(fitting, key=lambda other: other.row.reference)

    def _linked_cases(self, situation: Situation) -> list[Case]:
        """Cases that this one links, and those naming the same person that link this one."""
        own = situation.occurrence
        linked = [reference for reference in own.linked_references if reference != own.reference][:MOST_LINKED]
        naming = sorted(situation.known.named - set(linked), reverse=True)[:MOST_LINKED]
        cases = [self._cases.load(reference) for reference in (*linked, *naming)]
        return [case for case in cases if case.head.reference in linked or own.reference in _links_of(case)]

    def _same_person(self, subject: Subject, case: Case, now: datetime) -> list[Subject]:
        return [other for other in self._of_same_person(subject, case, now) if _reader(subject) == _reader(other)]

    def _of_same_person(self, subject: Subject, case: Case, now: datetime) -> list[Subject]:
        person = subject.situation.victim.person_ref if subject.situation else None
        part = next((part for part in case.parts.values() if part.victim.person_ref == person and not part.removed), None)
        if part is None or case.occurrence is None or in_progress(case, part):
            return []
        rows = [row for row in self._cases.notifications(part.rows).values() if _alike(row, subject.row)]
        found = [other for row in rows if row.state in WAITING and (other := self._read(row, case, part, now))]
        # Asked of the row as it stands now: what another worker took since would be claimed from it.
        return [other for other in found if other.row.state in WAITING]


def _that_fit(subject: Subject, others: list[Subject]) -> list[Subject]:
    """Those whose offences fit the page beside the subject's own, in the order of their references; the rest tell of themselves."""
    room, fitting = MOST_OFFENCES - _offences(subject), []
    for other in sorted(others, key=lambda other: other.row.reference):
        if _offences(other) <= room:
            fitting.append(other)
            room -= _offences(other)
    return fitting


def _links_of(case: Case) -> tuple[str, ...]:
    return case.head.facts.linked_references if case.head.facts else ()


def _opens_later(subject: Subject, other: Subject, now: datetime) -> datetime | None:
    """When the hold window of the other crime's acknowledgement ends, if that is worth waiting for: at most the longest window."""
    wanted = other.plan.notifications.get(other.row.notification_id) if other.plan else None
    if wanted is None or subject.row.template is not Template.ACKNOWLEDGEMENT or subject.situation is None or other.case.head.suspension:
        return None
    longest = subject.situation.standing.profile.hold.against_person
    return wanted.not_before if now < wanted.not_before <= subject.row.not_before + longest else None


def in_progress(case: Case, part: Part | None) -> bool:
    """A version is being written, or head and part were read on two sides of a decision: ask again later."""
    return case.head.marker is not None or (part is not None and not part.removed and part.version != case.head.version)


def _alike(row: Notification, other: Notification) -> bool:
    return (row.template, row.channel, row.audience, row.language) == (other.template, other.channel, other.audience, other.language)


def _offences(subject: Subject) -> int:
    return len(subject.situation.occurrence.offences) if subject.situation else 0


def _reader(subject: Subject) -> tuple[Victim, Officer | None, frozenset[str], bool] | None:
    """Every fact that a reader sees of the victim, apart from the crime, so that nothing is lost; None: nobody is reached."""
    situation = subject.situation
    if situation is None or subject.plan is None or subject.plan.choice is None:
        return None
    victim = replace(
        situation.victim,
        id="",
        relationship_to_suspect=None,
        written_acknowledgement=None,
        update_agreement=None,
        support_consent=None,
    )
    return victim, situation.occurrence.officer, situation.known.closed, subject.referred


def _same_contact(subject: Subject, other: Subject) -> bool:
    """The same reader at the same address; an acknowledgement also says the same of the referral, of updates and of what happens next."""
    one, two = (_told_as(each) for each in (subject, other))
    return one is not None and one == two


def _reader_of(subject: Subject) -> tuple[object, ...] | None:
    """Who reads, where, and how it has to look; None: no contact of a business."""
    s, choice = subject.situation, subject.plan.choice if subject.plan else None
    if s is None or choice is None or s.victim.kind is not VictimKind.BUSINESS:
        return None
    return choice.recipient, s.known.closed, s.victim.organisation, s.victim.communication_needs


def _told_as(subject: Subject) -> tuple[object, ...] | None:
    reader, s, plan = _reader_of(subject), subject.situation, subject.plan
    if reader is None or s is None or plan is None or subject.row.template is Template.EVENT:
        return reader
    promised = promise(plan.agreement, local_day(s.now))
    updates = promised and replace(promised, next_on=None)
    enhanced = counts_as_enhanced(s.occurrence, s.victim)
    return *reader, subject.referred, s.victim.preferred_channel, subject.row.why_not, s.occurrence.status, enhanced, updates


def wanted_now(subject: Subject, now: datetime) -> bool:
    """The policy, asked again: still wanted, not suspended, notice given, hold window over, outside quiet hours."""
    row, situation = subject.row, subject.situation
    if row.template is Template.DIGEST:
        return bool(subject.reminded)
    if row.victim_id is None:
        return subject.owed is not None and subject.owed.unmet
    wanted = subject.plan.notifications.get(row.notification_id) if subject.plan else None
    if situation is None or wanted is None or (wanted if row.suspendable else row).not_before > now:
        return False
    if wanted.waits_for and not any(item.state in ACCEPTED for item in situation.rows if item.notification_id in wanted.waits_for):
        return False
    if row.suspendable and subject.case.head.suspension is not None:
        return False
    return not row.suspendable or row.awaited or earliest(situation, now) <= now

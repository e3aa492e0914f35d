"""The officer's page behind the signed link of a reminder: what is owed in one case and by when, and what was done about it.

It shows ids, what is owed and when; never a name, an address or a contact detail, the greeting of a preview apart. Whoever holds the link
may tell what they did and send what the policy allows; to be away or to hand over is not theirs. Must not serve a page, or send.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.compose_inside import owed_words
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.events import ContactRecorded, Covered
from chalicelib.domain.evidence import covered_by
from chalicelib.domain.links import Link
from chalicelib.domain.model import Channel, Unit
from chalicelib.domain.obligations import Agreement, Kind, Obligation
from chalicelib.domain.officer_forms import ContactForm, Fault, UpdateOffer, Way, Wrong, contact_faults
from chalicelib.services.consultations import Look, consulted
from chalicelib.services.officer_case import OfficerCase, VictimRead
from chalicelib.services.officer_pages import OfficerPages
from chalicelib.services.ports import Cases
from chalicelib.services.record_event import RecordEvent
from chalicelib.services.record_occurrence import Recorded

_COVERED = {
    Kind.UPDATE: Covered.UPDATE,
    Kind.WRITTEN_ACKNOWLEDGEMENT: Covered.WRITTEN_ACKNOWLEDGEMENT,
    Kind.REFERRAL: Covered.REFERRAL,
    Kind.NEEDS_ASSESSMENT: Covered.NEEDS_ASSESSMENT,
}
_COVERED_WORDS = {
    Covered.UPDATE: "How the case stands",
    Covered.WRITTEN_ACKNOWLEDGEMENT: "The written acknowledgement: they have it",
    Covered.REFERRAL: "Support: you offered or made the referral",
    Covered.NEEDS_ASSESSMENT: "What they need: you did the needs assessment",
}
_PEOPLE = (None, Unit.OFFICER, Unit.SUPERVISOR)
"""Whose an obligation is where a person is reminded of it."""


class Came(StrEnum):
    """What became of a post. WRONG has faults; ALREADY: it was taken before, and counts once; REFUSED: the case does not allow it.

    ON_ITS_WAY: an update has not left yet, and another waits for that; ENOUGH: no more updates to this victim today. DEAD: the link.
    """

    RECORDED = "recorded"
    ALREADY = "already"
    WRONG = "wrong"
    REFUSED = "refused"
    ON_ITS_WAY = "on_its_way"
    ENOUGH = "enough"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Answer:
    """`leaves_at` is when an update that was taken goes to the victim."""

    came: Came
    faults: tuple[Fault, ...] = ()
    leaves_at: datetime | None = None


DEAD = Answer(Came.DEAD)


@dataclass(frozen=True, slots=True)
class OwedLine:
    """One thing owed to a victim. `automatic`: a message of ours is about to meet it; `tried_on`: the last try that did not reach them."""

    obligation_id: str
    words: str
    due_at: datetime
    late: bool
    automatic: bool
    tried_on: date | None


@dataclass(frozen=True, slots=True)
class Cover:
    """Something that a contact may have been about: the id that a form gives back, and what it is in plain words."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class VictimPage:
    """One victim. `next_on` is the day that the agreement gives a next update from today, None: no days were agreed.

    `update` is absent where none may be sent; `update_waits`: one that was written has not left, and leaves then or when what holds it is
    settled (None).
    """

    victim_id: str
    owed: tuple[OwedLine, ...]
    covers: tuple[Cover, ...]
    next_update_on: date | None
    next_on: date | None
    update: UpdateOffer | None
    update_waits: bool
    update_leaves_at: datetime | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """The whole page. `reader` is the collar number or role that the link is for."""

    reference: str
    reader: str
    reported_on: date | None
    victims: tuple[VictimPage, ...]


class OfficerPage:
    """The use cases of viewing a case and recording a contact. What they raise is RetryLater: the case moves, ask again in a moment."""

    def __init__(self, pages: OfficerPages, read: OfficerCase, events: RecordEvent, cases: Cases) -> None:
        self._cases = cases
        self._pages = pages
        self._read = read
        self._events = events

    def view(self, token: str, now: datetime, *, again: bool = False) -> CasePage | None:
        """What the link shows, and that it was looked at in the log; None where it opens nothing.

        `again`: a form is shown once more because the store did not keep what was posted. Its first showing is in the log, and a store that
        does not write now must not cost what was typed.
        """
        link = self._pages.opened(token, now)
        if link is None:
            return None
        if not again:
            consulted(self._cases, [link.reference], Look(link.reader), "officer_page", now)
        case = self._read.load(link.reference)
        read = (self._read.read(case, victim_id, now) for victim_id in sorted(case.parts))
        victims = sorted((self._victim(victim, link, now) for victim in read if victim), key=_most_urgent)
        return CasePage(link.reference, link.reader, local_day(case.occurrence.reported_at) if case.occurrence else None, tuple(victims))

    def _victim(self, read: VictimRead, link: Link, now: datetime) -> VictimPage:
        waiting, agreement = read.on_its_way, read.plan.agreement
        return VictimPage(
            victim_id=read.part.victim.id,
            owed=tuple(_line(row, now) for row in _theirs(read, link.reader)),
            covers=tuple(coverable(read)),
            next_update_on=agreement.next_update_on if agreement else None,
            next_on=_next_on(agreement, now),
            update=None if waiting else self._read.offer(read, now),
            update_waits=waiting is not None,
            update_leaves_at=max(now, waiting.not_before) if waiting and waiting.open_at else None,
        )

    def record_contact(self, token: str, form: ContactForm, now: datetime) -> Answer:
        """ "I have spoken to them", or "I tried, no answer": a contact that counts once however often it is posted."""
        link = self._pages.opened(token, now)
        if link is None:
            return DEAD
        case, event_id, content_hash = self._read.load(link.reference), *_contact_id(link, form)
        if any(event.event_id == event_id for event in case.events):
            return self._again(link.reference, event_id, content_hash)
        read = self._read.read(case, form.victim_id, now)
        if read is None:
            return Answer(Came.WRONG, (Fault("victim_id", Wrong.UNKNOWN),))
        offered = [cover.id for cover in coverable(read)]
        if faults := contact_faults(form, read.situation.occurrence, offered, now):
            return Answer(Came.WRONG, faults)
        event = _contact(link, form, event_id, read, frozenset(offered))
        recorded = self._events.record(event, content_hash, now, link.reader)
        return ANOTHER if recorded is Recorded.CONFLICT else Answer(came_of(recorded))

    def _again(self, reference: str, event_id: str, content_hash: str) -> Answer:
        """The same post again; one that says something else of the same moment is not taken for it, nor silently dropped."""
        return Answer(Came.ALREADY) if self._read.kept_as(reference, event_id) == content_hash else ANOTHER


def _most_urgent(victim: VictimPage) -> tuple[datetime, str]:
    """To whom something is owed first comes first; to whom nothing is, last."""
    return min((line.due_at for line in victim.owed), default=datetime.max.replace(tzinfo=UTC)), victim.victim_id


def _next_on(agreement: Agreement | None, now: datetime) -> date | None:
    open_days = agreement.every_days if agreement and agreement.ended is None else None
    return local_day(now) + timedelta(days=open_days) if open_days else None


_CAME = {Recorded.RECORDED: Came.RECORDED, Recorded.DUPLICATE: Came.ALREADY}
ANOTHER = Answer(Came.WRONG, (Fault("contacted_at", Wrong.RECORDED_OTHERWISE),))


def came_of(recorded: Recorded) -> Came:
    return _CAME.get(recorded, Came.REFUSED)


def _contact_id(link: Link, form: ContactForm) -> tuple[str, str]:
    """What names a contact, and a hash of all that is said of it.

    The same post is the same fact, whether it came twice by a second press, the back button or a lost connection.
    """
    named = (form.victim_id, form.result, form.contacted_at, form.way)
    event_id = fact_id(link.reference, "contact of the page", link.reader, *map(str, named))
    return event_id, fact_id(event_id, str(form.next_update_on), *sorted(form.covers))


def _contact(link: Link, form: ContactForm, event_id: str, read: VictimRead, offered: frozenset[str]) -> ContactRecorded:
    assert form.contacted_at is not None  # noqa: S101 - the faults said so
    assert form.result is not None  # noqa: S101 - the faults said so
    covers = form.covers or offered
    news = [row.begun_by for row in read.around.owed.values() if row.obligation_id in covers]
    return ContactRecorded(
        reference=link.reference,
        event_id=event_id,
        victim_id=form.victim_id,
        at=form.contacted_at,
        result=form.result,
        covers=frozenset(Covered(name) for name in covers if name in set(Covered)),
        covers_event_ids=tuple(sorted(news)),
        method=Channel.PHONE if form.way is Way.PHONE else None,
        by=link.reader,
        next_update_on=form.next_update_on,
    )


def coverable(read: VictimRead) -> Iterator[Cover]:
    """What a contact with this victim may have been about: an update always, and what else is owed to them that a contact can meet."""
    unmet = sorted((row for row in read.around.owed.values() if row.unmet), key=lambda row: (row.due_at, row.obligation_id))
    names = {_COVERED.get(row.kind) or covered_by(row.purpose) for row in unmet}
    yield from (Cover(name, words) for name, words in _COVERED_WORDS.items() if name is Covered.UPDATE or name in names)
    yield from (Cover(row.obligation_id, owed_words(row)) for row in unmet if row.kind is Kind.EVENT)


def _theirs(read: VictimRead, reader: str) -> list[Obligation]:
    """What this reader may be reminded of, the most urgent first: a person of what people owe, a role also of its own."""
    rows = (row for row in read.around.owed.values() if row.unmet and whose(row, reader))
    return sorted(rows, key=lambda row: (row.due_at, row.obligation_id))


def whose(row: Obligation, reader: str) -> bool:
    """Whether the reader of a link is shown it: what people owe is shown to all, what a role owes to that role."""
    return row.unit in _PEOPLE or row.unit == reader


def _line(row: Obligation, now: datetime) -> OwedLine:
    tried = local_day(row.tried_at) if row.tried_at else None
    return OwedLine(row.obligation_id, owed_words(row), row.due_at, row.due_at < now, row.automatic, tried)

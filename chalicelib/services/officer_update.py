"""An officer sends an update from their page: looked at as the victim will see it, then kept as a fact that the plan makes a message of.

What may not be sent is refused here, in the transaction that would keep it, and again whenever it might leave. Must not send.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.domain.case import Case
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.events import UpdateWritten
from chalicelib.domain.evidence import update_row_id
from chalicelib.domain.links import Link
from chalicelib.domain.messages import RenderedEmail
from chalicelib.domain.model import Channel
from chalicelib.domain.officer_forms import Fault, UpdateForm, UpdateOffer, Wrong, update_faults
from chalicelib.domain.sms_segments import segments
from chalicelib.domain.update_content import SeenLetter
from chalicelib.services.addressed import Subject
from chalicelib.services.messages_out import MessagesOut
from chalicelib.services.officer_case import OfficerCase, VictimRead
from chalicelib.services.officer_page import DEAD, Answer, Came, came_of
from chalicelib.services.officer_pages import OfficerPages
from chalicelib.services.ports import Queues
from chalicelib.services.record_event import RecordEvent

MOST_A_DAY = 3
"""[INF] Updates that one victim may be written in one case on one day: a link that got into other hands sends no flood."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The update as the victim will see it: one of `email`, `text` and `letter` (without their address).

    `segments` is what a text costs; `arrives_on` when a letter counts as given; `next_update_on` the day that it promises.
    """

    channel: Channel
    email: RenderedEmail | None
    text: str | None
    segments: int | None
    letter: SeenLetter | None
    leaves_at: datetime
    arrives_on: date | None
    next_update_on: date | None


@dataclass(frozen=True, slots=True)
class _Ready:
    """An update that may go."""

    event: UpdateWritten
    subject: Subject
    offer: UpdateOffer


class WriteUpdate:
    """The use cases of previewing and sending. What they raise is RetryLater: the case moves, ask again in a moment."""

    def __init__(self, pages: OfficerPages, read: OfficerCase, events: RecordEvent, messages: MessagesOut, queues: Queues) -> None:
        self._pages = pages
        self._read = read
        self._events = events
        self._messages = messages
        self._queues = queues

    def preview(self, token: str, form: UpdateForm, now: datetime) -> Preview | Answer:
        """What the victim would see, by the same renderer from the same content; an Answer says why there is nothing to see."""
        link = self._pages.opened(token, now)
        if link is None:
            return DEAD
        ready = self._ready(link, self._read.load(link.reference), form, now)
        if not isinstance(ready, _Ready):
            return ready if isinstance(ready, Answer) else Answer(Came.ALREADY)
        offer, situation = ready.offer, ready.subject.situation
        as_it_leaves = replace(situation, now=offer.leaves_at) if situation else None
        seen = self._messages.update_as_seen(replace(ready.subject, situation=as_it_leaves))
        return Preview(
            channel=offer.channel,
            email=seen if isinstance(seen, RenderedEmail) else None,
            text=seen if isinstance(seen, str) else None,
            segments=segments(seen) if isinstance(seen, str) else None,
            letter=seen if isinstance(seen, SeenLetter) else None,
            leaves_at=offer.leaves_at,
            arrives_on=offer.arrives_on,
            next_update_on=ready.event.next_update_on,
        )

    def send(self, token: str, form: UpdateForm, now: datetime) -> Answer:
        """Keep the update, once however often it is posted on a day; the outbox does the rest."""
        link = self._pages.opened(token, now)
        if link is None:
            return DEAD
        ready = self._ready(link, self._read.load(link.reference), form, now)
        if isinstance(ready, Answer):
            return ready
        if isinstance(ready, UpdateWritten):
            self._queues.dispatch([update_row_id(ready)])  # a crash may have lost the first hint
            return Answer(Came.ALREADY)
        event = ready.event
        recorded = self._events.record(event, fact_id(event.event_id), now, link.reader, lambda case: self._allows(case, event, now))
        return Answer(came_of(recorded), leaves_at=ready.offer.leaves_at if came_of(recorded) is Came.RECORDED else None)

    def _allows(self, case: Case, event: UpdateWritten, now: datetime) -> bool:
        """The policy, asked of the very case that the event is written to."""
        read = self._read.read(case, event.victim_id, now)
        if read is None or read.on_its_way is not None or _enough(case, event.victim_id, now):
            return False
        return self._read.subject(read, event) is not None

    def _ready(self, link: Link, case: Case, form: UpdateForm, now: datetime) -> _Ready | UpdateWritten | Answer:
        """What may go, or what this very post wrote before, or why nothing goes."""
        read = self._read.read(case, form.victim_id, now)
        if read is None:
            return Answer(Came.WRONG, (Fault("victim_id", Wrong.UNKNOWN),))
        if read.way is None:
            return Answer(Came.REFUSED)
        event_id = _update_id(link, form, read.way, local_day(now))
        before = next((event for event in case.events if isinstance(event, UpdateWritten) and event.event_id == event_id), None)
        if before is not None:
            return before
        if read.on_its_way is not None:
            return Answer(Came.ON_ITS_WAY)
        if _enough(case, form.victim_id, now):
            return Answer(Came.ENOUGH)
        return self._checked(link, read, form, event_id, now)

    def _checked(self, link: Link, read: VictimRead, form: UpdateForm, event_id: str, now: datetime) -> _Ready | Answer:
        offer = self._read.offer(read, now)
        if offer is None:
            return Answer(Came.REFUSED)
        if faults := update_faults(form, offer, read.situation.occurrence, now, read.situation.standing.profile.own_words):
            return Answer(Came.WRONG, faults)
        next_on = form.next_update_on or offer.next_on
        event = UpdateWritten(
            link.reference, event_id, form.victim_id, now, link.reader, offer.channel, form.start or "", form.own_words, next_on
        )
        subject = self._read.subject(read, event)
        return _Ready(event, subject, offer) if subject else Answer(Came.REFUSED)


def _enough(case: Case, victim_id: str, now: datetime) -> bool:
    mine = [event for event in case.events if isinstance(event, UpdateWritten) and event.victim_id == victim_id]
    return sum(local_day(event.at) == local_day(now) for event in mine) >= MOST_A_DAY


def _update_id(link: Link, form: UpdateForm, channel: Channel, day: date) -> str:
    """The same words to the same person on one day are one update."""
    said = (form.victim_id, channel, form.start, form.own_words, form.next_update_on, day)
    return fact_id(link.reference, "update of the page", link.reader, *map(str, said))

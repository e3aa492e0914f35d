"""Messages through the contact page, on the page of their case: how many wait, what was written, and that one was answered.

Whoever holds the link of a reminder reads what the mail about a message holds, and no more. Must not show a message of a specialist or
held case, nor give one to somebody else: both take a sign-in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.case import Case
from chalicelib.domain.contact_answers import answered_with
from chalicelib.domain.contact_form import ContactMessage
from chalicelib.domain.contact_pairs import careful
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.events import TaskDone
from chalicelib.domain.links import Link
from chalicelib.domain.message_events import MessageReceived
from chalicelib.domain.obligations import Obligation
from chalicelib.services.contact_desk import ContactDesk
from chalicelib.services.officer_page import DEAD, Answer, Came, came_of, whose
from chalicelib.services.officer_pages import OfficerPages
from chalicelib.services.ports import Cases
from chalicelib.services.record_event import RecordEvent


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A message for which the reader owes something: the task `task_id`. `written` None: it is not here to be read.

    `victim_id` is with whom a contact answers it too; None: that cannot be told, and only "answered" settles it.
    """

    task_id: str
    received_at: datetime
    due_at: datetime
    late: bool
    danger: bool
    victim_id: str | None
    written: ContactMessage | None


@dataclass(frozen=True, slots=True)
class MessagesPage:
    """`hidden`: of this case a message is read after signing in, and by the link alone it only waits."""

    waiting: tuple[WaitingMessage, ...]
    hidden: bool


class OfficerMessages:
    """The use cases of seeing that messages wait, and of having answered one. What they raise is RetryLater."""

    def __init__(self, pages: OfficerPages, cases: Cases, desk: ContactDesk, events: RecordEvent) -> None:
        self._pages = pages
        self._cases = cases
        self._desk = desk
        self._events = events

    def view(self, token: str, now: datetime) -> MessagesPage | None:
        """What waits for the reader of the link, oldest first; None where the link opens nothing. Reading is logged, waiting is not."""
        link = self._pages.opened(token, now)
        if link is None:
            return None
        case = self._cases.load(link.reference)
        hidden, owed = careful(case), self._waiting(case, link)
        read = self._desk.read(link.reference, link.reader, now) if owed and not hidden else []
        texts = {one.message.message_id: one.message for one in read}
        return MessagesPage(tuple(_line(case, message, row, texts, now) for message, row in owed), hidden)

    def answered(self, token: str, task_id: str, now: datetime) -> Answer:
        """ "I have answered it": counts once. REFUSED where no such task waits for this reader, or it takes a sign-in."""
        link = self._pages.opened(token, now)
        if link is None:
            return DEAD
        event_id = fact_id(link.reference, "answered on the page", link.reader, task_id)
        done = TaskDone(link.reference, event_id, task_id, now, by=link.reader)

        def waits(case: Case) -> bool:
            return not careful(case) and any(row.obligation_id == task_id for _, row in self._waiting(case, link))

        came = came_of(self._events.record(done, fact_id(event_id), now, link.reader, waits))
        if came is Came.REFUSED and any(event.event_id == event_id for event in self._cases.load(link.reference).events):
            return Answer(Came.ALREADY)  # the same press, taken by another worker meanwhile
        return Answer(came)

    def _waiting(self, case: Case, link: Link) -> list[tuple[MessageReceived, Obligation]]:
        """With what the reader owes for it: what their own role owes, the control room's look included, before what people owe."""
        waiting = []
        for message, rows in self._desk.owed(case):
            unmet = [row for row in rows if row.unmet and whose(row, link.reader)]
            waiting += [(message, max(unmet, key=lambda row: row.unit == link.reader))] if unmet else []
        return waiting


def _line(case: Case, message: MessageReceived, row: Obligation, texts: Mapping[str, ContactMessage], now: datetime) -> WaitingMessage:
    return WaitingMessage(
        task_id=row.obligation_id,
        received_at=message.at,
        due_at=row.due_at,
        late=row.due_at < now,
        danger=message.danger,
        victim_id=answered_with(case, message),
        written=texts.get(message.event_id),
    )

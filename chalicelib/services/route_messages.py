"""What came through the page becomes a fact of its case: whose message it would be, and from then on an answer is owed.

Away from the request, so that nobody can tell from it what we know. Must not send, or carry what was written any further.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.case import Case
from chalicelib.domain.contact_form import ContactMessage, gave
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import Notification, fact_id
from chalicelib.domain.message_events import MessageReceived
from chalicelib.services.answer_messages import AnswerMessages
from chalicelib.services.page_ports import ContactMessages
from chalicelib.services.ports import Cases, Changes
from chalicelib.services.record_event import RecordEvent


class RouteMessages:
    """The use case behind rows of CONTACT."""

    def __init__(self, cases: Cases, messages: ContactMessages, events: RecordEvent, answers: AnswerMessages) -> None:
        self._cases = cases
        self._messages = messages
        self._events = events
        self._answers = answers

    def route(self, row: Notification, now: datetime) -> None:
        """Record the message of this row once, then look at who has it. RetryLater: the row stands, nothing is lost."""
        message = self._messages.get([row.task_id or ""]).get(row.task_id or "")
        case = self._cases.load(row.reference)
        if message is not None and all(event.event_id != event_id(message) for event in case.events):
            self._events.record(received(message, case), event_id(message), now)
        else:
            self._answers.recheck(row.reference, now)
        self._done_with(row, now)

    def _done_with(self, row: Notification, now: datetime) -> None:
        """What still waits for its officer was moved on; a row that has nothing more to wait for goes."""
        stands = self._cases.notifications([row.notification_id]).get(row.notification_id)
        if stands is not None and stands.open_at is not None and stands.open_at <= now:
            self._cases.commit(Changes(removed_notifications=(stands,)))


def event_id(message: ContactMessage) -> str:
    """Its own; of what came beyond its reference's share one for each day, and of words of danger one for each hour."""
    if not message.many:
        return message.message_id
    hour = f"{message.received_at:%H danger}" if message.danger else ""
    return fact_id(message.reference, "many", local_day(message.received_at).isoformat(), hour)


def received(message: ContactMessage, case: Case) -> MessageReceived:
    """The message as a fact of its case: ids, enums and times alone."""
    theirs = [key for key, part in sorted(case.parts.items()) if not part.removed and gave(message.form, part.victim)]
    return MessageReceived(
        reference=message.reference,
        event_id=event_id(message),
        at=message.received_at,
        collar_number=message.form.collar_number,
        victim_id=theirs[0] if len(theirs) == 1 and not message.many else None,
        danger=message.danger,
        many=message.many,
        doubtful=message.form.doubtful,
    )

"""What a person inside the force does with messages: read those of a case, and give one to another officer.

Whoever calls has checked that this person may. Must not answer, and must not show a message to anybody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.case import Case
from chalicelib.domain.contact_form import ContactMessage
from chalicelib.domain.contact_pairs import alarm_id, answer_id, messages
from chalicelib.domain.delivery import fact_id
from chalicelib.domain.message_events import MessageAllocated, MessageReceived
from chalicelib.domain.obligations import Obligation
from chalicelib.services.page_ports import ContactMessages
from chalicelib.services.ports import AuditEntry, Cases, Changes
from chalicelib.services.record_event import RecordEvent


@dataclass(frozen=True, slots=True)
class Written:
    """A message and what became of it; `owed` None: it is one of many, or is not routed yet."""

    message: ContactMessage
    owed: Obligation | None


class ContactDesk:
    """The use case behind `make ops messages`, and behind the officer's page."""

    def __init__(self, cases: Cases, written: ContactMessages, events: RecordEvent) -> None:
        self._cases = cases
        self._written = written
        self._events = events

    def read(
        self, reference: str, by: str, now: datetime, *, why: str | None = None, beside: tuple[AuditEntry, ...] = (), again: bool = False
    ) -> list[Written]:
        """Every message that names this reference, oldest first. That it was read, by whom, and why where they were asked, is logged (DPA
        2018, section 62).

        `beside`: lines that are written in the same call, for what else of the case is shown. `again`: a form is shown once more because
        the store did not keep what was posted; its first showing is in the log, and a store that does not write must not cost what was
        typed.
        """
        case = self._cases.load(reference)
        answers = {message.event_id: answer_id(message) for message in messages(case)}
        owed = self._cases.obligations(reference, list(answers.values())) if answers else {}
        found = self._written.of(reference)
        entry_id = fact_id(reference, "messages_read", by, why or "", now.isoformat())
        entry = AuditEntry(reference, entry_id, now, "messages_read", actor=by, detail=why)
        lines = (*beside, entry) if found else beside
        if lines and not again:
            self._cases.commit(Changes(audit=lines))
        return [Written(message, owed.get(answers.get(message.message_id, ""))) for message in found]

    def owed(self, case: Case) -> list[tuple[MessageReceived, list[Obligation]]]:
        """Every message that was routed here, with what is owed for it: an answer first, and the control room's look."""
        found = [(message, (answer_id(message), alarm_id(message))) for message in messages(case)]
        keys = [key for _, ids in found for key in ids]
        stored = self._cases.obligations(case.head.reference, keys) if keys else {}
        return [(message, [stored[key] for key in ids if key in stored]) for message, ids in found]

    def allocate(self, reference: str, message_id: str, to: str, by: str, now: datetime) -> bool:
        """Give a message to the officer with collar number `to`. False where no such message waits in this case."""
        case = self._cases.load(reference)
        message = next((one for one in messages(case) if one.event_id == message_id), None)
        if message is None:
            return False
        owed = self._cases.obligations(reference, [answer_id(message)]).get(answer_id(message))
        if owed is None or not owed.unmet:
            return False
        event_id = fact_id(message_id, "allocated", to, by, now.isoformat())
        self._events.record(MessageAllocated(reference, event_id, message_id, now, to.upper(), by), event_id, now)
        return True


def shown(written: Written) -> Iterator[str]:
    """A message in lines, for the one who reads it."""
    message, form = written.message, written.message.form
    stands = f"{written.owed.state}, task {written.owed.obligation_id}" if written.owed else "with others, or not routed yet"
    yield f"{message.message_id}  {message.received_at:%Y-%m-%d %H:%M}  {stands}"
    yield f"  claimed to be from {form.name}, to {form.collar_number}{'  DANGER' if message.danger else ''}"
    for label, said in (("phone", form.phone), ("email", form.email), ("safe to reply", form.safe_to_reply)):
        if said:
            yield f"  {label}: {said}"
    yield from (f"  | {line}" for line in form.message.splitlines())

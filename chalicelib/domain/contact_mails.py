"""Which mails tell of a message that came through the page: rows of the outbox, each named by what it is about and for whom.

A row holds ids alone: what was written is read when it leaves, and only where the case lets it. Must not render or send.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.contact_answers import Hands
from chalicelib.domain.delivery import Audience, Notification, State, fact_id
from chalicelib.domain.draft import FINAL_FAILURE
from chalicelib.domain.message_events import MessageReceived
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Unit
from chalicelib.domain.obligations import Obligation

_PERSON = {Unit.OFFICER: Audience.OFFICER, Unit.SUPERVISOR: Audience.SUPERVISOR}


def answer_mails(owed: Obligation, held: Hands, told: bool, now: datetime) -> Iterator[Notification]:
    """To whoever has the message now; in a specialist or held case (`told`) also to the Victim Care Unit, the same day {issue 6}.

    A message that changes hands is told to the new ones: their rows have other names.
    """
    yield _mail(owed, held.unit, now, held.given_by, reader=held.officer if held.unit is Unit.OFFICER else None)
    if told:
        yield _mail(owed, Unit.VICTIM_CARE_UNIT, now)


def alarm_mails(owed: Obligation, now: datetime) -> Iterator[Notification]:
    """To the control room at once; nobody having taken it up in a quarter of an hour, to the force's duty contact too."""
    yield _mail(owed, Unit.CONTROL_ROOM, now)
    if owed.late and owed.picked_up_at is None:
        yield _mail(owed, Unit.DUTY_CONTACT, now)


def chain(row: Notification) -> list[Notification]:
    """A mail and what takes its place where it fails for good: the role where it was a person's, then operations."""
    rows = [row]
    if row.audience is not Audience.UNIT:
        rows.append(_instead(rows[-1], Audience.UNIT, row.unit))
    return [*rows, _instead(rows[-1], Audience.OPERATIONS, Unit.OPERATIONS)]


def missing(wanted: Iterable[Notification], stored: Mapping[str, Notification]) -> Iterator[Notification]:
    """The rows that have to be made: each mail, and its stand-in where it failed for good."""
    for first in wanted:
        for row in chain(first):
            if row.notification_id not in stored:
                yield row
            if row.notification_id not in stored or stored[row.notification_id].state not in FINAL_FAILURE:
                break


def _instead(row: Notification, audience: Audience, unit: Unit | None) -> Notification:
    return replace(row, notification_id=fact_id(row.notification_id, "fallback"), audience=audience, unit=unit, reader=None)


def _mail(owed: Obligation, unit: Unit, now: datetime, given_by: str = "", reader: str | None = None) -> Notification:
    return Notification(
        notification_id=fact_id(owed.obligation_id, Template.CONTACT_MESSAGE, unit, given_by, reader or ""),
        reference=owed.reference,
        victim_id=None,
        template=Template.CONTACT_MESSAGE,
        audience=_PERSON.get(unit, Audience.UNIT),
        channel=Channel.EMAIL,
        not_before=now,
        created_at=now,
        open_at=now,
        unit=unit,
        task_id=owed.obligation_id,
        reader=reader,
    )


def looks_again_id(message_id: str) -> str:
    """The row that lets dispatch look at a message: first to route it, then when it passes to the supervisor."""
    return fact_id(message_id, Template.CONTACT)


def routing_row(reference: str, message_id: str, now: datetime) -> Notification:
    """The row that a form writes beside its message: everything else happens when dispatch works on it."""
    return Notification(
        notification_id=looks_again_id(message_id),
        reference=reference,
        victim_id=None,
        template=Template.CONTACT,
        audience=Audience.OPERATIONS,
        channel=Channel.EMAIL,
        not_before=now,
        created_at=now,
        open_at=now,
        task_id=message_id,
    )


def waiting_row(message: MessageReceived, passes_at: datetime, now: datetime) -> Notification:
    """The same row while the message waits for its officer."""
    return Notification(
        notification_id=looks_again_id(message.event_id),
        reference=message.reference,
        victim_id=None,
        template=Template.CONTACT,
        audience=Audience.OPERATIONS,
        channel=Channel.EMAIL,
        not_before=passes_at,
        created_at=now,
        state=State.HELD,
        reason="not_answered_yet",
        open_at=passes_at,
        task_id=message.event_id,
    )

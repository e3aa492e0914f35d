"""What counts as evidence that something owed was done, and when that happened: of several pieces the earliest.

Must not decide what is owed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import Notification, State, fact_id
from chalicelib.domain.events import ContactRecorded, Covered, Step, TaskDone, UpdateWritten
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import ASSESSED, PAPER, Purpose, evidence_rule_on
from chalicelib.domain.situation import Situation

_DONE_BY_CONTACT: dict[Purpose, Covered] = {
    Purpose.TELL_VICTIM: Covered.WRITTEN_ACKNOWLEDGEMENT,
    Purpose.INTERPRETER: Covered.WRITTEN_ACKNOWLEDGEMENT,
    Purpose.FULL_WORDS: Covered.WRITTEN_ACKNOWLEDGEMENT,
    Purpose.NOT_DELIVERED: Covered.WRITTEN_ACKNOWLEDGEMENT,
    Purpose.OUTCOME_UNKNOWN: Covered.WRITTEN_ACKNOWLEDGEMENT,
    Purpose.ASK_REFERRAL: Covered.REFERRAL,
    Purpose.TELL_REFERRAL: Covered.REFERRAL,
}
"""What an officer's contact has to cover so that the task is done with it."""
_ARRIVED = frozenset({State.DELIVERED, State.COMPLAINED})
_TELLS_OF_EVENT = {Purpose.EVENT_BY_PERSON, Purpose.EVENT_IN_PERSON, Purpose.EVENT_WITHOUT_REASON, Purpose.EVENT_BY_OFFICER}


@dataclass(frozen=True, slots=True)
class Evidence:
    """`id` names it (a notification or event id, PAPER, ASSESSED)."""

    id: str
    at: datetime


def earliest_of(found: Iterable[Evidence | None]) -> Evidence | None:
    return min((item for item in found if item), key=lambda item: (item.at, item.id), default=None)


def contacts(s: Situation, covered: Covered) -> list[ContactRecorded]:
    """Contacts with this victim that cover it, tries too, in the order of time. Before the day of the report nothing was owed."""
    first = local_day(s.occurrence.reported_at)
    mine = (event for event in s.events if isinstance(event, ContactRecorded) and event.victim_id == s.victim.id)
    of_victim = [event for event in mine if local_day(event.at) >= first]
    return sorted((event for event in of_victim if covered in event.covers), key=lambda event: (event.at, event.event_id))


def by_contact(s: Situation, covered: Covered) -> Evidence | None:
    """The first contact that reached the victim and covers it."""
    return earliest_of(Evidence(event.event_id, event.at) for event in contacts(s, covered) if event.reached)


def last_try(s: Situation, covered: Covered) -> datetime | None:
    """When somebody last tried and did not reach the victim."""
    return max((event.at for event in contacts(s, covered) if not event.reached), default=None)


def _about(s: Situation, event_id: str) -> list[ContactRecorded]:
    """Contacts with this victim that name a key event, tries too."""
    mine = (event for event in s.events if isinstance(event, ContactRecorded) and event.victim_id == s.victim.id)
    return [event for event in mine if event_id in event.covers_event_ids]


def told_of_event(s: Situation, event_id: str) -> Evidence | None:
    """The first contact by which the victim heard of a key event."""
    return earliest_of(Evidence(event.event_id, event.at) for event in _about(s, event_id) if event.reached)


def tried_to_tell(s: Situation, event_id: str) -> datetime | None:
    """When somebody last tried to tell the victim of a key event and did not reach them."""
    return max((event.at for event in _about(s, event_id) if not event.reached), default=None)


def by_message(s: Situation, owed_id: str) -> Evidence | None:
    """The first message that arrived and whose words are what is owed."""
    rows = (row for row in s.rows if owed_id in row.evidences and row.state in _ARRIVED)
    return earliest_of(Evidence(row.notification_id, _arrived_at(row)) for row in rows)


def _arrived_at(row: Notification) -> datetime:
    return row.delivered_at or row.sent_at or row.created_at


def updates_written(s: Situation) -> list[UpdateWritten]:
    """What officers wrote to this victim, in the order of time."""
    mine = (event for event in s.events if isinstance(event, UpdateWritten) and event.victim_id == s.victim.id)
    return sorted(mine, key=lambda event: (event.at, event.event_id))


def update_row_id(event: UpdateWritten) -> str:
    """The id of the one message that says what an officer wrote."""
    return fact_id(event.reference, event.victim_id, Template.UPDATE, event.channel, event.event_id)


def written_for(s: Situation, row: Notification) -> UpdateWritten | None:
    """What was written, of which a row is the message."""
    return next((event for event in updates_written(s) if update_row_id(event) == row.notification_id), None)


@dataclass(frozen=True, slots=True)
class UpdateGiven:
    """The victim had an update: `id` names the contact or message, `next_on` the day that it promised for the next."""

    id: str
    at: datetime
    next_on: date | None


def updates_given(s: Situation) -> list[UpdateGiven]:
    """Contacts that gave the victim an update, and officers' updates that arrived, by time.

    Before the crime was recorded there was nothing to tell. A promised day that had passed by then is a slip, and the agreement counts.
    """
    spoken = [event for event in contacts(s, Covered.UPDATE) if event.reached and event.at >= s.occurrence.recorded_at]
    words = evidence_rule_on("UPDATE-WORDS", local_day(s.occurrence.reported_at))
    rows = {row.notification_id: row for row in s.rows if row.state in _ARRIVED and row.channel in words.channels}
    sent = [(rows[key], event) for event in updates_written(s) if (key := update_row_id(event)) in rows]
    given = [UpdateGiven(event.event_id, event.at, event.next_update_on) for event in spoken]
    given += [UpdateGiven(row.notification_id, _arrived_at(row), event.next_update_on) for row, event in sent]
    ahead = (item if item.next_on and item.next_on >= local_day(item.at) else replace(item, next_on=None) for item in given)
    return sorted(ahead, key=lambda item: (item.at, item.id))


def on_paper(s: Situation) -> Evidence | None:
    """The officer's own paper contract."""
    paper = s.victim.written_acknowledgement
    return Evidence(PAPER, paper.given_at) if paper and paper.given_at else None


def assessed(s: Situation) -> Evidence | None:
    """The record says whether enhanced rights apply."""
    enhanced = s.victim.enhanced
    if enhanced is None or enhanced.eligible is None:
        return None
    return Evidence(ASSESSED, enhanced.assessed_at or s.occurrence.recorded_at)


def _task_events(s: Situation, task_id: str) -> list[TaskDone]:
    return [event for event in s.events if isinstance(event, TaskDone) and event.task == task_id]


def task_done(s: Situation, task_id: str) -> Evidence | None:
    """A person did the task."""
    done = (event for event in _task_events(s, task_id) if event.step is Step.DONE)
    return earliest_of(Evidence(event.event_id, event.at) for event in done)


def picked_up(s: Situation, task_id: str) -> datetime | None:
    """When a person first took the task up."""
    return min((event.at for event in _task_events(s, task_id)), default=None)


def _given_since(s: Situation, event_id: str) -> Evidence | None:
    """The first update that the victim had after an officer wrote one."""
    written_at = [event.at for event in updates_written(s) if event.event_id == event_id]
    return earliest_of(Evidence(item.id, item.at) for item in updates_given(s) for at in written_at if item.at >= at)


def covered_by(purpose: Purpose | None) -> Covered | None:
    """What a contact has to cover so that a task of this purpose is done with it; None: no contact alone does it."""
    return _DONE_BY_CONTACT.get(purpose) if purpose else None


def done_by_contact(s: Situation, purpose: Purpose, about: tuple[str, ...] = ()) -> Evidence | None:
    """The contact by which an officer did what a task asks; `about` is the key event that it asks to tell of, or the update written."""
    if purpose is Purpose.UPDATE_NOT_DELIVERED:
        return earliest_of(_given_since(s, event_id) for event_id in about)
    if purpose in _TELLS_OF_EVENT:
        return earliest_of(told_of_event(s, event_id) for event_id in about)
    covered = _DONE_BY_CONTACT.get(purpose)
    return by_contact(s, covered) if covered else None

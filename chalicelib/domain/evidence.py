"""What counts as evidence that something owed was done, and when that happened: of several pieces the earliest.

Must not decide what is owed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.deadlines import local_day
from chalicelib.domain.delivery import State
from chalicelib.domain.events import ContactRecorded, Covered, Step, TaskDone
from chalicelib.domain.obligations import ASSESSED, PAPER, Purpose
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
    rows = (row for row in s.rows if owed_id in row.evidences and row.state in {State.DELIVERED, State.COMPLAINED})
    return earliest_of(Evidence(row.notification_id, row.delivered_at or row.sent_at or row.created_at) for row in rows)


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


def done_by_contact(s: Situation, purpose: Purpose, about: tuple[str, ...] = ()) -> Evidence | None:
    """The contact by which an officer did what a task asks; `about` is the key event that it asks to tell of."""
    if purpose in _TELLS_OF_EVENT:
        return earliest_of(told_of_event(s, event_id) for event_id in about)
    covered = _DONE_BY_CONTACT.get(purpose)
    return by_contact(s, covered) if covered else None

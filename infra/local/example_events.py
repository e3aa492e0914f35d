"""Example events of a case that stands: what an officer, a victim or a unit did, as a records system would tell it.

Must not reach the machine, nor know what follows: whoever wants an event puts it on the queue.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.events import Covered
from infra.local.example_records import Record, at, envelope


@dataclass(frozen=True, slots=True)
class Teller:
    """Of which case an event tells: eleven digits, the victim's id, the officer's collar number, and the task that it is about, if any."""

    reference: str
    victim_id: str
    by: str
    task: str = ""


@dataclass(frozen=True, slots=True)
class EventExample:
    """One event: `name` in a form, `title` on its button, `of_task` where it is about a task; `kind` and `made` as the contract has it."""

    name: str
    title: str
    kind: str
    inside: str
    made: Callable[[datetime, Teller], Record]
    of_task: bool = False

    def body(self, now: datetime, told: Teller, event_id: str) -> str:
        """The message of the records contract, of something that happened at `now`."""
        event = {"reference": told.reference, "event_id": event_id} | self.made(now, told)
        return json.dumps(envelope(now, f"demo-{event_id}", self.kind) | {self.inside: event})


def _contact(result: str, *covers: Covered) -> Callable[[datetime, Teller], Record]:
    def made(now: datetime, told: Teller) -> Record:
        said = {"victim_id": told.victim_id, "contacted_at": at(now), "method": "phone", "result": result, "by": told.by}
        return said | {"covers": [str(covered) for covered in covers]}

    return made


def _terms(**terms: Any) -> Callable[[datetime, Teller], Record]:
    def made(now: datetime, told: Teller) -> Record:
        return {"victim_id": told.victim_id, "at": at(now), "by": "victim"} | terms

    return made


def _step(step: str) -> Callable[[datetime, Teller], Record]:
    def made(now: datetime, told: Teller) -> Record:
        return {"task": told.task, "at": at(now), "by": told.by, "step": step}

    return made


def _example(
    name: str, title: str, made: Callable[[datetime, Teller], Record], kind: str, inside: str, *, of_task: bool = False
) -> EventExample:
    return EventExample(name, title, kind, inside, made, of_task)


_CONTACT, _CHANGE, _DONE = ("contact_recorded", "contact"), ("agreement_changed", "change"), ("task_done", "done")
_EVERYTHING = (Covered.UPDATE, Covered.WRITTEN_ACKNOWLEDGEMENT, Covered.REFERRAL, Covered.NEEDS_ASSESSMENT)

EVENTS = (
    _example("spoken", "Spoke to the victim: an update", _contact("spoken", Covered.UPDATE), *_CONTACT),
    _example("everything", "Spoke to the victim about everything that is owed", _contact("spoken", *_EVERYTHING), *_CONTACT),
    _example("no-answer", "Rang, and nobody answered", _contact("no_answer", Covered.UPDATE), *_CONTACT),
    _example("fortnightly", "The victim wants an update every 14 days by text message", _terms(every_days=14, method="sms"), *_CHANGE),
    _example("declined", "The victim wants no updates", _terms(every_days=None, declined=True), *_CHANGE),
    _example("picked-up", "The task was picked up", _step("picked_up"), *_DONE, of_task=True),
    _example("done", "The task was done", _step("done"), *_DONE, of_task=True),
)
EVENT_BY_NAME = {example.name: example for example in EVENTS}

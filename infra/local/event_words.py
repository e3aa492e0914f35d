"""What was told of a case after it was recorded, and the terms of an update agreement, in plain words.

Must not read anything, nor say what followed: the rows of what is owed say that.
"""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from chalicelib.domain.events import REACHED
from infra.local.due import moment
from infra.local.key_event_words import DECIDED_BY, EVENT_TYPES, REVIEW_STEPS
from infra.local.pages import day, london
from infra.local.plain_words import CHANNELS, COVERED, RESULTS, STARTS, WHY_NOT_THAT_WAY, named

Event = Mapping[str, Any]
_PROMPTLY = timedelta(minutes=5)


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the event of a row of the table of events says."""
    body: dict[str, Any] = json.loads(row["body"])
    return body


def event_title(row: Mapping[str, Any]) -> str:
    """An event in a line: "contact by telephone: spoke to the victim, by 2345"."""
    event = told(row)
    make = _TITLES.get(row["kind"])
    return make(event) if make else named({}, row["kind"])


def event_lines(row: Mapping[str, Any], tasks: Mapping[str, str]) -> list[str]:
    """What an event covers or changes, and when we heard of it where that was later. `tasks` are what each task asks, by its id."""
    event = told(row)
    make = _LINES.get(row["kind"])
    lines = [*(make(event) if make else []), tasks.get(event["task"], "A task that is not known.") if "task" in event else ""]
    heard = f"We heard of it {london(row['received_at'])}." if moment(row["received_at"]) - moment(event["at"]) > _PROMPTLY else ""
    return [line for line in (*lines, heard) if line]


def reached(row: Mapping[str, Any]) -> bool:
    """Whether it is a contact that reached the victim; true of everything that is no contact."""
    return row["kind"] != "contact_recorded" or told(row).get("result") in REACHED


def terms(row: Mapping[str, Any]) -> str:
    """Terms of an agreement: "every 10 days, by e-mail, the next by Wed 02 Dec 2026"."""
    if row.get("declined"):
        return "no updates wanted"
    days = row.get("every_days")
    parts = [
        f"every {days} days" if days else "key events only",
        f"by {named(CHANNELS, row['method'])}" if row.get("method") else "",
        f"the next by the end of {day(row['next_update_on'])}" if row.get("next_update_on") else "",
    ]
    return ", ".join(part for part in parts if part)


def basis(row: Mapping[str, Any]) -> str:
    """Whose terms these are: "agreed by officer"; the force's own are a proposal until somebody agrees."""
    return (
        "proposed by the force’s default, not yet agreed"
        if row.get("proposed")
        else f"agreed by {_who(row.get('by') or row.get('agreed_by'))}"
    )


def why_not_that_way(reason: str | None) -> str:
    """Why updates do not come as the victim prefers."""
    return named(WHY_NOT_THAT_WAY, reason)


def _by(event: Event) -> str:
    return f", by {_who(event.get('by'))}" if event.get("by") else ""


def _who(by: object) -> str:
    """A role, or a collar number as it was written."""
    return {"victim": "the victim", "officer": "the officer"}.get(str(by), str(by))


def _contact(event: Event) -> str:
    how = f" by {named(CHANNELS, event['method'])}" if event.get("method") else ""
    return f"contact{how}: {named(RESULTS, event.get('result'))}{_by(event)}"


def _contact_lines(event: Event) -> list[str]:
    covers = " and ".join(named(COVERED, covered) for covered in event.get("covers") or ()) or "nothing that is owed"
    if event.get("result") in REACHED:
        next_on = f"The next update was agreed for {day(event['next_update_on'])}." if event.get("next_update_on") else ""
        return [f"Covers {covers}.", next_on]
    return [f"A try, about {covers}: it silences that day’s reminder and stops nothing."]


def _task(event: Event) -> str:
    return f"task {'picked up' if event.get('step') == 'picked_up' else 'done'}{_by(event)}"


def _key_event(event: Event) -> str:
    whose = event.get("victim_ids")
    about = f", for {', '.join(sorted(whose)) or 'nobody'}" if whose is not None else ""
    return f"{'taken back: ' if event.get('withdrawn') else ''}{named(EVENT_TYPES, event['type'])}{about}"


def _key_event_lines(event: Event) -> list[str]:
    hearing = event.get("hearing") or {}
    instead = "Nothing stands in its place" if event.get("withdrawn") else "This stands in its place"
    return [
        f"Decided by {named(DECIDED_BY, event['decided_by'])}." if event.get("decided_by") else "",
        f"Reason: {event['reason']}" if event.get("reason") else "",
        f"The hearing is on {london(hearing['at'])}." if hearing.get("at") else "",
        f"At {hearing['court']}." if hearing.get("court") else "",
        f"The force had it {london(event['received_at'])}." if event.get("received_at") else "",
        f"Event {event['corrects']} was wrong. {instead}." if event.get("corrects") else "",
    ]


def _written_lines(event: Event) -> list[str]:
    promised = f"It promises the next by {day(event['next_update_on'])}." if event.get("next_update_on") else ""
    own = f"In the officer’s own words: {event['words']}" if event.get("words") else ""
    return [f"Says: {named(STARTS, event.get('start'))}.", own, promised]


_ASKED = {"opt_out": "no referral", "stop": "no more messages", "correct": "other contact details"}
_TITLES: dict[str, Callable[[Event], str]] = {
    "contact_recorded": _contact,
    "agreement_changed": lambda event: f"update agreement changed{_by(event)}",
    "task_done": _task,
    "hold_released": lambda event: f"hold released{_by(event)}",
    "letter_returned": lambda _event: "letter brought back by the post",
    "investigation_event": _key_event,
    "review": lambda event: named(REVIEW_STEPS, event["step"]),
    "message_received": lambda event: f"{'several messages' if event.get('many') else 'a message'} through the contact page",
    "message_allocated": lambda event: f"message given to officer {event['to']}{_by(event)}",
    "case_handed_over": lambda event: f"case handed over to officer {event['to']}{_by(event)}",
    "code_asked": lambda _event: "a code asked for, to open the victim’s page",
    "victim_asked": lambda event: f"{_ASKED.get(str(event.get('what')), 'something')} asked for on the victim’s page",
    "update_written": lambda event: f"update by {named(CHANNELS, event.get('channel'))} written{_by(event)}",
}
_LINES: dict[str, Callable[[Event], list[str]]] = {
    "message_received": lambda event: ["Its words speak of immediate danger."] if event.get("danger") else [],
    "contact_recorded": _contact_lines,
    "agreement_changed": lambda event: [f"From now on {terms(event)}."],
    "hold_released": lambda event: [f"Reason: {event.get('reason')}."],
    "letter_returned": lambda _event: ["Every letter to this victim that left before counts as not delivered."],
    "investigation_event": _key_event_lines,
    "update_written": _written_lines,
}

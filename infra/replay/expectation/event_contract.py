"""The kinds of the records contract that tell of a case after it was recorded, as a table: which field is read how.

Written from CONTRACT.md section 1 and docs/records-contract.md. Must not know whether the case, the victim or the task exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from infra.replay.expectation.fields import (
    Malformed,
    Reader,
    filled,
    identifier,
    instant,
    one_day,
    planned,
    record,
    reference,
    several,
    text,
    truth,
    whole,
    word,
)

Content = dict[str, Any]
_CHANNEL = word("email", "sms", "letter", "phone")
_COVERED = word("update", "written_acknowledgement", "referral", "needs_assessment", "vps_offered")
_TYPE = word(
    "arrested", "interviewed_under_caution", "released_no_charge", "released_on_bail", "released_under_investigation", "bail_changed",
    "bail_cancelled", "not_investigated", "charged", "charges_dropped", "charges_altered", "out_of_court_disposal", "not_prosecuted",
    "no_suspect_identified", "response_delayed", "hearing_listed", "required_to_give_evidence", "warrant_issued", "court_outcome", "appeal",
    "property_returned", "vps_offered",
)  # fmt: skip
REACHED = frozenset({"spoken", "sent", "given_by_hand"})


class EventKind(NamedTuple):
    """Where the content of a kind stands, how it is read, and what a field means that is not there."""

    place: str
    reader: Reader
    otherwise: Mapping[str, Any]


def _told(required: tuple[str, ...], **readers: Reader) -> Reader:
    return record(("reference", "event_id", *required), reference=reference, event_id=identifier, **readers)


EVENT_KINDS: Mapping[str, EventKind] = {
    "contact_recorded": EventKind(
        "contact",
        _told(
            ("victim_id", "contacted_at"),
            victim_id=identifier, contacted_at=instant, method=text(), by=text(),
            result=word("spoken", "message_left", "no_answer", "sent", "given_by_hand"),
            covers=several(_COVERED, as_set=True), covers_event_ids=several(text(), as_set=True), next_update_on=planned,
        ),
        {"result": "spoken", "covers": ["update"]},
    ),
    "agreement_changed": EventKind(
        "change",
        _told(
            ("victim_id", "at"),
            victim_id=identifier, at=instant, by=text(), every_days=whole(1, 3650), method=_CHANNEL, next_update_on=planned, declined=truth,
        ),
        {},
    ),
    "task_done": EventKind(
        "done", _told(("task", "at"), task=identifier, at=instant, by=text(), step=word("picked_up", "done")), {"step": "done"}
    ),
    "hold_released": EventKind(
        "release", _told(("victim_id", "at", "by", "reason"), victim_id=identifier, at=instant, by=filled, reason=filled), {}
    ),
    "letter_returned": EventKind("letter", _told(("victim_id", "at"), victim_id=identifier, at=instant), {}),
    "investigation_event": EventKind(
        "event",
        _told(
            ("type", "happened_at"),
            type=_TYPE, happened_at=instant, received_at=instant, reason=text(),
            victim_ids=several(identifier, as_set=True), suspect_interviewed=truth, all_suspects_and_charges=truth,
            charged_other_offence=truth, victim_supports=truth, decided_by=word("police", "cps"),
            hearing=record((), at=one_day, court=text()), corrects=text(), withdrawn=truth,
        ),
        {},
    ),
    "review": EventKind(
        "review",
        _told(
            ("victim_id", "at", "step"), victim_id=identifier, at=instant, step=word("requested", "acknowledged", "decided")
        ),
        {},
    ),
}  # fmt: skip


def event_of(kind: str, message: Content, now: datetime) -> Content:
    """The event's content in the form in which two deliveries are compared; Malformed where it breaks the contract."""
    rules = EVENT_KINDS[kind]
    content: Content = rules.reader(message.get(rules.place), now)
    for name, meant in rules.otherwise.items():
        content[name] = content.get(name) or meant
    if content.get("corrects") == content["event_id"]:
        raise Malformed
    return content

"""Builds valid records of the contract (version 1) as plain dicts, so that a test states only what matters to it.

Must not validate, import the product or use anything but fictional people, Ofcom's 07700 900xxx numbers and reserved mail domains.
Every builder takes overrides by the contract's field names; the result is fresh, so that a test may change it in place.
"""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any

Record = dict[str, Any]

NOW = datetime(2026, 11, 20, 10, 31, tzinfo=UTC)
"""The moment at which the contract's own example was sent."""

NO_FLAGS: dict[str, bool | None] = {"domestic_abuse": False, "hate_crime": False, "stalking_harassment": False, "safeguarding": False}


def iso(moment: datetime) -> str:
    """As the contract writes a time: ISO 8601 with its offset."""
    return moment.isoformat()


def _with(base: Record, overrides: Record) -> Record:
    unknown = overrides.keys() - base.keys()
    if unknown:
        raise TypeError(f"no such field: {', '.join(sorted(unknown))}")
    return base | copy.deepcopy(overrides)


def offence(code: str = "28E", **overrides: Any) -> Record:
    """A residential burglary unless told otherwise; pass `ho_code=None, description=None` along with another code."""
    known = {"28E": ("028/03", "Burglary residential")}.get(code, (None, None))
    return _with({"code": code, "ho_code": known[0], "description": known[1], "principal": True}, overrides)


def flags(**overrides: bool | None) -> Record:
    """All four flags, false unless told otherwise."""
    return _with(dict(NO_FLAGS), overrides)


def officer_named(collar_number: str = "2345", **overrides: Any) -> Record:
    """The officer in the case as an occurrence names them."""
    base = {
        "collar_number": collar_number,
        "name": "PC Sam Ash",
        "email": "sam.ash@example.test",
        "phone": "101",
        "team": "Heanor SNT",
    }
    return _with(base, overrides)


def supervisor_named(collar_number: str = "1890", **overrides: Any) -> Record:
    return _with({"collar_number": collar_number, "name": "Sgt Jo Reed", "email": "jo.reed@example.test"}, overrides)


def contact_safety(now: datetime = NOW, **overrides: Any) -> Record:
    """Confirmed half an hour before `now`: e-mail and text messages are safe."""
    base = {
        "safe_channels": ["email", "sms"],
        "do_not_contact": False,
        "confirmed_at": iso(now - timedelta(minutes=31)),
        "safe_hours": None,
        "safe_name": None,
        "voicemail_ok": None,
        "may_say_police": None,
        "instructions": None,
    }
    return _with(base, overrides)


def enhanced(now: datetime = NOW, **overrides: Any) -> Record:
    base = {
        "eligible": True,
        "reasons": ["persistently_targeted"],
        "assessed_by": "2345",
        "assessed_at": iso(now - timedelta(minutes=31)),
    }
    return _with(base, overrides)


def update_agreement(now: datetime = NOW, **overrides: Any) -> Record:
    """Every ten days by e-mail."""
    base = {"every_days": 10, "method": "email", "next_update_on": (now + timedelta(days=10)).date().isoformat(), "declined": False}
    return _with(base, overrides)


def representative(**overrides: Any) -> Record:
    """A parent, known not to be linked to the suspect."""
    base = {
        "given_name": "Robin",
        "family_name": "Morgan",
        "relationship": "parent",
        "email": "robin.morgan@example.org",
        "mobile": "+447700900456",
        "address": ["1 Wood Street", "Heanor", "DE75 7XX"],
        "linked_to_suspect": False,
    }
    return _with(base, overrides)


def victim(id: str = "V1", *, now: datetime = NOW, **overrides: Any) -> Record:
    """An adult, a stranger to the suspect, safe to reach by e-mail and text message; ids other than V1 get points of their own."""
    number = int(id[1:]) if id[:1] == "V" and id[1:].isdigit() else 1
    alone = number == 1
    base = {
        "id": id,
        "person_ref": f"N{123455 + number}",
        "kind": "person",
        "given_name": "Alex",
        "family_name": "Morgan",
        "organisation": None,
        "contact_name": None,
        "date_of_birth": "1988-04-02",
        "deceased": False,
        "email": "alex.morgan@example.org" if alone else f"alex.morgan.{number}@example.org",
        "mobile": f"+447700900{(122 + number) % 1000:03d}",
        "landline": None,
        "address": ["1 Wood Street", "Heanor", "DE75 7XX"],
        "preferred_channel": "email",
        "language": "en",
        "communication_needs": [],
        "enhanced": enhanced(now),
        "contact_safety": contact_safety(now),
        "relationship_to_suspect": "stranger",
        "referral_opt_out": False,
        "support_consent": None,
        "requests": None,
        "representative": None,
        "written_acknowledgement": None,
        "update_agreement": update_agreement(now),
    }
    return _with(base, overrides)


def business(id: str = "V1", *, now: datetime = NOW, **overrides: Any) -> Record:
    """A shop with a named contact."""
    of_a_business: Record = {
        "kind": "business",
        "given_name": None,
        "family_name": None,
        "organisation": "Heanor Cycles",
        "contact_name": "Charlie Stone",
        "date_of_birth": None,
        "enhanced": None,
        "relationship_to_suspect": None,
    }
    return victim(id, now=now, **(of_a_business | overrides))


def envelope(kind: str, content: Record, *, key: str | None = None, now: datetime = NOW, message_id: str = "5b8e3f1c-0001") -> Record:
    """`content` under the key that the kind uses (the kind's own name unless told otherwise)."""
    return {
        "contract": "kept-informed/records/v1",
        "kind": kind,
        "message_id": message_id,
        "sent_at": iso(now),
        key or kind: content,
    }


def occurrence(*, now: datetime = NOW, **overrides: Any) -> Record:
    """The inner object of an occurrence record; `flags` may be partial, the rest are false. Times lie shortly before `now`."""
    overrides = dict(overrides)
    if isinstance(overrides.get("flags"), dict):
        overrides["flags"] = NO_FLAGS | overrides["flags"]
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    base = {
        "reference": "26000712345",
        "version": 1,
        "status": "open",
        "record_type": "crime",
        "reported_at": iso(now - timedelta(minutes=33)),
        "recorded_at": iso(now - timedelta(minutes=1)),
        "occurred_from": iso(midnight - timedelta(hours=2)),
        "occurred_to": iso(midnight - timedelta(hours=1)),
        "summary": "Rear door forced overnight, bicycle and tools taken from the garage.",
        "location": {"text": "Wood Street, Heanor", "district": "Amber Valley"},
        "source": "101",
        "offences": [offence()],
        "flags": flags(),
        "markers": [],
        "restricted": False,
        "dash_risk": None,
        "linked_references": [],
        "officer": officer_named(),
        "supervisor": supervisor_named(),
        "victims": [victim(now=now)],
    }
    return _with(base, overrides)


def occurrence_record(*, now: datetime = NOW, message_id: str = "5b8e3f1c-0001", **overrides: Any) -> Record:
    """A whole message of kind `occurrence`: `occurrence_record(reference=..., version=2, victims=[victim(...)], flags={...})`."""
    return envelope("occurrence", occurrence(now=now, **overrides), now=now, message_id=message_id)


def officer_record(*, now: datetime = NOW, message_id: str = "5b8e3f1c-0002", **overrides: Any) -> Record:
    """A whole message of kind `officer`: the directory entry of collar number 2345, present."""
    base = {
        "collar_number": "2345",
        "version": 7,
        "active": True,
        "name": "PC Sam Ash",
        "email": "sam.ash@example.test",
        "mobile": None,
        "phone": "101",
        "team": "Heanor SNT",
        "supervisor": "1890",
        "absent_from": None,
        "absent_until": None,
        "cover": None,
    }
    return envelope("officer", _with(base, overrides), now=now, message_id=message_id)


def _told(kind: str, key: str, now: datetime, base: Record, overrides: Record) -> Record:
    """A whole message of an event of the occurrence; `message_id` may be overridden too."""
    message_id = overrides.get("message_id", f"m-{base['event_id']}")
    content = _with({"reference": "26000712345"} | base, {name: value for name, value in overrides.items() if name != "message_id"})
    return envelope(kind, content, key=key, now=now, message_id=message_id)


def contact_message(*, now: datetime = NOW, **overrides: Any) -> Record:
    """A whole message of kind `contact_recorded`: an officer spoke to V1 a minute before `now` and agreed on a next day."""
    base = {"event_id": "C-1", "victim_id": "V1", "contacted_at": iso(now - timedelta(minutes=1)), "method": "phone", "result": "spoken"}
    base |= {"by": "2345", "covers": ["update"], "covers_event_ids": [], "next_update_on": (now + timedelta(days=10)).date().isoformat()}
    return _told("contact_recorded", "contact", now, base, overrides)


def change_message(*, now: datetime = NOW, **overrides: Any) -> Record:
    """A whole message of kind `agreement_changed`: from a minute before `now` V1 wants a text every 14 days."""
    terms = update_agreement(now, every_days=14, method="sms", next_update_on=(now + timedelta(days=14)).date().isoformat())
    base = {"event_id": "A-1", "victim_id": "V1", "at": iso(now - timedelta(minutes=1)), "by": "victim"} | terms
    return _told("agreement_changed", "change", now, base, overrides)


def done_message(task: str = "0" * 32, *, now: datetime = NOW, **overrides: Any) -> Record:
    """A whole message of kind `task_done`: 7001 did the task `task` a minute before `now`."""
    base = {"event_id": "T-1", "task": task, "at": iso(now - timedelta(minutes=1)), "by": "7001", "step": "done"}
    return _told("task_done", "done", now, base, overrides)


def release_message(*, now: datetime = NOW, **overrides: Any) -> Record:
    """A whole message of kind `hold_released`: 7001 lifted the hold of V1 a minute before `now`."""
    base = {"event_id": "H-1", "victim_id": "V1", "at": iso(now - timedelta(minutes=1)), "by": "7001", "reason": "Flag set in error."}
    return _told("hold_released", "release", now, base, overrides)


def letter_message(*, now: datetime = NOW, **overrides: Any) -> Record:
    """A whole message of kind `letter_returned`: what was posted to V1 came back a minute before `now`."""
    base = {"event_id": "L-1", "victim_id": "V1", "at": iso(now - timedelta(minutes=1))}
    return _told("letter_returned", "letter", now, base, overrides)


def event_message(type: str = "arrested", *, now: datetime = NOW, **overrides: Any) -> Record:
    """A whole message of kind `investigation_event`: it happened a minute before `now`, concerns every victim, and nothing more is said."""
    unsaid = ("received_at", "reason", "victim_ids", "suspect_interviewed", "all_suspects_and_charges", "charged_other_offence")
    base = dict.fromkeys((*unsaid, "victim_supports", "decided_by", "hearing", "corrects")) | {
        "event_id": "E-1",
        "type": type,
        "happened_at": iso(now - timedelta(minutes=1)),
        "withdrawn": False,
    }
    return _told("investigation_event", "event", now, base, overrides)


def hearing_message(*, now: datetime = NOW, **overrides: Any) -> Record:
    """A whole message of kind `investigation_event`: a minute before `now` a hearing in six weeks was listed, for every victim."""
    hearing = {"at": iso(now + timedelta(days=42)), "court": "Derby Magistrates' Court"}
    return event_message(**{"type": "hearing_listed", "now": now, "hearing": hearing} | overrides)


def review_message(step: str = "requested", *, now: datetime = NOW, **overrides: Any) -> Record:
    """A whole message of kind `review`: a minute before `now` V1 asked for a review of the decision."""
    base = {"event_id": "R-1", "victim_id": "V1", "at": iso(now - timedelta(minutes=1)), "step": step}
    return _told("review", "review", now, base, overrides)


def eventbridge(record: Record) -> Record:
    """The same message as EventBridge would deliver it."""
    return {
        "version": "0",
        "id": "0d079340-135a-c8c6-95c2-41fb8f496c53",
        "detail-type": "record",
        "source": "records",
        "account": "000000000000",
        "time": record["sent_at"],
        "region": "eu-west-2",
        "resources": [],
        "detail": record,
    }


def contract_example() -> Record:
    """The example of the contract page, value for value."""
    moment = "2026-11-20T10:00:00+00:00"
    safety = contact_safety(confirmed_at=moment)
    person = victim(
        enhanced=enhanced(assessed_at=moment), contact_safety=safety, update_agreement=update_agreement(next_update_on="2026-11-30")
    )
    return occurrence_record(
        reported_at="2026-11-20T09:58:00+00:00",
        recorded_at="2026-11-20T10:30:00+00:00",
        occurred_from="2026-11-19T22:00:00+00:00",
        occurred_to="2026-11-20T07:00:00+00:00",
        victims=[person],
    )


def body(record: Record) -> str:
    """The message as it stands in the queue."""
    return json.dumps(record)

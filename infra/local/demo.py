"""A short fictional demonstration: eight records that show what happens to whom.

Only fictional people, Ofcom's 07700 900xxx numbers and reserved mail domains; goes in by the queue, like any record.
"""

import json
from datetime import datetime, timedelta
from typing import Any

Record = dict[str, Any]

_ASH = {"collar_number": "2345", "name": "PC Sam Ash", "email": "sam.ash@example.test", "phone": "101", "team": "Heanor SNT"}
_REED = {"collar_number": "1890", "name": "Sgt Jo Reed", "email": "jo.reed@example.test"}
_FLAGS = {"domestic_abuse": False, "hate_crime": False, "stalking_harassment": False, "safeguarding": False}


def records(now: datetime) -> list[tuple[str, str]]:
    """What is shown, and the bodies as a records system would send them, dated shortly before `now`."""
    return [
        ("an officer, for the directory", json.dumps(_officer(now))),
        ("a burglary: acknowledgement and referral after the hold window", _body(now, "26000712345", _burglary(now))),
        ("domestic abuse graded high: nothing automatic, a task for IDVA", _body(now, "26000712346", _domestic_abuse(now))),
        ("a child with a mother who is not linked to the suspect: she is told, nobody is referred", _body(now, "26000712347", _child(now))),
        ("a shop with a named contact", _body(now, "26000712348", _business(now))),
        ("somebody who prefers text messages: the full words follow by e-mail", _body(now, "26000712349", _text_message(now))),
        ("reported by a neighbour: held until somebody asks the victim what is safe", _body(now, "26000712350", _third_party(now))),
        ("a broken record: quarantined by its faults", _body(now, "26000712351", _broken(now))),
    ]


def _body(now: datetime, reference: str, changes: Record) -> str:
    occurrence = {
        "reference": reference,
        "version": 1,
        "status": "open",
        "record_type": "crime",
        "reported_at": _at(now, hours=1),
        "recorded_at": _at(now, minutes=5),
        "occurred_from": _at(now, hours=12),
        "occurred_to": _at(now, hours=3),
        "summary": "Fictional, for the demonstration.",
        "location": {"text": "Wood Street, Heanor", "district": "Amber Valley"},
        "source": "101",
        "flags": _FLAGS,
        "markers": [],
        "restricted": False,
        "dash_risk": None,
        "linked_references": [],
        "officer": _ASH,
        "supervisor": _REED,
    }
    return json.dumps(_envelope(now, f"demo-{reference}", "occurrence") | {"occurrence": occurrence | changes})


def _envelope(now: datetime, message_id: str, kind: str) -> Record:
    return {"contract": "kept-informed/records/v1", "kind": kind, "message_id": message_id, "sent_at": _at(now)}


def _at(now: datetime, **before: float) -> str:
    return (now - timedelta(**before)).isoformat(timespec="seconds")


def _offence(code: str, ho_code: str, description: str) -> list[Record]:
    return [{"code": code, "ho_code": ho_code, "description": description, "principal": True}]


def _victim(now: datetime, number: int, **changes: Any) -> Record:
    return {
        "id": "V1",
        "person_ref": f"N{700000 + number}",
        "kind": "person",
        "date_of_birth": "1988-04-02",
        "deceased": False,
        "preferred_channel": "email",
        "language": "en",
        "communication_needs": [],
        "contact_safety": {"safe_channels": ["email", "sms"], "do_not_contact": False, "confirmed_at": _at(now, minutes=30)},
        "relationship_to_suspect": "stranger",
        "referral_opt_out": False,
        "address": ["1 Wood Street", "Heanor", "DE75 7XX"],
    } | changes


def _burglary(now: datetime) -> Record:
    victim = _victim(now, 1, given_name="Alex", family_name="Morgan", email="alex.morgan@example.org", mobile="+447700900123")
    return {"offences": _offence("28E", "028/03", "Burglary residential"), "victims": [victim]}


def _domestic_abuse(now: datetime) -> Record:
    victim = _victim(
        now,
        2,
        given_name="Robin",
        family_name="Hale",
        email="robin.hale@example.org",
        relationship_to_suspect="ex_partner",
        support_consent=True,
    )
    return {
        "offences": _offence("8N", "008/06", "Assault with injury"),
        "flags": _FLAGS | {"domestic_abuse": True},
        "dash_risk": "high",
        "victims": [victim],
    }


def _child(now: datetime) -> Record:
    mother = {
        "given_name": "Priya",
        "family_name": "Shah",
        "relationship": "parent",
        "email": "priya.shah@example.org",
        "mobile": "+447700900321",
        "address": ["4 Mill Lane", "Ripley", "DE5 3XX"],
        "linked_to_suspect": False,
    }
    victim = _victim(now, 3, given_name="Ravi", family_name="Shah", date_of_birth=f"{now.year - 12}-03-14", representative=mother)
    return {"offences": _offence("45", "045/10", "Theft from vehicle"), "victims": [victim]}


def _business(now: datetime) -> Record:
    victim = _victim(
        now,
        4,
        kind="business",
        person_ref=None,
        date_of_birth=None,
        organisation="Heanor Cycles (fictional)",
        contact_name="Chris Vale",
        email="chris.vale@example.org",
        relationship_to_suspect=None,
    )
    return {"offences": _offence("30C", "030/02", "Burglary business and community"), "victims": [victim]}


def _text_message(now: datetime) -> Record:
    victim = _victim(
        now,
        5,
        given_name="Zoë",
        family_name="Łukasik",
        email="zoe.lukasik@example.org",
        mobile="+447700900555",
        preferred_channel="sms",
    )
    return {"offences": _offence("44", "044/00", "Theft or unauthorised taking of a pedal cycle"), "victims": [victim]}


def _third_party(now: datetime) -> Record:
    victim = _victim(now, 6, given_name="Sam", family_name="Okoro", email="sam.okoro@example.org", contact_safety=None)
    return {"offences": _offence("105A", "105/01", "Assault without injury"), "source": "third_party", "victims": [victim]}


def _broken(now: datetime) -> Record:
    victim = _victim(now, 7, given_name="Kim", family_name="Lowe", date_of_birth="31/02/1990")
    return {"offences": _offence("28E", "028/03", "Burglary residential"), "status": "opened", "victims": [victim]}


def _officer(now: datetime) -> Record:
    directory = _ASH | {"version": 1, "active": True, "mobile": None, "supervisor": "1890"}
    return _envelope(now, "demo-officer-2345", "officer") | {"officer": directory}

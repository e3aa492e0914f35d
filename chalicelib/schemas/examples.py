"""One message of each kind, in and out, as docs and the published schema show it. Fictional people only.

Must not be used to fill a gap in a real record.
"""

from __future__ import annotations

from typing import Any


def occurrence_example() -> dict[str, Any]:
    """A residential burglary with one victim, every field shown."""
    return {
        "contract": "kept-informed/records/v1",
        "kind": "occurrence",
        "message_id": "5b8e3f1c-0001",
        "sent_at": "2026-11-20T10:31:00+00:00",
        "occurrence": {
            "reference": "26000712345",
            "version": 1,
            "status": "open",
            "record_type": "crime",
            "reported_at": "2026-11-20T09:58:00+00:00",
            "recorded_at": "2026-11-20T10:30:00+00:00",
            "occurred_from": "2026-11-19T22:00:00+00:00",
            "occurred_to": "2026-11-20T07:00:00+00:00",
            "summary": "Rear door forced overnight, bicycle and tools taken from the garage.",
            "location": {"text": "Wood Street, Heanor", "district": "Amber Valley"},
            "source": "101",
            "offences": [{"code": "28E", "ho_code": "028/03", "description": "Burglary residential", "principal": True}],
            "flags": {"domestic_abuse": False, "hate_crime": False, "stalking_harassment": False, "safeguarding": False},
            "markers": [],
            "restricted": False,
            "dash_risk": None,
            "linked_references": [],
            "officer": {
                "collar_number": "2345",
                "name": "PC Sam Ash",
                "email": "sam.ash@example.test",
                "phone": "101",
                "team": "Heanor SNT",
            },
            "supervisor": {"collar_number": "1890", "name": "Sgt Jo Reed", "email": "jo.reed@example.test"},
            "victims": [
                {
                    "id": "V1",
                    "person_ref": "N123456",
                    "kind": "person",
                    "given_name": "Alex",
                    "family_name": "Morgan",
                    "organisation": None,
                    "contact_name": None,
                    "date_of_birth": "1988-04-02",
                    "deceased": False,
                    "email": "alex.morgan@example.org",
                    "mobile": "+447700900123",
                    "landline": None,
                    "address": ["1 Wood Street", "Heanor", "DE75 7XX"],
                    "preferred_channel": "email",
                    "language": "en",
                    "communication_needs": [],
                    "enhanced": {
                        "eligible": True,
                        "reasons": ["persistently_targeted"],
                        "assessed_by": "2345",
                        "assessed_at": "2026-11-20T10:00:00+00:00",
                    },
                    "contact_safety": {
                        "safe_channels": ["email", "sms"],
                        "do_not_contact": False,
                        "confirmed_at": "2026-11-20T10:00:00+00:00",
                        "safe_hours": None,
                        "safe_name": None,
                        "voicemail_ok": None,
                        "may_say_police": None,
                        "instructions": None,
                    },
                    "relationship_to_suspect": "stranger",
                    "referral_opt_out": False,
                    "support_consent": None,
                    "requests": None,
                    "representative": None,
                    "written_acknowledgement": None,
                    "update_agreement": {"every_days": 10, "method": "email", "next_update_on": "2026-11-30", "declined": False},
                }
            ],
        },
    }


def officer_example() -> dict[str, Any]:
    """An officer who is away for ten days."""
    return {
        "contract": "kept-informed/records/v1",
        "kind": "officer",
        "message_id": "5b8e3f1c-0002",
        "sent_at": "2026-11-20T10:31:00+00:00",
        "officer": {
            "collar_number": "2345",
            "version": 7,
            "active": True,
            "name": "PC Sam Ash",
            "email": "sam.ash@example.test",
            "mobile": None,
            "phone": "101",
            "team": "Heanor SNT",
            "supervisor": "1890",
            "absent_from": "2026-12-01",
            "absent_until": "2026-12-10",
            "cover": None,
        },
    }


def event_examples() -> dict[str, dict[str, Any]]:
    """One message of each kind of event, by kind, every field shown."""
    told = [
        (
            "contact_recorded",
            "contact",
            {
                "reference": "26000712345",
                "event_id": "C-1",
                "victim_id": "V1",
                "contacted_at": "2026-11-28T15:00:00+00:00",
                "method": "phone",
                "result": "spoken",
                "by": "2345",
                "covers": ["update"],
                "covers_event_ids": ["E-1"],
                "next_update_on": "2026-12-08",
            },
        ),
        (
            "agreement_changed",
            "change",
            {
                "reference": "26000712345",
                "event_id": "A-1",
                "victim_id": "V1",
                "at": "2026-11-28T15:00:00+00:00",
                "by": "victim",
                "every_days": 14,
                "method": "sms",
                "next_update_on": "2026-12-12",
                "declined": False,
            },
        ),
        (
            "task_done",
            "done",
            {
                "reference": "26000712345",
                "event_id": "T-1",
                "task": "<task id from the task>",
                "at": "2026-11-28T15:00:00+00:00",
                "by": "7001",
                "step": "picked_up",
            },
        ),
        (
            "hold_released",
            "release",
            {
                "reference": "26000712345",
                "event_id": "H-1",
                "victim_id": "V1",
                "at": "2026-11-28T15:00:00+00:00",
                "by": "7001",
                "reason": "Flag set in error.",
            },
        ),
        (
            "letter_returned",
            "letter",
            {"reference": "26000712345", "event_id": "L-1", "victim_id": "V1", "at": "2026-12-05T10:00:00+00:00"},
        ),
        (
            "investigation_event",
            "event",
            {
                "reference": "26000712345",
                "event_id": "E-1",
                "type": "arrested",
                "happened_at": "2026-11-24T18:00:00+00:00",
                "received_at": None,
                "reason": "Evidence linked the suspect to the scene.",
                "victim_ids": None,
                "suspect_interviewed": True,
                "all_suspects_and_charges": True,
                "charged_other_offence": False,
                "victim_supports": True,
                "decided_by": "police",
                "hearing": None,
                "corrects": None,
                "withdrawn": False,
            },
        ),
        (
            "review",
            "review",
            {"reference": "26000712345", "event_id": "R-1", "victim_id": "V1", "at": "2026-12-01T10:00:00+00:00", "step": "requested"},
        ),
    ]
    envelope = {"contract": "kept-informed/records/v1", "message_id": "5b8e3f1c-0003", "sent_at": "2026-12-05T10:01:00+00:00"}
    return {kind: envelope | {"kind": kind, key: content} for kind, key, content in told}


def out_example() -> dict[str, Any]:
    """What the records system hears when an officer's contact met an update in time."""
    return {
        "contract": "kept-informed/out/v1",
        "event": "obligation_met",
        "event_id": "0f8fad5bd9cb469fa16570867728950e",
        "at": "2026-11-28T15:02:11+00:00",
        "reference": "26000712345",
        "victim_id": "V1",
        "kind": "update",
        "obligation": "7c9e6679f7425d7485a30b2f5a0a4d4f",
        "due_at": "2026-11-30T23:59:59+00:00",
        "met_at": "2026-11-28T15:00:00+00:00",
        "evidence": "C-1",
    }

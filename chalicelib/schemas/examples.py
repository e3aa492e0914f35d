"""One message of each kind, as docs and the published schema show it. Fictional people only.

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

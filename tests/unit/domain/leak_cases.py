"""Raw contract records and outbox entries for the tests of the leak check.

It must not import the product's own models: the leak check reads raw objects, and so do its tests. All people are fictional.
"""

from typing import Any

from chalicelib.domain.leaks import Leak, LeakPolicy, What, find_leaks

REFERENCE = "26000712345"
OTHER = "26000700001"
SENT_AT = "2026-11-20T11:05:00+00:00"
REFERRED_AT = "2026-11-20T11:06:00+00:00"
SERVICE = "referrals@victimservice.example.org"
POLICY = LeakPolicy(
    service_addresses=frozenset({SERVICE}),
    internal_addresses=frozenset({"@force.example.test", "desk@police.example.test"}),
    specialist_names=frozenset({"SV2"}),
    force_words=frozenset({"derbyshire"}),
)

BEFORE = "2026-11-20T10:35:00+00:00"
BETWEEN = "2026-11-20T10:50:00+00:00"
AFTER = "2026-11-20T12:00:00+00:00"
LONG_AGO = "2026-08-01T10:00:00+00:00"
DOMESTIC = {"flags__domestic_abuse": True}
CHILD = {"date_of_birth": "2012-01-01"}
UNCONFIRMED = {"contact_safety": None}

Json = dict[str, Any]


def changed(base: Json, **changes: Any) -> Json:
    """Return a copy with changed fields; `a__b` reaches into a nested object, and the value `...` removes the field."""
    result = dict(base)
    for name, value in changes.items():
        outer, _, inner = name.partition("__")
        if inner:
            result[outer] = changed(result[outer], **{inner: value})
        elif value is ...:
            result.pop(outer)
        else:
            result[outer] = value
    return result


def victim(**changes: Any) -> Json:
    """An adult whose contact safety was confirmed and who may be told automatically."""
    base = {
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
        "address": ["1 Wood Street", "Heanor", "DE75 7XX"],
        "preferred_channel": "email",
        "language": "en",
        "communication_needs": [],
        "contact_safety": {
            "safe_channels": ["email", "sms", "letter"],
            "do_not_contact": False,
            "confirmed_at": "2026-11-20T10:00:00+00:00",
        },
        "relationship_to_suspect": "stranger",
        "referral_opt_out": False,
        "representative": None,
    }
    return changed(base, **changes)


def second_victim(**changes: Any) -> Json:
    """Another adult of the same occurrence, with contact points of their own."""
    base = victim(
        id="V2",
        person_ref="N200000",
        given_name="Robin",
        family_name="Ellery",
        email="robin@example.org",
        mobile="07700900777",
        address=["14 Hill Road", "Heanor", "DE75 7YY"],
    )
    return changed(base, **changes)


def business(**changes: Any) -> Json:
    """A business with a named contact."""
    base = {"kind": "business", "organisation": "Corner Shop", "contact_name": "Alex Morgan", "date_of_birth": None}
    return victim(**{**base, **changes})


def representative(**changes: Any) -> Json:
    """A guardian known not to be linked to the suspect."""
    base = {
        "given_name": "Jude",
        "family_name": "Hollis",
        "relationship": "guardian",
        "email": "jude@example.org",
        "mobile": "07700900456",
        "address": ["9 Mill Lane", "Belper", "DE56 1XX"],
        "linked_to_suspect": False,
    }
    return changed(base, **changes)


def occurrence(**changes: Any) -> Json:
    """A residential burglary with one victim and no sign of anything specialist."""
    base = {
        "reference": REFERENCE,
        "version": 1,
        "status": "open",
        "record_type": "crime",
        "reported_at": "2026-11-20T09:58:00+00:00",
        "recorded_at": "2026-11-20T10:30:00+00:00",
        "source": "101",
        "summary": "Rear door forced overnight, bicycle and tools taken from the garage.",
        "offences": [{"code": "28E", "ho_code": "028/03", "description": "Burglary residential", "principal": True}],
        "flags": {"domestic_abuse": False, "hate_crime": False, "stalking_harassment": False, "safeguarding": False},
        "markers": [],
        "restricted": False,
        "dash_risk": None,
        "officer": {"collar_number": "2345", "name": "PC Sam Ash", "email": "sam.ash@example.test", "phone": "101"},
        "supervisor": {"collar_number": "1890", "name": "Sgt Jo Reed", "email": "jo.reed@example.test"},
        "victims": [victim()],
    }
    return changed(base, **changes)


def record(received_at: str | None = None, **changes: Any) -> Json:
    """A record of kind occurrence, wrapped with the moment it was received if one is given."""
    body = {
        "contract": "kept-informed/records/v1",
        "kind": "occurrence",
        "message_id": "m-1",
        "sent_at": "2026-11-20T10:31:00+00:00",
        "occurrence": occurrence(**changes),
    }
    return {"received_at": received_at, "record": body} if received_at else body


def person_record(received_at: str | None = None, **changes: Any) -> Json:
    """A record whose only victim differs as told."""
    return record(received_at, victims=[victim(**changes)])


def robbery(**changes: Any) -> Json:
    """The same record as an offence against a person."""
    return record(**{"offences": [{"code": "34B"}], **changes})


def notice(**changes: Any) -> Json:
    """The acknowledgement by e-mail, as the outbox lists it."""
    base = {
        "channel": "email",
        "to": "alex.morgan@example.org",
        "from": "Derbyshire Constabulary <noreply@force.example.test>",
        "subject": "Message from Derbyshire Constabulary about reference 26000712345",
        "text": "Derbyshire Constabulary\n\nDear Alex Morgan,\n\nCrime: burglary of a home. Officer: PC Sam Ash, collar number 2345.",
        "html": "<html><head><title>Message about reference 26000712345</title><style>.theft{}</style></head><body>"
        "<div style='display:none'>Derbyshire Constabulary is writing to you about reference 26000712345. "
        "You can reply to this email.</div>"
        "<h1>Derbyshire Constabulary</h1><p>Dear Alex Morgan,</p><p>Crime: burglary of a home</p></body></html>",
        "attachments": [],
        "headers": {"Reply-To": "victimcareunit@force.example.test", "To": "alex.morgan@example.org", "X-Stage": "local"},
        "accepted_at": SENT_AT,
        "notification_id": "n-notice",
        "message": "acknowledgement",
        "language": "en",
        "reference": REFERENCE,
        "audience": "victim",
        "victim_id": "V1",
    }
    return changed(base, **changes)


def sms(**changes: Any) -> Json:
    """A text message to the victim."""
    text = "Derbyshire Police ref 26000712345. Officer: PC Sam Ash 2345, call 101. A free support service may contact you. Or say no: 101."
    return notice(**{"channel": "sms", "to": "+447700900123", "subject": None, "text": text, "html": None, "headers": {}, **changes})


def letter(**changes: Any) -> Json:
    """A letter to the victim."""
    return notice(**{"channel": "letter", "to": "Alex Morgan, 1 Wood Street, Heanor, DE75 7XX", "html": None, "headers": {}, **changes})


def referral(**changes: Any) -> Json:
    """The mail to the victim service around the referral's PDF."""
    base = notice(
        to=SERVICE,
        subject="OFFICIAL-SENSITIVE: referral 26000712345 from Derbyshire Constabulary",
        text="A referral is attached. Please make first contact soon.",
        html="<p>A referral is attached. Please make first contact soon.</p>",
        attachments=[
            {"filename": "referral-26000712345.pdf", "content_type": "application/pdf", "size": 40000, "url": "http://127.0.0.1/x"}
        ],
        headers={"Reply-To": "desk@police.example.test"},
        accepted_at=REFERRED_AT,
        notification_id="n-referral",
        message="referral",
        audience="service",
    )
    return changed(base, **changes)


def stop_notice(**changes: Any) -> Json:
    """The stop notice to the victim service, which carries a reference and nothing else."""
    text = "Stop all contact about this reference now. Ring the unit on 101."
    base = referral(subject="OFFICIAL-SENSITIVE: stop contact, reference 26000712345", text=text, html=None, attachments=[])
    return changed(changed(base, notification_id="n-stop", message="stop_notice"), **changes)


def task(**changes: Any) -> Json:
    """A task to a unit of the force."""
    base = notice(
        to="victimcareunit@force.example.test",
        subject="Task for reference 26000712345 by 23 November",
        text="What is owed: contact. Look up the reference.",
        html=None,
        headers={},
        notification_id="n-task",
        message="task",
        audience="unit",
        victim_id=None,
    )
    return changed(base, **changes)


def leaks(records: list[Json], messages: list[Json], policy: LeakPolicy = POLICY) -> list[Leak]:
    """Run the check."""
    return find_leaks(records, messages, policy=policy)


def kinds(records: list[Json], messages: list[Json], policy: LeakPolicy = POLICY) -> set[What]:
    """Run the check and return the kinds of what it found."""
    return {leak.what for leak in leaks(records, messages, policy)}

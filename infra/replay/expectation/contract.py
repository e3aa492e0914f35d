"""The records contract, version 1, as a table: which field is read how, and which fields cannot all be true.

Written from CONTRACT.md section 1. Must not read a queue body (bodies.py) or decide about anybody.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from infra.replay.expectation.event_contract import EVENT_KINDS, event_of
from infra.replay.expectation.fields import (
    Malformed,
    birth,
    collar,
    day,
    ho_code,
    identifier,
    instant,
    linked,
    marker,
    offence_code,
    perhaps_collar,
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
FLAGS = ("domestic_abuse", "hate_crime", "stalking_harassment", "safeguarding")
MOST_VERSIONS = 10**12
_CHANNEL = word("email", "sms", "letter", "phone")
_TEXTS = several(text())

_ENHANCED = record((), eligible=truth, reasons=_TEXTS, assessed_by=text(), assessed_at=instant)
_SAFETY = record(
    (),
    safe_channels=several(_CHANNEL, as_set=True), do_not_contact=truth, confirmed_at=instant, safe_hours=text(), safe_name=text(),
    voicemail_ok=truth, may_say_police=truth, instructions=text(),
)  # fmt: skip
_REPRESENTATIVE = record(
    (),
    given_name=text(), family_name=text(),
    relationship=word("parent", "guardian", "nominated", "family_spokesperson", "bereaved_relative"),
    email=text(), mobile=text(), address=_TEXTS, linked_to_suspect=truth,
)  # fmt: skip
_VICTIM = record(
    ("id", "kind"),
    id=identifier, kind=word("person", "business", "police_officer"), person_ref=text(), given_name=text(), family_name=text(),
    organisation=text(), contact_name=text(), date_of_birth=birth, deceased=truth, email=text(), mobile=text(), landline=text(),
    address=_TEXTS, preferred_channel=_CHANNEL, language=text(),
    communication_needs=several(
        word("interpreter", "bsl", "easy_read", "large_print", "braille", "does_not_read", "text_relay"), as_set=True
    ),
    enhanced=_ENHANCED, contact_safety=_SAFETY,
    relationship_to_suspect=word("partner", "ex_partner", "family", "household", "acquaintance", "professional", "stranger", "unknown"),
    referral_opt_out=truth, support_consent=truth, requests=text(), representative=_REPRESENTATIVE,
    written_acknowledgement=record((), given_at=instant, method=text()),
    update_agreement=record((), every_days=whole(1, 3650), method=_CHANNEL, next_update_on=planned, declined=truth),
)  # fmt: skip
_NAMED_OFFICER = record((), collar_number=perhaps_collar, name=text(), email=text(), phone=text(), team=text())
_OCCURRENCE = record(
    ("reference", "version", "status", "record_type", "reported_at", "recorded_at", "source", "offences", "flags", "victims"),
    reference=reference, version=whole(1, MOST_VERSIONS), status=word("open", "closed", "cancelled", "transferred"),
    record_type=word("crime", "incident", "n100"), reported_at=instant, recorded_at=instant, occurred_from=instant, occurred_to=instant,
    summary=text(20_000), location=record((), text=text(), district=text()),
    source=word("999", "101", "online", "counter", "officer", "third_party", "professional"),
    offences=several(record(("code",), code=offence_code, ho_code=ho_code, description=text(), principal=truth)),
    flags=record((), **dict.fromkeys(FLAGS, truth)), markers=several(marker, as_set=True), restricted=truth,
    dash_risk=word("high", "medium", "standard"), linked_references=several(linked, as_set=True), officer=_NAMED_OFFICER,
    supervisor=_NAMED_OFFICER, victims=several(_VICTIM),
)  # fmt: skip
_OFFICER = record(
    ("collar_number", "version"),
    collar_number=collar, version=whole(1, MOST_VERSIONS), active=truth, name=text(), email=text(), mobile=text(), phone=text(),
    team=text(), supervisor=perhaps_collar, absent_from=day, absent_until=day, cover=perhaps_collar,
)  # fmt: skip
_ENVELOPE = record(
    ("contract", "kind", "message_id", "sent_at"),
    contract=word("kept-informed/records/v1"), kind=word("occurrence", "officer", *EVENT_KINDS), message_id=identifier, sent_at=instant,
)  # fmt: skip


def content_of(message: Content, now: datetime) -> tuple[str, Content, datetime]:
    """The kind of a message, its content in the form in which two deliveries are compared, and when it was sent; or Malformed."""
    envelope = _ENVELOPE(message, now)
    kind = str(envelope["kind"])
    content = event_of(kind, message, now) if kind in EVENT_KINDS else _kept(kind, message, now)
    return kind, content, envelope["sent_at"]


def _kept(kind: str, message: Content, now: datetime) -> Content:
    """What is kept by its version: an occurrence, or an officer."""
    content: Content = (_OCCURRENCE if kind == "occurrence" else _OFFICER)(message.get(kind), now)
    if kind == "occurrence":
        if not set(FLAGS) <= message[kind]["flags"].keys():
            raise Malformed
        _consistent(content)
    elif "absent_from" in content and "absent_until" in content and content["absent_until"] < content["absent_from"]:
        raise Malformed
    return content


def _consistent(occurrence: Content) -> None:
    """Times against each other, ids given once, and an offence in everything but an incident."""
    reported, began, ended = occurrence["reported_at"], occurrence.get("occurred_from"), occurrence.get("occurred_to")
    ids = [victim["id"] for victim in occurrence["victims"]]
    broken = (
        occurrence["recorded_at"] < reported,
        began is not None and began > reported,
        ended is not None and ended > reported,
        began is not None and ended is not None and ended < began,
        len(set(ids)) < len(ids),
        not occurrence["offences"] and occurrence["record_type"] != "incident",
    )
    if any(broken):
        raise Malformed

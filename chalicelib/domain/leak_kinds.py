"""The kinds of leak that the leak check knows, a leak, and a message as the check reads it.

It must not judge anything; a leak carries ids, a kind, field names and a time, never a value of a record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class What(StrEnum):
    """The kinds of leak."""

    AUTOMATIC_MESSAGE_TO_SPECIALIST = "automatic_message_to_specialist"
    AUTOMATIC_MESSAGE_TO_DOUBTFUL = "automatic_message_to_doubtful"
    NO_ROUTE = "no_route"
    HELD_ELSEWHERE = "held_elsewhere"
    DO_NOT_CONTACT = "do_not_contact"
    DETAILS_TO_SERVICE = "details_to_service"
    REFERRAL_WITHOUT_NOTICE = "referral_without_notice"
    UNSAFE_CHANNEL = "unsafe_channel"
    SENT_TO_SUSPECT_LINKED_REPRESENTATIVE = "sent_to_suspect_linked_representative"
    RECIPIENT_UNKNOWN = "recipient_unknown"
    VICTIM_UNKNOWN = "victim_unknown"
    REFERENCE_UNKNOWN = "reference_unknown"
    AUDIENCE_UNKNOWN = "audience_unknown"
    LANGUAGE_NOT_MET = "language_not_met"
    CRIME_DETAIL_IN_SMS = "crime_detail_in_sms"
    PERSONAL_DATA_IN_ENVELOPE = "personal_data_in_envelope"
    DETAILS_TO_PUBLIC = "details_to_public"
    OTHER_PERSON_NAMED = "other_person_named"
    FREE_TEXT = "free_text"
    LEFT_THE_FORCE = "left_the_force"
    DETAIL_IN_TASK = "detail_in_task"


@dataclass(frozen=True)
class Leak:
    """One thing wrong with one message, for one victim where it can be told which."""

    reference: str
    victim_id: str | None
    notification_id: str
    what: What
    reason: str
    accepted_at: str


@dataclass(frozen=True)
class Sent:
    """A message that a provider accepted: the outbox entry, and what is read from it once."""

    message: Mapping[str, Any]
    reference: str
    victim_id: str | None
    audience: str
    channel: str
    at: datetime


# The victim where it can be told which, the kind, and the rule with the fields that it read.
Found = tuple[str | None, What, str]

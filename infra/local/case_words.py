"""Messages in plain words: what each is, what its state means, why it waits.

Must not read anything; what it says of a row, the row says.
"""

from collections.abc import Mapping
from typing import Any

from infra.local.pages import london
from infra.local.plain_words import AUDIENCES, CHANNELS, REASONS, RULES, STATES, TEMPLATES, UNITS, WAITS, named
from infra.local.table_reader import Row

GONE = ("sent", "delivered", "bounced", "complained", "settled_by_person", "unknown", "failed")
"""States of a message that a provider was given, or that will not be."""
DIGEST = "digest"
"""A message about many occurrences, which its lines name."""
NO_MESSAGE = frozenset({"completion", "handover", "out", "recording", "contact"})
"""Rows of the outbox that nobody ever reads as a message."""


def message_title(row: Mapping[str, Any]) -> str:
    """What a message is, to whom and how: "Acknowledgement to the victim by e-mail", "Reminder to officer 2345 by e-mail"."""
    if row.get("message") == DIGEST:
        return f"{named(TEMPLATES, DIGEST)} to {reader(row.get('unit'), row.get('reader'))} by {named(CHANNELS, row.get('channel'))}"
    unit = row.get("unit") if row.get("audience") == "unit" else None
    to = f"the {named({}, unit)}" if unit else named(AUDIENCES, row.get("audience"))
    return f"{named(TEMPLATES, row.get('message'))} to {to} by {named(CHANNELS, row.get('channel'))}"


def reader(unit: str | None, collar_number: str | None) -> str:
    """Who is reminded: "officer 2345", "the inspector", "the supervisors’ role address"."""
    if collar_number:
        return f"{named({}, unit)} {collar_number}"
    return _ROLE_ADDRESSES.get(unit or "") or named(UNITS, unit)


_ROLE_ADDRESSES = {"officer": "the officers’ role address", "supervisor": "the supervisors’ role address"}
"""Where there is nobody of whom to speak in the singular."""


def state_means(row: Mapping[str, Any]) -> str:
    """What the state of a message means; no receipt ever comes for a letter."""
    letters = _OF_LETTERS if row.get("channel") == "letter" else {}
    return letters.get(str(row.get("state"))) or named(STATES, row.get("state"))


_OF_LETTERS = {
    "sent": "it lies ready to be printed and posted",
    "delivered": "it has had its time in the post, and the post has not brought it back",
    "bounced": "the post brought it back",
}


def why_not_yet(row: Mapping[str, Any]) -> str:
    """Why a held message waits, or what a row's reason means; empty where the row gives none."""
    reason = row.get("reason")
    if not reason:
        return ""
    if row.get("state") == "held":
        until = f", until {london(row['open_at'])}" if row.get("open_at") else ""
        return f"Held {named(WAITS, reason)}{until}."
    words = REASONS.get(reason) or RULES.get(reason)
    return f"Because {words[0].lower()}{words[1:].rstrip('.')}." if words else f"The reason given: {named({}, reason)}."


def wanted_line(row: Row) -> str:
    """Which message is wanted, and what keeps it, as long as it has not left."""
    told = [f"Wanted: {message_title(row)}."]
    if row["state"] not in GONE:
        told += [f"{named({}, row['state']).capitalize()}: {state_means(row)}.", why_not_yet(row)]
    return " ".join(part for part in told if part)

"""Rows of an occurrence in plain words: what a message is, what is owed, why something waits, how it was settled.

Must not read anything; what it says of a row, the row says.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.obligations import PAPER
from infra.local.pages import london
from infra.local.plain_words import (
    AUDIENCES,
    CHANNELS,
    OWED,
    PURPOSES,
    REASONS,
    RULES,
    STATES,
    TEMPLATES,
    WAITS,
    deadline_source,
    named,
)
from infra.local.table_reader import Row

GONE = ("sent", "delivered", "bounced", "complained", "settled_by_person", "unknown", "failed")
"""States of a message that a provider was given, or that will not be."""


def message_title(row: Mapping[str, Any]) -> str:
    """What a message is, to whom and how: "Acknowledgement to the victim by e-mail"."""
    unit = row.get("unit") if row.get("audience") == "unit" else None
    to = f"the {named({}, unit)}" if unit else named(AUDIENCES, row.get("audience"))
    return f"{named(TEMPLATES, row.get('message'))} to {to} by {named(CHANNELS, row.get('channel'))}"


def state_means(row: Mapping[str, Any]) -> str:
    """What the state of a message means; no receipt ever comes for a letter."""
    laid = row.get("channel") == "letter" and row.get("state") == "sent"
    return "it lies ready to be printed and posted" if laid else named(STATES, row.get("state"))


def owed_title(row: Row) -> str:
    """What is owed: "A task for a person: look after a specialist case"."""
    return named(OWED, row["kind"]) + (f": {named(PURPOSES, row['purpose'])}" if row.get("purpose") else "")


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


def owed_line(row: Row, messages: Iterable[Row]) -> str:
    """What is owed, until when and by which rule, for whom, what is missing, and how it was met or why it was waived."""
    source = deadline_source(row["rule_id"], row["started_at"]) if row.get("started_at") else ""
    told = [
        f"Owed until {london(row['due_at'])}: {owed_title(row)} ({row['rule_id']}{': ' + source if source else ''}).",
        f"For {named({}, row['unit'])}." if row.get("unit") else "",
        f"Goes to {', '.join(row['destinations'])}." if row.get("destinations") else "",
        f"Missing: {', '.join(row['missing'])}." if row.get("missing") else "",
        _settled(row, messages),
    ]
    return " ".join(part for part in told if part)


def wanted_line(row: Row) -> str:
    """Which message is wanted, and what keeps it, as long as it has not left."""
    told = [f"Wanted: {message_title(row)}."]
    if row["state"] not in GONE:
        told += [f"{named({}, row['state']).capitalize()}: {state_means(row)}.", why_not_yet(row)]
    return " ".join(part for part in told if part)


def _settled(row: Row, messages: Iterable[Row]) -> str:
    """How an obligation was met, or why it was waived; empty while it is open."""
    if row["state"] == "waived":
        return f"Waived. {why_not_yet(row)}"
    if row["state"] != "met":
        return ""
    if row.get("evidence") == PAPER:
        return "Met: the record says that it was given on paper."
    evidence = next((message for message in messages if message["notification_id"] == row.get("evidence")), None)
    return f"Met by: {message_title(evidence)}, {named({}, evidence['state'])}." if evidence else "Met."

"""What is owed in plain words: what it is, how it stands at a moment, what was done about it, and what met it.

Must not read anything; what it says of a row, the row says.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.deadlines import local_day
from chalicelib.domain.obligations import ASSESSED, PAPER
from infra.local.case_words import why_not_yet
from infra.local.due import moment
from infra.local.key_event_words import EVENT_TYPES
from infra.local.pages import by, london
from infra.local.plain_words import OWED, PURPOSES, UNITS, deadline_source, named

Evidence = Mapping[str, str]
"""What each id that may meet an obligation is, in words: messages by notification id, events by event id."""

ENDED = "never met"
"""How something stands that ended unmet after its deadline: it is not owed any more, and stays on the record."""
STANDINGS = ("open", "late", "breached", "met", "met late", "waived", ENDED)
UNMET = frozenset({"open", "late", "breached"})
_KEPT = {
    PAPER: "the officer’s own paper, as the record says",
    ASSESSED: "the assessment on the record",
}


def standing(state: str, due_at: str, met_at: str | None, reason: str | None, now: str) -> str:
    """How an obligation stands at `now` (as the tables write a time), one of STANDINGS; one whose deadline passed is late even before the
    sweep has said so."""
    if state == "met":
        return "met late" if met_at and moment(met_at) > moment(due_at) else "met"
    if state == "breached":
        return ENDED if reason else "breached"
    return "late" if state == "open" and due_at < now else state


def stands(row: Mapping[str, Any], now: str) -> str:
    """The standing of a whole row."""
    return standing(row["state"], row["due_at"], row.get("met_at"), row.get("reason"), now)


def owed_title(row: Mapping[str, Any]) -> str:
    """What is owed: "A task for a person: look after a specialist case", "News to the victim: somebody was arrested"."""
    about = what_about(row.get("purpose"), row.get("event"))
    return f"{named(OWED, row['kind'])}{about and f': {about}'}{' (proposed, not yet agreed)' if row.get('proposed') else ''}"


def what_about(purpose: str | None, event_type: str | None) -> str:
    """What a task asks for, and the key event that it or any news is about; empty for what is owed without either."""
    event = named(EVENT_TYPES, event_type)
    return f"{named(PURPOSES, purpose)}{event and f' ({event})'}" if purpose else event


def owed_line(row: Mapping[str, Any], evidence: Evidence, now: str) -> str:
    """What is owed, until when and by which rule, for whom, what is missing, and what became of it."""
    source = deadline_source(row["rule_id"], row["started_at"]) if row.get("started_at") else ""
    told = [
        f"Owed by {by(row['due_at'])}: {owed_title(row)} ({row['rule_id']}{': ' + source if source else ''}).",
        f"For {named(UNITS, row['unit'])}." if row.get("unit") else "",
        f"Goes to {', '.join(row['destinations'])}." if row.get("destinations") else "",
        f"Missing: {', '.join(row['missing'])}." if row.get("missing") else "",
        settled(row, evidence, now),
    ]
    return " ".join(part for part in told if part)


def settled(row: Mapping[str, Any], evidence: Evidence, now: str) -> str:
    """How it was met, or why it is not owed any more; empty while it is owed."""
    found = stands(row, now)
    if found in ("met", "met late"):
        when = f" {london(row['met_at'])}" if row.get("met_at") else ""
        return f"Met{' late' if found == 'met late' else ''}{when}, by {met_by(row, evidence)}."
    if found == "waived":
        return f"Waived: not owed any more. {why_not_yet(row)}".rstrip()
    return f"Ended unmet after its deadline. {why_not_yet(row)}".rstrip() if found == ENDED else ""


def met_by(row: Mapping[str, Any], evidence: Evidence) -> str:
    """What met it, in words."""
    found = row.get("evidence") or ""
    return _KEPT.get(found) or evidence.get(found) or "something that is not stored any more"


def done_about(row: Mapping[str, Any], heard: list[str]) -> list[str]:
    """What was done about what is owed: the last try, who took it up, who has `heard` of it."""
    told = [
        f"Last try {london(row['tried_at'])}, nobody reached." if (row.get("tried_at") or "") >= row["started_at"] else "",
        f"Picked up {london(row['picked_up_at'])}." if row.get("picked_up_at") else "",
        f"Escalated to {' and then '.join(heard)}." if heard else "",
        "A message of ours is about to meet it." if row.get("automatic") else "",
    ]
    return [part for part in told if part]


def how_late(due_at: str, now: str) -> str:
    """ "3 days late", by the calendar of London; empty in time."""
    late = days_between(due_at, now)
    if due_at >= now:
        return ""
    return "late" if late < 1 else f"{late} day{'' if late == 1 else 's'} late"


def days_between(first: str, second: str) -> int:
    """Calendar days in London from one instant to another."""
    return (local_day(moment(second)) - local_day(moment(first))).days

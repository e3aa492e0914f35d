"""The story of an occurrence in plain words, in the order in which it happened, and what stands ahead of it.

Must not read anything but the view of the case, nor guess: each line says what a row says.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chalicelib.domain.obligations import PAPER
from infra.local.case_view import CaseView, fired
from infra.local.pages import london
from infra.local.plain_words import (
    AUDIENCES,
    CHANNELS,
    HOLDS,
    OWED,
    PURPOSES,
    REASONS,
    ROUTES,
    RULES,
    STATES,
    TEMPLATES,
    WAITS,
    deadline_source,
    named,
)
from infra.local.received import Version
from infra.local.table_reader import Row

_GONE = ("sent", "delivered", "bounced", "complained", "settled_by_person", "unknown", "failed")
_BAD = ("bounced", "complained", "unknown", "failed", "settled_by_person")


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the story. `at` sorts (UTC); `tone` is good, wait, bad or empty; `seen` leads to the message; `ids` are for debugging."""

    at: str
    title: str
    lines: tuple[str, ...] = ()
    tone: str = ""
    victim: str = ""
    seen: str = ""
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """What happened, oldest first, and what is ahead, soonest first."""

    past: tuple[Event, ...]
    ahead: tuple[Event, ...]


def story(case: CaseView, now: str) -> Story:
    """The story as it stands at `now` (as the tables write a time)."""
    sources: tuple[Callable[[CaseView], Iterator[Event]], ...] = (_versions, _quarantined, _audited, _owed, _wanted, _left, _releases)
    past = [event for source in sources for event in source(case)]
    ahead = [*_leaving(case), *_falling_due(case)]
    # The sort is stable: at one instant a version stands before its decision, and the decision before what it wants.
    return Story(
        tuple(sorted(past, key=lambda event: event.at)),
        tuple(sorted((event for event in ahead if event.at), key=lambda event: (event.at < now, event.at))),
    )


def message_title(row: Row) -> str:
    """What a message is, to whom and how: "Acknowledgement to the victim by e-mail"."""
    to = named(AUDIENCES, row.get("audience"))
    return f"{named(TEMPLATES, row.get('message'))} to {to} by {named(CHANNELS, row.get('channel'))}"


def owed_title(row: Row) -> str:
    """What is owed: "A task for a person: look after a specialist case"."""
    return named(OWED, row["kind"]) + (f": {named(PURPOSES, row['purpose'])}" if row.get("purpose") else "")


def why_not_yet(row: Row) -> str:
    """Why a held message waits, or what its reason means; empty where the row gives none."""
    reason = row.get("reason")
    if not reason:
        return ""
    if row.get("state") == "held":
        until = f", until {london(row['open_at'])}" if row.get("open_at") else ""
        return f"Held {named(WAITS, reason)}{until}."
    words = REASONS.get(reason) or RULES.get(reason) or named({}, reason)
    return f"Because {words[0].lower()}{words[1:].rstrip('.')}."


def _versions(case: CaseView) -> Iterator[Event]:
    recorded = {int(row["version"]): row["at"] for row in case.audit if row["op"] == "recorded" and row.get("version") is not None}
    for version in case.versions:
        if version.number in recorded:
            title, tone = f"Version {version.number} received and recorded", "good"
        else:
            title, tone = f"Version {version.number} received late: a newer one stands, so only its specialist signs count", "wait"
        yield Event(version.at, title, _about(version), tone)
    archived = {version.number for version in case.versions}
    for number, at in recorded.items():
        if number not in archived:
            yield Event(at, f"Version {number} recorded", ("It is not in the archive.",), "bad")


def _about(version: Version) -> tuple[str, ...]:
    told = version.record.get("occurrence") or {}
    offences = [f"{o.get('code') or 'unknown class'} {o.get('description') or ''}".strip() for o in told.get("offences") or ()]
    victims = len(told.get("victims") or ())
    first = f"{named({}, told.get('record_type'))}, {told.get('status')}: {'; '.join(offences) or 'no offence named'}."
    named_victims = f"{victims} victim{'' if victims == 1 else 's'} named"
    second = f"Reported {london(told.get('reported_at'))} by {named({}, told.get('source'))}; {named_victims}."
    changed = (f"Changed: {'; '.join(version.changes)}.",) if version.changes else ()
    return (first[:1].upper() + first[1:], second, *changed)


def _quarantined(case: CaseView) -> Iterator[Event]:
    for row in case.quarantined:
        faults = tuple(f"{path}: {reason}" for path, reason in row.get("faults", ()))
        title = "A record could not be read and went to quarantine; what was pending is held"
        yield Event(str(row.get("received_at")), title, faults, "bad", ids=(f"quarantine {row.get('quarantine_id')}",))


def _audited(case: CaseView) -> Iterator[Event]:
    """Decisions and whatever else the audit tells that no other row tells better."""
    told = {row["notification_id"] for row in case.messages if row.get("sent_at")}
    current = {victim.victim_id: victim for victim in case.victims}
    for row in case.audit:
        victim = str(row.get("victim_id") or "")
        if row["op"] == "decided":
            rule = str(row.get("rule") or "")
            why = fired(rule.partition("@")[0])
            lines = [why.meaning, f"Rule {rule}. Source: {why.source}" if why.source else f"Rule {rule}."]
            part = current.get(victim)
            if part and part.rule == why:
                lines.append(named(HOLDS, part.decision.get("hold")) if part.decision.get("hold") else "")
                yield Event(row["at"], f"Decided: {_route(part.decision.get('route'))}", _said(lines), "", victim)
            else:
                yield Event(row["at"], "Decided", _said(lines), "", victim)
        elif row["op"] not in ("recorded", "released") and row.get("notification_id") not in told:
            facts = [f"{name}: {row[name]}" for name in ("recipient", "detail", "actor", "version") if row.get(name)]
            yield Event(row["at"], named({}, row["op"]).capitalize(), _said(facts), "", victim, ids=(f"entry {row.get('entry_id')}",))


def _route(route: object) -> str:
    words = named(ROUTES, route)
    return words[0].lower() + words[1:]


def _said(lines: list[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if line)


def _owed(case: CaseView) -> Iterator[Event]:
    for row in case.obligations:
        source = deadline_source(row["rule_id"], row["started_at"]) if row.get("started_at") else ""
        lines = [f"Due {london(row['due_at'])} by {row['rule_id']}{': ' + source if source else ''}."]
        lines += [f"For {named({}, row['unit'])}."] if row.get("unit") else []
        lines += [f"Goes to {', '.join(row['destinations'])}."] if row.get("destinations") else []
        lines += [f"Missing: {', '.join(row['missing'])}."] if row.get("missing") else []
        lines += [_settled(case, row)]
        begun = str(row.get("created_at") or row.get("started_at") or row["due_at"])
        yield Event(begun, f"Owed: {owed_title(row)}", _said(lines), "", _victim(row), ids=(f"obligation {row['obligation_id']}",))


def _settled(case: CaseView, row: Row) -> str:
    """How an obligation was met, or why it was waived; empty while it is open."""
    if row["state"] == "waived":
        return f"Waived. {why_not_yet(row)}"
    if row["state"] != "met":
        return ""
    if row.get("evidence") == PAPER:
        return "Met: the record says that it was given on paper."
    evidence = next((message for message in case.messages if message["notification_id"] == row.get("evidence")), None)
    return f"Met by: {message_title(evidence)}, {named({}, evidence['state'])}." if evidence else "Met."


def _victim(row: Row) -> str:
    return str(row.get("victim_id") or "")


def _wanted(case: CaseView) -> Iterator[Event]:
    for row in case.messages:
        title = f"Wanted: {message_title(row)}"
        lines = (
            [] if row["state"] in _GONE else [f"{named({}, row['state']).capitalize()}: {named(STATES, row['state'])}.", why_not_yet(row)]
        )
        yield Event(row["created_at"], title, _said(lines), "", _victim(row), ids=(f"notification {row['notification_id']}",))


def _left(case: CaseView) -> Iterator[Event]:
    for row in case.messages:
        if row["state"] not in _GONE:
            continue
        tone = "bad" if row["state"] in _BAD else "good"
        seen = row["seen"][-1] if row["seen"] else ("", "")
        attempts = int(row.get("attempts") or 0)
        state = named({}, row["state"])
        lines = [f"Now {state}: {named(STATES, row['state'])}.", why_not_yet(row)]
        lines += [f"{attempts} attempts."] if attempts > 1 else []
        lines += [f"Accepted {len(row['seen'])} times by the provider."] if len(row["seen"]) > 1 else []
        at = str(row.get("sent_at") or seen[1] or row["created_at"])
        title = f"{'Sent' if row.get('sent_at') else state.capitalize()}: {message_title(row)}"
        ids = [f"notification {row['notification_id']}", f"provider {row['provider_ref']}" if row.get("provider_ref") else ""]
        yield Event(at, title, _said(lines), tone, _victim(row), seen[0], _said(ids))


def _releases(case: CaseView) -> Iterator[Event]:
    for release in case.head.get("releases") or ():
        title = f"The specialist hold was released by {release.get('by')}"
        yield Event(str(release.get("at")), title, _said([f"Reason: {release.get('reason')}"]), "good", str(release.get("victim_id") or ""))


def _leaving(case: CaseView) -> Iterator[Event]:
    for row in case.messages:
        if row["state"] in ("held", "pending", "sending", "unknown"):
            why = why_not_yet(row)
            title = f"{message_title(row)}: {'may leave then' if row.get('open_at') else 'waits'}"
            yield Event(str(row.get("open_at") or "~"), title, _said([why]), "wait", _victim(row))


def _falling_due(case: CaseView) -> Iterator[Event]:
    for row in case.obligations:
        if row["state"] == "open":
            yield Event(row["due_at"], f"Due: {owed_title(row)}", (), "wait", _victim(row))

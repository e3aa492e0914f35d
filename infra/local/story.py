"""The story of an occurrence in plain words, in the order in which it happened, and what stands ahead of it.

Must not read anything but the view of the case, nor guess: each line says what a row says.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from chalicelib.domain.events import KEPT_KINDS
from chalicelib.domain.reminders import Listed
from infra.local.case_owed import evidence_of
from infra.local.case_view import CaseView, fired
from infra.local.case_words import GONE, message_title, state_means, wanted_line, why_not_yet
from infra.local.duty import Duty
from infra.local.owed_words import owed_line
from infra.local.pages import london
from infra.local.plain_words import HOLDS, ROUTES, named, route_of
from infra.local.received import Version
from infra.local.story_event import Event, said, victim_of
from infra.local.story_owed import agreed, announced, heard, passed, reminded
from infra.local.story_owed import ahead as owed_ahead
from infra.local.table_reader import Row

_SECOND = len("2026-11-20T09:00:00")
"""As far as times are compared: some are stored to the second, some with its fractions."""
_BAD = ("bounced", "complained", "unknown", "failed", "settled_by_person")


@dataclass(frozen=True, slots=True)
class Story:
    """What happened, oldest first, and what is ahead, soonest first: what is overdue comes last, since it is no step any more."""

    past: tuple[Event, ...]
    ahead: tuple[Event, ...]


def story(case: CaseView, now: str, duty: Duty, listed: Listed) -> Story:
    """The story as it stands at `now` (as the tables write a time), by the rules and with the directory of the force."""
    sources: tuple[Callable[[CaseView], Iterator[Event]], ...] = (
        _versions,
        _quarantined,
        _audited,
        agreed,
        heard,
        lambda case: _followed(case, now),
        _left,
        _releases,
        lambda case: passed(case, duty, now),
        lambda case: reminded(case, duty),
        announced,
    )
    past = [event for source in sources for event in source(case)]
    ahead = [*_leaving(case), *owed_ahead(case, duty, listed, now)]
    # The sort is stable: at one instant a version stands before its decisions, and a decision before what follows from it.
    return Story(
        tuple(sorted(past, key=lambda event: (event.at[:_SECOND], event.victim))),
        tuple(sorted(ahead, key=lambda event: (event.at < now, event.at))),
    )


def _versions(case: CaseView) -> Iterator[Event]:
    recorded = {int(row["version"]): row["at"] for row in case.audit if row["op"] == "recorded" and row.get("version") is not None}
    for version in case.versions:
        if version.number in recorded:
            # By the clock of its decisions, which began a moment before the archive had it.
            yield Event(recorded[version.number], f"Version {version.number} received and recorded", _about(version), "good")
        else:
            title = f"Version {version.number} received late: a newer one stands, so only its specialist signs count"
            yield Event(version.at, title, _about(version), "wait")
    for number in recorded.keys() - {version.number for version in case.versions}:
        yield Event(recorded[number], f"Version {number} recorded", ("It is not in the archive.",), "bad")


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


_TOLD = frozenset({"recorded", "released", *KEPT_KINDS})
"""Audit lines of what versions, releases and events tell themselves."""


def _audited(case: CaseView) -> Iterator[Event]:
    """Decisions, and whatever else the audit tells that no other row tells better."""
    told = {row["notification_id"] for row in case.messages if row.get("sent_at")}
    for row in case.audit:
        if row["op"] == "decided":
            yield _decided(case, row)
        elif row["op"] not in _TOLD and row.get("notification_id") not in told:
            facts = [f"{name}: {row[name]}" for name in ("recipient", "detail", "actor", "version") if row.get(name)]
            title = named({}, row["op"]).capitalize()
            yield Event(row["at"], title, tuple(facts), "", victim_of(row), ids=(f"entry {row.get('entry_id')}",))


def _decided(case: CaseView, row: Row) -> Event:
    rule = str(row.get("rule") or "")
    why = fired(rule.partition("@")[0])
    current = next((victim for victim in case.victims if victim.victim_id == row.get("victim_id") and victim.rule == why), None)
    route = current.decision.get("route") if current else route_of(why.rule_id)
    hold = current.decision.get("hold") if current else None
    words = named(ROUTES, route)
    lines = [f"{why.meaning} Rule {rule}.", f"Source: {why.source}." if why.source else "", named(HOLDS, hold) if hold else ""]
    return Event(row["at"], f"Decided: {words[:1].lower()}{words[1:]}" if route else "Decided", said(lines), "", victim_of(row))


def _followed(case: CaseView, now: str) -> Iterator[Event]:
    """What came to be owed and wanted at one instant for one victim, together."""
    evidence = evidence_of(case)
    lines: dict[tuple[str, str], list[str]] = defaultdict(list)
    ids: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in case.obligations:
        key = (str(row.get("created_at") or row.get("started_at") or row["due_at"]), victim_of(row))
        lines[key].append(owed_line(row, evidence, now))
        ids[key].append(f"obligation {row['obligation_id']}")
    for row in case.messages:
        key = (row["created_at"], victim_of(row))
        lines[key].append(wanted_line(row))
        ids[key].append(f"notification {row['notification_id']}")
    for (at, victim), told in lines.items():
        yield Event(at, "What follows", tuple(told), "", victim, ids=tuple(ids[at, victim]))


def _left(case: CaseView) -> Iterator[Event]:
    for row in case.messages:
        if row["state"] not in GONE:
            continue
        seen = row["seen"][-1] if row["seen"] else ("", "")
        attempts = int(row.get("attempts") or 0)
        state = named({}, row["state"])
        lines = [
            f"Now {state}: {state_means(row)}.",
            why_not_yet(row),
            f"{attempts} attempts." if attempts > 1 else "",
            f"Accepted {len(row['seen'])} times by the provider." if len(row["seen"]) > 1 else "",
        ]
        # What nobody can know to have left was tried until its lease ran out.
        at = str(row.get("sent_at") or seen[1] or row.get("lease_until") or row["created_at"])
        title = f"{'Sent' if row.get('sent_at') else state.capitalize()}: {message_title(row)}"
        ids = [f"notification {row['notification_id']}", f"provider {row['provider_ref']}" if row.get("provider_ref") else ""]
        yield Event(at, title, said(lines), "bad" if row["state"] in _BAD else "good", victim_of(row), seen[0], said(ids))


def _releases(case: CaseView) -> Iterator[Event]:
    for release in case.head.get("releases") or ():
        title = f"The specialist hold was released by {release.get('by')}"
        yield Event(str(release.get("at")), title, (f"Reason: {release.get('reason')}",), "good", str(release.get("victim_id") or ""))


def _leaving(case: CaseView) -> Iterator[Event]:
    for row in case.messages:
        if row["state"] in ("held", "pending", "sending", "unknown"):
            title = f"{message_title(row)}: {'may leave then' if row.get('open_at') else 'waits'}"
            # Without a time of its own it sorts behind everything that has one.
            yield Event(str(row.get("open_at") or "~"), title, said([why_not_yet(row)]), "wait", victim_of(row))

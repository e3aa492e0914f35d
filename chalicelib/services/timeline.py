"""Everything that happened in one occurrence, for a person: the timeline, what is owed now, the agreements and the holds.

Must not decide or change anything, or show more than `domain/timeline.py` does. That somebody looked is logged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime

from chalicelib.domain import timeline
from chalicelib.domain.case import Case
from chalicelib.domain.delivery import Notification
from chalicelib.domain.events import EVENT_KIND, Event
from chalicelib.domain.model import Unit
from chalicelib.domain.obligations import Agreement, Obligation
from chalicelib.domain.timeline import Entry, plain, somebody
from chalicelib.services.consultations import CONSULTED, Look, consulted
from chalicelib.services.digest_rows import digests_of
from chalicelib.services.ports import AuditEntry, Cases, Officers

_TOLD = frozenset(EVENT_KIND.values())
_ELSEWHERE = _TOLD | {"disclosed", CONSULTED}
"""Log lines of what the events and the messages say themselves."""
_MACHINES = frozenset({"system", "records_system"})


class Timeline:
    """The use case behind `make ops case`."""

    def __init__(self, cases: Cases, officers: Officers, holidays: Collection[date]) -> None:
        self._cases = cases
        self._officers = officers
        self._holidays = holidays

    def shown_to(self, look: Look, reference: str, now: datetime) -> list[str] | None:
        """The lines, for whoever looks: that they did is logged (DPA 2018, section 62), and is no part of what happened."""
        lines = self.lines(reference)
        if lines is not None:
            consulted(self._cases, [reference], look, "timeline", now)
        return lines

    def lines(self, reference: str) -> list[str] | None:
        """The occurrence in lines; None where nothing is known of it."""
        case = self._cases.load(reference)
        audit = self._cases.audit_of(reference)
        if case.head.revision == 0 and not audit:
            return None
        owed, agreements = self._cases.obligations_of(reference), self._cases.agreements_of(reference)
        entries = self._entries(case, audit, owed, agreements)
        return [
            *_title(case),
            *_section("What happened (times of London)", [f"{timeline.shown(one.at)}  {one.words}" for one in entries]),
            *_section("Owed now", timeline.owed_now(owed)),
            *_section("Update agreements", [timeline.agreement_now(agreement) for agreement in agreements]),
            *_section("Holds", timeline.holds(case.head)),
        ]

    def _entries(self, case: Case, audit: list[AuditEntry], owed: list[Obligation], agreements: list[Agreement]) -> list[Entry]:
        """By time; of one instant the log first, then what was told, what is owed by that, and what left."""
        messages = self._cases.outbox_of(case.head.reference)
        told = {event.event_id for event in case.events}
        heard_at = {entry.detail: entry.at for entry in audit if entry.op in _TOLD and entry.detail}
        entries = [
            *_logged(audit),
            *timeline.of_late_versions(case.head, [entry.version for entry in audit if entry.op == "recorded"]),
            *timeline.of_events(case.events, heard_at, owed),
            *(entry for agreement in agreements for entry in timeline.of_agreement(agreement, told)),
            *timeline.of_obligations(owed, _evidence(case.events, messages), self._holidays),
            *timeline.of_messages(messages, owed),
            *timeline.of_reminders(self._digests(audit, owed), case.head.reference, owed),
        ]
        return sorted(entries, key=lambda entry: entry.at)

    def _digests(self, audit: list[AuditEntry], owed: list[Obligation]) -> list[Notification]:
        """Digests of everybody who may have been reminded: the officers and supervisors of the case, whoever stands in, and the roles."""
        named = {collar for row in owed for collar in (row.officer, row.supervisor) if collar}
        named |= {entry.detail for entry in audit if entry.op == "recorded" and entry.detail}
        entries = [entry for collar in sorted(named) if (entry := self._officers.get(collar))]
        named |= {collar for entry in entries for collar in (entry.cover, entry.supervisor) if collar}
        return [row for name in sorted({*named, *Unit}) for row in self._cases.outbox_of(digests_of(name))]


def _title(case: Case) -> Iterator[str]:
    yield f"{case.head.reference}  version {case.head.version}" + ("  HELD: a version is quarantined" if case.head.suspension else "")
    for key, part in sorted(case.parts.items()):
        decision = part.decision
        route = f"{decision.route} by {decision.rule_id}@{decision.rule_version}" if decision else "not decided"
        yield f"  victim {key}: {'removed' if part.removed else route}"


def _section(title: str, lines: list[str]) -> list[str]:
    return [title, *(f"  {line}" for line in lines or ["nothing"])]


def _logged(audit: Iterable[AuditEntry]) -> Iterator[Entry]:
    """A version is recorded before it is decided, though the log holds both of one instant. Its officer is named where it is another."""
    officer = None
    for entry in sorted(audit, key=lambda entry: (entry.at, entry.op != "recorded")):
        if entry.op == "recorded" and entry.detail != officer:
            officer = entry.detail
            yield Entry(entry.at, f"officer in the case: {officer or 'nobody'}")
        if entry.op not in _ELSEWHERE:
            version = f" version {entry.version}" if entry.version is not None else ""
            whom = f" for {entry.victim_id}" if entry.victim_id else ""
            rule = f" by {entry.rule}" if entry.rule else ""
            actor = f" by {somebody(entry.actor)}" if entry.actor not in _MACHINES else ""
            yield Entry(entry.at, f"{plain(entry.op)}{version}{whom}{rule}{actor}")


def _evidence(events: Iterable[Event], messages: Iterable[Notification]) -> dict[str, str]:
    """What may meet an obligation, by its id, in words."""
    of_events = {event.event_id: plain(EVENT_KIND[type(event)]) for event in events}
    return of_events | {row.notification_id: f"the {plain(row.template)} by {row.channel}" for row in messages}

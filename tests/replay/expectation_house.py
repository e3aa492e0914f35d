"""A replay played through the real use cases over fakes, wave by wave, with the mailboxes of the stand-ins; and its funnel.

Must not import the expectation: what comes out here is compared with it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from chalicelib.domain.delivery import Notification, State
from chalicelib.domain.errors import PermanentSendError
from chalicelib.domain.events import InvestigationEvent
from chalicelib.domain.figures import figures
from chalicelib.domain.messages import Sms, Template
from chalicelib.domain.obligations import Kind, Obligation
from chalicelib.schemas.records import Parsed, Rejected, parse_record
from chalicelib.services.deliver import Deliver
from chalicelib.services.messages_out import MessagesOut
from chalicelib.services.pause_sending import WhatIsPaused
from chalicelib.services.publish_out import PublishOut
from chalicelib.services.quarantine_record import Refused
from chalicelib.services.record_occurrence import Arrived
from chalicelib.services.route_messages import RouteMessages
from chalicelib.services.send_once import Senders, SendOnce
from infra.local import ses_events, sms_events
from infra.replay.evenings import evening_after
from infra.replay.event_funnel import News, counted, named_by_source, tree
from infra.replay.feeding import ENDS
from infra.replay.funnel import tidy
from infra.replay.tasks import named
from tests.fakes import FakeSmsSender
from tests.house import House

Line = dict[str, Any]
_BY_MAIL = {
    "bounce": [(State.SENT, False), (State.BOUNCED, True)],
    "suppressionlist": [(State.SENT, False), (State.BOUNCED, True)],
    "complaint": [(State.SENT, False), (State.DELIVERED, False), (State.COMPLAINED, True)],
    "silent": [],
    "late": [],
}
_BY_TEXT = {
    sms_events.INVALID: [(State.SENT, False), (State.BOUNCED, True)],
    sms_events.UNREACHABLE: [(State.SENT, False), (State.BOUNCED, False)],
    sms_events.BLOCKED: [(State.SENT, False), (State.BOUNCED, True)],
    sms_events.SILENT: [],
    sms_events.LATE: [],
}
_DELIVERED = [(State.SENT, False), (State.DELIVERED, False)]
_UNCOUNTED = {Template.COMPLETION, Template.DIGEST, Template.HANDOVER, Template.OUT}
"""Rows that are no message about one case to its reader."""
_MOST_TURNS = 50
"""Sweeps of one instant after which something that is due does not get done."""


class _Network:
    """The fake's, but for the one number that refuses at once."""

    def __init__(self, sms: FakeSmsSender) -> None:
        self._sms = sms

    def send(self, sms: Sms) -> str:
        if sms.to == sms_events.REFUSED:
            raise PermanentSendError("ConflictException:DESTINATION_PHONE_NUMBER_OPTED_OUT", dead_address=True)
        return self._sms.send(sms)


class Replayed:
    """A House that a replay runs through."""

    def __init__(self, now: datetime, seed: int = 0, *, prompt: bool = True) -> None:
        """`prompt`: receipts come at once, otherwise when nothing more is to be sent."""
        self.house = House(now)
        self._prompt = prompt
        self._turn = 0
        self.world = w = self.house.world
        decider = self.house.decider
        messages = MessagesOut(
            w.officers, w.renderer, w.documents, self.house.profile, self.house.pages, w.messages, self.house.victims, w.codes
        )
        sender = SendOnce(w.cases, w.points, w.queues, decider, Senders(w.email, _Network(w.sms), w.letters))
        routes = RouteMessages(w.cases, w.messages, self.house.event, self.house.answers)
        self.house.deliver = Deliver(
            w.cases, w.queues, decider, self.house.record, messages, sender, self.house.receipts,
            self.house.digests, self.house.hand, PublishOut(w.cases, w.topic), self.house.recording, routes, self.house.answers, w.points,
            WhatIsPaused(w.pauses, w.cases, w.clock),
        )  # fmt: skip
        self.outcomes: Counter[str] = Counter()
        self.fed: list[Line] = []
        self.accepted: Counter[tuple[str, str, str]] = Counter()
        self._shuffle = random.Random(seed)
        self._letters: set[str] = set()
        self._seen = [0, 0]

    def play(self, lines: Iterable[Line], ends: int = ENDS) -> None:
        """Every evening, until so many days after the first; the order within a wave is shuffled, since it never matters."""
        messages, first = list(lines), self.house.now
        for day in sorted({0, *(line["day"] for line in messages)}):
            self._until(evening_after(first, day))
            waves: dict[int, list[Line]] = {}
            for line in messages:
                if line["day"] == day:
                    waves.setdefault(line["wave"], []).append(line)
            for _, wave in sorted(waves.items()):
                self._shuffle.shuffle(wave)
                for line in filter(None, map(self._named, wave)):
                    self._arrive(line["body"])
                    self.fed.append(line)
                self._quiet()
        self._until(evening_after(first, ends))

    def _named(self, line: Line) -> Line | None:
        """The line as it goes: whoever does a task knows its id by then."""
        if "task_of" not in line:
            return line
        owed = self.world.cases.obligations_of(line["task_of"]["reference"])
        return named(line, [asdict(row) for row in owed])

    def _arrive(self, body: str) -> None:
        now = self.house.now
        parsed = parse_record(body, now=now, allow_reserved=True)
        if isinstance(parsed, Rejected):
            faults = tuple((fault.path, fault.reason) for fault in parsed.faults)
            self._quarantine(body, Refused(faults, parsed.reference, parsed.version, parsed.kind, parsed.people))
            return
        outcome = self._record(parsed, now)
        if outcome == "conflict":
            version = parsed.occurrence.version if parsed.occurrence else None
            self._quarantine(
                body, Refused((("version", "equal with other content"),), parsed.reference, version, parsed.kind, parsed.people)
            )
            return
        self.outcomes["recorded" if outcome == "recorded" else "stale"] += 1

    def _record(self, parsed: Parsed, now: datetime) -> str:
        if parsed.officer is not None:
            return self.house.officer.record(parsed.officer, parsed.content_hash, parsed.canonical, now)
        if parsed.event is not None:
            return self.house.event.record(parsed.event, parsed.content_hash, now)
        assert parsed.occurrence is not None
        return self.house.record.record(Arrived(parsed.occurrence, parsed.content_hash, parsed.canonical, parsed.sent_at), now)

    def _quarantine(self, body: str, refused: Refused) -> None:
        new = self.house.quarantine.quarantine(body.encode("utf-8", "surrogatepass"), refused, self.house.now)
        self.outcomes["quarantined" if new else "stale"] += 1

    def _quiet(self) -> None:
        """Hints and receipts until there are none."""
        while ids := self.world.queues.take():
            for notification_id in ids:
                self._turn += 1
                self.house.deliver.deliver(notification_id, f"worker-{self._turn}", self.house.now)
                if self._prompt:
                    self._receipts()
            if not self.world.queues.dispatched:
                self._receipts()

    def _until(self, end: datetime) -> None:
        """Through every instant at which something is due, as the local machine's clock goes."""
        turns = 0
        while (due := self._next_due()) is not None and due <= end:
            turns = turns + 1 if due <= self.house.now else 0
            assert turns < _MOST_TURNS, "something stays due"
            self.world.clock.set(max(due, self.house.now))
            self.house.sweep.sweep(self.house.now)
            self._quiet()
        self.world.clock.set(end)

    def _next_due(self) -> datetime | None:
        cases = self.world.cases
        rows = (row.open_at for row in cases.rows.values() if row.open_at)
        return min((*rows, *(owed.next_at for owed in cases.owed.values() if owed.next_at)), default=None)

    def _receipts(self) -> None:
        emails, texts, letters = self.world.email.sent, self.world.sms.sent, self.world.letters.letters
        owed = [(mail.notification_id, _BY_MAIL.get(ses_events.behaviour(mail.to), _DELIVERED)) for mail in emails[self._seen[0] :]]
        owed += [(text.notification_id, _BY_TEXT.get(text.to, _DELIVERED)) for text in texts[self._seen[1] :]]
        posted = [key for key in letters if key not in self._letters]
        self._seen = [len(emails), len(texts)]
        self._letters.update(posted)
        for key in [*(key for key, _ in owed), *posted]:
            row = self.world.cases.rows[key]
            if row.template not in _UNCOUNTED:
                self.accepted[row.audience, row.channel, row.template] += 1
        for key, receipts in owed:
            for state, permanent in receipts:
                self.house.receive(key, state, permanent=permanent)

    def funnel(self) -> dict[str, Any]:
        """Its counts, in the shape of the runner's."""
        cases = self.world.cases
        rows = [row for row in cases.rows.values() if row.template not in _UNCOUNTED]
        heads = {name: head for name, head in cases.heads.items() if head.version}
        parts = {name: [part for part in cases.parts.get(name, {}).values() if not part.removed] for name in heads}
        victims = [part for present in parts.values() for part in present]
        decisions = [part.decision for part in victims if part.decision]
        routed = [part for part in victims if part.decision and part.decision.automatic]
        held = tree((decision.hold, decision.rule_id) for decision in decisions if decision.hold)
        document = {
            "records": {"in": self.outcomes.total(), **{name: self.outcomes[name] for name in ("recorded", "stale", "quarantined")}},
            "occurrences": len(heads),
            "victims": len(victims),
            "routes": tree(
                [
                    *((decision.route, decision.rule_id) for decision in decisions),
                    *(("no_route", "no-victim") for present in parts.values() if not present),
                ]
            ),
            "held": held | {"messages": tree((row.reason or "None",) for row in rows if row.state is State.HELD)},
            "messages": tree((row.audience, row.channel, row.template, row.state) for row in rows),
            "accepted": tree(key for key, count in self.accepted.items() for key in [key] * count),
            "referrals": {
                "referred": sum(_referred(row) for row in rows),
                "opted_out": sum(part.victim.referral_opt_out is True for part in routed),
                "not_asked": sum(part.victim.referral_opt_out is None for part in routed),
            },
            "obligations": tree(_figures(cases.owed.values())),
            **counted(
                {key: str(kept.event.type) for key, kept in cases.events.items() if isinstance(kept.event, InvestigationEvent)},
                heads,
                (_told(owed, cases.rows) for owed in cases.owed.values() if owed.kind is Kind.EVENT),
                named_by_source(self.fed),
            ),
            "tasks": tree((item.unit, item.purpose, item.state) for item in cases.owed.values() if item.unit and item.purpose),
        }
        return tidy(document)


def _referred(row: Notification) -> bool:
    return row.template is Template.REFERRAL and row.state in {State.SENT, State.DELIVERED}


def _told(owed: Obligation, rows: Collection[str]) -> News:
    figure = str(owed.state)
    if owed.met_at is not None:
        figure = "met_in_time" if owed.met_at <= owed.due_at else "met_late"
    return News((owed.reference, owed.begun_by or ""), figure, owed.evidence in rows)


def _figures(owed: Iterable[Obligation]) -> Iterator[tuple[str, ...]]:
    """Kind, route, district, agreed or proposed and what became of it, as the product itself counts."""
    for (group, outcome), number in figures("all", owed).counts.items():
        yield from [(group.kind, group.route, group.district, group.agreement, outcome)] * number

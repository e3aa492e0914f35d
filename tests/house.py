"""The use cases over a World of fakes, with the real renderer and documents on request; what tests of services and stories stand on.

Must not decide anything: it composes as bootstrap does.
"""

from __future__ import annotations

import json
import tomllib
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from chalicelib.adapters.documents import TypstDocuments
from chalicelib.adapters.rendering import JinjaRenderer
from chalicelib.domain.delivery import Receipt, State
from chalicelib.domain.messages import Email, Letter, Sms
from chalicelib.domain.profile import Profile
from chalicelib.domain.situation import Standing
from chalicelib.schemas.records import Parsed, Rejected, parse_archived, parse_record
from chalicelib.services.attempts import Attempt
from chalicelib.services.decide import Decider
from chalicelib.services.deliver import Deliver
from chalicelib.services.digests import Digests
from chalicelib.services.hand_over import HandOver
from chalicelib.services.messages_out import MessagesOut
from chalicelib.services.officer_pages import OfficerPages
from chalicelib.services.publish_out import PublishOut
from chalicelib.services.quarantine_record import QuarantineRecord, Refused
from chalicelib.services.record_event import RecordEvent
from chalicelib.services.record_occurrence import Arrived, RecordOccurrence
from chalicelib.services.record_officer import RecordOfficer
from chalicelib.services.release_hold import ReleaseHold
from chalicelib.services.send_once import Senders, SendOnce
from chalicelib.services.sweep import Sweep
from chalicelib.services.take_receipt import TakeReceipt
from tests.fakes import World

PROFILE_FILE = Path(__file__).parent.parent / "chalicelib" / "profiles" / "derbyshire.toml"


def derbyshire() -> Profile:
    return TypeAdapter(Profile).validate_python(tomllib.loads(PROFILE_FILE.read_text()))


@lru_cache(maxsize=2048)
def parsed_once(body: str, now: datetime) -> Parsed | Rejected:
    """Parsing is pure, and stories are played many times over."""
    return parse_record(body, now=now, allow_reserved=True)


class House:
    """A whole Kept Informed in memory: `arrive` puts a record in, `run` delivers what is due, `later` moves the clock and sweeps."""

    def __init__(self, now: datetime, *, real_words: bool = False, profile: Profile | None = None) -> None:
        self.world = World(now, parse=lambda text: parse_archived(text, allow_reserved=True).occurrence)
        w = self.world
        renderer = JinjaRenderer() if real_words else w.renderer
        documents = TypstDocuments() if real_words else w.documents
        self.profile = profile or derbyshire()
        standing = Standing(self.profile, w.calendar.bank_holidays(), frozenset({"en"}))
        self.decider = Decider(w.cases, w.points, w.queues, standing)
        self.record = RecordOccurrence(w.cases, w.archive, w.queues, self.decider)
        self.officer = RecordOfficer(w.officers, w.cases, w.archive, w.queues, standing)
        self.quarantine = QuarantineRecord(w.cases, w.quarantine, w.queues, self.decider)
        self.pages = OfficerPages(w.links, w.revocations, self.profile.reminders, "http://127.0.0.1:8000")
        messages = MessagesOut(w.officers, renderer, documents, self.profile, self.pages)
        senders = Senders(w.email, w.sms, w.letters)
        self.receipts = TakeReceipt(w.cases, w.queues, self.decider)
        self.event = RecordEvent(w.cases, w.queues, self.decider, self.receipts)
        digests = self.digests = Digests(w.cases, w.officers, standing)
        sender = SendOnce(w.cases, w.points, w.queues, self.decider, senders)
        self.hand = HandOver(w.cases, w.officers, standing)
        outward = PublishOut(w.cases, w.topic)
        self.deliver = Deliver(w.cases, w.queues, self.decider, self.record, messages, sender, self.receipts, digests, self.hand, outward)
        self.sweep = Sweep(w.cases, w.queues, self.decider, digests)
        self.release = ReleaseHold(w.cases, w.queues, self.decider)
        self._turn = 0

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def arrive(self, message: dict[str, Any]) -> str:
        """One delivery of a contract message, as the ingest entrypoint takes it."""
        body = json.dumps(message)
        parsed = parsed_once(body, self.now)
        if isinstance(parsed, Rejected):
            faults = tuple((fault.path, fault.reason) for fault in parsed.faults)
            self.quarantine.quarantine(body.encode(), Refused(faults, parsed.reference, parsed.version, parsed.kind), self.now)
            return "quarantined"
        if parsed.officer is not None:
            return self.officer.record(parsed.officer, parsed.content_hash, parsed.canonical, self.now)
        outcome = self._taken(parsed)
        if outcome == "conflict":
            version = parsed.occurrence.version if parsed.occurrence else None
            field = "version" if parsed.occurrence else "event_id"
            self.quarantine.quarantine(body.encode(), Refused(((field, "other content"),), parsed.reference, version), self.now)
            return "quarantined"
        return outcome

    def _taken(self, parsed: Parsed) -> str:
        if parsed.event is not None:
            return self.event.record(parsed.event, parsed.content_hash, self.now)
        assert parsed.occurrence is not None
        arrived = Arrived(parsed.occurrence, parsed.content_hash, parsed.canonical, parsed.sent_at)
        return self.record.record(arrived, self.now)

    def run(self) -> list[Attempt]:
        """Take hints until none is left."""
        attempts = []
        while ids := self.world.queues.take():
            for notification_id in ids:
                self._turn += 1
                attempts.append(self.deliver.deliver(notification_id, f"worker-{self._turn}", self.now))
        return attempts

    def later(self, by: timedelta) -> list[Attempt]:
        """Move the clock, sweep until nothing is due, deliver."""
        self.world.clock.advance(by)
        attempts = []
        while True:
            swept = self.sweep.sweep(self.now)
            before = len(attempts)
            attempts += self.run()
            if len(attempts) == before or not (swept.due or swept.owed):
                return attempts

    def receive(self, notification_id: str, state: State, *, permanent: bool = False) -> str:
        return self.receipts.take(Receipt(notification_id, state, permanent, "ref", "code", self.now), self.now)

    @property
    def emails(self) -> list[Email]:
        return self.world.email.sent

    @property
    def texts(self) -> list[Sms]:
        return self.world.sms.sent

    @property
    def letters(self) -> list[Letter]:
        return self.world.letters.sent

    def states(self, reference: str) -> dict[str, list[str]]:
        """Template and channel to states, for reading in assertions."""
        found: dict[str, list[str]] = {}
        for row in self.world.cases.outbox_of(reference):
            found.setdefault(f"{row.template}:{row.channel}:{row.audience}", []).append(row.state)
        return found

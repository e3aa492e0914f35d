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
from chalicelib.bootstrap_profile import languages_to_victims
from chalicelib.domain.delivery import Receipt, State
from chalicelib.domain.messages import Email, Letter, Sms
from chalicelib.domain.profile import Profile
from chalicelib.domain.situation import Standing
from chalicelib.schemas.records import Parsed, Rejected, parse_archived, parse_record
from chalicelib.services.answer_messages import AnswerMessages
from chalicelib.services.attempts import Attempt
from chalicelib.services.check_recording import CheckRecording
from chalicelib.services.closed_addresses import ClosedAddresses
from chalicelib.services.contact_desk import ContactDesk
from chalicelib.services.contact_officer import ContactOfficer
from chalicelib.services.decide import Decider
from chalicelib.services.deliver import Deliver
from chalicelib.services.digests import Digests
from chalicelib.services.erase_person import ErasePerson
from chalicelib.services.hand_over import HandOver
from chalicelib.services.hand_over_case import HandOverCase
from chalicelib.services.mark_absence import MarkAbsence
from chalicelib.services.messages_out import MessagesOut
from chalicelib.services.officer_case import OfficerCase
from chalicelib.services.officer_desk import OfficerDesk
from chalicelib.services.officer_messages import OfficerMessages
from chalicelib.services.officer_page import OfficerPage
from chalicelib.services.officer_pages import OfficerPages
from chalicelib.services.officer_update import WriteUpdate
from chalicelib.services.pause_sending import LetGo, PauseSending, WhatIsPaused
from chalicelib.services.publish_out import PublishOut
from chalicelib.services.quarantine_record import QuarantineRecord, Refused
from chalicelib.services.record_event import RecordEvent
from chalicelib.services.record_occurrence import Arrived, RecordOccurrence
from chalicelib.services.record_officer import RecordOfficer
from chalicelib.services.release_hold import ReleaseHold
from chalicelib.services.retain_cases import RetainCases
from chalicelib.services.route_messages import RouteMessages
from chalicelib.services.send_once import Senders, SendOnce
from chalicelib.services.settle_unknown import SettleUnknown
from chalicelib.services.sweep import Sweep
from chalicelib.services.take_receipt import TakeReceipt
from chalicelib.services.victim_case import VictimCase
from chalicelib.services.victim_codes import VictimCodes
from chalicelib.services.victim_page import VictimPage
from chalicelib.services.victim_pages import VictimPages
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

    def __init__(self, now: datetime, *, real_words: bool = False, profile: Profile | None = None, own: Path | None = None) -> None:
        self.world = World(now, parse=lambda text: parse_archived(text, allow_reserved=True).occurrence)
        w = self.world
        renderer = JinjaRenderer(own=own) if real_words else w.renderer
        documents = TypstDocuments(own=own) if real_words else w.documents
        self.profile = profile or derbyshire()
        standing = Standing(self.profile, w.calendar.bank_holidays(), languages_to_victims(renderer))
        self.decider = Decider(w.cases, w.points, w.queues, standing)
        recording = self.recording = CheckRecording(w.cases, self.decider)
        answers = self.answers = AnswerMessages(w.cases, self.decider)
        self.record = RecordOccurrence(w.cases, w.archive, w.queues, self.decider, recording, answers)
        self.officer = RecordOfficer(w.officers, w.cases, w.archive, w.queues, standing)
        self.quarantine = QuarantineRecord(w.cases, w.quarantine, w.queues, self.decider, w.points)
        self.pages = OfficerPages(w.links, w.revocations, self.profile.reminders, "http://127.0.0.1:8000")
        self.victims = VictimPages(w.links, w.revocations, w.codes, self.profile.case_page, "http://127.0.0.1:8000")
        messages = MessagesOut(w.officers, renderer, documents, self.profile, self.pages, w.messages, self.victims, w.codes)
        senders = Senders(w.email, w.sms, w.letters)
        self.receipts = TakeReceipt(w.cases, w.queues, self.decider)
        self.event = RecordEvent(w.cases, w.queues, self.decider, self.receipts, recording, answers)
        of_officer = OfficerCase(w.cases, self.decider)
        self.page = OfficerPage(self.pages, of_officer, self.event, w.cases)
        self.update = WriteUpdate(self.pages, of_officer, self.event, messages, w.queues)
        digests = self.digests = Digests(w.cases, w.officers, standing)
        sender = SendOnce(w.cases, w.points, w.queues, self.decider, senders)
        self.hand = HandOver(w.cases, w.officers, standing)
        outward = PublishOut(w.cases, w.topic)
        routes = RouteMessages(w.cases, w.messages, self.event, answers)
        self.deliver = Deliver(
            w.cases,
            w.queues,
            self.decider,
            self.record,
            messages,
            sender,
            self.receipts,
            digests,
            self.hand,
            outward,
            recording,
            routes,
            answers,
            w.points,
            WhatIsPaused(w.pauses, w.cases, w.clock),
        )
        self.sweep = Sweep(
            w.cases, w.queues, self.decider, digests, recording, answers, LetGo(w.pauses, w.cases, w.queues), w.quarantine, w.dead
        )
        self.pausing = PauseSending(w.pauses, w.cases, w.queues)
        self.contact = ContactOfficer(w.messages, w.limits, w.points, w.queues, self.profile.contact_forms)
        rules = self.profile.case_page
        self.case = VictimCase(self.victims, w.cases, OfficerCase(w.cases, self.decider), self.decider.known, w.points)
        self.codes = VictimCodes(self.case, self.victims, w.cases, self.event, w.limits, w.points, w.codes, rules)
        self.own_page = VictimPage(self.case, self.event, rules)
        self.release = ReleaseHold(w.cases, w.queues, self.decider)
        self.unknown = SettleUnknown(w.cases, w.queues, self.decider, self.receipts)
        self.closed = ClosedAddresses(w.cases, w.points, self.decider)
        self.erasing = ErasePerson(w.cases, w.content, w.messages, w.quarantine)
        self.retaining = RetainCases(w.cases, w.dates, w.content, self.profile.retention.cases)
        self.desk = ContactDesk(w.cases, w.messages, self.event)
        self.messages = OfficerMessages(self.pages, w.cases, self.desk, self.event)
        self.absence = MarkAbsence(w.officers, w.cases, w.queues, standing)
        self.hand_over_case = HandOverCase(w.cases, w.officers, self.event, w.queues)
        self.officer_desk = OfficerDesk(w.cases, w.officers, ContactDesk(w.cases, w.messages, self.event))
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
            refused = Refused(faults, parsed.reference, parsed.version, parsed.kind, parsed.people)
            self.quarantine.quarantine(body.encode(), refused, self.now)
            return "quarantined"
        if parsed.officer is not None:
            return self.officer.record(parsed.officer, parsed.content_hash, parsed.canonical, self.now)
        outcome = self._taken(parsed)
        if outcome in ("conflict", "stripped"):
            version = parsed.occurrence.version if parsed.occurrence else None
            field = "version" if parsed.occurrence else "event_id"
            refused = Refused(((field, "other content"),), parsed.reference, version, people=parsed.people)
            self.quarantine.quarantine(body.encode(), refused, self.now)
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

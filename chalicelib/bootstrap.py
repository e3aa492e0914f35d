"""The composition root: Settings to adapters to use cases, once for each cold start.

Must not decide anything, and must not be imported by what it composes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import cache
from pathlib import Path

from chalicelib.adapters.archive import S3Archive
from chalicelib.adapters.calendar import ShippedCalendar
from chalicelib.adapters.clients import Clients
from chalicelib.adapters.clock import SystemClock
from chalicelib.adapters.contact_messages import DynamoContactMessages
from chalicelib.adapters.contact_points import DynamoContactPoints
from chalicelib.adapters.control import DynamoLimits, DynamoPauses, DynamoRevocations
from chalicelib.adapters.deferred import RendererWhenNeeded
from chalicelib.adapters.documents import TypstDocuments
from chalicelib.adapters.email import SesEmailSender
from chalicelib.adapters.guests import GuestEmailSender, GuestLetterBox, GuestSmsSender
from chalicelib.adapters.letters import S3LetterBox
from chalicelib.adapters.officers import DynamoOfficers
from chalicelib.adapters.offset_clock import DynamoClockOffset, OffsetClock
from chalicelib.adapters.page_codes import DerivedCodes
from chalicelib.adapters.quarantine import DynamoQuarantine
from chalicelib.adapters.queues import SqsQueues
from chalicelib.adapters.repositories import DynamoCases
from chalicelib.adapters.signing import SignedLinks
from chalicelib.adapters.sms import EndUserMessagingSender
from chalicelib.adapters.tables import bind_tables
from chalicelib.adapters.topic import SnsTopic
from chalicelib.bootstrap_operations import operations
from chalicelib.bootstrap_profile import PROFILES, contact_key, forces_folder, languages_to_victims, link_keys, own_words, read_profile
from chalicelib.domain.errors import ConfigurationError, StoreUnavailable
from chalicelib.domain.model import Occurrence
from chalicelib.domain.profile import Profile
from chalicelib.domain.situation import Standing
from chalicelib.schemas.contact_points import email_point
from chalicelib.services.answer_messages import AnswerMessages
from chalicelib.services.check_recording import CheckRecording
from chalicelib.services.closed_addresses import ClosedAddresses
from chalicelib.services.contact_desk import ContactDesk
from chalicelib.services.contact_officer import ContactOfficer
from chalicelib.services.decide import Decider
from chalicelib.services.deliver import Deliver
from chalicelib.services.digests import Digests
from chalicelib.services.erase_person import ErasePerson
from chalicelib.services.figures import MonthlyFigures
from chalicelib.services.hand_over import HandOver
from chalicelib.services.hand_over_case import HandOverCase
from chalicelib.services.leak_check import LeakCheck
from chalicelib.services.mark_absence import MarkAbsence
from chalicelib.services.messages_out import MessagesOut
from chalicelib.services.move_clock import MoveClock
from chalicelib.services.officer_case import OfficerCase
from chalicelib.services.officer_desk import OfficerDesk
from chalicelib.services.officer_messages import OfficerMessages
from chalicelib.services.officer_page import OfficerPage
from chalicelib.services.officer_pages import OfficerPages
from chalicelib.services.officer_update import WriteUpdate
from chalicelib.services.pause_sending import LetGo, PauseSending, WhatIsPaused
from chalicelib.services.person_cases import PersonCases
from chalicelib.services.ports import Archive, Cases, Clock, Queues
from chalicelib.services.publish_out import PublishOut
from chalicelib.services.quarantine_ports import Quarantine
from chalicelib.services.quarantine_record import QuarantineRecord
from chalicelib.services.record_event import RecordEvent
from chalicelib.services.record_occurrence import RecordOccurrence
from chalicelib.services.record_officer import RecordOfficer
from chalicelib.services.redrive import Redrive
from chalicelib.services.release_hold import ReleaseHold
from chalicelib.services.retain_cases import RetainCases
from chalicelib.services.revoke_links import RevokeLinks
from chalicelib.services.route_messages import RouteMessages
from chalicelib.services.seal_audit import SealAudit
from chalicelib.services.send_once import Senders, SendOnce
from chalicelib.services.settle_unknown import SettleUnknown
from chalicelib.services.sweep import Sweep
from chalicelib.services.take_receipt import TakeReceipt
from chalicelib.services.timeline import Timeline
from chalicelib.services.victim_case import VictimCase
from chalicelib.services.victim_codes import VictimCodes
from chalicelib.services.victim_page import VictimPage
from chalicelib.services.victim_pages import VictimPages
from chalicelib.services.watch_leaks import WatchLeaks
from chalicelib.settings import Settings, settings_from


@dataclass(frozen=True, slots=True)
class Container:
    """The use cases of one process, and what operations read directly."""

    settings: Settings
    profile: Profile
    clock: Clock
    cases: Cases
    queues: Queues
    archive: Archive
    quarantined: Quarantine
    record: RecordOccurrence
    record_officer: RecordOfficer
    quarantine: QuarantineRecord
    deliver: Deliver
    record_event: RecordEvent
    receipts: TakeReceipt
    sweep: Sweep
    pausing: PauseSending
    moving: MoveClock | None
    """None in a stage whose clock cannot be moved."""
    unknown: SettleUnknown
    closed: ClosedAddresses
    person: PersonCases
    erasing: ErasePerson
    retaining: RetainCases
    redrive: Redrive
    sealing: SealAudit
    watch: WatchLeaks
    pages: OfficerPages
    officer: OfficerPage
    officer_update: WriteUpdate
    officer_messages: OfficerMessages
    release: ReleaseHold
    leaks: LeakCheck
    figures: MonthlyFigures
    timeline: Timeline
    links: RevokeLinks
    contact: ContactOfficer
    desk: ContactDesk
    officer_desk: OfficerDesk
    absence: MarkAbsence
    hand_over_case: HandOverCase
    victim_case: VictimCase
    victim_codes: VictimCodes
    victim_page: VictimPage

    def tick(self) -> datetime:
        """The time of this invocation: where the stage lets the clock be moved, its offset is read anew."""
        if isinstance(self.clock, OffsetClock):
            self.clock.refresh()
        return self.clock.now()


def load_profile(name: str, *, production: bool, folder: Path = PROFILES) -> Profile:
    """The force's profile. ConfigurationError names the file and what is wrong; in production also a mailbox reserved for examples."""
    profile = read_profile(name, folder=folder)
    if faults := list(unusable_mailboxes(profile, production=production)):
        raise ConfigurationError(f"{name}.toml: {'; '.join(faults)}")
    return profile


def unusable_mailboxes(profile: Profile, *, production: bool) -> Iterator[str]:
    """Each mailbox of the profile that is no address, or in production reserved for examples: its path, and why."""
    given = {
        "email_from": parseaddr(profile.email_from)[1],
        "force.reply_to": profile.force.reply_to,
        "web.data_protection_email": profile.web.data_protection_email,
        "victim_service.email": profile.victim_service.email,
        **{f"roles.{unit}.email": role.email for unit, role in profile.roles.items()},
    }
    for name, address in given.items():
        point = email_point(address, allow_reserved=not production)
        if point and point.problem:
            yield f"{name} is {point.problem}"


def build(settings: Settings) -> Container:
    """Compose everything from `settings`."""
    profile = load_profile(settings.profile, production=settings.production, folder=forces_folder(settings))
    clients = Clients(settings.region, read_timeout=settings.client_read_timeout)
    connection = bind_tables(settings.table_prefix, settings.region, host=settings.endpoint_url, read_timeout=settings.client_read_timeout)
    clock = OffsetClock() if settings.clock_may_be_offset else SystemClock()
    cases = DynamoCases(connection)
    points = DynamoContactPoints(connection, contact_key(settings))
    urls = {"dispatch_url": settings.dispatch_queue_url, "quarantine_url": settings.quarantine_queue_url}
    queues = SqsQueues(clients.sqs, records_url=settings.records_queue_url, **urls)
    archive = S3Archive(clients.s3, bucket=settings.archive_bucket, clock=clock, parse=_archived(settings))
    own = own_words(settings)
    renderer = RendererWhenNeeded(own=own)
    officers = DynamoOfficers()
    quarantined = DynamoQuarantine(clients.s3, bucket=settings.quarantine_bucket, kept=profile.retention.quarantine)
    standing = Standing(profile, ShippedCalendar().bank_holidays(), languages_to_victims(renderer))
    decider = Decider(cases, points, queues, standing)
    recording = CheckRecording(cases, decider)
    answers = AnswerMessages(cases, decider)
    record = RecordOccurrence(cases, archive, queues, decider, recording, answers)
    senders = senders_of(settings, profile, clients)
    keys = link_keys(settings)
    links, codes = SignedLinks(*keys), DerivedCodes(*keys)
    revocations = DynamoRevocations()
    pages = OfficerPages(links, revocations, profile.reminders, settings.public_url)
    written = DynamoContactMessages(connection)
    victims = VictimPages(links, revocations, codes, profile.case_page, settings.public_url)
    messages = MessagesOut(officers, renderer, TypstDocuments(own=own), profile, pages, written, victims, codes)
    pauses = DynamoPauses()
    receipts = TakeReceipt(cases, queues, decider)
    digests = Digests(cases, officers, standing)
    outward = PublishOut(cases, SnsTopic(clients.sns, settings.out_topic_arn))
    sender = SendOnce(cases, points, queues, decider, senders)
    record_event = RecordEvent(cases, queues, decider, receipts, recording, answers)
    routes = RouteMessages(cases, written, record_event, answers)
    hand_over = HandOver(cases, officers, standing)
    of_officer = OfficerCase(cases, decider)
    of_victim = VictimCase(victims, cases, of_officer, decider.known, points)
    limits = DynamoLimits()
    desk = ContactDesk(cases, written, record_event)
    leaks = LeakCheck(cases, archive, profile)
    paused = WhatIsPaused(pauses, cases, clock)
    deliver = Deliver(
        cases, queues, decider, record, messages, sender, receipts, digests, hand_over, outward, recording, routes, answers, points, paused
    )
    operated = operations(settings, profile, clients, connection, cases, written, quarantined)
    return Container(
        settings=settings,
        profile=profile,
        clock=clock,
        cases=cases,
        queues=queues,
        archive=archive,
        quarantined=quarantined,
        record=record,
        record_officer=RecordOfficer(officers, cases, archive, queues, standing),
        record_event=record_event,
        quarantine=QuarantineRecord(cases, quarantined, queues, decider, points),
        deliver=deliver,
        receipts=receipts,
        sweep=Sweep(cases, queues, decider, digests, recording, answers, LetGo(pauses, cases, queues), quarantined, operated.dead),
        moving=MoveClock(DynamoClockOffset(), cases) if settings.clock_may_be_offset else None,
        pausing=PauseSending(pauses, cases, queues),
        unknown=SettleUnknown(cases, queues, decider, receipts),
        closed=ClosedAddresses(cases, points, decider),
        person=PersonCases(cases, points),
        erasing=operated.erasing,
        retaining=operated.retaining,
        redrive=operated.redrive,
        sealing=operated.sealing,
        watch=WatchLeaks(cases, points, archive, queues, leaks, standing),
        pages=pages,
        officer=OfficerPage(pages, of_officer, record_event, cases),
        officer_update=WriteUpdate(pages, of_officer, record_event, messages, queues),
        officer_messages=OfficerMessages(pages, cases, desk, record_event),
        release=ReleaseHold(cases, queues, decider),
        leaks=leaks,
        figures=MonthlyFigures(cases),
        timeline=Timeline(cases, officers, standing.holidays),
        links=RevokeLinks(cases, pages, victims, points),
        contact=ContactOfficer(written, limits, points, queues, profile.contact_forms),
        desk=desk,
        officer_desk=OfficerDesk(cases, officers, desk),
        absence=MarkAbsence(officers, cases, queues, standing),
        hand_over_case=HandOverCase(cases, officers, record_event, queues),
        victim_case=of_victim,
        victim_codes=VictimCodes(of_victim, victims, cases, record_event, limits, points, codes, profile.case_page),
        victim_page=VictimPage(of_victim, record_event, profile.case_page),
    )


def senders_of(settings: Settings, profile: Profile, clients: Clients) -> Senders:
    """Those of the providers; where a stage tries things out, behind the list of its guests."""
    email = SesEmailSender(
        clients.ses, sender=profile.email_from, reply_to=profile.force.reply_to, configuration_set=settings.ses_configuration_set
    )
    sms = EndUserMessagingSender(clients.sms, sender_id=profile.sms_sender, configuration_set=settings.sms_configuration_set)
    letters = S3LetterBox(clients.s3, bucket=settings.letters_bucket)
    if settings.guests_only:
        guests = settings.guests
        return Senders(GuestEmailSender(email, guests), GuestSmsSender(sms, guests), GuestLetterBox(letters, guests))
    return Senders(email, sms, letters)


def _archived(settings: Settings) -> Callable[[str], Occurrence]:
    def parse(canonical: str) -> Occurrence:
        from chalicelib.schemas.records import Rejected, parse_archived  # only a repair reads the archive

        parsed = parse_archived(canonical, allow_reserved=not settings.production)
        if isinstance(parsed, Rejected) or parsed.occurrence is None:
            raise StoreUnavailable("the archive holds something that is no occurrence")
        return parsed.occurrence

    return parse


@cache
def container(*, signs: bool = True) -> Container:
    """The process's own container, made at the first invocation. Without `signs` it needs no link key: an operator makes no link."""
    return build(settings_from(signs=signs))

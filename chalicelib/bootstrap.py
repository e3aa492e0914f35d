"""The composition root: Settings to adapters to use cases, once for each cold start.

Must not decide anything, and must not be imported by what it composes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from chalicelib.adapters.archive import S3Archive
from chalicelib.adapters.calendar import ShippedCalendar
from chalicelib.adapters.clients import Clients
from chalicelib.adapters.clock import OffsetClock, SystemClock
from chalicelib.adapters.contact_points import DynamoContactPoints
from chalicelib.adapters.control import DynamoRevocations
from chalicelib.adapters.documents import TypstDocuments
from chalicelib.adapters.email import SesEmailSender
from chalicelib.adapters.letters import S3LetterBox
from chalicelib.adapters.officers import DynamoOfficers
from chalicelib.adapters.quarantine import DynamoQuarantine
from chalicelib.adapters.queues import SqsQueues
from chalicelib.adapters.rendering import JinjaRenderer
from chalicelib.adapters.repositories import DynamoCases
from chalicelib.adapters.signing import SignedLinks
from chalicelib.adapters.sms import EndUserMessagingSender
from chalicelib.adapters.tables import bind_tables
from chalicelib.adapters.topic import SnsTopic
from chalicelib.domain.errors import ConfigurationError, StoreUnavailable
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Occurrence, Unit
from chalicelib.domain.profile import Profile
from chalicelib.domain.situation import Standing
from chalicelib.schemas.contact_points import email_point
from chalicelib.schemas.records import Rejected, parse_archived
from chalicelib.services.decide import Decider
from chalicelib.services.deliver import Deliver
from chalicelib.services.digests import Digests
from chalicelib.services.figures import MonthlyFigures
from chalicelib.services.hand_over import HandOver
from chalicelib.services.leak_check import LeakCheck
from chalicelib.services.messages_out import MessagesOut
from chalicelib.services.officer_pages import OfficerPages
from chalicelib.services.ports import Archive, Cases, Clock, Quarantine, Queues
from chalicelib.services.publish_out import PublishOut
from chalicelib.services.quarantine_record import QuarantineRecord
from chalicelib.services.record_event import RecordEvent
from chalicelib.services.record_occurrence import RecordOccurrence
from chalicelib.services.record_officer import RecordOfficer
from chalicelib.services.release_hold import ReleaseHold
from chalicelib.services.revoke_links import RevokeLinks
from chalicelib.services.send_once import Senders, SendOnce
from chalicelib.services.sweep import Sweep
from chalicelib.services.take_receipt import TakeReceipt
from chalicelib.services.timeline import Timeline
from chalicelib.settings import Settings, settings_from

PROFILES = Path(__file__).parent / "profiles"
LONGEST_SENDER = 11
"""Characters of an SMS sender ID (GSM 03.38, alphanumeric address)."""


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
    pages: OfficerPages
    release: ReleaseHold
    leaks: LeakCheck
    figures: MonthlyFigures
    timeline: Timeline
    links: RevokeLinks

    def tick(self) -> datetime:
        """The time of this invocation: where the stage lets the clock be moved, its offset is read anew."""
        if isinstance(self.clock, OffsetClock):
            self.clock.refresh()
        return self.clock.now()


def load_profile(name: str, *, production: bool, folder: Path = PROFILES) -> Profile:
    """The force's profile. ConfigurationError names the file and what is wrong; in production also a mailbox reserved for examples."""
    path = folder / f"{name}.toml"
    if not (name.isidentifier() and path.is_file()):
        raise ConfigurationError("KI_PROFILE names no profile")
    try:
        profile = TypeAdapter(Profile).validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:  # of TOML, of UTF-8, or of a value
        raise ConfigurationError(f"{path.name}: {error}") from error
    faults = [*_gaps(profile), *_unusable_mailboxes(profile, production)]
    if faults:
        raise ConfigurationError(f"{path.name}: {'; '.join(faults)}")
    return profile


def _gaps(profile: Profile) -> Iterator[str]:
    """What would otherwise fail only at the first message that needs it."""
    if len(profile.sms_sender) > LONGEST_SENDER:
        yield f"sms_sender has more than {LONGEST_SENDER} characters"
    yield from (f"roles.{unit} is missing" for unit in Unit if unit not in profile.roles)
    if "*" not in profile.domestic_abuse_services:
        yield 'domestic_abuse_services has no "*"'


def _unusable_mailboxes(profile: Profile, production: bool) -> Iterator[str]:
    given = {
        "email_from": parseaddr(profile.email_from)[1],
        "force.reply_to": profile.force.reply_to,
        "victim_service.email": profile.victim_service.email,
        **{f"roles.{unit}.email": role.email for unit, role in profile.roles.items()},
    }
    for name, address in given.items():
        point = email_point(address, allow_reserved=not production)
        if point and point.problem:
            yield f"{name} is {point.problem}"


def build(settings: Settings) -> Container:
    """Compose everything from `settings`."""
    profile = load_profile(settings.profile, production=settings.production)
    clients = Clients(settings.region, read_timeout=settings.client_read_timeout)
    connection = bind_tables(settings.table_prefix, settings.region, host=settings.endpoint_url, read_timeout=settings.client_read_timeout)
    clock = OffsetClock() if settings.clock_may_be_offset else SystemClock()
    cases = DynamoCases(connection)
    points = DynamoContactPoints(connection, settings.contact_key.encode())
    queues = SqsQueues(
        clients.sqs,
        dispatch_url=settings.dispatch_queue_url,
        quarantine_url=settings.quarantine_queue_url,
        records_url=settings.records_queue_url,
    )
    archive = S3Archive(clients.s3, bucket=settings.archive_bucket, clock=clock, parse=_archived(settings))
    renderer = JinjaRenderer()
    officers = DynamoOfficers()
    quarantined = DynamoQuarantine(clients.s3, bucket=settings.quarantine_bucket)
    standing = Standing(profile, ShippedCalendar().bank_holidays(), renderer.languages(Template.ACKNOWLEDGEMENT))
    decider = Decider(cases, points, queues, standing)
    record = RecordOccurrence(cases, archive, queues, decider)
    senders = Senders(
        SesEmailSender(
            clients.ses, sender=profile.email_from, reply_to=profile.force.reply_to, configuration_set=settings.ses_configuration_set
        ),
        EndUserMessagingSender(clients.sms, sender_id=profile.sms_sender, configuration_set=settings.sms_configuration_set),
        S3LetterBox(clients.s3, bucket=settings.letters_bucket),
    )
    pages = OfficerPages(SignedLinks(settings.link_key.encode()), DynamoRevocations(), profile.reminders, settings.public_url)
    messages = MessagesOut(officers, renderer, TypstDocuments(), profile, pages)
    receipts = TakeReceipt(cases, queues, decider)
    digests = Digests(cases, officers, standing)
    outward = PublishOut(cases, SnsTopic(clients.sns, settings.out_topic_arn))
    sender = SendOnce(cases, points, queues, decider, senders)
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
        record_event=RecordEvent(cases, queues, decider, receipts),
        quarantine=QuarantineRecord(cases, quarantined, queues, decider),
        deliver=Deliver(cases, queues, decider, record, messages, sender, receipts, digests, HandOver(cases, officers, standing), outward),
        receipts=receipts,
        sweep=Sweep(cases, queues, decider, digests),
        pages=pages,
        release=ReleaseHold(cases, queues, decider),
        leaks=LeakCheck(cases, archive, profile),
        figures=MonthlyFigures(cases),
        timeline=Timeline(cases, officers, standing.holidays),
        links=RevokeLinks(cases, pages),
    )


def _archived(settings: Settings) -> Callable[[str], Occurrence]:
    def parse(canonical: str) -> Occurrence:
        parsed = parse_archived(canonical, allow_reserved=not settings.production)
        if isinstance(parsed, Rejected) or parsed.occurrence is None:
            raise StoreUnavailable("the archive holds something that is no occurrence")
        return parsed.occurrence

    return parse


@cache
def container() -> Container:
    """The process's own container, made at the first invocation."""
    return build(settings_from())

"""What operations, the seal and retention are made of; bootstrap.py hands over the adapters.

Must not decide anything, nor be imported by what it composes.
"""

from __future__ import annotations

from dataclasses import dataclass

from pynamodb.connection import Connection

from chalicelib.adapters.clients import Clients
from chalicelib.adapters.dead_letters import SqsDeadLetters
from chalicelib.adapters.erasing import Erasing
from chalicelib.adapters.retention import DynamoRetentionDates
from chalicelib.adapters.seals import S3Seals
from chalicelib.domain.profile import Profile
from chalicelib.services.erase_person import ErasePerson
from chalicelib.services.operation_ports import DeadLetters
from chalicelib.services.page_ports import ContactMessages
from chalicelib.services.ports import Cases
from chalicelib.services.quarantine_ports import Quarantine
from chalicelib.services.redrive import Redrive
from chalicelib.services.retain_cases import RetainCases
from chalicelib.services.seal_audit import SealAudit
from chalicelib.settings import Settings


@dataclass(frozen=True, slots=True)
class Operations:
    """Use cases that work on what is stored as a whole, and the port that the sweep has in common with one of them."""

    dead: DeadLetters
    erasing: ErasePerson
    retaining: RetainCases
    redrive: Redrive
    sealing: SealAudit


def operations(
    settings: Settings,
    profile: Profile,
    clients: Clients,
    connection: Connection,
    cases: Cases,
    written: ContactMessages,
    quarantined: Quarantine,
) -> Operations:
    content = Erasing(clients.s3, letters=settings.letters_bucket, archive=settings.archive_bucket, quarantine=settings.quarantine_bucket)
    dead = SqsDeadLetters(
        clients.sqs,
        clients.sns,
        clients.s3,
        records_url=settings.records_queue_url,
        dispatch_url=settings.dispatch_queue_url,
        receipts_topic=settings.out_topic_arn.rpartition(":")[0] + ":kept-informed-receipts",
        receipts_bucket=settings.dead_receipts_bucket,
    )
    return Operations(
        dead=dead,
        erasing=ErasePerson(cases, content, written, quarantined),
        retaining=RetainCases(cases, DynamoRetentionDates(connection), content, profile.retention.cases),
        redrive=Redrive(dead, cases),
        sealing=SealAudit(cases, S3Seals(clients.s3, bucket=settings.seals_bucket), profile.retention.seals),
    )

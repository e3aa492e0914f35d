"""Directory, quarantine, archive and queues when an answer is lost or refused: what was done counts once, and a hint never hurts.

Must not test cases (test_store_races.py) or senders (tests/contract).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from chalicelib.adapters import codec
from chalicelib.adapters.archive import S3Archive
from chalicelib.adapters.clients import Clients
from chalicelib.adapters.officers import DynamoOfficers
from chalicelib.adapters.quarantine import DynamoQuarantine
from chalicelib.adapters.queues import SqsQueues
from chalicelib.adapters.tables import bind_tables
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.model import DirectoryOfficer
from chalicelib.services.quarantine_ports import QuarantineRow
from tests.contract.objects import BUCKET, parse
from tests.contract.stores import create_tables, local_cloud
from tests.fakes import FakeClock
from tests.integration.cloud_fixture import REGION, RunningCloud
from tests.stored_cases import FACTS, NOW, REFERENCE

OFFICER = DirectoryOfficer("2345", 7, True, "PC Sam Ash")
ROW = QuarantineRow("q1", NOW, REFERENCE, "occurrence", (("occurrence.version", "is required"),))


@dataclass(frozen=True)
class Kept:
    cloud: RunningCloud
    archive: S3Archive
    quarantine: DynamoQuarantine
    officers: DynamoOfficers
    queues: SqsQueues
    dispatch_url: str

    def fault(self, service: str, mode: str, operation: str | None = None, times: int = 1) -> None:
        rule = {"service": service, "mode": mode, "times": times}
        self.cloud.cloud.faults.replace([rule | ({"operation": operation} if operation else {})])

    def hints(self) -> int:
        attributes = self.cloud.client("sqs").get_queue_attributes(
            QueueUrl=self.dispatch_url, AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


@pytest.fixture
def kept() -> Iterator[Kept]:
    with local_cloud() as cloud:
        bind_tables("kept-informed-", REGION, host=cloud.endpoint_url, read_timeout=0.3)
        create_tables()
        clients = Clients(REGION, read_timeout=0.3)
        clients.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        url = clients.sqs.create_queue(QueueName="dispatch")["QueueUrl"]
        yield Kept(
            cloud,
            S3Archive(clients.s3, bucket=BUCKET, clock=FakeClock(), parse=parse),
            DynamoQuarantine(clients.s3, bucket=BUCKET, kept=timedelta(days=400)),
            DynamoOfficers(),
            SqsQueues(clients.sqs, dispatch_url=url, quarantine_url=url, records_url=url),
            url,
        )


def test_an_officer_whose_write_was_not_answered_is_recorded_and_not_stale(kept):
    kept.fault("dynamodb", "timeout_after", "PutItem")
    assert kept.officers.put(OFFICER, "a") == "recorded"
    assert kept.officers.put(OFFICER, "a") == "stale"
    kept.fault("dynamodb", "timeout_after", "PutItem")
    assert kept.officers.put(replace(OFFICER, version=8), "b") == "recorded"
    assert kept.officers.get("2345") == replace(OFFICER, version=8)


def test_a_quarantined_body_whose_row_was_not_answered_counts_once(kept):
    kept.fault("dynamodb", "timeout_after", "PutItem")
    assert kept.quarantine.add(ROW, b"x") is True
    assert kept.quarantine.add(ROW, b"x") is False
    assert kept.quarantine.rows() == [ROW]


def test_a_body_that_cannot_be_kept_leaves_no_row(kept):
    kept.fault("s3", "error", "PutObject", 9)
    with pytest.raises(StoreUnavailable, match="quarantine bucket: InternalError"):
        kept.quarantine.add(ROW, b"x")
    assert kept.quarantine.get("q1") is None


def test_an_archived_version_whose_answer_was_lost_is_there_once(kept):
    kept.fault("s3", "timeout_after", "PutObject")
    kept.archive.put(REFERENCE, 1, "c0ffee", codec.dumps(FACTS))
    assert list(kept.archive.records()) == [(NOW, codec.dumps(FACTS))]


def test_a_version_that_cannot_be_archived_is_given_back(kept):
    kept.fault("s3", "throttle", "PutObject", 9)
    with pytest.raises(StoreUnavailable, match="archive: SlowDown"):
        kept.archive.put(REFERENCE, 1, "c0ffee", codec.dumps(FACTS))


@pytest.mark.parametrize("mode", ["throttle", "error", "timeout_before"])
def test_a_hint_that_is_lost_is_nobodys_error(kept, mode):
    kept.fault("sqs", mode, times=9)
    kept.queues.dispatch(["n1", "n2"])
    kept.cloud.cloud.faults.replace([])
    assert kept.hints() == 0
    kept.queues.dispatch(["n1", "n2"])
    assert kept.hints() == 2


@pytest.mark.parametrize("mode", ["throttle", "error", "timeout_before"])
def test_an_alarm_or_a_replay_that_is_lost_is_told(kept, mode):
    kept.fault("sqs", mode, times=9)
    with pytest.raises(StoreUnavailable, match="quarantine queue"):
        kept.queues.alarm("q1")
    kept.fault("sqs", mode, times=9)
    with pytest.raises(StoreUnavailable, match="records queue"):
        kept.queues.replay(b"{}")

"""What every store of pauses, every set of dead-letter queues and every eraser of content does, fake or real.

Must not look behind the ports, but to put in what they take out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters import codec
from chalicelib.adapters.archive import S3Archive
from chalicelib.adapters.clients import Clients
from chalicelib.adapters.contact_messages import DynamoContactMessages
from chalicelib.adapters.control import DynamoPauses
from chalicelib.adapters.dead_letters import SqsDeadLetters
from chalicelib.adapters.erasing import Erasing
from chalicelib.adapters.letters import S3LetterBox
from chalicelib.adapters.quarantine import DynamoQuarantine
from chalicelib.adapters.seals import S3Seals
from chalicelib.domain.contact_form import ContactForm, ContactMessage
from chalicelib.domain.contact_mails import routing_row
from chalicelib.domain.delivery import Audience, Notification, State, pause_reason
from chalicelib.domain.errors import Contended, StoreUnavailable
from chalicelib.domain.events import HoldReleased
from chalicelib.domain.messages import Letter, Template
from chalicelib.domain.model import Channel
from chalicelib.domain.pauses import Pause, Pauses
from chalicelib.services.edges import LetterBox
from chalicelib.services.operation_ports import DeadLetters, PauseStore, PersonalContent, SealStore
from chalicelib.services.page_ports import ContactMessages
from chalicelib.services.ports import Archive, AuditEntry, Cases, Changes, ContactPoints, KeptEvent, Swap
from chalicelib.services.quarantine_ports import Quarantine, QuarantineRow
from infra.local.topic_feed import failed_invocation
from tests.contract.objects import parse
from tests.contract.stores import EVERY, store
from tests.fakes import FakeClock, World
from tests.integration.cloud_fixture import REGION
from tests.stored_cases import FACTS, NOW, REFERENCE

BUCKETS = ("letters", "archive", "quarantine", "seals", "dead-receipts")
PAUSE = Pause("sms", "7001", "The provider’s gateway is down.", NOW)
HASH = "c0ffee" * 8


@dataclass(frozen=True)
class Operations:
    """`put(name, body)` lays a dead letter into a queue, and `aside(key, body)` a receipt; `back(name)` is what came back, in any order;
    `spoil` breaks a version."""

    pauses: PauseStore
    dead: DeadLetters
    content: PersonalContent
    cases: Cases
    points: ContactPoints
    archive: Archive
    letters: LetterBox
    messages: ContactMessages
    quarantine: Quarantine
    seals: SealStore
    put: Callable[[str, str], None]
    aside: Callable[[str, str], object]
    back: Callable[[str], list[str]]
    spoil: Callable[[str, int, str], object]


@pytest.fixture(params=EVERY)
def ops(request: pytest.FixtureRequest) -> Iterator[Operations]:
    with store(request.param) as opened:
        yield _fakes() if request.param == "fake" else _real(opened)


def _fakes() -> Operations:
    world = World(parse=parse)

    def back(name: str) -> list[str]:
        return [body for queue, body in world.dead.put_back if queue == name]

    return Operations(
        world.pauses, world.dead, world.content, world.cases, world.points, world.archive, world.letters, world.messages, world.quarantine,
        world.seals,        lambda name, body: world.dead.queues[name].append(body),
        lambda key, body: world.dead.queues["receipts"].append(body), back,
        lambda reference, version, content_hash: world.archive.broken.add((reference, version, content_hash)),
    )  # fmt: skip


def _real(opened: Any) -> Operations:
    clients = Clients(REGION)
    for name in BUCKETS:
        clients.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        clients.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    urls = {name: clients.sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("records", "dispatch", "records-dlq", "dispatch-dlq")}

    def back(name: str) -> list[str]:
        found: list[str] = []
        while messages := clients.sqs.receive_message(QueueUrl=urls[name], MaxNumberOfMessages=10).get("Messages"):
            found += [message["Body"] for message in messages]
        return found

    return Operations(
        pauses=DynamoPauses(),
        dead=SqsDeadLetters(
            clients.sqs,
            clients.sns,
            clients.s3,
            records_url=urls["records"],
            dispatch_url=urls["dispatch"],
            receipts_topic="arn:aws:sns:x:0:receipts",
            receipts_bucket="dead-receipts",
        ),
        content=Erasing(clients.s3, letters="letters", archive="archive", quarantine="quarantine"),
        cases=opened.cases,
        points=opened.points,
        archive=S3Archive(clients.s3, bucket="archive", clock=FakeClock(), parse=parse),
        letters=S3LetterBox(clients.s3, bucket="letters"),
        messages=DynamoContactMessages(opened.connection),
        quarantine=DynamoQuarantine(clients.s3, bucket="quarantine", kept=timedelta(days=400)),
        seals=S3Seals(clients.s3, bucket="seals"),
        put=lambda name, body: clients.sqs.send_message(QueueUrl=urls[f"{name}-dlq"], MessageBody=body),
        aside=lambda key, body: clients.s3.put_object(Bucket="dead-receipts", Key=key, Body=body.encode()),
        back=back,
        spoil=lambda reference, version, content_hash: clients.s3.put_object(
            Bucket="archive", Key=f"{reference}/{version}-{content_hash[:12]}.json", Body=b"\xff"
        ),
    )


# ---- pauses


def test_pauses_are_read_as_they_were_written_and_only_over_what_was_read(ops: Operations) -> None:
    assert ops.pauses.read() == Pauses()
    one = Pauses().with_pause(PAUSE)
    ops.pauses.write(Pauses(), one)
    assert ops.pauses.read() == one
    with pytest.raises(Contended):
        ops.pauses.write(Pauses(), Pauses().with_pause(replace(PAUSE, name="email")))
    lifted = one.lifted("sms", "7002", NOW + timedelta(hours=1))
    ops.pauses.write(one, lifted)
    ops.pauses.write(lifted, lifted.with_pause(PAUSE))
    assert ops.pauses.read() == one


def outbox(key: str, minutes: int, reason: str | None, state: State = State.HELD) -> Notification:
    at = NOW + timedelta(minutes=minutes)
    row = Notification(key, REFERENCE, "V1", Template.ACKNOWLEDGEMENT, Audience.VICTIM, Channel.EMAIL, at, NOW)
    return replace(row, open_at=at, reason=reason, state=state)


def test_what_waits_for_a_pause_stands_apart_in_the_order_in_which_it_was_due(ops: Operations) -> None:
    rows = [outbox(f"n{9 - number}", number, pause_reason("email")) for number in range(6)]
    rows += [outbox("other", 0, pause_reason("sms")), outbox("due", 0, None, State.PENDING), outbox("held", 0, "quiet_hours")]
    ops.cases.commit(Changes(notifications=tuple(Swap(None, row) for row in rows)))
    assert [row.notification_id for row in ops.cases.paused("email", 10)] == ["n9", "n8", "n7", "n6", "n5", "n4"]
    assert [row.notification_id for row in ops.cases.paused("email", 2)] == ["n9", "n8"]
    assert ops.cases.paused("sms", 10) == [outbox("other", 0, pause_reason("sms"))]
    assert sorted(ops.cases.due(NOW + timedelta(days=1), 10)) == ["due", "held"]
    free = replace(rows[0], state=State.PENDING, reason=None)
    ops.cases.commit(Changes(notifications=(Swap(rows[0], free),)))
    assert ops.cases.paused("email", 10)[0].notification_id == "n8"
    assert ops.cases.due(NOW, 10)[0] in {"n9", "due", "held"}


def test_rows_are_found_by_the_day_on_which_they_were_made(ops: Operations) -> None:
    late = replace(outbox("late", 0, None), created_at=NOW + timedelta(days=1))
    ops.cases.commit(Changes(notifications=(Swap(None, outbox("a", 0, None)), Swap(None, outbox("b", 0, None)), Swap(None, late))))
    assert sorted(row.notification_id for row in ops.cases.made_on(NOW.date())) == ["a", "b"]
    assert ops.cases.made_on((NOW - timedelta(days=1)).date()) == []


def test_a_closed_point_says_why_until_it_is_opened(ops: Operations) -> None:
    ops.cases.commit(Changes(closed_points=(("p1", "General"), ("p2", "Complaint"))))
    assert ops.points.closed(["p1", "p2", "p3"]) == {"p1": "General", "p2": "Complaint"}
    for point in ("p1", "p1", "p3"):
        ops.points.reopen(point)
    assert ops.points.closed(["p1", "p2", "p3"]) == {"p2": "Complaint"}


# ---- dead letters


@pytest.mark.parametrize("name", ["records", "dispatch"])
@pytest.mark.parametrize("ops", ["fake", "local"], indirect=True)  # moto knows no StartMessageMoveTask, and does not say so as AWS would
def test_dead_letters_go_back_whole(ops: Operations, name: str) -> None:
    assert ops.dead.waiting(name) == 0
    bodies = [f"body {number} ’" for number in range(3)]
    for body in bodies:
        ops.put(name, body)
    assert ops.dead.waiting(name) == 3
    assert ops.dead.redrive(name) == 3
    assert sorted(ops.back(name)) == bodies
    assert ops.dead.waiting(name) == 0


def test_where_nothing_was_laid_aside_no_receipt_waits(ops: Operations) -> None:
    assert (ops.dead.waiting("receipts"), ops.dead.redrive("receipts"), ops.dead.receipts_waiting()) == (0, 0, 0)


def test_receipts_that_lie_aside_are_counted(ops: Operations) -> None:
    for number in range(3):
        ops.aside(f"aws/lambda/async/receipts/{number}", "an invocation")
    assert ops.dead.receipts_waiting() == ops.dead.waiting("receipts") == 3


def test_of_very_many_receipts_one_call_counts_at_least_a_thousand(ops: Operations) -> None:
    for number in range(1005):
        ops.aside(f"{number}", "x")
    assert 1000 <= ops.dead.receipts_waiting() <= 1005


def dead_letters(sqs: Any, sns: Any = None, s3: Any = None, *, topic: str = "t:receipts") -> SqsDeadLetters:
    urls = {"records_url": "q/records", "dispatch_url": "q/dispatch"}
    return SqsDeadLetters(sqs, sns, s3, **urls, receipts_topic=topic, receipts_bucket="dead-receipts")


class _Sqs:
    """An account where SQS moves messages itself, or refuses for a reason that is no missing call."""

    def __init__(self, code: str | None = None) -> None:
        self.code = code
        self.moved: list[tuple[str, str]] = []

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:  # noqa: N803 - boto3's names
        if self.code in ("denied", "QueueDoesNotExist"):
            code = "AccessDenied" if self.code == "denied" else self.code
            raise ClientError({"Error": {"Code": code, "Message": ""}}, "GetQueueAttributes")
        return {"Attributes": {"QueueArn": f"arn:{QueueUrl}", "ApproximateNumberOfMessages": "7"}}

    def start_message_move_task(self, SourceArn: str, DestinationArn: str) -> None:  # noqa: N803
        if self.code:
            raise ClientError({"Error": {"Code": self.code, "Message": ""}}, "StartMessageMoveTask")
        self.moved.append((SourceArn, DestinationArn))


def test_where_sqs_moves_them_itself_it_is_asked_to() -> None:
    sqs = _Sqs()
    assert dead_letters(sqs).redrive("records") == 7
    assert sqs.moved == [("arn:q/records-dlq", "arn:q/records")]


@pytest.mark.parametrize("code", ["AccessDenied", "denied"])
def test_a_refusal_that_is_about_rights_is_an_error(code: str) -> None:
    with pytest.raises(StoreUnavailable):
        dead_letters(_Sqs(code)).redrive("records")


def test_a_queue_without_dead_letters_has_none() -> None:
    assert dead_letters(_Sqs("QueueDoesNotExist")).waiting("records") is None


def test_receipts_go_back_onto_their_topic() -> None:
    from moto import mock_aws

    with mock_aws():
        clients = Clients(REGION)
        topic = clients.sns.create_topic(Name="receipts")["TopicArn"]
        listens = clients.sqs.create_queue(QueueName="listens")["QueueUrl"]
        arn = clients.sqs.get_queue_attributes(QueueUrl=listens, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        clients.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        event = {"Records": [{"Sns": {"Message": "what SES said"}}, {"Sns": {"Message": "and this"}}]}
        clients.s3.create_bucket(Bucket="dead-receipts", CreateBucketConfiguration={"LocationConstraint": REGION})
        aside = {"Bucket": "dead-receipts", "Key": "aws/lambda/async/receipts/2026/11/29/one"}
        clients.s3.put_object(**aside, Body=json.dumps(failed_invocation("receipts", event)).encode())
        dead = dead_letters(clients.sqs, clients.sns, clients.s3, topic=topic)
        assert (dead.waiting("receipts"), dead.redrive("receipts"), dead.waiting("receipts")) == (1, 1, 0)
        found = clients.sqs.receive_message(QueueUrl=listens, MaxNumberOfMessages=10)["Messages"]
        assert [json.loads(one["Body"])["Message"] for one in found] == ["what SES said", "and this"]


# ---- content


def test_an_archived_version_is_replaced_and_keeps_when_it_came(ops: Operations) -> None:
    ops.archive.put(REFERENCE, 1, HASH, codec.dumps(FACTS))
    ops.archive.put(REFERENCE, 2, HASH, codec.dumps(replace(FACTS, version=2)))
    ops.archive.put("26000799999", 1, HASH, "{}")
    (first, text), (second, _) = ops.content.archived(REFERENCE)
    assert text == codec.dumps(FACTS)
    bare = codec.dumps(replace(FACTS, location_text=None))
    for _ in range(2):
        ops.content.rewrite(first, bare)
    assert ops.content.archived(REFERENCE) == [(first, bare), (second, codec.dumps(replace(FACTS, version=2)))]
    assert (NOW, bare) in list(ops.archive.records())
    assert ops.content.archived("26000788888") == []


def test_letters_and_quarantined_bodies_go_whole_and_again_is_harmless(ops: Operations) -> None:
    for key in ("n1", "n2"):
        ops.letters.put(Letter(key, b"%PDF one"))
        ops.letters.put(Letter(key, b"%PDF two"))
    assert ops.content.kept_letters(["n1", "n3", "n2"]) == ["n1", "n2"]
    assert [ops.content.letters(["n1", "n3"]) for _ in range(2)] == [1, 0]
    assert ops.content.kept_letters(["n1", "n2"]) == ["n2"]
    ops.quarantine.add(QuarantineRow("q1", NOW, REFERENCE, "occurrence", ()), b"body")
    assert [ops.content.quarantined(["q1", "q2"]) for _ in range(2)] == [1, 0]
    assert [row.quarantine_id for row in ops.quarantine.rows()] == ["q1"]
    with pytest.raises(StoreUnavailable):
        ops.quarantine.body("q1")


def test_what_was_written_through_the_page_goes(ops: Operations) -> None:
    form = ContactForm("2345", REFERENCE, "Kim Field", "I found the receipt.")
    for key in ("m1", "m2"):
        ops.messages.add(ContactMessage(key, NOW, NOW + timedelta(days=400), form), routing_row(REFERENCE, key, NOW))
    assert [ops.content.messages(["m1", "m3"]) for _ in range(2)] == [1, 0]
    assert [one.message_id for one in ops.messages.of(REFERENCE)] == ["m2"]


def test_an_event_is_replaced(ops: Operations) -> None:
    kept = KeptEvent(HoldReleased(REFERENCE, "H-1", "V1", NOW, "7001", "Kim says so."), HASH, NOW)
    ops.cases.commit(Changes(events=(kept,)))
    bare = replace(kept, event=replace(kept.event, reason="[erased]"))
    ops.content.event(bare)
    assert ops.cases.event(REFERENCE, "H-1") == bare


# ---- the log and its seals


def test_a_batch_is_kept_once_and_stays_as_it_was_put(ops: Operations) -> None:
    assert (ops.seals.numbers(), ops.seals.get(1)) == ([], None)
    assert ops.seals.put(1, b"one\n") is True
    assert ops.seals.put(1, b"other\n") is False
    assert ops.seals.put(12, b"twelve\n") is True
    assert ops.seals.numbers() == [1, 12]
    assert (ops.seals.get(1), ops.seals.get(12), ops.seals.get(2)) == (b"one\n", b"twelve\n", None)


def test_the_log_is_read_by_the_hour_over_every_occurrence(ops: Operations) -> None:
    def line(number: int, at: timedelta) -> AuditEntry:
        return AuditEntry(f"2600071234{number}", f"entry{number}", NOW + at, "disclosed", detail="acknowledgement:email")

    day = timedelta(days=1)
    lines = [line(1, timedelta()), line(2, timedelta(minutes=59)), line(3, timedelta(hours=1)), line(4, -day), line(5, 2 * day)]
    ops.cases.commit(Changes(audit=tuple(lines)))
    assert ops.cases.audited(NOW, NOW + timedelta(hours=1)) == [lines[0], lines[1]]
    assert ops.cases.audited(NOW - day, NOW + 2 * day) == [lines[3], *lines[:3]]
    assert ops.cases.audited(NOW - day, NOW + 2 * day + timedelta(seconds=1)) == [lines[3], *lines[:3], lines[4]]
    assert ops.cases.audited(NOW + 3 * day, NOW + 4 * day) == []


def test_the_versions_of_one_occurrence_alone(ops: Operations) -> None:
    for reference in ("26000712345", "26000712346", "2600071234"):
        ops.archive.put(reference, 1, HASH, f'{{"of": "{reference}"}}')
    assert list(ops.archive.records_of("26000712346")) == [(NOW, '{"of": "26000712346"}')]
    assert list(ops.archive.records_of("2600071234")) == [(NOW, '{"of": "2600071234"}')]
    assert list(ops.archive.records_of("26000799999")) == []


def test_a_version_that_cannot_be_read_is_told_of_in_its_place(ops: Operations) -> None:
    for version in (1, 2, 3):
        ops.archive.put("26000712345", version, HASH, f'{{"version": {version}}}')
    ops.spoil("26000712345", 2, HASH)
    assert list(ops.archive.records_of("26000712345")) == [(NOW, '{"version": 1}'), None, (NOW, '{"version": 3}')]

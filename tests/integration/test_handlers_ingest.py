"""The ingest handler by its deployed import path on the local endpoint: what it gives back, keeps, hints and quarantines.

Must not test a rule of routing: a plain burglary stands for every good record.
"""

import json

import pytest

from chalicelib.domain.errors import StoreUnavailable
from tests.builders import body, contact_safety, occurrence_record, officer_record, victim
from tests.integration.stack_fixture import DISPATCH, QUARANTINE, RECORDS, LocalStack


def reference(number: int) -> str:
    return f"260007000{number:02d}"


def good(number: int, **overrides: object) -> str:
    """Records of different people, so that none hears of another."""
    return body(occurrence_record(reference=reference(number), victims=[victim(f"V{number + 2}")], **overrides))


def quarantined(local: LocalStack) -> list[tuple[str | None, tuple[str, ...]]]:
    """(reference, paths) of what is in quarantine."""
    return [(row.reference, tuple(path for path, _ in row.faults)) for row in local.ready.quarantined.rows()]


def test_a_record_writes_everything_at_once_and_hints_only_at_what_may_leave(local: LocalStack) -> None:
    specialist = occurrence_record(reference=reference(2), victims=[victim("V4")], flags={"domestic_abuse": True})
    assert local.ingest(good(1), body(specialist)) == []
    assert local.states(reference(1)) == [("acknowledgement", "victim", "held"), ("referral", "service", "held")]
    assert ("task", "unit", "pending") in local.states(reference(2))
    hinted = {json.loads(message["Body"])["notification_id"] for message in local.take(DISPATCH)}
    task = next(row for row in local.rows(reference(2)) if row.template == "task")
    (raised,) = local.announced(reference(2))
    assert (raised["event"], raised["task"]) == ("task_raised", task.task_id)
    assert hinted == {task.notification_id, raised["event_id"]}


def test_a_quarantined_body_raises_the_alarm_once_by_its_id(local: LocalStack) -> None:
    local.ingest("{}")
    local.ingest("{}")
    (row,) = local.ready.quarantined.rows()
    assert [message["Body"] for message in local.take(QUARANTINE)] == [row.quarantine_id]
    assert local.ready.quarantined.body(row.quarantine_id) == b"{}"


def test_a_record_whose_store_does_not_answer_is_given_back_alone(local: LocalStack) -> None:
    """The first three are known already and write nothing, so that the fault strikes the fourth."""
    before = [good(number) for number in range(3)]
    assert local.ingest(*before) == []
    local.faults({"service": "dynamodb", "operation": "TransactWriteItems", "mode": "error", "times": 3})
    assert local.ingest(*before, *(good(number) for number in range(3, 10))) == ["m4"]
    assert [local.ready.cases.head(reference(number)).version for number in range(10)] == [1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
    assert local.ingest(good(3)) == []
    assert local.ready.cases.head(reference(3)).version == 1


GOOD, BAD, OFFICER = good(1), good(1, version="one"), body(officer_record())


@pytest.mark.parametrize(
    ("content", "service", "operation", "rows", "alarms"),
    [
        (GOOD, "dynamodb", "BatchGetItem", 2, 0),
        (GOOD, "dynamodb", "TransactWriteItems", 2, 0),
        (GOOD, "s3", "PutObject", 2, 0),
        (OFFICER, "dynamodb", "UpdateItem", 0, 0),
        (BAD, "dynamodb", "TransactWriteItems", 1, 1),
        (BAD, "sqs", "SendMessage", 1, 1),
        (BAD, "s3", "PutObject", 1, 2),
        (BAD, "dynamodb", "PutItem", 1, 2),
    ],
)
def test_nothing_is_lost_whichever_call_fails(
    local: LocalStack, content: str, service: str, operation: str, rows: int, alarms: int
) -> None:
    """The alarm may be raised again, and is never left out; everything else is done once."""
    local.faults({"service": service, "operation": operation, "mode": "throttle", "times": 3})
    assert local.ingest(content) == ["m1"]
    assert local.cloud.cloud.faults.remaining() == []
    assert local.ingest(content, content) == []
    assert len(local.rows(reference(1))) == rows
    assert len(quarantined(local)) == (content is BAD)
    assert len(local.take(QUARANTINE)) == alarms


def test_a_batch_whose_time_cannot_be_read_is_given_back_whole(local: LocalStack) -> None:
    """By the exception: what the clock says is the whole batch's."""
    local.faults({"service": "dynamodb", "operation": "Query", "mode": "throttle", "times": 3})
    with pytest.raises(StoreUnavailable, match="clock: ThrottlingException"):
        local.ingest(GOOD)
    assert local.ingest(GOOD) == []


def test_hints_that_cannot_be_given_cost_nothing_but_time(local: LocalStack) -> None:
    local.faults({"service": "sqs", "operation": "SendMessageBatch", "mode": "error", "times": 3})
    assert local.ingest(body(occurrence_record(restricted=True))) == []
    assert local.take(DISPATCH) == []
    (task,), (raised,) = local.rows("26000712345"), local.announced("26000712345")
    assert local.sweep() == 2
    hinted = {json.loads(message["Body"])["notification_id"] for message in local.take(DISPATCH)}
    assert hinted == {task.notification_id, raised["event_id"]}


def test_a_batch_of_the_queue_is_deleted_but_for_what_failed(local: LocalStack) -> None:
    sqs = local.cloud.client("sqs")
    for number in range(3):
        sqs.send_message(QueueUrl=local.queue_urls[RECORDS], MessageBody=good(number))
    assert local.pump(RECORDS, "ingest") == 3
    assert local.take(RECORDS) == []


def test_what_is_known_of_a_person_elsewhere_holds_them_in_the_next_record(local: LocalStack) -> None:
    silent = victim("V1", contact_safety=contact_safety(do_not_contact=True))
    assert local.ingest(body(occurrence_record(victims=[silent]))) == []
    assert local.ingest(body(occurrence_record(reference=reference(1), victims=[victim("V1")]))) == []
    assert {state for _, audience, state in local.states(reference(1)) if audience in ("victim", "service")} <= {"cancelled"}

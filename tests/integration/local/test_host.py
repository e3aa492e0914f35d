"""The Lambda host against real worker processes and real queues: what AWS would do to a batch, it does."""

import json
import os
import signal

import pytest

from infra.local.inbox import waiting_in_ministack
from infra.local.sqs_events import succeeded
from tests.integration.local.toy_stack import ToyStack, toy_stack, until


@pytest.fixture
def stack(tmp_path, request) -> ToyStack:
    stack = toy_stack(tmp_path, "toy")
    stack.queue()
    return stack


def bodies(stack):
    return [n["body"] for n in stack.notes()]


def test_a_batch_reaches_the_handler_as_one_event_and_is_deleted(stack):
    stack.function("by_body")
    stack.send("a", "b", "c")
    with stack.host() as host:
        until(lambda: host.acknowledged("toy") == 3)
    assert sorted(bodies(stack)) == ["a", "b", "c"]
    assert {n["batch"] for n in stack.notes()} == {3}
    assert stack.depth() == (0, 0)


def test_the_event_has_the_shape_that_sqs_gives_it(stack):
    stack.function("whole_event")
    stack.send("one", "two", MessageAttributes={"origin": {"DataType": "String", "StringValue": "test"}})
    with stack.host() as host:
        until(lambda: host.acknowledged("toy") == 2)
    (seen,) = stack.notes()
    first, second = seen["event"]["Records"]
    assert set(first) == {
        "messageId",
        "receiptHandle",
        "body",
        "attributes",
        "messageAttributes",
        "md5OfBody",
        "eventSource",
        "eventSourceARN",
        "awsRegion",
    }
    assert first["messageId"] != second["messageId"]
    assert first["attributes"]["ApproximateReceiveCount"] == "1"
    assert set(first["attributes"]) >= {"SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"}
    assert first["messageAttributes"] == {
        "origin": {"stringValue": "test", "stringListValues": [], "binaryListValues": [], "dataType": "String"}
    }
    assert (first["eventSource"], first["eventSourceARN"]) == ("aws:sqs", "arn:aws:sqs:eu-west-2:000000000000:toy")
    assert seen["app_id"] == f"ki-worker-{seen['pid']}"
    assert seen["name"] == "whole_event"
    assert 0 < seen["left"] <= 20_000


def test_only_what_failed_comes_back(stack):
    stack.function("by_body")
    stack.send("ok-1", "fail", "ok-2")
    with stack.host() as host:
        until(lambda: bodies(stack).count("fail") == 2)
        assert host.acknowledged("toy") == 2
    assert sorted(bodies(stack)) == ["fail", "fail", "ok-1", "ok-2"]
    assert [n["count"] for n in stack.notes() if n["body"] == "fail"] == ["1", "2"]


@pytest.mark.parametrize("fault", ["raise", "die", "sleep", "nonsense"])
def test_a_function_without_a_usable_answer_gets_the_whole_batch_again(stack, fault):
    stack.function("by_body", timeout=1)
    stack.send("neighbour", fault)
    with stack.host() as host:
        until(lambda: bodies(stack).count("neighbour") == 2)
        assert host.acknowledged("toy") == 0


def test_a_killed_worker_is_replaced(stack):
    stack.function("by_body")
    with stack.host() as host:
        stack.send("before")
        until(lambda: host.acknowledged("toy") == 1)
        os.kill(stack.notes()[0]["pid"], signal.SIGKILL)
        stack.send("after")
        until(lambda: host.acknowledged("toy") == 2)
    first, second = (n["pid"] for n in stack.notes())
    assert first != second


def test_a_host_beside_its_cloud_looks_instead_of_polling(stack):
    stack.function("by_body")
    url = stack.queue_urls["toy"]
    assert waiting_in_ministack(url) is False
    stack.send("a", "fail")
    assert waiting_in_ministack(url) is True
    with stack.host(waiting=waiting_in_ministack) as host:
        until(lambda: host.acknowledged("toy") == 1)
        assert waiting_in_ministack(url) is False, "in flight is not waiting"
        until(lambda: bodies(stack).count("fail") == 2)
    assert waiting_in_ministack("http://127.0.0.1/000000000000/no-such-queue") is False


@pytest.mark.parametrize("waiting", [None, waiting_in_ministack])
def test_the_fifth_failure_is_the_last(stack, waiting):
    stack.function("by_body")
    stack.send("fail")
    with stack.host(waiting=waiting):
        until(lambda: stack.depth("-dlq")[0] == 1)
    assert [n["count"] for n in stack.notes()] == ["1", "2", "3", "4", "5"]
    assert stack.depth() == (0, 0)


def test_what_a_handler_prints_is_log_and_never_its_answer(stack):
    stack.function("by_body")
    stack.send("print")
    with stack.host() as host:
        until(lambda: host.acknowledged("toy") == 1)
    log = (stack.folder / "log" / "by_body.log").read_text()
    assert "not the answer" in log
    assert "words without an end of line" in log


def test_a_mapping_that_does_not_report_failures_ignores_the_answer(stack):
    stack.function("by_body", reports=False)
    stack.send("fail")
    with stack.host() as host:
        until(lambda: host.acknowledged("toy") == 1)
    assert stack.depth() == (0, 0)


def test_several_workers_share_a_queue(stack):
    stack.function("by_body")
    with stack.host(workers=2) as host:
        until(lambda: len(host.worker_pids()) == 2)
        stack.send("a")
        until(lambda: host.acknowledged("toy") == 1)


def test_a_handler_that_cannot_be_imported_receives_nothing(stack):
    stack.function("no_such_handler")
    stack.send("waits")
    with stack.host():
        log = stack.folder / "log" / "no_such_handler.log"
        until(lambda: log.exists() and log.read_text().count("AttributeError") >= 2)
    assert stack.depth() == (1, 0)


def test_nothing_is_left_running(stack):
    stack.function("by_body")
    stack.send("sleep")
    with stack.host(workers=2) as host:
        until(lambda: bodies(stack) == ["sleep"] and len(host.worker_pids()) == 2)
        pids = host.worker_pids()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_schedule_fires_with_the_event_of_eventbridge(stack):
    stack.function("tick", schedules=("rate(5 minutes)",))
    with stack.host() as host:
        assert host.fire("tick", "2026-11-30T09:00:00Z") is True
    (seen,) = stack.notes()
    assert (seen["tick"], seen["source"]) == ("2026-11-30T09:00:00Z", "aws.events")


def test_a_topic_invokes_its_function_once_for_each_message(stack):
    topic = stack.subscribed("by_message")
    with stack.host():
        for message in ("one", "two"):
            stack.cloud.client("sns").publish(TopicArn=topic, Message=message)
        until(lambda: len(stack.notes()) == 2)
    (record,) = stack.notes()[0]["event"]["Records"]
    assert set(record) == {"EventSource", "EventVersion", "EventSubscriptionArn", "Sns"}
    assert set(record["Sns"]) >= {"Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "MessageAttributes", "SigningCertUrl"}
    assert (record["EventSource"], record["Sns"]["TopicArn"]) == ("aws:sns", topic)
    assert sorted(n["message"] for n in stack.notes()) == ["one", "two"]


def test_a_failed_invocation_by_topic_is_repeated_twice(stack):
    topic = stack.subscribed("by_message")
    waiting = stack.functions["by_message"].topics[0].queue_url
    with stack.host() as host:
        stack.cloud.client("sns").publish(TopicArn=topic, Message="raise")
        until(lambda: host.failures("by_message") == 3)
        until(lambda: host.busy == 0)
        sqs = stack.cloud.client("sqs")
        empty = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        until(lambda: {sqs.get_queue_attributes(QueueUrl=waiting, AttributeNames=["All"])["Attributes"][name] for name in empty} == {"0"})
    assert len(stack.notes()) == 3


def test_what_failed_every_try_is_laid_into_its_bucket(stack):
    s3 = stack.cloud.client("s3")
    s3.create_bucket(Bucket="dead", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    topic = stack.subscribed("by_message", failures="dead")
    with stack.host():
        stack.cloud.client("sns").publish(TopicArn=topic, Message="raise")
        until(lambda: s3.list_objects_v2(Bucket="dead").get("KeyCount") == 1)
    (entry,) = s3.list_objects_v2(Bucket="dead")["Contents"]
    assert entry["Key"].startswith("aws/lambda/async/by_message/")
    kept = json.loads(s3.get_object(Bucket="dead", Key=entry["Key"])["Body"].read())
    assert [record["Sns"]["Message"] for record in kept["requestPayload"]["Records"]] == ["raise"]


M = [{"MessageId": "1"}, {"MessageId": "2"}]


@pytest.mark.parametrize(
    ("answer", "deleted"),
    [
        (None, ["1", "2"]),
        ({}, ["1", "2"]),
        ({"batchItemFailures": None}, ["1", "2"]),
        ({"batchItemFailures": []}, ["1", "2"]),
        ({"batchItemFailures": [{"itemIdentifier": "2"}]}, ["1"]),
        ({"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "2"}]}, []),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, []),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, []),
        ({"batchItemFailures": [{"wrong": "1"}]}, []),
        ({"batchItemFailures": ["1"]}, []),
        ({"batchItemFailures": [{"itemIdentifier": "3"}]}, []),
        ({"batchItemFailures": "1"}, []),
        ("done", []),
    ],
)
def test_what_an_answer_deletes(answer, deleted):
    assert [m["MessageId"] for m in succeeded(M, answer, reports_failures=True)] == deleted

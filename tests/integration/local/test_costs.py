"""What the functions cost is counted by function, also what a killed worker had used."""

import os

import pytest

from infra.local.costs import EMULATOR, Costs, cpu_ms, peak_mb
from tests.integration.local.toy_stack import toy_stack, until

NO_PROCESS = 2**22 + 1


@pytest.fixture
def stack(tmp_path):
    return toy_stack(tmp_path, "costs")


def test_what_a_killed_worker_used_is_not_lost(stack):
    stack.queue()
    stack.function("busy", reports=False)
    costs = stack.cloud.cloud.costs
    with stack.host(costs=costs):
        stack.send("die")
        until(lambda: len(stack.notes()) == 2)
        document = costs.document()
    assert len({note["pid"] for note in stack.notes()[:2]}) == 2
    assert document["cpu_ms"]["busy"] >= 400
    assert document["invocations"]["busy"] >= 2
    assert document["calls"]["busy"]["sqs.ListQueues"] >= 2
    assert document["memory_mb"]["busy"] > 1
    assert document["memory_mb"][EMULATOR] > 1


def test_calls_of_nobody_that_the_host_started_are_not_a_functions(stack):
    before = stack.cloud.cloud.costs.document()["calls"]
    stack.cloud.client("sqs").list_queues()
    assert stack.cloud.cloud.costs.document()["calls"] == before
    stack.cloud.client("sqs", app_id=f"ki-worker-{NO_PROCESS}").list_queues()
    assert stack.cloud.cloud.costs.document()["calls"]["unknown"]["sqs.ListQueues"] >= 1


def test_a_call_whose_operation_stands_in_the_body_is_counted_by_its_name(stack):
    stack.cloud.client("sns", app_id=f"ki-worker-{NO_PROCESS}").list_topics()
    assert stack.cloud.cloud.costs.document()["calls"]["unknown"]["sns.ListTopics"] == 1


def test_a_reset_counts_from_zero_and_keeps_who_is_who():
    costs = Costs()
    costs.started(os.getpid() + 1, "ingest")
    costs.called(os.getpid() + 1, "dynamodb", "Query")
    costs.called(os.getpid() + 1, "s3", None)
    costs.invoked("ingest")
    assert costs.document()["calls"] == {"ingest": {"dynamodb.Query": 1, "s3.?": 1}}
    costs.reset()
    document = costs.document()
    assert (document["calls"], document["invocations"]) == ({}, {})
    assert document["cpu_ms"][EMULATOR] < cpu_ms(os.getpid())
    costs.called(os.getpid() + 1, "dynamodb", "Query")
    assert costs.document()["calls"] == {"ingest": {"dynamodb.Query": 1}}


def test_what_is_written_to_tables_is_counted_by_row_and_weight():
    costs = Costs()
    body = b'{"TransactItems": [{"Put": {"TableName": "a"}}, {"Update": {"TableName": "b"}}]}'
    costs.called(os.getpid() + 1, "dynamodb", "TransactWriteItems", body)
    costs.called(os.getpid() + 1, "dynamodb", "Query", b'{"TableName": "a"}')
    assert costs.document()["written"] == {"rows": 2, "bytes": len(body)}
    costs.reset()
    assert costs.document()["written"] == {"rows": 0, "bytes": 0}


def test_a_process_that_is_gone_has_no_figures():
    assert (cpu_ms(NO_PROCESS), peak_mb(NO_PROCESS)) == (None, None)

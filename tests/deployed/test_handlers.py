"""Every function of the package answers by its deployed handler path, and is wired to what sets it off.

Must not check properties that the emulator drops: tests/architecture reads those in the template.
"""

from __future__ import annotations

import pytest

from infra.local.host import scheduled_event
from infra.local.sqs_events import batch_event
from infra.local.topic_feed import topic_event
from tests.integration.test_entrypoints_deployed import HANDLERS

ARN = "arn:aws:sqs:eu-west-2:000000000000:"
EVENTS = {
    "Ingest": batch_event([], ARN + "kept-informed-records"),
    "Dispatch": batch_event([], ARN + "kept-informed-dispatch"),
    "Receipts": topic_event({"Message": "{}", "MessageId": "m1", "TopicArn": "arn:aws:sns:eu-west-2:000000000000:kept-informed-receipts"}),
    **{name: scheduled_event(name, "2026-11-20T10:31:00Z") for name in ("Sweep", "Leaks", "Seal", "Retention")},
}


def test_the_functions_are_those_of_the_package(account):
    found = account.client("lambda")
    handlers = {name: found.get_function_configuration(FunctionName=own)["Handler"] for name, own in account.functions.names.items()}
    assert handlers == HANDLERS


@pytest.mark.parametrize("name", EVENTS)
def test_a_function_takes_the_event_of_its_trigger(account, name):
    answer = account.functions.invoke(name, EVENTS[name])  # raises where the function did
    if name in ("Ingest", "Dispatch"):
        assert answer == {"batchItemFailures": []}


@pytest.mark.parametrize("path", ["/safety", "/contact-officer", "/privacy"])
def test_pages_answer_through_the_deployed_api(account, path):
    status, page, _ = account.page(path)
    assert status == 200
    assert page.startswith("<!DOCTYPE html>")


def test_queues_topic_and_schedule_set_off_their_functions(account):
    names = {own: name for name, own in account.functions.names.items()}
    mappings = account.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    fed = {(names[m["FunctionArn"].split(":")[-1]], m["EventSourceArn"].split(":")[-1], *m["FunctionResponseTypes"]) for m in mappings}
    assert fed == {
        ("Ingest", "kept-informed-records", "ReportBatchItemFailures"),
        ("Dispatch", "kept-informed-dispatch", "ReportBatchItemFailures"),
    }
    subscriptions = account.client("sns").list_subscriptions()["Subscriptions"]
    assert {(s["Protocol"], names[s["Endpoint"].split(":")[-1]]) for s in subscriptions} == {("lambda", "Receipts")}
    scheduler = account.client("scheduler")
    schedules = [
        scheduler.get_schedule(Name=found["Name"], GroupName=found["GroupName"]) for found in scheduler.list_schedules()["Schedules"]
    ]
    fired = {names[found["Target"]["Arn"].split(":")[-1]] for found in schedules}
    assert fired == {"Sweep", "Leaks", "Seal", "Retention"}

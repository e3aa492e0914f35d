"""Every function of the package answers by its deployed handler path, and is wired to what sets it off.

Must not check properties that the emulator drops: tests/architecture reads those in the template.
"""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.deployed.bundle import PAGES, functions
from tests.deployed.triggers import EVENTS, empty_event, triggers
from tests.integration.test_entrypoints_deployed import HANDLERS


def test_the_functions_are_those_of_the_package(account):
    found = account.client("lambda")
    handlers = {name: found.get_function_configuration(FunctionName=own)["Handler"] for name, own in account.functions.names.items()}
    assert handlers == HANDLERS == {name: properties["Handler"] for name, properties in functions().items()}


def test_every_function_but_the_pages_has_a_trigger():
    assert {name for name, found in triggers().items() if found} == set(functions()) - {PAGES}


@pytest.mark.parametrize(("name", "kind", "resource"), EVENTS)
def test_a_function_takes_the_event_of_its_trigger(account, name, kind, resource):
    answer = account.functions.invoke(name, empty_event(name, kind, resource))  # raises where the function did
    if kind == "queue":
        assert answer == {"batchItemFailures": []}
    assert account.workers(name), "it ran in no process"


@pytest.mark.parametrize("path", ["/safety", "/contact-officer", "/privacy"])
def test_pages_answer_through_the_deployed_api(account, path):
    status, page, _ = account.page(path)
    assert status == 200
    assert page.startswith("<!DOCTYPE html>")
    assert account.workers(PAGES), "it ran in no process"


def test_queues_topic_and_schedule_set_off_their_functions(account):
    """As the template says of each, and nothing else does."""
    assert _wired(account) == {name: found for name, found in triggers().items() if found}


def _wired(account):
    names = {own: name for name, own in account.functions.names.items()}
    wired = defaultdict(set)
    for mapping in account.client("lambda").list_event_source_mappings()["EventSourceMappings"]:
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"], mapping
        wired[names[_last(mapping["FunctionArn"])]].add(("queue", _last(mapping["EventSourceArn"])))
    for subscription in account.client("sns").list_subscriptions()["Subscriptions"]:
        if subscription["Protocol"] == "lambda":
            wired[names[_last(subscription["Endpoint"])]].add(("topic", _last(subscription["TopicArn"])))
    scheduler = account.client("scheduler")
    for found in scheduler.list_schedules()["Schedules"]:
        schedule = scheduler.get_schedule(Name=found["Name"], GroupName=found["GroupName"])
        wired[names[_last(schedule["Target"]["Arn"])]].add(("schedule", schedule["ScheduleExpression"]))
    return wired


def _last(arn):
    return arn.rsplit(":", 1)[-1]

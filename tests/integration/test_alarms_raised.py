"""Alarms of the template as the embedded cloud judges them: the metric comes in, the alarm goes off, and whoever subscribed hears of it.

The embedded cloud knows no metric math: where an alarm calculates, what the functions themselves sent is judged by
tests/architecture/alarms.py. Must not judge otherwise: tests/architecture/test_alarms.py does, for every alarm.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.observability import NAMESPACE
from infra.local.host import scheduled_event
from tests.architecture.alarms import PARAMETERS, alarms, goes_off, metrics
from tests.architecture.test_alarms import CASES
from tests.builders import body, occurrence_record
from tests.captured import captured
from tests.integration.stack_fixture import LocalStack

ALARMS = alarms()
AT_ONCE = sorted(name for name, alarm in ALARMS.items() if "MetricName" in alarm and alarm["EvaluationPeriods"] == 1)
"""What one period of one metric decides."""
BREACHED = datetime(2026, 12, 4, 0, 0, 5, tzinfo=UTC)
"""Three working days after the written acknowledgement of a Friday, and the first update, were due."""


@pytest.fixture(autouse=True)
def nothing_measured() -> None:
    """The endpoint forgets its metrics and alarms by no request of ours, and takes one set of dimensions for another."""
    importlib.import_module("ministack.services.cloudwatch").reset()


class OnCall:
    """An alarm of the template, and the queue of somebody who subscribed to its topic."""

    def __init__(self, local: LocalStack, name: str) -> None:
        self._alarm = ALARMS[name]
        self._cloudwatch, self._sqs = local.client("cloudwatch"), local.client("sqs")
        sns = local.client("sns")
        self._url = self._sqs.create_queue(QueueName=f"heard-{name}")["QueueUrl"]
        heard = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        topic = sns.create_topic(Name=f"alarms-{name}")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=heard)
        said = (
            "AlarmName",
            "Namespace",
            "MetricName",
            "Statistic",
            "Period",
            "EvaluationPeriods",
            "ComparisonOperator",
            "TreatMissingData",
        )
        given = {name: self._alarm[name] for name in said} | {"Dimensions": self.dimensions, "Threshold": self.threshold}
        self._cloudwatch.put_metric_alarm(**given, AlarmActions=[topic], AlarmDescription=self._alarm["AlarmDescription"]["Fn::Sub"])

    @property
    def dimensions(self) -> list[dict[str, str]]:
        """Those of the template; what only AWS can resolve by its logical name."""
        return [{"Name": each["Name"], "Value": _plain(each["Value"])} for each in self._alarm.get("Dimensions", [])]

    @property
    def threshold(self) -> float:
        value = self._alarm["Threshold"]
        return PARAMETERS[value["Ref"]] if isinstance(value, dict) else value

    def sent(self, *values: float) -> None:
        """Samples of its metric, in this moment."""
        data = [{"MetricName": self._alarm["MetricName"], "Dimensions": self.dimensions, "Value": value} for value in values]
        self._cloudwatch.put_metric_data(Namespace=self._alarm["Namespace"], MetricData=data)

    @property
    def state(self) -> str:
        (found,) = self._cloudwatch.describe_alarms(AlarmNames=[self._alarm["AlarmName"]])["MetricAlarms"]
        return str(found["StateValue"])

    def heard(self) -> list[str]:
        """Names of the alarms that whoever is on call heard of."""
        messages = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(json.loads(message["Body"])["Message"])["AlarmName"] for message in messages]


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        ((_, named),) = value.items()
        return ".".join(named) if isinstance(named, list) else str(named)
    return str(value)


@pytest.mark.parametrize("name", AT_ONCE)
def test_an_alarm_goes_off_by_its_metric_and_is_heard_of(local: LocalStack, name: str) -> None:
    quiet, loud = (next(samples["it"][0] for samples, off in CASES[name] if off is wanted and samples) for wanted in (False, True))
    on_call = OnCall(local, name)
    on_call.sent(*quiet)
    assert (on_call.state, on_call.heard()) == ("OK", [])
    on_call.sent(*loud)
    assert (on_call.state, on_call.heard()) == ("ALARM", [f"kept-informed-{name}"])


def sent_in_an_hour(local: LocalStack, name: str, *handlers: str) -> dict[str, list[float] | None]:
    """What the functions, six sweeps among them, send within an hour of the metrics of an alarm, by the id that it knows them by."""
    with captured() as output:
        for handler in ("sweep",) * 6 + handlers:
            local.call(handler, scheduled_event(handler.capitalize(), "2026-11-20T10:30:00Z"))
    found: dict[str, list[float] | None] = {}
    for key, metric in metrics(ALARMS[name]).items():
        values = [
            document[metric.name][0]
            for document in output.metrics
            for each in document["_aws"]["CloudWatchMetrics"]
            if metric.name in document and each["Dimensions"][0] == [dimension for dimension, _ in metric.dimensions]
        ]
        found[key] = values or None
    return found


@pytest.mark.parametrize(("name", "handler"), [("seal-missing", "seal"), ("leak-check-missing", "leaks")])
def test_an_hourly_run_that_stops_is_heard_of_and_one_that_comes_is_not(local: LocalStack, name: str, handler: str) -> None:
    silent, heard = sent_in_an_hour(local, name), sent_in_an_hour(local, name, handler)
    assert goes_off(ALARMS[name], **_by_metric([silent, silent, silent]))
    assert not goes_off(ALARMS[name], **_by_metric([silent, heard, silent]))
    assert not goes_off(ALARMS[name], **_by_metric([{}, {}, silent])), "a stack that is two hours old"


def _by_metric(hours: list[dict[str, list[float] | None]]) -> dict[str, list[list[float] | None]]:
    return {key: [hour.get(key) for hour in hours] for key in {key for hour in hours for key in hour}}


def test_a_promise_that_the_sweep_sees_broken_rings(local: LocalStack) -> None:
    """The metric as the function itself writes it, in the embedded metric format, goes to the alarm as Lambda would send it."""
    on_call = OnCall(local, "breached")
    assert local.ingest(body(occurrence_record())) == []
    local.set_time(BREACHED)
    with captured() as output:
        local.sweep()
    for document in output.metrics:
        (definition,) = document["_aws"]["CloudWatchMetrics"]
        assert definition["Namespace"] == NAMESPACE
        dimensions = [{"Name": key, "Value": document[key]} for key in definition["Dimensions"][0]]
        data = [
            {"MetricName": each["Name"], "Dimensions": dimensions, "Value": document[each["Name"]][0]} for each in definition["Metrics"]
        ]
        local.client("cloudwatch").put_metric_data(Namespace=NAMESPACE, MetricData=data)
    assert (on_call.state, on_call.heard()) == ("ALARM", ["kept-informed-breached"])

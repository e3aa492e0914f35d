"""Every handler of the deployed template in a process of its own, as the Lambda host runs it: what it answers, and every byte it writes.

Must not test what a handler decides: that is beside, in one process.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.observability import ALLOWED
from infra.local.function_process import FunctionProcess, InvocationFailedError, worker_environment
from infra.local.host import scheduled_event
from infra.local.stack import Function
from infra.local.template import ROOT
from infra.local.topic_feed import topic_event
from tests.builders import NOW, body, occurrence_record
from tests.integration.stack_fixture import DISPATCH, RECORDS, LocalStack, by_import_path, dispatch_event, failed, local_stack, sqs_event

REFERENCE = "26000712345"
HANDLERS = {
    "APIHandler": "app.app",
    "Ingest": "app.ingest",
    "Dispatch": "app.dispatch",
    "Receipts": "app.receipts",
    "Sweep": "app.sweep",
    "Leaks": "app.leaks",
    "Seal": "app.seal",
    "Retention": "app.retention",
}
"""Every function of the template, by logical name; the deployed package has the same (tests/deployed/test_handlers.py)."""
LINE = {"level", "location", "message", "timestamp", "service"}
METRIC = {"_aws", "service", "outcome", "kind", "audience", "channel"}
EVENTS = {"record", "delivery", "receipt", "sweep", "failure"}
ALARM = "oldest_unswept_seconds"
STANDING = {"late", "about_to_breach", "breached", "unknown_waiting", "quarantined_waiting", "dead_receipts_waiting"}
ENDS = {"arrived", "not_arrived"}
"""With these, the metrics that no log line of their own carries: for the alarms alone."""


@pytest.fixture(scope="module")
def local() -> Iterator[LocalStack]:
    with local_stack() as running:
        yield running


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("functions") / "log"


@pytest.fixture(scope="module")
def functions(local: LocalStack, log: Path) -> Iterator[dict[str, FunctionProcess]]:
    """The template's functions by logical name, started one by one when they are first invoked."""
    made = {}
    for name, function in local.functions.items():
        environment = worker_environment(function, local.cloud.endpoint_url, str(ROOT))
        made[name] = FunctionProcess(function, environment, log)
    yield made
    for process in made.values():
        process.stop()
        process.close()


def test_the_template_names_handlers_that_can_be_imported(local: LocalStack) -> None:
    assert {name: function.handler for name, function in local.functions.items()} == HANDLERS


def test_each_answers_as_in_one_process_and_writes_only_what_may_be_written(
    local: LocalStack, functions: dict[str, FunctionProcess], log: Path
) -> None:
    texts = [body(occurrence_record()), "not JSON", body(occurrence_record())]
    local.faults({"service": "dynamodb", "operation": "TransactWriteItems", "mode": "error", "times": 3})
    assert failed(functions["Ingest"].invoke(sqs_event(RECORDS, *texts))) == ["m1"]
    assert failed(functions["Ingest"].invoke(sqs_event(RECORDS, texts[0]))) == []
    local.set_time(NOW + timedelta(minutes=35))
    assert functions["Sweep"].invoke(scheduled_event("Sweep", "2026-11-20T11:05:00Z")) == {"due": 1}
    notice = next(row for row in local.rows(REFERENCE) if row.template == "acknowledgement")
    hints = dispatch_event(notice.notification_id, "nobody knows this")
    hints["Records"] += sqs_event(DISPATCH, "not JSON", "not JSON", "not JSON")["Records"][2:]
    assert failed(functions["Dispatch"].invoke(hints)) == ["m3"]
    local.pump_receipts(lambda name, event: functions[name.capitalize()].invoke(event))
    assert [message.to for message in local.accepted] == ["alex.morgan@example.org"]
    assert ("acknowledgement", "victim", "delivered") in local.states(REFERENCE)
    _only_what_may_be_written(log.read_text())


def _only_what_may_be_written(text: str) -> None:
    """JSON lines alone: for each outcome one log line of allowed fields and one metric, and for each sweep and end the alarms'."""
    documents: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    lines = [document for document in documents if "_aws" not in document]
    metrics = [document for document in documents if "_aws" in document]
    assert {line["message"] for line in lines} == EVENTS
    assert [line["message"] for line in lines] == [name for name in map(_name, metrics) if name not in {ALARM, *STANDING, *ENDS}]
    sweeps = [line["message"] for line in lines].count("sweep")
    assert [_name(metric) for metric in metrics].count(ALARM) == sum(metric.keys() >= STANDING for metric in metrics) == sweeps
    for line in lines:
        assert line.keys() <= LINE | ALLOWED
        assert line["service"] == "kept-informed"
    for metric in metrics:
        assert metric.keys() <= METRIC | EVENTS | STANDING | ENDS | {ALARM}
        assert metric["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "KeptInformed"
    assert "Alex" not in text
    assert "example.org" not in text


def _name(metric: dict[str, Any]) -> str:
    return str(metric["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"])


def test_a_receipt_that_cannot_be_taken_is_an_error_of_the_invocation(local: LocalStack, functions: dict[str, FunctionProcess]) -> None:
    """Lambda invokes again; a batch's failures never reach so far."""
    local.faults({"service": "dynamodb", "operation": "Query", "mode": "error", "times": 3})
    with pytest.raises(InvocationFailedError, match="the handler raised StoreUnavailable"):
        functions["Receipts"].invoke(topic_event({"TopicArn": "arn", "MessageId": "1", "Message": "{}"}))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"KI_STAGE": "prod", "KI_OFFICER_SIGN_IN": "required", "KI_SIGN_IN_ISSUER": ""}, "ConfigurationError"),
        ({"KI_STAGE": ""}, "SettingsError"),
        ({"KI_PROFILE": "nobody"}, "ConfigurationError"),
        ({"KI_CONTACT_KEY": "short"}, "SettingsError"),
    ],
)
def test_a_function_that_is_not_fit_takes_nothing(local: LocalStack, tmp_path: Path, changes: dict[str, str], error: str) -> None:
    """The import succeeds, since packaging imports too; the first invocation says what is wrong, and every message stays."""
    environment = worker_environment(_swept(local), local.cloud.endpoint_url, str(ROOT)) | changes
    process = FunctionProcess(_swept(local), environment, tmp_path / "log")
    try:
        with pytest.raises(InvocationFailedError, match=f"the handler raised {error}"):
            process.invoke(scheduled_event("Sweep", "2026-11-20T11:05:00Z"))
    finally:
        process.stop()
        process.close()
    assert all(value not in (tmp_path / "log").read_text() for value in ("short", local.environment["KI_CONTACT_KEY"]))


def _swept(local: LocalStack) -> Function:
    return local.functions["Sweep"]


def test_this_process_answers_the_same(local: LocalStack) -> None:
    assert by_import_path("dispatch", dispatch_event("nobody knows this")) == {"batchItemFailures": []}

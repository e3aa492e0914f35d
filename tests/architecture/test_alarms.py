"""Each alarm goes off by its metric and by nothing less, says what it means, and leads to a page; the dashboard answers its question.

Must not deploy; tests/integration/test_alarms_raised.py lets the embedded cloud judge some of them.
"""

from __future__ import annotations

import ast
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.observability import NAMESPACE
from chalicelib.services.watch_leaks import LOOKS_BACK
from infra.local.template import ROOT, deployable
from tests.architecture.alarms import Metric, alarms, goes_off, metrics
from tests.architecture.test_deploy import deployed_with
from tests.architecture.test_template import of_type

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
ALARMS = alarms()
STILL_TO_COME: set[str] = set()
"""Metrics of what is built beside this; empty when all of it is there."""
PROVIDERS = {
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
    "AWS/Lambda": {"Errors", "Throttles", "DestinationDeliveryFailures"},
    "AWS/SNS": {"NumberOfNotificationsFailed"},
    "AWS/ApiGateway": {"5XXError"},
    "AWS/SES": {"Reputation.BounceRate", "Reputation.ComplaintRate"},
    "AWS/SMSVoice": {"TextMessageMonthlySpend"},
}
"""What AWS measures, by its own guides."""
FUNCTIONS = ("pages", "ingest", "dispatch", "receipts", "sweep")

NOTHING: dict[str, Any] = {}
CASES: dict[str, list[tuple[dict[str, Any], bool]]] = {
    "records-dead-letters": [({"it": [[1]]}, True), ({"it": [[0]]}, False), (NOTHING, False)],
    "dispatch-dead-letters": [({"it": [[0, 3]]}, True), ({"it": [[0]]}, False), (NOTHING, False)],
    "quarantine": [({"it": [[1]]}, True), ({"it": [[0]]}, False), (NOTHING, False)],
    "records-wait": [({"it": [[901]]}, True), ({"it": [[900]]}, False), (NOTHING, False)],
    "dispatch-wait": [({"it": [[3600]]}, True), ({"it": [[60]]}, False), (NOTHING, False)],
    "sweep-late": [
        (NOTHING, True),
        ({"it": [None, None, [1]]}, False),
        ({"it": [[1], [1], [1]]}, False),
        ({"it": [[1], None, None]}, False),
    ],
    "sweep-behind": [({"it": [[1801], [1900]]}, True), ({"it": [[1801], [0]]}, False), (NOTHING, False)],
    "about-to-breach": [({"it": [[0, 0, 1]]}, True), ({"it": [[0] * 12]}, False), (NOTHING, False)],
    "breached": [({"it": [[0, 2]]}, True), ({"it": [[0] * 12]}, False), (NOTHING, False)],
    "unknown-waiting": [({"it": [[6], [7]]}, True), ({"it": [[6], [5]]}, False), ({"it": [[5], [5]]}, False), (NOTHING, False)],
    "receipts-lost": [({"it": [[1]]}, True), ({"it": [[0]]}, False), (NOTHING, False)],
    "receipts-gone": [({"unkept": [[1]]}, True), ({"undelivered": [[1]]}, True), ({"unkept": [[0]]}, False), (NOTHING, False)],
    "bounce-rate": [({"it": [[0.04]]}, True), ({"it": [[0.039]]}, False), (NOTHING, False)],
    "complaint-rate": [({"it": [[0.0009]]}, True), ({"it": [[0.0007]]}, False), (NOTHING, False)],
    "email-not-arriving": [
        ({"arrived": [[1] * 80], "lost": [[1] * 20]}, True),
        ({"arrived": [[1] * 90], "lost": [[1] * 10]}, False),
        ({"lost": [[1] * 19]}, False),
        ({"lost": [[1] * 20]}, True),
        ({"arrived": [[1] * 500]}, False),
        (NOTHING, False),
    ],
    "sms-not-arriving": [
        ({"arrived": [[1] * 84], "lost": [[1] * 16]}, True),
        ({"arrived": [[1] * 85], "lost": [[1] * 15]}, False),
        (NOTHING, False),
    ],
    "letter-not-arriving": [
        ({"arrived": [[1] * 8], "lost": [[1] * 2]}, True),
        ({"arrived": [[1] * 9], "lost": [[1]]}, False),
        ({"lost": [[1] * 9]}, False),
        ({"lost": [[1] * 10]}, True),
        (NOTHING, False),
    ],
    "sms-spend": [({"spent": [[12, 80]]}, True), ({"spent": [[79]]}, False), (NOTHING, False)],
    "functions-fail": [
        ({"sweep": [[1, 1, 1]]}, True),
        ({"ingest": [[1]], "pages": [[1]], "dispatch": [[1]]}, True),
        ({"sweep": [[1, 1]]}, False),
        (NOTHING, False),
    ],
    "messages-fail": [
        ({"ingest": [[1] * 25, [1] * 25]}, True),
        ({"ingest": [[1] * 20, [1] * 20], "dispatch": [[1] * 5, [1] * 5]}, True),
        ({"ingest": [[1] * 200]}, False),
        (NOTHING, False),
    ],
    "functions-throttled": [({"dispatch": [[50], [50]]}, True), ({"dispatch": [[500]]}, False), (NOTHING, False)],
    "pages-fail": [({"it": [[1, 1, 1]]}, True), ({"it": [[1, 1, 0]]}, False), (NOTHING, False)],
    "leak-found": [({"it": [[1]]}, True), ({"it": [[0]]}, False), (NOTHING, False)],
    "leak-check-unread": [({"it": [[1]]}, True), ({"it": [[0]]}, False)],
    "log-changed": [({"it": [[1]]}, True), ({"it": [[0]]}, False)],
    "leak-check-missing": [
        ({"sweeps": [[1] * 12] * 3}, True),
        ({"sweeps": [[1] * 12] * 3, "checks": [None, [0], None]}, False),
        ({"sweeps": [[1] * 5, [1] * 12, [1] * 12]}, False),
        (NOTHING, False),
    ],
    "seal-missing": [
        ({"sweeps": [[1] * 12] * 3}, True),
        ({"sweeps": [[1] * 12] * 3, "seals": [None, [0], None]}, False),
        ({"sweeps": [[1] * 5, [1] * 12, [1] * 12]}, False),
        (NOTHING, False),
    ],
    "retention-missing": [
        ({"sweeps": [[1] * 288, [1] * 288]}, True),
        ({"sweeps": [[1] * 288, [1] * 288], "runs": [[0], None]}, False),
        ({"sweeps": [[1] * 288, [1] * 239]}, False),  # a stack that is not two days old
        ({"sweeps": [[1] * 288, None]}, False),
        (NOTHING, False),
    ],
    "retention-stuck": [({"it": [[1], [2]]}, True), ({"it": [[1], [0]]}, False), ({"it": [[1], None]}, False), (NOTHING, False)],
    "retention-reviews-wait": [({"it": [[32]]}, True), ({"it": [[31]]}, False)],
}
"""Samples of the periods that an alarm looks at, and whether it goes off."""


@pytest.mark.parametrize(("name", "samples", "off"), [(name, samples, off) for name, cases in CASES.items() for samples, off in cases])
def test_an_alarm_goes_off_by_its_metric_and_by_nothing_less(name: str, samples: dict[str, Any], off: bool) -> None:
    assert goes_off(ALARMS[name], **samples) is off
    assert set(samples) <= set(metrics(ALARMS[name]))


@pytest.mark.parametrize(("name", "schedule"), [("leak-check-missing", "LeaksEveryHour"), ("seal-missing", "SealEveryHour")])
def test_silence_of_an_hourly_run_is_told_after_two_runs_were_missed_and_never_before_the_first_is_due(name: str, schedule: str) -> None:
    (minutes,) = re.findall(r"rate\((\d+) minutes\)", of_type("AWS::Scheduler::Schedule")[schedule]["ScheduleExpression"])
    assert silence(name) > 2 * timedelta(minutes=int(minutes))
    new = {"sweeps": [None, None, [1] * 6]}  # a stack of half an hour, whose first run may still be to come
    assert not goes_off(ALARMS[name], **new)


def silence(name: str) -> timedelta:
    """For how long nothing has to come before an alarm tells of it."""
    (period,) = {part["MetricStat"]["Period"] for part in ALARMS[name]["Metrics"] if "MetricStat" in part}
    return timedelta(seconds=period * ALARMS[name]["EvaluationPeriods"])


def test_that_receipts_lie_aside_is_told_until_none_does_and_not_only_while_they_fall_there() -> None:
    """Each lies there for a fortnight and is then gone: a count of what was dropped would be nought again five minutes later."""
    (metric,) = metrics(ALARMS["receipts-lost"]).values()
    assert metric == Metric(NAMESPACE, "dead_receipts_waiting", (("service", "kept-informed"),))
    assert metric.name in emitted()


def test_a_leak_check_that_stopped_is_told_while_every_message_can_still_be_judged() -> None:
    """What left just after the last run is judged by none that begins later than LOOKS_BACK: half of that is left to mend it."""
    assert silence("leak-check-missing") < LOOKS_BACK / 2


def test_every_alarm_is_forced_once_and_once_not() -> None:
    assert set(CASES) == set(ALARMS)
    for name, cases in CASES.items():
        assert {off for _, off in cases} == {True, False}, name


def headings() -> set[str]:
    """The anchors of the runbook's sections, as GitHub makes them."""
    found = re.findall(r"^## (.+)$", RUNBOOK, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in found}


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_an_alarm_says_what_it_means_and_leads_to_a_page_that_names_it(name: str) -> None:
    text = ALARMS[name]["AlarmDescription"]["Fn::Sub"]
    meaning, anchor = re.fullmatch(r"(.+\.) What to do: \$\{Runbook\}#([\w-]+)", text).groups()  # type: ignore[union-attr]
    assert len(meaning) > 40
    assert anchor in headings()
    if anchor not in {"messages-in-a-dead-letter-queue", "a-record-is-in-quarantine", "an-outcome-is-unknown"}:
        section = next(part for part in RUNBOOK.split("\n## ") if part.splitlines()[0].lower().replace(" ", "-") == anchor)
        assert f"`{name}`" in section


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_the_mail_of_an_alarm_holds_a_link_that_opens_at_its_section(name: str) -> None:
    """As it is deployed, by the command of docs/deploy.md."""
    mail = ALARMS[name]["AlarmDescription"]["Fn::Sub"].replace("${Runbook}", deployed_with()["Runbook"])
    assert re.search(r" https://[\w.-]+/[^\s#]+#[\w-]+$", mail), mail
    assert "${" not in mail


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("https://git.example.org/kept-informed/docs/runbook.md", True),
        ("docs/runbook.md", False),
        ("http://git.example.org/runbook.md", False),
        ("https://git.example.org/runbook.md#top", False),
        ('https://git.example.org/"', False),
        ("", False),
    ],
)
def test_where_the_runbook_is_must_be_said_as_an_address_that_a_section_can_be_added_to(address: str, taken: bool) -> None:
    parameter = deployable()["Parameters"]["Runbook"]
    assert "Default" not in parameter, "there is no address that is every force's"
    assert bool(re.fullmatch(parameter["AllowedPattern"], address)) is taken


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_an_alarm_reaches_whoever_is_on_call_and_says_when_it_is_over(name: str) -> None:
    assert ALARMS[name]["AlarmActions"] == ALARMS[name]["OKActions"] == [{"Ref": "AlarmTopic"}]


def test_the_mailbox_of_whoever_is_on_call_is_a_parameter() -> None:
    (mailbox,) = [s for s in of_type("AWS::SNS::Subscription").values() if s["Protocol"] == "email"]
    assert (mailbox["TopicArn"], mailbox["Endpoint"]) == ({"Ref": "AlarmTopic"}, {"Ref": "AlarmEmail"})
    assert deployable()["Resources"]["AlarmMailbox"]["Condition"] == "HasAlarmEmail"


def emitted() -> set[str]:
    """Names of the metrics that the code sends: what it calls `observe…` with, and the counts of the sweep."""
    found = {"failure", "arrived", "not_arrived"}
    for path in (ROOT / "chalicelib" / "entrypoints").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id in {"observe", "observe_value"} and isinstance(node.args[0], ast.Constant):
                    found.add(str(node.args[0].value))
                if node.func.id == "observe_counts":
                    found |= {str(word.arg) for word in node.keywords if word.arg}
    return found | _counts_of_the_sweep()


def _counts_of_the_sweep() -> set[str]:
    tree = ast.parse((ROOT / "chalicelib" / "entrypoints" / "sweep.py").read_text())
    dictionaries = [node for node in ast.walk(tree) if isinstance(node, ast.Dict)]
    return {str(key.value) for node in dictionaries for key in node.keys if isinstance(key, ast.Constant)}


def dashboard() -> dict[str, Any]:
    """The dashboard's body; references stand as they are."""
    (board,) = of_type("AWS::CloudWatch::Dashboard").values()
    found: dict[str, Any] = json.loads(board["DashboardBody"]["Fn::Sub"])
    return found


def shown() -> set[tuple[str, str]]:
    """(namespace, metric) of every line on the dashboard."""
    found = set()
    for widget in dashboard()["widgets"]:
        for line in widget["properties"].get("metrics", []):
            if isinstance(line[0], str):
                found.add((line[0], line[1]))
            else:
                found |= {(NAMESPACE, name) for name in re.findall(r'MetricName="(\w+)"', line[0].get("expression", ""))}
    return found


def asked() -> set[tuple[str, str]]:
    return {(metric.namespace, metric.name) for alarm in ALARMS.values() for metric in metrics(alarm).values()}


def test_what_an_alarm_or_the_dashboard_asks_for_is_sent() -> None:
    ours = {name for namespace, name in asked() | shown() if namespace == NAMESPACE}
    assert ours - STILL_TO_COME <= emitted()
    assert STILL_TO_COME - emitted() == STILL_TO_COME, "what is there now is not still to come"
    others = {(namespace, name) for namespace, name in asked() | shown() if namespace != NAMESPACE}
    assert {pair for pair in others if pair[1] not in PROVIDERS.get(pair[0], set())} == set()


def test_a_metric_is_asked_for_by_the_dimensions_with_which_it_is_sent() -> None:
    """Another set of dimensions is another metric, which nobody sends: the alarm would never go off."""
    by_dimension = {"failure": {"kind"}, "arrived": {"channel"}, "not_arrived": {"channel"}}
    for alarm in ALARMS.values():
        for metric in metrics(alarm).values():
            if metric.namespace == NAMESPACE:
                assert {name for name, _ in metric.dimensions} == {"service"} | by_dimension.get(metric.name, set()), metric


def test_every_function_and_queue_is_watched() -> None:
    everything: set[Metric] = {metric for alarm in ALARMS.values() for metric in metrics(alarm).values()}
    for name in of_type("AWS::Lambda::Function"):
        for metric in ("Errors", "Throttles"):
            assert Metric("AWS/Lambda", metric, (("FunctionName", str({"Ref": name})),)) in everything, name
    watched = {dict(metric.dimensions)["QueueName"] for metric in everything if metric.namespace == "AWS/SQS"}
    queues = set(of_type("AWS::SQS::Queue")) - {"QuarantineQueue"}  # nothing empties it: what waits is counted in the table
    assert watched == {str({"Fn::GetAtt": [name, "QueueName"]}) for name in queues}


def test_the_dashboard_answers_in_one_look_whether_victims_are_told() -> None:
    names = {name for _, name in shown()}
    assert {"announcement", "late", "about_to_breach", "breached", "leaks", "delivery", "arrived", "not_arrived"} <= names
    assert {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible", "oldest_unswept_seconds", "unknown_waiting"} <= names
    lines = [line for widget in dashboard()["widgets"] for line in widget["properties"].get("metrics", [])]
    kinds = {line[5] for line in lines if line[1:2] == ["announcement"]}
    assert kinds == {"written_acknowledgement", "update"}
    (board,) = [widget["properties"]["alarms"] for widget in dashboard()["widgets"] if widget["type"] == "alarm"]
    assert set(board) == {f"${{{name}.Arn}}" for name in of_type("AWS::CloudWatch::Alarm")}


def test_nothing_on_the_dashboard_lies_over_something_else() -> None:
    taken: set[tuple[int, int]] = set()
    for widget in dashboard()["widgets"]:
        place = {(widget["x"] + x, widget["y"] + y) for x in range(widget["width"]) for y in range(widget["height"])}
        assert not place & taken
        assert max(x for x, _ in place) < 24
        taken |= place


def test_what_is_tolerated_is_said_by_the_hour_as_it_is_counted() -> None:
    for name in ("about-to-breach", "breached"):
        assert (ALARMS[name]["Statistic"], ALARMS[name]["Period"], ALARMS[name]["EvaluationPeriods"]) == ("Sum", 3600, 1)
        assert ALARMS[name]["Threshold"] == {"Ref": "BreachesTolerated"}
    assert "within one hour" in deployable()["Parameters"]["BreachesTolerated"]["Description"]


def test_every_threshold_has_its_reason_above_it() -> None:
    lines = Path(ROOT / "infra" / "resources.yaml").read_text().splitlines()
    for name in of_type("AWS::CloudWatch::Alarm"):
        assert lines[lines.index(f"  {name}:") - 1].startswith("  # "), name

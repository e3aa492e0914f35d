"""CloudWatch's judgement of an alarm over sample data, from the alarm's own properties: statistics, metric math, missing data.

Source: CloudWatch user guide, "Evaluating an alarm" and "Using metric math". Must not know any alarm by name.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.local.template import deployable

Series = Sequence[Sequence[float] | None]
"""Samples of each period, the newest last; None: nobody sent any."""
_STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {"Sum": sum, "Maximum": max, "SampleCount": len}
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
}
_FUNCTIONS: dict[str, Any] = {
    "FILL": lambda value, filler: filler if value is None else value,
    "IF": lambda when, then, otherwise: then if when else otherwise,
}
PARAMETERS = {"BreachesTolerated": 0, "SmsMonthlyBudget": 100}


@dataclass(frozen=True)
class Metric:
    """Which samples an alarm asks for."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]


def alarms() -> dict[str, dict[str, Any]]:
    """Every alarm's properties by its name without the prefix."""
    found = [r["Properties"] for r in deployable()["Resources"].values() if r["Type"] == "AWS::CloudWatch::Alarm"]
    return {alarm["AlarmName"].removeprefix("kept-informed-"): alarm for alarm in found}


def metrics(alarm: Mapping[str, Any]) -> dict[str, Metric]:
    """The metrics of an alarm, by the id that its expression knows; "it" where there is no expression."""
    if "MetricName" in alarm:
        return {"it": _metric(alarm)}
    return {part["Id"]: _metric(part["MetricStat"]["Metric"]) for part in alarm["Metrics"] if "MetricStat" in part}


def _metric(said: Mapping[str, Any]) -> Metric:
    dimensions = sorted((dimension["Name"], str(dimension["Value"])) for dimension in said.get("Dimensions", []))
    return Metric(said["Namespace"], said["MetricName"], tuple(dimensions))


def goes_off(alarm: Mapping[str, Any], **samples: Series) -> bool:
    """Whether an alarm that was quiet goes off after these samples of its metrics (`it=` where it has one)."""
    periods = alarm["EvaluationPeriods"]
    values = []
    for at in range(periods):
        values.append(_value(alarm, {name: series[at] if at < len(series) else None for name, series in samples.items()}))
    return sum(_breaches(alarm, value) for value in values) >= alarm.get("DatapointsToAlarm", periods)


def _breaches(alarm: Mapping[str, Any], value: float | None) -> bool:
    if value is None:
        return bool(alarm["TreatMissingData"] == "breaching")
    threshold = alarm["Threshold"]
    return _COMPARISONS[alarm["ComparisonOperator"]](value, PARAMETERS[threshold["Ref"]] if isinstance(threshold, dict) else threshold)


def _value(alarm: Mapping[str, Any], samples: Mapping[str, Sequence[float] | None]) -> float | None:
    if "MetricName" in alarm:
        given = samples.get("it")
        return None if given is None else _STATISTICS[alarm["Statistic"]](given)
    stats = {part["Id"]: part["MetricStat"]["Stat"] for part in alarm["Metrics"] if "MetricStat" in part}
    known = {name: _STATISTICS[stat](given) if (given := samples.get(name)) is not None else None for name, stat in stats.items()}
    (expression,) = [part["Expression"] for part in alarm["Metrics"] if "Expression" in part]
    return _math(expression["Fn::Sub"] if isinstance(expression, dict) else expression, known)


def _math(expression: str, known: Mapping[str, float | None]) -> float | None:
    """Metric math of the few functions that are used here. What needs a missing value, or divides by nought, is missing."""
    for name, value in PARAMETERS.items():
        expression = expression.replace(f"${{{name}}}", str(value))
    names = set(re.findall(r"[a-z_]+", re.sub(r"[A-Z]+\(", "(", expression)))
    assert names <= set(known), f"an expression names what the alarm does not ask for: {names - set(known)}"
    try:
        return float(eval(expression, {"__builtins__": {}}, _FUNCTIONS | dict(known)))
    except (TypeError, ZeroDivisionError):
        return None

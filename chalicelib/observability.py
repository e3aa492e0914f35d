"""One log line and one metric for each outcome, from an allow-list of ids, enums and numbers.

A field that is not on the list is dropped; a value that is not a number or a short code-like word is withheld. Must not see a domain
object.
"""

from __future__ import annotations

import re
import traceback
from functools import cache

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "KeptInformed"
ALLOWED = frozenset(
    {"outcome", "kind", "reference", "notification_id", "quarantine_id", "audience", "channel", "template", "state", "code", "attempts",
     "due", "more", "owed", "digests", "oldest", "contended", "faults", "error", "where", "route", "status", "number", "lines"}
)  # fmt: skip
DIMENSIONS = ("outcome", "kind", "audience", "channel", "route", "status")
_PLAIN = re.compile(r"[A-Za-z0-9_.:#/\[\]-]{1,120}")


@cache
def _logger() -> Logger:
    return Logger(service="kept-informed", log_uncaught_exceptions=False)


@cache
def _metrics() -> Metrics:
    return Metrics(namespace=NAMESPACE, service="kept-informed")


def _safe(value: object) -> str | int | None:
    """Numbers and short code-like words only; anything else becomes "withheld"."""
    if value is None or isinstance(value, bool | int):
        return value
    text = str(value)
    return text if _PLAIN.fullmatch(text) else "withheld"


def observe(event: str, **fields: object) -> None:
    """Write the outcome `event` ("record", "delivery", "receipt", "sweep", "failure") with `fields` from the allow-list."""
    line = {name: _safe(value) for name, value in fields.items() if name in ALLOWED and value is not None}
    _logger().info(event, extra=line)
    metrics = _metrics()
    for name in DIMENSIONS:
        if name in line:
            metrics.add_dimension(name, str(line[name]))
    metrics.add_metric(name=event, unit=MetricUnit.Count, value=1)
    metrics.flush_metrics()


def observe_value(metric: str, seconds: int) -> None:
    """A metric that is a measure and no count, for its alarm: how old the oldest obligation is that no sweep has seen to."""
    metrics = _metrics()
    metrics.add_metric(name=metric, unit=MetricUnit.Seconds, value=seconds)
    metrics.flush_metrics()


def observe_counts(**counts: int) -> None:
    """Metrics that say how much there is at this moment, nought too: an alarm has to know that nothing from silence."""
    metrics = _metrics()
    for name, count in counts.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=count)
    metrics.flush_metrics()


def observe_end(arrived: bool, channel: str | None) -> None:
    """How a message ended, as one of the metrics `arrived` and `not_arrived` of its channel; its log line is written already."""
    metrics = _metrics()
    metrics.add_dimension("channel", str(_safe(channel)))
    metrics.add_metric(name="arrived" if arrived else "not_arrived", unit=MetricUnit.Count, value=1)
    metrics.flush_metrics()


def observe_failure(event: str, error: BaseException, **fields: object) -> None:
    """An exception by its type and the line that raised it: its text might hold a value of a record."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else None
    observe("failure", kind=event, error=type(error).__name__, where=where, **fields)

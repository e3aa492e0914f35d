"""Take an SQS batch record by record: what fails is given back alone, its neighbours are done.

Must not know what a record means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.observability import observe_failure


def each_record(event: Mapping[str, Any], take: Callable[[Mapping[str, Any]], None], name: str) -> dict[str, list[dict[str, str]]]:
    """Call `take` for every record; the answer names those that raised, for SQS to deliver again (ReportBatchItemFailures)."""
    failures = []
    for record in event["Records"]:
        try:
            take(record)
        except Exception as error:
            observe_failure(name, error)
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}

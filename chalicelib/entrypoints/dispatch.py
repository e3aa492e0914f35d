"""Trigger: the dispatch queue, which carries notification ids alone. Take the next step of each row, observe.

Must not decide or render.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.bootstrap import Container, container
from chalicelib.entrypoints.queue import each_record
from chalicelib.observability import observe


def handle(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """SQS event to batch item failures. The claim's token is this invocation's and this message's own."""
    ready = container()
    now = ready.tick()
    request = str(getattr(context, "aws_request_id", "local"))
    return each_record(event, lambda record: _take(ready, record, f"{request}:{record['messageId']}", now), "dispatch")


def _take(ready: Container, record: Mapping[str, Any], token: str, now: datetime) -> None:
    attempt = ready.deliver.deliver(str(json.loads(record["body"])["notification_id"]), token, now)
    row = attempt.row
    seen = {"audience": row.audience, "channel": row.channel, "template": row.template, "attempts": row.attempts} if row else {}
    observe("delivery", outcome=attempt.outcome, notification_id=attempt.notification_id, code=attempt.code, **seen)

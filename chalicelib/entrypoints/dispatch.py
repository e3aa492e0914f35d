"""Trigger: the dispatch queue, which carries notification ids alone. Take the next step of each row, observe.

Must not decide or render.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from chalicelib.bootstrap import Container, container
from chalicelib.domain.announcements import announced
from chalicelib.domain.delivery import Notification
from chalicelib.entrypoints.queue import each_record
from chalicelib.observability import observe, observe_end
from chalicelib.services.attempts import Delivered

_ENDS = {Delivered.ARRIVED: True, Delivered.FAILED: False}
"""Whether a message arrived in the end; of the others a receipt says it."""


def handle(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """SQS event to batch item failures. The claim's token is this invocation's and this message's own."""
    ready = container()
    now = ready.tick()
    request = str(getattr(context, "aws_request_id", "local"))
    with ready.queues.together():
        rows = ready.deliver.read([key for record in event["Records"] if (key := _hinted(record))], now)
        gone = ready.deliver.publish(rows.values())
        return each_record(event, lambda record: _take(ready, record, f"{request}:{record['messageId']}", now, rows, gone), "dispatch")


def _hinted(record: Mapping[str, Any]) -> str | None:
    """The notification id of a hint; None for what is none, which fails alone when its turn comes."""
    with suppress(ValueError, KeyError, TypeError):
        return str(json.loads(record["body"])["notification_id"])
    return None


def _take(
    ready: Container, record: Mapping[str, Any], token: str, now: datetime, rows: dict[str, Notification], gone: frozenset[str]
) -> None:
    key = _hinted(record)
    if key is None:
        raise ValueError("not a hint")
    if key in gone:
        observe("announcement", notification_id=key, **announced(rows[key]))
        return
    attempt = ready.deliver.deliver(key, token, now, rows.pop(key, None))  # the same hint again finds another row
    row = attempt.row
    seen = {"audience": row.audience, "channel": row.channel, "template": row.template, "attempts": row.attempts} if row else {}
    observe("delivery", outcome=attempt.outcome, notification_id=attempt.notification_id, code=attempt.code, **seen)
    if row and attempt.outcome in _ENDS:
        observe_end(_ENDS[attempt.outcome], row.channel)

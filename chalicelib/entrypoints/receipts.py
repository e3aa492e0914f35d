"""Trigger: what SES and End User Messaging say became of a message. Parse, apply, observe.

Provider events hold addresses: nothing of them but our id, the state and a code may be kept or logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.bootstrap import Container, container
from chalicelib.domain.delivery import Receipt, State
from chalicelib.observability import observe, observe_end
from chalicelib.schemas.provider_receipts import parse_receipt
from chalicelib.services.take_receipt import Taken

_ENDS = {State.DELIVERED: True, State.BOUNCED: False}
"""Whether a message arrived in the end."""


def handle(event: Mapping[str, Any], context: object) -> None:
    """SNS event. An exception makes Lambda invoke again (twice, then the row stays unknown and goes to a person)."""
    ready = container()
    now = ready.tick()
    for record in event["Records"]:
        _take(ready, record["Sns"]["Message"], now)


def _take(ready: Container, body: str, now: datetime) -> None:
    receipt = parse_receipt(body)
    if not isinstance(receipt, Receipt):
        observe("receipt", outcome="not_taken", code=receipt.reason)
        return
    outcome = ready.receipts.take(receipt, now)
    observe("receipt", outcome=outcome, notification_id=receipt.notification_id, state=receipt.state, code=receipt.code)
    if outcome is Taken.MOVED and receipt.state in _ENDS:
        observe_end(_ENDS[receipt.state], receipt.channel)

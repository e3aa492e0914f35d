"""Trigger: the records queue. Parse, record or quarantine, observe.

Must not decide; must not log a value of a record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.bootstrap import Container, container
from chalicelib.domain.delivery import State
from chalicelib.domain.model import Channel
from chalicelib.entrypoints.queue import each_record
from chalicelib.observability import observe, observe_end
from chalicelib.schemas.records import Parsed, Rejected, parse_record
from chalicelib.services.quarantine_record import Refused
from chalicelib.services.record_event import RETURNED
from chalicelib.services.record_occurrence import Arrived, Recorded
from chalicelib.services.take_receipt import Taken

CONFLICT = (("version", "equal version with other content"),)
STRIPPED = (("reference", "the content of this case was taken at the end of its retention"),)


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """SQS event to batch item failures."""
    ready = container()
    now = ready.tick()
    with ready.queues.together():
        return each_record(event, lambda record: _take(ready, record["body"], now), "ingest")


def _take(ready: Container, body: str, now: datetime) -> None:
    parsed = parse_record(body, now=now, allow_reserved=not ready.settings.production)
    outcome = _quarantined(ready, body, parsed, now) if isinstance(parsed, Rejected) else _recorded(ready, body, parsed, now)
    observe("record", outcome=outcome, kind=parsed.kind, reference=parsed.reference)


def _recorded(ready: Container, body: str, parsed: Parsed, now: datetime) -> str:
    outcome, version = _taken(ready, parsed, now)
    if outcome in (Recorded.CONFLICT, Recorded.STRIPPED):
        again = (("event_id", "equal id with other content"),) if parsed.event else CONFLICT
        fault = STRIPPED if outcome is Recorded.STRIPPED else again
        ready.quarantine.quarantine(body.encode(), Refused(fault, parsed.reference, version, parsed.kind, parsed.people), now)
        return "quarantined"
    return outcome


def _taken(ready: Container, parsed: Parsed, now: datetime) -> tuple[Recorded, int | None]:
    """What came of it, and which version it is; an event has none."""
    if parsed.officer is not None:
        return ready.record_officer.record(parsed.officer, parsed.content_hash, parsed.canonical, now), parsed.officer.version
    if parsed.event is not None:
        told = ready.record_event.told(parsed.event, parsed.content_hash, now)
        for notification_id in told.returned:
            observe("receipt", outcome=Taken.MOVED, notification_id=notification_id, state=State.BOUNCED, code=RETURNED)
            observe_end(False, Channel.LETTER)
        return told.outcome, None
    assert parsed.occurrence is not None  # noqa: S101 - Parsed holds one of the three
    arrived = Arrived(parsed.occurrence, parsed.content_hash, parsed.canonical, parsed.sent_at)
    return ready.record.record(arrived, now), parsed.occurrence.version


def _quarantined(ready: Container, body: str, parsed: Rejected, now: datetime) -> str:
    faults = tuple((fault.path, fault.reason) for fault in parsed.faults)
    refused = Refused(faults, parsed.reference, parsed.version, parsed.kind, parsed.people)
    new = ready.quarantine.quarantine(body.encode("utf-8", "surrogatepass"), refused, now)
    return "quarantined" if new else "quarantined_again"

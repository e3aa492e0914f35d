"""What goes back to the records system, so that nobody keys anything twice: ids, enums and times alone (docs/contract/out-v1.schema.json).

An announcement is a row of the outbox, written in the transaction of what it tells of. Must not hold anything of a person, or publish.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.delivery import OUTSIDE, Audience, Notification, fact_id
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel
from chalicelib.domain.obligations import ASSESSED, PAPER, Agreement, Kind, Obligation, ObligationState
from chalicelib.domain.victim_events import Asked, VictimAsked

CONTRACT = "kept-informed/out/v1"
_TASKS = {
    Kind.TASK, Kind.STOP_NOTICE, Kind.QUARANTINED_RECORD, Kind.RECORDING_CHECK, Kind.CONTACT_ANSWER, Kind.CONTACT_ALARM, Kind.LEAK,
}  # fmt: skip
Pair = tuple[Obligation | None, Obligation | None]
"""An obligation as it stood and as it stands."""


class Announcement(StrEnum):
    NOTIFIED = "notified"
    TASK_RAISED = "task_raised"
    OBLIGATION_MET = "obligation_met"
    OBLIGATION_BREACHED = "obligation_breached"
    AGREEMENT_CHANGED = "agreement_changed"
    OPTED_OUT = "opted_out"
    MESSAGE_RECEIVED = "message_received"


def of_obligations(changed: Iterable[Pair], now: datetime) -> Iterator[Notification]:
    """What became of obligations: raised as a task, met, breached. What the record itself said when it arrived is no news to it."""
    for before, after in changed:
        if after is None or (before is not None and (before.state, before.evidence) == (after.state, after.evidence)):
            continue
        if after.kind in _TASKS and after.unmet and (before is None or not before.unmet):
            yield _announce(after, Announcement.TASK_RAISED, now, purpose=after.purpose, unit=after.unit, task=after.obligation_id)
        if after.state is ObligationState.MET and (before is not None or after.evidence not in {PAPER, ASSESSED}):
            yield _announce(after, Announcement.OBLIGATION_MET, now, met_at=after.met_at, evidence=after.evidence)
        if after.state is ObligationState.BREACHED and (before is None or before.state is not after.state):
            yield _announce(after, Announcement.OBLIGATION_BREACHED, now)


def _announce(owed: Obligation, what: Announcement, now: datetime, **more: object) -> Notification:
    facts = (owed.obligation_id, what, str(owed.evidence or ""), now.isoformat())  # evidence may be taken back, and it is news again
    said = {"obligation": owed.obligation_id, "kind": owed.kind, "event_type": owed.event, "due_at": owed.due_at}
    return _row(what, owed.reference, owed.victim_id, facts, now, **said, **more)


def announced(row: Notification) -> dict[str, str]:
    """What a published row told of an obligation, as `outcome` and `kind` for the figures: met in time, met late, breached."""
    said = json.loads(row.body or "{}")
    if said.get("event") == Announcement.OBLIGATION_BREACHED:
        return {"outcome": "breached", "kind": said["kind"]}
    if said.get("event") == Announcement.OBLIGATION_MET and "met_at" in said:
        in_time = datetime.fromisoformat(said["met_at"]) <= datetime.fromisoformat(said["due_at"])
        return {"outcome": "met_in_time" if in_time else "met_late", "kind": said["kind"]}
    return {"outcome": "published"}


def of_agreement(before: Agreement | None, after: Agreement | None, now: datetime) -> Iterator[Notification]:
    """A change of the agreement; the first is news only where the force's default made it."""
    if after is None or (before is None and not after.proposed) or (before is not None and _terms(before) == _terms(after)):
        return
    terms = _terms(after)
    facts = (after.reference, after.victim_id, *map(str, terms.values()), now.isoformat())
    yield _row(Announcement.AGREEMENT_CHANGED, after.reference, after.victim_id, facts, now, **terms)


def _terms(agreement: Agreement) -> dict[str, object]:
    names = ("every_days", "method", "next_update_on", "declined", "proposed", "ended")
    return {name: getattr(agreement, name) for name in names}


def of_message(row: Notification, now: datetime) -> Iterator[Notification]:
    """A message to the victim (the answer to what was written through the page too), or to the service about them, was accepted by its
    provider."""
    if row.audience in OUTSIDE:
        facts = (row.notification_id, Announcement.NOTIFIED)
        yield _row(
            Announcement.NOTIFIED,
            row.reference,
            row.victim_id,
            facts,
            now,
            notification_id=row.notification_id,
            template=row.template,
            channel=row.channel,
        )


def of_event(event: object, now: datetime) -> Iterator[Notification]:
    """What the records system has to know of an event of ours by itself: a victim's no to the referral."""
    if isinstance(event, VictimAsked) and event.what is Asked.OPT_OUT:
        yield _row(Announcement.OPTED_OUT, event.reference, event.victim_id, (event.event_id, Announcement.OPTED_OUT), now)


def of_received(answer: Obligation, now: datetime) -> Notification:
    """Somebody wrote through the page. Whose message it would be is only claimed, so no victim is named."""
    facts = (answer.begun_by, Announcement.MESSAGE_RECEIVED)
    said = {"obligation": answer.obligation_id, "task": answer.obligation_id, "unit": answer.unit, "due_at": answer.due_at}
    return _row(Announcement.MESSAGE_RECEIVED, answer.reference, None, facts, now, message=answer.begun_by, **said)


def _row(what: Announcement, reference: str, victim_id: str | None, facts: tuple[str, ...], now: datetime, **more: object) -> Notification:
    """An outbox row without audience or channel of its own: it leaves on the topic."""
    event_id = fact_id("out", *facts)
    said = {"contract": CONTRACT, "event": what, "event_id": event_id, "at": now, "reference": reference, "victim_id": victim_id, **more}
    return Notification(
        notification_id=event_id,
        reference=reference,
        victim_id=victim_id,
        template=Template.OUT,
        audience=Audience.RECORDS_SYSTEM,
        channel=Channel.EMAIL,
        not_before=now,
        created_at=now,
        open_at=now,
        body=json.dumps({name: _plain(value) for name, value in said.items() if value is not None}, sort_keys=True),
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime | date) else value

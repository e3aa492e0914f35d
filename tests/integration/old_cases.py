"""Cases that are over, for tests of retention over a provisioned stack: told, closed, and of which people did what was owed.

Must not decide or assert anything.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.obligations import ObligationState
from chalicelib.services.ports import Changes, Swap
from tests.builders import body, enhanced, event_message, occurrence_record, victim
from tests.integration.stack_fixture import LocalStack

LONG = timedelta(days=365 * 11)
"""Above every period of the profile."""


def assessed(victim_id: str = "V1", **facts: Any) -> dict[str, Any]:
    return victim(victim_id, enhanced=enhanced(eligible=False, reasons=[]), **facts)


def over(local: LocalStack, reference: str, person: dict[str, Any], **facts: Any) -> None:
    """A case that was told and closed, with news in somebody's words, and of which people did what was owed."""
    local.ingest(body(occurrence_record(reference=reference, victims=[person], **facts)))
    local.advance(timedelta(minutes=35))
    local.sweep()
    local.settle()
    local.ingest(body(event_message(reference=reference, event_id=f"E-{reference}", reason="Alex Morgan saw him.", now=local.ready.tick())))
    local.settle()
    local.ingest(body(occurrence_record(reference=reference, version=2, status="closed", victims=[person], **facts)))
    local.settle()
    done_by_people(local, reference)


def done_by_people(local: LocalStack, reference: str) -> None:
    """Nothing is owed any more, and nothing is on its way."""
    cases, now = local.ready.cases, local.ready.tick()
    unmet = [row for row in cases.obligations_of(reference) if row.unmet]
    met = tuple(Swap(row, replace(row, state=ObligationState.MET, met_at=now, evidence="x", next_at=None)) for row in unmet)
    cases.commit(Changes(obligations=met))
    waiting = [row for row in cases.outbox_of(reference) if row.open_at is not None]
    cases.commit(Changes(removed_notifications=tuple(waiting)))

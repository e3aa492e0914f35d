"""Trigger: the schedule. See to everything that is due or stuck, observe.

Must not decide or send.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.bootstrap import container
from chalicelib.observability import observe, observe_counts, observe_value
from chalicelib.services.sweep import Swept


def handle(event: Mapping[str, Any], context: object) -> dict[str, int]:
    """Schedule event; the answer says how many rows were due."""
    ready = container()
    swept = ready.sweep.sweep(ready.tick())
    observe("sweep", due=swept.due, more=swept.more, owed=swept.owed, digests=swept.digests, oldest=swept.oldest, contended=swept.contended)
    observe_value("oldest_unswept_seconds", swept.oldest)
    observe_counts(**_standing(swept))
    return {"due": swept.due + swept.owed}


def _standing(swept: Swept) -> dict[str, int]:
    """How things stand with victims, for the alarms."""
    now = swept.standing
    counts = {"late": now.late, "about_to_breach": now.about_to_breach, "breached": now.breached}
    waiting = {
        "unknown_waiting": swept.unknown,
        "quarantined_waiting": swept.quarantined,
        "dead_receipts_waiting": swept.dead_receipts,
    }
    return counts | {name: count for name, count in waiting.items() if count is not None}

"""Trigger: the schedule. See to everything that is due or stuck, observe.

Must not decide or send.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.bootstrap import container
from chalicelib.observability import observe, observe_value


def handle(event: Mapping[str, Any], context: object) -> dict[str, int]:
    """Schedule event; the answer says how many rows were due."""
    ready = container()
    swept = ready.sweep.sweep(ready.tick())
    observe("sweep", due=swept.due, more=swept.more, owed=swept.owed, digests=swept.digests, oldest=swept.oldest, contended=swept.contended)
    observe_value("oldest_unswept_seconds", swept.oldest)
    return {"due": swept.due + swept.owed}

"""Trigger: the schedule of retention. Take the content of cases whose time is over, observe.

Must not log anything but references and counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.bootstrap import container
from chalicelib.observability import observe, observe_counts


def handle(event: Mapping[str, Any], context: object) -> dict[str, int]:
    """Schedule event; the answer says how many cases were due and stripped. An exception is an alarm too: the run did not end."""
    ready = container()
    now = ready.tick()
    came = ready.retaining.run(now)
    for reference in came.stuck:
        observe("retention_stuck_case", reference=reference)
    observe("retention", number=came.stripped, due=came.due, more=came.more)
    waited = (now - came.oldest).days if came.oldest else 0
    observe_counts(retention_reviews=came.reviews, retention_review_days=waited, retention_stuck=len(came.stuck))
    return {"due": came.due, "stripped": came.stripped, "reviews": came.reviews, "stuck": len(came.stuck)}

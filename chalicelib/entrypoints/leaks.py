"""Trigger: the schedule of the independent leak check. Judge what left in the last day, observe.

Must not log anything but ids and kinds: what a leak is about is a victim in danger.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.bootstrap import container
from chalicelib.observability import observe, observe_counts


def handle(event: Mapping[str, Any], context: object) -> dict[str, int]:
    """Schedule event; the answer says how many leaks stand. An exception is an alarm too: the check did not run."""
    ready = container()
    watched = ready.watch.run(ready.tick())
    for leak in watched.leaks:
        observe("leak", reference=leak.reference, notification_id=leak.notification_id, code=leak.what)
    for reference in watched.unread:
        observe("leak_unread", reference=reference)
    found = {"leaks": len(watched.leaks), "checked": watched.checked, "unread": len(watched.unread), "left_out": watched.left_out}
    observe_counts(leaks=found["leaks"], leaks_checked=found["checked"], leaks_unread=found["unread"], leaks_left_out=found["left_out"])
    return found

"""From the rows that exist to the rows that are wanted (docs/adr/0006-planning.md): one victim at a time.

What left stays as it is. What a version asked for by itself stays as cancelled or waived; what else nobody heard of goes. Must not send.
"""

from __future__ import annotations

from datetime import datetime

from infra.replay.expectation.rows import ACCEPTED, DONE, Key, Part, Row, Task
from infra.replay.expectation.wants import Wishes


def settle(part: Part, wishes: Wishes, own: Wishes | None, *, suspended: bool, now: datetime) -> None:
    """Bring the part's rows and tasks to the wishes. `own` are those of the version that arrived, by its own signs alone."""
    part.verdict = wishes.verdict
    asked = own.rows if own else {}
    accepted = {key for key, row in part.rows.items() if row.state in ACCEPTED}
    for key in {*part.rows, *wishes.rows, *asked}:
        _settle_row(part, key, wishes.rows.get(key), asked.get(key), accepted, suspended, now)
    for task in {*part.tasks, *wishes.tasks, *(own.tasks if own else ())}:
        _settle_task(part, task, task in wishes.tasks, own is not None and task in own.tasks)


def _settle_row(part: Part, key: Key, wanted: Row | None, asked: Row | None, accepted: set[Key], suspended: bool, now: datetime) -> None:
    row = part.rows.get(key)
    own = asked is not None or (row is not None and row.own)
    if row is not None and row.state in DONE:
        row.own = own
    elif wanted is not None:
        row = wanted
        row.own = own
        row.state, row.reason = _standing(row, accepted, suspended, now)
        part.rows[key] = row
    elif own:
        kept = row or asked
        assert kept is not None  # noqa: S101 - it is own because one of the two is there
        part.rows[key] = Row(kept.template, kept.channel, kept.audience, "cancelled", task=kept.task, own=True)
    else:
        part.rows.pop(key, None)


def _standing(row: Row, accepted: set[Key], suspended: bool, now: datetime) -> tuple[str, str | None]:
    if suspended and row.outside:
        return "held", "suspended"
    if row.waits_for and not accepted & set(row.waits_for):
        return "held", "waits_for_notice"
    if row.not_before is not None and row.not_before > now:
        return "held", "hold_window"
    return "pending", None


def _settle_task(part: Part, key: Key, wanted: bool, asked: bool) -> None:
    task = part.tasks.get(key)
    own = asked or (task is not None and task.own)
    heard = any(row.task == key and row.state in DONE for row in part.rows.values())
    if wanted:
        part.tasks[key] = Task("open", own)
    elif own or (task is not None and heard):
        part.tasks[key] = Task("waived", own)
    else:
        part.tasks.pop(key, None)

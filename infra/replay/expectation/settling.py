"""From the rows that exist to the rows that are wanted (docs/adr/0006-planning.md): one victim at a time.

What left stays as it is, what was met stays met, and what was late stays breached. What a version asked for by itself stays as cancelled or
waived; what else nobody heard of goes, and so does an update that what came late undid. Must not send.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from infra.replay.expectation.owed import Owed
from infra.replay.expectation.rows import ACCEPTED, DONE, Key, Part, Row
from infra.replay.expectation.wants import Wishes


def settle(part: Part, wishes: Wishes, own: Wishes | None, *, suspended: bool, now: datetime) -> None:
    """Bring the part's rows and tasks to the wishes. `own` are those of the version that arrived, by its own signs alone."""
    part.verdict = wishes.verdict
    asked = own.rows if own else {}
    accepted = {key for key, row in part.rows.items() if row.state in ACCEPTED}
    for key in {*part.rows, *wishes.rows, *asked}:
        _settle_row(part, key, wishes.rows.get(key), asked.get(key), accepted, suspended, now)
    heard = _heard(part)
    why = wishes.verdict.rule
    _settle_owed(part.tasks, wishes.tasks, own.tasks if own else {}, heard, why, now)
    if wishes.keeps_rights:
        _undo(part.rights, wishes.rights)
    _settle_owed(part.rights, wishes.rights, own.rights if own else {}, heard, why, now)


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


def _heard(part: Part) -> set[Key]:
    """What somebody was told of, or what a message that left was to meet."""
    left = [row for row in part.rows.values() if row.state in DONE]
    return {row.task for row in left if row.task} | {key for row in left for key in row.meets}


def _undo(standing: dict[Key, Owed], wanted: Mapping[Key, Owed]) -> None:
    """While the victim has rights every update that was ever owed is wanted: any other never was, neither met nor missed."""
    for key, owed in list(standing.items()):
        if owed.kind == "update" and key not in wanted:
            standing[key] = Owed(owed.kind, owed.due, closed="waived", own=owed.own)
            if not owed.own:
                del standing[key]


def _settle_owed(
    standing: dict[Key, Owed], wanted: Mapping[Key, Owed], asked: Mapping[Key, Owed], heard: set[Key], why: str, now: datetime
) -> None:
    for key in {*standing, *wanted, *asked}:
        after = _owed(standing.get(key), wanted.get(key), asked.get(key), key in heard, why, now)
        if after is None:
            standing.pop(key, None)
        else:
            standing[key] = after


def _owed(before: Owed | None, wanted: Owed | None, asked: Owed | None, heard: bool, why: str, now: datetime) -> Owed | None:
    own = asked is not None or (before is not None and before.own)
    if wanted is not None:
        began = before is not None and wanted.fresh and before.closed != "waived"
        late = before is not None and wanted.kind == "event" and wanted.closed is not None and before.missed(why, now)
        due = before.due if before is not None and began else wanted.due
        return replace(wanted, own=own, due=due, closed="breached" if late else wanted.closed)
    if before is not None and before.met_at is not None and not before.by_record:
        return before
    if before is not None and before.missed(why, now):
        return replace(before, own=own, closed="breached")
    if before is not None and heard:
        return replace(before, own=own, met_at=None, closed="waived")
    kept = before or asked
    return Owed(kept.kind, kept.due, closed="waived", own=True) if own and kept is not None else None

"""Which task somebody does when it is their day: the first of a victim's that is still owed, as the tables have them then.

A records system learns a task's id from the task itself; so does a replay. Must not read a table: it is handed rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from infra.replay.generator.case_days import TASK

Line = dict[str, Any]
_OWED = {"open", "late", "breached"}


def named(line: Line, rows: Iterable[Mapping[str, Any]]) -> Line | None:
    """The line with the task's id in its body and what the task asks beside it; None where nothing is owed.

    `rows` are obligations of the occurrence, by the names of their attributes.
    """
    whose = line["task_of"]["victim_id"]
    owed = [row for row in rows if row.get("purpose") and row.get("victim_id") == whose and row["state"] in _OWED]
    if not owed:
        return None
    first = min(owed, key=_question)
    asked = dict(zip(("purpose", "unit", "destinations", "missing", "about"), _question(first), strict=True))
    rest = {key: value for key, value in line.items() if key != "task_of"}
    return rest | {"body": line["body"].replace(TASK, first["obligation_id"]), "task": {"victim_id": whose, **asked}}


def _question(row: Mapping[str, Any]) -> tuple[str, str, list[str], list[str], list[str]]:
    """What it asks, of whom, and the key event that it is about, which began it."""
    about = [str(row["begun_by"])] if row.get("event") else []
    return str(row["purpose"]), str(row["unit"]), list(row.get("destinations") or ()), list(row.get("missing") or ()), about

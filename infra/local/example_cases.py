"""The case that an example event tells of: its victims, its officer and its open tasks, and whether an event of it is kept.

Must not write.
"""

import json
from dataclasses import dataclass

from infra.local.example_events import Teller
from infra.local.example_records import ASH
from infra.local.table_reader import TableReader


@dataclass(frozen=True, slots=True)
class ToldOf:
    """A recorded case. `tasks` are the ids of its open tasks, the most urgent first."""

    reference: str
    victims: tuple[str, ...]
    officer: str
    tasks: tuple[str, ...]

    def teller(self, victim: str, task: str) -> Teller | None:
        """Who tells of which victim (the first where none is named) and task (the most urgent); None where there is no such victim."""
        chosen = victim or next(iter(self.victims), "")
        first = next(iter(self.tasks), "")
        return Teller(self.reference, chosen, self.officer, task or first) if chosen in self.victims else None

    def keeps(self, tables: TableReader, event_id: str) -> bool:
        """Whether the product keeps an event of this case."""
        return any(row["event_id"] == event_id for row in tables.of("events", "occurrence_ref", self.reference))


def told_of(tables: TableReader, reference: str) -> ToldOf | None:
    """The case of an eleven-digit reference; None where no version of it is recorded."""
    rows = {row["part"]: json.loads(row["body"]) for row in tables.of("occurrences", "occurrence_ref", reference)}
    facts = rows.get("head", {}).get("facts")
    if not facts:
        return None
    owed = sorted(tables.of("obligations", "occurrence_ref", reference), key=lambda row: str(row["due_at"]))
    return ToldOf(
        reference,
        tuple(part.removeprefix("victim#") for part in sorted(rows) if part != "head"),
        str((facts.get("officer") or {}).get("collar_number") or ASH["collar_number"]),
        tuple(row["obligation_id"] for row in owed if row["kind"] in TASKS and "due_shard" in row),
    )


TASKS = frozenset({"task", "stop_notice"})
"""Kinds of what is owed that are reported as done by their id."""

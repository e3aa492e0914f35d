"""One occurrence as the console shows it: record, victims with route and rule, obligations, messages as sent, and the audit.

Must not decide or interpret: it lays side by side what the tables and the providers hold.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from infra.local.table_reader import Row, TableReader

_LONG = re.compile(r"\d{11}")
_SHORT = re.compile(r"(\d{2})\*(\d{1,9})")


def eleven_digits(text: str) -> str | None:
    """A reference in its eleven-digit form, from either form; None where it is no reference."""
    text = text.strip()
    short = _SHORT.fullmatch(text)
    if short:
        return short[1] + short[2].zfill(9)
    return text if _LONG.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class VictimView:
    """One victim: the part as stored, the decision in it, and what is owed and was written to or about them."""

    victim_id: str
    name: str
    removed: bool
    part: dict[str, Any]
    decision: dict[str, Any]
    obligations: list[Row]
    messages: list[Row]


@dataclass(frozen=True, slots=True)
class CaseView:
    """An occurrence; `messages` and `obligations` are those of no single victim."""

    reference: str
    head: dict[str, Any]
    victims: list[VictimView]
    obligations: list[Row]
    messages: list[Row]
    audit: list[Row]


def case_view(tables: TableReader, reference: str, delivered: list[dict[str, Any]]) -> CaseView | None:
    """The case of an eleven-digit reference, None where nothing is stored. `delivered` is the outbox list."""
    rows = tables.of("occurrences", "occurrence_ref", reference)
    if not rows:
        return None
    obligations = sorted(tables.of("obligations", "occurrence_ref", reference), key=lambda row: str(row["due_at"]))
    messages = [_with_delivered(row, delivered) for row in tables.of("notifications", "occurrence_ref", reference, "by_occurrence")]
    messages.sort(key=lambda row: (row["created_at"], str(row.get("sent_at") or "~"), row["audience"] != "victim"))
    parts = {row["part"].removeprefix("victim#"): row for row in rows if row["part"].startswith("victim#")}
    head: dict[str, Any] = next((json.loads(row["body"]) for row in rows if row["part"] == "head"), {})
    return CaseView(
        reference=reference,
        head=head,
        victims=[_victim(name, row, obligations, messages) for name, row in parts.items()],
        obligations=[row for row in obligations if row.get("victim_id") not in parts],
        messages=[row for row in messages if row.get("victim_id") not in parts],
        audit=tables.of("audit", "occurrence_ref", reference),
    )


def _with_delivered(row: Row, delivered: list[dict[str, Any]]) -> Row:
    return row | {"delivered": [message for message in delivered if message["notification_id"] == row["notification_id"]]}


def _victim(victim_id: str, row: Row, obligations: list[Row], messages: list[Row]) -> VictimView:
    part = json.loads(row["body"])
    return VictimView(
        victim_id=victim_id,
        name=_name(part.get("victim") or {}),
        removed=bool(row.get("removed")),
        part=part,
        decision=part.get("decision") or {},
        obligations=[o for o in obligations if o.get("victim_id") == victim_id],
        messages=[m for m in messages if m.get("victim_id") == victim_id],
    )


def _name(victim: dict[str, Any]) -> str:
    given = " ".join(name for name in (victim.get("given_name"), victim.get("family_name")) if name)
    return given or victim.get("organisation") or "no name recorded"

"""The officer directory, and to whom a task in a case is written: the directory beats the record, the record fills gaps.

Must not read a body, and must not send.
"""

from __future__ import annotations

from typing import Any

from infra.replay.expectation.cases import Case
from infra.replay.expectation.texts import email

Entry = dict[str, Any]


class Directory:
    """Officers by collar number, the highest version of each."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def take(self, entry: Entry) -> str:
        """One delivery: recorded, stale (older, or the same again), or conflict (equal version, other content)."""
        known = self._entries.get(entry["collar_number"])
        if known is not None and known["version"] == entry["version"] and known != entry:
            return "conflict"
        if known is not None and known["version"] >= entry["version"]:
            return "stale"
        self._entries[entry["collar_number"]] = entry
        return "recorded"

    def address(self, case: Case, audience: str) -> str | None:
        """Where the officer in the case, or their supervisor, is written to; never at a victim's own address."""
        named: Entry = case.record.get("officer") or {}
        if audience == "supervisor":
            above = self._entries.get(named.get("collar_number", ""), {}).get("supervisor")
            named = {"collar_number": above} if above else case.record.get("supervisor") or {}
        found = self._address(named)
        return None if found is None or found.lower() in _of_victims(case) else found

    def _address(self, named: Entry) -> str | None:
        listed = self._entries.get(named.get("collar_number", ""))
        if listed is not None and listed.get("active") is False:
            return None
        return (email(listed.get("email")) if listed else None) or email(named.get("email"))


def _of_victims(case: Case) -> set[str]:
    holders = [holder for part in case.parts.values() for holder in (part.victim, part.victim.get("representative") or {})]
    return {address.lower() for holder in holders if (address := email(holder.get("email")))}

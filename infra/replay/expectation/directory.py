"""The officer directory, and to whom a task in a case is written: the directory beats the record, the record fills gaps.

Must not read a body, and must not send.
"""

from __future__ import annotations

from datetime import date
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

    def reader(self, case: Case, audience: str, day: date) -> tuple[str, str] | None:
        """As whom somebody is written to about a case on `day`, and where: the officer in the case, whoever stands in for one who is away,
        or the supervisor. Never at a victim's own address; None: nobody is to be found."""
        named: Entry = case.record.get("officer") or {}
        if audience == "supervisor":
            above = self._entries.get(named.get("collar_number", ""), {}).get("supervisor")
            named = {"collar_number": above} if above else case.record.get("supervisor") or {}
        elif self._away(named, day):
            audience, named = self._instead(case, self._entries[named["collar_number"]], day)
        found = self._address(named)
        return None if found is None or found.lower() in _of_victims(case) else (audience, found)

    def _instead(self, case: Case, entry: Entry, day: date) -> tuple[str, Entry]:
        """Their cover, where one is listed and there; else their supervisor, unless away too."""
        cover = self._entries.get(entry.get("cover", ""))
        if cover is not None and not self._away(cover, day):
            return "officer", _called(case, cover["collar_number"])
        above = entry.get("supervisor") or (case.record.get("supervisor") or {}).get("collar_number")
        named = _called(case, above) if above else {}
        return "supervisor", {} if self._away(named, day) else named

    def _away(self, named: Entry, day: date) -> bool:
        """Has left, or is between the first and the last day of an absence."""
        listed = self._entries.get(named.get("collar_number", ""))
        if listed is None:
            return False
        first, last = listed.get("absent_from"), listed.get("absent_until")
        absent = first is not None and first <= day and (last is None or day <= last)
        return listed.get("active") is False or absent

    def _address(self, named: Entry) -> str | None:
        listed = self._entries.get(named.get("collar_number", ""))
        if listed is not None and listed.get("active") is False:
            return None
        return (email(listed.get("email")) if listed else None) or email(named.get("email"))


def _called(case: Case, collar_number: str) -> Entry:
    """Whoever has this collar number, as the record of the case names them: it fills what the directory leaves out."""
    people: list[Entry] = [case.record.get("officer") or {}, case.record.get("supervisor") or {}]
    return next((one for one in people if one.get("collar_number") == collar_number), {"collar_number": collar_number})


def _of_victims(case: Case) -> set[str]:
    holders = [holder for part in case.parts.values() for holder in (part.victim, part.victim.get("representative") or {})]
    return {address.lower() for holder in holders if (address := email(holder.get("email")))}

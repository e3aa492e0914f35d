"""The counts of `/local/status.json`, from the tables and queues as they stand.

Must not count anything itself but what only the host can know: the messages that it acknowledged.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from infra.local.clock import SimulatedClock
from infra.local.drain import Queues
from infra.local.host import Host
from infra.local.table_reader import Row, TableReader

RECORDS_QUEUE = "kept-informed-records"
NO_ROUTE = "no_route"


@dataclass(frozen=True, slots=True)
class Status:
    """The machine as numbers."""

    clock: SimulatedClock
    tables: TableReader
    queues: Queues
    host: Host

    def counts(self) -> dict[str, Any]:
        """The document, in the shape fixed by CONTRACT.md section 3."""
        return {
            "clock": self.clock.now().isoformat(timespec="seconds"),
            "records": self._records(),
            "routes": routes(self.tables.every("occurrences")),
            "notifications": dict(Counter(str(row["state"]) for row in self.tables.every("notifications"))),
            "obligations": _by_kind(self.tables.every("obligations")),
            "queues": self.queues.depths(),
        }

    def _records(self) -> dict[str, int]:
        received = self.host.acknowledged(RECORDS_QUEUE)
        recorded = sum(row.get("op") == "recorded" for row in self.tables.every("audit"))
        quarantined = len(self.tables.every("quarantine"))
        # What was acknowledged without being either: an older version, or the same again.
        stale = max(0, received - recorded - quarantined)
        return {"received": received, "recorded": recorded, "stale": stale, "quarantined": quarantined}


def routes(occurrences: list[Row]) -> dict[str, int]:
    """Victims by route; an occurrence without any victim counts once, as having none."""
    victims = [row for row in occurrences if row["part"].startswith("victim#") and not row.get("removed")]
    routed = Counter(str(row["route"]) for row in victims if row.get("route"))
    with_victims = {row["occurrence_ref"] for row in victims}
    alone = sum(row["part"] == "head" and bool(row.get("version")) and row["occurrence_ref"] not in with_victims for row in occurrences)
    if alone:
        routed[NO_ROUTE] += alone
    return dict(routed)


def _by_kind(obligations: list[Row]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in obligations:
        found[str(row["kind"])][str(row["state"])] += 1
    return {kind: dict(states) for kind, states in found.items()}

"""The counts of `/local/status.json`, from the tables and queues as they stand.

Must not count anything itself but what only the host can know: the messages that it acknowledged. Reads the tables in memory: scans through
the endpoint would cost a busy machine half a minute.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.events import KINDS
from chalicelib.services.record_event import RECORDS_SYSTEM
from infra.local.clock import SimulatedClock
from infra.local.drain import Queues
from infra.local.host import Host
from infra.local.live_tables import Item, items, text, truth

RECORDS_QUEUE = "kept-informed-records"
NO_ROUTE = "no_route"
OFFICERS = "officers"
"""What the audit names instead of a reference where an entry of the officer directory was recorded."""


@dataclass(frozen=True, slots=True)
class Status:
    """The machine as numbers."""

    clock: SimulatedClock
    queues: Queues
    host: Host

    def counts(self) -> dict[str, Any]:
        """The document, in the shape fixed by CONTRACT.md section 3."""
        return {
            "clock": self.clock.now().isoformat(timespec="seconds"),
            "records": self._records(),
            "routes": routes(items("occurrences")),
            "notifications": dict(Counter(str(text(row, "state")) for row in items("notifications"))),
            "obligations": _by_kind(items("obligations")),
            "queues": self.queues.depths(),
        }

    def _records(self) -> dict[str, int]:
        received = self.host.acknowledged(RECORDS_QUEUE)
        recorded = sum(text(row, "op") == "recorded" or is_told(row) for row in items("audit"))
        quarantined = len(items("quarantine"))
        # What was acknowledged without being either: an older version, or the same again.
        stale = max(0, received - recorded - quarantined)
        return {"received": received, "recorded": recorded, "stale": stale, "quarantined": quarantined}


def is_told(row: Item) -> bool:
    """Whether a line of the audit is of an event that the records system told; an officer's page tells of contacts too."""
    return text(row, "op") in KINDS and text(row, "actor") == RECORDS_SYSTEM


def routes(occurrences: list[Item]) -> dict[str, int]:
    """Victims by route; an occurrence without any victim counts once, as having none."""
    victims = [row for row in occurrences if str(text(row, "part")).startswith("victim#") and not truth(row, "removed")]
    routed = Counter(route for row in victims if (route := text(row, "route")))
    with_victims = {text(row, "occurrence_ref") for row in victims}
    alone = sum(stands(row) and text(row, "occurrence_ref") not in with_victims for row in occurrences)
    if alone:
        routed[NO_ROUTE] += alone
    return dict(routed)


def stands(row: Item) -> bool:
    """Whether this is the head of an occurrence of which a version could be recorded."""
    return text(row, "part") == "head" and text(row, "version") not in (None, "0")


def _by_kind(obligations: list[Item]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in obligations:
        found[str(text(row, "kind"))][str(text(row, "state"))] += 1
    return {kind: dict(states) for kind, states in found.items()}

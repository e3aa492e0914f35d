"""What the faults hit, and how far each message that was hit is repaired, read from its outbox row.

Must not repair: the product does, as time passes.
"""

from collections import Counter
from dataclasses import dataclass

from infra.local.faults import Hit
from infra.local.live_tables import Item, items, reference_of, text

MOST = 30
OPEN = frozenset({"sending", "unknown", "pending", "held"})
_MEANING = {
    "sending": "A worker has it, or died with it: when the claim ends, after two minutes, its outcome counts as unknown.",
    "unknown": "Nobody knows whether it left. A receipt may still say so; without one, after fifteen minutes, a person is asked about a "
    "message to a victim, and one inside the force is sent again.",
    "pending": "Not sent yet; it is tried when its time comes.",
    "held": "It waits for another message or for a person.",
    "settled_by_person": "Nobody can know whether it left, so it is not sent twice: a person has been asked.",
    "failed": "It cannot be sent: a person has been asked.",
    "sent": "Repaired: the provider accepted it.",
    "delivered": "Repaired: the receipt says that it was delivered.",
    "bounced": "It left, and came back.",
    "complained": "It left, and its reader complained.",
    "cancelled": "No longer wanted.",
}
_NO_MESSAGE = {
    "crash_before": "The worker died; its work came back to the queue and was taken up by another.",
    "crash_after": "The worker died; its work came back to the queue, and what was written already was recognised.",
    "timeout_after": "It had been done, though nobody heard; the repetition recognised that.",
}


@dataclass(frozen=True, slots=True)
class Struck:
    """Hits on one message, oldest first, and how it stands now; a hit that named no message stands alone, and `state` is empty."""

    hits: tuple[Hit, ...]
    meaning: str
    state: str = ""
    attempts: int = 0
    what: str = ""
    whom: str = ""
    channel: str = ""
    next: str = ""
    reference: str = ""

    @property
    def newest(self) -> Hit:
        """The hit that came last."""
        return self.hits[-1]

    @property
    def open(self) -> bool:
        """Whether the message is still on its way to its end."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Repair:
    """What was hit, the newest first; `states` counts the messages that were hit, `hits` the calls, `more` what is not listed."""

    struck: tuple[Struck, ...]
    states: dict[str, int]
    hits: int
    more: int


def repair(hits: list[Hit]) -> Repair:
    """How it stands now."""
    wanted = {hit.notification_id for hit in hits if hit.notification_id}
    rows = {name: item for item in items("notifications") if (name := text(item, "notification_id")) in wanted} if wanted else {}
    states = Counter(text(item, "state") or "" for item in rows.values())
    groups: dict[str, tuple[Hit, ...]] = {}
    for place, hit in enumerate(hits):
        name = hit.notification_id if hit.notification_id and hit.notification_id in rows else str(place)
        groups[name] = (*groups.pop(name, ()), hit)  # out and in again: the newest stands last
    struck = [_struck(group, rows.get(name)) for name, group in reversed(groups.items())]
    return Repair(tuple(struck[:MOST]), dict(states), len(hits), max(0, len(struck) - MOST))


def _struck(hits: tuple[Hit, ...], row: Item | None) -> Struck:
    if row is None:
        return Struck(hits, _NO_MESSAGE.get(hits[-1].mode, "The call was repeated, or its work came back to the queue."))
    state = text(row, "state") or ""
    return Struck(
        hits=hits,
        meaning=_MEANING.get(state, ""),
        state=state,
        attempts=int(text(row, "attempts") or 0),
        what=text(row, "message") or "",
        whom=text(row, "audience") or "",
        channel=text(row, "channel") or "",
        next=text(row, "open_at") or "",
        reference=reference_of(row) or "",
    )

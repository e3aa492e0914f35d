"""What the faults hit, and how far each message that was hit is repaired, read from its outbox row.

Must not repair: the product does, as time passes.
"""

from collections import Counter
from dataclasses import dataclass

from infra.local.faults import Hit
from infra.local.live_tables import Item, items, text

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
    """A hit, and the message that it named as it stands now; `state` is empty where it named none that exists."""

    hit: Hit
    meaning: str
    state: str = ""
    attempts: int = 0
    what: str = ""
    whom: str = ""
    channel: str = ""
    next: str = ""
    reference: str = ""

    @property
    def open(self) -> bool:
        """Whether the message is still on its way to its end."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Repair:
    """The newest hits, first the newest; `states` counts the messages that were hit, each once, and `hits` the calls."""

    struck: tuple[Struck, ...]
    states: dict[str, int]
    hits: int


def repair(hits: list[Hit]) -> Repair:
    """How it stands now."""
    wanted = {hit.notification_id for hit in hits if hit.notification_id}
    rows = {name: item for item in items("notifications") if (name := text(item, "notification_id")) in wanted} if wanted else {}
    states = Counter(text(item, "state") or "" for item in rows.values())
    newest = tuple(_struck(hit, rows.get(hit.notification_id or "")) for hit in reversed(hits[-MOST:]))
    return Repair(newest, dict(states), len(hits))


def _struck(hit: Hit, row: Item | None) -> Struck:
    if row is None:
        return Struck(hit, _NO_MESSAGE.get(hit.mode, "The call was repeated, or its work came back to the queue."))
    state = text(row, "state") or ""
    return Struck(
        hit=hit,
        meaning=_MEANING.get(state, ""),
        state=state,
        attempts=int(text(row, "attempts") or 0),
        what=text(row, "message") or "",
        whom=text(row, "audience") or "",
        channel=text(row, "channel") or "",
        next=text(row, "open_at") or "",
        reference=text(row, "occurrence_ref") or "",
    )

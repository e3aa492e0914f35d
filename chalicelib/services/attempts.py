"""What one attempt to move an outbox row came to, for observation: enums and an id only.

Must not hold anything of a record.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.delivery import Notification


class Delivered(StrEnum):
    """What one attempt came to."""

    SENT = "sent"
    FAILED = "failed"
    BACKED_OFF = "backed_off"
    UNKNOWN = "unknown"
    GIVEN_BACK = "given_back"
    NOT_WANTED = "not_wanted"
    NOT_DUE = "not_due"
    BUSY = "busy"
    GONE = "gone"
    REPEATED = "repeated"
    SETTLED = "settled"
    COMPLETED = "completed"
    CHECKED = "checked"
    ROUTED = "routed"
    ARRIVED = "arrived"
    HANDED_OVER = "handed_over"
    LISTED = "listed"
    PUBLISHED = "published"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Outcome of `deliver`, for observation: enums and an id only."""

    outcome: Delivered
    notification_id: str
    row: Notification | None = None
    code: str | None = None

"""One thing owed, and how it stands at a moment, by the states of docs/obligations.md.

Must not know what meets it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from infra.replay.expectation.working_days import working_days_after

RIGHTS = frozenset({"written_acknowledgement", "referral", "needs_assessment", "update", "event", "review_acknowledged", "review_decided"})
_BREACHED_AFTER = 3


@dataclass(slots=True)
class Owed:
    """`met_at` is when the evidence happened; `by_record`: the record itself is the evidence, and may take it back.

    `closed` is how it ended unmet (waived, breached), None while it is owed or met. `fresh`: its clock starts when it is first asked for.
    `own`: some version asked for it by itself. `proposed` is None where nothing is agreed.
    `about`: the type of a key event; `by`: whether a message or a person met it.
    """

    kind: str
    due: datetime
    route: str | None = None
    district: str | None = None
    proposed: bool | None = None
    met_at: datetime | None = None
    by_record: bool = False
    closed: str | None = None
    fresh: bool = False
    own: bool = False
    about: str | None = None
    by: str | None = None

    @property
    def unmet(self) -> bool:
        return self.met_at is None and self.closed is None

    def state(self, now: datetime) -> str:
        """open, late, breached, met or waived, at `now`."""
        if not self.unmet:
            return self.closed or "met"
        if now <= self.due:
            return "open"
        return "late" if now <= working_days_after(self.due, _BREACHED_AFTER) else "breached"

    def figure(self, now: datetime) -> str:
        """The state, met told apart by its deadline."""
        if self.met_at is not None:
            return "met_in_time" if self.met_at <= self.due else "met_late"
        return self.state(now)

    def missed(self, why: str, now: datetime) -> bool:
        """It ends unmet for this reason, and its deadline is over: that stays, unless it was the record that was wrong."""
        over = self.closed == "breached" or (self.unmet and self.due < now)
        return self.kind in RIGHTS and over and why not in {"removed", "cancelled"}

"""Moves the simulated clock as time would have passed: through every instant at which something happens, in order.

Must not skip an instant, and never moves while work is going on: whatever is due at one instant is done before the next.
"""

import threading
from datetime import datetime
from typing import Any

from infra.local.clock import SimulatedClock
from infra.local.drain import PATIENCE_SECONDS, Drain
from infra.local.ticks import Ticker


class Mover:
    """The one who may move the clock; one move or drain at a time."""

    def __init__(self, clock: SimulatedClock, ticker: Ticker, drain: Drain) -> None:
        self._clock = clock
        self._ticker = ticker
        self._drain = drain
        self._lock = threading.Lock()

    def drain(self, patience: float = PATIENCE_SECONDS) -> dict[str, Any] | None:
        """Wait for quiet; None, or what remains."""
        with self._lock:
            return self._drain.wait(patience)

    def move(self, target: datetime, patience: float = PATIENCE_SECONDS) -> dict[str, Any] | None:
        """Move to `target`, earlier or later, stepping through what happens on the way; None, or what did not become quiet."""
        with self._lock:
            remaining = self._drain.wait(patience)
            while remaining is None:
                instant = self._ticker.next_instant(self._clock.now(), target)
                self._put_at(instant or target)
                remaining = self._drain.wait(patience)
                if instant is None:
                    break
            return remaining

    def _put_at(self, instant: datetime) -> None:
        backwards = instant < self._clock.now()
        self._clock.move_to(instant)
        if backwards:
            self._ticker.put_back()
        self._ticker.fire_timed()

"""What time itself sets off: timed schedules at their instants, and the sweep whenever a row is due.

Must not move the clock. Interval schedules (every five minutes) do not run where they would find nothing, and those of every hour, which
look back over more, run once a day; that is all the local machine leaves out, and it looks every few seconds instead.
"""

import threading
import time
from datetime import datetime, timedelta

from infra.local.clock import SimulatedClock
from infra.local.due import DueRows, stamp
from infra.local.host import Host
from infra.local.schedules import fires_next, is_interval, minutes_of
from infra.local.stack import Function, Schedule

LOOK_SECONDS = 2.0
SWEEP_SECONDS = 60.0
"""How long the sweep waits, at most, for functions that have enough to do."""
HOURLY, A_DAY = 60, timedelta(days=1)
# A row written this moment is on its way by the dispatch queue already; only what lies longer is swept in real time.
FRESH = timedelta(seconds=2)


class Ticker:
    """Fires the scheduled functions of a host by a simulated clock."""

    def __init__(self, clock: SimulatedClock, due: DueRows, host: Host) -> None:
        self._clock = clock
        self._due = due
        self._host = host
        self._lock = threading.Lock()
        self._through = self._began = clock.now()
        self._fired: dict[str, datetime] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True, name="ticker")

    def start(self) -> None:
        """Look every few seconds of real time."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def next_instant(self, after: datetime, until: datetime) -> datetime | None:
        """The first instant after one moment, and not after the other, at which a row falls due or a timed schedule fires."""
        firings = [firing for _, schedule in self._timed() if (firing := fires_next(schedule, after)) and firing <= until]
        row = self._due.next_after(after, until)
        return min([*firings, *([row] if row else [])], default=None)

    def fire_timed(self) -> None:
        """Fire every timed schedule whose instant has come since the last time, once for each instant."""
        with self._lock:
            now = self._clock.now()
            for function, schedule in self._timed():
                firing = fires_next(schedule, self._through)
                while firing and firing <= now:
                    self._host.fire(function.name, stamp(firing))
                    firing = fires_next(schedule, firing)
            self._through = now

    def sweep_if_due(self, lying: timedelta = timedelta()) -> bool:
        """Fire the interval functions where an outbox row or an obligation has been due for so long; whether they were fired."""
        with self._lock:
            now = self._clock.now()
            if not self._due.notification_due(now - lying) and not self._due.obligation_due(now - lying):
                return False
            for function in self._host.scheduled_functions():
                if any(is_interval(schedule.expression) for schedule in function.schedules) and self._wants(function, now):
                    self._host.fire(function.name, stamp(now))
                    self._fired[function.name] = now
            return True

    def _wants(self, function: Function, now: datetime) -> bool:
        """The sweep whenever it would find something. What looks back over a day (every hour, or less often) once a day of this clock."""
        often = any(is_interval(each.expression) and minutes_of(each.expression) < HOURLY for each in function.schedules)
        last = self._fired.setdefault(function.name, self._began)
        return often or not timedelta() <= now - last < A_DAY

    def put_back(self) -> None:
        """After the clock went backwards: what lies ahead of it now happens again."""
        with self._lock:
            now = self._clock.now()
            self._through = min(self._through, now)

    def _timed(self) -> list[tuple[Function, Schedule]]:
        functions = self._host.scheduled_functions()
        return [(function, each) for function in functions for each in function.schedules if not is_interval(each.expression)]

    def _look(self) -> None:
        seen, swept = self._host.invocations, time.monotonic()
        while not self._stopping.wait(LOOK_SECONDS):
            self.fire_timed()
            # While functions work through what they have, what is due is mostly in their queue already.
            still = self._host.invocations == seen and not self._host.busy
            if still or time.monotonic() - swept >= SWEEP_SECONDS:
                swept = time.monotonic()
                self.sweep_if_due(FRESH)
            seen = self._host.invocations

"""Feeds the lines of a replay to an instance: evening by evening and wave by wave, with the clock moved between, and a clean stop.

Must not look into a body: what touches what is said by the wave that a line stands in.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra.local.status import RECORDS_QUEUE
from infra.replay.evenings import evening_after
from infra.replay.instance import DISPATCH_QUEUE, Instance, InstanceError
from infra.replay.progress import Progress

Line = dict[str, Any]
BATCH = 10
ENDS = 5
"""How many days the clock moves in all without officers, so that every hold window has ended and all that may leave has left."""
MOST_WAITING = 200
"""Messages that may wait on the queue: enough that nobody idles, few enough that a stop ends soon."""
EVENING_SECONDS = 3.5 * 3600.0
"""How long an evening may last: feeding starts at 20:05 and the clock ticks on, and what is agreed counts from the day of acceptance."""
MOST_TRIES = 30
"""Askings for quiet, of two minutes each, before an instance is given up."""
_LOOK_SECONDS = 1.0
_NAP_SECONDS = 0.2


@dataclass(slots=True)
class Fed:
    """What was fed: the lines in order as they went, and the real seconds of feeding to quiet, and of the moves of the clock."""

    lines: list[Line] = field(default_factory=list)
    feeding_seconds: float = 0.0
    sending_seconds: float = 0.0
    stopped: bool = False


Named = Callable[[Sequence[Line]], list[Line]]
"""The lines of a wave as they go: what can only be named when its turn has come is named."""


class Feeding:
    """One feeding of an instance. `timer` and `sleep` are in real seconds."""

    def __init__(
        self,
        instance: Instance,
        progress: Progress,
        *,
        rate: float | None = None,
        named: Named = list,
        timer: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._instance = instance
        self._progress = progress
        self._rate = rate
        self._named = named
        self._timer = timer
        self._sleep = sleep
        self._stopped = False
        self._fed = Fed()
        self._total = 0
        self._began = 0.0
        self._evening_began = 0.0

    def stop(self) -> None:
        """Put nothing more on the queue; what lies there is still handled to its end. Safe in a signal handler."""
        self._stopped = True

    def run(self, lines: Sequence[Line], now: datetime, ends: int = ENDS) -> Fed:
        """Feed all lines. `now` is when the first evening starts on the instance's clock, which ends `ends` days later.

        Raises `InstanceError` where the instance never becomes quiet.
        """
        self._total = len(lines)
        self._move(now)
        for day in sorted({0, *(int(line["day"]) for line in lines)}):
            if day and not self._stopped:
                self._go_on(evening_after(now, day))
            self._began = self._timer()
            self._evening([line for line in lines if line["day"] == day], evening_after(now, day))
            self._fed.feeding_seconds += self._timer() - self._began
        self._fed.stopped = self._stopped
        if self._fed.lines:
            self._go_on(evening_after(now, ends))
        return self._fed

    def _go_on(self, moment: datetime) -> None:
        began = self._timer()
        self._move(moment)
        self._fed.sending_seconds += self._timer() - began

    def _evening(self, lines: list[Line], evening: datetime) -> None:
        self._evening_began = self._timer()
        ordered = sorted(lines, key=lambda line: int(line["wave"]))  # stable: the order within a wave stays
        for _, wave in itertools.groupby(ordered, key=lambda line: int(line["wave"])):
            if not self._stopped:
                self._wave(self._named(list(wave)), evening)

    def _wave(self, wave: list[Line], evening: datetime) -> None:
        began, first, unwatched = self._timer(), len(self._fed.lines), 0
        for start in range(0, len(wave), BATCH):
            if self._stopped:
                break
            batch = wave[start : start + BATCH]
            self._instance.put([line["body"] for line in batch])
            self._fed.lines += batch
            unwatched += len(batch)
            self._pace(began, len(self._fed.lines) - first)
            self._look()
            if unwatched >= MOST_WAITING:
                unwatched = self._caught_up()
            if self._timer() - self._evening_began > EVENING_SECONDS:
                self._move(evening)
                self._evening_began = self._timer()
        self._beside(self._instance.quiet, self._look)

    def _pace(self, began: float, put: int) -> None:
        while self._rate and not self._stopped and (early := began + put / self._rate - self._timer()) > 0:
            self._sleep(min(early, _NAP_SECONDS))
            self._look()

    def _caught_up(self) -> int:
        """Wait until few enough messages wait on the queue; how many."""
        while (waiting := self._instance.waiting(RECORDS_QUEUE)) >= MOST_WAITING and not self._stopped:
            self._sleep(_NAP_SECONDS)
            self._look()
        return waiting

    def _look(self) -> None:
        if self._stopped:
            self._progress.once("Stopping: what was fed is still handled and counted (Ctrl-C again ends at once)")
        if self._progress.due():
            seconds = self._fed.feeding_seconds + self._timer() - self._began
            self._progress.show(len(self._fed.lines) - self._instance.waiting(RECORDS_QUEUE), self._total, seconds)

    def _move(self, moment: datetime) -> None:
        text = moment.isoformat()
        self._beside(lambda: self._instance.move_to(text), self._tell_the_clock)

    def _tell_the_clock(self) -> None:
        if self._progress.due():
            waiting = self._instance.waiting(DISPATCH_QUEUE)
            clock = str(self._instance.get("/local/clock")["clock"])[:16]
            self._progress.say(f"what falls due is sent: the clock is at {clock}, {waiting:,} messages on their way")

    def _beside(self, work: Callable[[], bool], look: Callable[[], None]) -> None:
        """Ask until it is done, in a thread of its own, and look on meanwhile."""
        outcome: list[BaseException | bool] = []

        def ask() -> None:
            try:
                outcome.append(any(work() for _ in range(MOST_TRIES)))
            except Exception as error:
                outcome.append(error)

        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(_LOOK_SECONDS)
            if thread.is_alive():
                look()
        if isinstance(outcome[0], BaseException):
            raise outcome[0]
        if not outcome[0]:
            raise InstanceError("The instance does not become quiet; its logs say why (`make run` names their folder).")

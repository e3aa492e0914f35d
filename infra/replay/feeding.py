"""Feeds the lines of a replay to an instance: wave by wave, with the clock moved between the phases, and a clean stop.

Must not look into a body: what touches what is said by the wave that a line stands in.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from infra.local.status import RECORDS_QUEUE
from infra.replay.instance import DISPATCH_QUEUE, Instance
from infra.replay.progress import Progress

Line = dict[str, Any]
BATCH = 10
AFTER_PHASE = (timedelta(days=2), timedelta(days=3))
"""How far the clock moves after each phase, so that every hold window has ended and all that may leave has left."""
_LOOK_SECONDS = 1.0
_CATCH_UP_SECONDS = 0.2
MOST_WAITING = 200
"""Messages that may wait on the queue: enough that nobody idles, few enough that a stop ends soon."""


@dataclass(slots=True)
class Fed:
    """What was fed: the lines in order, and the real seconds from the first to quiet, and of the moves of the clock."""

    lines: list[Line] = field(default_factory=list)
    feeding_seconds: float = 0.0
    sending_seconds: float = 0.0


class Feeding:
    """One feeding of an instance. `stop` ends it cleanly: what was put on the queue is still handled to its end."""

    def __init__(self, instance: Instance, progress: Progress, *, rate: float | None = None) -> None:
        self._instance = instance
        self._progress = progress
        self._rate = rate
        self._stop = threading.Event()

    def stop(self) -> None:
        """Put nothing more on the queue."""
        self._stop.set()

    def run(self, lines: Sequence[Line], now: datetime) -> Fed:
        """Feed all lines. `now` is when the first phase starts on the instance's clock; the clock ends five days later."""
        fed = Fed()
        moment = now
        for phase, after in enumerate(AFTER_PHASE):
            self._moved_to(moment)
            began = time.monotonic()
            self._phase([line for line in lines if line["phase"] == phase], len(lines), fed)
            fed.feeding_seconds += time.monotonic() - began
            moment += after
            began = time.monotonic()
            self._moved_to(moment)
            fed.sending_seconds += time.monotonic() - began
        return fed

    def _phase(self, lines: list[Line], total: int, fed: Fed) -> None:
        ordered = sorted(lines, key=lambda line: int(line["wave"]))  # stable: the order within a wave stays
        for _, wave in itertools.groupby(ordered, key=lambda line: int(line["wave"])):
            self._wave(list(wave), total, fed)
            if self._stop.is_set():
                return

    def _wave(self, wave: list[Line], total: int, fed: Fed) -> None:
        began, first = time.monotonic(), len(fed.lines)
        for start in range(0, len(wave), BATCH):
            if self._stop.is_set():
                break
            batch = wave[start : start + BATCH]
            self._instance.put([line["body"] for line in batch])
            fed.lines += batch
            self._pace(len(fed.lines) - first, began)
            self._look(fed, total)
            if len(fed.lines) % MOST_WAITING == 0:
                self._let_it_catch_up(fed, total)
        self._until_quiet(fed, total)

    def _pace(self, put: int, began: float) -> None:
        if self._rate:
            self._stop.wait(max(0.0, began + put / self._rate - time.monotonic()))

    def _let_it_catch_up(self, fed: Fed, total: int) -> None:
        while self._instance.waiting(RECORDS_QUEUE) >= MOST_WAITING and not self._stop.wait(_CATCH_UP_SECONDS):
            self._look(fed, total)

    def _look(self, fed: Fed, total: int) -> None:
        if self._progress.due():
            self._progress.show(len(fed.lines) - self._instance.waiting(RECORDS_QUEUE), total)

    def _until_quiet(self, fed: Fed, total: int) -> None:
        self._beside(self._instance.quiet, lambda: self._look(fed, total))

    def _moved_to(self, moment: datetime) -> None:
        text = moment.isoformat()
        self._beside(lambda: self._instance.move_to(text), self._tell_the_clock)

    def _tell_the_clock(self) -> None:
        if self._progress.due():
            waiting = self._instance.waiting(DISPATCH_QUEUE)
            self._progress.say(f"the clock is at {self._instance.get('/local/clock')['clock'][:16]}, {waiting:,} messages on their way")

    def _beside(self, work: Callable[[], bool], look: Callable[[], None]) -> None:
        """Ask until it is done, in a thread of its own, and look on meanwhile."""
        outcome: list[bool | BaseException] = []

        def ask() -> None:
            try:
                while not work():
                    pass
                outcome.append(True)
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

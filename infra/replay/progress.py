"""What a person at the terminal sees while a replay runs: a bar, a rate, an estimate; a plain line now and then where no terminal is.

Must not fill a log: it shows something at most once a second, and every half minute without a terminal.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

_WIDTH = 30
_EVERY = 1.0
_EVERY_WITHOUT_TERMINAL = 30.0


class Progress:
    """Shown on `out`."""

    def __init__(self, out: TextIO = sys.stderr, timer: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._terminal = out.isatty()
        self._timer = timer
        self._shown = -_EVERY_WITHOUT_TERMINAL
        self._line = False
        self._told: set[str] = set()

    def due(self) -> bool:
        """Whether it is time to show something."""
        return self._timer() - self._shown >= (_EVERY if self._terminal else _EVERY_WITHOUT_TERMINAL)

    def show(self, done: int, total: int, seconds: float) -> None:
        """`done` of `total` records are handled, after so many seconds of feeding."""
        self.say(bar(done, total, seconds))

    def once(self, text: str) -> None:
        """One line that stays, the first time that it is said."""
        if text not in self._told:
            self._told.add(text)
            self.say(text)
            self.end()

    def say(self, text: str) -> None:
        """One line, over the last one where there is a terminal."""
        self._shown = self._timer()
        self._line = self._terminal
        self._out.write(f"\r\x1b[2K{text}" if self._terminal else text + "\n")
        self._out.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._line:
            self._out.write("\n")
            self._line = False


def bar(done: int, total: int, seconds: float) -> str:
    """`done` of `total` as a bar, with the rate and the time that is left at this rate."""
    share = done / total if total else 1.0
    full = round(_WIDTH * min(1.0, max(0.0, share)))
    rate = done / seconds if seconds else 0.0
    left = f", about {duration((total - done) / rate)} left" if rate > 0 and done < total else ""
    return f"[{'#' * full}{'.' * (_WIDTH - full)}] {done:,} of {total:,} records, {rate:.1f}/s{left}"


def duration(seconds: float) -> str:
    """Seconds as a person says them."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"

"""The time: the machine's. Apart from offset_clock.py, so that a page in prod starts without the store's library.

Must not be moved, and must not read anything but the machine's clock.
"""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The port `Clock`: the machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC).replace(microsecond=0)

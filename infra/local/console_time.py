"""The console's clock: what it says, what happens next, and buttons that let time pass.

Must not step through time itself: the mover does. A GET changes nothing, and one press of a button moves the clock once, however often the
browser sends it.
"""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.clock import ClockRequestError, requested
from infra.local.coming import Left, ahead_of, left_so_far, next_reminder
from infra.local.console_forms import fields, see_other
from infra.local.duty import force_duty
from infra.local.http_server import Reply, Request
from infra.local.machine import Machine
from infra.local.pages import LONDON, page

# What a button sends, and what stands on it; the page of faults has shorter steps besides.
STEPS = {
    "PT1H": "1 hour",
    "PT3H": "3 hours",
    "P1D": "1 day",
    "P2D": "2 days",
    "P10D": "10 days",
}
REMINDER = "reminder"
_SHORT = ("PT1M", "PT20M")
MORNING = 8
# Where a form may lead back to.
BACK = {"time": "/local/time#moved", "faulting": "/local/faulting#repair"}
_LONGEST = timedelta(days=366 * 3)


@dataclass(frozen=True, slots=True)
class Moved:
    """One move that ended: from and to which simulated time, the messages that left meanwhile, how long it took in seconds, and what did
    not become quiet (None: it did). `pressed_at` is the clock's offset on the page whose button was pressed, None where none was."""

    pressed_at: int | None
    before: datetime
    after: datetime
    left: tuple[Left, ...]
    seconds: float
    remaining: dict[str, Any] | None


class ClockPage:
    """One for a site, since it remembers the last move."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: Moved | None = None
        self._under_way: datetime | None = None

    def show(self, machine: Machine, _request: Request) -> Reply:
        """The clock, the last move, the buttons, and what happens next."""
        return self._page(machine)

    def post(self, machine: Machine, request: Request) -> Reply:
        """Move as a button or the form for a date says, then back to where it was pressed."""
        posted = fields(request)
        back = BACK.get(posted.get("back", ""), BACK["time"])
        with self._lock:
            now, offset = machine.clock.now(), machine.clock.offset_seconds
            if posted.get("offset") != str(offset):
                # The second half of a double press waited for the first one's move; anything else was moved behind this page's back.
                again = self._last is not None and posted.get("offset") == str(self._last.pressed_at)
                return see_other(back) if again else self._page(machine, 409, "The clock was moved meanwhile. Look again, then press.")
            try:
                target = next_reminder(now, force_duty()) if posted.get("to") == REMINDER else asked(posted, now)
            except ClockRequestError as error:
                return self._page(machine, 400, str(error), typed=posted)
            self._move(machine, target, pressed_at=offset)
        return see_other(back)

    def moved(self, machine: Machine, target: datetime) -> dict[str, Any] | None:
        """Move by another way than a form; None, or what did not become quiet."""
        with self._lock:
            return self._move(machine, target)

    def _move(self, machine: Machine, target: datetime, pressed_at: int | None = None) -> dict[str, Any] | None:
        before, started = machine.clock.now(), time.monotonic()
        known = {one.notification_id for one in left_so_far(machine.cloud)}
        self._under_way = target
        try:
            remaining = machine.mover.move(target)
        finally:
            self._under_way = None
        left = tuple(one for one in left_so_far(machine.cloud) if one.notification_id not in known)
        self._last = Moved(pressed_at, before, machine.clock.now(), left, time.monotonic() - started, remaining)
        return remaining

    def _page(self, machine: Machine, status: int = 200, error: str = "", typed: dict[str, str] | None = None) -> Reply:
        now = machine.clock.now()
        return page(
            machine.clock,
            "time.html",
            status,
            error=error,
            field="at" if typed and typed.get("to") == "moment" else "",
            typed=(typed or {}).get("at") or now.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M"),
            offset=machine.clock.offset_seconds,
            steps=STEPS,
            morning=next_morning(now).isoformat(),
            reminder=next_reminder(now, force_duty()).isoformat(),
            last=self._last,
            under_way=self._under_way,
            ahead_of=ahead_of(now, machine.host.scheduled_functions(), force_duty()),
        )


def asked(posted: dict[str, str], now: datetime) -> datetime:
    """The moment that a form asks for. Raises `ClockRequestError`, whose words a reader is shown."""
    to = posted.get("to", "")
    if to in STEPS or to in _SHORT:
        return requested({"advance": to}, now)
    if to == "morning":
        return next_morning(now)
    if to == "moment":
        return _in_reach(_typed(posted.get("at", "")), now)
    raise ClockRequestError("Choose how far to move the clock.")


def next_morning(now: datetime) -> datetime:
    """The next eight o'clock in London after `now`."""
    local = now.astimezone(LONDON)
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return (morning if morning > local else morning + timedelta(days=1)).astimezone(UTC)


def _typed(text: str) -> datetime:
    """What a date and time control sends, or a person typed in its place, as London's time."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "T"))
        return (found if found.tzinfo else found.replace(tzinfo=LONDON)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ClockRequestError("Enter a date and time, such as 2026-12-01T09:00.") from error


def _in_reach(moment: datetime, now: datetime) -> datetime:
    if abs(moment - now) > _LONGEST:
        raise ClockRequestError("Enter a date within three years of the clock.")
    return moment

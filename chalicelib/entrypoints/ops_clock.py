"""Commands about the clock of a stage that is tried out: show it, set it, let it run with the real time again.

Must not move a clock in a stage that writes to victims: such a stage has none that could be moved.
"""

from __future__ import annotations

import argparse
import json
import urllib.request
from datetime import datetime, timedelta
from typing import Any

from chalicelib.bootstrap import Container
from chalicelib.entrypoints.ops_asking import REFUSED, Say, agreed, commands_of, decides, moment

FIXED = "Refused: the clock of the stage {stage} is the real time and cannot be moved. Only local and rehearsal have one that can."


def add(commands: Any) -> None:
    """The commands of this page."""
    clock = commands_of(commands, "clock", "the clock of a stage that is tried out: local and rehearsal alone")
    clock.add_parser("show", help="what time it is there, and how far that is from the real time").set_defaults(run=_show)
    move = clock.add_parser("set", help="let it stand at a moment and tick on from there: everything that is due by then becomes due")
    move.add_argument("to", type=moment, help="ISO 8601 with an offset: 2026-12-01T09:00:00+00:00")
    clear = clock.add_parser("clear", help="let it run with the real time again")
    for parser, run in ((move, _set), (clear, _clear)):
        decides(parser)
        parser.add_argument("--through", help=argparse.SUPPRESS)  # the machine on this computer steps through what becomes due
        parser.set_defaults(run=run)


def _show(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    offset = ready.moving.offset() if ready.moving else timedelta()
    say(f"{ready.tick().isoformat()}  {_far(offset)}{'' if ready.moving else ', and cannot be moved here'}")
    return 0


def _far(offset: timedelta) -> str:
    if not offset:
        return "the real time"
    return f"{abs(offset)} {'ahead of' if offset > timedelta() else 'behind'} the real time"


def _set(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    return _move(ready, chosen, say, chosen.to)


def _clear(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    return _move(ready, chosen, say, None)


def _move(ready: Container, chosen: argparse.Namespace, say: Say, to: datetime | None) -> int:
    if ready.moving is None:
        say(FIXED.format(stage=ready.settings.stage))
        return REFUSED
    now = ready.tick()
    offset = ready.moving.by(to, now)
    back = "Going back makes lines of the log look as if they were added later." if offset < ready.moving.offset() else "Nothing goes back."
    if not agreed(chosen, say, f"This moves the clock of the stage {ready.settings.stage} from {now.isoformat()}: {_far(offset)}.", back):
        return REFUSED
    if chosen.through:
        ready.moving.log(offset, chosen.by, chosen.reason, now)
        if not _stepped(chosen.through, to or now - ready.moving.offset()):
            say("The machine did not move it, or not all the way: look at its console.")
            return 1
    else:
        ready.moving.move(offset, chosen.by, chosen.reason, now)
    say(f"It is {ready.tick().isoformat()}.")
    return 0


def _stepped(address: str, to: datetime) -> bool:
    body = json.dumps({"set": to.isoformat()}).encode()
    request = urllib.request.Request(address, data=body, headers={"Content-Type": "application/json"})  # noqa: S310 - the wrapper's own
    try:
        with urllib.request.urlopen(request, timeout=300):  # noqa: S310
            return True
    except OSError:
        return False

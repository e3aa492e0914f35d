"""Commands about retention: which cases wait for a person, what the next run would look at, and what a person decides.

Must not print anything of a case but its reference, its class and times.
"""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, time
from typing import Any

from chalicelib.bootstrap import Container
from chalicelib.entrypoints.ops_asking import REFUSED, Say, agreed, commands_of, decides, reference_of
from chalicelib.services.retain_cases import Waiting


def add(commands: Any) -> None:
    """The commands of this page."""
    retention = commands_of(commands, "retention", "cases whose time is over: what waits for a person, and what a person decides")
    retention.add_parser("list", help="cases that wait for a person, the longest waiting first").set_defaults(run=_list)
    run = retention.add_parser("run", help="do now what the schedule does at night")
    decides(run, reason=False)
    run.set_defaults(run=_run)
    keep = retention.add_parser("keep", help="keep a case until a day, on which a person decides again")
    keep.add_argument("reference")
    keep.add_argument("--until", required=True, type=_day, help="YYYY-MM-DD")
    decides(keep)
    keep.set_defaults(run=_keep)
    for name, run_it, text in (
        ("strip", _strip, "have the content of a case taken that waits for a person"),
        ("reopen", _reopen, "let records be taken again of a case whose content was taken"),
    ):
        action = retention.add_parser(name, help=text)
        action.add_argument("reference")
        if name == "strip":
            action.add_argument("--although-owed", action="store_true", help="although something is owed still, which ends then")
        decides(action)
        action.set_defaults(run=run_it)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("a day is written YYYY-MM-DD") from error


def _list(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    now = ready.tick()
    found = ready.retaining.waiting(now)
    for one in found:
        say(_line(one))
    say(f"{len(found)} cases wait for a person; the next run looks at {ready.retaining.due(now)}")
    return 0


def _line(one: Waiting) -> str:
    live = f"  live: {'; '.join(one.live)}" if one.live else ""
    return f"{one.reference}  {one.kind:<10}  nothing happened since {one.quiet_since:%Y-%m-%d}  waits since {one.since:%Y-%m-%d}{live}"


def _run(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    now = ready.tick()
    will = f"This looks at {ready.retaining.due(now)} cases, and takes for good the content of those whose time is over."
    if not agreed(chosen, say, will):
        return REFUSED
    came = ready.retaining.run(now)
    for reference in came.stuck:
        say(f"{reference}  is busy, or a store refused: it is due still")
    more = "; more are due, run it again" if came.more else ""
    say(f"{came.stripped} stripped, {came.later} later, {came.reviews} wait for a person, {len(came.stuck)} to be seen to again{more}")
    return 1 if came.stuck else 0


def _keep(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    now, until = ready.tick(), datetime.combine(chosen.until, time(), UTC)
    if until <= now:
        say("Name a day that is still to come.")
        return REFUSED
    reference = reference_of(chosen.reference)
    if not agreed(chosen, say, f"This keeps everything of {reference} until {chosen.until.isoformat()}; then a person decides again."):
        return REFUSED
    done = ready.retaining.keep(reference, until, chosen.by, chosen.reason, now)
    say("Kept." if done else "No such case, or its content was taken already.")
    return 0 if done else 1


def _strip(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    reference = reference_of(chosen.reference)
    will = (
        f"This takes for good, of every victim of {reference}: names, addresses, words, archived versions, and to whom messages went.",
        "States, deadlines, counts and the log stay. No record of this case is taken any more.",
    )
    if not agreed(chosen, say, *will):
        return REFUSED
    against = ready.retaining.strip(reference, chosen.by, chosen.reason, ready.tick(), although_owed=chosen.although_owed)
    if against is None:
        say("This case does not wait for a person.")
        return 1
    say(f"Nothing was done: {'; '.join(against)}." if against else "Stripped.")
    return REFUSED if against else 0


def _reopen(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    reference = reference_of(chosen.reference)
    will = f"This lets records of {reference} be taken again: what comes is decided as for any case, and may be told to its victims."
    if not agreed(chosen, say, will):
        return REFUSED
    done = ready.retaining.reopen(reference, chosen.by, chosen.reason, ready.tick())
    say("Open. Put back what is in quarantine, or have the record sent again." if done else "The content of this case is not gone.")
    return 0 if done else 1

"""How a command asks before it does: one that changes something says what it will do and waits for "yes" unless `--yes` was given; one that
shows what is known of people asks who looks and why.

Must not run a command, nor change anything itself.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.services.consultations import Look

Say = Callable[[str], None]
Ask = Callable[[str], str]
REFUSED = 2
NOBODY = "operations"
"""Who looks where nobody said: on the local machine alone, whose people are invented."""


def decides(parser: argparse.ArgumentParser, *, reason: bool = True) -> None:
    """The options of a command by which a named person decides something."""
    parser.add_argument("--by", help="collar number or name of who decides; it is kept, in an account beside who AWS says you are")
    parser.set_defaults(decides=True)
    if reason:
        parser.add_argument("--reason", required=True, type=_said, help="why; it is kept, so name nobody in it")
    parser.add_argument("--yes", action="store_true", help="do it without asking, for scripts")


def looks(parser: argparse.ArgumentParser) -> None:
    """The options of a command that shows what is known of people: that somebody looked is logged (DPA 2018, section 62)."""
    parser.add_argument("--by", help="collar number of who looks; it is logged, in an account beside who AWS says you are")
    parser.add_argument("--reason", type=_said, help="why; it is logged, so name nobody in it. Asked for outside the local machine")


def whoever(parser: argparse.ArgumentParser, chosen: argparse.Namespace, caller: str | None) -> None:
    """Complete who it is: `caller` is who AWS says that runs the command, and is kept whatever `--by` says. Ends the process where a
    decision has no name."""
    given = getattr(chosen, "by", None)
    if caller is not None:
        chosen.by = f"{given} ({caller})" if given else caller
    elif not given and getattr(chosen, "decides", False):
        parser.error("the following arguments are required: --by")


def look_of(chosen: argparse.Namespace, say: Say) -> Look | None:
    """Who looks, and why; None where that is not known and has to be: everywhere but on the local machine."""
    if chosen.local:
        return Look(chosen.by or NOBODY, chosen.reason)
    if not chosen.by:
        say("Say who looks: --by.")
        return None
    if not chosen.reason and _somebody_there(chosen):
        chosen.reason = (chosen.ask or input)("Why do you look? It is logged, so name nobody: ").strip()
    if not chosen.reason:
        say("Say why: --reason.")
        return None
    return Look(chosen.by, chosen.reason)


def reference_of(text: str) -> str:
    """A reference in its long form, given in either."""
    year, star, number = text.partition("*")
    return f"{year}{number:0>9}" if star else text


def moment(text: str) -> datetime:
    """A time with its offset, of a command line."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime(1, 1, 1)  # noqa: DTZ001 - refused below
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError("a time is written 2026-11-20T10:30:00+00:00")
    return found


def _said(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("say why")
    return text.strip()


def _somebody_there(chosen: argparse.Namespace) -> bool:
    return chosen.ask is not None or sys.stdin.isatty()


def agreed(chosen: argparse.Namespace, say: Say, *will: str) -> bool:
    """Whether it may be done: what it will do is said in any case."""
    for line in will:
        say(line)
    if chosen.yes:
        return True
    if not _somebody_there(chosen):
        say("Nothing was done: say yes with --yes where nobody can be asked.")
        return False
    answer = (chosen.ask or input)("Do it? Type yes: ")
    if answer.strip().lower() == "yes":
        return True
    say("Nothing was done.")
    return False


def stopped(chosen: argparse.Namespace, say: Say, will: str) -> bool:
    """Of the commands that scripts of the local machine ran before any of them asked: whether it may not be done. There they go on where
    nobody can be asked; in an account they need the yes of all others."""
    if chosen.local and not _somebody_there(chosen):
        say(will)
        return False
    return not agreed(chosen, say, will)


def commands_of(parser: Any, name: str, text: str) -> Any:
    """The sub-commands of a command."""
    return parser.add_parser(name, help=text).add_subparsers(required=True, metavar="ACTION")

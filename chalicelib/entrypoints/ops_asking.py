"""How a command that changes something asks first: it says what it will do, and waits for "yes" unless `--yes` was given.

Must not run a command, nor change anything itself.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

Say = Callable[[str], None]
Ask = Callable[[str], str]
REFUSED = 2


def decides(parser: argparse.ArgumentParser, *, reason: bool = True) -> None:
    """The options of a command by which a named person decides something."""
    parser.add_argument("--by", required=True, help="collar number or name of who decides; it is kept")
    if reason:
        parser.add_argument("--reason", required=True, type=_said, help="why; it is kept, so name nobody in it")
    parser.add_argument("--yes", action="store_true", help="do it without asking, for scripts")


def reference_of(text: str) -> str:
    """A reference in its long form, given in either."""
    year, star, number = text.partition("*")
    return f"{year}{number:0>9}" if star else text


def _said(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("say why")
    return text.strip()


def agreed(chosen: argparse.Namespace, say: Say, *will: str) -> bool:
    """Whether it may be done: what it will do is said in any case."""
    for line in will:
        say(line)
    if chosen.yes:
        return True
    if chosen.ask is None and not sys.stdin.isatty():
        say("Nothing was done: say yes with --yes where nobody can be asked.")
        return False
    answer = (chosen.ask or input)("Do it? Type yes: ")
    if answer.strip().lower() == "yes":
        return True
    say("Nothing was done.")
    return False


def stopped(chosen: argparse.Namespace, say: Say, will: str) -> bool:
    """Of the commands that scripts ran before any of them asked: whether somebody at a terminal said no. Elsewhere they go on."""
    if chosen.ask is None and not sys.stdin.isatty():
        say(will)
        return False
    return not agreed(chosen, say, will)


def commands_of(parser: Any, name: str, text: str) -> Any:
    """The sub-commands of a command."""
    return parser.add_parser(name, help=text).add_subparsers(required=True, metavar="ACTION")

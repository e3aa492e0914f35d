"""Trigger: an operator at a command line, against a local instance or a real account.

Every command prints what it did; what changes a case names who did it and is audited. Must not print personal data: bodies are masked.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from chalicelib.bootstrap import Container, container
from chalicelib.domain.errors import RetryLater
from chalicelib.domain.figures import MONTH, as_csv, as_text
from chalicelib.schemas.masking import masked

Say = Callable[[str], None]


def main(arguments: Sequence[str], say: Say = print) -> int:
    """Run one command; the exit code is 0, or 1 where it found something wrong or nothing to do, or 2 for a wrong command line."""
    chosen = _parser().parse_args(list(arguments))
    command: Callable[[Container, argparse.Namespace, Say], int] = chosen.run
    try:
        return command(container(), chosen, say)
    except RetryLater:
        say("The instance is busy with this, or did not answer in time: run the command again in a moment.")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make ops", description="Operate Kept Informed.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    quarantine = commands.add_parser("quarantine", help="records that could not be taken").add_subparsers(required=True, metavar="ACTION")
    quarantine.add_parser("list", help="every quarantined record: id, when, reference, faults").set_defaults(run=_quarantine_list)
    for name, run, text in (
        ("show", _quarantine_show, "one record: its faults, and its body with every value masked"),
        ("replay", _quarantine_replay, "put one record back on the records queue, after the fault was mended"),
    ):
        action = quarantine.add_parser(name, help=text)
        action.add_argument("id")
        action.set_defaults(run=run)

    case = commands.add_parser("case", help="everything that happened in one occurrence, what is owed now, its agreements and holds")
    case.add_argument("reference")
    case.set_defaults(run=_case)

    release = commands.add_parser(
        "release", help="lift a hold, by a named person: of one victim, or the one that a quarantined version put on all"
    )
    release.add_argument("reference")
    release.add_argument("victim", nargs="?", help="without one, the hold that a quarantined version put on the occurrence")
    release.add_argument("--by", required=True, help="collar number or name of who decides")
    release.add_argument("--reason", default="", help="needed with a victim; kept with the release")
    release.set_defaults(run=_release)

    figures = commands.add_parser("figures", help="what was owed in a month, and what became of it")
    figures.add_argument("month", nargs="?", type=_month, help="YYYY-MM; without one, the month of the instance's clock")
    form = figures.add_mutually_exclusive_group()
    form.add_argument("--detail", action="store_true", help="by district and route too")
    form.add_argument("--csv", action="store_true", help="one row for each kind, district, route and agreement")
    figures.set_defaults(run=_figures)

    links = commands.add_parser("links", help="the links that reminders carry").add_subparsers(required=True, metavar="ACTION")
    revoke = links.add_parser("revoke", help="close every link of one occurrence that was issued until now")
    revoke.add_argument("reference")
    revoke.add_argument("--by", required=True, help="collar number or name of who decides")
    revoke.set_defaults(run=_links_revoke)

    leaks = commands.add_parser("leaks", help="the independent leak check over an outbox; exit code 1 where it finds any")
    leaks.add_argument("--outbox", default="http://127.0.0.1:8000/local/outbox.json", help="address or file of the outbox (JSON)")
    leaks.set_defaults(run=_leaks)
    return parser


def _quarantine_list(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    rows = ready.quarantined.rows()
    for row in rows:
        say(f"{row.quarantine_id}  {row.received_at:%Y-%m-%d %H:%M}  {row.state:<11}  {row.reference or '-':<11}  {_faults(row.faults)}")
    say(f"{len(rows)} quarantined")
    return 0


def _faults(faults: Sequence[tuple[str, str]]) -> str:
    shown = "; ".join(f"{path or 'body'}: {reason}" for path, reason in faults[:3])
    return shown if len(faults) <= 3 else f"{shown}; and {len(faults) - 3} more"


def _quarantine_show(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    row = ready.quarantined.get(chosen.id)
    if row is None:
        say("No record has this id.")
        return 1
    say(f"{row.quarantine_id}  received {row.received_at.isoformat()}  {row.state}")
    for path, reason in row.faults:
        say(f"  {path or 'body'}: {reason}")
    say(masked(ready.quarantined.body(chosen.id)))
    return 0


def _quarantine_replay(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    done = ready.quarantine.replay(chosen.id)
    say("Put back on the records queue." if done else "No record has this id.")
    return 0 if done else 1


def _case(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    lines = ready.timeline.lines(_reference(chosen.reference))
    for line in lines or ["No occurrence has this reference."]:
        say(line)
    return 0 if lines else 1


def _figures(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    found = ready.figures.of(chosen.month) if chosen.month else ready.figures.current(ready.tick())
    for line in as_csv(found).splitlines() if chosen.csv else as_text(found, detail=chosen.detail):
        say(line)
    return 0


def _month(text: str) -> str:
    if not MONTH.fullmatch(text):
        raise argparse.ArgumentTypeError("a month is written YYYY-MM")
    return text


def _links_revoke(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    done = ready.links.revoke(_reference(chosen.reference), chosen.by, ready.tick())
    say("Revoked: no link that was issued until now opens anything." if done else "No occurrence has this reference.")
    return 0 if done else 1


def _reference(text: str) -> str:
    year, star, number = text.partition("*")
    return f"{year}{number:0>9}" if star else text


def _release(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    reference, now = _reference(chosen.reference), ready.tick()
    if chosen.victim is None:
        done = ready.release.lift_suspension(reference, chosen.by, now)
        say("Lifted." if done else "No hold of a quarantined version stands on this occurrence.")
    elif not chosen.reason:
        say("Say why: --reason.")
        return 2
    else:
        done = ready.release.release_specialist(reference, chosen.victim, chosen.by, chosen.reason, now)
        say("Released. What the newest version says by itself still holds." if done else "No such victim.")
    return 0 if done else 1


def _leaks(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    messages = _outbox(chosen.outbox)
    leaks = ready.leaks.run(messages)
    for leak in leaks:
        say(f"{leak.reference}  {leak.what}  {leak.notification_id}  {leak.reason}")
    say(f"{len(leaks)} leaks in {len(messages)} messages")
    return 1 if leaks else 0


def _outbox(source: str) -> list[Mapping[str, Any]]:
    if source.startswith(("http://", "https://")):
        with urllib.request.urlopen(source, timeout=60) as answer:  # noqa: S310 - the scheme is checked above
            return list(json.load(answer))
    return list(json.loads(Path(source).read_text(encoding="utf-8")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

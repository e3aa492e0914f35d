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
from chalicelib.schemas.masking import masked

Say = Callable[[str], None]


def main(arguments: Sequence[str], say: Say = print) -> int:
    """Run one command; the exit code is 0, or 1 where it found something wrong or nothing to do, or 2 for a wrong command line."""
    chosen = _parser().parse_args(list(arguments))
    command: Callable[[Container, argparse.Namespace, Say], int] = chosen.run
    return command(container(), chosen, say)


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

    case = commands.add_parser("case", help="everything about one occurrence: route, holds, obligations, messages, log")
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
    reference = _reference(chosen.reference)
    case = ready.cases.load(reference)
    if case.head.revision == 0:
        say("No occurrence has this reference.")
        return 1
    say(f"{reference}  version {case.head.version}" + ("  HELD: a version is quarantined" if case.head.suspension else ""))
    for number, rules in case.head.signs:
        say(f"  specialist in version {number}: {', '.join(sorted(rules))}")
    for key, part in sorted(case.parts.items()):
        decision = part.decision
        route = f"{decision.route} by {decision.rule_id}@{decision.rule_version}" if decision else "not decided"
        say(f"  victim {key}: {'removed' if part.removed else route}")
    for owed in sorted(ready.cases.obligations_of(reference), key=lambda row: row.due_at):
        say(f"  owed {owed.kind} to {owed.victim_id or '-'} by {owed.due_at.isoformat()}: {owed.state} ({owed.rule_id})")
    for row in ready.cases.outbox_of(reference):
        say(f"  {row.template} by {row.channel} to {row.audience}: {row.state}{f' ({row.reason})' if row.reason else ''}")
    for entry in ready.cases.audit_of(reference):
        about = (entry.rule, entry.recipient and f"to {entry.recipient}")
        say(" ".join([f"  {entry.at.isoformat()} {entry.op} by {entry.actor}", *filter(None, about)]))
    return 0


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

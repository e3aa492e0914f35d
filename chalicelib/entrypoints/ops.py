"""Trigger: an operator at a command line, against a local instance or a real account.

Every command prints what it did; what changes a case names who did it and is audited. Must not print personal data (bodies are masked), but
for what people wrote to officers: reading that is what `messages read` is for, and who reads is logged.
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
from chalicelib.entrypoints import ops_audit, ops_clock, ops_people, ops_retention, ops_sending
from chalicelib.entrypoints.ops_asking import REFUSED, Ask, Say, agreed, decides, look_of, looks, stopped, whoever
from chalicelib.entrypoints.ops_asking import reference_of as _reference
from chalicelib.schemas.masking import masked
from chalicelib.services.consultations import consulted
from chalicelib.services.contact_desk import shown
from chalicelib.services.pause_sending import OPERATIONS


def main(arguments: Sequence[str], say: Say = print, ask: Ask | None = None, caller: str | None = None) -> int:
    """Run one command; the exit code is 0, or 1 where it found something wrong or nothing to do, or 2 for a wrong command line or one that
    was refused. `ask` stands where the terminal would; `caller` is who runs it as AWS says, kept with all that is logged."""
    known = parser()
    chosen = known.parse_args(["--help"] if list(arguments) == ["help"] else list(arguments))
    whoever(known, chosen, caller)
    chosen.ask = ask
    command: Callable[[Container, argparse.Namespace, Say], int] = chosen.run
    try:
        ready = container(signs=False)
        chosen.local = ready.settings.stage == "local"
        return command(ready, chosen, say)
    except RetryLater:
        say("The instance is busy with this, or did not answer in time: run the command again in a moment.")
        return 1


def asks_for_help(arguments: Sequence[str]) -> bool:
    """Whether there is nothing to do but to show what there is, for which no instance is needed."""
    return list(arguments) in ([], ["help"]) or not {"-h", "--help"}.isdisjoint(arguments)


def parser() -> argparse.ArgumentParser:
    """Every command with its options."""
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
        looks(action)
        if name == "replay":
            action.add_argument("--yes", action="store_true", help="do it without asking")
        action.set_defaults(run=run)

    settle = quarantine.add_parser(
        "settle", help="say that one was seen to: a good version came, or none will; the alarm is over with the last"
    )
    settle.add_argument("id")
    decides(settle)
    settle.set_defaults(run=_quarantine_settle)

    case = commands.add_parser("case", help="everything that happened in one occurrence, what is owed now, its agreements and holds")
    case.add_argument("reference")
    looks(case)
    case.set_defaults(run=_case)

    release = commands.add_parser(
        "release", help="lift a hold, by a named person: of one victim, or the one that a quarantined version put on all"
    )
    release.add_argument("reference")
    release.add_argument("victim", nargs="?", help="without one, the hold that a quarantined version put on the occurrence")
    decides(release, reason=False)
    release.add_argument("--reason", default="", help="needed with a victim; kept with the release")
    release.set_defaults(run=_release)

    figures = commands.add_parser("figures", help="what was owed in a month, and what became of it")
    figures.add_argument("month", nargs="?", type=_month, help="YYYY-MM; without one, the month of the instance's clock")
    form = figures.add_mutually_exclusive_group()
    form.add_argument("--detail", action="store_true", help="by district and route too")
    form.add_argument("--csv", action="store_true", help="one row for each kind, district, route and agreement")
    figures.set_defaults(run=_figures)

    links = commands.add_parser("links", help="the links that reminders and messages carry").add_subparsers(required=True, metavar="ACTION")
    revoke = links.add_parser("revoke", help="close every link of one occurrence, or of one victim, that was issued until now")
    revoke.add_argument("reference")
    revoke.add_argument("victim", nargs="?", help="only the links to this victim's own page, those of their other occurrences too")
    decides(revoke, reason=False)
    revoke.set_defaults(run=_links_revoke)

    sessions = commands.add_parser("sessions", help="where officers are signed in").add_subparsers(required=True, metavar="ACTION")
    end = sessions.add_parser("end", help="sign one officer out everywhere")
    end.add_argument("collar")
    decides(end, reason=False)
    end.set_defaults(run=_sessions_end)

    messages = commands.add_parser("messages", help="what people wrote through the contact page").add_subparsers(
        required=True, metavar="ACTION"
    )
    read = messages.add_parser("read", help="everything that was written about one reference; that you read it is logged")
    read.add_argument("reference")
    looks(read)
    read.set_defaults(run=_messages_read, decides=True)
    allocate = messages.add_parser("allocate", help="give a message to another officer")
    allocate.add_argument("reference")
    allocate.add_argument("message", help="the message's id, as `messages read` shows it")
    allocate.add_argument("--to", required=True, help="collar number of the officer who gets it")
    decides(allocate, reason=False)
    allocate.set_defaults(run=_messages_allocate)

    leaks = commands.add_parser("leaks", help="the independent leak check; exit code 1 where it finds any")
    leaks.add_argument(
        "--outbox", help="address or file of an outbox (JSON), whose words are judged too; without one, what left in the last day"
    )
    leaks.set_defaults(run=_leaks)
    ops_sending.add(commands)
    ops_people.add(commands)
    ops_audit.add(commands)
    ops_retention.add(commands)
    ops_clock.add(commands)
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
    if (look := look_of(chosen, say)) is None:
        return REFUSED
    consulted(ready.cases, [row.reference or OPERATIONS], look, f"quarantine {row.quarantine_id}", ready.tick())
    say(f"{row.quarantine_id}  received {row.received_at.isoformat()}  {row.state}")
    for path, reason in row.faults:
        say(f"  {path or 'body'}: {reason}")
    say(masked(ready.quarantined.body(chosen.id)))
    return 0


def _quarantine_replay(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    if (look := look_of(chosen, say)) is None or stopped(
        chosen, say, "This puts the whole body back on the records queue, where it is judged again."
    ):
        return REFUSED
    done = ready.quarantine.replay(chosen.id, look.by, look.reason, ready.tick())
    say("Put back on the records queue." if done else "No record has this id.")
    return 0 if done else 1


def _quarantine_settle(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    if not agreed(
        chosen, say, "This says that somebody has seen to it. The body stays as a record; a hold of its occurrence is lifted by `release`."
    ):
        return REFUSED
    done = ready.quarantine.settle(chosen.id, chosen.by, chosen.reason, ready.tick())
    say("Settled." if done else "No record of this id waits for anybody.")
    return 0 if done else 1


def _case(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    if (look := look_of(chosen, say)) is None:
        return REFUSED
    lines = ready.timeline.shown_to(look, _reference(chosen.reference), ready.tick())
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
    reference, now = _reference(chosen.reference), ready.tick()
    closes = "the case" if chosen.victim is None else "this victim, of their other cases too,"
    if stopped(chosen, say, f"This closes every link of {closes} that was issued until now."):
        return REFUSED
    if chosen.victim is None:
        done, missing = ready.links.revoke(reference, chosen.by, now), "No occurrence has this reference."
    else:
        done, missing = ready.links.revoke_of_victim(reference, chosen.victim, chosen.by, now), "No such victim."
    say("Revoked: no link that was issued until now opens anything." if done else missing)
    return 0 if done else 1


def _sessions_end(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    if stopped(chosen, say, f"This signs {chosen.collar.upper()} out everywhere."):
        return REFUSED
    ready.links.end_sessions(chosen.collar.upper(), chosen.by, ready.tick())
    say("Ended: whoever is signed in with this collar number has to sign in again.")
    return 0


def _messages_read(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    if (look := look_of(chosen, say)) is None:
        return REFUSED
    found = ready.desk.read(_reference(chosen.reference), look.by, ready.tick(), why=look.reason)
    for written in found:
        for line in shown(written):
            say(line)
    say(f"{len(found)} messages. Nobody has checked who wrote them: reply only to the contact details in the record.")
    return 0 if found else 1


def _messages_allocate(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    if stopped(chosen, say, f"This gives the message to {chosen.to}, who is told."):
        return REFUSED
    done = ready.desk.allocate(_reference(chosen.reference), chosen.message, chosen.to, chosen.by, ready.tick())
    say("Given. The officer is told." if done else "No such message waits for an answer here.")
    return 0 if done else 1


def _release(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    reference, now = _reference(chosen.reference), ready.tick()
    if chosen.victim is not None and not chosen.reason:
        say("Say why: --reason.")
        return 2
    whose = f"the specialist hold of {chosen.victim}" if chosen.victim else "the hold that a quarantined version put on all"
    if stopped(chosen, say, f"This lifts {whose}; what was held may leave by itself from then on."):
        return REFUSED
    if chosen.victim is None:
        done = ready.release.lift_suspension(reference, chosen.by, now)
        say("Lifted." if done else "No hold of a quarantined version stands on this occurrence.")
    else:
        done = ready.release.release_specialist(reference, chosen.victim, chosen.by, chosen.reason, now)
        say("Released. What the newest version says by itself still holds." if done else "No such victim.")
    return 0 if done else 1


def _leaks(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    if chosen.outbox:
        messages = _outbox(chosen.outbox)
        leaks, judged = tuple(ready.leaks.run(messages)), len(messages)
    else:
        watched = ready.watch.look(ready.tick())
        leaks, judged = watched.leaks, watched.checked
        say("Judged by who was written to, how and where: no word of a message is kept here.")
        for reference in watched.unread:
            say(f"{reference}  an archived version cannot be read")
    for leak in leaks:
        say(f"{leak.reference}  {leak.what}  {leak.notification_id}  {leak.reason}")
    say(f"{len(leaks)} leaks in {judged} messages")
    return 1 if leaks else 0


def _outbox(source: str) -> list[Mapping[str, Any]]:
    if source.startswith(("http://", "https://")):
        with urllib.request.urlopen(source, timeout=60) as answer:  # noqa: S310 - the scheme is checked above
            return list(json.load(answer))
    return list(json.loads(Path(source).read_text(encoding="utf-8")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

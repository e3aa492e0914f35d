"""Commands about what leaves: pause and resume, unknown outcomes, dead letters.

Must not print an address or a message: a message is told by its id, kind, channel and reader's role.
"""

from __future__ import annotations

import argparse
from typing import Any

from chalicelib.bootstrap import Container
from chalicelib.domain.delivery import Notification
from chalicelib.domain.pauses import CHANNELS, PAUSABLE, SAFEGUARDS
from chalicelib.entrypoints.ops_asking import REFUSED, Say, agreed, commands_of, decides, look_of, looks, moment
from chalicelib.services.consultations import consulted
from chalicelib.services.redrive import NAMES

_NOT_KNOWN = "No message of this id has an outcome that is not known."


def add(commands: Any) -> None:
    """The commands of this page."""
    pause = commands.add_parser("pause", help="let a channel or a kind of message wait; it takes effect within a minute")
    pause.add_argument("name", choices=PAUSABLE, metavar="NAME", help=f"one of {', '.join(PAUSABLE)}")
    decides(pause)
    pause.set_defaults(run=_pause)
    resume = commands.add_parser("resume", help="let it go on: what waited leaves, the oldest first")
    resume.add_argument("name", choices=PAUSABLE, metavar="NAME", help="what is paused: see pauses")
    decides(resume, reason=False)
    resume.set_defaults(run=_resume)
    commands.add_parser("pauses", help="what is paused, by whom, why, and how many messages wait").set_defaults(run=_pauses)

    unknown = commands_of(commands, "unknown", "messages of which nobody knows whether they arrived")
    listed = unknown.add_parser("list", help="those that wait for a receipt, and those that a person has")
    listed.add_argument("--days", type=int, default=14, help="of how many days back, where a person has them (14)")
    looks(listed)
    listed.set_defaults(run=_unknown_list)
    settle = unknown.add_parser("settle", help="say that it arrived, or that it did not")
    settle.add_argument("id", help="the message's id, as the list shows it")
    settle.add_argument("outcome", choices=("arrived", "lost"))
    settle.add_argument("--at", type=moment, help="since when the reader has it (ISO 8601 with an offset); without it, now")
    decides(settle)
    settle.set_defaults(run=_settle)
    resend = unknown.add_parser("resend", help="send it once more: the reader may then have it twice")
    resend.add_argument("id", help="the message's id, as the list shows it")
    decides(resend)
    resend.set_defaults(run=_resend)

    redrive = commands.add_parser("redrive", help="put dead letters back, after what failed was mended")
    redrive.add_argument("name", choices=NAMES, metavar="QUEUE", help=f"one of {', '.join(NAMES)}")
    decides(redrive, reason=False)
    redrive.set_defaults(run=_redrive)


def _pause(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    if not agreed(chosen, say, *_what_waits(chosen.name)):
        return REFUSED
    new = ready.pausing.pause(chosen.name, chosen.by, chosen.reason, ready.tick())
    say(f"Paused: {chosen.name}. It takes effect within a minute." if new else f"Paused already: {chosen.name}.")
    return 0 if new else 1


def _what_waits(name: str) -> list[str]:
    """What pausing this means, said before anybody agrees."""
    if name in SAFEGUARDS:
        return [
            f"This pauses every message of the kind {name}, on every channel.",
            "WARNING: people inside the force rely on it, for specialist cases too, or a service hears by it that it must stop.",
            "While it is paused nobody is told by it: ring whoever has to know.",
        ]
    what = f"everything to victims, and what passes their details on, by {name}" if name in CHANNELS else f"every {name}, on every channel"
    return [
        f"This pauses {what}. It waits, and leaves when it is resumed, if the rules still allow it.",
        "Deadlines go on: officers are reminded of what comes late by it. Tasks and stop notices still leave.",
    ]


def _resume(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    waiting = ready.pausing.waiting(chosen.name)
    if not agreed(chosen, say, f"This lets {waiting} messages go on, the oldest first, and asks the rules again of each."):
        return REFUSED
    gone = ready.pausing.resume(chosen.name, chosen.by, ready.tick())
    say(f"Not paused: {chosen.name}." if gone is None else f"Resumed: {chosen.name}. {gone} messages go on.")
    return 1 if gone is None else 0


def _pauses(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    found = ready.pausing.all()
    for pause, waiting in found:
        say(f"{pause.name:<20}  since {pause.since:%Y-%m-%d %H:%M}  by {pause.by}  {waiting} wait  {pause.reason}")
    say(f"{len(found)} paused")
    return 0


def _unknown_list(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    if (look := look_of(chosen, say)) is None:
        return REFUSED
    found, now = ready.unknown.waiting(ready.tick(), chosen.days), ready.tick()
    consulted(ready.cases, [row.reference for row in found if row.victim_id], look, "unknown_outcomes", now)
    for row in found:
        say(_line(row))
    say(f"{len(found)} outcomes unknown")
    return 0


def _line(row: Notification) -> str:
    whose = f"{row.reference} {row.victim_id}" if row.victim_id else row.reference
    what = f"{row.template} by {row.channel} to {row.audience}"
    return f"{row.notification_id}  {row.created_at:%Y-%m-%d %H:%M}  {row.state:<17}  {what}  {whose}"


def _settle(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    row = ready.unknown.of(chosen.id)
    if row is None:
        say(_NOT_KNOWN)
        return 1
    meant = {
        "arrived": "This counts as its receipt: what the message evidences is met, and its task is done.",
        "lost": "This gives it to a person, by a task. It is not sent again.",
    }
    if not agreed(chosen, say, _line(row), meant[chosen.outcome]):
        return REFUSED
    now = ready.tick()
    if chosen.outcome == "arrived":
        ready.unknown.arrived(row, chosen.by, chosen.reason, min(chosen.at or now, now), now)
    else:
        ready.unknown.lost(row, chosen.by, chosen.reason, now)
    say("Settled.")
    return 0


def _resend(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    row = ready.unknown.of(chosen.id)
    if row is None:
        say(_NOT_KNOWN)
        return 1
    if not agreed(chosen, say, _line(row), "This sends it once more, if the rules still allow it. The reader may then have it twice."):
        return REFUSED
    count = ready.unknown.again(row, chosen.by, chosen.reason, ready.tick())
    say("It goes once more." if count == 1 else f"It goes once more, for {count} linked records.")
    return 0


def _redrive(ready: Container, chosen: argparse.Namespace, say: Say) -> int:
    waiting = ready.redrive.waiting(chosen.name)
    if not waiting:
        say(f"No dead letters of {chosen.name}." if waiting == 0 else f"{chosen.name} has no dead-letter queue here.")
        return 1
    if not agreed(chosen, say, f"This puts about {waiting} dead letters of {chosen.name} back. Again is safe."):
        return REFUSED
    say(f"Put back: {ready.redrive.redrive(chosen.name, chosen.by, ready.tick())}.")
    return 0

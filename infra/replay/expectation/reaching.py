"""By which channels a victim may be told automatically, and at which hours: contact safety as CONTRACT.md defines it.

The force's policy is Derbyshire's: given points may be used where safety is unconfirmed, a confirmation holds ninety days, the force writes
from 08:00 to 20:00, in English only. Must not know what was sent before.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from infra.replay.expectation.fields import LONDON
from infra.replay.expectation.people import Point, Victim, child, mail_point, receiver, safety
from infra.replay.expectation.texts import landline

_OPENS, _CLOSES = time(8), time(20)
_LIMIT, _AHEAD = timedelta(days=90), timedelta(minutes=5)
_HOURS = re.compile(r"(\d{1,2})[:.](\d{2})\s*(?:-|–|to)\s*(\d{1,2})[:.](\d{2})")
_BY_PERSON_ONLY = {"interpreter", "bsl", "easy_read", "braille", "does_not_read"}
_IN_ORDER = ("email", "sms", "letter")


@dataclass(frozen=True, slots=True)
class Choice:
    """`notice` is the channel of the first word, `full` that of the full words; `usable` are all; `need`: a language or format that
    only a person meets."""

    notice: str | None = None
    full: str | None = None
    need: bool = False
    usable: frozenset[str] = frozenset()


def confirmed(victim: Victim, now: datetime) -> bool:
    """Safety was asked and answered within the limit."""
    said = safety(victim)
    when = said.get("confirmed_at")
    return when is not None and said.get("safe_channels") is not None and -_AHEAD <= now - when <= _LIMIT


def _own_hours(victim: Victim) -> tuple[time, time] | None:
    """The hours in which the force may write inside the victim's own; None where no such hour is left or they cannot be read."""
    written = safety(victim).get("safe_hours")
    if not written:
        return _OPENS, _CLOSES
    match = _HOURS.fullmatch(written.strip())
    if match is None:
        return None
    try:
        begin, end = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    except ValueError:
        return None
    opens, closes = max(begin, _OPENS), min(end, _CLOSES)
    return (opens, closes) if begin < end and opens < closes else None


def allowed_from(victim: Victim, moment: datetime) -> datetime:
    """The first instant at or after `moment` at which this victim may be written to."""
    opens, closes = _own_hours(victim) or (_OPENS, _CLOSES)
    local = moment.astimezone(LONDON)
    if opens <= local.time() < closes:
        return moment
    day = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    return datetime.combine(day, opens, LONDON).astimezone(moment.tzinfo)


def _safe(record: dict[str, Any], victim: Victim, now: datetime, personal: bool) -> set[str]:
    said = safety(victim)
    if said.get("do_not_contact") or said.get("may_say_police") is False or _own_hours(victim) is None:
        return set()
    if confirmed(victim, now):
        return set(said["safe_channels"])
    adult = victim["kind"] == "person" and victim.get("date_of_birth") is not None and not child(victim, record["reported_at"])
    asked = record["source"] in {"101", "online", "counter", "officer"}
    if not (adult and asked) or victim.get("representative") is not None or personal:
        return set()
    return {"email", "sms"} & set(said.get("safe_channels", _IN_ORDER))


def _english(victim: Victim) -> bool:
    written = (victim.get("language") or "en").lower().replace("_", "-").strip()
    return written == "english" or written.split("-")[0] == "en"


def _usable(victim: Victim, closed: Collection[Point]) -> set[str]:
    """Channels for which whoever receives has something that can be used."""
    to = receiver(victim)
    found = set()
    if to["email"] and mail_point(to["email"]) not in closed:
        found.add("email")
    if to["sms"] and ("mobile", to["sms"]) not in closed:
        found.add("sms")
    if to["name"] and len(to["letter"]) >= 2:
        found.add("letter")
    return found


def choose(record: dict[str, Any], victim: Victim, now: datetime, *, personal: bool, closed: Collection[Point]) -> Choice:
    """The victim's preference where it is safe and usable, else the next safe one; a text is followed by the full words."""
    needs = set(victim.get("communication_needs") or ())
    if needs & _BY_PERSON_ONLY or not _english(victim):
        return Choice(need=True)
    open_ones = _safe(record, victim, now, personal) & _usable(victim, closed)
    if "large_print" in needs:
        open_ones.discard("sms")
    order = [channel for channel in (victim.get("preferred_channel"), *_IN_ORDER) if channel in open_ones]
    if not order:
        return Choice()
    full = next((channel for channel in order if channel != "sms"), None)
    return Choice(order[0], full if order[0] == "sms" else order[0], usable=frozenset(order))


def method_for_updates(victim: Victim, choice: Choice, agreed: str | None, closed: Collection[Point]) -> str | None:
    """As agreed, else as preferred; where that cannot be used, as the first word goes. By phone nothing is written."""
    wanted = agreed or victim.get("preferred_channel")
    if wanted == "phone":
        said = safety(victim).get("safe_channels")
        lines = [("mobile", number) for number in (receiver(victim)["sms"], landline(victim.get("landline"))) if number]
        rings = any(line not in closed for line in lines)
        return "phone" if rings and (said is None or "phone" in said) else choice.notice
    return wanted if wanted in choice.usable else choice.notice

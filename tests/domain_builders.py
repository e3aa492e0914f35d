"""Builds domain objects for the tests of rules: contract records, parsed as they would be, with the force's own profile and real holidays.

Must not decide anything, and must not hold a value that `builders.py` could give.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from chalicelib.domain.contact_safety import ChannelChoice, choose_channels
from chalicelib.domain.delivery import WAITING, Notification, State
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, KnownElsewhere, Occurrence, RouteDecision, Victim
from chalicelib.domain.obligations import Kind, Obligation, Purpose
from chalicelib.domain.plan import Plan, plan
from chalicelib.domain.profile import Profile
from chalicelib.domain.routes import against_person, decide_route
from chalicelib.domain.situation import Situation, Standing
from chalicelib.schemas.records import Parsed, parse_record
from tests import builders
from tests.builders import NOW

PROFILE_FILE = Path(__file__).parent.parent / "chalicelib" / "profiles" / "derbyshire.toml"
PROFILE: Profile = TypeAdapter(Profile).validate_python(tomllib.loads(PROFILE_FILE.read_text()))
"""Derbyshire's own."""

_HOLIDAYS = """
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26
"""
HOLIDAYS = frozenset(date.fromisoformat(day) for day in _HOLIDAYS.split())
"""Bank holidays of England and Wales, substitute days included."""

STANDING = Standing(PROFILE, HOLIDAYS, frozenset({"en"}))
NOTHING = KnownElsewhere()


def at(text: str) -> datetime:
    """An instant in UTC, from `2026-11-20 10:31` or with seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def occurrence(*, person: Mapping[str, Any] | None = None, now: datetime = NOW, **overrides: Any) -> Occurrence:
    """A parsed occurrence. `person` overrides fields of its one victim; other names are the contract's fields of an occurrence."""
    if person is not None:
        build = builders.business if person.get("kind") == "business" else builders.victim
        overrides["victims"] = [build(now=now, **person)]
    return parsed(builders.occurrence_record(now=now, **overrides), now)


def parsed(record: builders.Record, now: datetime = NOW) -> Occurrence:
    """The occurrence of a contract record, which must be valid at `now`."""
    outcome = parse_record(builders.body(record), now=now, allow_reserved=True)
    assert isinstance(outcome, Parsed), outcome
    assert outcome.occurrence is not None
    return outcome.occurrence


def codes(*pairs: str) -> list[builders.Record]:
    """Offences from `CODE` or `CODE NNN/NN`, the first the principal one; no description."""
    return [
        builders.offence(pair.partition(" ")[0], ho_code=pair.partition(" ")[2] or None, description=None, principal=not index)
        for index, pair in enumerate(pairs)
    ]


def victim_of(occurrence: Occurrence, victim_id: str = "V1") -> Victim:
    return next(victim for victim in occurrence.victims if victim.id == victim_id)


def profile(**changes: Any) -> Profile:
    """Derbyshire's profile with other contact policies: `profile(use_given_when_unconfirmed=False)`."""
    return replace(PROFILE, contact=replace(PROFILE.contact, **changes))


def decide(
    occurrence: Occurrence,
    victim_id: str = "V1",
    *,
    sticky: Iterable[str] = (),
    known: KnownElsewhere = NOTHING,
    now: datetime = NOW,
    profile: Profile = PROFILE,
) -> RouteDecision:
    victim = victim_of(occurrence, victim_id)
    return decide_route(occurrence, victim, sticky=frozenset(sticky), known=known, now=now, profile=profile)


def situation(occurrence: Occurrence, victim_id: str = "V1", *, rows: Iterable[Notification] = (), **changes: Any) -> Situation:
    """What a plan is made from: accepted now, nothing known elsewhere, `rows` in the outbox."""
    at_hand = Situation(
        occurrence, victim_of(occurrence, victim_id), NOW, NOW, STANDING, existing={row.notification_id: row for row in rows}
    )
    return replace(at_hand, **changes)


def planned(occurrence: Occurrence, victim_id: str = "V1", **changes: Any) -> Plan:
    return plan(situation(occurrence, victim_id, **changes))


def chosen(
    occurrence: Occurrence, *, known: KnownElsewhere = NOTHING, now: datetime = NOW, profile: Profile = PROFILE, languages: str = "en"
) -> ChannelChoice:
    """How the first victim is reached."""
    return choose_channels(
        occurrence,
        occurrence.victims[0],
        personal=against_person(occurrence),
        known=known,
        languages=frozenset(languages.split()),
        now=now,
        profile=profile,
    )


def messages(plan: Plan, template: Template) -> dict[Channel, Notification]:
    """The wanted messages of one template, by channel."""
    return {row.channel: row for row in plan.notifications.values() if row.template is template}


def tasks(plan: Plan) -> dict[Purpose, Obligation]:
    """The wanted tasks by what they ask for."""
    return {owed.purpose: owed for owed in plan.obligations.values() if owed.purpose is not None}


def owed(plan: Plan, kind: Kind) -> Obligation | None:
    """The one obligation of a kind, or None."""
    return next((row for row in plan.obligations.values() if row.kind is kind), None)


def left(person: Mapping[str, Any], **states: State) -> list[Notification]:
    """The rows of an ordinary case for `person` as they stand in the outbox, each in its state.

    `email`, `sms` and `letter` are the notices by channel, `referral` the referral; rows that are not named do not exist.
    """
    wanted = planned(occurrence(person=person)).notifications.values()
    named = [("referral" if row.template is Template.REFERRAL else str(row.channel), row) for row in wanted]
    left_already = {name: state not in WAITING for name, state in states.items()}
    referred = any(name == "referral" for name, _ in named)
    return [
        replace(row, state=states[name], attempted=left_already[name], announces=left_already[name] and referred and name != "referral")
        for name, row in named
        if name in states
    ]


def said(plan: Plan) -> set[str]:
    """The wanted messages as `template to audience by channel`, task mails apart."""
    rows = (row for row in plan.notifications.values() if row.template is not Template.TASK)
    return {f"{row.template} to {row.audience} by {row.channel}" for row in rows}


def asked(plan: Plan) -> set[str]:
    """The wanted tasks as `purpose for unit`."""
    return {f"{owed.purpose} for {owed.unit}" for owed in plan.obligations.values() if owed.purpose}

"""A business contact has one message a day (docs/adr/0020-one-a-day.md): which acknowledgements share it, and which wait for another day.

Must not send or change a row.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from infra.replay.expectation.cases import Case, Cases
from infra.replay.expectation.fields import LONDON
from infra.replay.expectation.linking import Leaving, may_leave
from infra.replay.expectation.people import receiver
from infra.replay.expectation.reaching import allowed_from
from infra.replay.expectation.rights import terms
from infra.replay.expectation.rows import WAITING
from infra.replay.expectation.working_days import london_day, working_days_after

_MOST_BESIDE, _LETTER_DAYS = 20, 2
Contact = tuple[str, str]
"""Channel and address."""


def contact_of(item: Leaving) -> Contact | None:
    """Whose day it takes; None: nobody's."""
    if item.part.victim["kind"] != "business" or item.row.template != "acknowledgement":
        return None
    channel = item.row.channel
    to = item.part.victim.get("address") or [] if channel == "letter" else [receiver(item.part.victim)[channel] or ""]
    return channel, "\n".join(to).lower()


def beside(cases: Cases, item: Leaving, now: datetime) -> list[Leaving]:
    """Other cases of the same business whose acknowledgement may leave now and says the same."""
    if contact_of(item) is None:
        return []
    names = sorted(cases.with_person(item.part.victim) - {item.case.reference}, reverse=True)[:_MOST_BESIDE]
    found = [other for name in names if (other := _alike(cases, item, cases.all[name], now)) is not None]
    return [other for other in found if may_leave(other, now) and _told_as(other) == _told_as(item)]


def turn(items: list[Leaving], now: datetime) -> datetime | None:
    """When it may leave on another day; None: something in it would be late then."""
    tomorrow = datetime.combine(london_day(now) + timedelta(days=1), time(), LONDON)
    turns = []
    for item in items:
        at = allowed_from(item.part.victim, tomorrow)
        heard = working_days_after(at, _LETTER_DAYS) if item.row.channel == "letter" else at
        owed = [item.wishes.rights[key] for key in (("written_acknowledgement",), ("referral",)) if key in item.wishes.rights]
        if any(each.unmet and each.due < heard for each in owed):
            return None
        turns.append(at)
    return max(turns)


def _alike(cases: Cases, item: Leaving, case: Case, now: datetime) -> Leaving | None:
    person = item.part.victim.get("person_ref")
    same = [key for key, part in sorted(case.parts.items()) if part.victim.get("person_ref") == person and not part.removed]
    if not same or item.key not in case.parts[same[0]].rows or case.parts[same[0]].victim["kind"] != "business":
        return None
    other = Leaving(case, same[0], item.key, cases.wishes(case, same[0], now))
    return other if other.row.state in WAITING and other.wishes.verdict.route == "victim_services" else None


def _told_as(item: Leaving) -> tuple[Any, ...]:
    victim, record = item.part.victim, item.case.record
    hate = bool(record["flags"].get("hate_crime")) or bool((victim.get("enhanced") or {}).get("eligible"))
    reader = receiver(victim), item.wishes.view.closed, victim.get("organisation"), sorted(victim.get("communication_needs") or ())
    agreed = terms(item.wishes.view)
    promised = None if agreed.declined else (agreed.days, agreed.method, agreed.proposed)
    return *reader, item.wishes.refers, victim.get("preferred_channel"), record["status"], hate, promised


Days = dict[Contact, tuple[date, str]]
"""The day that each contact had its last message, and the case that has it."""


def takes(days: Days, items: list[Leaving], now: datetime) -> datetime | None:
    """Take the day for the first of these; None: it may leave. Else when it may be asked for again."""
    contact, until = contact_of(items[0]), turn(items, now)
    if contact is None:
        return None
    had = days.get(contact)
    if had is not None and had[0] >= london_day(now) and had[1] != items[0].case.reference and until is not None:
        return until
    days[contact] = london_day(now), items[0].case.reference
    return None

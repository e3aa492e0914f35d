"""Who tells a victim of key events, and what makes one message: the section "Who tells" and "When a message leaves" of docs/events.md.

Must not look at another victim, and changes nothing but the wishes that it is handed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from infra.replay.expectation import routing
from infra.replay.expectation.enhanced import enhanced
from infra.replay.expectation.event_table import MEET_AGAIN, open_facts
from infra.replay.expectation.fields import LONDON
from infra.replay.expectation.news import News, news
from infra.replay.expectation.owed import Owed
from infra.replay.expectation.reaching import allowed_from, method_for_updates
from infra.replay.expectation.rights import WITH_RIGHTS, declined, terms_in_force
from infra.replay.expectation.routing import OFFICER, VCU
from infra.replay.expectation.rows import DONE, FAILED, Key, Row
from infra.replay.expectation.working_days import london_day, working_day, working_days_after

if TYPE_CHECKING:
    from infra.replay.expectation.wants import Wishes

_FOR_CORRECTIONS = timedelta(minutes=30)
_FROM, _UNTIL, _UNTIL_BEFORE_DAYS_OFF = time(9), time(17), time(15)
_MOST_DAYS = 60
_ORDINARY = frozenset({"all", "and", "are", "can", "for", "from", "has", "not", "that", "the", "was", "with"})
"""Words of a reason that tell nothing, whatever stands in a name or an address."""
_TOLD_BY_CONTACT = frozenset({"event_by_person", "event_in_person", "event_without_reason", "event_by_officer"})
_REVIEWS = (("review_acknowledged", 10, {"acknowledged", "decided"}), ("review_decided", 30, {"decided"}))
"""What a request opens, its working days, and the steps that answer it."""


def owe_news(w: Wishes) -> None:
    """Every key event with the tasks and messages of who tells it, and the force's own clocks of a review."""
    over = w.verdict.route not in WITH_RIGHTS
    unwanted = declined(w.view)
    by_message: list[News] = []
    for each in news(w.view, by_people=w.verdict.hold is not None):
        owed = each.owed(over=over or unwanted)
        w.rights["event", each.event_id] = w.placed(owed)
        if not (over or unwanted or each.replaced):
            by_message += _ask(w, each, owed)
    _write(w, by_message)
    for key, owed in () if over else reviews(w):
        w.rights[key] = w.placed(owed)


def _ask(w: Wishes, each: News, owed: Owed) -> list[News]:
    """Its tasks; itself, where a message may tell it."""
    automatic = w.verdict.route == "victim_services"
    if each.telling.court:
        _task(w, each, "event_at_court", "witness_care")
    if not automatic:
        _task(w, each, "event_by_person", OFFICER)
        _task(w, each, "event_by_person", VCU)
    if each.telling.court or not automatic:
        return []
    if each.type == "out_of_court_disposal" and not each.takes_back:
        _task(w, each, "views_sought", OFFICER)
    if each.arrived_at is not None and each.told_at is None:
        return []
    asked = next(_officers(w, each), None)
    if asked is None and owed.unmet and _too_late(w, each):
        _task(w, each, "event_by_officer", OFFICER)
    if asked is None:
        return [each] if owed.unmet else []
    _task(w, each, asked[0], OFFICER, asked[1:])
    return []


def _too_late(w: Wishes, each: News) -> bool:
    """There was time when it was heard of, and a message comes only after that: the officer is asked as well."""
    arrives = _planned(w, each)
    if _channel(w) == "letter":
        arrives = working_days_after(arrives, 2)
    return _heard(w, each) <= each.due < arrives


def _task(w: Wishes, each: News, purpose: str, unit: str, missing: Key = ()) -> None:
    """Done when somebody says so; an officer who was to tell the victim has done it with the contact that tells."""
    key: Key = (purpose, unit, *missing, each.event_id)
    told = each.told_at if unit == OFFICER and purpose in _TOLD_BY_CONTACT else None
    met_at = min((moment for moment in (w.view.done.get(key), told) if moment is not None), default=None)
    w.ask(key, unit, Owed("task", each.due, met_at=met_at))


def _officers(w: Wishes, each: News) -> Iterator[Key]:
    """What the officer is asked, and what is missing: the first counts, none means a message."""
    record, victim = w.view.record, w.view.victim
    known = routing.personal(record) and victim.get("relationship_to_suspect") != "stranger"
    if (each.telling.bad and enhanced(record, victim)) or (each.type in MEET_AGAIN and known):
        yield ("event_in_person",)
    if each.telling.reason and not each.takes_back and not _fit(w, each.said.get("reason")):
        yield "event_without_reason", "event.reason"
    missing = () if each.takes_back else open_facts(each.said)
    if missing:
        yield "right_to_review", *missing
    of_court = each.instead_of is not None and each._replace(said=each.instead_of).telling.court
    failed = any(row.state in FAILED for row in each.rows)
    if of_court or failed or _channel(w) is None or _next(w, each, w.view.now) is None:
        yield ("event_by_officer",)


def _fit(w: Wishes, reason: str | None) -> bool:
    """One of the texts that the run calls harmless, in which no name or address of the case stands."""
    if reason not in w.view.harmless:
        return False
    return not _words(reason or "") & {word for text in _texts(w.view.record) for word in _words(text)} - _ORDINARY


def _words(text: str) -> set[str]:
    return {word for word in re.findall("[a-z]+", text.lower()) if len(word) > 2}


def _texts(record: dict[str, Any]) -> Iterator[str]:
    yield record.get("location", {}).get("text") or ""
    for victim in record["victims"]:
        for holder in (victim, victim.get("representative") or {}):
            yield from (holder[name] for name in ("given_name", "family_name", "organisation", "contact_name") if holder.get(name))
            yield from holder.get("address") or ()


def _channel(w: Wishes) -> str | None:
    """As agreed, where that can be used and a first word has gone, or may still go."""
    notices = [row for row in w.rows.values() if row.template == "acknowledgement"]
    if w.choice.notice is None or (notices and all(row.state in FAILED for row in notices)):
        return None
    terms = terms_in_force(w.view)
    method = method_for_updates(w.view.victim, w.choice, terms.method, w.view.closed) if terms else w.choice.full or w.choice.notice
    return method if method in w.choice.usable else None


def _write(w: Wishes, waiting: Sequence[News]) -> None:
    """One message for each send time, of everything that was heard of by then and may be told then."""
    channel, now = _channel(w), w.view.now
    left = [each for each in waiting if not any(row.state in DONE for row in each.rows)]
    alive = tuple(key for key, row in w.rows.items() if row.template == "acknowledgement" and row.state not in FAILED)
    while left and channel is not None:
        first, planned = min(((each, _planned(w, each)) for each in left), key=lambda one: (one[1], one[0].event_id))
        at = _next(w, first, max(planned, now)) or planned
        together = [each for each in left if _heard(w, each) <= at and _next(w, each, at) == at]
        row = Row("event", channel, "victim", not_before=at if at > now else planned, waits_for=alive, evident=channel != "sms")
        row.tells = tuple(each.event_id for each in together)
        w.rows["event", channel, first.event_id] = row
        left = [each for each in left if each not in together]


def _heard(w: Wishes, each: News) -> datetime:
    """Nothing was heard of for this victim before their record came."""
    return max(w.view.heard_at[each.event_id], w.view.accepted_at)


def _planned(w: Wishes, each: News) -> datetime:
    opens = _heard(w, each) + _FOR_CORRECTIONS
    return _next(w, each, opens) or opens


def _next(w: Wishes, each: News, moment: datetime) -> datetime | None:
    """The first instant from `moment` on at which this may be told; None: there is none. A shop hears of one thing a day in a case, unless
    that is too late."""
    victim = w.view.victim
    days = [london_day(row.sent_at) for row in w.view.rows.values() if row.audience == "victim" and row.sent_at is not None]
    if victim["kind"] == "business" and days:
        another = max(moment, datetime.combine(max(days) + timedelta(days=1), time(), LONDON))
        at = _hour(w, each, another)
        moment = another if (at or another) <= each.due else moment
    return _hour(w, each, moment)


def _hour(w: Wishes, each: News, moment: datetime) -> datetime | None:
    """Of the day: the force's, the victim's own, and those of bad news."""
    victim = w.view.victim
    if not each.telling.bad:
        return allowed_from(victim, moment)
    for _ in range(_MOST_DAYS):
        day = london_day(moment)
        until = _UNTIL if working_day(day + timedelta(days=1)) else _UNTIL_BEFORE_DAYS_OFF
        at = allowed_from(victim, max(moment, datetime.combine(day, _FROM, LONDON)))
        if working_day(day) and at < datetime.combine(day, until, LONDON):
            return at
        moment = datetime.combine(day + timedelta(days=1), time(), LONDON)
    return None


def reviews(w: Wishes) -> Iterator[tuple[Key, Owed]]:
    """A request opens two clocks; what comes before the next request answers it."""
    steps = sorted((said["at"], said["event_id"], said["step"]) for kind, said in w.view.events if kind == "review")
    asked = [step for step in steps if step[2] == "requested"]
    for number, (at, name, _) in enumerate(asked):
        until = asked[number + 1][0] if number + 1 < len(asked) else None
        for kind, days, answers in _REVIEWS:
            moments = (when for when, _, step in steps if step in answers and when >= at and (until is None or when < until))
            yield (kind, name), Owed(kind, working_days_after(at, days), met_at=min(moments, default=None))

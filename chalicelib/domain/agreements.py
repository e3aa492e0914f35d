"""The update agreement of one victim over time, and the one update that is owed under it, from the facts alone in whatever order they came.

Rules in words: docs/obligations.md. Must not remind, send, or look at rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.domain.case import Said, Told
from chalicelib.domain.contact_safety import ChannelChoice
from chalicelib.domain.deadlines import local_day
from chalicelib.domain.events import AgreementChanged
from chalicelib.domain.evidence import updates_given
from chalicelib.domain.model import Status, Unit
from chalicelib.domain.news import hearing_listed
from chalicelib.domain.obligations import Agreement, Terms
from chalicelib.domain.reminders import update_due
from chalicelib.domain.situation import Situation
from chalicelib.domain.update_method import method_of
from chalicelib.domain.victim_events import Asked, VictimAsked

VICTIM = "victim"
"""Who agreed, where an officer's collar number does not say: the victim, by their page or by the records system."""
START = "start"
"""What begins the first update obligation, whatever that is: a version by itself, which knows no others, gives it the same name."""


@dataclass(frozen=True, slots=True)
class UpdateOwed:
    """One link of the chain of updates. `begun_by` names what began it; `evidence` what met it; `ended` why it was closed unmet.

    `ended_at` is when: after its deadline it was breached, before it is waived.
    """

    begun_by: str
    started_at: datetime
    due_at: datetime
    proposed: bool
    evidence: str | None = None
    met_at: datetime | None = None
    ended: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Fact:
    """Something that happened to the agreement. `id` names it; `order` is that of facts of one instant: kind, version, life before terms.

    `next_on` is of evidence, `ended` of its life: why it ended, None where it began; `first`: it began with our acceptance.
    """

    at: datetime
    order: tuple[int, int, int]
    id: str
    terms: Terms | None = None
    next_on: date | None = None
    ended: str | None = None
    first: bool = False


@dataclass(frozen=True, slots=True)
class _Walk:
    """Where the chain stands after the facts so far. `ended` is why there are no updates now, None: the agreement is open."""

    terms: Terms
    ended: str | None = "not_open"
    done: tuple[UpdateOwed, ...] = ()
    current: UpdateOwed | None = None
    ever: bool = False


_NEVER = "never"  # before the first version
_EVIDENCE, _VERSION, _CHANGE = 0, 1, 2
"""Kinds of facts in their order: who agreed new terms, or closed the case, as they spoke to the victim did speak to the victim."""


def updates(s: Situation) -> tuple[UpdateOwed, ...]:
    """Every update that was ever owed under the agreement, the one that is owed now last."""
    walk = _walked(s)
    return (*walk.done, walk.current) if walk.current else walk.done


def update_agreement(s: Situation, choice: ChannelChoice | None) -> Agreement | None:
    """The agreement as it stands: the terms in force, their history, when the next update is due, and why it ended. None: never was one."""
    walk = _walked(s)
    if not walk.ever:
        return None
    terms = walk.terms
    method, why = method_of(s, terms, choice)
    return Agreement(
        reference=s.occurrence.reference,
        victim_id=s.victim.id,
        every_days=terms.every_days,
        method=method,
        next_update_on=local_day(walk.current.due_at) if walk.current else None,
        proposed=terms.proposed,
        declined=terms.declined,
        method_reason=why,
        agreed_by=terms.by,
        agreed_at=None if terms.proposed else terms.at,
        ended=walk.ended,
        keeper=keeper(s),
        history=_history(s),
    )


def declined(s: Situation) -> bool:
    """Whether the victim wants no updates, by the terms in force; also where none was ever owed."""
    return _walked(s).terms.declined


def keeper(s: Situation) -> Unit:
    """Who keeps the agreement: Witness Care from the first hearing that was listed."""
    return Unit.WITNESS_CARE if hearing_listed(s) else Unit.OFFICER


def _proposal(s: Situation) -> Terms:
    days = s.standing.profile.update_every_days
    return Terms(days, s.victim.preferred_channel, None, declined=False, proposed=True, at=s.updates_from, by=None, source="proposal")


def _agreed(s: Situation) -> list[_Fact]:
    """Everything that was ever agreed, by time. A version that repeats what the record said before agrees nothing anew."""
    found: list[_Fact] = []
    before, sent = None, _sent(s)
    for said in _said(s):
        if said.terms is not None and said.terms != before:
            given, at, source = said.terms, sent[said.version], f"v{said.version}"
            on = _after_report(s, given.next_update_on)
            terms = Terms(given.every_days, given.method, on, given.declined, False, at, "officer", source)
            found.append(_Fact(at, (_VERSION, said.version, 1), f"terms of {source}", terms=terms))
        before = said.terms or before
    changes = [event for event in s.events if isinstance(event, AgreementChanged) and event.victim_id == s.victim.id]
    for event in sorted(changes, key=lambda event: event.event_id):
        terms = Terms(event.every_days, event.method, event.next_update_on, event.declined, False, event.at, event.by, event.event_id)
        found.append(_Fact(event.at, (_CHANGE, 0, 0), event.event_id, terms=terms))
    stops = (event for event in s.events if isinstance(event, VictimAsked) and event.what is Asked.STOP and event.victim_id == s.victim.id)
    for stop in sorted(stops, key=lambda stop: stop.event_id):
        none = Terms(None, None, None, True, False, stop.at, VICTIM, stop.event_id)
        found.append(_Fact(stop.at, (_CHANGE, 0, 0), stop.event_id, terms=none))
    return sorted(found, key=lambda fact: (fact.at, fact.order))


def _after_report(s: Situation, day: date | None) -> date | None:
    """The day on record for the next update; one before the report is a slip, and the days agreed count."""
    return day if day is not None and day >= local_day(s.occurrence.reported_at) else None


def _first(s: Situation, agreed: list[_Fact]) -> int:
    """How many of the terms were agreed when the first update began, with our acceptance. Those that followed a contact followed it."""
    early = sum(fact.at <= s.updates_from for fact in agreed)
    spoken = min((event.at for event in updates_given(s)), default=None)
    before = early if spoken is None else sum(fact.at < spoken for fact in agreed[:early])
    return before or min(early, 1)


def _sent(s: Situation) -> dict[int, datetime]:
    """When each version was sent: the first before we accepted it, whatever its clock says, and none before its predecessor."""
    rows: tuple[Said | Told, ...] = (*_said(s), *s.told)
    told = {row.version: row.sent_at for row in rows}
    found: dict[int, datetime] = {}
    at = None
    for version in sorted(told):
        at = max(at, told[version]) if at else min(told[version], s.updates_from)
        found[version] = at
    return found


def _said(s: Situation) -> tuple[Said, ...]:
    """What the versions say; a situation without them speaks for its own version alone."""
    own = s.victim.contact_safety
    silent = bool(own and own.do_not_contact)
    return s.said or (Said(s.occurrence.version, s.updates_from, s.victim.update_agreement, silent),)


def _history(s: Situation) -> tuple[Terms, ...]:
    agreed = tuple(fact.terms for fact in _agreed(s) if fact.terms)
    return agreed if agreed and agreed[0].at <= s.updates_from else (_proposal(s), *agreed)


def _life(s: Situation) -> Iterator[_Fact]:
    """When updates began, ended and began again, and why: the status of the occurrence, and whether the victim may be contacted.

    The first begins with our acceptance.
    """
    told = {row.version: row for row in s.told}
    said = {row.version: row for row in _said(s)}
    status, silent = s.occurrence.status, False
    before: str | None = _NEVER
    for version, sent_at in _sent(s).items():
        status = told[version].status if version in told else status
        silent = said[version].silent if version in said else silent
        ended = None if status is Status.OPEN else status.value
        ended = ended or ("do_not_contact" if silent else None)
        if ended != before:
            first = sent_at <= s.updates_from
            yield _Fact(max(sent_at, s.updates_from), (_VERSION, version, 0), f"v{version}", ended=ended, first=first)
        before = ended


def _walked(s: Situation) -> _Walk:
    agreed = _agreed(s)
    count = _first(s, agreed)
    terms = agreed[count - 1].terms if count else None
    begins, *life = _life(s)
    facts = [_Fact(given.at, (_EVIDENCE, 0, 0), given.id, next_on=given.next_on) for given in updates_given(s)]
    walk = _after(_Walk(terms or _proposal(s)), begins)
    for fact in sorted([*facts, *life, *agreed[count:]], key=lambda fact: (fact.at, fact.order)):
        walk = _after(walk, fact)
    return walk


def _after(walk: _Walk, fact: _Fact) -> _Walk:
    if fact.order[0] == _EVIDENCE:
        return _met(walk, fact)
    if fact.terms is not None:
        return _agreed_anew(walk, fact, fact.terms)
    return _ended(walk, fact) if fact.ended else _begun(walk, fact)


def _begun(walk: _Walk, fact: _Fact) -> _Walk:
    """The agreement opens, for the first time or again."""
    opened = replace(walk, ended="declined" if walk.terms.declined else None, ever=True)
    if opened.ended:
        return opened
    due = walk.terms.next_update_on if fact.first and not walk.done else _still_ahead(walk.terms, fact)
    return replace(opened, current=_owed(walk, walk.terms, fact, due))


def _still_ahead(terms: Terms, fact: _Fact) -> date | None:
    """The day agreed, unless it has passed: a record that is sent again may still say the one before."""
    due = terms.next_update_on
    return due if due is not None and due >= local_day(fact.at) else None


def _ended(walk: _Walk, fact: _Fact) -> _Walk:
    return replace(_closed(walk, fact, fact.ended or ""), ended=fact.ended)


def _agreed_anew(walk: _Walk, fact: _Fact, terms: Terms) -> _Walk:
    if walk.ended not in (None, "declined"):
        return replace(walk, terms=terms)
    if terms.declined:
        return replace(_closed(walk, fact, "declined"), terms=terms, ended="declined")
    day = _still_ahead(terms, fact)
    due = _due_on(terms, fact.at, day)
    current = walk.current
    if current is not None and due is not None and fact.at <= current.due_at:
        moved = replace(current, due_at=update_due(due), proposed=terms.proposed)
        return replace(walk, terms=terms, ended=None, current=moved)
    closed = _closed(walk, fact, "agreed_anew")
    return replace(closed, terms=terms, ended=None, current=_owed(closed, terms, fact, day))


def _met(walk: _Walk, fact: _Fact) -> _Walk:
    if walk.ended or walk.current is None:
        return walk if walk.ended else replace(walk, current=_owed(walk, walk.terms, fact, fact.next_on))
    met = replace(walk, done=(*walk.done, replace(walk.current, evidence=fact.id, met_at=fact.at)), current=None)
    return replace(met, current=_owed(met, walk.terms, fact, fact.next_on))


def _closed(walk: _Walk, fact: _Fact, why: str) -> _Walk:
    if walk.current is None:
        return walk
    return replace(walk, done=(*walk.done, replace(walk.current, ended=why, ended_at=fact.at)), current=None)


def _owed(before: _Walk, terms: Terms, fact: _Fact, next_on: date | None) -> UpdateOwed | None:
    """The update that a fact begins after those `before`; None where these are key events only."""
    due = _due_on(terms, fact.at, next_on)
    begun_by = fact.id if before.done else START
    return UpdateOwed(begun_by, fact.at, update_due(due), terms.proposed) if due else None


def _due_on(terms: Terms, at: datetime, next_on: date | None) -> date | None:
    if next_on is not None:
        return next_on
    return local_day(at) + timedelta(days=terms.every_days) if terms.every_days else None

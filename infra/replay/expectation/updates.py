"""The chain of updates that one victim is owed: from what versions, changes and contacts say, told again in the order of time.

By the section "The update agreement" of docs/obligations.md. Must not look at rows, or at what came before what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from infra.replay.expectation.event_contract import REACHED
from infra.replay.expectation.working_days import last_second, london_day

PROPOSED_DAYS = 10
_CONTACT, _LIFE, _TERMS = range(3)
"""What counts first of things that happened in one instant."""


class Terms(NamedTuple):
    days: int | None
    method: str | None
    on: date | None
    declined: bool
    proposed: bool = False

    @staticmethod
    def of(said: dict[str, Any]) -> Terms:
        return Terms(said.get("every_days"), said.get("method"), said.get("next_update_on"), said.get("declined") is True)

    def on_from(self, moment: datetime) -> date | None:
        """The day that is named, unless it is over: a record may repeat one that is."""
        return self.on if self.on is not None and self.on >= london_day(moment) else None

    def next_after(self, moment: datetime, on: date | None) -> date | None:
        """The day of the next update: the one that is named, else so many days later, else none."""
        return on or (london_day(moment) + timedelta(days=self.days) if self.days else None)


class Spoken(NamedTuple):
    """What one version says: the status and, where it names the victim, their terms and whether nobody may contact them."""

    version: int
    sent_at: datetime
    status: str
    named: bool = False
    terms: Terms | None = None
    silent: bool = False


@dataclass(slots=True)
class Link:
    """One update that was owed. `ended_at`: closed unmet."""

    began: str
    due: datetime
    proposed: bool
    met_at: datetime | None = None
    ended_at: datetime | None = None


class _Happening(NamedTuple):
    at: datetime
    rank: int
    order: tuple[int, str]
    said: Any


@dataclass(slots=True)
class Chain:
    """Where it stands. `alive`: the occurrence is open and the victim may be contacted."""

    terms: Terms
    links: list[Link] = field(default_factory=list)
    current: Link | None = None
    alive: bool = False

    def begin(self, name: str, at: datetime, on: date | None) -> None:
        day = self.terms.next_after(at, on)
        self.current = Link(name, last_second(day), self.terms.proposed) if day else None

    def close(self, at: datetime) -> None:
        if self.current is not None:
            self.current.ended_at = at
            self.links.append(self.current)
        self.current = None

    def opens(self, name: str, at: datetime, on: date | None) -> None:
        self.alive = True
        if not self.terms.declined:
            self.begin(name, at, on)

    def ends(self, at: datetime) -> None:
        self.alive = False
        self.close(at)

    def agree(self, name: str, at: datetime, terms: Terms) -> None:
        self.terms = terms
        if not self.alive:
            return
        on = terms.on_from(at)
        day = terms.next_after(at, on)
        if self.current is not None and day is not None and not terms.declined and at <= self.current.due:
            self.current.due, self.current.proposed = last_second(day), False
            return
        self.close(at)
        if not terms.declined:
            self.begin(name, at, on)

    def contact(self, name: str, at: datetime, on: date | None) -> None:
        """A day that had passed when they spoke is a slip: the agreement counts."""
        on = on if on is not None and on >= london_day(at) else None
        if not self.alive or self.terms.declined:
            return
        if self.current is not None:
            self.current.met_at = at
            self.links.append(self.current)
        self.begin(name, at, on)


def updates(
    start: datetime, spoken: Sequence[Spoken], events: Iterable[tuple[str, dict[str, Any]]], recorded_at: datetime, preferred: str | None
) -> list[Link]:
    """Every update ever owed to a victim whose record was first accepted at `start`, the one owed now last.

    `spoken`: what the versions say, by number; `events`: those of this victim, as kind and content.
    """
    happened = list(events)
    contacts = list(_contacts(happened, recorded_at))
    agreed = sorted([*_recorded_terms(start, spoken), *_changes(happened)], key=lambda one: one[:3])
    known = _known_at_first(start, agreed, contacts)
    before = known[-1].said if known else Terms(PROPOSED_DAYS, preferred, None, declined=False, proposed=True)
    chain = Chain(before)
    first, *life = _life(start, spoken)
    if first.said:
        chain.opens("start", start, before.on)
    for one in sorted([*life, *agreed[len(known) :], *contacts], key=lambda one: one[:3]):
        _happen(chain, one)
    return [*chain.links, *([chain.current] if chain.current else [])]


def _known_at_first(start: datetime, agreed: list[_Happening], contacts: list[_Happening]) -> list[_Happening]:
    """The terms that the first update is owed by, and those before them: what was agreed when we accepted the record, and before anybody
    was told something; at least what was agreed first."""
    early = [one for one in agreed if one.at <= start]
    told = min((one.at for one in contacts), default=None)
    return [one for one in early if told is None or one.at < told] or early[:1]


def _happen(chain: Chain, one: _Happening) -> None:
    name = f"v{one.order[0]}" if one.order[0] else one.order[1]
    if one.rank == _TERMS:
        chain.agree(name, one.at, one.said)
    elif one.rank == _CONTACT:
        chain.contact(name, one.at, one.said)
    elif one.said:
        chain.opens(name, one.at, chain.terms.on_from(one.at))
    else:
        chain.ends(one.at)


def _recorded_terms(start: datetime, spoken: Sequence[Spoken]) -> Iterator[_Happening]:
    """The record's terms, each from the sending of the version that first said it: none before its predecessor, the first by the start."""
    last, at = None, None
    for one in spoken:
        if one.named:
            at = max(at, one.sent_at) if at else min(one.sent_at, start)
            if one.terms is not None and one.terms != last:
                yield _Happening(at, _TERMS, (one.version, ""), one.terms)
                last = one.terms


def _changes(events: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[_Happening]:
    for kind, said in events:
        if kind == "agreement_changed":
            yield _Happening(said["at"], _TERMS, (0, said["event_id"]), Terms.of(said))


def _life(start: datetime, spoken: Sequence[Spoken]) -> Iterator[_Happening]:
    """When updates could be owed and when not, the first as things stood at the start. `said`: they can."""
    silent, before, at = False, None, start
    for one in spoken:
        silent = one.silent if one.named else silent
        alive = one.status == "open" and not silent
        at = max(at, one.sent_at)
        if alive is not before:
            yield _Happening(at, _LIFE, (one.version, ""), alive)
        before = alive


def _contacts(events: Iterable[tuple[str, dict[str, Any]]], recorded_at: datetime) -> Iterator[_Happening]:
    for kind, said in events:
        if kind == "contact_recorded" and "update" in said["covers"] and said["result"] in REACHED and said["contacted_at"] >= recorded_at:
            yield _Happening(said["contacted_at"], _CONTACT, (0, said["event_id"]), said.get("next_update_on"))

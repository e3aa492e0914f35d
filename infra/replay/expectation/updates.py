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
FIRST = "start"
"""What began the first update of all, whatever that was."""
_CONTACT, _VERSION, _CHANGE = range(3)
"""What counts first of things that happened in one instant: whoever agreed anew, or closed the case, as they spoke did speak."""
_WRONG = "cancelled"
"""The status of a record that should never have been: what was late is waived then, not breached."""


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
    """One update that was owed. `ended_at`: closed unmet; `wrong`: because the record was."""

    began: str
    due: datetime
    proposed: bool
    met_at: datetime | None = None
    ended_at: datetime | None = None
    wrong: bool = False


class _Life(NamedTuple):
    """From now on updates can be owed, or not; `wrong`: since the record is cancelled."""

    alive: bool
    wrong: bool = False


class _Happening(NamedTuple):
    """`order` is that of things of one instant and kind: a version says first whether it is open, then what is agreed."""

    at: datetime
    rank: int
    order: tuple[int, int, str]
    said: Terms | _Life | date | None


@dataclass(slots=True)
class Chain:
    """Where it stands. `alive`: the occurrence is open and the victim may be contacted."""

    start: datetime
    terms: Terms
    links: list[Link] = field(default_factory=list)
    current: Link | None = None
    alive: bool = False
    ever: bool = False
    """Whether it was open at any time."""

    @property
    def owed(self) -> list[Link]:
        """Every update ever owed, the one owed now last."""
        return [*self.links, *([self.current] if self.current else [])]

    def begin(self, name: str, at: datetime, on: date | None) -> None:
        day = self.terms.next_after(at, on)
        self.current = Link(name if self.links else FIRST, last_second(day), self.terms.proposed) if day else None

    def close(self, at: datetime, *, wrong: bool = False) -> None:
        if self.current is not None:
            self.current.ended_at, self.current.wrong = at, wrong
            self.links.append(self.current)
        self.current = None

    def opens(self, name: str, at: datetime) -> None:
        """A day that was agreed and is over counts only for what is owed from the start."""
        first = at == self.start and not self.links and self.current is None
        self.alive = self.ever = True
        if not self.terms.declined:
            self.begin(name, at, self.terms.on if first else self.terms.on_from(at))

    def ends(self, at: datetime, *, wrong: bool) -> None:
        self.alive = False
        self.close(at, wrong=wrong)

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


def chain_of(
    start: datetime,
    spoken: Sequence[Spoken],
    events: Iterable[tuple[str, dict[str, Any]]],
    reported_at: datetime,
    recorded_at: datetime,
    preferred: str | None,
) -> Chain:
    """Every update ever owed to a victim who first had rights at `start`, and where the chain stands now.

    `spoken`: what the versions say, by number; `events`: those of this victim, as kind and content.
    """
    happened, told = list(events), list(_in_turn(start, spoken))
    contacts = list(_contacts(happened, recorded_at))
    agreed = sorted([*_recorded_terms(told, reported_at), *_changes(happened)], key=lambda one: one[:3])
    known = _known_at_first(start, agreed, contacts)
    chain = Chain(start, Terms(PROPOSED_DAYS, preferred, None, declined=False, proposed=True))
    if known and isinstance(known[-1].said, Terms):
        chain.terms = known[-1].said
    first, *life = _life(start, told)
    for one in [first, *sorted([*life, *agreed[len(known) :], *contacts], key=lambda one: one[:3])]:
        _happen(chain, one)
    return chain


def _known_at_first(start: datetime, agreed: list[_Happening], contacts: list[_Happening]) -> list[_Happening]:
    """The terms that the first update is owed by, and those before them: what was agreed when we accepted the record, and before anybody
    was told something; at least what was agreed first."""
    early = [one for one in agreed if one.at <= start]
    told = min((one.at for one in contacts), default=None)
    return [one for one in early if told is None or one.at < told] or early[:1]


def _happen(chain: Chain, one: _Happening) -> None:
    version, _, name = one.order
    name = name or f"v{version}"
    if isinstance(one.said, Terms):
        chain.agree(name, one.at, one.said)
    elif not isinstance(one.said, _Life):
        chain.contact(name, one.at, one.said)
    elif one.said.alive:
        chain.opens(name, one.at)
    else:
        chain.ends(one.at, wrong=one.said.wrong)


def _in_turn(start: datetime, spoken: Sequence[Spoken]) -> Iterator[Spoken]:
    """The versions with the moments at which they speak: the first by the start, none before its predecessor."""
    at = None
    for one in spoken:
        at = max(at, one.sent_at) if at else min(one.sent_at, start)
        yield one._replace(sent_at=at)


def _recorded_terms(told: Sequence[Spoken], reported_at: datetime) -> Iterator[_Happening]:
    """The record's terms, each from the sending of the version that first said it; a day before the report is a slip."""
    last = None
    for one in told:
        if one.terms is not None and one.terms != last:
            yield _Happening(one.sent_at, _VERSION, (one.version, 1, ""), one.terms._replace(on=one.terms.on_from(reported_at)))
            last = one.terms


def _changes(events: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[_Happening]:
    for kind, said in events:
        if kind == "agreement_changed":
            yield _Happening(said["at"], _CHANGE, (0, 0, said["event_id"]), Terms.of(said))


def _life(start: datetime, told: Sequence[Spoken]) -> Iterator[_Happening]:
    """When updates could be owed and when not, the first as things stood at the start."""
    silent, before = False, None
    for one in told:
        silent = one.silent if one.named else silent
        now = _Life(one.status == "open" and not silent, one.status == _WRONG)
        if now != before:
            yield _Happening(max(one.sent_at, start), _VERSION, (one.version, 0, ""), now)
        before = now


def _contacts(events: Iterable[tuple[str, dict[str, Any]]], recorded_at: datetime) -> Iterator[_Happening]:
    """Contacts that told the victim something; before the crime was recorded there was nothing to tell."""
    for kind, said in events:
        if kind == "contact_recorded" and "update" in said["covers"] and said["result"] in REACHED and said["contacted_at"] >= recorded_at:
            yield _Happening(said["contacted_at"], _CONTACT, (0, 0, said["event_id"]), said.get("next_update_on"))

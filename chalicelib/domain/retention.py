"""When the content of a case has to go, who decides that, and what of it goes: recipients, words and addresses; counts and states stay.

Rules of ADR 0029. Must not delete anything, and must not know a period of its own but the shortest that any force may choose.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.case import Case, Head, Part, Retained
from chalicelib.domain.case_classes import CaseClass, case_class
from chalicelib.domain.delivery import Notification
from chalicelib.domain.erasure import ERASED, Worded, erased, why_live
from chalicelib.domain.events import InvestigationEvent, UpdateWritten
from chalicelib.domain.model import Occurrence, Offence
from chalicelib.domain.obligations import Obligation, ObligationState
from chalicelib.domain.profile import CasePeriods

SHORTEST = timedelta(days=500)
"""No force may keep a case for less: copies of letters, messages of the page and quarantined bodies are gone by then by themselves. And no
case waits longer to be looked at: a class that changes, or a period, is heard of before any could be over since."""


ENDED = "retention"
"""Reason of an obligation that nobody met before the content of its case was taken."""


@dataclass(frozen=True, slots=True)
class Later:
    """Its time has not come; it is looked at again at `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """Its time is over, and a person decides. `live`: what the case still needs its content for, though nothing happens in it."""

    kind: CaseClass
    live: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Strip:
    """Its time is over: its content goes, by `rule`."""

    kind: CaseClass
    rule: str


Judgement = Later | Review | Strip


def rule_of(kind: CaseClass, periods: CasePeriods) -> str:
    """The rule as the log names it: the class, and the period that stood in the profile then."""
    return f"RETENTION-{kind.upper()}@{periods.of(kind).days}d"


def judge(case: Case, rows: Collection[Notification], owed: Collection[Obligation], periods: CasePeriods, now: datetime) -> Judgement:
    """What becomes of a case at `now`. `rows` and `owed` are all of it.

    What is live, by anything, never goes by itself: where its time is over a person hears of it. So it is with what a person once kept.
    """
    kind, kept_until = case_class(case), case.head.retained.kept_until
    ends = quiet_since(case, rows, owed, now) + periods.of(kind)
    if (until := max(ends, kept_until or ends)) > now:
        return Later(min(until, now + SHORTEST))
    live = why_live(case, rows, owed)
    if live or kind in periods.by_a_person or kept_until is not None:
        return Review(kind, tuple(live))
    return Strip(kind, rule_of(kind, periods))


def look_at(head: Head) -> datetime | None:
    """When the case of this head is looked at next: as it was said, else before any period can be over. None: at once, since nothing says
    when it began, or its content is going already."""
    if head.retained.look_at or head.stripped:
        return None if head.stripped else head.retained.look_at
    began = min((told.sent_at for told in head.told), default=None)
    return began + SHORTEST if began else None


def quiet_since(case: Case, rows: Collection[Notification], owed: Collection[Obligation], now: datetime) -> datetime:
    """The last thing that happened in the case: a version, an event, a message, something that was owed or met. `now` where nothing did."""
    return max(_happened(case, rows, owed), default=now)


def _happened(case: Case, rows: Collection[Notification], owed: Collection[Obligation]) -> Iterator[datetime]:
    yield from (told.sent_at for told in case.head.told)
    yield from (release.at for release in case.head.releases)
    yield from (part.accepted_at for part in case.parts.values())
    for event in case.events:
        yield event.at
        if isinstance(event, InvestigationEvent) and event.heard_at:
            yield event.heard_at
    for row in rows:
        yield from filter(None, (row.created_at, row.sent_at, row.delivered_at))
    for due in owed:
        yield from filter(None, (due.created_at, due.met_at))


def stripped_head(head: Head, now: datetime) -> Head:
    """The head without who, where and what in whose words: the classes of crime, flags, district and times stay."""
    releases = tuple(replace(one, by=ERASED, reason=ERASED) for one in head.releases)
    told = tuple(replace(one, officers=()) for one in head.told)
    begun = replace(head.retained, begun_at=head.retained.begun_at or now)
    return replace(head, facts=head.facts and _facts(head.facts), releases=releases, told=told, retained=begun)


def _facts(facts: Occurrence) -> Occurrence:
    """Chosen field by field: what is new in a record goes unless it is named here."""
    return Occurrence(
        reference=facts.reference,
        version=facts.version,
        status=facts.status,
        record_type=facts.record_type,
        reported_at=facts.reported_at,
        recorded_at=facts.recorded_at,
        source=facts.source,
        offences=tuple(Offence(one.code, one.ho_code, principal=one.principal) for one in facts.offences),
        flags=facts.flags,
        victims=(),
        district=facts.district,
    )


def stripped_part(part: Part) -> Part:
    """The part as after an erasure, and without where a person should take it."""
    part = erased(part)
    return replace(part, decision=part.decision and replace(part.decision, destinations=(), missing=()))


def without_points(part: Part) -> Part:
    """The part without the keyed hashes of its addresses and its person."""
    return replace(part, points=frozenset())


def stripped_row(row: Notification) -> Notification:
    """The outbox row without to whom it went and what it carried: kind, channel, states and times stay."""
    return replace(row, point=None, went_to=None, provider_ref=None, names_officer=None, reader=None, body=None)


def stripped_owed(owed: Obligation, begun_at: datetime | None = None) -> Obligation:
    """The obligation without who was to do it: kind, deadline, what became of it and its figures stay.

    What was owed still when a person had the content taken all the same (`begun_at`) is owed no more; what came after that is.
    """
    bare = replace(owed, officer=None, supervisor=None, destinations=(), missing=())
    if begun_at is None or not owed.unmet or owed.created_at > begun_at:
        return bare
    state = ObligationState.BREACHED if owed.late else ObligationState.WAIVED
    return replace(bare, state=state, reason=ENDED, next_at=None)


def worded_events(case: Case) -> list[Worded]:
    """Events that still have words, or say where a hearing is."""
    return [event for event in case.events if isinstance(event, Worded) and event != stripped_event(event)]


def stripped_event(event: Worded) -> Worded:
    if isinstance(event, InvestigationEvent):
        return replace(event, reason=event.reason and ERASED, hearing=None)
    if isinstance(event, UpdateWritten):
        return replace(event, words=event.words and ERASED)
    return replace(event, reason=ERASED)


def looked_at(head: Head, at: datetime) -> Head:
    """The head that is looked at again at `at`, by nobody before."""
    return replace(head, revision=head.revision + 1, retained=replace(head.retained, look_at=at, review_since=None))


def in_review(head: Head, now: datetime) -> Head:
    """The head that waits for a person."""
    since = head.retained.review_since or now
    return replace(head, revision=head.revision + 1, retained=replace(head.retained, review_since=since))


def kept(head: Head, until: datetime) -> Head:
    """The head that a person decided to keep: it comes up again then."""
    return replace(head, revision=head.revision + 1, retained=Retained(look_at=until, kept_until=until))


def done(head: Head, now: datetime) -> Head:
    """The head of which the last content is gone."""
    return replace(head, revision=head.revision + 1, retained=replace(head.retained, review_since=None, done_at=now))


def reopened(head: Head, now: datetime) -> Head:
    """The head that takes records again, because a person said so; from then on it goes by a person alone."""
    return replace(head, revision=head.revision + 1, retained=Retained(look_at=now + SHORTEST, kept_until=now))

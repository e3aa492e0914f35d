"""When the content of a case goes and who decides it, on both sides of every edge; and what of it goes.

Must not test what is deleted where: tests/unit/services/test_retain_cases.py does.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.case import Case, Head, Marker, Part, Release, Retained, Told
from chalicelib.domain.case_classes import CaseClass
from chalicelib.domain.delivery import Notification, State
from chalicelib.domain.erasure import ERASED
from chalicelib.domain.events import ContactRecorded, EventType, Hearing, HoldReleased, InvestigationEvent, UpdateWritten
from chalicelib.domain.model import (
    Channel,
    Officer,
    RecordType,
    Route,
    RouteDecision,
    Status,
    Victim,
    VictimKind,
)
from chalicelib.domain.obligations import Obligation, ObligationState
from chalicelib.domain.profile import CasePeriods
from chalicelib.domain.retention import (
    ENDED,
    SHORTEST,
    Judgement,
    Later,
    Review,
    Strip,
    judge,
    look_at,
    quiet_since,
    rule_of,
    stripped_event,
    stripped_head,
    stripped_owed,
    stripped_part,
    stripped_row,
    worded_events,
)
from tests.builders import NOW
from tests.stored_cases import FACTS, REFERENCE, notification, obligation

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
PERIODS = CasePeriods(700 * DAY, 800 * DAY, 900 * DAY, 1000 * DAY, frozenset({CaseClass.SPECIALIST}))
ROUTES = {
    CaseClass.ORDINARY: RouteDecision(Route.VICTIM_SERVICES, "VS-1", "2026-04-01", destinations=("Elm",)),
    CaseClass.SPECIALIST: RouteDecision(Route.SEXUAL_OFFENCE, "SO-1", "2026-04-01"),
}
MET = obligation(state=ObligationState.MET, met_at=NOW, due_at=NOW, destinations=())
SENT = notification(state=State.DELIVERED, sent_at=NOW, delivered_at=NOW)


def case(kind: CaseClass = CaseClass.ORDINARY, events: tuple[Any, ...] = (), **changes: Any) -> Case:
    """A closed case of one victim in which nothing happened after NOW."""
    closed = replace(FACTS, status=Status.CANCELLED if kind is CaseClass.NO_CRIME else Status.CLOSED)
    told = (Told(1, NOW, Status.OPEN, RecordType.CRIME, ("2345",)),)
    victim = Victim("V1", VictimKind.BUSINESS if kind is CaseClass.BUSINESS else VictimKind.PERSON, given_name="Alex")
    part = Part(victim, 1, NOW, decision=ROUTES.get(kind, ROUTES[CaseClass.ORDINARY]), points=frozenset({"p"}))
    return Case(replace(Head(REFERENCE, 3, 1, "hash", closed, told=told), **changes), {"V1": part}, events)


def judged(given: Case, after: timedelta, rows: tuple[Notification, ...] = (SENT,), owed: tuple[Obligation, ...] = (MET,)) -> Judgement:
    return judge(given, rows, owed, PERIODS, NOW + after)


@pytest.mark.parametrize("kind", CaseClass)
def test_a_class_ends_at_its_period_and_not_a_second_before(kind: CaseClass) -> None:
    period = PERIODS.of(kind)
    assert judged(case(kind), period - SECOND) == Later(NOW + period)
    ended = judged(case(kind), period)
    assert ended == (Review(kind) if kind is CaseClass.SPECIALIST else Strip(kind, f"RETENTION-{kind.upper()}@{period.days}d"))
    assert rule_of(kind, PERIODS) == f"RETENTION-{kind.upper()}@{period.days}d"


def test_no_case_waits_longer_to_be_looked_at_than_any_period_is_long() -> None:
    assert judged(case(), timedelta(0)) == Later(NOW + SHORTEST)
    assert judged(case(), 900 * DAY - SHORTEST) == Later(NOW + 900 * DAY)
    assert judged(case(), 900 * DAY - SHORTEST - SECOND) == Later(NOW + 900 * DAY - SECOND)


LIVE: dict[str, tuple[Case, tuple[Notification, ...], tuple[Obligation, ...]]] = {
    "open": (case(facts=FACTS), (), ()),
    "in progress": (case(marker=Marker(2, "hash")), (), ()),
    "owed": (case(), (), (replace(MET, state=ObligationState.LATE, met_at=None),)),
    "on its way": (case(), (replace(SENT, state=State.HELD),), ()),
}


@pytest.mark.parametrize("name", LIVE)
def test_what_is_live_never_goes_by_itself_and_a_person_hears_of_it_when_its_time_is_over(name: str) -> None:
    given, rows, owed = LIVE[name]
    assert isinstance(judged(given, 900 * DAY - SECOND, rows, owed), Later)
    late = judged(given, 9000 * DAY, rows, owed)
    assert isinstance(late, Review)
    assert len(late.live) == 1


def test_what_a_person_kept_waits_until_then_and_comes_back_to_a_person() -> None:
    held = case(retained=Retained(kept_until=NOW + 1000 * DAY))
    assert judged(held, 1000 * DAY - SECOND) == Later(NOW + 1000 * DAY)
    assert judged(held, 1000 * DAY) == Review(CaseClass.ORDINARY)
    early = case(retained=Retained(kept_until=NOW + 10 * DAY))
    assert judged(early, 900 * DAY - SECOND) == Later(NOW + 900 * DAY), "a person keeps, and never shortens"


LATER = NOW + 50 * DAY
HAPPENED: dict[str, tuple[Case, tuple[Notification, ...], tuple[Obligation, ...]]] = {
    "a version": (case(told=(Told(2, LATER, Status.CLOSED, RecordType.CRIME),)), (), ()),
    "a release": (case(releases=(Release("V1", 1, "7001", LATER, "x"),)), (), ()),
    "an event": (case(events=(ContactRecorded(REFERENCE, "C-1", "V1", LATER),)), (), ()),
    "news that was heard later": (case(events=(InvestigationEvent(REFERENCE, "E-1", EventType.ARRESTED, NOW, heard_at=LATER),)), (), ()),
    "a victim": (Case(case().head, {"V1": replace(case().parts["V1"], accepted_at=LATER)}), (), ()),
    "a message": (case(), (replace(SENT, created_at=LATER),), ()),
    "a message that left": (case(), (replace(SENT, sent_at=LATER),), ()),
    "a message that arrived": (case(), (replace(SENT, delivered_at=LATER),), ()),
    "an obligation": (case(), (), (replace(MET, created_at=LATER),)),
    "what was met": (case(), (), (replace(MET, met_at=LATER),)),
}


@pytest.mark.parametrize("name", HAPPENED)
def test_the_period_begins_with_the_last_thing_that_happened(name: str) -> None:
    given, rows, owed = HAPPENED[name]
    assert quiet_since(given, rows, owed, NOW + 500 * DAY) == LATER


def test_where_nothing_ever_happened_it_begins_now() -> None:
    assert quiet_since(Case(Head(REFERENCE, 1)), (), (), NOW) == NOW


def test_a_case_is_looked_at_first_before_any_period_can_be_over() -> None:
    assert look_at(case().head) == NOW + SHORTEST
    assert look_at(case(told=()).head) is None, "at once"
    assert look_at(case(retained=Retained(look_at=LATER)).head) == LATER
    assert look_at(case(retained=Retained(look_at=LATER, begun_at=NOW)).head) is None, "what has begun goes on at once"


def test_of_the_head_only_what_is_counted_is_left() -> None:
    facts = replace(
        FACTS, location_text="1 Wood Street", officer=Officer("2345"), markers=("x",), linked_references=("y",), district="Amber Valley"
    )
    given = case(facts=facts, releases=(Release("V1", 1, "7001", NOW, "Kim says so"),)).head
    left = stripped_head(given, NOW)
    assert left.facts is not None
    same = {field.name for field in fields(facts) if getattr(facts, field.name) == getattr(left.facts, field.name)}
    assert same >= {"reference", "status", "record_type", "reported_at", "recorded_at", "source", "flags", "district", "version"}
    assert {field.name for field in fields(facts)} - same == {"location_text", "officer", "markers", "linked_references", "offences"}
    assert [(one.code, one.description) for one in left.facts.offences] == [("28E", None)]
    assert [(one.by, one.reason) for one in left.releases] == [(ERASED, ERASED)]
    assert [told.officers for told in left.told] == [()]
    assert (left.stripped, given.stripped) == (True, False)
    assert stripped_head(left, LATER) == left, "again changes nothing, not even when it began"
    assert stripped_head(Head(REFERENCE), NOW).facts is None


def test_of_a_part_a_message_and_an_obligation_goes_who_it_was() -> None:
    part = stripped_part(case().parts["V1"])
    assert (part.victim.given_name, part.decision and part.decision.destinations, part.points) == (None, (), frozenset({"p"}))
    assert stripped_part(replace(part, decision=None)).decision is None
    row = replace(SENT, point="p", went_to="victim", provider_ref="r", names_officer="2345", reader="2345", body="{}")
    assert stripped_row(row) == replace(SENT, point=None, went_to=None, provider_ref=None, names_officer=None, reader=None, body=None)
    owed = replace(MET, officer="2345", supervisor="1890", destinations=("Elm",), missing=("x",))
    assert stripped_owed(owed) == stripped_owed(owed, NOW) == replace(MET, destinations=())


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        (ObligationState.OPEN, ObligationState.WAIVED),
        (ObligationState.LATE, ObligationState.BREACHED),
        (ObligationState.BREACHED, ObligationState.BREACHED),
    ],
)
def test_what_was_owed_still_ends_with_the_content_and_what_came_since_does_not(state: ObligationState, ended: ObligationState) -> None:
    owed = obligation(state=state, next_at=NOW)
    left = stripped_owed(owed, NOW)
    assert (left.state, left.reason, left.next_at, left.unmet) == (ended, ENDED, None, False)
    assert stripped_owed(left, NOW) == left
    assert stripped_owed(owed, NOW - SECOND).unmet, "it came after that"
    assert stripped_owed(owed).unmet


def test_words_of_events_go_and_what_happened_stays() -> None:
    news = InvestigationEvent(REFERENCE, "E-1", EventType.CHARGED, NOW, reason="He was seen.", hearing=Hearing(NOW, "Derby"))
    bare = InvestigationEvent(REFERENCE, "E-2", EventType.ARRESTED, NOW)
    written = UpdateWritten(REFERENCE, "U-1", "V1", NOW, "2345", Channel.EMAIL, "other", words="Still asking Kim")
    plain = replace(written, event_id="U-2", words=None)
    released = HoldReleased(REFERENCE, "H-1", "V1", NOW, "7001", "Kim says so")
    spoken = ContactRecorded(REFERENCE, "C-1", "V1", NOW)
    given = case(events=(news, bare, written, plain, released, spoken))
    assert worded_events(given) == [news, written, released]
    left = [stripped_event(event) for event in (news, written, released)]
    assert left == [
        replace(news, reason=ERASED, hearing=None),
        replace(written, words=ERASED),
        replace(released, reason=ERASED),
    ]
    assert worded_events(case(events=tuple(left))) == []


def test_every_class_has_its_period() -> None:
    assert set(PERIODS.every) == set(CaseClass)
    assert PERIODS.every[CaseClass.BUSINESS] == 800 * DAY

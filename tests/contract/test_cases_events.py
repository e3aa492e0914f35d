"""What every store of cases does with what else the records system told, each event once and with its case, and with what is announced.

Must not look behind the port.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.case import Case, Head
from chalicelib.domain.delivery import Audience, State
from chalicelib.domain.errors import Contended
from chalicelib.domain.events import (
    AgreementChanged,
    ContactRecorded,
    Covered,
    DecidedBy,
    Event,
    EventType,
    Hearing,
    HoldReleased,
    InvestigationEvent,
    LetterReturned,
    Result,
    ReviewStep,
    ReviewStepped,
    Step,
    TaskDone,
    UpdateWritten,
)
from chalicelib.domain.hand_overs import CaseHandedOver
from chalicelib.domain.message_events import MessageAllocated, MessageReceived
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel
from chalicelib.domain.victim_events import Asked, CodeAsked, VictimAsked
from chalicelib.services.ports import MOST_ITEMS, Cases, Changes, KeptEvent, Swap
from tests.contract.stores import EVERY, store
from tests.stored_cases import NOW, REFERENCE, entry, head, notification, part

OTHER = "26000799999"
EVENTS: tuple[Event, ...] = (
    ContactRecorded(REFERENCE, "C-1", "V1", NOW),
    ContactRecorded(
        REFERENCE, "C-2", "V1", NOW, Result.NO_ANSWER, frozenset({Covered.UPDATE, Covered.REFERRAL}), ("E-1", "E-0"), Channel.PHONE, "2345",
        date(2026, 12, 8),
    ),
    AgreementChanged(REFERENCE, "A-1", "V1", NOW, 14, Channel.SMS, date(2026, 12, 4), False, "victim"),
    AgreementChanged(REFERENCE, "A-2", "V1", NOW, declined=True),
    TaskDone(REFERENCE, "T-1", "0" * 32, NOW, Step.PICKED_UP, "7001"),
    HoldReleased(REFERENCE, "H-1", "V1", NOW, "7001", "Flag set in error: ‘ŵ’."),
    LetterReturned(REFERENCE, "L-1", "V1", NOW),
    InvestigationEvent(REFERENCE, "E-1", EventType.ARRESTED, NOW),
    InvestigationEvent(
        REFERENCE, "E-2", EventType.HEARING_LISTED, NOW, NOW + timedelta(hours=2), "Evidence: ‘ŵ’.", frozenset({"V2", "V1"}), True, False,
        None, True, DecidedBy.CPS, Hearing(datetime(2027, 1, 14, 10, tzinfo=UTC), "Llys Ynadon ’r Wyddgrug"), "E-1",
        heard_at=NOW + timedelta(hours=3),
    ),
    InvestigationEvent(
        REFERENCE, "E-3", EventType.CHARGED, NOW, victim_ids=frozenset(), hearing=Hearing(None, None), corrects="E-2", withdrawn=True
    ),
    MessageReceived(REFERENCE, "M-1", NOW, "2345", "V1", danger=True, many=True, doubtful=True),
    MessageReceived(REFERENCE, "M-2", NOW, "2345"),
    MessageAllocated(REFERENCE, "M-3", "M-1", NOW, "4711", "1890"),
    CaseHandedOver(REFERENCE, "H-2", NOW, "2345", "4711", "1890"),
    CaseHandedOver(REFERENCE, "H-3", NOW, None, "4711", "1890"),
    UpdateWritten(REFERENCE, "U-1", "V1", NOW, "2345", Channel.SMS, "still_looking"),
    UpdateWritten(REFERENCE, "U-2", "V1", NOW, "witness_care", Channel.EMAIL, "own_words", "We have asked.", date(2026, 12, 8)),
    CodeAsked(REFERENCE, "K-1", "V1", NOW),
    *(VictimAsked(REFERENCE, f"A-{what}", "V1", NOW, what) for what in Asked),
    *(ReviewStepped(REFERENCE, f"R-{step}", "V1", NOW, step) for step in ReviewStep),
)  # fmt: skip


@pytest.fixture(params=EVERY)
def cases(request: pytest.FixtureRequest) -> Iterator[Cases]:
    with store(request.param) as opened:
        yield opened.cases


def kept(event: Event = EVENTS[0], content_hash: str = "c0ffee") -> KeptEvent:
    return KeptEvent(event, content_hash, NOW + timedelta(seconds=5))


def with_event(before: Any, *events: KeptEvent, revision: int = 1, **more: Any) -> Changes:
    """A decision that an event caused: the head counts it."""
    return Changes(head=Swap(before, head(revision, events=(before.events if before else 0) + len(events))), events=events, **more)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{type(event).__name__}-{event.event_id}")
def test_an_event_comes_back_whole_with_its_hash_and_its_time(cases, event):
    cases.commit(with_event(None, kept(event)))
    assert cases.event(REFERENCE, event.event_id) == kept(event)
    assert cases.event(OTHER, event.event_id) is None
    assert cases.event(REFERENCE, "another") is None


def test_a_case_is_read_with_every_event_in_the_order_of_their_ids(cases):
    cases.commit(with_event(None, *(kept(event) for event in EVENTS), parts={"V1": part()}))
    ordered = tuple(sorted(EVENTS, key=lambda event: event.event_id))
    assert cases.load(REFERENCE) == Case(head(1, events=len(EVENTS)), {"V1": part()}, ordered)
    assert cases.load(OTHER).events == ()


def test_events_before_the_first_version_are_of_a_case_without_victims(cases):
    waiting = Head(REFERENCE, 1, events=1)
    cases.commit(Changes(head=Swap(None, waiting), events=(kept(),)))
    assert cases.load(REFERENCE) == Case(waiting, {}, (EVENTS[0],))
    recorded = head(2, events=1)
    cases.commit(Changes(head=Swap(waiting, recorded), parts={"V1": part()}))
    assert cases.load(REFERENCE) == Case(recorded, {"V1": part()}, (EVENTS[0],))


@pytest.mark.parametrize("again", [kept(), kept(content_hash="beef"), kept(replace(EVENTS[0], by="7001"))])
def test_an_id_that_is_there_refuses_the_whole_decision(cases, again):
    """The same content too: whoever reads the case sees that it is there, and writes nothing."""
    cases.commit(with_event(None, kept()))
    first = cases.head(REFERENCE)
    with pytest.raises(Contended):
        cases.commit(with_event(first, again, revision=2, audit=(entry("e9"),), notifications=(Swap(None, notification()),)))
    assert cases.event(REFERENCE, "C-1") == kept()
    assert cases.head(REFERENCE) == first
    assert cases.audit_of(REFERENCE) == []
    assert cases.notifications(["n1"]) == {}


def test_the_same_id_in_another_case_is_another_event(cases):
    theirs = kept(replace(EVENTS[0], reference=OTHER), "beef")
    cases.commit(with_event(None, kept()))
    cases.commit(Changes(head=Swap(None, replace(head(), reference=OTHER, events=1)), events=(theirs,)))
    assert (cases.event(REFERENCE, "C-1"), cases.event(OTHER, "C-1")) == (kept(), theirs)


def test_an_event_of_a_decision_that_is_refused_is_not_there(cases):
    cases.commit(with_event(None, kept()))
    with pytest.raises(Contended):
        cases.commit(with_event(None, kept(EVENTS[2])))
    assert cases.event(REFERENCE, "A-1") is None
    assert [event.event_id for event in cases.load(REFERENCE).events] == ["C-1"]


# ---- announcements


def news(event_id: str = "a1", **changes: Any) -> Any:
    row = notification(event_id, template=Template.OUT, audience=Audience.RECORDS_SYSTEM, victim_id=None, evidences=(), body='{"at": "1"}')
    return replace(row, **changes)


def test_what_is_announced_stands_in_the_outbox_and_is_due(cases):
    cases.commit(Changes(announced=(news(), news("a2", open_at=NOW + timedelta(seconds=1)))))
    assert cases.notifications(["a1"]) == {"a1": news()}
    assert cases.due(NOW, 10) == ["a1"]
    assert cases.due(NOW + timedelta(seconds=1), 10) == ["a1", "a2"]


def test_what_is_announced_again_says_the_same_and_is_refused_by_nothing(cases):
    cases.commit(Changes(announced=(news(),)))
    cases.commit(Changes(announced=(news(),), audit=(entry(),)))
    cases.commit(Changes(notifications=(Swap(news(), news(state=State.HELD)),)))
    cases.commit(Changes(announced=(news(),)))
    assert cases.notifications(["a1"]) == {"a1": news()}
    assert cases.audit_of(REFERENCE) == [entry()]


def test_what_was_published_is_taken_off(cases):
    cases.commit(Changes(announced=(news(), news("a2"))))
    cases.commit(Changes(removed_notifications=(news(),)))
    assert cases.due(NOW, 10) == ["a2"]
    with pytest.raises(Contended):
        cases.commit(Changes(removed_notifications=(news(),)))


@pytest.mark.parametrize(
    "changes",
    [
        Changes(announced=(news(), news())),
        Changes(announced=(news(),), notifications=(Swap(None, news()),)),
        Changes(announced=(news(),), removed_notifications=(news(),)),
        Changes(events=(kept(), kept(content_hash="beef"))),
    ],
)
def test_one_decision_writes_nothing_twice(cases, changes):
    with pytest.raises(ValueError, match="two operations"):
        cases.commit(changes)


def test_events_and_announcements_count_among_the_items_of_a_transaction(cases):
    many = tuple(news(f"a{number:03d}") for number in range(MOST_ITEMS))
    with pytest.raises(ValueError, match="101 items"):
        cases.commit(Changes(announced=many, events=(kept(),)))
    cases.commit(Changes(announced=many))
    assert len(cases.notifications([row.notification_id for row in many])) == MOST_ITEMS

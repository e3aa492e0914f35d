"""A business contact gets at most one message a day, over all cases: what can wait is told with the rest, and no deadline is missed.

docs/adr/0020-one-a-day.md. Must not repeat how persons' linked crimes are told together (test_linked.py).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.deadlines import LONDON, local_day
from chalicelib.domain.delivery import State
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Kind, ObligationState
from tests.builders import NOW, Record, business, contact_safety, event_message, iso, officer_named, victim
from tests.house import House
from tests.unit.services.record_strategies import modest
from tests.unit.services.stage import DAY, HOUR, MINUTE, Left, Stage, hooked, record

SHOP = tuple(f"260007123{number}" for number in range(40, 50))
MANAGER = "charlie.stone@example.org"
ACK, EVENT = Template.ACKNOWLEDGEMENT, Template.EVENT


def theft(number: int, now: datetime = NOW, version: int = 1, *, who: Record | None = None, **facts: Any) -> Record:
    """A theft from the shop, reported just before `now`."""
    shop = business(now=now, **({"person_ref": "B1", "email": MANAGER, "mobile": None} | (who or {})))
    return record(version, reference=SHOP[number], now=now, victims=[shop], offences=[{"code": "46", "principal": True}], **facts)


def news(number: int, now: datetime, kind: str = "arrested", **facts: Any) -> Record:
    said = {"reason": "Evidence linked the suspect to the scene."} | facts
    return event_message(kind, **({"now": now, "reference": SHOP[number], "event_id": f"E-{number}-{kind}"} | said))


def to_manager(stage: Stage) -> list[Left]:
    return [item for item in stage.left if item.audience == "victim"]


def told(stage: Stage) -> list[set[str]]:
    """The references that each message to the manager tells of."""
    ids = ((item.notification_id, *stage.row(item.notification_id).speaks_for) for item in to_manager(stage))
    return [{stage.row(key).reference for key in each} for each in ids]


def arrived(*numbers: int, **facts: Any) -> Stage:
    stage = Stage()
    for number in numbers:
        stage.put(theft(number, **facts))
    stage.later(30 * MINUTE)
    return stage


def acknowledged(*numbers: int) -> Stage:
    """The manager was told of these cases yesterday, and it arrived."""
    stage = arrived(*numbers)
    stage.receive(stage.row(to_manager(stage)[0].notification_id))
    stage.until(datetime.combine(local_day(stage.now) + 3 * DAY, time(10), LONDON))
    return stage


def test_five_thefts_of_a_morning_are_acknowledged_in_one_message() -> None:
    stage = arrived(*range(5))
    assert told(stage) == [set(SHOP[:5])]
    content = stage.content(stage.row(to_manager(stage)[0].notification_id))
    assert {content.references[0], *(other.reference for other in content.others)} == set(SHOP[:5])
    stage.receive(stage.row(to_manager(stage)[0].notification_id))
    assert {stage.duty(Kind.WRITTEN_ACKNOWLEDGEMENT, reference=key) for key in SHOP[:5]} == {"met"}
    assert stage.leaks() == []


def test_linked_thefts_are_acknowledged_with_the_rest() -> None:
    """As linked where the records say so, each with its own officer where they differ: one message all the same."""
    stage = Stage()
    stage.put(theft(0, linked_references=[SHOP[1], SHOP[2]]))
    stage.put(theft(1, linked_references=[SHOP[0]]))
    stage.put(theft(2, linked_references=[SHOP[0]], officer=officer_named("3456", name="PC Robin Hale", email=None)))
    stage.put(theft(3))
    stage.later(30 * MINUTE)
    assert told(stage) == [set(SHOP[:4])]


def test_each_case_names_its_own_officer() -> None:
    house = House(NOW, real_words=True)
    house.arrive(theft(0))
    house.arrive(theft(1, officer=officer_named("3456", name="PC Robin Hale", email=None)))
    house.run()
    house.later(31 * MINUTE)
    (mail,) = [mail for mail in house.emails if mail.to == MANAGER]
    lines = [line for line in mail.text.splitlines() if "collar number" in line]
    assert sorted("2345" in line for line in lines) == sorted("Hale" not in line for line in lines) == [False, True]
    assert all(key in mail.text for key in SHOP[:2])


def test_what_is_recorded_after_the_days_message_waits_for_tomorrow_and_is_told_together() -> None:
    stage = arrived(0)
    for number in (1, 2):
        stage.put(theft(number, stage.now))
        stage.later(HOUR)
    assert told(stage) == [{SHOP[0]}]
    assert [(row.state, row.reason) for row in stage.rows(ACK, reference=SHOP[1])] == [(State.HELD, "one_a_day")]
    stage.later(DAY)
    assert told(stage) == [{SHOP[0]}, set(SHOP[1:3])]
    assert to_manager(stage)[1].at.astimezone(LONDON).time() >= time(8)


@pytest.mark.parametrize(
    "who", [{"email": "other@example.org"}, {"person_ref": "B2"}, {"contact_name": "Robin Vale"}, {"organisation": "Heanor Books"}]
)
def test_another_contact_is_told_in_a_message_of_their_own(who: Record) -> None:
    """Who shares an address but not the rest waits for another day: two messages a day to one address are two all the same."""
    stage = arrived(0)
    stage.put(theft(1, stage.now, who=who))
    stage.later(HOUR)
    assert len(told(stage)) == (2 if "email" in who else 1)
    stage.later(DAY)
    assert told(stage) == [{SHOP[0]}, {SHOP[1]}]


def test_a_person_under_the_same_number_is_no_contact_of_the_business() -> None:
    stage = Stage()
    stage.put(theft(0))
    stage.put(record(reference=SHOP[1], victims=[victim(person_ref="B1", email=MANAGER, mobile=None)]))
    stage.world.clock.advance(31 * MINUTE)
    stage.one(stage.only(ACK, reference=SHOP[0]).notification_id)
    stage.run()
    stage.later(HOUR)
    assert told(stage) == [{SHOP[0]}, {SHOP[1]}]


def test_people_are_not_rationed() -> None:
    stage = Stage()
    for number in range(3):
        stage.put(record(reference=SHOP[number], victims=[victim()]))
    stage.later(HOUR)
    assert len(to_manager(stage)) == 3
    assert "points.take_day" not in stage.world.calls.made


def test_a_deadline_is_not_missed_for_the_sake_of_one_a_day() -> None:
    """Reported two working days ago: the last day for it is today."""
    stage = arrived(0)
    stage.put(theft(1, stage.now, reported_at=iso(stage.now - 2 * DAY), occurred_from=None, occurred_to=None))
    due = {item.due_at for item in stage.owed(reference=SHOP[1]) if item.kind is Kind.WRITTEN_ACKNOWLEDGEMENT}
    stage.later(HOUR)
    late = min(due) < datetime.combine(local_day(stage.now) + DAY, time(8), LONDON)
    assert len(told(stage)) == (2 if late else 1)
    stage.put(theft(2, stage.now, reported_at=iso(stage.now - 7 * DAY), occurred_from=None, occurred_to=None))
    stage.later(HOUR)
    assert {SHOP[2]} <= told(stage)[-1]


def test_events_of_several_cases_are_one_message() -> None:
    stage = acknowledged(0, 1, 2)
    for number in range(3):
        stage.put(news(number, stage.now))
    stage.later(HOUR)
    assert told(stage)[1:] == [set(SHOP[:3])]
    content = stage.content(stage.row(to_manager(stage)[-1].notification_id))
    assert {content.reference, *(other.reference for other in content.others)} == set(SHOP[:3])
    stage.receive(stage.row(to_manager(stage)[-1].notification_id))
    states = {item.state for key in SHOP[:3] for item in stage.owed(reference=key) if item.kind is Kind.EVENT}
    assert states == {ObligationState.MET}


def test_an_acknowledgement_goes_before_news_and_never_with_it() -> None:
    stage = acknowledged(0)
    stage.put(news(0, stage.now))
    stage.put(theft(1, stage.now))
    stage.later(HOUR)
    assert [(item.template, item.reference) for item in to_manager(stage)[1:]] == [(ACK, SHOP[1])]
    assert [row.reason for row in stage.rows(EVENT, reference=SHOP[0])] == ["one_a_day"]
    stage.later(DAY)
    assert [(item.template, item.reference) for item in to_manager(stage)[1:]] == [(ACK, SHOP[1]), (EVENT, SHOP[0])]


def test_news_of_the_same_day_does_not_wait() -> None:
    """A response that is delayed is told by the end of the day, also of a day that had its message."""
    stage = acknowledged(0, 1)
    stage.put(news(1, stage.now))
    stage.later(HOUR)
    stage.put(news(0, stage.now, "response_delayed", reason="All officers were at another call."))
    stage.later(HOUR)
    assert told(stage)[1:] == [{SHOP[1]}, {SHOP[0]}]
    assert stage.leaks() == []


def test_two_workers_at_once_cannot_both_have_the_day() -> None:
    """The second worker comes while the first is about to take the day, and cannot see the first case (other words for the reader)."""
    stage = Stage()
    stage.put(theft(0))
    stage.put(theft(1, who={"contact_name": "Robin Vale"}))
    stage.world.clock.advance(31 * MINUTE)
    other = stage.only(ACK, reference=SHOP[1]).notification_id
    hooked(stage, "points.take_day", "before", lambda: stage.one(other))
    stage.one(stage.only(ACK, reference=SHOP[0]).notification_id)
    assert told(stage) == [{SHOP[1]}]
    stage.later(DAY)
    assert told(stage) == [{SHOP[1]}, {SHOP[0]}]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_day_that_was_taken_without_an_answer_is_taken_again_by_the_same_message(when: str) -> None:
    stage = Stage()
    stage.put(theft(0))
    stage.world.calls.fail("points.take_day", StoreUnavailable("down"), when=when)
    stage.later(31 * MINUTE)
    stage.later(HOUR)
    assert told(stage) == [{SHOP[0]}]


def test_a_letter_takes_the_day_of_the_postal_address() -> None:
    who = {"email": None, "preferred_channel": "letter", "contact_safety": contact_safety(safe_channels=["letter"])}
    stage = arrived(0, 1, who=who)
    assert told(stage) == [set(SHOP[:2])]
    stage.put(theft(2, stage.now, who=who))
    stage.later(HOUR)
    assert told(stage) == [set(SHOP[:2])]
    stage.later(DAY)
    assert told(stage) == [set(SHOP[:2]), {SHOP[2]}]
    stage.until(datetime.combine(local_day(stage.now) + 5 * DAY, time(10), LONDON))
    for number in range(2):
        stage.put(news(number, stage.now))
        stage.later(HOUR)
    assert told(stage)[2:] == [{SHOP[0]}]
    stage.later(DAY)
    assert told(stage)[2:] == [{SHOP[0]}, {SHOP[1]}]


KINDS = ("arrested", "interviewed_under_caution", "property_returned")


def receipts(stage: Stage) -> None:
    for item in to_manager(stage):
        row = stage.row(item.notification_id)
        if row.state is State.SENT:
            stage.receive(row)


def beyond_the_first(stage: Stage) -> list[Left]:
    """Messages of a day that had one already, which did not have to wait for it."""
    days: dict[date, list[Left]] = {}
    for item in to_manager(stage):
        days.setdefault(local_day(item.at), []).append(item)
    return [item for items in days.values() for item in items[1:]]


def due_that_day(stage: Stage, item: Left) -> bool:
    """It tells of something that is late on another day."""
    rows = [stage.row(key) for key in (item.notification_id, *stage.row(item.notification_id).speaks_for)]
    owed = {one.obligation_id: one for row in rows for one in stage.owed(reference=row.reference)}
    return any(local_day(owed[key].due_at) <= local_day(item.at) for row in rows for key in row.evidences)


@modest(40)
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(KINDS), st.integers(0, 20)), min_size=2, max_size=12))
def test_never_two_messages_a_day_but_for_a_deadline_and_nothing_lost_or_late(steps: list[tuple[int, str, int]]) -> None:
    """Thefts are recorded and news told of over some days: each is told in time, once."""
    stage, known = Stage(), set[int]()
    for step, (number, kind, hours) in enumerate(steps):
        stage.put(news(number, stage.now, kind, event_id=f"E-{step}") if number in known else theft(number, stage.now))
        known.add(number)
        stage.later(timedelta(hours=hours))
        receipts(stage)
    for _ in range(14):
        stage.later(DAY / 2)
        receipts(stage)
    assert [item for item in beyond_the_first(stage) if not due_that_day(stage, item)] == []
    owed = [item for key in SHOP for item in stage.owed(reference=key) if item.kind in (Kind.WRITTEN_ACKNOWLEDGEMENT, Kind.EVENT)]
    assert {item.state for item in owed} == {ObligationState.MET}
    assert [item for item in owed if item.met_at is None or item.met_at > item.due_at] == []
    assert stage.leaks() == []

"""What holds of officers' updates in every order of versions, holds, posts, facts, clocks, failures and deaths.

The independent leak check judges what left, and a direct reading by the routing rules. Must not reach into the rows before the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.delivery import ACCEPTED, State
from chalicelib.domain.errors import PermanentSendError, RetryLater, TransientSendError
from chalicelib.domain.events import UpdateWritten
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel
from chalicelib.domain.obligations import Kind, ObligationState
from chalicelib.domain.officer_forms import UpdateForm
from tests import builders
from tests.builders import contact_message, victim
from tests.unit.services import test_invariants
from tests.unit.services.direct_reading import forbidden
from tests.unit.services.invariants import assert_nothing_is_stuck, settle
from tests.unit.services.on_page import DOMESTIC, ORDINARY, STILL_LOOKING, link, owed, send, told, updates, written
from tests.unit.services.record_strategies import IDS, REFERENCES, modest
from tests.unit.services.stage import DAY, HOUR, MINUTE, REF, Stage, record
from tests.unit.services.test_crashes import Played, Step, later, play, put, receipts, refused
from tests.unit.services.test_crashes_of_the_clock import announced
from tests.unit.services.test_order import assert_same, rows

WORDS = (None, None, "We have asked the shop for film.", "We have spoken to Morgan.", "He must not go near you.")
STARTS = ("still_looking", "waiting_for_checks", "looking_at_film", "own_words", "nothing of the kind")
Posted = tuple[str, str, str, Any]
posted: st.SearchStrategy[Posted] = st.tuples(
    st.sampled_from(REFERENCES), st.sampled_from(IDS), st.sampled_from(STARTS), st.sampled_from(WORDS)
)


def _send(stage: Stage, what: Posted) -> None:
    reference, victim_id, start, words = what
    stage.house.update.send(link(stage, reference=reference), UpdateForm(victim_id, start, words), stage.now)


def _write(stage: Stage, what: tuple[Posted, Channel, int]) -> None:
    """The fact itself, as if the page had never asked the policy; the same one twice is one."""
    (reference, victim_id, start, words), channel, number = what
    fact = UpdateWritten(reference, f"U-{number}", victim_id, stage.now, "2345", channel, start, words, date(2026, 12, 8))
    stage.house.event.record(fact, str(what), stage.now)


STEPS: dict[str, Callable[[Stage, Any], None]] = {**test_invariants.STEPS, "send": _send, "write": _write}
step: st.SearchStrategy[tuple[str, Any]] = st.one_of(
    test_invariants.step,
    st.tuples(st.just("send"), posted),
    st.tuples(st.just("write"), st.tuples(posted, st.sampled_from((Channel.EMAIL, Channel.SMS, Channel.LETTER)), st.integers(1, 5))),
)


@st.composite
def courses(draw: st.DrawFn) -> list[tuple[str, Any]]:
    """A few records, of which some are told; an update of the first, and then anything."""
    first = draw(test_invariants.courses())[:3]
    return [*first, ("send", draw(posted)), *draw(st.lists(step, min_size=2, max_size=12))]


def assert_each_once(stage: Stage) -> None:
    """Every update that was written left at most once, by the channel on which it was seen, and no text held words of the officer's."""
    left = Counter(item.notification_id for item in stage.left if item.template is Template.UPDATE)
    assert set(left.values()) <= {1}
    for template, language, content in stage.world.renderer.rendered:
        assert template is not Template.UPDATE or (language == "en" and "Morgan" not in str(content.words))
    assert not any("shop" in text.body for text in stage.world.sms.sent)


@modest(60)
@given(courses())
def test_nobody_specialist_or_held_is_ever_sent_an_update_in_any_order(steps: list[tuple[str, Any]]) -> None:
    stage = test_invariants.played(steps, STEPS, (RetryLater,))
    settle(stage)
    assert [str(leak) for leak in stage.leaks()] == []
    assert list(forbidden(stage)) == []
    assert_each_once(stage)
    assert_nothing_is_stuck(stage)


def test_the_property_sees_updates_that_leave_and_one_that_should_not_have():
    """So that it is no property of nothing."""
    stage = told()
    send(stage)
    stage.later(MINUTE)
    assert (updates(stage), list(forbidden(stage)), stage.leaks()) == (["alex.morgan@example.org"], [], [])
    stage.version(2, **DOMESTIC)
    stage.left = [replace(item, at=stage.now) for item in stage.left if item.template is Template.UPDATE]
    assert list(forbidden(stage)) == ["26000712345 V1: domestic-abuse-flag"]
    assert {str(leak.what) for leak in stage.leaks()} == {"automatic_message_to_specialist"}


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_every_order_of_facts_ends_in_the_same_rows(order: tuple[int, ...]) -> None:
    """Versions, an update, a contact: nothing runs in between, so nothing left that could depend on what came later."""
    facts: list[Callable[[Stage], Any]] = [
        lambda stage: stage.put(record(1, **ORDINARY)),
        lambda stage: stage.put(record(2, **DOMESTIC)),
        lambda stage: stage.house.event.record(written(stage, next_update_on=date(2026, 12, 9)), "hash", stage.now),
        lambda stage: stage.put(
            contact_message(now=stage.now + MINUTE, next_update_on="2026-12-08") | {"sent_at": builders.iso(stage.now)}
        ),
    ]
    ends = []
    for one in (range(4), order):
        stage = Stage()
        stage.world.clock.advance(HOUR)
        for index in one:
            facts[index](stage)
        ends.append(stage)
    assert_same(rows(ends[0]), rows(ends[1]))
    ends[1].later(DAY)
    assert updates(ends[1]) == []


# The process dies before or after every effect.


def posts(form: UpdateForm = STILL_LOOKING) -> Step:
    """The officer presses the button; where no answer came, they press again."""

    def step(stage: Stage) -> None:
        stage.house.update.send(link(stage), form, stage.now)
        stage.run()

    return step


def tells(stage: Stage) -> None:
    stage.put(contact_message(now=stage.now, next_update_on="2026-12-08"))
    stage.run()


def letter_day(stage: Stage) -> None:
    if stage.now < builders.NOW + 5 * DAY:
        stage.world.clock.set(builders.NOW + 5 * DAY)
    stage.sweep()


BY_LETTER = {
    "victims": [
        victim(
            contact_safety=builders.contact_safety(safe_channels=["letter"]),
            update_agreement=builders.update_agreement(method="letter"),
            preferred_channel="letter",
        )
    ]
}
STORIES: dict[str, Callable[[], list[Step]]] = {
    "an update": lambda: [put(), later(30), receipts(), posts(), receipts(State.DELIVERED, Template.UPDATE)],
    "an update that fails": lambda: [put(), later(30), receipts(), refused(PermanentSendError("Rejected")), posts()],
    "an update that is refused for now": lambda: [put(), later(30), receipts(), refused(TransientSendError("busy")), posts(), later(1)],
    "an update before a hold": lambda: [put(), later(30), receipts(), posts(), put(2, **DOMESTIC)],
    "an update after a hold": lambda: [put(), later(30), receipts(), put(2, **DOMESTIC), posts()],
    "an update and a contact": lambda: [put(), later(30), receipts(), posts(), later(5), tells],
    "an update by letter": lambda: [put(**BY_LETTER), later(30), posts(), letter_day],
    "an update that comes back": lambda: [
        put(), later(30), receipts(), posts(), receipts(State.DELIVERED, Template.UPDATE),
        receipts(State.BOUNCED, Template.UPDATE, permanent=True),
    ],
}  # fmt: skip


def _announced(stage: Stage) -> set[tuple[str, ...]]:
    """Without times; what was met by something that was taken back at once may never have been news."""
    met = {row.obligation_id for row in stage.owed() if row.state is ObligationState.MET}
    facts = (dict(fact) for fact in announced(stage))
    kept = (fact for fact in facts if fact["event"] != "obligation_met" or fact["obligation"] in met)
    return {(fact["event"], *(fact.get(name, "") for name in ("obligation", "evidence", "purpose", "next_update_on"))) for fact in kept}


def ended(stage: Stage) -> dict[str, Any]:
    """What is owed, agreed and told at the end; when rows were made and looked at may differ."""
    return {
        "owed": {
            key: (row.kind, row.purpose, row.state, row.due_at if row.kind is Kind.UPDATE else None)
            for key, row in stage.world.cases.owed.items()
        },
        "agreements": stage.world.cases.agreements,
        "events": {key: row.event for key, row in stage.world.cases.events.items()},
        "updates": Counter(updates(stage)),
        "announced": {fact for fact in _announced(stage) if fact[0] != "notified"},
    }


@pytest.mark.parametrize("story", STORIES)
def test_a_death_at_any_call_loses_no_update_and_sends_none_twice(story: str) -> None:
    whole = play(STORIES[story]())
    tried = 0
    for number in range(1, whole.calls + 1):
        for when in ("before", "after"):
            one = play(STORIES[story](), (number, when))
            if one.died_at is None:
                continue
            tried += 1
            where = f"{story}: died {when} call {number}, {one.died_at[0]}"
            assert updates(one.stage) == updates(one.stage)[:1], where
            if ended(one.stage) != ended(whole.stage):
                assert_a_person_has_it(one, where)
    assert tried


def assert_a_person_has_it(one: Played, where: str) -> None:
    """The worker died with a claim in its hand: an officer is asked, or what is owed is still owed."""
    assert one.claimed, where
    arrived = any(row.state in ACCEPTED for row in one.stage.rows(Template.UPDATE))
    assert arrived or any(row.unmet and (row.unit or row.kind is Kind.UPDATE) for row in one.stage.owed()), where


def test_a_late_day_is_not_promised():
    """Written late on the day before; what waits for the morning promises no day that has come by then."""
    stage = told()
    stage.until(stage.now.replace(hour=21))
    stage.house.event.record(written(stage, next_update_on=stage.now.date() + timedelta(days=1)), "hash", stage.now)
    stage.later(12 * HOUR)
    assert [content.next_on for template, _, content in stage.world.renderer.rendered if template is Template.UPDATE] == [None]
    assert owed(stage)[0].reference == REF

"""The request behind "Contact an officer": one message whatever is posted how often, limits, and nothing to learn by trying.

Issue 6, section 1. What becomes of a message later is in test_contact_routed.py.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.messages import Template
from chalicelib.services.contact_officer import Received
from tests.fake_calls import Crash
from tests.unit.services.desk import DANGER, DOMESTIC, form, recorded, write
from tests.unit.services.stage import DAY, HOUR, MINUTE, REF, Stage

OTHER = "26000799999"
SAME = ["limits.take", "limits.take", "messages.get", "messages.add", "queues.dispatch"]
"""What every accepted request does, in this order: no case is among it."""


def calls_of(stage: Stage, **changes: Any) -> tuple[Received, list[str]]:
    stage.world.calls.made.clear()
    heard = stage.house.contact.receive(form(**changes), "source", stage.now)
    return heard, list(stage.world.calls.made)


PAIRS: dict[str, dict[str, Any]] = {
    "a known pair": {},
    "another collar number": {"collar_number": "9999"},
    "a reference that nobody knows": {"reference": OTHER},
    "a filled hidden field": {"doubtful": True},
}


@pytest.mark.parametrize("facts", [{}, DOMESTIC, {"status": "closed"}], ids=["a burglary", "domestic abuse", "closed"])
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_every_request_does_the_same_and_hears_the_same(pair: dict[str, Any], facts: dict[str, Any]):
    heard, made = calls_of(recorded(**facts), **pair)
    assert (heard, made) == (Received(True, danger=False), SAME)


@given(
    collar=st.sampled_from(["2345", "02345", "1890", "9999", "A1"]),
    reference=st.sampled_from([REF, OTHER, "25000000001"]),
    message=st.text(max_size=200) | st.just(DANGER),
    name=st.text(min_size=1, max_size=50),
    email=st.none() | st.just("alex.morgan@example.org") | st.just("kim@elsewhere.test"),
)
@settings(max_examples=60, deadline=None)
def test_nothing_in_the_answer_follows_from_what_is_known(collar: str, reference: str, message: str, name: str, email: str | None):
    """The same words about a known and an unknown case: the same answer, the same calls."""
    changes = {"collar_number": collar, "message": message, "name": name, "email": email}
    known, unknown = calls_of(Stage(), reference=reference, **changes), calls_of(recorded(), reference=reference, **changes)
    assert known == unknown


def test_what_is_kept_is_what_was_written_and_the_row_beside_it_holds_ids_alone():
    stage = Stage()
    stage.house.contact.receive(form(), "source", stage.now)
    (kept,) = stage.world.messages.kept.values()
    (row,) = stage.rows()
    assert (kept.form, kept.received_at, kept.kept_until) == (form(), stage.now, stage.now + stage.house.profile.contact_forms.kept)
    assert (row.template, row.task_id, row.reference, row.open_at) == (Template.CONTACT, kept.message_id, REF, stage.now)
    assert not {"Kim", "kim", "900999", "receipt"} & set(repr(row).replace("'", " ").split())


@pytest.mark.parametrize("later", [timedelta(0), MINUTE, 23 * HOUR, DAY])
def test_the_same_words_again_are_one_message(later: timedelta):
    """A double click, the back button, a lost connection; also over midnight."""
    stage = recorded()
    stage.world.clock.set(datetime(2026, 11, 20, 23, 59, 30, tzinfo=UTC))
    assert write(stage) == write(stage, message="I found the receipt for  the bicycle.\n") == Received(True, danger=False)
    stage.world.clock.advance(later)
    assert write(stage) == Received(True, danger=False)
    assert len(stage.world.messages.kept) == 1


def test_the_same_words_two_days_later_are_another_message_and_so_are_other_words():
    stage = recorded()
    write(stage)
    write(stage, message="And one more thing.")
    stage.world.clock.advance(2 * DAY)
    write(stage)
    assert len(stage.world.messages.kept) == 3


def test_two_posts_at_the_same_instant_are_one_message():
    stage = recorded()
    first = True

    def between(name: str, when: str) -> None:
        nonlocal first
        if (name, when) == ("messages.add", "before") and first:
            first = False
            stage.house.contact.receive(form(), "source", stage.now)

    stage.world.calls.on_call = between
    assert write(stage) == Received(True, danger=False)
    assert len(stage.world.messages.kept) == 1


@given(st.lists(st.sampled_from(["one", "two", "three"]), max_size=8), st.integers(0, 20))
@settings(max_examples=40, deadline=None)
def test_as_many_messages_as_there_are_different_words(words: list[str], minutes: int):
    stage = Stage()
    for word in words:
        write(stage, message=word)
        stage.world.clock.advance(minutes * MINUTE)
    assert {kept.form.message for kept in stage.world.messages.kept.values()} == set(words)
    assert len(stage.world.messages.kept) == len(set(words))


# ---- limits


def test_a_source_over_its_limit_hears_that_it_should_wait_and_nothing_is_kept():
    stage = recorded()
    limit = stage.house.profile.contact_forms.per_source
    heard = [write(stage, message=str(number), reference=f"260007{number:05d}") for number in range(limit + 2)]
    assert [one.accepted for one in heard] == [True] * limit + [False] * 2
    assert len(stage.world.messages.kept) == limit
    assert write(stage, source="192.0.2.77", message="another house").accepted
    stage.world.clock.advance(HOUR)
    assert write(stage, message="later").accepted


def test_words_of_danger_show_the_banner_over_the_limit_too():
    stage = recorded()
    share = stage.house.profile.contact_forms.per_source
    for number in range(2 * share):
        write(stage, message=f"{DANGER} {number}")
    assert write(stage, message=DANGER) == Received(False, danger=True)


@pytest.mark.parametrize("reference", [REF, OTHER])
def test_a_reference_over_its_share_hears_no_difference(reference: str):
    stage = recorded()
    share = stage.house.profile.contact_forms.per_reference
    heard = [write(stage, source=f"192.0.2.{number}", message=str(number), reference=reference) for number in range(share + 3)]
    assert set(heard) == {Received(True, danger=False)}
    assert [kept.many for kept in stage.world.messages.kept.values()] == [False] * share + [True] * 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        (" 192.0.2.1 ", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("no address", "", True),
    ],
)
def test_a_source_is_a_connection_and_its_key_says_nothing(one: str, other: str, same: bool):
    contact = Stage().house.contact
    assert (contact.source_key(one) == contact.source_key(other)) is same
    assert one.strip() not in contact.source_key(one) or not one.strip()


def test_danger_follows_from_any_of_the_words():
    stage = Stage()
    assert write(stage, message="Call me.", safe_to_reply="No! he is here now") == Received(True, danger=True)
    assert write(stage, message="Call me.", name="help me now") == Received(True, danger=True)
    assert write(stage, message="Call me.") == Received(True, danger=False)


# ---- failures


@pytest.mark.parametrize("name", ["limits.take", "messages.get", "messages.add"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_store_that_does_not_answer_is_told_and_the_next_try_is_the_same_message(name: str, when: Any):
    stage = recorded()
    stage.world.calls.fail(name, StoreUnavailable("busy"), when=when)
    with pytest.raises(StoreUnavailable):
        write(stage)
    assert write(stage) == Received(True, danger=False)
    assert len(stage.world.messages.kept) == 1


def test_a_death_after_the_write_loses_nothing():
    """The hint is lost; the sweep finds the row."""
    stage = recorded()

    def dies(name: str, when: str) -> None:
        if (name, when) == ("queues.dispatch", "before"):
            stage.world.calls.on_call = None
            raise Crash

    stage.world.calls.on_call = dies
    with pytest.raises(Crash):
        stage.house.contact.receive(form(), "source", stage.now)
    assert [item.template for item in stage.left] == []
    stage.later(5 * MINUTE)
    assert Template.CONTACT_MESSAGE in [item.template for item in stage.left]

"""The states of an outbox row: every move with what it leaves on the row, and every receipt on every state.

docs/design.md, "Sending". The states: pending, held, sending, sent, delivered, bounced, complained, unknown, failed, cancelled,
settled_by_person; by receipt only upwards, sent < delivered < bounced < complained.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import delivery
from chalicelib.domain.delivery import ACCEPTED, MAY_HAVE_LEFT, OUTSIDE, WAITING, Audience, Notification, State, after_receipt, fact_id
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel
from tests.builders import NOW
from tests.domain_builders import PROFILE

RULES = PROFILE.delivery
LATER = NOW + timedelta(minutes=5)
MINUTE = timedelta(minutes=1)


def row(state: State = State.PENDING, **changes: Any) -> Notification:
    return replace(
        Notification("n1", "26000712345", "V1", Template.ACKNOWLEDGEMENT, Audience.VICTIM, Channel.EMAIL, NOW, NOW, open_at=NOW),
        state=state,
        **changes,
    )


CLAIMED = delivery.claimed(row(reason="transient", attempts=2), "worker-1", NOW, RULES)


def test_a_claim_takes_the_row_for_its_lease() -> None:
    assert (CLAIMED.state, CLAIMED.token, CLAIMED.attempts, CLAIMED.reason) == (State.SENDING, "worker-1", 3, None)
    assert CLAIMED.lease_until == CLAIMED.open_at == NOW + timedelta(minutes=2)
    assert not CLAIMED.attempted, "the provider was not called yet"


MOVES: list[Any] = [
    pytest.param(lambda r: delivery.given_back(r, LATER), State.PENDING, LATER, "retry", False, id="given back: asked again at once"),
    pytest.param(lambda r: delivery.backed_off(r, LATER, RULES), State.PENDING, LATER + 4 * MINUTE, "transient", True, id="backed off"),
    pytest.param(lambda r: delivery.sent(r, "ses-1", LATER), State.SENT, None, None, True, id="sent: a receipt will say more"),
    pytest.param(
        lambda r: delivery.sent(r, "s3-1", LATER, LATER + 9 * MINUTE),
        State.SENT,
        LATER + 9 * MINUTE,
        None,
        True,
        id="sent: a letter travels",
    ),
    pytest.param(lambda r: delivery.failed(r, "550"), State.FAILED, None, "550", True, id="failed for good"),
    pytest.param(
        lambda r: delivery.unknown(r, LATER, RULES), State.UNKNOWN, LATER + 15 * MINUTE, "outcome_unknown", True, id="outcome not known"
    ),
]


@pytest.mark.parametrize(("move", "state", "open_at", "reason", "attempted"), MOVES)
def test_what_a_worker_may_do_with_its_claim(
    move: Callable[[Notification], Notification], state: State, open_at: Any, reason: str | None, attempted: bool
) -> None:
    after = move(CLAIMED)
    assert (after.state, after.open_at, after.reason, after.attempted) == (state, open_at, reason, attempted)
    assert (after.token, after.lease_until) == (None, None), "nobody holds it any more"


def test_sent_keeps_what_the_provider_said_and_when() -> None:
    after = delivery.sent(CLAIMED, "ses-1", LATER)
    assert (after.provider_ref, after.sent_at) == ("ses-1", LATER)


def test_a_claim_given_back_was_no_attempt() -> None:
    assert delivery.given_back(CLAIMED, LATER).attempts == 2


@pytest.mark.parametrize(
    ("attempts", "minutes"),
    [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60), (24, 60), (10_000, 60)],
)
def test_waits_double_up_to_an_hour(attempts: int, minutes: int) -> None:
    after = delivery.backed_off(row(State.SENDING, attempts=attempts), NOW, RULES)
    assert after.open_at == NOW + timedelta(minutes=minutes)


def test_an_unknown_outcome_repeats_or_goes_to_a_person() -> None:
    lost = delivery.unknown(CLAIMED, NOW, RULES)
    again, given = delivery.repeated(lost, LATER), delivery.settled(lost, "no_receipt")
    assert (again.state, again.open_at, again.reason, again.attempted) == (State.PENDING, LATER, "repeated", True)
    assert (given.state, given.open_at, given.reason, given.attempted) == (State.SETTLED, None, "no_receipt", True)


S, D, B, C = State.SENT, State.DELIVERED, State.BOUNCED, State.COMPLAINED
UPWARDS = {
    State.SENDING: {S, D, B, C},
    State.UNKNOWN: {S, D, B, C},
    State.SENT: {D, B, C},
    State.SETTLED: {D, B, C},
    State.DELIVERED: {B, C},
    State.BOUNCED: {C},
    State.COMPLAINED: set(),
    State.PENDING: set(),
    State.HELD: set(),
    State.FAILED: set(),
    State.CANCELLED: set(),
}


@pytest.mark.parametrize("receipt", [S, D, B, C])
@pytest.mark.parametrize("state", State)
def test_every_receipt_on_every_state(state: State, receipt: State) -> None:
    before = row(state, token="worker-1", lease_until=NOW, reason="outcome_unknown")
    after = after_receipt(before, receipt, "ses-1", LATER)
    if receipt not in UPWARDS[state]:
        assert after is None
        return
    arrived = LATER if receipt in {D, C} else None  # who complains of it has it
    assert after == replace(
        before, state=receipt, token=None, lease_until=None, open_at=None, attempted=True, provider_ref="ses-1", sent_at=LATER, reason=None,
        delivered_at=arrived,
    )  # fmt: skip


@pytest.mark.parametrize("receipt", [B, C])
def test_when_a_message_arrived_is_not_moved_by_what_follows(receipt: State) -> None:
    after = after_receipt(row(D, delivered_at=NOW), receipt, "ses-1", LATER)
    assert after is not None
    assert after.delivered_at == NOW


def test_a_receipt_does_not_rewrite_what_was_known() -> None:
    after = after_receipt(row(S, provider_ref="ses-1", sent_at=NOW), D, "ses-2", LATER)
    assert after is not None
    assert (after.provider_ref, after.sent_at) == ("ses-1", NOW)


def test_a_receipt_without_a_reference_leaves_none() -> None:
    after = after_receipt(row(State.SENDING), D, None, LATER)
    assert after is not None
    assert (after.provider_ref, after.sent_at) == (None, LATER)


RANKS = [S, D, B, C]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([State.SENDING, State.UNKNOWN, State.SENT]), st.lists(st.sampled_from(RANKS), min_size=1, max_size=8))
def test_receipts_in_any_order_and_number_never_go_backwards(start: State, receipts: list[State]) -> None:
    now = row(start)
    for number, receipt in enumerate(receipts):
        before = now
        now = after_receipt(now, receipt, f"ses-{number}", NOW + number * MINUTE) or now
        assert before.state not in RANKS or RANKS.index(now.state) >= RANKS.index(before.state)
    reached = [state for state in [start, *receipts] if state in RANKS]
    assert now.state is max(reached, key=RANKS.index), "the same end in every order"


@given(st.permutations(RANKS))
@settings(deadline=None)
def test_every_order_of_all_four_receipts_ends_complained(order: list[State]) -> None:
    now = row(State.SENDING)
    for receipt in order:
        now = after_receipt(now, receipt, None, NOW) or now
    assert now.state is C


@pytest.mark.parametrize(
    ("template", "suspendable"),
    [
        (Template.ACKNOWLEDGEMENT, True),
        (Template.REFERRAL, True),
        (Template.TASK, False),
        (Template.STOP_NOTICE, False),
        (Template.WITHDRAWAL, False),
        (Template.COMPLETION, False),
    ],
)
def test_a_quarantined_version_holds_what_tells_and_never_what_stops(template: Template, suspendable: bool) -> None:
    assert row(template=template).suspendable is suspendable


@pytest.mark.parametrize("audience", Audience)
def test_who_is_the_victim_and_who_is_outside(audience: Audience) -> None:
    assert row(audience=audience).for_victim is (audience is Audience.VICTIM)
    assert (audience in OUTSIDE) is (audience in {Audience.VICTIM, Audience.SERVICE, Audience.PUBLIC})


def test_the_groups_of_states() -> None:
    """A failure is not accepted, an unknown outcome may have left, and what waits has not."""
    assert {S, D, C} == ACCEPTED
    assert {S, D, C, B, State.UNKNOWN, State.SETTLED} == MAY_HAVE_LEFT
    assert {State.PENDING, State.HELD} == WAITING
    assert not WAITING & MAY_HAVE_LEFT


def test_an_id_is_a_hash_of_its_facts() -> None:
    assert fact_id("a", "b") == fact_id("a", "b")
    assert len({fact_id("a", "b"), fact_id("ab"), fact_id("b", "a"), fact_id("a", "b", ""), fact_id("", "a", "b")}) == 5
    assert len(fact_id("a")) == 32

"""For any versions and events, decided at any time: the same rows in every order, a deadline for all that is owed, nothing done twice.

docs/obligations.md. The chain of updates by itself is in test_updates_properties.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.deadlines import local_day
from chalicelib.domain.events import ContactRecorded, Event, TaskDone
from chalicelib.domain.model import Route
from chalicelib.domain.obligations import Kind, ObligationState
from tests.builders import NOW, Record, update_agreement
from tests.domain_builders import parsed
from tests.event_strategies import stories
from tests.strategies import versions
from tests.unit.domain.replay import Replay

MET, WAIVED, BREACHED = ObligationState.MET, ObligationState.WAIVED, ObligationState.BREACHED
MANY = settings(max_examples=60, deadline=None)
LATER = st.integers(0, 60 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
"""Within sixty days of the first acceptance."""
AGREEMENTS = (None, {}, {"every_days": 7, "next_update_on": "2026-11-27"}, {"every_days": None, "next_update_on": None}, {"declined": True})


def agreeing(records: list[Record], chosen: list[Any]) -> list[Record]:
    """The same versions, each with an update agreement of its own."""
    for record, terms in zip(records, chosen, strict=False):
        for victim in record["occurrence"]["victims"]:
            victim["update_agreement"] = None if terms is None else update_agreement(**terms)
    return records


VERSIONS = st.tuples(versions(most=3), st.lists(st.sampled_from(AGREEMENTS), min_size=3, max_size=3)).map(lambda both: agreeing(*both))


def told(records: list[Record], events: list[Event], now: datetime = NOW) -> Replay:
    return Replay(now=now).deliver([*(parsed(record) for record in records), *events])


def delivered(records: list[Record], events: list[Event], now: datetime, chance: Any) -> list[Replay]:
    """The same versions and events as they come, and in another order."""
    facts: list[Any] = [*(parsed(record) for record in records), *events]
    again = list(facts)
    chance.shuffle(again)
    return [Replay(now=now).deliver(order) for order in (facts, again)]


def updates_of(case: Replay) -> dict[str, Any]:
    """The agreement and the rows of updates of everybody who has rights, by the newest version; the sweep's own instant apart.

    What comes to somebody on the day it is due is looked at at once, and that depends on what was known that morning.
    """
    plans = {victim_id: case.plan(victim_id) for victim_id in case.parts}
    return {
        victim_id: (
            plan.agreement,
            {key: replace(row, next_at=None) for key, row in case.owed[victim_id].items() if row.kind is Kind.UPDATE},
        )
        for victim_id, plan in plans.items()
        if plan.decision.route not in {Route.NO_ROUTE, Route.TRANSFERRED}
    }


def owed_in(case: Replay) -> dict[str, Any]:
    return {victim_id: {key: replace(row, next_at=None) for key, row in rows.items()} for victim_id, rows in case.owed.items()}


@MANY
@given(VERSIONS, stories(most=5), LATER, st.randoms(use_true_random=False))
def test_every_order_ends_in_the_same_updates(records: list[Record], events: list[Event], now: datetime, chance: Any) -> None:
    """Whatever was told meanwhile, an earlier contact or change that comes late leaves nothing of what it undid."""
    first, again = delivered(records, events, now, chance)
    assert updates_of(again) == updates_of(first)


@MANY
@given(VERSIONS, stories(most=5), st.randoms(use_true_random=False))
def test_every_order_inside_the_hold_window_ends_in_the_same_rows(records: list[Record], events: list[Event], chance: Any) -> None:
    """Contacts and tasks done apart: they meet what a version that came later no longer owes. The sweep's own instant as above."""
    quiet = [event for event in events if not isinstance(event, ContactRecorded | TaskDone)]
    first, again = delivered(records, quiet, NOW, chance)
    assert owed_in(again) == owed_in(first)
    assert again.rows == first.rows


@MANY
@given(VERSIONS, stories(most=5), LATER)
def test_asking_again_at_one_instant_changes_nothing(records: list[Record], events: list[Event], now: datetime) -> None:
    case = told(records, events, now)
    for difference in case.ask():
        assert (difference.notifications, difference.obligations) == ((), ())


@MANY
@given(VERSIONS, stories(most=5), LATER, st.integers(1, 24 * 60))
def test_asking_again_before_anything_is_due_changes_no_obligation(
    records: list[Record], events: list[Event], now: datetime, minutes: int
) -> None:
    case = told(records, events, now)
    case.ask(now)
    then = now + timedelta(minutes=minutes)
    edges = [row.next_at for rows in case.owed.values() for row in rows.values() if row.next_at]
    edges += [row.open_at for rows in case.rows.values() for row in rows.values() if row.open_at]
    if all(edge > then for edge in edges):
        for difference in case.ask(then):
            assert difference.obligations == ()


@MANY
@given(VERSIONS, stories(most=6), LATER)
def test_nothing_that_is_owed_loses_its_deadline_or_is_forgotten(records: list[Record], events: list[Event], now: datetime) -> None:
    case = told(records, events, now)
    for row in (row for rows in case.owed.values() for row in rows.values()):
        assert row.due_at is not None
        assert (row.next_at is not None) is row.unmet
        assert row.next_at is None or row.next_at > now or local_day(row.next_at) == local_day(now), (
            "later, or waited for since this morning"
        )
        ended = row.state in {MET, WAIVED} or (row.state is BREACHED and row.reason is not None)
        assert row.unmet is not ended
        assert row.late is (row.unmet and row.due_at < now)
        assert (row.state is MET) is (row.evidence is not None)
        assert (row.state is MET) is (row.met_at is not None)
        assert row.state is not WAIVED or row.reason is not None


@MANY
@given(VERSIONS, stories(most=6), LATER)
def test_every_open_agreement_has_exactly_one_open_update(records: list[Record], events: list[Event], now: datetime) -> None:
    case = told(records, events, now)
    for victim_id, rows in case.owed.items():
        agreement = case.plan(victim_id).agreement
        still = [local_day(row.due_at) for row in rows.values() if row.kind is Kind.UPDATE and row.unmet]
        assert still == ([agreement.next_update_on] if agreement and agreement.next_update_on else [])

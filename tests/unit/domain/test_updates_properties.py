"""For any story of versions, contacts and changes: one chain of updates, one open update for one open agreement, and the earliest evidence.

docs/obligations.md, "The update agreement". What rows become of it is in test_obligations_properties.py.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.agreements import START, UpdateOwed, update_agreement, updates
from chalicelib.domain.deadlines import end_of, local_day
from chalicelib.domain.events import ContactRecorded, Covered, Event
from chalicelib.domain.model import AgreedUpdates, Channel, Status
from chalicelib.domain.reminders import update_due
from tests.builders import NOW
from tests.event_strategies import instants, stories
from tests.unit.domain.update_stories import Version, story, version

MANY = settings(max_examples=150, deadline=None)
TERMS = st.none() | st.builds(
    AgreedUpdates,
    st.sampled_from([None, 1, 7, 10, 14, 28]),
    st.sampled_from([None, *Channel]),
    st.none() | st.integers(0, 30).map(lambda days: date.fromordinal(NOW.date().toordinal() + days)),
    st.sampled_from([False, False, False, True]),
)
STATUSES = st.sampled_from([Status.OPEN, Status.OPEN, Status.OPEN, *Status])


def versions(most: int = 5) -> st.SearchStrategy[list[Version]]:
    """Versions 1..n of one record, sent whenever; most of them open, few silent."""
    one = st.tuples(instants(), TERMS, STATUSES, st.sampled_from([False, False, False, False, True]))
    return st.lists(one, min_size=1, max_size=most).map(
        lambda drawn: [version(number, f"{sent:%Y-%m-%d %H:%M:%S}", *rest) for number, (sent, *rest) in enumerate(drawn, 8)]
    )


STORIES = st.tuples(versions(), stories(victims=("V1",), most=10)).map(lambda both: [*both[0], *both[1]])
"""Numbers run from 8 to 12, so that their order is not that of their names."""


def spoken(facts: list[Event | Version]) -> list[ContactRecorded]:
    """The contacts that gave V1 an update."""
    return [fact for fact in facts if isinstance(fact, ContactRecorded) and fact.reached and Covered.UPDATE in fact.covers]


def unmet(links: tuple[UpdateOwed, ...]) -> list[UpdateOwed]:
    return [owed for owed in links if owed.met_at is None and owed.ended_at is None]


@MANY
@given(STORIES, st.randoms(use_true_random=False))
def test_any_order_of_the_same_facts_is_the_same_story(facts: list[Any], chance: Any) -> None:
    again = list(facts)
    chance.shuffle(again)
    assert updates(story(*again)) == updates(story(*facts))
    assert update_agreement(story(*again), None) == update_agreement(story(*facts), None)


@MANY
@given(STORIES)
def test_an_open_agreement_with_a_next_day_has_one_open_update_and_any_other_none(facts: list[Any]) -> None:
    links, agreement = updates(story(*facts)), update_agreement(story(*facts), None)
    assert agreement is not None or links == ()
    if agreement is not None:
        still = unmet(links)
        assert [local_day(owed.due_at) for owed in still] == ([agreement.next_update_on] if agreement.next_update_on else [])
        assert not (agreement.ended and still)
        assert agreement.ended or still or agreement.every_days is None, "every so many days, and none owed"
        assert still == list(links[-1:]) or not still, "the one that is owed is the last"


@MANY
@given(STORIES)
def test_every_update_has_a_deadline_and_a_name_of_its_own(facts: list[Any]) -> None:
    links = updates(story(*facts))
    assert all(owed.due_at == update_due(local_day(owed.due_at)) == end_of(local_day(owed.due_at)) for owed in links)
    assert len({owed.begun_by for owed in links}) == len(links)
    assert all((owed.met_at is None) or (owed.ended_at is None) for owed in links)
    assert all((owed.evidence is None) == (owed.met_at is None) for owed in links)


@MANY
@given(STORIES)
def test_an_update_is_met_by_the_earliest_contact_and_each_contact_meets_one(facts: list[Any]) -> None:
    links, contacts = updates(story(*facts)), spoken(facts)
    evidence = [owed.evidence for owed in links if owed.evidence]
    assert len(set(evidence)) == len(evidence)
    for owed in links:
        until = owed.met_at or owed.ended_at
        assert not [fact for fact in contacts if owed.started_at < fact.at and (until is None or fact.at < until)]
        assert owed.met_at is None or owed.met_at in {fact.at for fact in contacts}


@MANY
@given(STORIES)
def test_the_chain_is_told_in_the_order_of_time(facts: list[Any]) -> None:
    links = updates(story(*facts))
    ends = [owed.met_at or owed.ended_at for owed in links if owed.met_at or owed.ended_at]
    assert ends == sorted(ends)
    starts = [owed.started_at for owed in links if owed.begun_by != START]
    assert starts == sorted(starts)


@MANY
@given(STORIES)
def test_the_history_is_by_time_and_its_last_terms_are_in_force(facts: list[Any]) -> None:
    agreement = update_agreement(story(*facts), None)
    if agreement is not None:
        last = agreement.history[-1]
        assert [terms.at for terms in agreement.history] == sorted(terms.at for terms in agreement.history)
        assert (agreement.every_days, agreement.declined, agreement.proposed) == (last.every_days, last.declined, last.proposed)
        assert (agreement.agreed_at, agreement.agreed_by) == (None if last.proposed else last.at, last.by)
        assert [terms.proposed for terms in agreement.history[1:]] == [False] * (len(agreement.history) - 1)


@MANY
@given(STORIES)
def test_declining_or_ending_owes_nothing_more(facts: list[Any]) -> None:
    agreement = update_agreement(story(*facts), None)
    if agreement is not None and agreement.declined:
        assert agreement.ended
        assert agreement.next_update_on is None

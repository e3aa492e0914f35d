"""What is evidence, of what, and when it happened: contacts, messages that arrived, paper, the record's own word, tasks done.

docs/obligations.md, "Evidence". Of several pieces the earliest counts; a try and a sending prove nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.delivery import Audience, Notification, State
from chalicelib.domain.events import Covered, Event, Result, Step, TaskDone
from chalicelib.domain.evidence import (
    Evidence,
    assessed,
    by_contact,
    by_message,
    contacts,
    done_by_contact,
    earliest_of,
    last_try,
    on_paper,
    picked_up,
    task_done,
)
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel
from chalicelib.domain.obligations import ASSESSED, PAPER, Purpose
from chalicelib.domain.situation import Situation
from tests.builders import NOW, enhanced
from tests.domain_builders import at, occurrence, situation
from tests.event_strategies import stories
from tests.unit.domain.update_stories import spoke, story, tried

UPDATE, ACK, REFERRAL, NEEDS = Covered.UPDATE, Covered.WRITTEN_ACKNOWLEDGEMENT, Covered.REFERRAL, Covered.NEEDS_ASSESSMENT
HOUR = timedelta(hours=1)
MONDAY = at("2026-11-23 12:00")


def covering(event_id: str, when: str, *things: Covered, **changes: Any) -> Event:
    return spoke(event_id, when, covers=frozenset(things), **changes)


@pytest.mark.parametrize(
    ("found", "first"),
    [
        pytest.param([], None, id="nothing"),
        pytest.param([None, None], None, id="nothing at all"),
        pytest.param([None, Evidence("a", NOW)], "a", id="one"),
        pytest.param([Evidence("b", NOW), Evidence("a", NOW - HOUR)], "a", id="the earlier"),
        pytest.param([Evidence("b", NOW), Evidence("a", NOW)], "a", id="at one instant: by name, so that every order says the same"),
    ],
)
def test_the_earliest_of_several(found: list[Evidence | None], first: str | None) -> None:
    assert (earliest_of(found) or Evidence("", NOW)).id == (first or "")


@pytest.mark.parametrize(
    ("events", "evidence"),
    [
        pytest.param([], None, id="none"),
        pytest.param([covering("C-1", "2026-11-23", ACK)], Evidence("C-1", MONDAY), id="spoken"),
        pytest.param([covering("C-1", "2026-11-23", ACK, result=Result.SENT)], Evidence("C-1", MONDAY), id="sent"),
        pytest.param([covering("C-1", "2026-11-23", ACK, result=Result.GIVEN_BY_HAND)], Evidence("C-1", MONDAY), id="given"),
        pytest.param([covering("C-1", "2026-11-23", ACK, result=Result.MESSAGE_LEFT)], None, id="a message left is a try"),
        pytest.param([covering("C-1", "2026-11-23", ACK, result=Result.NO_ANSWER)], None, id="no answer is a try"),
        pytest.param([covering("C-1", "2026-11-23", UPDATE, REFERRAL)], None, id="about other things"),
        pytest.param([covering("C-1", "2026-11-23", UPDATE, ACK)], Evidence("C-1", MONDAY), id="about this among others"),
        pytest.param([covering("C-1", "2026-11-23", ACK, victim_id="V2")], None, id="with another victim"),
        pytest.param(
            [covering("C-1", "2026-11-24", ACK), covering("C-2", "2026-11-23", ACK)],
            Evidence("C-2", MONDAY),
            id="the earlier",
        ),
        pytest.param(
            [covering("C-1", "2026-11-23", ACK, result=Result.NO_ANSWER), covering("C-2", "2026-11-24", ACK)],
            Evidence("C-2", at("2026-11-24 12:00")),
            id="after a try",
        ),
        pytest.param([covering("C-1", "2026-11-20 10:05", ACK)], Evidence("C-1", at("2026-11-20 10:05")), id="before the record was made"),
    ],
)
def test_a_contact_that_covers_it_and_reached_the_victim(events: list[Event], evidence: Evidence | None) -> None:
    assert by_contact(story(*events), ACK) == evidence


def test_contacts_are_told_in_the_order_of_time_tries_too() -> None:
    s = story(spoke("C-3", "2026-11-25"), tried("C-2", "2026-11-23"), tried("C-1", "2026-11-23"), spoke("C-9", "2026-11-20 09:00"))
    assert [event.event_id for event in contacts(s, UPDATE)] == ["C-9", "C-1", "C-2", "C-3"]


@pytest.mark.parametrize(
    ("events", "when"),
    [
        pytest.param([], None, id="none"),
        pytest.param([spoke("C-1", "2026-11-23")], None, id="reached"),
        pytest.param([tried("C-1", "2026-11-23")], "2026-11-23 12:00", id="once"),
        pytest.param([tried("C-1", "2026-11-25"), tried("C-2", "2026-11-23")], "2026-11-25 12:00", id="the last"),
        pytest.param([tried("C-1", "2026-11-23"), spoke("C-2", "2026-11-24")], "2026-11-23 12:00", id="then reached"),
        pytest.param([covering("C-1", "2026-11-23", ACK, result=Result.NO_ANSWER)], None, id="about something else"),
    ],
)
def test_the_last_try(events: list[Event], when: str | None) -> None:
    assert last_try(story(*events), UPDATE) == (at(when) if when else None)


OWED = "0" * 32


def message(key: str, state: State, **changes: Any) -> Notification:
    facts: dict[str, Any] = {"not_before": NOW, "created_at": NOW, "evidences": (OWED,), "state": state}
    return Notification(key, "26000712345", "V1", Template.ACKNOWLEDGEMENT, Audience.VICTIM, Channel.EMAIL, **facts | changes)


ARRIVED = {"sent_at": NOW + HOUR, "delivered_at": NOW + 2 * HOUR}


@pytest.mark.parametrize("state", State)
def test_only_a_message_that_arrived_is_evidence(state: State) -> None:
    """Sent is not evidence; a bounce takes it back; who complains of it has it."""
    arrived = state in {State.DELIVERED, State.COMPLAINED}
    found = by_message(situation(occurrence(), rows=[message("n", state, **ARRIVED)]), OWED)
    assert found == (Evidence("n", NOW + 2 * HOUR) if arrived else None)


@pytest.mark.parametrize(
    ("rows", "evidence"),
    [
        pytest.param([], None, id="none"),
        pytest.param([message("n", State.DELIVERED, evidences=())], None, id="its words are not what is owed: a text"),
        pytest.param([message("n", State.DELIVERED, evidences=("f" * 32,))], None, id="of something else"),
        pytest.param([message("n", State.DELIVERED, sent_at=NOW + HOUR)], Evidence("n", NOW + HOUR), id="not known when: as it was sent"),
        pytest.param([message("n", State.DELIVERED)], Evidence("n", NOW), id="nor that"),
        pytest.param(
            [message("a", State.DELIVERED, delivered_at=NOW + HOUR), message("b", State.DELIVERED, delivered_at=NOW)],
            Evidence("b", NOW),
            id="the earlier of two",
        ),
    ],
)
def test_the_message_whose_words_are_what_is_owed(rows: list[Notification], evidence: Evidence | None) -> None:
    assert by_message(situation(occurrence(), rows=rows), OWED) == evidence


@pytest.mark.parametrize(
    ("paper", "evidence"),
    [
        pytest.param(None, None, id="none"),
        pytest.param({"given_at": None, "method": "by hand"}, None, id="not said when"),
        pytest.param({"given_at": "2026-11-20T10:00:00+00:00", "method": None}, Evidence(PAPER, at("2026-11-20 10:00")), id="given"),
    ],
)
def test_the_officers_paper(paper: dict[str, Any] | None, evidence: Evidence | None) -> None:
    assert on_paper(situation(occurrence(person={"written_acknowledgement": paper}))) == evidence


RECORDED = at("2026-11-20 10:30")


@pytest.mark.parametrize(
    ("said", "evidence"),
    [
        pytest.param(None, None, id="nothing said"),
        pytest.param(enhanced(eligible=None), None, id="not assessed"),
        pytest.param(enhanced(eligible=True), Evidence(ASSESSED, at("2026-11-20 10:00")), id="enhanced rights apply"),
        pytest.param(enhanced(eligible=False), Evidence(ASSESSED, at("2026-11-20 10:00")), id="they do not: assessed all the same"),
        pytest.param(enhanced(eligible=True, assessed_at=None), Evidence(ASSESSED, RECORDED), id="not said when: as it was recorded"),
    ],
)
def test_the_record_says_whether_needs_were_assessed(said: dict[str, Any] | None, evidence: Evidence | None) -> None:
    assert assessed(situation(occurrence(person={"enhanced": said}))) == evidence


def step(event_id: str, when: str, what: Step = Step.DONE, task: str = OWED) -> TaskDone:
    return TaskDone("26000712345", event_id, task, at(when), what, "7001")


TAKEN = step("T-1", "2026-11-23 09:00", Step.PICKED_UP)


@pytest.mark.parametrize(
    ("events", "done", "taken"),
    [
        pytest.param([], None, None, id="nothing heard"),
        pytest.param([TAKEN], None, "2026-11-23 09:00", id="picked up"),
        pytest.param([step("T-1", "2026-11-23 09:00")], "T-1", "2026-11-23 09:00", id="done at once"),
        pytest.param(
            [step("T-2", "2026-11-24 09:00"), TAKEN], "T-2", "2026-11-23 09:00", id="picked up, then done"
        ),
        pytest.param([step("T-2", "2026-11-24 09:00"), step("T-1", "2026-11-23 09:00")], "T-1", "2026-11-23 09:00", id="twice: the first"),
        pytest.param([step("T-1", "2026-11-23 09:00", task="f" * 32)], None, None, id="another task"),
        pytest.param([spoke("C-1", "2026-11-23")], None, None, id="a contact is no word of a task"),
    ],
)  # fmt: skip
def test_a_person_did_the_task(events: list[Event], done: str | None, taken: str | None) -> None:
    s = story(*events)
    found = task_done(s, OWED)
    assert (found.id if found else None) == done
    assert picked_up(s, OWED) == (at(taken) if taken else None)


BY_CONTACT = {
    Purpose.TELL_VICTIM: ACK,
    Purpose.INTERPRETER: ACK,
    Purpose.FULL_WORDS: ACK,
    Purpose.NOT_DELIVERED: ACK,
    Purpose.OUTCOME_UNKNOWN: ACK,
    Purpose.ASK_REFERRAL: REFERRAL,
    Purpose.TELL_REFERRAL: REFERRAL,
}


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("covered", Covered)
def test_what_a_contact_does_of_an_officers_task(purpose: Purpose, covered: Covered) -> None:
    found = done_by_contact(story(covering("C-1", "2026-11-23", covered)), purpose)
    assert (found is not None) is (BY_CONTACT.get(purpose) is covered)


@settings(max_examples=150, deadline=None)
@given(stories(), st.sampled_from(Covered), st.randoms(use_true_random=False))
def test_no_evidence_is_earlier_and_the_order_of_hearing_does_not_matter(events: list[Event], covered: Covered, chance: Any) -> None:
    s: Situation = story(*events)
    found = by_contact(s, covered)
    reached = [event for event in contacts(s, covered) if event.reached]
    assert (found is None) is (not reached)
    assert found is None or found.at == min(event.at for event in reached)
    again = list(events)
    chance.shuffle(again)
    assert by_contact(story(*again), covered) == found
    assert last_try(story(*again), covered) == last_try(s, covered)

"""Stories of one person in several records: who is asked to consider whether they are persistently targeted, in whatever order they came.

Must not repeat the rule's numbers (domain/test_targeted.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.obligations import ObligationState, Purpose
from tests.builders import NOW, Record, business, done_message, enhanced, iso, occurrence_record, victim
from tests.unit.services.record_strategies import modest
from tests.unit.services.stage import DAY, Stage

REFERENCES = ("26000712341", "26000712342", "26000712343", "26000712344")
TARGETED = Purpose.PERSISTENTLY_TARGETED


def crime(number: int, version: int = 1, *, person: Record | None = None, **facts: Any) -> Record:
    """The person's crime `number`, one every ten days until now, not yet assessed."""
    reported = NOW - timedelta(days=10 * (3 - number), minutes=33)
    who = victim(enhanced=None, email=f"v{number}@example.org", mobile=None) | (person or {})
    times = {"reported_at": iso(reported), "recorded_at": iso(reported + timedelta(minutes=5)), "occurred_from": None, "occurred_to": None}
    return occurrence_record(reference=REFERENCES[number], version=version, victims=[who], **(times | facts))


def asked(stage: Stage) -> list[int]:
    """The numbers of the crimes whose officer still has it to do."""
    return [number for number, reference in enumerate(REFERENCES) if TARGETED in stage.tasks(reference=reference)]


def suggestions(stage: Stage) -> set[tuple[str, str, str | None]]:
    """Each suggestion that is kept, with what became of it."""
    kept = (row for row in stage.world.cases.owed.values() if row.purpose is TARGETED)
    return {(row.reference, str(row.state), row.evidence) for row in kept}


def played(records: Iterable[Record]) -> Stage:
    stage = Stage()
    for record in records:
        stage.put(record)
    return stage


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_officer_of_each_open_record_is_asked_whichever_came_last(order: tuple[int, ...]) -> None:
    assert asked(played(crime(number) for number in order)) == [0, 1, 2]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_closed_records_only_the_one_that_made_three(order: tuple[int, ...]) -> None:
    assert asked(played(crime(number, status="closed") for number in order)) == [2]


def test_two_are_not_enough_and_the_records_of_others_do_not_count() -> None:
    others = [{"person_ref": "N999"}, {"person_ref": None}, {"kind": "police_officer"}, business()]
    for other in others:
        assert asked(played([crime(0), crime(1), crime(2, person=other)])) == []


@pytest.mark.parametrize(
    "ends",
    [{"status": "cancelled"}, {"record_type": "incident"}, {"person": {"person_ref": "N999"}}, {"person": {"kind": "police_officer"}}],
)
def test_a_crime_that_is_none_any_more_takes_the_suggestion_back_and_gives_it_again(ends: dict[str, Any]) -> None:
    stage = played([crime(0), crime(1), crime(2), crime(0, 2, **ends)])
    assert asked(stage) == []
    stage.put(crime(0, 3))
    assert asked(stage) == [0, 1, 2]


def test_a_victim_who_was_taken_off_the_record_does_not_count() -> None:
    stage = played([crime(0), crime(1), crime(2)])
    gone = crime(0, 2)
    gone["occurrence"]["victims"] = []
    stage.put(gone)
    assert asked(stage) == []


def test_a_corrected_person_counts_where_they_belong() -> None:
    stage = played([crime(0), crime(1), crime(2, person={"person_ref": "N999"})])
    stage.put(crime(2, 2))
    assert asked(stage) == [0, 1, 2]


def test_it_is_asked_once_in_each_record_and_done_in_each() -> None:
    stage = played([crime(0), crime(1), crime(2)])
    stage.run()
    task = stage.task(TARGETED, reference=REFERENCES[0])
    stage.put(done_message(task.obligation_id, reference=REFERENCES[0]))
    stage.put(crime(1, 2, person={"enhanced": enhanced(eligible=False)}))
    stage.put(crime(3))
    assert asked(stage) == [2, 3]
    assert stage.tasks(ObligationState.MET, reference=REFERENCES[1]) == [TARGETED]


def test_the_officer_is_told_nothing_of_another_record() -> None:
    stage = played([crime(0), crime(1, person={"email": "second@example.org"}), crime(2)])
    stage.run()
    task = stage.task(TARGETED, reference=REFERENCES[2])
    row = next(row for row in stage.rows(reference=REFERENCES[2]) if row.task_id == task.obligation_id)
    sent = next(email for email in stage.world.email.sent if email.notification_id == row.notification_id)
    assert sent.to == "sam.ash@example.test"
    assert not [word for word in (*REFERENCES[:2], "second@example.org", "Morgan") if word in sent.text + sent.subject]


def test_a_specialist_record_of_the_person_holds_the_others_and_counts_with_them() -> None:
    stage = played([crime(0, flags={"domestic_abuse": True}), crime(1), crime(2)])
    assert asked(stage) == [0, 1, 2]
    stage.release(reference=REFERENCES[2])
    assert asked(stage) == [0, 1]
    stage.later(2 * DAY)
    assert stage.leaks() == []


def test_an_ordinary_victim_costs_no_reading_of_other_records() -> None:
    """One record reads its own case alone, two tell each other; a shop that has many reads none of them."""
    assert played([crime(0)]).world.calls.made.count("cases.load") == 1
    assert "points.cases_of" not in played([crime(0)]).world.calls.made
    many = played([crime(number, person=business()) for number in range(4)])
    assert many.world.calls.made.count("cases.load") == 4


STORY = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from([{}, {"status": "closed"}, {"status": "cancelled"}, {"record_type": "incident"}, {"restricted": True}]),
        st.sampled_from([{}, {"person_ref": "N999"}, {"enhanced": enhanced()}, {"enhanced": enhanced(eligible=False)}]),
    ),
    min_size=3,
    max_size=8,
)


@modest(60)
@given(STORY, st.randoms(use_true_random=False))
def test_records_and_versions_in_any_order_end_with_the_same_tasks(story: list[Any], mixer: Any) -> None:
    versions = dict.fromkeys(range(4), 0)
    records = []
    for number, facts, person in story:
        versions[number] += 1
        records.append(crime(number, versions[number], person=person, **facts))
    shuffled = list(records)
    mixer.shuffle(shuffled)
    assert suggestions(played(records)) == suggestions(played(shuffled))

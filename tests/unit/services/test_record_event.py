"""Events of a case: once each, in any order, before their occurrence and after; what each changes, and what is announced of it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import Contended, RetryLater
from chalicelib.domain.events import LetterReturned
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Unit
from chalicelib.domain.obligations import Kind, ObligationState, Purpose
from chalicelib.schemas.out_events import OutEvent
from chalicelib.services.record_event import Told
from chalicelib.services.record_occurrence import Recorded
from tests import builders
from tests.builders import change_message, contact_message, done_message, hearing_message, letter_message, release_message, victim
from tests.unit.services.record_strategies import modest
from tests.unit.services.stage import DAY, NOW, REF, Stage, record
from tests.unit.services.test_order import rows

LATER = NOW + timedelta(hours=4)
BY_LETTER = {"contact_safety": builders.contact_safety(safe_channels=["letter"]), "enhanced": builders.enhanced()}


def told(**facts: Any) -> Stage:
    stage = Stage()
    stage.version(**facts)
    stage.until(LATER)
    for item in list(stage.left):
        stage.receive(stage.row(item.notification_id))
    return stage


def owed(stage: Stage, kind: Kind = Kind.UPDATE) -> list[Any]:
    return sorted((item for item in stage.owed() if item.kind is kind), key=lambda item: (item.unmet, item.started_at))


def agreement(stage: Stage) -> Any:
    return stage.world.cases.agreements[REF, "V1"]


def announced(stage: Stage) -> list[dict[str, Any]]:
    """What went out, each held against the published schema."""
    return [OutEvent.model_validate(body).model_dump(mode="json", exclude_none=True) for body in stage.world.topic.published]


def test_a_contact_meets_the_update_and_begins_the_next():
    stage = told()
    assert stage.put(contact_message(now=stage.now, next_update_on="2026-12-08")) == "recorded"
    stage.run()
    first, second = owed(stage)
    assert (first.state, first.evidence, first.met_at) == (ObligationState.MET, "C-1", stage.now - timedelta(minutes=1))
    assert (second.state, second.due_at.date(), agreement(stage).next_update_on) == (
        ObligationState.OPEN,
        date(2026, 12, 8),
        date(2026, 12, 8),
    )
    met = [body for body in announced(stage) if body["event"] == "obligation_met" and body["kind"] == "update"]
    assert [(body["reference"], body["victim_id"], body["evidence"]) for body in met] == [(REF, "V1", "C-1")]


def test_the_same_event_counts_once_and_equal_ids_with_other_content_conflict():
    stage = told()
    message = contact_message(now=stage.now)
    assert [stage.put(message), stage.put(message), stage.put(message | {"message_id": "again"})] == ["recorded", "duplicate", "duplicate"]
    assert stage.put(contact_message(now=stage.now, result="no_answer")) == "quarantined"
    assert len(owed(stage)) == 2


def test_events_before_their_occurrence_wait_for_it():
    stage = Stage(LATER)
    assert stage.put(contact_message(now=stage.now, covers=["update", "needs_assessment"], next_update_on="2026-12-08")) == "recorded"
    assert stage.put(change_message(now=stage.now, next_update_on=None)) == "recorded"
    assert (stage.left, stage.owed()) == ([], [])
    stage.version(victims=[victim(enhanced=None)])
    assert (stage.duty("needs_assessment"), agreement(stage).every_days) == ("met", 14)
    assert [item.state for item in owed(stage)] == [ObligationState.MET, ObligationState.OPEN]


def test_an_event_of_a_victim_who_is_not_named_yet_waits_for_them():
    stage = told()
    stage.put(contact_message(now=stage.now, victim_id="V2", covers=["needs_assessment"]))
    stage.version(2, victims=[victim(), victim("V2", person_ref="N2", enhanced=None)])
    assert stage.duty("needs_assessment", victim_id="V2") == "met"


@pytest.mark.parametrize(
    ("changes", "ended", "days", "proposed", "dates"),
    [
        pytest.param({"next_update_on": "2026-12-12"}, None, 14, False, [("open", date(2026, 12, 12))], id="another day"),
        pytest.param({"next_update_on": None}, None, 14, False, [("open", date(2026, 12, 4))], id="counted from the change"),
        pytest.param(
            {"every_days": None, "next_update_on": None}, None, None, False, [("waived", date(2026, 11, 30))], id="key events only"
        ),
        pytest.param({"declined": True}, "declined", 14, False, [("waived", date(2026, 11, 30))], id="declined"),
    ],
)
def test_an_agreement_is_changed_at_any_time(changes: Any, ended: Any, days: Any, proposed: bool, dates: Any):
    stage = told()
    stage.put(change_message(now=stage.now, **changes))
    stage.run()
    agreed = agreement(stage)
    assert (agreed.ended, agreed.every_days, agreed.proposed, agreed.agreed_by) == (ended, days, proposed, "victim")
    assert [(item.state, item.due_at.date()) for item in owed(stage)] == dates
    assert [terms.source for terms in agreed.history][-1] == "A-1"
    assert [body["event"] for body in announced(stage)].count("agreement_changed") == 1


def test_a_version_that_repeats_itself_does_not_undo_a_change_and_one_that_says_something_new_does():
    stage = told()
    stage.put(change_message(now=stage.now))
    stage.version(2, source="online")
    assert agreement(stage).every_days == 14
    later = record(3, victims=[victim(update_agreement=builders.update_agreement(every_days=21))])
    stage.put(later | {"sent_at": builders.iso(stage.now)})
    assert agreement(stage).every_days == 21


def test_a_closed_case_ends_the_agreement_and_one_that_opens_again_resumes_it():
    stage = told()
    stage.put(record(2, status="closed") | {"sent_at": builders.iso(LATER)})
    assert (agreement(stage).ended, [item.state for item in owed(stage)]) == ("closed", [ObligationState.WAIVED])
    stage.until(LATER + DAY)
    stage.put(record(3) | {"sent_at": builders.iso(LATER + DAY)})
    assert agreement(stage).ended is None
    assert [item.state for item in owed(stage)] == [ObligationState.WAIVED, ObligationState.OPEN]


def test_a_late_update_is_not_hidden_by_closing_the_case():
    stage = told()
    stage.through(date(2026, 12, 2))
    stage.put(record(2, status="closed") | {"sent_at": builders.iso(stage.now)})
    stage.run()
    assert [(item.state, item.reason) for item in owed(stage)] == [(ObligationState.BREACHED, "closed")]
    assert [body["kind"] for body in announced(stage) if body["event"] == "obligation_breached"] == ["update"]


def test_from_the_first_hearing_witness_care_is_reminded_and_the_officer_is_not():
    stage = told()
    stage.put(hearing_message(now=stage.now))
    stage.put(contact_message(now=stage.now, covers=["vps_offered"], covers_event_ids=["E-1"], next_update_on=None))
    stage.put(done_message(stage.task(Purpose.EVENT_AT_COURT).obligation_id, now=stage.now))
    stage.through(date(2026, 11, 28))
    assert [item.to for item in stage.digests()] == ["witness-care@derbyshire-police.test"]
    assert agreement(stage).keeper is Unit.WITNESS_CARE


def test_a_task_is_done_by_its_id_early_or_late_and_picked_up_first():
    stage = Stage()
    stage.version(flags={"domestic_abuse": True})
    stage.run()
    task = stage.task(Purpose.SPECIALIST).obligation_id
    assert [body["task"] for body in announced(stage) if body["event"] == "task_raised"] == [task]
    stage.world.clock.set(LATER)
    stage.put(done_message(task, now=LATER, event_id="T-0", step="picked_up"))
    assert stage.task(Purpose.SPECIALIST).picked_up_at == LATER - timedelta(minutes=1)
    stage.put(done_message(task, now=LATER))
    assert (stage.tasks(), stage.tasks(ObligationState.MET)) == ([], [Purpose.SPECIALIST])
    early = Stage(LATER)
    early.put(done_message(task, now=LATER))
    early.version(flags={"domestic_abuse": True})
    early.run()
    assert (early.tasks(), early.sent_to("unit")) == ([], [])


def test_an_officer_s_task_is_done_by_the_contact_that_does_what_it_asks():
    stage = told(victims=[victim(referral_opt_out=None)])
    assert stage.tasks() == [Purpose.ASK_REFERRAL]
    stage.put(contact_message(now=stage.now, covers=["referral"]))
    assert (stage.tasks(), stage.tasks(ObligationState.MET)) == ([], [Purpose.ASK_REFERRAL])


def test_a_release_by_the_records_system_covers_what_it_had_sent_whatever_comes_first():
    ends = []
    flagged, cleared = record(flags={"domestic_abuse": True}), record(2)
    for messages in permutations([flagged, cleared | {"sent_at": builders.iso(NOW + timedelta(hours=1))}, release_message(now=LATER)]):
        stage = Stage(LATER)
        for message in messages:
            stage.put(message)
        stage.until(LATER + DAY)
        ends.append((sorted(stage.outside), stage.world.cases.parts[REF]["V1"].decision.route))
        assert stage.house.world.cases.heads[REF].releases[0].event_id == "H-1"
    assert len({str(end) for end in ends}) == 1
    assert ends[0][1] == "victim_services"


def test_a_release_covers_nothing_that_was_sent_after_it():
    stage = told(flags={"domestic_abuse": True})
    stage.put(release_message(now=LATER))
    stage.put(record(2, flags={"domestic_abuse": True}) | {"sent_at": builders.iso(LATER)})
    stage.put(record(3) | {"sent_at": builders.iso(LATER)})
    stage.until(LATER + DAY)
    assert stage.outside == []


def test_a_release_frees_whoever_was_held_for_the_person_s_sake_in_the_same_case():
    linked = victim("V2", mobile="+447700900123", representative=builders.representative(linked_to_suspect=True))
    stage = told(victims=[victim(), linked])
    stage.put(record(2, victims=[victim(), victim("V2", mobile="+447700900123")]) | {"sent_at": builders.iso(NOW + timedelta(hours=1))})
    assert stage.world.cases.parts[REF]["V1"].decision.rule_id == "specialist-elsewhere"
    stage.put(release_message(now=LATER, victim_id="V2"))
    assert stage.world.cases.parts[REF]["V1"].decision.route == "victim_services"


def test_a_letter_counts_as_delivered_after_two_working_days():
    """Laid out on Friday 20 November: delivered at the end of Tuesday."""
    stage = Stage()
    stage.version(victims=[victim(**BY_LETTER)])
    stage.until(LATER)
    letter = stage.only(Template.ACKNOWLEDGEMENT)
    assert letter.state is State.SENT
    assert letter.open_at == datetime.fromisoformat("2026-11-24T23:59:59+00:00")
    stage.until(letter.open_at - timedelta(seconds=1))
    assert stage.duty("written_acknowledgement") == "open"
    stage.until(letter.open_at)
    assert (stage.only(Template.ACKNOWLEDGEMENT).state, stage.duty("written_acknowledgement")) == (State.DELIVERED, "met")


@pytest.mark.parametrize("days", [1, 10], ids=["before it counted", "after"])
def test_a_returned_letter_takes_the_evidence_back_and_gives_it_to_the_officer(days: int):
    stage = Stage()
    stage.version(victims=[victim(**BY_LETTER)])
    stage.until(LATER)
    stage.until(NOW + days * DAY)
    message = letter_message(now=stage.now)
    stage.put(message)
    stage.put(message)
    stage.run()
    assert stage.only(Template.ACKNOWLEDGEMENT).state is State.BOUNCED
    assert stage.duty("written_acknowledgement") in ("open", "late", "breached")
    assert stage.tasks() == [Purpose.NOT_DELIVERED]


def test_whoever_observes_is_told_which_letters_came_back_once():
    stage = Stage()
    stage.version(victims=[victim(**BY_LETTER)])
    stage.until(LATER)
    letter = stage.only(Template.ACKNOWLEDGEMENT).notification_id
    returned = LetterReturned(REF, "L-1", "V1", stage.now)
    assert stage.house.event.told(returned, "hash", stage.now) == Told(Recorded.RECORDED, (letter,))
    assert stage.house.event.told(returned, "hash", stage.now) == Told(Recorded.DUPLICATE)
    other = LetterReturned(REF, "L-2", "V1", stage.now)
    assert stage.house.event.told(other, "hash", stage.now) == Told(Recorded.RECORDED), "it is back already"


def test_a_letter_that_left_after_another_came_back_is_not_taken_for_it():
    stage = Stage()
    stage.version(victims=[victim(**BY_LETTER)])
    stage.put(letter_message(now=NOW))
    stage.until(LATER)
    assert stage.only(Template.ACKNOWLEDGEMENT).state is State.SENT


def test_an_event_waits_while_a_version_is_being_written_and_gives_up_where_the_case_never_rests():
    stage = told()
    stage.world.calls.fail("cases.commit", *[Contended("head")] * 5)
    with pytest.raises(RetryLater):
        stage.put(contact_message(now=stage.now))
    stage.world.calls.fail("cases.commit", Contended("head"))
    assert stage.put(contact_message(now=stage.now)) == "recorded"


def test_what_the_topic_does_not_take_stays_and_goes_with_the_next_sweep():
    stage = Stage()
    stage.world.calls.fail("topic.publish", *[RetryLater("topic")] * 3)
    stage.version(flags={"domestic_abuse": True})
    stage.run()
    assert stage.world.topic.published == []
    stage.later(timedelta(minutes=5))
    stage.later(timedelta(minutes=5))
    assert [body["event"] for body in announced(stage)] == ["task_raised"]
    assert not [row for row in stage.world.cases.rows.values() if row.template is Template.OUT]


def test_announcements_name_ids_enums_and_times_alone():
    stage = told()
    stage.put(contact_message(now=stage.now, next_update_on="2026-12-08"))
    stage.run()
    assert {body["event"] for body in announced(stage)} == {"notified", "obligation_met", "agreement_changed"}
    assert "Morgan" not in str(stage.world.topic.published)


def differences(one: Any, other: Any) -> dict[str, tuple[Any, Any]]:
    pairs = {"kind": (one.kind, "")} if hasattr(one, "kind") else {}
    pairs |= {field.name: (getattr(one, field.name), getattr(other, field.name)) for field in fields(one)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


POOL = [
    contact_message(now=LATER, next_update_on="2026-12-08"),
    contact_message(now=LATER + timedelta(hours=1), event_id="C-2", covers=["update", "written_acknowledgement"], next_update_on=None),
    contact_message(now=LATER + timedelta(hours=1), event_id="C-3", result="message_left", next_update_on=None),
    change_message(now=LATER + timedelta(minutes=30)),
    hearing_message(now=LATER),
    release_message(now=LATER),
    record(1),
    record(2, flags={"domestic_abuse": True}),
    record(3) | {"sent_at": builders.iso(LATER + timedelta(minutes=10))},
]


@modest(40)
@given(st.permutations(POOL), st.lists(st.sampled_from(POOL), max_size=3))
def test_every_order_of_events_and_versions_ends_in_the_same_rows(messages: list[dict[str, Any]], again: list[dict[str, Any]]):
    one, other = Stage(LATER + 2 * timedelta(hours=1)), Stage(LATER + 2 * timedelta(hours=1))
    for message in POOL:
        one.put(message)
    for message in [*messages, *again]:
        other.put(message)
    expected, found = rows(one), rows(other)
    for name in ("notifications", "obligations", "agreements"):
        assert expected[name].keys() == found[name].keys(), name
        differing = {key: (expected[name][key], found[name][key]) for key in expected[name] if expected[name][key] != found[name][key]}
        assert [differences(*pair) for pair in differing.values()] == []

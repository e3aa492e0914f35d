"""Tasks of units and officers: what meets them, who is told of them and when, and what nobody has to do because a message will.

docs/obligations.md, "Kinds" and "Tasks to units". Must not repeat which task is wanted when (test_plan.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from chalicelib.domain.delivery import Audience, Notification, State
from chalicelib.domain.events import Covered, Step, TaskDone
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Unit
from chalicelib.domain.obligations import Kind, Obligation, ObligationState, Purpose
from chalicelib.domain.plan import Plan
from chalicelib.domain.situation import Standing
from tests.builders import NOW, contact_safety
from tests.domain_builders import HOLIDAYS, PROFILE, STANDING, at, codes, left, occurrence, owed, planned, tasks
from tests.unit.domain.update_stories import moment, spoke

OPEN, LATE, MET = ObligationState.OPEN, ObligationState.LATE, ObligationState.MET
ACK, REFERRAL, UPDATE = Kind.WRITTEN_ACKNOWLEDGEMENT, Kind.REFERRAL, Kind.UPDATE
ACKED = frozenset({Covered.WRITTEN_ACKNOWLEDGEMENT})


def right(plan: Plan, kind: Kind) -> Obligation:
    row = owed(plan, kind)
    assert row is not None
    return row


NOBODY_SAFE = {"contact_safety": contact_safety(safe_channels=[])}
TASKS = [
    pytest.param({}, NOBODY_SAFE, Purpose.TELL_VICTIM, Covered.WRITTEN_ACKNOWLEDGEMENT, id="tell the victim"),
    pytest.param({}, {"language": "pl"}, Purpose.INTERPRETER, Covered.WRITTEN_ACKNOWLEDGEMENT, id="through an interpreter"),
    pytest.param({}, {"email": None}, Purpose.FULL_WORDS, Covered.WRITTEN_ACKNOWLEDGEMENT, id="the full words"),
    pytest.param({}, {"referral_opt_out": None}, Purpose.ASK_REFERRAL, Covered.REFERRAL, id="ask about the referral"),
    pytest.param({"offences": codes("")}, {}, Purpose.DOUBT, None, id="a doubt"),
    pytest.param({"dash_risk": "high"}, {}, Purpose.SPECIALIST, None, id="a unit's"),
    pytest.param({"status": "transferred"}, {}, Purpose.TRANSFERRED, None, id="transferred"),
]


@pytest.mark.parametrize(("facts", "person", "purpose", "covered"), TASKS)
def test_a_task_is_met_as_a_person_says_that_it_is_done(
    facts: dict[str, Any], person: dict[str, Any], purpose: Purpose, covered: Covered | None
) -> None:
    record = occurrence(**facts, person=person)
    task = tasks(planned(record))[purpose]
    taken = TaskDone("26000712345", "T-1", task.obligation_id, moment("2026-11-23"), Step.PICKED_UP)
    done = TaskDone("26000712345", "T-2", task.obligation_id, moment("2026-11-24"))
    picked = tasks(planned(record, events=(taken,)))[purpose]
    assert (picked.state, picked.picked_up_at) == (OPEN, moment("2026-11-23"))
    finished = tasks(planned(record, events=(done, taken)))[purpose]
    assert (finished.state, finished.evidence, finished.met_at) == (MET, "T-2", moment("2026-11-24"))
    assert finished.picked_up_at == moment("2026-11-23")


def test_nobody_is_asked_for_words_that_the_officer_had_given_on_paper() -> None:
    paper = {"given_at": "2026-11-20T10:00:00+00:00", "method": "paper"}
    record = occurrence(person={"email": None, "written_acknowledgement": paper})
    assert tasks(planned(record)) == {}
    assert tasks(planned(record, events=(spoke("C-1", "2026-11-27", covers=ACKED),))) == {}


@pytest.mark.parametrize(("facts", "person", "purpose", "covered"), TASKS)
@pytest.mark.parametrize("said", [Covered.WRITTEN_ACKNOWLEDGEMENT, Covered.REFERRAL, Covered.UPDATE])
def test_an_officers_task_is_met_by_the_contact_that_does_what_it_asks(
    facts: dict[str, Any], person: dict[str, Any], purpose: Purpose, covered: Covered | None, said: Covered
) -> None:
    """A unit's task is met only by its own word, a doubt only by the record."""
    events = (spoke("C-1", "2026-11-23", covers=frozenset({said})),)
    task = tasks(planned(occurrence(**facts, person=person), events=events))[purpose]
    assert (task.state, task.evidence) == ((MET, "C-1") if said is covered else (OPEN, None))


def mails(plan: Plan) -> list[Notification]:
    return [row for row in plan.notifications.values() if row.template is Template.TASK]


@pytest.mark.parametrize("out", [False, True], ids=["nobody was told of it", "its mail is out"])
def test_a_task_that_is_done_is_told_to_nobody_who_did_not_hear_of_it(out: bool) -> None:
    record = occurrence(person={"language": "pl"})
    (mail,) = mails(planned(record))
    state = {"state": State.SENT, "attempted": True} if out else {"state": State.PENDING}
    events = (spoke("C-1", "2026-11-23", covers=ACKED),)
    after = mails(planned(record, rows=[replace(mail, **state)], events=events))
    assert [row.notification_id for row in after] == ([mail.notification_id] if out else [])


HIGH_RISK, MEDIUM = {"dash_risk": "high"}, {"dash_risk": "medium"}
NIGHT = at("2026-11-21 03:00")
NINE_AND_THREE = (time(15), time(9))


def with_lists(unit: Unit) -> Standing:
    """A force whose unit has its tasks in two lists a day."""
    roles = dict(PROFILE.roles) | {unit: replace(PROFILE.roles[unit], lists=NINE_AND_THREE)}
    return Standing(replace(PROFILE, roles=roles), HOLIDAYS, frozenset({"en"}))


def test_high_risk_domestic_abuse_goes_to_the_unit_and_the_duty_contact_at_any_hour() -> None:
    plan = planned(occurrence(**HIGH_RISK), now=NIGHT, accepted_at=NIGHT, standing=with_lists(Unit.VICTIM_CARE_UNIT))
    assert {(row.audience, row.unit, row.not_before) for row in mails(plan)} == {
        (Audience.UNIT, Unit.VICTIM_CARE_UNIT, NIGHT),
        (Audience.UNIT, Unit.DUTY_CONTACT, NIGHT),
    }
    assert {row.task_id for row in mails(plan)} == {tasks(plan)[Purpose.SPECIALIST].obligation_id}


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        pytest.param("2026-11-20 08:59:59", "2026-11-20 09:00", id="before the first list"),
        pytest.param("2026-11-20 09:00", "2026-11-20 09:00", id="at the hour"),
        pytest.param("2026-11-20 09:00:01", "2026-11-20 15:00", id="a second later: the second list"),
        pytest.param("2026-11-20 15:00:01", "2026-11-21 09:00", id="after both: tomorrow's first"),
        pytest.param("2027-03-27 16:00", "2027-03-28 08:00", id="over the night of the clocks going forward"),
        pytest.param("2027-10-30 16:00", "2027-10-31 09:00", id="over the night of the clocks going back"),
        pytest.param("2026-12-31 16:00", "2027-01-01 09:00", id="over the year's end"),
    ],
)
def test_a_unit_that_has_lists_gets_its_tasks_in_them(now: str, leaves: str) -> None:
    plan = planned(occurrence(**MEDIUM), now=at(now), accepted_at=at(now), standing=with_lists(Unit.VICTIM_CARE_UNIT))
    assert [(row.unit, row.not_before) for row in mails(plan)] == [(Unit.VICTIM_CARE_UNIT, at(leaves))]


@pytest.mark.parametrize(
    ("facts", "unit"),
    [
        pytest.param(MEDIUM, Unit.FAMILY_LIAISON, id="another unit has lists"),
        pytest.param({"offences": codes("")}, Unit.OFFICER, id="a person has a mailbox, not lists"),
    ],
)
def test_who_has_no_lists_gets_each_task_at_once(facts: dict[str, Any], unit: Unit) -> None:
    assert [row.not_before for row in mails(planned(occurrence(**facts), now=NIGHT, accepted_at=NIGHT, standing=with_lists(unit)))] == [
        NIGHT
    ]


FINAL = {State.FAILED, State.BOUNCED, State.SETTLED}


@pytest.mark.parametrize("state", State)
def test_what_our_own_message_is_about_to_meet(state: State) -> None:
    """Nobody is reminded of it before its deadline, unless the message cannot arrive any more."""
    plan = planned(occurrence(version=2), rows=left({}, email=state))
    row = right(plan, ACK)
    arrived = state in {State.DELIVERED, State.COMPLAINED}
    assert row.automatic is (not arrived and state not in FINAL)
    assert row.state is (MET if arrived else OPEN)


@pytest.mark.parametrize(
    ("facts", "person", "kind", "automatic"),
    [
        pytest.param({}, {}, ACK, True, id="the notice waits for its hour"),
        pytest.param({}, {}, REFERRAL, True, id="the referral waits for the notice"),
        pytest.param({}, {}, UPDATE, False, id="an update is a person's"),
        pytest.param({}, {"email": None}, ACK, False, id="a text is not the written acknowledgement"),
        pytest.param({}, {"referral_opt_out": None}, REFERRAL, False, id="nobody asked yet"),
        pytest.param(HIGH_RISK, {}, ACK, False, id="specialist: no message is ever made"),
        pytest.param({}, NOBODY_SAFE, ACK, False, id="a person tells the victim"),
    ],
)
def test_what_is_met_by_itself(facts: dict[str, Any], person: dict[str, Any], kind: Kind, automatic: bool) -> None:
    assert right(planned(occurrence(**facts, person=person)), kind).automatic is automatic


def test_what_is_late_is_still_met_by_our_own_message() -> None:
    row = right(planned(occurrence(), now=NOW + timedelta(days=6)), ACK)
    assert (row.state, row.automatic) == (LATE, True)


def test_derbyshires_units_have_each_task_at_once() -> None:
    """Until the force says otherwise."""
    assert all(role.lists == () for role in STANDING.profile.roles.values())

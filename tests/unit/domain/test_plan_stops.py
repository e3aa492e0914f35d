"""Another classification, or none, after something left: what the Victim Care Unit and the service hear, and until when it stays owed.

Issue 2, section 6: after sending, a task to the Victim Care Unit and a stop notice to the service, owed until a person confirms.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.delivery import Audience, Notification, State
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Route, Unit
from chalicelib.domain.obligations import Kind, Purpose
from chalicelib.domain.plan import Plan, plan_removed
from tests.builders import contact_safety
from tests.domain_builders import asked, at, codes, left, messages, occurrence, owed, planned, said, situation

EMAIL = Channel.EMAIL
ACK, REFERRAL = Template.ACKNOWLEDGEMENT, Template.REFERRAL
SENT, PENDING, CANCELLED = State.SENT, State.PENDING, State.CANCELLED
LEFT = (SENT, State.DELIVERED, State.COMPLAINED, State.BOUNCED, State.UNKNOWN, State.SETTLED)
HIGH_RISK = {"dash_risk": "high"}
SPECIALIST = "specialist for victim_care_unit"
STOP_NOTICE = "stop_notice to service by email"

BEFORE, STOP = "sent_before for victim_care_unit", "stop_confirm for victim_care_unit"
RECLASSIFIED = [
    pytest.param({"flags": {"domestic_abuse": True}}, {}, "specialist for victim_care_unit", True, id="domestic abuse"),
    pytest.param({"flags": {"domestic_abuse": None}}, {}, "doubt for victim_care_unit", True, id="perhaps domestic abuse"),
    pytest.param({"offences": codes("19C")}, {}, "specialist for victim_care_unit", True, id="a sexual offence"),
    pytest.param({"offences": codes("1")}, {}, "specialist for family_liaison", True, id="a death"),
    pytest.param({"restricted": True}, {}, "specialist for victim_care_unit", True, id="restricted"),
    pytest.param({}, {"kind": "police_officer"}, "specialist for supervisor", True, id="a police officer"),
    pytest.param({"flags": {"safeguarding": None}}, {}, "doubt for officer", False, id="another doubt: a person looks, nothing is stopped"),
    pytest.param({"offences": codes("")}, {}, "doubt for officer", False, id="the class is not known any more"),
]


@pytest.mark.parametrize(("facts", "person", "task", "stops"), RECLASSIFIED)
def test_another_classification_after_sending(facts: dict[str, Any], person: dict[str, Any], task: str, stops: bool) -> None:
    """Issue 2, section 6: a task to the Victim Care Unit, and a stop notice to the service."""
    plan = planned(occurrence(version=2, **facts, person=person), rows=left({}, email=SENT, referral=SENT))
    assert asked(plan) == {task, *([BEFORE, STOP] if stops else [])}
    assert bool(messages(plan, Template.STOP_NOTICE)) is stops
    assert messages(plan, ACK) == messages(plan, REFERRAL) == {}


@pytest.mark.parametrize("state", State)
def test_the_service_is_told_to_stop_wherever_the_referral_may_have_left(state: State) -> None:
    plan = planned(occurrence(version=2, dash_risk="high"), rows=left({}, referral=state))
    stopped = state in LEFT
    assert bool(messages(plan, Template.STOP_NOTICE)) is stopped
    assert asked(plan) == {"specialist for victim_care_unit", *([BEFORE, STOP] if stopped else [])}


@pytest.mark.parametrize("state", State)
def test_where_only_the_victim_was_told_there_is_nothing_to_stop(state: State) -> None:
    plan = planned(occurrence(version=2, dash_risk="high"), rows=left({}, email=state))
    assert messages(plan, Template.STOP_NOTICE) == {}
    assert asked(plan) == {"specialist for victim_care_unit", *([BEFORE] if state in LEFT else [])}


def test_a_stop_notice_is_owed_by_its_own_rule_and_leaves_at_once() -> None:
    """Stop notices know neither hold window nor quiet hours; confirmed within a working day [INF]."""
    night = at("2026-11-20 23:00:00")
    plan = planned(occurrence(version=2, dash_risk="high"), rows=left({}, email=SENT, referral=SENT), now=night)
    notice, task = messages(plan, Template.STOP_NOTICE)[EMAIL], owed(plan, Kind.STOP_NOTICE)
    assert task is not None
    assert (task.rule_id, task.unit, task.purpose) == ("STOP-1WD", Unit.VICTIM_CARE_UNIT, Purpose.STOP_CONFIRM)
    assert (notice.audience, notice.not_before, notice.task_id) == (Audience.SERVICE, night, task.obligation_id)


def stopping(state: State) -> list[Notification]:
    """What stands after a referral left, the record became specialist, and the stop notice got into `state`."""
    rows = left({}, email=SENT, referral=SENT)
    plan = planned(occurrence(version=2, **HIGH_RISK), rows=rows)
    return [*rows, replace(messages(plan, Template.STOP_NOTICE)[EMAIL], state=state, attempted=state is not PENDING)]


def removed(rows: list[Notification], *sticky: str) -> Plan:
    """The plan for a victim whom the newest version does not name."""
    return plan_removed(situation(occurrence(version=3), rows=rows, sticky=frozenset(sticky)))


@pytest.mark.parametrize(
    "facts",
    [{"status": "cancelled"}, {"status": "transferred"}, {"record_type": "incident", "offences": []}, HIGH_RISK, {"offences": codes("")}],
    ids=["cancelled", "transferred", "no offence", "still specialist", "in doubt"],
)
@pytest.mark.parametrize("state", [state for state in State if state is not CANCELLED])
def test_a_stop_stays_owed_whatever_the_record_says_next(facts: dict[str, Any], state: State) -> None:
    plan = planned(occurrence(version=3, **facts), rows=stopping(state))
    assert STOP_NOTICE in said(plan)
    assert STOP in asked(plan)


@pytest.mark.parametrize(
    ("state", "stays"),
    [(state, state not in {PENDING, State.HELD, CANCELLED}) for state in State],
)
def test_after_a_release_only_a_stop_that_nobody_heard_of_is_dropped(state: State, stays: bool) -> None:
    plan = planned(occurrence(version=2), rows=stopping(state))
    assert plan.decision.automatic
    assert (STOP_NOTICE in said(plan)) is stays
    assert (STOP in asked(plan)) is stays


@pytest.mark.parametrize("facts", [{"status": "cancelled"}, {"status": "transferred"}], ids=["cancelled", "transferred"])
def test_a_record_that_ends_stops_nothing_by_itself(facts: dict[str, Any]) -> None:
    plan = planned(occurrence(version=2, **facts), rows=left({}, email=SENT, referral=SENT))
    assert messages(plan, Template.STOP_NOTICE) == {}


def test_a_removed_victim_is_owed_nothing() -> None:
    plan = removed([])
    assert (plan.decision.route, plan.decision.rule_id, plan.agreement, plan.choice) == (Route.NO_ROUTE, "removed", None, None)
    assert (plan.notifications, plan.obligations) == ({}, {})


def test_what_waited_for_a_removed_victim_is_not_wanted() -> None:
    assert said(removed(left({}, email=PENDING, referral=State.HELD))) == set()


@pytest.mark.parametrize(
    ("rows", "sticky", "says", "asks"),
    [
        pytest.param(left({}, email=SENT, referral=SENT), (), set(), set(), id="told and referred, never specialist"),
        pytest.param(left({}, email=SENT, referral=SENT), ("restricted",), {STOP_NOTICE}, {BEFORE, STOP}, id="a late sign: stop"),
        pytest.param(left({}, email=SENT), ("restricted",), set(), {BEFORE}, id="a late sign, only told"),
        pytest.param([], ("restricted",), set(), set(), id="a late sign, nothing left"),
        pytest.param(stopping(SENT), (), {STOP_NOTICE}, {STOP}, id="a stop that was sent stays owed"),
        pytest.param(stopping(PENDING), (), {STOP_NOTICE}, {STOP}, id="a stop that waits still leaves"),
        pytest.param(stopping(CANCELLED), (), set(), set(), id="a stop that was dropped stays dropped"),
    ],
)
def test_what_the_service_still_hears_of_a_removed_victim(
    rows: list[Notification], sticky: tuple[str, ...], says: set[str], asks: set[str]
) -> None:
    plan = removed(rows, *sticky)
    assert said(plan) == says
    assert asked(plan) == asks


OPTED_OUT = {"referral_opt_out": True}
WITHDRAWAL = "withdrawal to service by email"


@pytest.mark.parametrize(
    ("facts", "person", "says"),
    [
        pytest.param({}, {}, {"acknowledgement to victim by email", "referral to service by email", WITHDRAWAL}, id="automatic"),
        pytest.param({"offences": codes("")}, {}, {WITHDRAWAL}, id="in doubt"),
        pytest.param({"status": "transferred"}, {}, {WITHDRAWAL}, id="transferred"),
        pytest.param({"status": "cancelled"}, {}, {WITHDRAWAL}, id="cancelled"),
        pytest.param({}, {"date_of_birth": "2014-05-05"}, {STOP_NOTICE}, id="a child after all: nobody refers a child"),
        pytest.param(HIGH_RISK, {}, {STOP_NOTICE}, id="specialist: the service is told to stop anyway"),
    ],
)
def test_an_objection_after_the_referral_is_passed_on_whatever_the_route_is_now(
    facts: dict[str, Any], person: dict[str, Any], says: set[str]
) -> None:
    rows = left({}, email=SENT, referral=SENT)
    assert said(planned(occurrence(version=2, **facts, person=person | OPTED_OUT), rows=rows)) == says


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        pytest.param(left({}, email=SENT, referral=SENT), {WITHDRAWAL}, id="referred"),
        pytest.param(left({}, email=SENT, referral=PENDING), set(), id="not referred"),
        pytest.param(stopping(SENT), {STOP_NOTICE}, id="told to stop"),
    ],
)
def test_an_objection_outlives_the_victims_removal(rows: list[Notification], says: set[str]) -> None:
    """The last version that named the victim said so."""
    last = occurrence(version=2, person=OPTED_OUT)
    assert said(plan_removed(situation(last, rows=rows))) == says


def withdrawn(state: State) -> list[Notification]:
    """What stands after a referral left and the victim objected; the withdrawal got into `state`."""
    rows = left({}, email=SENT, referral=SENT)
    notice = messages(planned(occurrence(version=2, person=OPTED_OUT), rows=rows), Template.WITHDRAWAL)[EMAIL]
    return [*rows, replace(notice, state=state, attempted=state is not PENDING)]


@pytest.mark.parametrize("state", State)
def test_who_wants_to_be_referred_again_after_the_withdrawal_left_is_referred_by_a_person(state: State) -> None:
    """The service has struck them off: two working days from the asking."""
    now = at("2026-12-01 12:00")
    plan = planned(occurrence(version=3), rows=withdrawn(state), now=now)
    again = [row for row in plan.obligations.values() if row.purpose is Purpose.REFER_AGAIN]
    assert [(row.unit, row.rule_id, row.started_at, row.due_at) for row in again] == (
        [(Unit.VICTIM_CARE_UNIT, "REF-2WD", now, at("2026-12-03 23:59:59"))] if state in LEFT else []
    )


@pytest.mark.parametrize("state", [SENT, PENDING])
def test_whoever_may_not_be_contacted_any_more_is_told_to_the_service_that_has_them(state: State) -> None:
    silent = {"contact_safety": contact_safety(do_not_contact=True)}
    plan = planned(occurrence(version=2, person=silent), rows=left({}, email=SENT, referral=state))
    assert (STOP_NOTICE in said(plan)) is (state is SENT)
    assert {BEFORE} <= asked(plan)

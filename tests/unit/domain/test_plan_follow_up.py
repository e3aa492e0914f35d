"""What a situation wants after something left: failures, unknown outcomes, opting out, evidence.

Issue 2, sections 5, 6 and 7. The id of a case says what happened since. Another classification is in test_plan_stops.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.delivery import Audience, Notification, State
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Unit
from chalicelib.domain.obligations import PAPER, Kind, ObligationState, Purpose
from tests.builders import contact_safety, representative
from tests.domain_builders import asked, at, left, messages, occurrence, owed, planned, tasks

EMAIL, SMS, LETTER = Channel.EMAIL, Channel.SMS, Channel.LETTER
ACK, REFERRAL = Template.ACKNOWLEDGEMENT, Template.REFERRAL
SENT, DELIVERED, FAILED, BOUNCED = State.SENT, State.DELIVERED, State.FAILED, State.BOUNCED
COMPLAINED, UNKNOWN, SETTLED, PENDING = State.COMPLAINED, State.UNKNOWN, State.SETTLED, State.PENDING
SENDING = State.SENDING
OPEN, MET = ObligationState.OPEN, ObligationState.MET
LEFT = (SENT, DELIVERED, COMPLAINED, BOUNCED, UNKNOWN, SETTLED)

BY_TEXT = {"preferred_channel": "sms"}
TEXT_ONLY = {"email": None}


TELL, WORDS, LOST, DECIDE = (
    "not_delivered for officer",
    "full_words for officer",
    "outcome_unknown for officer",
    "not_delivered for victim_care_unit",
)
HAPPENED = [
    # (person, states of what left, notices wanted, referral wanted, tasks)
    pytest.param({}, {"email": SENT}, {EMAIL}, True, set(), id="the notice was accepted: the referral may leave"),
    pytest.param({}, {"email": DELIVERED, "referral": DELIVERED}, {EMAIL}, True, set(), id="both delivered: nothing more"),
    pytest.param({}, {"email": UNKNOWN}, {EMAIL}, True, set(), id="outcome unknown: wait for the receipt"),
    pytest.param({}, {"email": COMPLAINED}, {EMAIL}, True, set(), id="complained of, so it arrived"),
    pytest.param({}, {"email": FAILED}, {EMAIL}, False, {TELL}, id="failed for good: a person tells, and decides the referral"),
    pytest.param({}, {"email": BOUNCED}, {EMAIL}, False, {TELL}, id="bounced"),
    pytest.param({}, {"email": BOUNCED, "referral": SENT}, {EMAIL}, True, {TELL}, id="bounced after the referral left"),
    pytest.param({}, {"email": SETTLED}, {EMAIL}, False, {LOST}, id="no receipt came: a person finds out"),
    pytest.param({}, {"email": SENT, "referral": FAILED}, {EMAIL}, True, {DECIDE}, id="the referral failed"),
    pytest.param({}, {"email": SENT, "referral": BOUNCED}, {EMAIL}, True, {DECIDE}, id="the referral bounced"),
    pytest.param({}, {"email": SENT, "referral": SETTLED}, {EMAIL}, True, {DECIDE}, id="the referral's outcome is not known"),
    pytest.param({}, {"email": SENT, "referral": UNKNOWN}, {EMAIL}, True, set(), id="the referral waits for its receipt"),
    pytest.param({}, {"email": PENDING}, {EMAIL}, True, set(), id="nothing left yet"),
    pytest.param({}, {"email": SENDING}, {EMAIL}, True, set(), id="being sent: it may arrive"),
    pytest.param({}, {"email": SENT, "referral": SENDING}, {EMAIL}, True, set(), id="the referral is being sent"),
    # a text and the full words
    pytest.param(BY_TEXT, {"sms": SENT, "email": PENDING}, {SMS, EMAIL}, True, set(), id="the text left, the full words follow"),
    pytest.param(BY_TEXT, {"sms": DELIVERED, "email": DELIVERED}, {SMS, EMAIL}, True, set(), id="both arrived"),
    pytest.param(BY_TEXT, {"sms": FAILED, "email": PENDING}, {SMS, EMAIL}, True, {TELL}, id="the text failed, the full words follow"),
    pytest.param(BY_TEXT, {"sms": FAILED, "email": BOUNCED}, {SMS, EMAIL}, False, {TELL}, id="both failed"),
    pytest.param(BY_TEXT, {"sms": SENT, "email": BOUNCED}, {SMS, EMAIL}, True, {TELL}, id="only the full words failed"),
    pytest.param(BY_TEXT, {"sms": SETTLED, "email": FAILED}, {SMS, EMAIL}, False, {TELL, LOST}, id="one unknown, one failed"),
    pytest.param(TEXT_ONLY, {"sms": SENT}, {SMS}, True, {WORDS}, id="a text alone"),
    pytest.param(TEXT_ONLY, {"sms": FAILED}, {SMS}, False, {TELL, WORDS}, id="a text alone that failed"),
]  # fmt: skip


@pytest.mark.parametrize(("person", "states", "notices", "referral", "asks"), HAPPENED)
def test_after_sending(person: dict[str, Any], states: dict[str, State], notices: set[Channel], referral: bool, asks: set[str]) -> None:
    rows = left(person, **states)
    plan = planned(occurrence(version=2, person=person), rows=rows)
    assert messages(plan, ACK).keys() == notices
    assert (EMAIL in messages(plan, REFERRAL)) is referral
    assert asked(plan) == asks


@pytest.mark.parametrize("state", [SENT, DELIVERED, COMPLAINED, UNKNOWN, PENDING])
def test_the_referral_waits_only_for_notices_that_can_still_arrive(state: State) -> None:
    rows = left(BY_TEXT, sms=FAILED, email=state)
    (alive,) = (row.notification_id for row in rows if row.channel is EMAIL)
    plan = planned(occurrence(version=2, person=BY_TEXT), rows=rows)
    assert messages(plan, REFERRAL)[EMAIL].waits_for == (alive,)


@pytest.mark.parametrize(
    ("now_says", "notices"),
    [
        pytest.param(
            {"preferred_channel": "letter", "contact_safety": contact_safety(safe_channels=["letter"])}, {EMAIL}, id="prefers a letter"
        ),
        pytest.param({"preferred_channel": "sms"}, {EMAIL}, id="prefers a text"),
        pytest.param({"contact_safety": contact_safety(safe_channels=[])}, {EMAIL}, id="nothing is safe any more"),
        pytest.param({"email": "new.address@example.org"}, {EMAIL}, id="another address"),
        pytest.param({"representative": representative()}, {EMAIL}, id="somebody else receives"),
    ],
)
@pytest.mark.parametrize("state", [SENDING, SENT, FAILED])
def test_who_was_told_is_not_told_again(now_says: dict[str, Any], notices: set[Channel], state: State) -> None:
    """One message, not several: what changes while it is sent, or after it, is for a person."""
    plan = planned(occurrence(version=2, person=now_says), rows=left({}, email=state))
    assert messages(plan, ACK).keys() == notices


@pytest.mark.parametrize(
    ("now_says", "kept"),
    [
        pytest.param({}, {SMS, EMAIL}, id="still safe: they follow"),
        pytest.param({"contact_safety": contact_safety(safe_channels=["sms"])}, {SMS}, id="e-mail is no longer safe"),
        pytest.param({"email": None}, {SMS}, id="no address any more"),
    ],
)
def test_full_words_that_wait_follow_only_where_they_are_still_safe(now_says: dict[str, Any], kept: set[Channel]) -> None:
    rows = left(BY_TEXT, sms=SENT, email=PENDING)
    plan = planned(occurrence(version=2, person=BY_TEXT | now_says), rows=rows)
    assert messages(plan, ACK).keys() == kept
    assert (Purpose.FULL_WORDS in tasks(plan)) is (kept == {SMS})


@pytest.mark.parametrize("channel", ["email", "letter"])
def test_what_was_cancelled_before_the_notice_left_does_not_come_back(channel: str) -> None:
    """The victim asked for a text once, then for e-mail, then for a text again: one message, not several."""
    every = {"preferred_channel": "sms", "contact_safety": contact_safety(safe_channels=["sms", channel])}
    rows = left(every, sms=State.CANCELLED, **{channel: SENT})
    assert messages(planned(occurrence(version=3, person=every), rows=rows), ACK).keys() == {Channel(channel)}


TUESDAY = at("2026-11-24 23:59:59")


@pytest.mark.parametrize(
    ("states", "purpose", "rule_id"),
    [
        pytest.param({"email": FAILED}, Purpose.NOT_DELIVERED, "ACK-2WD", id="the notice failed"),
        pytest.param({"email": SETTLED}, Purpose.OUTCOME_UNKNOWN, "ACK-2WD", id="the notice's outcome is not known"),
        pytest.param({"email": SENT, "referral": FAILED}, Purpose.NOT_DELIVERED, "REF-2WD", id="the referral failed"),
    ],
)
def test_a_task_of_follow_up_is_due_with_the_right_that_it_is_for(states: dict[str, State], purpose: Purpose, rule_id: str) -> None:
    """Issue 2, section 4: a task to the officer within the deadline."""
    task = tasks(planned(occurrence(version=2), rows=left({}, **states)))[purpose]
    assert (task.rule_id, task.due_at) == (rule_id, TUESDAY)


@pytest.mark.parametrize("referral", [PENDING, State.HELD, State.CANCELLED])
def test_a_referral_that_waits_is_not_wanted_once_the_victim_has_to_be_asked(referral: State) -> None:
    plan = planned(occurrence(version=2, person={"referral_opt_out": None}), rows=left({}, email=SENT, referral=referral))
    assert messages(plan, REFERRAL) == {}
    assert asked(plan) == {"ask_referral for officer"}


@pytest.mark.parametrize("referral", [*LEFT, FAILED, PENDING])
def test_opting_out_after_the_referral_left_withdraws_it(referral: State) -> None:
    """Issue 2, section 5: opting out later is a withdrawal notice; what never left the force is not withdrawn."""
    person = {"referral_opt_out": True}
    plan = planned(occurrence(version=2, person=person), rows=left({}, email=SENT, referral=referral))
    withdrawals = messages(plan, Template.WITHDRAWAL)
    assert bool(withdrawals) is (referral in LEFT)
    assert all(row.audience is Audience.SERVICE for row in withdrawals.values())
    assert owed(plan, Kind.REFERRAL) is None
    assert asked(plan) == set()


def test_a_withdrawal_leaves_at_once() -> None:
    night = at("2026-11-20 23:00:00")
    rows = left({}, email=SENT, referral=SENT)
    plan = planned(occurrence(version=2, person={"referral_opt_out": True}), rows=rows, now=night)
    assert messages(plan, Template.WITHDRAWAL)[EMAIL].not_before == night


def test_who_is_not_asked_any_more_after_the_referral_left_is_not_asked_again() -> None:
    plan = planned(occurrence(version=2, person={"referral_opt_out": None}), rows=left({}, email=SENT, referral=SENT))
    assert asked(plan) == set()


def test_who_opts_in_again_is_not_referred_twice() -> None:
    rows = left({}, email=SENT, referral=SENT)
    assert messages(planned(occurrence(version=3), rows=rows), REFERRAL)[EMAIL] == rows[1]


CHILD = {"date_of_birth": "2014-05-05", "representative": representative()}


def test_a_victim_who_turns_out_to_be_a_child_is_not_referred() -> None:
    plan = planned(occurrence(version=2, person=CHILD), rows=left({}, email=SENT))
    assert messages(plan, REFERRAL) == {}


@pytest.mark.parametrize(
    ("facts", "person", "falls_back"),
    [
        pytest.param({}, {"contact_safety": contact_safety(safe_channels=[])}, Audience.UNIT, id="the officer's mail failed: to the role"),
        pytest.param({}, {"kind": "police_officer"}, Audience.UNIT, id="the supervisor's mail failed: to the role"),
        pytest.param({"dash_risk": "medium"}, {}, Audience.OPERATIONS, id="a role's own mail failed: to operations"),
    ],
)
@pytest.mark.parametrize("state", [FAILED, BOUNCED])
def test_a_task_whose_mail_failed_goes_to_the_role(
    facts: dict[str, Any], person: dict[str, Any], falls_back: Audience, state: State
) -> None:
    """A task is never lost with a person's mailbox."""
    record = occurrence(**facts, person=person)
    (mail,) = (row for row in planned(record).notifications.values() if row.template is Template.TASK)
    after = planned(record, rows=[replace(mail, state=state)])
    mails = [row for row in after.notifications.values() if row.template is Template.TASK]
    others = [row for row in mails if row.notification_id != mail.notification_id]
    unit = Unit.OPERATIONS if falls_back is Audience.OPERATIONS else mail.unit
    assert [(row.audience, row.unit) for row in others] == [(falls_back, unit)]
    assert {row.task_id for row in mails} == {mail.task_id}
    assert mail.notification_id in after.notifications


def test_a_task_whose_mail_arrived_needs_no_other() -> None:
    record = occurrence(person={"language": "pl"})
    (mail,) = planned(record).notifications.values()
    assert len(planned(record, rows=[replace(mail, state=DELIVERED)]).notifications) == 1


@pytest.mark.parametrize("state", State)
def test_a_right_is_met_by_a_message_that_arrived(state: State) -> None:
    """An obligation is met only by evidence: delivered, not merely sent; what is complained of arrived."""
    rows = left({}, email=state, referral=state)
    plan = planned(occurrence(version=2), rows=rows)
    for row, kind in zip(rows, (Kind.WRITTEN_ACKNOWLEDGEMENT, Kind.REFERRAL), strict=True):
        right = owed(plan, kind)
        assert right is not None
        assert (right.state, right.evidence) == ((MET, row.notification_id) if state in {DELIVERED, COMPLAINED} else (OPEN, None))


def test_a_text_meets_nothing() -> None:
    plan = planned(occurrence(version=2, person=BY_TEXT), rows=left(BY_TEXT, sms=DELIVERED))
    right = owed(plan, Kind.WRITTEN_ACKNOWLEDGEMENT)
    assert right is not None
    assert right.state is OPEN


def test_paper_comes_before_a_message_as_evidence() -> None:
    paper = {"written_acknowledgement": {"given_at": "2026-11-20T10:00:00+00:00", "method": "by hand"}}
    right = owed(planned(occurrence(version=2, person=paper), rows=left({}, email=DELIVERED)), Kind.WRITTEN_ACKNOWLEDGEMENT)
    assert right is not None
    assert (right.state, right.evidence) == (MET, PAPER)


def test_a_task_that_nobody_could_be_mailed_stays_owed_and_is_not_mailed_in_a_circle() -> None:
    record = occurrence(person={"language": "pl"})
    rows: list[Notification] = []
    for _ in range(4):
        planned_now = planned(record, rows=rows)
        rows = [replace(row, state=FAILED) for row in planned_now.notifications.values() if row.template is Template.TASK]
    assert [row.audience for row in rows] == [Audience.OFFICER, Audience.UNIT, Audience.OPERATIONS]
    assert asked(planned_now) == {"interpreter for officer"}

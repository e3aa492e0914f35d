"""From the obligations that stand to those that are wanted, as time passes: what ends late stays so, and when each is looked at next.

docs/obligations.md, "States". The rows of messages, and what was never late, are in test_reconcile.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.delivery import Audience, Notification, State
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Occurrence, Route, RouteDecision, Unit
from chalicelib.domain.obligations import ASSESSED, PAPER, Kind, Obligation, ObligationState, Purpose
from chalicelib.domain.plan import Plan
from chalicelib.domain.reconcile import reconcile
from tests.builders import NOW
from tests.domain_builders import STANDING, at, left, messages, occurrence, planned
from tests.unit.domain.owed_rows import owed
from tests.unit.domain.replay import Replay, applied

OPEN, LATE, BREACHED = ObligationState.OPEN, ObligationState.LATE, ObligationState.BREACHED
MET, WAIVED = ObligationState.MET, ObligationState.WAIVED
FRIDAY, WEDNESDAY, SATURDAY = at("2026-11-20 12:00"), at("2026-11-25 12:00"), at("2026-11-28 12:00")
"""Open until Tuesday 24 November, late until Friday 27th, breached on Saturday."""
REFERRAL = {"kind": Kind.REFERRAL}


def decided(
    before: Obligation | None, wanted: Obligation | None, now: datetime, *, why_not: str = "why", mails: tuple[Notification, ...] = ()
) -> Obligation | None:
    """The one obligation after a decision at `now`."""
    rows = {row.notification_id: row for row in mails}
    current = Plan(RouteDecision(Route.VICTIM_SERVICES, "r", "1"), rows, {wanted.obligation_id: wanted} if wanted else {}, None, None)
    stand = {before.obligation_id: before} if before else {}
    difference = reconcile(rows, stand, current=current, own=None, suspended=False, why_not=why_not, now=now, standing=STANDING)
    return difference.obligations[0][1] if difference.obligations else before


ENDED_LATE = owed(state=BREACHED, reason="opted_out")
SOON, MORNING = at("2026-11-22 07:00"), at("2026-11-26 07:00")


@pytest.mark.parametrize(
    ("before", "wanted", "now", "next_at"),
    [
        pytest.param(None, owed(), FRIDAY, SOON, id="new: the lead's first morning"),
        pytest.param(None, owed(automatic=True), FRIDAY, at("2026-11-25 00:00"), id="new, and our message will meet it: its deadline"),
        pytest.param(None, owed(state=LATE), WEDNESDAY, MORNING, id="new and late: the next morning"),
        pytest.param(None, owed(state=MET, evidence="C-1"), FRIDAY, None, id="met as it arrived"),
        pytest.param(owed(next_at=SOON), owed(), FRIDAY, SOON, id="the same: not moved"),
        pytest.param(owed(next_at=SOON), owed(), at("2026-11-22 07:10"), SOON, id="the same, and the sweep has not come yet: not moved"),
        pytest.param(owed(next_at=SOON), owed(tried_at=FRIDAY), FRIDAY, SOON, id="tried: the sweep looks, and reminds nobody that day"),
        pytest.param(owed(next_at=SOON), owed("2026-12-08 23:59:59"), FRIDAY, at("2026-12-06 07:00"), id="moved: the new lead"),
        pytest.param(owed(next_at=SOON), owed(automatic=True), FRIDAY, at("2026-11-25 00:00"), id="a message will meet it now"),
        pytest.param(owed(next_at=MORNING), owed(state=LATE), WEDNESDAY, MORNING, id="late now"),
        pytest.param(owed(next_at=SOON), owed(state=LATE), WEDNESDAY, SOON, id="late now, and the sweep has not come yet: not moved"),
        pytest.param(owed(next_at=SOON), owed(state=MET, evidence="C-1"), FRIDAY, None, id="met now"),
        pytest.param(owed(state=MET, evidence="C-1"), owed(), FRIDAY, SOON, id="evidence taken back"),
        pytest.param(owed(state=WAIVED, reason="closed"), owed(), FRIDAY, SOON, id="owed again"),
        pytest.param(
            owed(state=BREACHED, next_at=MORNING), owed(state=BREACHED, reason="closed"), SATURDAY, None, id="breached, and ended now"
        ),
        pytest.param(ENDED_LATE, owed(state=BREACHED), SATURDAY, at("2026-11-29 07:00"), id="ended late, and owed again"),
    ],
)
def test_when_it_is_looked_at_next(before: Obligation | None, wanted: Obligation, now: datetime, next_at: datetime | None) -> None:
    after = decided(before, wanted, now)
    assert after is not None
    assert after.next_at == next_at


@pytest.mark.parametrize(
    ("facts", "now", "why_not", "state", "reason"),
    [
        pytest.param({}, FRIDAY, "opted_out", WAIVED, "opted_out", id="in time: waived"),
        pytest.param({}, at("2026-11-24 23:59:59"), "opted_out", WAIVED, "opted_out", id="in the last second: waived"),
        pytest.param({}, at("2026-11-25 00:00:00"), "opted_out", BREACHED, "opted_out", id="a second late, whatever the sweep saw"),
        pytest.param({"state": LATE}, WEDNESDAY, "opted_out", BREACHED, "opted_out", id="late: it ends breached"),
        pytest.param({"state": BREACHED}, SATURDAY, "opted_out", BREACHED, "opted_out", id="breached: it stays so"),
        pytest.param({"state": BREACHED, "reason": "opted_out"}, SATURDAY, "transferred", BREACHED, "opted_out", id="the first reason"),
        pytest.param({"state": LATE}, WEDNESDAY, "cancelled", WAIVED, "cancelled", id="the crime was cancelled: the record was wrong"),
        pytest.param({"state": BREACHED}, SATURDAY, "removed", WAIVED, "removed", id="the victim was removed: the record was wrong"),
        pytest.param({"state": LATE, "kind": Kind.TASK}, WEDNESDAY, "opted_out", WAIVED, "another_question", id="a task is replaced"),
        pytest.param({"state": LATE, "kind": Kind.STOP_NOTICE}, WEDNESDAY, "released", WAIVED, "released", id="a stop notice is dropped"),
        pytest.param({"state": MET, "evidence": "C-1"}, SATURDAY, "opted_out", MET, None, id="met by a contact: it was met"),
        pytest.param({"state": MET, "evidence": PAPER}, SATURDAY, "opted_out", WAIVED, "opted_out", id="met as the record said"),
        pytest.param({"state": MET, "evidence": ASSESSED}, SATURDAY, "opted_out", WAIVED, "opted_out", id="assessed as the record said"),
    ],
)
def test_what_is_not_owed_any_more(facts: dict[str, Any], now: datetime, why_not: str, state: ObligationState, reason: str | None) -> None:
    """Closing a case hides nothing that was late; what should never have been recorded was not missed."""
    after = decided(owed(**REFERRAL | {"next_at": SOON, "automatic": True} | facts), None, now, why_not=why_not)
    assert after is not None
    assert (after.state, after.reason) == (state, reason)
    if state is not MET:
        assert (after.next_at, after.automatic, after.evidence, after.met_at) == (None, False, None, None)


def test_what_ended_late_keeps_what_it_was() -> None:
    before = owed(**REFERRAL, state=LATE, district="Derby", step=1, next_at=MORNING)
    assert decided(before, None, WEDNESDAY) == replace(before, state=BREACHED, reason="why", next_at=None)


def test_what_somebody_heard_of_forgets_the_evidence_that_the_record_gave() -> None:
    mail = Notification("n", "26000712345", "V1", Template.TASK, Audience.OFFICER, Channel.EMAIL, NOW, NOW, task_id="o" * 32)
    before = owed(**REFERRAL, state=MET, evidence=PAPER, met_at=NOW)
    after = decided(before, None, FRIDAY, mails=(replace(mail, state=State.SENT, attempted=True),))
    assert after == replace(before, state=WAIVED, reason="why", evidence=None, met_at=None)


def test_what_was_escalated_stays_escalated_and_is_known_since_it_was_first_written() -> None:
    before = owed(state=LATE, step=1, created_at=NOW - timedelta(days=1))
    after = decided(before, owed("2026-12-08 23:59:59", created_at=WEDNESDAY), WEDNESDAY)
    assert after is not None
    assert (after.step, after.created_at, after.state) == (1, NOW - timedelta(days=1), OPEN)


HIGH_RISK = {"dash_risk": "high"}
STOPPED = occurrence(version=2, **HIGH_RISK)
AGAIN = occurrence(version=3)


def stops(now: datetime) -> tuple[dict[str, Notification], dict[str, Obligation]]:
    """A referral left, and on Friday the record became specialist: a stop notice and its tasks."""
    rows = {row.notification_id: row for row in left({}, email=State.SENT, referral=State.SENT)}
    current = planned(STOPPED, rows=rows.values(), now=now)
    return applied(rows, {}, reconcile(rows, {}, current=current, own=None, suspended=False, why_not="why", now=now, standing=STANDING))


@pytest.mark.parametrize("purpose", [Purpose.SENT_BEFORE, Purpose.STOP_CONFIRM])
@pytest.mark.parametrize(
    ("now", "state"),
    [
        pytest.param("2026-11-23 23:59:59", OPEN, id="Monday, the last second"),
        pytest.param("2026-11-24 00:00:00", LATE, id="Tuesday"),
        pytest.param("2026-11-26 23:59:59", LATE, id="Thursday, the last second"),
        pytest.param("2026-11-27 00:00:00", BREACHED, id="Friday"),
    ],
)
def test_what_an_event_asked_for_keeps_its_clock_however_often_it_is_asked_for(purpose: Purpose, now: str, state: ObligationState) -> None:
    """One working day from the Friday on which it was first wanted, though every decision asks for it as from now."""
    rows, standing = stops(FRIDAY)
    for moment in (FRIDAY, at("2026-11-23 09:00"), at(now)):
        current = planned(STOPPED, rows=rows.values(), now=moment)
        difference = reconcile(rows, standing, current=current, own=None, suspended=False, why_not="why", now=moment, standing=STANDING)
        rows, standing = applied(rows, standing, difference)
    (row,) = [row for row in standing.values() if row.purpose is purpose]
    assert (row.started_at, row.due_at, row.state) == (FRIDAY, at("2026-11-23 23:59:59"), state)


def test_what_an_event_asked_for_begins_anew_once_it_was_waived() -> None:
    before = owed(kind=Kind.TASK, purpose=Purpose.SENT_BEFORE, state=WAIVED, reason="another_question", started_at=FRIDAY, due_at=FRIDAY)
    wanted = owed("2026-11-26 23:59:59", kind=Kind.TASK, purpose=Purpose.SENT_BEFORE, started_at=WEDNESDAY)
    after = decided(before, wanted, WEDNESDAY)
    assert after is not None
    assert (after.started_at, after.due_at, after.state) == (WEDNESDAY, at("2026-11-26 23:59:59"), OPEN)


def test_a_task_that_was_done_keeps_its_clock_too() -> None:
    facts: dict[str, Any] = {"kind": Kind.STOP_NOTICE, "purpose": Purpose.STOP_CONFIRM, "unit": Unit.VICTIM_CARE_UNIT}
    before = owed(**facts, started_at=FRIDAY)
    wanted = owed("2026-11-30 23:59:59", **facts, started_at=WEDNESDAY, state=MET, evidence="T-1", met_at=WEDNESDAY)
    after = decided(before, wanted, WEDNESDAY)
    assert after is not None
    assert (after.started_at, after.due_at, after.state, after.evidence) == (FRIDAY, at("2026-11-24 23:59:59"), MET, "T-1")


def test_an_update_that_moves_in_the_second_of_acceptance_moves() -> None:
    """Two versions of one batch are decided at one instant: the second one's terms count."""
    agreements = [{"every_days": 10, "method": "email", "next_update_on": day, "declined": False} for day in ("2026-11-30", "2026-12-04")]
    versions = [occurrence(version=number, person={"update_agreement": terms}) for number, terms in enumerate(agreements, 1)]
    case = Replay().deliver(versions)
    assert [row.due_at for row in case.owed["V1"].values() if row.kind is Kind.UPDATE] == [at("2026-12-04 23:59:59")]


@pytest.mark.parametrize("channel", [Channel.LETTER, Channel.EMAIL, Channel.SMS])
@pytest.mark.parametrize("record", [occurrence(version=2), STOPPED], ids=["wanted", "not wanted"])
def test_a_letter_travels_until_it_counts_as_delivered(channel: Channel, record: Occurrence) -> None:
    """What else was sent waits for its receipt, and for no clock."""
    arrives = at("2026-11-24 23:59:59")
    sent = replace(
        messages(planned(occurrence()), Template.ACKNOWLEDGEMENT)[Channel.EMAIL], channel=channel, state=State.SENT, attempted=True
    )
    sent = replace(sent, open_at=arrives)
    rows = {sent.notification_id: sent}
    current = planned(record, rows=rows.values())
    difference = reconcile(rows, {}, current=current, own=None, suspended=False, why_not="why", now=NOW, standing=STANDING)
    (after,) = [row for row in applied(rows, {}, difference)[0].values() if row.notification_id == sent.notification_id]
    assert after.open_at == (arrives if channel is Channel.LETTER else None)

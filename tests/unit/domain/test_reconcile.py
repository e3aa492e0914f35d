"""From the rows that exist to the rows that are wanted, as a table of what stood, what is wanted and what a version asked for by itself.

docs/design.md, "Deciding is planning" and "Sending". `n` is a notification id, `o` an obligation id.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.delivery import Audience, Notification, State
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Route, RouteDecision, Unit
from chalicelib.domain.obligations import PAPER, Kind, Obligation, ObligationState
from chalicelib.domain.plan import Plan
from chalicelib.domain.reconcile import Difference, reconcile
from tests.builders import NOW
from tests.domain_builders import STANDING, at

LATER, EARLIER = NOW + timedelta(minutes=30), NOW - timedelta(minutes=30)
PENDING, HELD, SENDING, SENT, CANCELLED = State.PENDING, State.HELD, State.SENDING, State.SENT, State.CANCELLED
OPEN, MET, WAIVED = ObligationState.OPEN, ObligationState.MET, ObligationState.WAIVED
HOW: dict[str, Any] = {"suspended": False, "why_not": "why", "now": NOW, "standing": STANDING}


def notification(key: str = "n", **changes: Any) -> Notification:
    """A wanted acknowledgement that may leave now."""
    row = Notification(key, "26000712345", "V1", Template.ACKNOWLEDGEMENT, Audience.VICTIM, Channel.EMAIL, NOW, NOW)
    return replace(row, **changes)


def stored(state: State, **changes: Any) -> Notification:
    """The same row as it stands in the outbox."""
    return notification(state=state, **({"open_at": NOW} if state is PENDING else {}) | changes)


def obligation(**changes: Any) -> Obligation:
    due = at("2026-11-24 23:59:59")
    row = Obligation("o", "26000712345", Kind.REFERRAL, "V1", "REF-2WD", NOW.date(), EARLIER, due, NOW, route=Route.VICTIM_SERVICES)
    return replace(row, **changes)


def wanting(*rows: Notification | Obligation) -> Plan:
    notifications = {row.notification_id: row for row in rows if isinstance(row, Notification)}
    obligations = {row.obligation_id: row for row in rows if isinstance(row, Obligation)}
    return Plan(RouteDecision(Route.VICTIM_SERVICES, "non-specialist", "1"), notifications, obligations, None, None)


def compared(
    before: Notification | None, wanted: Notification | None, asked: Notification | None = None, *others: Notification, **how: Any
) -> Notification | None:
    """The one row `n` afterwards. `others` stand in the outbox too and are wanted as they are."""
    existing = {row.notification_id: row for row in (before, *others) if row}
    current = wanting(*(row for row in (wanted, *others) if row))
    own = wanting(asked) if asked else None
    difference = reconcile(existing, {}, current=current, own=own, **HOW | how)
    changed = {row.notification_id: after for pair in difference.notifications for row, after in [(pair[0] or pair[1], pair[1])] if row}
    return changed.get("n", before)


WANTED = notification()
WINDOW = notification(not_before=LATER)


@pytest.mark.parametrize(
    ("before", "wanted", "asked", "state", "reason", "own"),
    [
        # wanted
        pytest.param(None, WANTED, WANTED, PENDING, None, True, id="new, asked for by the version that arrived"),
        pytest.param(None, WANTED, None, PENDING, None, False, id="new, wanted only by all versions together"),
        pytest.param(None, WINDOW, WINDOW, HELD, "hold_window", True, id="new, in its hold window"),
        pytest.param(stored(PENDING), WANTED, None, PENDING, None, True, id="pending stays"),
        pytest.param(stored(HELD, open_at=EARLIER, reason="hold_window"), WANTED, None, PENDING, None, True, id="the window is over"),
        pytest.param(stored(HELD, reason="suspended"), WANTED, None, PENDING, None, True, id="the quarantined version was lifted"),
        pytest.param(stored(PENDING, open_at=None, reason="x"), WANTED, None, PENDING, None, True, id="pending, no instant"),
        pytest.param(stored(PENDING), WINDOW, None, HELD, "hold_window", True, id="pending, and the window became longer"),
        pytest.param(stored(CANCELLED, reason="restricted"), WANTED, None, PENDING, None, True, id="cancelled comes back"),
        pytest.param(stored(CANCELLED), WINDOW, None, HELD, "hold_window", True, id="cancelled comes back into its window"),
        pytest.param(stored(PENDING, own=False), WANTED, WANTED, PENDING, None, True, id="a version asks for it by itself at last"),
        pytest.param(
            stored(PENDING, open_at=LATER, reason="transient"),
            WANTED,
            None,
            PENDING,
            "transient",
            True,
            id="backing off goes on backing off",
        ),
        # not wanted
        pytest.param(None, None, WANTED, CANCELLED, "why", True, id="late: asked for, no longer wanted"),
        pytest.param(stored(PENDING), None, None, CANCELLED, "why", True, id="pending goes: cancelled, since a version asked for it"),
        pytest.param(stored(HELD), None, None, CANCELLED, "why", True, id="held goes"),
        pytest.param(stored(PENDING, own=False), None, WANTED, CANCELLED, "why", True, id="asked for as it goes"),
        pytest.param(stored(PENDING, own=False, attempted=True), None, None, CANCELLED, "why", False, id="attempted: kept, whoever asked"),
        pytest.param(stored(CANCELLED, reason="before"), None, None, CANCELLED, "why", True, id="cancelled stays, for the newest reason"),
    ],
)
def test_a_row_follows_the_plan(
    before: Notification | None, wanted: Notification | None, asked: Notification | None, state: State, reason: str | None, own: bool
) -> None:
    after = compared(before, wanted, asked)
    assert after is not None
    assert (after.state, after.reason, after.own) == (state, reason, own)
    opens = {HELD: LATER, CANCELLED: None, PENDING: LATER if reason == "transient" else NOW}
    assert after.open_at == opens[state]


@pytest.mark.parametrize("before", [stored(PENDING, own=False), stored(HELD, own=False), stored(CANCELLED, own=False), None])
def test_a_row_that_nobody_asked_for_by_itself_goes_without_a_trace(before: Notification | None) -> None:
    assert compared(before, None) is None


FINAL = [state for state in State if state not in {PENDING, HELD, CANCELLED}]


@pytest.mark.parametrize("state", FINAL)
@pytest.mark.parametrize("wanted", [WANTED, WINDOW, None], ids=["wanted", "wanted later", "not wanted"])
@pytest.mark.parametrize("suspended", [False, True])
def test_what_is_being_sent_or_has_left_is_never_touched(state: State, wanted: Notification | None, suspended: bool) -> None:
    """A row in `sending` is its worker's alone; what left is a fact."""
    before = stored(state, token="worker-1", attempted=True)
    assert compared(before, wanted, suspended=suspended) == before


def test_a_row_that_left_learns_that_a_version_asked_for_it() -> None:
    before = stored(SENT, own=False)
    assert compared(before, None, WANTED) == replace(before, own=True)


@pytest.mark.parametrize(
    ("template", "state", "reason"),
    [
        (Template.ACKNOWLEDGEMENT, HELD, "suspended"),
        (Template.REFERRAL, HELD, "suspended"),
        (Template.TASK, PENDING, None),
        (Template.STOP_NOTICE, PENDING, None),
        (Template.WITHDRAWAL, PENDING, None),
    ],
)
@pytest.mark.parametrize("stands", [True, False], ids=["standing", "new"])
def test_a_quarantined_version_holds_what_tells(template: Template, state: State, reason: str | None, stands: bool) -> None:
    wanted = notification(template=template)
    after = compared(stored(PENDING, template=template) if stands else None, wanted, suspended=True)
    assert after is not None
    assert (after.state, after.reason, after.open_at) == (state, reason, None if state is HELD else NOW)


@pytest.mark.parametrize(
    ("notice", "state", "reason"),
    [
        pytest.param(None, HELD, "waits_for_notice", id="the notice does not exist"),
        *[pytest.param(state, HELD, "waits_for_notice", id=f"the notice is {state}") for state in (PENDING, HELD, SENDING, CANCELLED)],
        *[
            pytest.param(state, HELD, "waits_for_notice", id=f"the notice is {state}")
            for state in (State.UNKNOWN, State.FAILED, State.BOUNCED, State.SETTLED)
        ],
        *[pytest.param(state, PENDING, None, id=f"the notice is {state}") for state in (SENT, State.DELIVERED, State.COMPLAINED)],
    ],
)
def test_no_notice_no_referral(notice: State | None, state: State, reason: str | None) -> None:
    """Issue 2, section 4: the provider took the victim's own message, or the service's stays here."""
    first = [stored(notice, notification_id="first")] if notice else []
    after = compared(None, notification(waits_for=("first", "second")), None, *first)
    assert after is not None
    assert (after.state, after.reason) == (state, reason)


def test_the_notice_left_and_the_window_is_not_over() -> None:
    after = compared(None, notification(waits_for=("first",), not_before=LATER), None, stored(SENT, notification_id="first"))
    assert after is not None
    assert (after.state, after.reason, after.open_at) == (HELD, "hold_window", LATER)


def test_a_row_keeps_what_happened_and_takes_what_the_plan_says() -> None:
    before = stored(HELD, attempts=2, attempted=False, created_at=EARLIER, language="en", waits_for=("old",), evidences=("old",))
    wanted = notification(not_before=LATER, language="pl", waits_for=(), evidences=("o",), unit=Unit.OFFICER, audience=Audience.OFFICER)
    after = compared(before, wanted)
    assert after is not None
    assert (after.attempts, after.created_at) == (2, EARLIER)
    assert (after.not_before, after.language, after.waits_for, after.evidences) == (LATER, "pl", (), ("o",))
    assert (after.unit, after.audience) == (Unit.OFFICER, Audience.OFFICER)


def test_a_row_that_was_tried_keeps_whom_it_was_addressed_to() -> None:
    """A task for an officer that went to the role stays with the role."""
    before = stored(PENDING, template=Template.TASK, audience=Audience.UNIT, attempted=True)
    after = compared(before, notification(template=Template.TASK, audience=Audience.OFFICER))
    assert after is not None
    assert after.audience is Audience.UNIT


def test_asking_again_later_moves_no_task() -> None:
    """A row without a hold window keeps the instant at which it was first wanted."""
    before = stored(PENDING, template=Template.TASK, not_before=EARLIER, open_at=EARLIER)
    assert compared(before, notification(template=Template.TASK)) == before


@pytest.mark.parametrize("first", ["in order", "late"])
def test_a_row_that_nobody_tried_keeps_nothing_of_who_asked_for_it(first: str) -> None:
    """So that every order of the same versions ends in the same rows."""
    window = notification(not_before=LATER, language="pl", waits_for=("x",), evidences=("o",))
    after = compared(stored(HELD, not_before=LATER), None, window) if first == "in order" else compared(None, None, window)
    assert after == notification(state=CANCELLED, reason="why")


def of_obligations(
    before: Obligation | None, wanted: Obligation | None, asked: Obligation | None = None, *mails: Notification
) -> tuple[Obligation | None, Difference]:
    existing = {row.notification_id: row for row in mails}
    own = wanting(asked) if asked else None
    stand = {"o": before} if before else {}
    difference = reconcile(existing, stand, current=wanting(*([wanted] if wanted else []), *mails), own=own, **HOW)
    after = difference.obligations[0][1] if difference.obligations else before
    return after, difference


OWED = obligation()
PAPERED = obligation(state=MET, evidence=PAPER)
DELIVERED = obligation(state=MET, evidence="n")


@pytest.mark.parametrize(
    ("before", "wanted", "asked", "state", "evidence", "reason"),
    [
        pytest.param(None, OWED, OWED, OPEN, None, None, id="owed"),
        pytest.param(None, PAPERED, PAPERED, MET, PAPER, None, id="met as the record says"),
        pytest.param(OWED, OWED, None, OPEN, None, None, id="stays owed"),
        pytest.param(OWED, PAPERED, None, MET, PAPER, None, id="the record says that it was met"),
        pytest.param(PAPERED, OWED, None, OPEN, None, None, id="the record no longer says so"),
        pytest.param(PAPERED, None, None, WAIVED, None, "why", id="met on paper, no longer owed"),
        pytest.param(OWED, None, None, WAIVED, None, "why", id="no longer owed"),
        pytest.param(None, None, OWED, WAIVED, None, "why", id="late: asked for, no longer owed"),
        pytest.param(None, None, PAPERED, WAIVED, None, "why", id="late: met on paper, no longer owed"),
        pytest.param(obligation(state=WAIVED, reason="opted_out"), OWED, None, OPEN, None, None, id="owed again"),
        pytest.param(obligation(state=WAIVED, reason="x"), None, None, WAIVED, None, "why", id="stays waived, for the newest reason"),
        pytest.param(DELIVERED, DELIVERED, None, MET, "n", None, id="met by a message: stays met"),
        pytest.param(DELIVERED, OWED, None, OPEN, None, None, id="met by a message that came back: owed again"),
        pytest.param(DELIVERED, None, None, MET, "n", None, id="met by a message, no longer owed: it was met"),
    ],
)
def test_an_obligation_follows_the_plan(
    before: Obligation | None,
    wanted: Obligation | None,
    asked: Obligation | None,
    state: ObligationState,
    evidence: str | None,
    reason: Any,
) -> None:
    after, _ = of_obligations(before, wanted, asked)
    assert after is not None
    assert (after.state, after.evidence, after.reason) == (state, evidence, reason)


def test_an_obligation_that_no_version_asked_for_by_itself_goes_without_a_trace() -> None:
    after, difference = of_obligations(obligation(own=False), None)
    assert after is None
    assert difference.obligations == ((obligation(own=False), None),)


@pytest.mark.parametrize("linked", [{"task_id": "o"}, {"evidences": ("o",)}], ids=["its task was mailed", "a message that meets it left"])
def test_an_obligation_that_somebody_heard_of_stays_as_it_was(linked: dict[str, Any]) -> None:
    before = obligation(own=False, district="Derby", urgent=True)
    after, _ = of_obligations(before, None, None, stored(SENT, attempted=True, **linked))
    assert after == replace(before, state=WAIVED, reason="why")


def test_an_obligation_takes_what_the_newest_version_says_and_keeps_when_it_was_first_written() -> None:
    before = obligation(created_at=EARLIER, route=Route.HELD, district="Derby", due_at=LATER, urgent=True)
    after, _ = of_obligations(before, obligation(district="Erewash"))
    assert after == obligation(created_at=EARLIER, district="Erewash", next_at=at("2026-11-22 07:00"))


NO_CLOCK = {"started_at": NOW, "due_at": NOW}


@pytest.mark.parametrize(
    ("begun_by", "other", "kept"),
    [
        pytest.param("report", {}, {}, id="what the report began keeps its deadline"),
        pytest.param("decision", {"due_at": LATER}, NO_CLOCK, id="what a decision began has none any more"),
        pytest.param("start", {"due_at": LATER}, NO_CLOCK, id="nor has what an agreement began"),
    ],
)
def test_a_waived_obligation_keeps_nothing_of_who_asked_for_it(begun_by: str, other: dict[str, Any], kept: dict[str, Any]) -> None:
    first = obligation(district="Derby", urgent=True, elsewhere=True, route=Route.HELD, begun_by=begun_by)
    second = obligation(begun_by=begun_by, **other)
    waived = {of_obligations(None, None, asked)[0] for asked in (first, second)} | {of_obligations(first, None)[0]}
    waived.add(of_obligations(replace(first, own=False), None, second)[0])
    assert waived == {obligation(state=WAIVED, reason="why", route=None, begun_by=begun_by, **kept)}


def test_only_rows_that_change_are_written_and_only_pending_ones_are_due() -> None:
    same, new, held = stored(PENDING, notification_id="same"), notification("new"), notification("held", not_before=LATER)
    difference = reconcile({"same": same}, {"o": OWED}, current=wanting(same, new, held, OWED), own=None, **HOW)
    assert {after.notification_id for _, after in difference.notifications if after} == {"new", "held"}
    assert difference.obligations == ()
    assert difference.due_now == ("new",)

"""What holds under every combination and order of versions, other records of the same people, clocks, failures, receipts and releases.

The independent leak check judges what left; beside it a direct reading by the routing rules over what was known at that second. Must not
reach into the rows before the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.delivery import ACCEPTED, MAY_HAVE_LEFT, State
from chalicelib.domain.errors import PermanentSendError, TransientSendError, UnknownOutcomeError
from chalicelib.domain.messages import Template
from chalicelib.domain.model import HoldKind, Route
from chalicelib.domain.obligations import Kind, ObligationState
from tests.unit.services.record_strategies import IDS, REFERENCES, modest, versions
from tests.unit.services.stage import Left, Stage

SECOND = timedelta(seconds=1)
ERRORS = (TransientSendError("Throttling"), UnknownOutcomeError("timeout"), PermanentSendError("Rejected", dead_address=True))
RIGHTS = {Route.VICTIM_SERVICES, Route.DOMESTIC_ABUSE, Route.SEXUAL_OFFENCE, Route.HELD}
Step = tuple[str, Any]

step: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("put"), st.tuples(st.integers(1, 4), st.sampled_from(REFERENCES)).flatmap(lambda one: versions(*one))),
    st.tuples(st.just("put"), st.integers(1, 4).flatmap(versions)),
    st.tuples(st.just("later"), st.sampled_from((1, 30, 31, 60, 600, 1441))),
    st.tuples(st.just("one"), st.integers(0, 9)),
    st.tuples(st.just("fail"), st.tuples(st.sampled_from(ERRORS), st.sampled_from(("before", "after")))),
    st.tuples(st.just("receipt"), st.tuples(st.integers(0, 9), st.sampled_from((State.SENT, State.DELIVERED, State.BOUNCED, State.COMPLAINED)))),
    st.tuples(st.just("release"), st.tuples(st.sampled_from(IDS), st.sampled_from(REFERENCES[:2]))),
    st.tuples(st.just("broken"), st.integers(1, 4)),
)  # fmt: skip


def _put(stage: Stage, told: Any) -> None:
    stage.put(told.record)


def _later(stage: Stage, minutes: int) -> None:
    stage.later(timedelta(minutes=minutes))


def _one(stage: Stage, index: int) -> None:
    if keys := sorted(stage.world.cases.rows):
        stage.one(keys[index % len(keys)])


def _fail(stage: Stage, how: tuple[Exception, str]) -> None:
    error, when = how
    # A provider that refuses did not accept; one that was not heard may have.
    stage.world.calls.fail("email.send", error, when="after" if when == "after" and isinstance(error, UnknownOutcomeError) else "before")


def _receipt(stage: Stage, which: tuple[int, State]) -> None:
    if stage.left:
        stage.receive(stage.row(stage.left[which[0] % len(stage.left)].notification_id), which[1], permanent=which[1] is State.BOUNCED)


def _release(stage: Stage, whom: tuple[str, str]) -> None:
    stage.release(whom[0], reference=whom[1])


def _broken(stage: Stage, version: int) -> None:
    stage.version(version, source="carrier pigeon")


STEPS: dict[str, Callable[[Stage, Any], None]] = {
    "put": _put,
    "later": _later,
    "one": _one,
    "fail": _fail,
    "receipt": _receipt,
    "release": _release,
    "broken": _broken,
}


def played(steps: list[Step]) -> Stage:
    stage = Stage()
    for name, what in steps:
        stage.world.clock.advance(SECOND)
        STEPS[name](stage, what)
    return stage


def settle(stage: Stage) -> None:
    """Failures end, three days pass, receipts come for everything."""
    stage.world.calls._failures.clear()
    for _ in range(4):
        stage.later(timedelta(hours=20))
        for item in list(stage.left):
            stage.receive(stage.row(item.notification_id))


def of_victims(stage: Stage, *templates: str) -> list[Left]:
    return [item for item in stage.left if item.template in templates]


def assert_told_once(stage: Stage) -> None:
    told = Counter(
        (item.reference, item.victim_id, item.template, item.channel) for item in of_victims(stage, "acknowledgement", "referral")
    )
    assert set(told.values()) <= {1}, told
    in_full = Counter((ref, victim_id) for ref, victim_id, template, channel in told if template == "acknowledgement" and channel != "sms")
    assert set(in_full.values()) <= {1}, told


def assert_no_referral_without_notice(stage: Stage) -> None:
    noticed = set()
    for item in of_victims(stage, "acknowledgement", "referral"):
        if item.template == "acknowledgement":
            noticed.add((item.reference, item.victim_id))
        assert (item.reference, item.victim_id) in noticed, item


def assert_rights_have_a_clock(stage: Stage) -> None:
    for reference, parts in stage.world.cases.parts.items():
        for key, part in parts.items():
            if not part.removed and part.decision.route in RIGHTS:
                assert stage.duty(Kind.WRITTEN_ACKNOWLEDGEMENT, reference=reference, victim_id=key) in ("open", "met")


def assert_stopped(stage: Stage) -> None:
    """Whoever is specialist at the end and was referred before: the service was told to stop, and that stays owed."""
    for reference, parts in stage.world.cases.parts.items():
        for key, part in parts.items():
            referral = stage.rows(Template.REFERRAL, victim_id=key, reference=reference)
            left = any(row.state in MAY_HAVE_LEFT for row in referral)
            if left and not part.removed and part.decision.hold is HoldKind.SPECIALIST:
                (stop,) = stage.rows(Template.STOP_NOTICE, victim_id=key, reference=reference)
                assert stop.state in (*ACCEPTED, State.FAILED, State.BOUNCED)
                assert stage.duty(Kind.STOP_NOTICE, reference=reference, victim_id=key) == "open"


def assert_nothing_is_stuck(stage: Stage) -> None:
    for row in stage.world.cases.rows.values():
        suspended = stage.world.cases.heads[row.reference].suspension is not None and row.suspendable
        assert row.state not in (State.PENDING, State.SENDING, State.UNKNOWN), row
        assert row.state is not State.HELD or suspended, row
        assert row.open_at is None, row


def assert_every_task_was_told(stage: Stage) -> None:
    mail = {row.task_id for row in stage.world.cases.rows.values() if row.template is Template.TASK and row.state in ACCEPTED}
    failed = {
        row.task_id
        for row in stage.world.cases.rows.values()
        if row.template is Template.TASK and row.state in (State.FAILED, State.BOUNCED)
    }
    for owed in stage.world.cases.owed.values():
        assert not owed.unit or owed.state is not ObligationState.OPEN or owed.obligation_id in mail | failed, owed


@modest(100)
@given(st.lists(step, max_size=14))
def test_nobody_specialist_or_held_is_told_anything_and_nothing_is_lost(steps: list[Step]) -> None:
    stage = played(steps)
    assert stage.leaks() == []
    settle(stage)
    assert stage.leaks() == []
    assert_told_once(stage)
    assert_no_referral_without_notice(stage)
    assert_rights_have_a_clock(stage)
    assert_stopped(stage)
    assert_nothing_is_stuck(stage)
    assert_every_task_was_told(stage)

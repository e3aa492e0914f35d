"""A channel or a kind is paused while messages wait, and goes on: each leaves exactly once, the oldest first, whatever dies on the way.

Must not touch the rows.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import Contended, StoreUnavailable
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Kind, ObligationState
from chalicelib.services.attempts import Delivered
from tests.builders import victim
from tests.fake_calls import Crash, When
from tests.unit.services.stage import DAY, HOUR, MINUTE, Stage

ACK = Template.ACKNOWLEDGEMENT
MANY = 12
EFFECTS = ("commit", "claim", "send", "dispatch", "write")


def reference(number: int) -> str:
    return f"260007200{number:02d}"


def pause(stage: Stage, name: str = "email") -> bool:
    done = stage.house.pausing.pause(name, "7001", "Provider is down.", stage.now)
    stage.world.clock.advance(MINUTE)
    return done


def resume(stage: Stage, name: str = "email") -> int | None:
    return stage.house.pausing.resume(name, "7002", stage.now)


def arrive(stage: Stage, numbers: range) -> None:
    """One victim each, a minute apart, so that it is known who is due first."""
    for number in numbers:
        person = victim(f"V{number}", person_ref=f"N{number}", email=f"v{number}@example.org", mobile=None)
        stage.version(reference=reference(number), victims=[person], location=None)
        stage.world.clock.advance(MINUTE)


def told(stage: Stage) -> list[str]:
    return [item.to for item in stage.left if item.template is ACK]


def addresses(numbers: range) -> list[str]:
    return [f"v{number}@example.org" for number in numbers]


def states(stage: Stage) -> set[str]:
    return {str(row.state) for row in stage.world.cases.rows.values() if row.template is ACK}


def test_under_load_a_pause_in_the_middle_loses_nothing_and_everything_leaves_once_in_order():
    stage = Stage()
    arrive(stage, range(MANY))
    stage.later(24 * MINUTE)  # the first of them are due
    first = told(stage)
    assert 0 < len(first) < MANY
    assert pause(stage)
    arrive(stage, range(MANY, MANY + 4))
    stage.later(40 * MINUTE)
    assert told(stage) == first
    assert stage.house.sweep.sweep(stage.now).due == 0, "what is paused is not swept again and again"
    waiting = [row for row in stage.world.cases.rows.values() if row.reason == "paused:email"]
    assert len(waiting) >= MANY + 4 - len(first)
    (standing,) = stage.house.pausing.all()
    assert (standing[0].by, standing[1]) == ("7001", len(waiting))
    assert resume(stage) == len(waiting)
    stage.later(MINUTE)
    assert told(stage) == addresses(range(MANY + 4)), "each once, the oldest first"
    assert states(stage) == {"sent"}
    assert [(entry.op, entry.actor, entry.detail) for entry in stage.world.cases.audit_of("operations")] == [
        ("paused", "7001", "email: Provider is down."),
        ("resumed", "7002", "email"),
    ]


def test_a_batch_of_slow_calls_stops_within_the_minute_too():
    """A function takes the time once, when it begins; its knowledge ages by the clock all the same."""
    stage = Stage()
    arrive(stage, range(MANY))
    stage.world.clock.advance(HOUR)
    began, calls = stage.now, stage.world.calls
    due = [row.notification_id for row in stage.world.cases.rows.values() if row.template is ACK]
    rows = stage.house.deliver.read(due, began)

    def takes_its_time(name: str, when: When) -> None:
        if (name, when) == ("email.send", "after"):
            stage.world.clock.advance(timedelta(seconds=10))
            if stage.now == began + timedelta(seconds=10):
                stage.house.pausing.pause("email", "7001", "Provider is slow.", stage.now)

    calls.on_call = takes_its_time
    for key in due:
        stage.house.deliver.deliver(key, key, began, rows.get(key))
    assert calls.made.count("email.send") in range(2, 6), "what was known half a minute long, and not the whole batch"
    assert stage.now <= began + MINUTE


def test_what_is_owed_goes_on_while_its_message_waits_and_the_officer_hears_of_it():
    stage = Stage()
    pause(stage)
    stage.version()
    stage.through((stage.now + 8 * DAY).date())
    assert stage.outside == []
    owed = next(item for item in stage.owed() if item.kind is Kind.WRITTEN_ACKNOWLEDGEMENT)
    assert owed.state in (ObligationState.LATE, ObligationState.BREACHED)
    assert stage.digests(), "mail inside the force is not paused with the channel"


def test_tasks_and_stop_notices_leave_over_a_paused_channel_unless_their_kind_is_named():
    stage = Stage()
    pause(stage)
    stage.version(flags={"domestic_abuse": True})
    stage.later(HOUR)
    assert [item.template for item in stage.left] == [Template.TASK]
    pause(stage, "task")
    stage.version(reference="26000799999", flags={"domestic_abuse": True})
    stage.later(HOUR)
    assert [item.template for item in stage.left] == [Template.TASK]
    assert resume(stage, "task") == 1
    stage.later(MINUTE)
    assert [item.template for item in stage.left] == [Template.TASK, Template.TASK]


def test_quiet_hours_and_holds_are_asked_again_when_it_goes_on():
    stage = Stage()
    pause(stage, "acknowledgement")
    stage.version()
    stage.later(HOUR)
    stage.until(datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    resume(stage, "acknowledgement")
    stage.later(MINUTE)
    assert stage.outside == []
    assert stage.only(ACK).reason == "quiet_hours"
    stage.later(12 * HOUR)
    assert [template for template, _ in stage.outside] == ["acknowledgement", "referral"]


def test_a_case_that_becomes_specialist_while_its_message_waits_is_told_nothing():
    stage = Stage()
    pause(stage)
    stage.version()
    stage.later(HOUR)
    stage.version(2, flags={"domestic_abuse": True})
    resume(stage)
    stage.later(HOUR)
    assert stage.outside == []


def test_a_decision_leaves_a_waiting_row_where_it_is():
    stage = Stage()
    pause(stage)
    stage.version()
    stage.later(HOUR)
    due = stage.only(ACK).open_at
    stage.version(2, summary="More was taken.")
    stage.later(MINUTE)
    assert (stage.only(ACK).state, stage.only(ACK).reason, stage.only(ACK).open_at) == (State.HELD, "paused:email", due)
    assert stage.one(stage.only(ACK).notification_id).outcome is Delivered.NOT_DUE


def test_pausing_twice_and_resuming_what_is_not_paused_change_nothing():
    stage = Stage()
    assert pause(stage)
    assert not pause(stage)
    assert resume(stage, "sms") is None
    assert resume(stage) == 0
    assert resume(stage) is None
    assert stage.house.pausing.all() == ()
    with pytest.raises(ValueError, match="pigeon"):
        pause(stage, "pigeon")
    assert len(stage.world.cases.audit_of("operations")) == 2, "the second command writes the line of the pause that stands"


def test_it_takes_effect_within_a_minute_and_costs_one_read_at_most():
    stage = Stage()
    stage.version()
    stage.later(HOUR)
    made = stage.world.calls.made
    house, reads = stage.house.deliver, lambda: made.count("pauses.read")
    house.read([], stage.now)
    before = reads()
    house.read([], stage.now + timedelta(seconds=29))
    assert reads() == before, "nothing is paused, and that is fresh"
    house.read([], stage.now + timedelta(seconds=31))
    assert reads() == before + 1
    house.read([], stage.now - HOUR)  # a clock that was moved back
    assert reads() == before + 2
    pause(stage)
    for _ in range(2):
        house.read([], stage.now)
    assert reads() == before + 5, "while something is paused each invocation asks (and pausing asked once)"


def test_where_it_is_not_known_what_is_paused_nothing_leaves():
    stage = Stage()
    stage.version()
    stage.world.calls.fail("pauses.read", *[StoreUnavailable("control")] * 3)
    stage.world.clock.advance(30 * MINUTE)
    key = stage.only(ACK).notification_id
    assert stage.house.deliver.read([key], stage.now) == {}
    assert stage.one(key) is None
    assert stage.outside == []
    stage.world.calls.fail_no_more()
    stage.later(MINUTE)
    assert len(stage.outside) == 2


def test_rows_that_moved_meanwhile_or_are_contended_are_left_to_the_next_sweep():
    stage = Stage()
    pause(stage)
    arrive(stage, range(3))
    stage.later(HOUR)
    stale = stage.world.cases.paused("email", 10)
    stage.world.calls.fail("cases.commit", Contended("x"))
    assert stage.house.sweep._going.some("email") == len(stale) - 1
    assert [stage.house.sweep._going._moved(row) for row in stale].count(True) == 1, "and what was let go is not let go again"


def test_a_store_that_fails_while_it_goes_on_leaves_the_rest_to_the_sweep():
    stage = Stage()
    pause(stage)
    arrive(stage, range(3))
    stage.later(HOUR)
    stage.world.calls.fail("cases.paused", StoreUnavailable("paused"))
    assert resume(stage) == 0
    stage.later(5 * MINUTE)
    assert told(stage) == addresses(range(3))


def test_a_worker_that_did_not_know_yet_lays_aside_what_the_sweep_lets_go():
    stage = Stage()
    pause(stage)
    arrive(stage, range(1))
    stage.later(20 * MINUTE)
    stage.house.deliver.read([], stage.now)  # knows of the pause
    resume(stage)
    stage.world.clock.advance(10 * MINUTE - timedelta(seconds=10))
    stage.house.deliver._paused._read_at = stage.now  # a process that read just before the pause was lifted
    stage.house.sweep.sweep(stage.now)
    stage.run()
    assert told(stage) == []
    stage.later(5 * MINUTE)
    assert told(stage) == addresses(range(1))


def play(crash: tuple[int, When] | None = None) -> tuple[Stage, int, bool]:
    """Two are due, a pause, one more, resumed; one death at the numbered call, after which the command is given again."""
    stage, calls, died = Stage(), 0, False

    def on_call(name: str, when: When) -> None:
        nonlocal calls, died
        if name.rpartition(".")[2] not in EFFECTS:
            return  # to die at a call that only reads is to die after the effect before it
        calls += when == "before"
        if crash == (calls, when) and not died:
            died = True
            raise Crash

    arrive(stage, range(2))
    pause(stage)
    stage.later(HOUR)
    arrive(stage, range(2, 3))
    stage.later(HOUR)
    stage.world.calls.on_call = on_call
    steps: list[Any] = [lambda: resume(stage), lambda: stage.later(5 * MINUTE), lambda: stage.later(5 * MINUTE)]
    for step in steps:
        try:
            step()
        except Crash:
            step()
    stage.world.calls.on_call = None
    stage.later(30 * MINUTE)
    return stage, calls, died


def test_a_death_at_any_call_while_it_goes_on_loses_nothing_and_tells_nobody_twice():
    whole, calls, _ = play()
    assert told(whole) == addresses(range(3))
    for number in range(1, calls + 1):
        for when in ("before", "after"):
            stage, _, died = play((number, when))
            assert died
            unknown = [row for row in stage.world.cases.rows.values() if row.template is ACK and row.state is State.SETTLED]
            assert len(told(stage)) == len(set(told(stage))), (number, when)
            assert len(told(stage)) + len(unknown) >= 3, (number, when)

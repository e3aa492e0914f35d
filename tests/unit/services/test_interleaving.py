"""A sender and a decision, each stopped at every call of a port while the other goes on: all the ways in which two of them can cross once.

The sender goes as far as its i-th call, the decision as far as its j-th, then the sender to its end, then the decision. Must not rely on
timing: one of the two runs at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import RetryLater
from chalicelib.domain.messages import Template
from tests.builders import contact_safety, victim
from tests.unit.services.invariants import assert_all_well, settle
from tests.unit.services.record_strategies import HUNT
from tests.unit.services.stage import MINUTE, Stage

OTHER = "26000799999"
DOMESTIC = {"flags": {"domestic_abuse": True}}
STEP = 1 if HUNT else 3
"""Every place while hunting (KI_EXAMPLES=1), every third in the suite."""
Action = Callable[[Stage], Any]


def receipts(stage: Stage, state: State) -> None:
    """For whatever the provider accepted by now."""
    for email in list(stage.world.email.sent):
        stage.receive(stage.row(email.notification_id), state, permanent=state is State.BOUNCED)


DECISIONS: dict[str, Action] = {
    "re-classified": lambda stage: stage.version(2, **DOMESTIC),
    "specialist elsewhere": lambda stage: stage.version(reference=OTHER, **DOMESTIC),
    "opted out": lambda stage: stage.version(2, victims=[victim(referral_opt_out=True)]),
    "by letter": lambda stage: stage.version(2, victims=[victim(contact_safety=contact_safety(safe_channels=["letter"]))]),
    "removed": lambda stage: stage.version(2, victims=[victim("V2")]),
    "quarantined": lambda stage: stage.version(2, source="pigeon"),
    "bounced": lambda stage: receipts(stage, State.BOUNCED),
    "delivered": lambda stage: receipts(stage, State.DELIVERED),
    "sent again": lambda stage: stage.sweep(),
}


class Stops:
    """Lets a thread go as far as one of its calls, and on."""

    def __init__(self, stage: Stage) -> None:
        self.given_back: list[Callable[[], Any]] = []
        self._at: dict[threading.Thread, int] = {}
        self._stopped: dict[threading.Thread, threading.Event] = {}
        self._go_on: dict[threading.Thread, threading.Event] = {}
        stage.world.calls.on_call = self._on_call

    def run(self, work: Callable[[], Any], until: int) -> threading.Thread:
        """Start `work`; answers when it reached its call number `until`, or its end."""
        thread = threading.Thread(target=lambda: self._work(work))
        self._at[thread] = until
        self._stopped[thread], self._go_on[thread] = threading.Event(), threading.Event()
        thread.start()
        self._stopped[thread].wait()
        return thread

    def finish(self, thread: threading.Thread) -> None:
        self._go_on[thread].set()
        thread.join()

    def _work(self, work: Callable[[], Any]) -> None:
        try:
            work()
        except RetryLater:
            self.given_back.append(work)
        finally:
            self._stopped[threading.current_thread()].set()

    def _on_call(self, _name: str, when: str) -> None:
        thread = threading.current_thread()
        if when == "after" or thread not in self._at:
            return
        self._at[thread] -= 1
        if self._at[thread] == 0:
            self._stopped[thread].set()
            self._go_on[thread].wait()


def crossed(template: Template, decide: Action, i: int, j: int) -> tuple[Stage, bool]:
    """The stage afterwards, and whether both places exist."""
    stage = Stage()
    stage.version()
    stage.world.clock.advance(30 * MINUTE)
    if template is Template.REFERRAL:
        stage.one(stage.only(Template.ACKNOWLEDGEMENT).notification_id)
    stage.world.clock.advance(timedelta(seconds=1))
    stage.world.queues.take()
    key = stage.only(template).notification_id
    stops = Stops(stage)
    sender = stops.run(lambda: stage.one(key), i)
    there = sender.is_alive()
    decision = stops.run(lambda: decide(stage), j)
    there = there and decision.is_alive()
    stops.finish(sender)
    stops.finish(decision)
    stage.world.calls.on_call = None
    stage.excused.add(key)
    for work in stops.given_back:
        work()
    return stage, there


@pytest.mark.parametrize("name", DECISIONS)
@pytest.mark.parametrize("template", [Template.ACKNOWLEDGEMENT, Template.REFERRAL])
def test_however_they_cross_nobody_is_told_twice_and_what_left_is_followed_up(template: Template, name: str) -> None:
    for i in range(1, 60, STEP):
        stage, _ = crossed(template, DECISIONS[name], i, 1)
        for j in range(1, 60, STEP):
            stage, there = crossed(template, DECISIONS[name], i, j)
            if not there:
                break
            settle(stage)
            assert_all_well(stage), (i, j)
        if not there and j == 1:
            break

"""Three hundred victims, three workers that know of a pause at different times, hints that come twice and a store that fails now and then:
a channel is paused in the middle of it and goes on, and nobody is missed, told twice, or told out of turn.

Must not touch the rows. What dies on the way is in test_pauses.py.
"""

from __future__ import annotations

import random
from collections import Counter
from copy import copy
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import Contended, RetryLater, StoreUnavailable
from chalicelib.domain.messages import Template
from chalicelib.services.deliver import Deliver
from chalicelib.services.pause_sending import WhatIsPaused
from tests.builders import contact_safety, victim
from tests.unit.services.stage import MINUTE, Left, Stage

ACK, REFERRAL = Template.ACKNOWLEDGEMENT, Template.REFERRAL
VICTIMS, WORKERS = 300, 3
TICK, SWEEPS = timedelta(seconds=10), timedelta(minutes=5)
A_BATCH = 4
"""Hints that a worker takes at a tick: fewer than become due at a sweep, so that a queue stands when the pause comes."""
BY_TEXT = 5
"""Every so many have a mobile alone, which a pause of mail does not concern."""


def reference(number: int) -> str:
    return f"26000{number:06d}"


class Load:
    """The flow in ticks of the clock: records come in, sweeps hint, workers take their batches from one queue, some hints twice."""

    def __init__(self, seed: int) -> None:
        self.stage = Stage()
        self.chance = random.Random(seed)
        self.workers = [self._worker() for _ in range(WORKERS)]
        self.queue: list[str] = []
        self.came = 0
        self._swept_at = self.stage.now

    def _worker(self) -> Deliver:
        """A process of its own: what it knows of pauses is its own."""
        worker = copy(self.stage.house.deliver)
        worker._paused = WhatIsPaused(self.stage.world.pauses, self.stage.world.cases, self.stage.world.clock)
        return worker

    @property
    def now(self) -> datetime:
        return self.stage.now

    def comes(self) -> None:
        person = victim(f"V{self.came}", person_ref=f"N{self.came}", email=f"v{self.came}@example.org", mobile=None)
        if self.came % BY_TEXT == 0:
            number = f"+4477009{self.came:05d}"
            safe = contact_safety(safe_channels=["sms"])
            person |= {"email": None, "mobile": number, "preferred_channel": "sms", "contact_safety": safe}
        self.stage.version(reference=reference(self.came), victims=[person], location=None)
        self.came += 1

    def tick(self) -> None:
        self.stage.world.clock.advance(TICK)
        if self.came < VICTIMS:
            self.comes()
        if self.now - self._swept_at >= SWEEPS:
            self._swept_at = self.now
            self.stage.house.sweep.sweep(self.now)
        for key in self.stage.world.queues.take():
            self.queue += [key] * (2 if self.chance.random() < 0.1 else 1)
        for worker in self.workers:
            self._batch(worker)

    def _batch(self, worker: Deliver) -> None:
        mine, self.queue = self.queue[:A_BATCH], self.queue[A_BATCH:]
        if not mine:
            return
        worker.read(mine, self.now)
        for key in mine:
            if self.chance.random() < 0.05:
                error = self.chance.choice([Contended("x"), StoreUnavailable("x")])
                self.stage.world.calls.fail("cases.load", error)
            try:
                worker.deliver(key, f"w{self.chance.random()}", self.now)
            except RetryLater:
                self.queue.append(key)  # it comes again
            finally:
                self.stage.world.calls.fail_no_more()
                self.stage._collect()

    def until(self, moment: datetime) -> None:
        while self.now < moment:
            self.tick()

    def left(self, channel: str, template: Template = ACK) -> list[Left]:
        return [item for item in self.stage.left if item.template is template and item.channel == channel]


@pytest.fixture(scope="module", params=[1, 2])
def played(request: pytest.FixtureRequest) -> tuple[Load, datetime, datetime]:
    """The load, when mail was paused and when it went on."""
    load = Load(request.param)
    load.until(load.now + 45 * MINUTE)  # a third is due, and a queue stands
    assert load.queue
    assert load.stage.house.pausing.pause("email", "7001", "Provider is down.", load.now)
    paused = load.now
    load.until(load.now + 40 * MINUTE)  # the rest comes in, and becomes due
    assert load.came == VICTIMS
    resumed = load.now
    assert load.stage.house.pausing.resume("email", "7002", load.now)
    load.until(load.now + 45 * MINUTE)
    return load, paused, resumed


def test_it_takes_effect_within_a_minute(played: tuple[Load, datetime, datetime]) -> None:
    load, paused, resumed = played
    meanwhile = [item.at for item in (*load.left("email"), *load.left("email", REFERRAL)) if paused < item.at <= resumed]
    assert all(at - paused <= MINUTE for at in meanwhile)
    assert len([item for item in load.left("email") if item.at <= paused]) > 20, "it was in the middle of it"
    assert len([item for item in load.left("email") if item.at > resumed]) > 100


def test_nobody_is_missed_and_nobody_is_told_twice(played: tuple[Load, datetime, datetime]) -> None:
    load, _, _ = played
    told = Counter(item.reference for item in (*load.left("email"), *load.left("sms")))
    assert told == Counter({reference(number): 1 for number in range(VICTIMS)})
    referred = Counter(item.reference for item in load.left("email", REFERRAL))
    assert set(referred.values()) == {1}
    rows = load.stage.world.cases.rows.values()
    assert {row.state for row in rows if row.template in (ACK, REFERRAL)} <= {State.SENT, State.CANCELLED}
    assert not [row for row in rows if (row.reason or "").startswith("paused")]


def test_each_case_is_told_before_it_is_referred(played: tuple[Load, datetime, datetime]) -> None:
    load, _, _ = played
    place = {(item.reference, item.template): number for number, item in enumerate(load.stage.left)}
    referred = [key for key in place if key[1] is REFERRAL]
    assert len(referred) > VICTIMS / 2
    assert all(place[name, ACK] < place[name, REFERRAL] for name, _ in referred)


def test_what_waited_leaves_in_the_order_in_which_it_was_due(played: tuple[Load, datetime, datetime]) -> None:
    """But for what a failing store gave back: it comes again behind the rest of the queue."""
    load, _, resumed = played
    order = [item.reference for item in load.left("email") if item.at > resumed]
    late = sum(later < earlier for earlier, later in pairwise(order))
    assert late <= 5


def test_a_channel_that_is_not_paused_goes_on(played: tuple[Load, datetime, datetime]) -> None:
    load, paused, resumed = played
    assert len([item for item in load.left("sms") if paused + MINUTE < item.at <= resumed]) > 20

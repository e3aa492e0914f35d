"""Something else happens at every call of a port while a message is on its way: a decision, another worker, a receipt.

What can still be known stops the message; what cannot is made good by a stop notice or a task. Must not touch the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.delivery import State
from tests.builders import contact_safety, victim
from tests.fake_calls import When
from tests.unit.services.invariants import assert_all_well, settle
from tests.unit.services.stage import MINUTE, Stage

OTHER = "26000799999"
SECOND = timedelta(seconds=1)
DOMESTIC = {"flags": {"domestic_abuse": True}}
SILENT = victim(contact_safety=contact_safety(do_not_contact=True))
Action = Callable[[Stage], Any]

ACTIONS: dict[str, Action] = {
    "re-classified": lambda stage: stage.version(2, **DOMESTIC),
    "doubtful": lambda stage: stage.version(2, flags={"safeguarding": None}),
    "late and specialist": lambda stage: stage.version(1, **DOMESTIC),
    "specialist elsewhere": lambda stage: stage.version(reference=OTHER, **DOMESTIC),
    "do not contact elsewhere": lambda stage: stage.version(reference=OTHER, victims=[SILENT]),
    "do not contact": lambda stage: stage.version(3, victims=[SILENT]),
    "removed": lambda stage: stage.version(3, victims=[]),
    "cancelled": lambda stage: stage.version(3, status="cancelled"),
    "quarantined": lambda stage: stage.version(3, source="pigeon"),
    "opted out": lambda stage: stage.version(3, victims=[victim(referral_opt_out=True)]),
    "by text": lambda stage: stage.version(3, victims=[victim(preferred_channel="sms")]),
    "by letter": lambda stage: stage.version(3, victims=[victim(contact_safety=contact_safety(safe_channels=["letter"]))]),
    "corrected": lambda stage: stage.version(3, victims=[victim(email="alex.new@example.org")]),
    "another worker": lambda stage: stage.sweep(),
    "receipts": lambda stage: [stage.receive(stage.row(item.notification_id)) for item in list(stage.left)],
    "bounces": lambda stage: [stage.receive(stage.row(item.notification_id), State.BOUNCED, permanent=True) for item in list(stage.left)],
}


def interrupted(action: Action, number: int, when: When) -> Stage | None:
    """The story of a burglary with `action` at the numbered call of its sending; None where there is no such call.

    A message whose call was under way by then is excused: nobody could know.
    """
    stage = Stage()
    stage.version(2)
    stage.world.clock.advance(30 * MINUTE)
    calls, made, under_way = 0, 0, False

    def on_call(name: str, moment: When) -> None:
        nonlocal calls, under_way
        calls += moment == "before"
        if (calls, moment) == (number, when):
            stage.world.calls.on_call = None
            under_way = (name, moment) == ("cases.head", "after") or "email.send" in stage.world.calls.made[made:]
            stage.world.clock.advance(SECOND)
            action(stage)
            stage.world.clock.advance(SECOND)

    stage.world.calls.on_call = on_call
    while ids := [row.notification_id for row in stage.rows() if row.open_at and row.open_at <= stage.now]:
        for key in ids:
            made = len(stage.world.calls.made)
            stage.one(key)
            if under_way:
                stage.excused.add(key)
                under_way = False
    return None if stage.world.calls.on_call else stage


@pytest.mark.parametrize("name", ACTIONS)
def test_whatever_happens_in_between_nobody_is_told_twice_and_nothing_is_lost(name: str) -> None:
    places = 0
    for when in ("before", "after"):
        for number in range(1, 200):
            stage = interrupted(ACTIONS[name], number, when)  # type: ignore[arg-type]
            if stage is None:
                break
            places += 1
            settle(stage)
            assert_all_well(stage)
            assert len(stage.outside) <= 4, (number, when)
    assert places > 30

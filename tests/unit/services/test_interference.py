"""Something else happens at every call of a port while a message is on its way: a decision, another worker, a receipt.

What can still be known stops the message; what cannot is made good by a stop notice or a task. Must not touch the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import Contended
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


PLACES = {
    "cases.notifications", "cases.load", "cases.around", "renderer.email", "documents.referral",
    "cases.claim", "cases.head", "email.send", "cases.commit", "queues.dispatch", "pauses.read",
}  # fmt: skip
"""Every call that sending an acknowledgement and its referral makes."""


def interrupted(action: Action, number: int, when: When, *, contended: bool) -> tuple[Stage, str] | None:
    """The story of a burglary with `action` at the numbered call of its sending, and that call; None where there is no such call.

    `contended`: the first outcome is refused because of a neighbour, so that it is recorded by reading again and the head asked afterwards.
    A message whose call was under way by then is excused: nobody could know.
    """
    stage = Stage()
    stage.version(2)
    stage.world.clock.advance(30 * MINUTE)
    if contended:
        stage.world.calls.fail("cases.commit", Contended("neighbour"))
    calls, made, under_way, place = 0, 0, False, ""

    def on_call(name: str, moment: When) -> None:
        nonlocal calls, under_way, place
        calls += moment == when
        if (calls, moment) == (number, when):
            stage.world.calls.on_call = None
            place = name
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
    return None if stage.world.calls.on_call else (stage, place)


@pytest.mark.parametrize("contended", [False, True], ids=["", "contended"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("name", ACTIONS)
def test_whatever_happens_in_between_nobody_is_told_twice_and_nothing_is_lost(name: str, when: When, contended: bool) -> None:
    places = []
    while found := interrupted(ACTIONS[name], len(places) + 1, when, contended=contended):
        stage, place = found
        places.append(place)
        settle(stage)
        assert_all_well(stage)
        assert len(stage.outside) <= 4, (places, when)
    assert set(places) == PLACES
    assert places.count("cases.head") == (3 if contended else 2), "asked before each call, and after an outcome that was contended"

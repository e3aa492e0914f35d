"""Dead letters go back by a named person, and the log knows it."""

from __future__ import annotations

from chalicelib.services.redrive import Redrive
from tests.unit.services.stage import Stage


def test_dead_letters_go_back_and_who_did_it_is_kept() -> None:
    stage = Stage()
    redrive = Redrive(stage.world.dead, stage.world.cases)
    stage.world.dead.queues["records"] = ["one", "two"]
    assert (redrive.waiting("records"), redrive.waiting("dispatch"), redrive.waiting("receipts")) == (2, 0, 0)
    assert redrive.redrive("records", "7001", stage.now) == 2
    assert stage.world.dead.put_back == [("records", "one"), ("records", "two")]
    assert [(line.op, line.actor, line.detail) for line in stage.world.cases.audit.values()] == [("redriven", "7001", "records")]

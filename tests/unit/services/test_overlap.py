"""A decision and a call to the provider at the same time: whichever writes last, what left is followed up.

Must not rely on timing: each worker stands where the test put it.
"""

import threading
from datetime import timedelta

import pytest

from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Purpose
from tests.builders import victim
from tests.unit.services.stage import Stage

FOLLOWED_UP = {Purpose.SENT_BEFORE, Purpose.SPECIALIST}


def while_it_is_sent(stage: Stage, notification_id: str, decide, *, written_before: str) -> None:
    """A worker stands in its call to the provider while `decide` runs; it goes on, to its end, before that decision's `written_before`."""
    in_the_call, answered = threading.Event(), threading.Event()
    worker = threading.Thread(target=stage.one, args=(notification_id,))

    def on_call(name: str, when: str) -> None:
        if threading.current_thread() is worker and (name, when) == ("email.send", "before"):
            in_the_call.set()
            answered.wait()
        elif threading.current_thread() is not worker and (name, when) == (written_before, "before"):
            answered.set()
            worker.join()

    stage.world.calls.on_call = on_call
    worker.start()
    in_the_call.wait()
    decide()
    answered.set()
    worker.join()
    stage.world.calls.on_call = None


@pytest.mark.parametrize("written_before", ["cases.load", "cases.around", "cases.commit", "nothing"])
@pytest.mark.parametrize("template", [Template.ACKNOWLEDGEMENT, Template.REFERRAL])
def test_a_version_that_turns_specialist_during_the_call_follows_it_up(written_before, template):
    stage = Stage()
    stage.version(victims=[victim(referral_opt_out=template is Template.ACKNOWLEDGEMENT)])
    stage.world.clock.advance(timedelta(minutes=31))
    if template is Template.REFERRAL:
        stage.one(stage.only(Template.ACKNOWLEDGEMENT).notification_id)
    stage.world.queues.take()
    again = {"victims": [victim(referral_opt_out=template is Template.ACKNOWLEDGEMENT)], "flags": {"domestic_abuse": True}}
    while_it_is_sent(stage, stage.only(template).notification_id, lambda: stage.version(2, **again), written_before=written_before)
    stage.sweep()
    assert {purpose for purpose in stage.tasks() if purpose in FOLLOWED_UP} == FOLLOWED_UP
    assert stage.sent_to("service").count(("stop_notice", stage.house.profile.victim_service.email)) == (template is Template.REFERRAL)

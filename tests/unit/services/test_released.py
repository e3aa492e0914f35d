"""Stories of holds between two records of one person that a person lifts, or that a crash kept one of them from hearing.

Must not repeat what is held and why (test_elsewhere.py).
"""

from __future__ import annotations

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Purpose
from tests.builders import contact_safety, victim
from tests.unit.services.stage import DAY, HOUR, MINUTE, Stage, profile

OTHER, THIRD = "26000799999", "26000700003"
ALEX = "alex.morgan@example.org"
SERVICE = profile().victim_service.email
ACK, REFERRAL, STOP = Template.ACKNOWLEDGEMENT, Template.REFERRAL, Template.STOP_NOTICE
DOMESTIC = {"flags": {"domestic_abuse": True}}
TOLD = [("acknowledgement", ALEX), ("referral", SERVICE)]


def test_a_release_there_frees_here():
    stage = Stage()
    stage.version(reference=OTHER, **DOMESTIC)
    stage.version(2, reference=OTHER)
    stage.version()
    stage.later(HOUR)
    assert stage.outside == []
    stage.release(reference=OTHER)
    stage.run()
    assert stage.sent_to("victim").count(("acknowledgement", ALEX)) == 2
    assert (stage.tasks(), stage.leaks()) == ([], [])


def test_a_release_here_lifts_what_other_records_said_by_then_and_nothing_that_comes_later():
    stage = Stage()
    stage.version(reference=OTHER, **DOMESTIC)
    stage.version()
    stage.later(DAY)
    assert stage.outside == []
    stage.release()
    stage.run()
    assert stage.outside == TOLD
    stage.version(reference=THIRD, **DOMESTIC)
    stage.run()
    assert stage.outside[2:] == [("stop_notice", SERVICE)]


@pytest.mark.parametrize("again", [1, 2])
@pytest.mark.parametrize("facts", [DOMESTIC, {"victims": [victim(contact_safety=contact_safety(do_not_contact=True))]}])
def test_what_a_crash_kept_from_other_records_they_hear_when_it_comes_again(facts, again):
    stage = Stage()
    stage.version()
    stage.world.calls.fail("points.cases_of", StoreUnavailable("bucket"))
    with pytest.raises(StoreUnavailable):
        stage.version(reference=OTHER, **facts)
    if again == 2:
        stage.version(2, reference=OTHER, **facts)
    assert stage.only(ACK).state is State.HELD
    stage.version(reference=OTHER, **facts)
    assert stage.only(ACK).state is State.CANCELLED


@pytest.mark.parametrize("lost", [1, 2])
def test_a_release_that_other_records_did_not_hear_is_said_again(lost):
    stage = Stage()
    stage.version(reference=OTHER, **DOMESTIC)
    stage.version(2, reference=OTHER)
    stage.version()
    stage.later(HOUR)
    stage.world.calls.fail("points.cases_of", *[StoreUnavailable("points")] * lost)
    for _ in range(lost):
        with pytest.raises(StoreUnavailable):
            stage.release(reference=OTHER)
    assert stage.release(reference=OTHER) is True
    assert stage.only(ACK).state is State.PENDING


def test_a_release_here_covers_what_the_other_record_had_said_and_not_what_it_says_next():
    stage = Stage()
    stage.version(reference=OTHER, **DOMESTIC)
    stage.version()
    stage.later(HOUR)
    assert stage.release() is True
    stage.later(MINUTE)
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE)]
    stage.version(2, reference=OTHER, **DOMESTIC)
    stage.later(MINUTE)
    assert stage.rows(STOP) == []
    stage.version(3, reference=OTHER, restricted=True)
    stage.later(MINUTE)
    assert stage.outside[2:] == [("stop_notice", SERVICE)]
    assert stage.release() is True
    assert stage.tasks() == [Purpose.STOP_CONFIRM]

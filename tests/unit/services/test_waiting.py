"""Stories of when messages leave: hold windows and quiet hours.

Must not look at who is told or how (test_telling.py).
"""

from __future__ import annotations

from chalicelib.domain.delivery import State
from chalicelib.domain.messages import Template
from tests.builders import contact_safety, victim
from tests.unit.services.stage import HOUR, MINUTE, NOW, Stage, profile

ALEX = "alex.morgan@example.org"
MOBILE = "+447700900123"
SERVICE = profile().victim_service.email
OFFICER = "sam.ash@example.test"
ACK, REFERRAL, TASK = Template.ACKNOWLEDGEMENT, Template.REFERRAL, Template.TASK


def test_an_offence_against_a_person_is_held_for_a_day_and_quiet_hours_then():
    stage = Stage()
    stage.version(offences=[{"code": "8N"}])
    stage.later(24 * HOUR - MINUTE)
    assert stage.left == []
    stage.later(MINUTE)
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE)]


def test_later_versions_never_restart_the_hold_window():
    stage = Stage()
    stage.version()
    stage.later(29 * MINUTE)
    stage.version(2, victims=[victim(given_name="Alexandra")])
    stage.later(MINUTE)
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE)]


def test_the_window_grows_and_shrinks_with_the_offence_from_the_first_acceptance():
    stage = Stage()
    stage.version(offences=[{"code": "8N"}])
    stage.later(30 * MINUTE)
    stage.version(2)
    stage.run()
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE)]


def test_quiet_hours_hold_what_goes_to_a_victim_and_the_referral_with_it():
    evening = NOW.replace(hour=19, minute=45)
    stage = Stage(evening)
    stage.version()
    stage.later(30 * MINUTE)
    assert stage.left == []
    stage.until(evening.replace(day=21, hour=7, minute=59))
    assert stage.left == []
    stage.later(MINUTE)
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE)]


def test_a_backlog_that_reaches_quiet_hours_waits_for_the_morning():
    stage = Stage()
    stage.version()
    stage.until(NOW.replace(hour=22))
    assert stage.left == []
    assert (stage.only(ACK).state, stage.only(ACK).reason) == (State.HELD, "quiet_hours")
    stage.until(NOW.replace(day=21, hour=8, minute=0))
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE)]


def test_the_victims_own_hours_are_kept_and_a_correction_at_eight_oclock_is_heard():
    stage = Stage(NOW.replace(hour=7, minute=0))
    mornings = contact_safety(NOW, safe_hours="10:00-12:00", confirmed_at="2026-11-19T10:00:00+00:00")
    early = {"reported_at": "2026-11-20T06:00:00+00:00", "recorded_at": "2026-11-20T06:30:00+00:00", "occurred_to": None}
    stage.version(victims=[victim(enhanced=None, contact_safety=mornings)], now=NOW.replace(hour=7, minute=0), **early)
    stage.until(NOW.replace(hour=8, minute=0))
    assert (stage.left, stage.only(ACK).not_before) == ([], NOW.replace(hour=10, minute=0))
    any_time = mornings | {"safe_hours": None}
    stage.version(2, victims=[victim(enhanced=None, contact_safety=any_time)], now=NOW.replace(hour=7, minute=0), **early)
    stage.run()
    assert stage.outside == [("acknowledgement", ALEX), ("referral", SERVICE)]


def test_tasks_know_no_quiet_hours():
    stage = Stage(NOW.replace(hour=23))
    stage.version(flags={"domestic_abuse": None})
    stage.run()
    assert stage.sent_to("unit") == [("task", "victim-care-unit@derbyshire-police.test")]

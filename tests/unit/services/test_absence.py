"""Officers who are away or have left: who is reminded in their place, at once where something is due, and told why. NOW is a Friday."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.messages import Template
from tests import builders
from tests.builders import change_message, contact_message, officer_record, victim
from tests.unit.services.stage import DAY, NOW, REF, Stage, record
from tests.unit.services.test_digests import INSPECTOR, OFFICER, SUPERVISOR, lines, reminders, told

COVER = "kim.bell@example.test"
ROLE = "duty-inspector@derbyshire-police.test"


def listed(stage: Stage, collar: str = "2345", **entry: Any) -> str:
    """A directory entry; the cover 2399 and the supervisor 1890 stand beside it."""
    people = {"2399": {"name": "PC Kim Bell", "email": COVER}, "1890": {"name": "Sgt Jo Reed", "email": SUPERVISOR, "supervisor": None}}
    outcome = stage.put(officer_record(now=stage.now, collar_number=collar, **(people.get(collar, {}) | {"supervisor": "1890"} | entry)))
    stage.run()
    return outcome


@pytest.mark.parametrize(
    ("entry", "others", "to", "because"),
    [
        pytest.param(
            {"cover": "2399"}, {}, COVER, "The officer in the case is away until 10 December 2026. You are their cover.", id="cover"
        ),
        pytest.param({}, {}, SUPERVISOR, "The officer in the case is away until 10 December 2026.", id="no cover"),
        pytest.param(
            {"cover": "2399"},
            {"2399": {"absent_from": "2026-11-28"}},
            SUPERVISOR,
            "The officer in the case is away until 10 December 2026.",
            id="the cover is away too",
        ),
        pytest.param(
            {},
            {"1890": {"absent_from": "2026-11-20"}},
            ROLE,
            "The officer in the case is away until 10 December 2026.",
            id="everybody is away",
        ),
        pytest.param({"active": False, "cover": "2399"}, {}, COVER, "The officer in the case has left. You are their cover.", id="left"),
        pytest.param({"absent_until": None}, {}, SUPERVISOR, "The officer in the case is away.", id="nobody knows until when"),
    ],
)
def test_whoever_stands_in_is_reminded_and_told_why(entry: Any, others: Any, to: str, because: str):
    stage = told()
    for collar in ("2399", "1890"):
        listed(stage, collar, **others.get(collar, {}))
    listed(stage, **{"absent_from": "2026-11-27", "absent_until": "2026-12-10"} | entry)
    stage.until(datetime.fromisoformat("2026-11-28T12:00:00+00:00"))
    assert reminders(stage) == [("Sat 28 Nov", to)]
    assert [line.because for line in lines(stage)] == [because]


@pytest.mark.parametrize(
    ("first", "last", "reminded"),
    [
        pytest.param("2026-11-30", "2026-11-30", "cover", id="absent on the very day it is due"),
        pytest.param("2026-11-29", "2026-11-29", "officer", id="back on the day"),
        pytest.param("2026-12-01", "2026-12-10", "officer", id="away from the day after"),
    ],
)
def test_on_the_day_something_is_due_the_one_on_duty_is_reminded(first: str, last: str, reminded: str):
    stage = told()
    listed(stage, "2399")
    listed(stage, absent_from=first, absent_until=last, cover="2399")
    stage.through(date(2026, 11, 30))
    assert [to for day, to in reminders(stage) if day == "Mon 30 Nov"] == [{"cover": COVER, "officer": OFFICER}[reminded]]


def test_who_becomes_absent_on_the_day_hands_over_at_once():
    stage = told()
    listed(stage, "2399")
    listed(stage)
    stage.through(date(2026, 11, 29))
    stage.until(datetime.fromisoformat("2026-11-30T09:15:00+00:00"))
    before = reminders(stage)
    assert listed(stage, version=8, absent_from="2026-11-30", absent_until="2026-12-04", cover="2399") == "recorded"
    stage.run()
    assert reminders(stage)[len(before) :] == [("Mon 30 Nov", COVER)]
    assert lines(stage)[0].because == "The officer in the case is away until 4 December 2026. You are their cover."
    listed(stage, version=8, absent_from="2026-11-30", absent_until="2026-12-04", cover="2399")
    stage.run()
    assert len(reminders(stage)) == len(before) + 1
    assert not [row for row in stage.world.cases.rows.values() if row.template is Template.HANDOVER]


def test_who_leaves_hands_over_what_is_due_and_nothing_else():
    stage = told()
    listed(stage, "2399")
    listed(stage, version=9, active=False, cover="2399")
    stage.run()
    assert reminders(stage) == []
    stage.until(datetime.fromisoformat("2026-11-28T05:00:00+00:00"))
    listed(stage, version=10, active=False, cover="2399", name="PC Sam Ash")
    stage.run()
    assert reminders(stage) == []
    stage.until(datetime.fromisoformat("2026-11-28T07:00:00+00:00"))
    assert reminders(stage) == [("Sat 28 Nov", COVER)]


def test_on_the_last_duty_day_the_digest_also_holds_what_falls_due_during_the_absence():
    """Due on Monday 30 November; away from Thursday 26 November to Friday 4 December."""
    stage = told()
    listed(stage, "2399")
    listed(stage, absent_from="2026-11-26", absent_until="2026-12-04", cover="2399")
    stage.through(date(2026, 11, 24))
    assert reminders(stage) == []
    stage.until(datetime.fromisoformat("2026-11-25T06:50:00+00:00"))
    stage.until(datetime.fromisoformat("2026-11-25T07:00:00+00:00"))
    stage.through(date(2026, 11, 28))
    assert reminders(stage) == [("Wed 25 Nov", OFFICER), ("Sat 28 Nov", COVER)]


def test_the_last_digest_before_an_absence_is_the_day_s_only_one():
    """One update is due on Wednesday 25 November, another during the absence that begins on the 26th."""
    stage = Stage()
    for number, due in ((1, "2026-11-25"), (2, "2026-11-30")):
        agreed = builders.update_agreement(next_update_on=due)
        stage.version(reference=f"2600080000{number}", victims=[victim(f"V{number}", person_ref=f"N{number}", update_agreement=agreed)])
    listed(stage, absent_from="2026-11-26", absent_until="2026-12-04")
    for at in ("2026-11-24T12:00", "2026-11-25T06:50", "2026-11-25T07:00", "2026-11-25T12:00"):
        stage.until(datetime.fromisoformat(f"{at}:00+00:00"))
    on_the_day = [to for day, to in reminders(stage) if day == "Wed 25 Nov"]
    assert on_the_day == [OFFICER]
    assert [line.reference[-1] for line in lines(stage) if line.owed == "Update to the victim"] == ["1", "2"]


def test_an_absence_that_was_called_off_hands_nothing_over():
    stage = told()
    listed(stage, absent_from="2026-11-26", absent_until="2026-12-04")
    listed(stage, version=8)
    stage.until(datetime.fromisoformat("2026-11-25T06:50:00+00:00"))
    stage.until(datetime.fromisoformat("2026-11-27T12:00:00+00:00"))
    assert reminders(stage) == []


def test_an_absence_that_is_told_after_the_last_digest_left_adds_no_second():
    stage = told()
    listed(stage)
    stage.until(datetime.fromisoformat("2026-11-28T08:00:00+00:00"))
    listed(stage, version=8, absent_from="2026-11-29", absent_until="2026-12-04")
    stage.run()
    assert reminders(stage) == [("Sat 28 Nov", OFFICER)]


def test_when_the_officer_in_the_case_changes_obligations_follow():
    stage = told()
    other = builders.officer_named("2399", name="PC Kim Bell", email=COVER)
    stage.put(record(2, officer=other) | {"sent_at": builders.iso(stage.now)})
    stage.through(date(2026, 11, 28))
    assert reminders(stage) == [("Sat 28 Nov", COVER)]
    assert {item.officer for item in stage.owed() if item.unmet} == {"2399"}


def test_a_reminder_that_waits_for_an_officer_who_lost_the_case_says_nothing_of_it():
    stage = told()
    stage.through(date(2026, 11, 27))
    stage.world.clock.set(datetime.fromisoformat("2026-11-28T07:00:00+00:00"))
    stage.house.sweep.sweep(stage.now)
    stage.put(record(2, officer=builders.officer_named("2399", email=COVER)) | {"sent_at": builders.iso(stage.now)})
    stage.run()
    assert reminders(stage) == []


def test_without_an_officer_the_role_is_reminded():
    stage = told(officer=None)
    stage.through(date(2026, 11, 28))
    assert reminders(stage) == [("Sat 28 Nov", "crime-management@derbyshire-police.test")]
    assert lines(stage)[0].because == "No officer is named in this case."


def test_a_digest_that_is_refused_goes_to_the_role_and_then_to_operations():
    stage = told()
    stage.through(date(2026, 11, 28))
    refused = stage.row(stage.digests()[-1].notification_id)
    for expected in ("crime-management@derbyshire-police.test", "operations@derbyshire-police.test"):
        stage.receive(refused, State.BOUNCED, permanent=True)
        assert stage.digests()[-1].to == expected
        refused = stage.row(stage.digests()[-1].notification_id)
    stage.receive(refused, State.BOUNCED, permanent=True)
    assert len(stage.digests()) == 3


def test_a_reader_whose_address_in_the_record_is_a_victim_s_is_not_written_to():
    stage = told(officer=builders.officer_named(email="alex.morgan@example.org"))
    stage.through(date(2026, 11, 28))
    assert reminders(stage) == [("Sat 28 Nov", "crime-management@derbyshire-police.test")]


def test_the_ladder_s_inspector_hears_though_the_officer_is_away():
    stage = told()
    listed(stage, absent_from="2026-11-26", absent_until="2026-12-20")
    stage.through(date(2026, 12, 4))
    assert ("Fri 04 Dec", INSPECTOR) in reminders(stage)
    assert [day for day, to in reminders(stage) if to == OFFICER] == ["Wed 25 Nov"]


def test_a_directory_entry_of_nobody_s_case_hands_nothing_over():
    stage = Stage()
    assert listed(stage, "4444", absent_from="2026-11-20") == "recorded"
    stage.run()
    stage.later(DAY)
    assert stage.left == []
    assert stage.house.hand.hand_over("9999", NOW) == []


def test_what_was_tried_today_is_not_handed_over():
    stage = told()
    listed(stage, "2399")
    stage.until(datetime.fromisoformat("2026-11-30T09:00:00+00:00"))
    stage.put(contact_message(now=stage.now, result="message_left", next_update_on=None))
    before = len(stage.digests())
    listed(stage, version=8, absent_from="2026-11-30", cover="2399")
    stage.run()
    assert len(stage.digests()) == before
    assert REF in {item.reference for item in stage.owed()}


def test_a_case_that_changes_hands_on_the_day_tells_the_new_officer_at_once():
    stage = told()
    stage.through(date(2026, 11, 29))
    stage.until(datetime.fromisoformat("2026-11-30T09:00:00+00:00"))
    other = builders.officer_named("2399", name="PC Kim Bell", email=COVER)
    stage.put(record(2, officer=other) | {"sent_at": builders.iso(stage.now)})
    stage.later(timedelta(minutes=5))
    assert [to for day, to in reminders(stage) if day == "Mon 30 Nov"] == [OFFICER, COVER]


def test_a_case_that_comes_back_on_the_day_is_not_told_twice():
    stage = told()
    stage.through(date(2026, 11, 29))
    stage.until(datetime.fromisoformat("2026-11-30T09:00:00+00:00"))
    stage.put(record(2, officer=builders.officer_named("2399", name="PC Kim Bell", email=COVER)) | {"sent_at": builders.iso(stage.now)})
    stage.later(timedelta(minutes=5))
    stage.put(record(3) | {"sent_at": builders.iso(stage.now)})
    stage.later(timedelta(minutes=5))
    assert [to for day, to in reminders(stage) if day == "Mon 30 Nov"] == [OFFICER, COVER]


def test_what_comes_on_the_day_to_an_officer_who_had_their_digest_does_not_wait_until_it_is_late():
    """The new officer had a digest this morning, of another case."""
    stage = told()
    other = builders.officer_named("2399", name="PC Kim Bell", email=COVER)
    agreed = builders.update_agreement(next_update_on="2026-12-02")
    stage.version(reference="26000800001", officer=other, victims=[victim(person_ref="N2", update_agreement=agreed)])
    stage.through(date(2026, 11, 29))
    stage.until(datetime.fromisoformat("2026-11-30T09:00:00+00:00"))
    before = [to for day, to in reminders(stage) if day == "Mon 30 Nov"]
    stage.put(record(2, officer=other) | {"sent_at": builders.iso(stage.now)})
    stage.later(timedelta(minutes=5))
    assert sorted(before) == [COVER, OFFICER]
    assert [to for day, to in reminders(stage) if day == "Mon 30 Nov"] == [*before, COVER]
    assert [line.reference for line in lines(stage)] == [REF]


def test_a_date_that_is_moved_to_today_is_told_at_once():
    stage = told()
    stage.until(datetime.fromisoformat("2026-11-25T09:00:00+00:00"))
    stage.put(change_message(now=stage.now, next_update_on="2026-11-25"))
    stage.later(timedelta(minutes=5))
    assert reminders(stage) == [("Wed 25 Nov", OFFICER)]


def test_whoever_stands_in_and_falls_away_hands_on_what_they_were_told_this_morning():
    stage = told()
    listed(stage, "2399")
    listed(stage, absent_from="2026-11-26", absent_until="2026-12-04", cover="2399")
    stage.through(date(2026, 11, 29))
    stage.until(datetime.fromisoformat("2026-11-30T08:00:00+00:00"))
    assert reminders(stage)[-1] == ("Mon 30 Nov", COVER)
    listed(stage, "2399", version=8, absent_from="2026-11-30")
    assert reminders(stage)[-1] == ("Mon 30 Nov", SUPERVISOR)


def test_a_sergeant_with_a_case_and_a_team_gets_one_digest():
    stage = told()
    agreed = builders.update_agreement(next_update_on="2026-12-03")
    sergeant = builders.officer_named("1890", name="Sgt Jo Reed", email=SUPERVISOR)
    stage.version(reference="26000800001", officer=sergeant, victims=[victim(person_ref="N2", update_agreement=agreed)])
    stage.through(date(2026, 12, 2))
    assert [to for day, to in reminders(stage) if day == "Wed 02 Dec"].count(SUPERVISOR) == 1


def test_a_task_for_an_officer_who_is_away_goes_to_whoever_stands_in():
    stage = Stage()
    listed(stage, "2399")
    listed(stage, absent_from="2026-11-18", absent_until="2026-12-10", cover="2399")
    stage.version(victims=[victim(referral_opt_out=None)])
    stage.run()
    stage.until(datetime.fromisoformat("2026-11-20T14:00:00+00:00"))
    assert stage.sent_to("officer") == [("task", COVER)]
    (content,) = [content for template, _, content in stage.world.renderer.rendered if template is Template.TASK]
    assert content.because == "The officer in the case is away until 10 December 2026. You are their cover."


def test_many_cases_that_come_on_the_day_are_told_at_once_in_one_digest():
    """More than one transaction holds."""
    stage = Stage()
    stage.version(reference="26000900000", victims=[victim("V0", person_ref="N0")], officer=builders.officer_named("2399", email=COVER))
    agreed = builders.update_agreement(next_update_on="2026-11-30")
    people = [[victim("V1", person_ref=f"N{number}", email=f"p{number}@example.org", update_agreement=agreed)] for number in range(1, 31)]
    for number, victims in enumerate(people, 1):
        stage.version(reference=f"260008000{number:02d}", victims=victims)
    stage.through(date(2026, 11, 29))
    stage.until(datetime.fromisoformat("2026-11-30T12:00:00+00:00"))
    other = builders.officer_named("2399", name="PC Kim Bell", email=COVER)
    for number, victims in enumerate(people, 1):
        stage.put(record(2, reference=f"260008000{number:02d}", officer=other, victims=victims) | {"sent_at": builders.iso(stage.now)})
    swept = stage.house.sweep.sweep(stage.now)
    assert swept.contended == 0
    stage.sweep()
    today = [to for day, to in reminders(stage) if day == "Mon 30 Nov"]
    assert today.count(COVER) == 2, "this morning's, and one for what came since"
    assert len(lines(stage)) == 30

"""Reminders over days: who is reminded of what, when it goes up the ladder, and that evidence stops it. NOW is Friday 20 November 2026."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.errors import Contended, TransientSendError
from chalicelib.domain.messages import Digest, Template, Urgency
from chalicelib.domain.obligations import Kind, ObligationState
from tests import builders
from tests.builders import change_message, contact_message, officer_record, victim
from tests.unit.services.stage import DAY, NOW, REF, Stage, record

DUE = date(2026, 11, 30)
"""Monday: the agreed day of the next update."""
OFFICER, SUPERVISOR, INSPECTOR = "sam.ash@example.test", "jo.reed@example.test", "area-inspector@derbyshire-police.test"


def told(**facts: Any) -> Stage:
    """A burglary whose victim was told, with the update agreed for Monday 30 November."""
    stage = Stage()
    stage.version(**facts)
    stage.through(date(2026, 11, 20))
    for item in list(stage.left):
        stage.receive(stage.row(item.notification_id))
    return stage


def update(stage: Stage) -> Any:
    """The update that is owed now."""
    (owed,) = [item for item in stage.owed() if item.kind is Kind.UPDATE and item.unmet]
    return owed


def reminders(stage: Stage) -> list[tuple[str, str]]:
    """(day, to) of every digest."""
    return [(f"{item.at:%a %d %b}", item.to) for item in stage.digests()]


def lines(stage: Stage) -> list[Any]:
    """The lines of the last digest that was rendered."""
    content = next(content for template, _, content in reversed(stage.world.renderer.rendered) if template is Template.DIGEST)
    assert isinstance(content, Digest)
    return list(content.lines)


def test_the_officer_is_reminded_in_the_lead_on_the_day_and_when_late_and_the_ladder_hears_once():
    stage = told()
    stage.through(date(2026, 12, 7))
    assert reminders(stage) == [
        ("Sat 28 Nov", OFFICER),
        ("Sun 29 Nov", OFFICER),
        ("Mon 30 Nov", OFFICER),
        ("Tue 01 Dec", OFFICER),
        ("Wed 02 Dec", OFFICER),
        ("Wed 02 Dec", SUPERVISOR),
        ("Thu 03 Dec", OFFICER),
        ("Fri 04 Dec", INSPECTOR),
        ("Fri 04 Dec", OFFICER),
        ("Sat 05 Dec", OFFICER),
        ("Sun 06 Dec", OFFICER),
        ("Mon 07 Dec", OFFICER),
    ]
    said = {line.because for template, _, content in stage.world.renderer.rendered if template == "digest" for line in content.lines}
    assert said == {None, "Late for 1 working day. Officer in the case: 2345.", "Late for 3 working days. Officer in the case: 2345."}
    assert (update(stage).state, update(stage).step) == (ObligationState.BREACHED, 2)
    assert stage.leaks() == []


def test_a_reminder_says_what_is_owed_and_names_nobody():
    stage = told()
    stage.through(date(2026, 11, 28))
    (line,) = lines(stage)
    assert (line.reference, line.urgency, line.because) == (REF, Urgency.SOON, None)
    assert (line.since, line.due_at) == (NOW, datetime.fromisoformat("2026-11-30T23:59:59+00:00"))
    assert line.link.startswith("http://127.0.0.1:8000/officer/")
    assert stage.house.pages.opened(line.link.rsplit("/", 1)[-1], stage.now).reference == REF
    assert "Morgan" not in repr(line)


def test_a_revoked_link_opens_nothing():
    stage = told()
    stage.through(date(2026, 11, 28))
    token = lines(stage)[0].link.rsplit("/", 1)[-1]
    stage.house.pages.revoke(REF, stage.now)
    assert stage.house.pages.opened(token, stage.now) is None
    assert stage.house.pages.opened("forged", stage.now) is None


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param("2026-11-27T16:00:00+00:00", [], id="Friday before the lead"),
        pytest.param("2026-11-28T16:00:00+00:00", [("Sat 28 Nov", OFFICER)], id="Saturday in the lead"),
        pytest.param("2026-12-01T06:59:00+00:00", [("Sat 28 Nov", OFFICER), ("Sun 29 Nov", OFFICER), ("Mon 30 Nov", OFFICER)], id="late"),
    ],
)
def test_evidence_stops_every_reminder(at: str, expected: list[tuple[str, str]]):
    stage = told()
    moment = datetime.fromisoformat(at)
    stage.through((moment - DAY).date())
    stage.until(moment)
    stage.put(contact_message(now=moment, next_update_on="2026-12-21"))
    stage.through(date(2026, 12, 7))
    assert reminders(stage) == expected
    assert update(stage).due_at.date() == date(2026, 12, 21)


def test_evidence_between_the_digest_and_its_leaving_takes_the_line_out():
    stage = told()
    stage.through(date(2026, 11, 27))
    stage.world.clock.set(datetime.fromisoformat("2026-11-28T07:00:00+00:00"))
    assert stage.house.sweep.sweep(stage.now).digests == 1
    stage.put(contact_message(now=stage.now, next_update_on="2026-12-21"))
    stage.run()
    assert stage.digests() == []
    (row,) = [row for row in stage.world.cases.rows.values() if row.template is Template.DIGEST]
    assert (row.state, row.reason) == (State.CANCELLED, "settled")


def test_a_try_is_shown_silences_today_and_stops_nothing():
    stage = told()
    stage.until(datetime.fromisoformat("2026-11-29T06:30:00+00:00"))
    stage.put(contact_message(now=stage.now, result="no_answer", next_update_on=None))
    stage.through(date(2026, 11, 30))
    assert reminders(stage) == [("Mon 30 Nov", OFFICER)]
    assert lines(stage)[0].tried_on == date(2026, 11, 29)
    assert update(stage).due_at.date() == DUE


def test_a_sweep_at_one_instant_does_nothing_the_second_time():
    stage = told()
    stage.through(date(2026, 11, 27))
    stage.world.clock.set(datetime.fromisoformat("2026-11-28T07:00:00+00:00"))
    first = stage.house.sweep.sweep(stage.now)
    before = (dict(stage.world.cases.rows), dict(stage.world.cases.owed))
    second = stage.house.sweep.sweep(stage.now)
    assert (first.owed, first.digests, second.owed, second.digests) == (1, 1, 0, 0)
    assert (stage.world.cases.rows, stage.world.cases.owed) == before


@pytest.mark.parametrize("until", ["2026-11-30T08:00:00+00:00", "2026-12-07T08:00:00+00:00"], ids=["two days", "a week"])
def test_missed_runs_catch_up_with_one_digest_for_each_reader(until: str):
    stage = told()
    stage.through(date(2026, 11, 27))
    stage.until(datetime.fromisoformat(until))
    assert len(stage.digests()) == len({item.to for item in stage.digests()})
    late = until > "2026-12-01"
    assert {item.to for item in stage.digests()} == ({OFFICER, SUPERVISOR, INSPECTOR} if late else {OFFICER})
    assert update(stage).state is (ObligationState.BREACHED if late else ObligationState.OPEN)


def test_a_run_says_how_old_the_oldest_was():
    stage = told()
    stage.world.clock.set(datetime.fromisoformat("2026-11-28T08:00:00+00:00"))
    swept = stage.house.sweep.sweep(stage.now)
    assert (swept.owed, swept.oldest) == (1, 3600)


def test_a_run_after_midnight_waits_for_the_morning_and_escalates_then():
    """Nothing ran from Friday 27 November to four in the morning of Wednesday 2 December."""
    stage = told()
    stage.through(date(2026, 11, 27))
    stage.until(datetime.fromisoformat("2026-12-02T04:00:00+00:00"))
    assert (stage.digests(), update(stage).step, update(stage).state) == ([], 0, ObligationState.LATE)
    stage.until(datetime.fromisoformat("2026-12-02T07:00:00+00:00"))
    assert sorted(item.to for item in stage.digests()) == [SUPERVISOR, OFFICER]


def test_on_the_day_the_directory_s_mobile_gets_a_text():
    stage = told()
    stage.put(officer_record(mobile="+447700900777"))
    stage.through(date(2026, 12, 1))
    assert [(f"{item.at:%a}", item.to) for item in stage.digests() if item.channel == "sms"] == [("Mon", "+447700900777")]


def test_one_digest_holds_everything_of_the_day_most_urgent_first():
    stage = Stage()
    for number, days in ((1, 3), (2, 1), (3, 2)):
        reference = f"2600080000{number}"
        agreed = builders.update_agreement(next_update_on=(NOW + timedelta(days=days)).date().isoformat())
        stage.version(reference=reference, victims=[victim(f"V{number}", person_ref=f"N{number}", update_agreement=agreed)])
    stage.until(datetime.fromisoformat("2026-11-22T07:00:00+00:00"))
    assert [item.to for item in stage.digests()] == [OFFICER]
    assert [(line.reference[-1], line.urgency) for line in lines(stage)] == [("2", "late"), ("3", "today"), ("1", "soon")]


def test_what_our_own_message_will_meet_is_nobody_s_to_remind_of_until_it_is_late():
    stage = told(victims=[victim(contact_safety=builders.contact_safety(safe_channels=["letter"]))])
    stage.world.clock.set(datetime.fromisoformat("2026-11-23T07:00:00+00:00"))
    stage.sweep()
    assert stage.digests() == []


def test_a_specialist_victim_s_rights_are_reminded_of_without_a_name_and_met_by_contacts_alone():
    stage = Stage()
    stage.version(flags={"domestic_abuse": True}, victims=[victim(enhanced=None)])
    stage.until(datetime.fromisoformat("2026-11-23T07:00:00+00:00"))
    said = {line.owed for template, _, content in stage.world.renderer.rendered if template == "digest" for line in content.lines}
    assert said >= {"Written acknowledgement", "Needs assessment, with enhanced rights"}
    covers = ["written_acknowledgement", "referral", "needs_assessment", "update"]
    stage.put(contact_message(now=stage.now, result="given_by_hand", covers=covers, next_update_on=None))
    assert {stage.duty(kind) for kind in ("written_acknowledgement", "referral", "needs_assessment")} == {"met"}
    assert stage.outside == []


def test_the_unit_is_reminded_of_its_task_and_the_duty_inspector_hears():
    stage = Stage()
    stage.version(flags={"domestic_abuse": True}, dash_risk="medium", victims=[victim(enhanced=builders.enhanced())])
    stage.through(date(2026, 11, 26))
    unit = [day for day, to in reminders(stage) if to == "victim-care-unit@derbyshire-police.test"]
    assert unit == ["Sat 21 Nov", "Sun 22 Nov", "Mon 23 Nov", "Tue 24 Nov", "Wed 25 Nov", "Thu 26 Nov"]
    assert ("Wed 25 Nov", "duty-inspector@derbyshire-police.test") in reminders(stage)


def test_what_operations_leave_undone_goes_to_the_duty_contact_at_every_rank():
    stage = Stage()
    stage.put({**record(), "contract": "another"})
    stage.through(date(2026, 11, 28))
    to_duty = [day for day, to in reminders(stage) if to == "force-duty-contact@derbyshire-police.test"]
    assert to_duty == ["Wed 25 Nov", "Fri 27 Nov"]


def test_another_writer_of_the_same_row_costs_the_run_that_chunk_alone():
    stage = told()
    stage.world.clock.set(datetime.fromisoformat("2026-11-28T07:00:00+00:00"))
    stage.world.calls.fail("cases.commit", Contended("obligation"))
    swept = stage.house.sweep.sweep(stage.now)
    assert (swept.contended, swept.digests) == (1, 0)
    assert stage.house.sweep.sweep(stage.now).digests == 1


def test_a_text_that_left_is_not_sent_again_while_the_digest_still_waits():
    """The mailbox refuses for now; a second update is moved to today meanwhile."""
    stage = told()
    stage.version(reference="26000800001", victims=[victim("V2", person_ref="N2", update_agreement=builders.update_agreement())])
    stage.put(change_message(now=stage.now, reference="26000800001", victim_id="V2", event_id="A-2", next_update_on="2026-12-30"))
    stage.put(officer_record(mobile="+447700900777"))
    stage.through(date(2026, 11, 29))
    stage.world.calls.fail("email.send", *[TransientSendError("Throttling")] * 2)
    stage.until(datetime.fromisoformat("2026-11-30T07:00:00+00:00"))
    stage.put(change_message(now=stage.now, reference="26000800001", victim_id="V2", event_id="A-3", next_update_on="2026-11-30"))
    stage.later(timedelta(minutes=5))
    stage.later(timedelta(hours=1))
    assert [item.channel for item in stage.digests() if f"{item.at:%a}" == "Mon"] == ["sms", "email"]
    assert {line.reference for line in lines(stage)} == {REF, "26000800001"}


def test_a_long_digest_names_all_that_comes_once_or_is_due_today():
    """Forty-five late ones, each told to the supervisor once, and three that are due today."""
    stage = Stage()
    days = ["2026-11-24"] * 45 + ["2026-11-26"] * 3
    for number, day in enumerate(days):
        agreed = builders.update_agreement(next_update_on=day)
        person = victim("V1", person_ref=f"N{number}", email=f"p{number}@example.org", update_agreement=agreed)
        stage.version(reference=f"260008000{number:02d}", victims=[person])
    stage.until(datetime.fromisoformat("2026-11-26T07:00:00+00:00"))
    today = {item.to: content for item, content in zip(stage.digests(), digests_of(stage), strict=True) if item.at == stage.now}
    updates = [line for line in today[SUPERVISOR].lines if line.owed == "Update to the victim"]
    assert (len(updates), today[SUPERVISOR].more) == (45, 0)
    officer = today[OFFICER]
    assert sum(line.urgency is Urgency.TODAY for line in officer.lines) == 3
    assert len(officer.lines) == 40
    assert officer.more > 0


def digests_of(stage: Stage) -> list[Digest]:
    return [content for template, _, content in stage.world.renderer.rendered if template == "digest"]

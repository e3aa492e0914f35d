"""The officer's page: what the link shows, and contacts and tries recorded from it. NOW is Friday 20 November 2026.

Must not test updates that officers write (test_officer_update.py), or how a contact moves the agreement.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.delivery import State
from chalicelib.domain.events import Result
from chalicelib.domain.model import Channel
from chalicelib.domain.obligations import Kind, ObligationState
from chalicelib.domain.officer_forms import Fault, Way
from chalicelib.services.officer_page import Answer, Came
from tests import builders
from tests.builders import event_message, victim
from tests.unit.services.on_page import DOMESTIC, ORDINARY, by, in_days, link, owed, page, post, shown, spoke, told, tried
from tests.unit.services.stage import DAY, HOUR, MINUTE, REF, Stage, hooked

WITH_SECRETS = ("alex", "morgan", "example.org", "7700", "wood street", "heanor", "de75")


def lines(stage: Stage, victim_id: str = "V1") -> list[tuple[str, str, bool]]:
    return [(line.words, f"{line.due_at:%d %b}", line.late) for line in shown(stage, victim_id).owed]


def test_a_link_shows_what_is_owed_by_when_and_what_a_contact_may_cover():
    stage = told(victims=[victim(enhanced=None)])
    assert page(stage).reference == REF
    assert (page(stage).reader, page(stage).reported_on) == ("2345", date(2026, 11, 20))
    assert lines(stage) == [("Needs assessment, with enhanced rights", "24 Nov", False), ("Update to the victim", "30 Nov", False)]
    assert [cover.id for cover in shown(stage).covers] == ["update", "needs_assessment"]
    assert shown(stage).next_update_on == date(2026, 11, 30)
    stage.later(5 * DAY)
    assert lines(stage)[0] == ("Needs assessment, with enhanced rights", "24 Nov", True)


def test_it_names_nobody():
    stage = told(**by("letter"))
    assert not [secret for secret in WITH_SECRETS if secret in repr(page(stage)).lower()]


def test_every_victim_has_their_own_and_whoever_was_removed_has_none():
    stage = told(victims=[victim("V1"), victim("V2", email="kit.lane@example.org", mobile=None, person_ref="N2")])
    assert [one.victim_id for one in page(stage).victims] == ["V1", "V2"]
    stage.version(2, victims=[victim("V2", email="kit.lane@example.org", mobile=None, person_ref="N2")])
    assert [one.victim_id for one in page(stage).victims] == ["V2"]


def test_before_the_first_version_there_is_nothing_to_show():
    stage = Stage()
    assert (page(stage).victims, page(stage).reported_on) == ((), None)
    assert post(stage, spoke(stage)) == Answer(Came.WRONG, (Fault("victim_id", "unknown"),))


def test_what_a_unit_owes_is_shown_to_the_unit_alone():
    stage = told(**DOMESTIC)
    assert not any("Task" in line.words for line in shown(stage).owed)
    theirs = page(stage, reader="victim_care_unit").victims[0].owed
    assert any(line.words.startswith("Task: A person must contact the victim") for line in theirs)


def test_a_specialist_victim_is_offered_contacts_and_no_update():
    stage = told(**DOMESTIC)
    assert shown(stage).update is None
    assert "written_acknowledgement" in {cover.id for cover in shown(stage).covers}
    assert post(stage, spoke(stage, "update", "written_acknowledgement")).came is Came.RECORDED
    assert stage.duty(Kind.WRITTEN_ACKNOWLEDGEMENT) == "met"


def test_a_dead_link_shows_and_does_nothing():
    stage = told()
    token, form = link(stage), spoke(stage)
    stage.house.pages.revoke(REF, stage.now)
    for dead in (token, "no token"):
        assert stage.house.page.view(dead, stage.now) is None
        assert stage.house.page.record_contact(dead, form, stage.now) == Answer(Came.DEAD)
    assert stage.world.cases.load(REF).events == ()


def test_spoken_meets_the_update_and_begins_the_next():
    stage = told()
    assert post(stage, spoke(stage)) == Answer(Came.RECORDED)
    first, second = owed(stage)
    assert (first.state, first.met_at, second.due_at.date()) == (ObligationState.MET, stage.now - MINUTE, date(2026, 12, 8))
    (event,) = stage.world.cases.load(REF).events
    assert (event.by, event.method, event.result, event.next_update_on) == ("2345", Channel.PHONE, Result.SPOKEN, date(2026, 12, 8))
    (entry,) = [entry for entry in stage.world.cases.audit_of(REF) if entry.op == "contact_recorded"]
    assert (entry.actor, entry.victim_id) == ("2345", "V1")
    assert {body["event"] for body in stage.world.topic.published} >= {"obligation_met", "agreement_changed"}


def test_in_person_has_no_channel():
    stage = told()
    assert post(stage, spoke(stage, way=Way.IN_PERSON)).came is Came.RECORDED
    assert stage.world.cases.load(REF).events[0].method is None


@pytest.mark.parametrize("again", [0, 10, 4000])
def test_a_double_post_counts_once(again: int):
    stage = told()
    form = spoke(stage)
    assert post(stage, form) == Answer(Came.RECORDED)
    stage.later(timedelta(minutes=again))
    assert post(stage, form) == Answer(Came.ALREADY)
    assert len(stage.world.cases.load(REF).events) == 1


def test_two_posts_at_one_moment_count_once():
    """The other worker's post comes between this one's reading and its writing."""
    stage = told()
    form, token = spoke(stage), link(stage)
    answers: list[Any] = []
    hooked(stage, "cases.around", "before", lambda: answers.append(stage.house.page.record_contact(token, form, stage.now)))
    answers.append(stage.house.page.record_contact(token, form, stage.now))
    assert answers == [Answer(Came.RECORDED), Answer(Came.ALREADY)]
    assert len(stage.world.cases.load(REF).events) == 1


def test_another_reader_or_another_minute_is_another_contact():
    stage = told()
    assert post(stage, spoke(stage)).came is Came.RECORDED
    assert post(stage, spoke(stage), reader="1890").came is Came.RECORDED
    stage.later(MINUTE)
    assert post(stage, spoke(stage, next_update_on=date(2026, 12, 9))).came is Came.RECORDED
    assert owed(stage)[-1].due_at.date() == date(2026, 12, 9)


@pytest.mark.parametrize("changes", [{"next_update_on": date(2026, 12, 9)}, {"covers": frozenset({"update", "needs_assessment"})}])
def test_other_things_of_the_same_moment_are_not_dropped_in_silence(changes: dict[str, Any]):
    stage = told(victims=[victim(enhanced=None)])
    assert post(stage, spoke(stage)).came is Came.RECORDED
    other = Answer(Came.WRONG, (Fault("contacted_at", "recorded_otherwise"),))
    assert post(stage, spoke(stage, **changes)) == other
    race = told(victims=[victim(enhanced=None)])
    token = link(race)
    hooked(race, "cases.around", "before", lambda: race.house.page.record_contact(token, spoke(race), race.now))
    assert race.house.page.record_contact(token, spoke(race, **changes), race.now) == other


def test_a_try_is_shown_and_stops_nothing():
    stage = told(victims=[victim(enhanced=None)])
    assert post(stage, tried(stage, next_update_on=in_days(stage, 1))).came is Came.RECORDED
    (line, update) = shown(stage).owed
    assert (line.tried_on, update.tried_on, update.late) == (stage.now.date(), stage.now.date(), False)
    assert stage.world.cases.load(REF).events[0].covers == {"update", "needs_assessment"}, "of a try nothing chosen is everything"
    assert owed(stage)[0].state is ObligationState.OPEN


def test_a_key_event_that_the_officer_told_is_met():
    stage = told()
    stage.put(event_message("charged", now=stage.now, reason=None))
    (cover,) = [cover for cover in shown(stage).covers if cover.id not in ("update", "needs_assessment")]
    assert cover.words == "News for the victim: a charge"
    assert post(stage, spoke(stage, cover.id)).came is Came.RECORDED
    (event,) = owed(stage, Kind.EVENT)
    assert (event.state, stage.tasks()) == (ObligationState.MET, [])
    assert owed(stage)[0].state is ObligationState.OPEN, "the update was not covered"


def test_an_officers_task_is_done_with_the_contact_that_covers_it():
    stage = told(victims=[victim(referral_opt_out=None)])
    assert stage.tasks() == ["ask_referral"]
    assert post(stage, spoke(stage, "referral")).came is Came.RECORDED
    assert stage.tasks() == []


LATE_RECORD = {"recorded_at": builders.iso(builders.NOW - MINUTE)}
WRONG: dict[str, tuple[dict[str, Any], set[tuple[str, str]]]] = {
    "nothing was read": (
        {"result": None, "contacted_at": None, "way": None},
        {("result", "missing"), ("contacted_at", "missing"), ("way", "missing")},
    ),
    "a result of another form": ({"result": Result.SENT}, {("result", "unknown")}),
    "in the future": ({"contacted_at": builders.NOW + 3 * HOUR}, {("contacted_at", "future")}),
    "the day before the report": ({"contacted_at": builders.NOW - DAY}, {("contacted_at", "before_report")}),
    "before the crime was recorded": ({"contacted_at": builders.NOW - 30 * MINUTE}, {("contacted_at", "before_record")}),
    "about nothing": ({"covers": frozenset()}, {("covers", "missing")}),
    "about what is not owed": ({"covers": frozenset({"update", "referral"})}, {("covers", "not_owed")}),
    "the next one yesterday": ({"next_update_on": date(2026, 11, 19)}, {("next_update_on", "past")}),
    "the next one in years": ({"next_update_on": date(2028, 11, 19)}, {("next_update_on", "too_far")}),
    "nobody of this case": ({"victim_id": "V9"}, {("victim_id", "unknown")}),
}


@pytest.mark.parametrize(("changes", "faults"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_by_field(changes: dict[str, Any], faults: set[tuple[str, str]]):
    stage = told(**LATE_RECORD)
    answer = post(stage, spoke(stage, **changes))
    assert (answer.came, {(fault.field, fault.code) for fault in answer.faults}) == (Came.WRONG, faults)
    assert stage.world.cases.load(REF).events == ()


@pytest.mark.parametrize("day", [date(2026, 11, 20), date(2026, 11, 21), date(2027, 11, 20), None])
def test_days_at_the_edges(day: date | None):
    stage = told()
    assert post(stage, spoke(stage, next_update_on=day)).came is Came.RECORDED


def test_a_try_before_the_crime_was_recorded_is_still_a_try():
    stage = told(**LATE_RECORD)
    early = tried(stage, contacted_at=builders.NOW - 30 * MINUTE, covers=frozenset({"update"}))
    assert post(stage, early).came is Came.RECORDED


def test_a_message_that_failed_is_seen_by_whoever_looks():
    stage = told(**ORDINARY)
    row = next(row for row in stage.rows() if row.template == "acknowledgement")
    stage.receive(row, State.BOUNCED, permanent=True)
    assert any(line.words.startswith("Task: A message could not be delivered") for line in shown(stage).owed)


def test_to_whom_something_is_late_comes_first_and_a_next_day_is_proposed_as_agreed():
    other = victim(
        "V2", email="kit.lane@example.org", mobile=None, person_ref="N2", update_agreement=builders.update_agreement(every_days=None)
    )
    urgent = victim("V3", email="jo.lane@example.org", mobile=None, person_ref="N3", enhanced=None)
    stage = told(victims=[*ORDINARY["victims"], other, urgent])
    assert [one.victim_id for one in page(stage).victims] == ["V3", "V1", "V2"]
    assert [one.next_on for one in page(stage).victims] == [in_days(stage, 10), in_days(stage, 10), None]

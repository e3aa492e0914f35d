"""Stories of news whose message can leave, or arrive, only after its deadline: the officer is asked in time. NOW is a Friday.

Must not test what an event's deadline is (tests/unit/domain/test_events_decided.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from chalicelib.domain.messages import Template
from chalicelib.domain.obligations import Purpose
from tests import builders
from tests.builders import contact_message, contact_safety, victim
from tests.unit.services.stage import DAY, HOUR, Stage
from tests.unit.services.test_events_told import ALEX, events_to_victim, happens, owed, told

NOBODY_INTERVIEWED = {
    "suspect_interviewed": False,
    "all_suspects_and_charges": True,
    "charged_other_offence": False,
    "victim_supports": True,
}
BY_LETTER = {
    "preferred_channel": "letter", "email": None, "mobile": None, "update_agreement": None,
    "contact_safety": contact_safety(safe_channels=["letter"]), "enhanced": builders.enhanced(),
}  # fmt: skip


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def asked(stage: Stage) -> list[tuple[str, str]]:
    return [(row.begun_by, f"{row.due_at:%a}") for row in stage.owed() if row.purpose is Purpose.EVENT_BY_OFFICER and row.unmet]


def delayed_at_night() -> Stage:
    stage = told()
    stage.until(at("2026-11-20T22:00:00+00:00"))
    happens(stage, "response_delayed")
    return stage


def test_a_delay_known_after_the_hours_of_messages_is_the_officer_s_that_day():
    stage = delayed_at_night()
    assert asked(stage) == [("E-1", "Fri")]
    assert owed(stage) == {"E-1": "open"}


def test_who_was_rung_that_night_gets_no_message_in_the_morning():
    stage = delayed_at_night()
    stage.put(contact_message(now=stage.now, covers_event_ids=["E-1"]))
    stage.later(DAY)
    assert (events_to_victim(stage), owed(stage), asked(stage)) == ([], {"E-1": "met"}, [])


def test_who_was_not_rung_gets_the_message_in_the_morning_all_the_same():
    stage = delayed_at_night()
    stage.until(at("2026-11-21T08:00:00+00:00"))
    assert events_to_victim(stage) == [ALEX]
    assert asked(stage) == [("E-1", "Fri")]
    stage.receive(stage.only(Template.EVENT))
    assert (owed(stage), asked(stage)) == ({"E-1": "met"}, [])


def test_a_delay_known_by_day_is_a_message_alone():
    stage = told()
    happens(stage, "response_delayed")
    stage.later(HOUR)
    assert (events_to_victim(stage), asked(stage)) == ([ALEX], [])


def test_what_is_heard_of_after_its_deadline_is_told_at_once_by_message():
    stage = told()
    stage.until(at("2026-11-23T10:00:00+00:00"))
    happens(stage, "response_delayed", happened_at="2026-11-20T22:00:00+00:00")
    stage.later(HOUR)
    assert (events_to_victim(stage), asked(stage)) == ([ALEX], [])


def bad_news(heard: str, happened: str) -> Stage:
    stage = told()
    stage.until(at(heard))
    happens(stage, "not_prosecuted", happened_at=happened, decided_by="police", **NOBODY_INTERVIEWED)
    return stage


@pytest.mark.parametrize(
    ("heard", "happened", "asks"),
    [
        ("2026-11-27T14:00:00+00:00", "2026-11-20T12:00:00+00:00", []),
        ("2026-11-27T15:30:00+00:00", "2026-11-20T12:00:00+00:00", [("E-1", "Fri")]),
        ("2026-11-27T15:30:00+00:00", "2026-11-23T12:00:00+00:00", []),
    ],
    ids=["in time", "too late for a Friday", "there is Monday"],
)
def test_bad_news_that_has_to_wait_past_its_deadline_is_the_officer_s_too(heard: str, happened: str, asks: list[Any]):
    assert asked(bad_news(heard, happened)) == asks


def test_a_letter_does_not_come_in_one_working_day():
    stage = told(victims=[victim(**BY_LETTER)])
    happens(stage)
    stage.later(HOUR)
    assert stage.states(Template.EVENT) == [("letter", "sent")]
    assert asked(stage) == [("E-1", "Mon")]

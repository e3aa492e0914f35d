"""What the expectation says of key events, written out by hand from docs/events.md; and that the product ends the same way.

Must not use the product to say what is right.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.replay.expectation.__main__ import expected
from infra.replay.funnel import differences
from infra.replay.generator.case_days import TASK
from infra.replay.generator.reasons import HARMLESS
from tests import builders
from tests.builders import victim
from tests.replay.expectation_house import Replayed
from tests.replay.expectation_lines import EVENING, at, counts, record
from tests.replay.expectation_stories import NOW
from tests.replay.expectation_weeks import DAYS, Weeks

Line = dict[str, Any]
Told = list[tuple[int, Line]]
"""Messages, each with the day on which it comes, counted from Tuesday 24 November."""
ABUSE = builders.flags(domestic_abuse=True)
COURT, OFFICER, UNIT = "witness_care/event_at_court", "officer/event_by_person", "victim_care_unit/event_by_person"


def listed(**said: Any) -> Line:
    """Of a hearing that was listed that Tuesday at noon, of which everybody has to hear on Wednesday."""
    return builders.hearing_message(**{"happened_at": builders.iso(at(24)), **said})


def contacted(day: int, event_id: str = "E-1", **said: Any) -> Line:
    """A contact of a day of November that covers nothing but a key event."""
    about = {"covers": ["vps_offered"], "covers_event_ids": [event_id], "next_update_on": None}
    return builders.contact_message(**{"contacted_at": builders.iso(at(day, 15)), **about, **said})


def declined(day: int, *, yes: bool = True, event_id: str = "A-1") -> Line:
    return builders.change_message(event_id=event_id, at=builders.iso(at(day)), declined=yes)


def sent(day: int, version: Line) -> Line:
    """The version as if the records system had sent it at noon of a day of November."""
    return version | {"sent_at": builders.iso(at(day))}


def done(day: int, hour: int) -> Line:
    """Somebody does the first task of V1, which asks for news where nothing else is asked."""
    return builders.done_message(TASK, at=builders.iso(at(day, hour)))


STORIES: list[tuple[str, Told, int, dict[str, int]]] = [
    ("until the end of the next working day", [(0, record()), (0, listed())], 1, {"event/open": 1, f"{COURT}/open": 1}),
    ("then it is late", [(0, record()), (0, listed())], 2, {"event/late": 1, f"{COURT}/late": 1}),
    ("and breached after three more", [(0, record()), (0, listed())], 7, {"event/breached": 1, f"{COURT}/breached": 1}),
    (
        "counted from when the force heard of it",
        [(0, record()), (0, listed(happened_at="2026-11-17T12:00:00+00:00", received_at=builders.iso(at(24))))], 1,
        {"event/open": 1, f"{COURT}/open": 1},
    ),
    ("before its occurrence", [(0, listed()), (2, record())], 2, {"event/late": 1, f"{COURT}/late": 1}),
    ("a warrant", [(0, record()), (0, listed(type="warrant_issued"))], 1, {"event/open": 1, f"{COURT}/open": 1}),
    (
        "somebody tells the victim", [(0, record()), (0, listed()), (1, contacted(25))], 2,
        {"event/met_in_time": 1, f"{COURT}/late": 1},
    ),
    ("too late", [(0, record()), (0, listed()), (2, contacted(26))], 2, {"event/met_late": 1, f"{COURT}/late": 1}),
    (
        "a try tells nothing", [(0, record()), (0, listed()), (1, contacted(25, result="no_answer"))], 2,
        {"event/late": 1, f"{COURT}/late": 1},
    ),
    (
        "nor does a contact about another", [(0, record()), (0, listed()), (1, contacted(25, "E-2"))], 2,
        {"event/late": 1, f"{COURT}/late": 1},
    ),
    (
        "what Witness Care says is done is no evidence", [(0, record()), (0, listed()), (1, done(25, 15))], 2,
        {"event/late": 1, f"{COURT}/met": 1},
    ),
    (
        "domestic abuse: three tasks", [(0, record(flags=ABUSE)), (0, listed())], 1,
        {"event/open": 1, f"{COURT}/open": 1, f"{OFFICER}/open": 1, f"{UNIT}/open": 1},
    ),
    (
        "domestic abuse: the officer's is done with the contact", [(0, record(flags=ABUSE)), (0, listed()), (1, contacted(25))], 2,
        {"event/met_in_time": 1, f"{COURT}/late": 1, f"{OFFICER}/met": 1, f"{UNIT}/late": 1},
    ),
    (
        "of two victims one", [(0, record(victims=[victim(), victim("V2")])), (0, listed(victim_ids=["V2", "V3"]))], 1,
        {"event/open": 1, f"{COURT}/open": 1},
    ),
    ("nobody", [(0, record()), (0, listed(victim_ids=[]))], 1, {}),
    ("of two victims both", [(0, record(victims=[victim(), victim("V2")])), (0, listed())], 1, {"event/open": 2, f"{COURT}/open": 2}),
    (
        "transferred in time", [(0, record()), (0, listed()), (1, sent(25, record(2, status="transferred")))], 2,
        {"event/waived": 1, f"{COURT}/waived": 1},
    ),
    (
        "transferred too late", [(0, record()), (0, listed()), (2, sent(26, record(2, status="transferred")))], 3,
        {"event/breached": 1, f"{COURT}/waived": 1},
    ),
    (
        "transferred and back again",
        [(0, record()), (0, listed()), (1, sent(25, record(2, status="transferred"))), (2, sent(26, record(3)))], 2,
        {"event/late": 1, f"{COURT}/late": 1},
    ),
    ("of a case that is another force's", [(0, record(status="transferred")), (0, listed())], 2, {"event/waived": 1}),
    (
        "cancelled: the record was wrong", [(0, record()), (0, listed()), (2, sent(26, record(2, status="cancelled")))], 3,
        {"event/waived": 1, f"{COURT}/waived": 1},
    ),
    (
        "removed: the record was wrong", [(0, record()), (0, listed()), (2, sent(26, record(2, victims=[])))], 3,
        {"event/waived": 1, f"{COURT}/waived": 1},
    ),
    ("closed: still owed", [(0, record(status="closed")), (0, listed())], 1, {"event/open": 1, f"{COURT}/open": 1}),
    ("declined", [(0, record()), (0, declined(24)), (0, listed())], 2, {"event/waived": 1}),
    (
        "declined when it was late", [(0, record()), (0, listed()), (2, declined(26))], 3,
        {"event/breached": 1, f"{COURT}/waived": 1},
    ),
    (
        "wanted again", [(0, record()), (0, declined(24)), (0, listed()), (1, declined(25, yes=False, event_id="A-2"))], 1,
        {"event/open": 1, f"{COURT}/open": 1},
    ),
    (
        "told and then removed: nobody is asked any more",
        [(0, record()), (0, listed()), (1, contacted(25)), (1, sent(25, record(2, victims=[])))], 2,
        {"event/met_in_time": 1, f"{COURT}/waived": 1},
    ),
    (
        "told and then declined: nobody is asked any more",
        [(0, record()), (0, listed()), (1, contacted(25)), (1, declined(25))], 2,
        {"event/met_in_time": 1, f"{COURT}/waived": 1},
    ),
    (
        "declined in a case that came closed", [(0, record(status="closed")), (0, declined(24)), (0, listed())], 2,
        {"event/waived": 1},
    ),
]  # fmt: skip
names = "name", "told", "ends", "figures"


def ended(told: Told, ends: int) -> tuple[dict[str, Any], Replayed]:
    """What is expected of these messages, each in a wave of its own, after so many days; and what was played."""
    played = Replayed(EVENING)
    whose = {"task_of": {"reference": "26000712345", "victim_id": "V1"}}
    lines = [{"day": day, "wave": wave, "body": json.dumps(each)} for wave, (day, each) in enumerate(told)]
    played.play([line | whose if TASK in line["body"] else line for line in lines], ends)
    run = {"run": {"now": builders.iso(EVENING), "ends": ends}}
    return expected(json.dumps(each) for each in (run, *played.fed)), played


@pytest.mark.parametrize(names, STORIES, ids=[name for name, *_ in STORIES])
def test_news_by_hand(name: str, told: Told, ends: int, figures: dict[str, int]) -> None:
    found, _ = ended(told, ends)
    tasks = {path: count for path, count in counts(found.get("tasks", {})).items() if "/event_" in path}
    owed = {f"event/{path.split('/')[-1]}": count for path, count in counts(found["obligations"].get("event", {})).items()}
    assert owed | tasks == figures


@pytest.mark.parametrize(names, STORIES, ids=[name for name, *_ in STORIES])
def test_the_product_ends_the_same_way(name: str, told: Told, ends: int, figures: dict[str, int]) -> None:
    found, played = ended(told, ends)
    assert differences(found, played.funnel()) == []


def test_weeks_of_contacts_that_tell_of_hearings() -> None:
    found = []
    for seed in range(20):
        played = Replayed(NOW, seed)
        played.play(Weeks(seed, events=60, tells=0.7).lines, DAYS)
        run = {"run": {"now": builders.iso(NOW), "ends": DAYS}}
        found += differences(expected(json.dumps(each) for each in (run, *played.fed)), played.funnel())
    assert found == []


@pytest.mark.parametrize(("seed", "calm"), [(seed, calm) for seed in (*range(11), 24) for calm in (0.97, 0.85)])
def test_weeks_of_key_events_of_every_type(seed: int, calm: float) -> None:
    played = Replayed(NOW, seed)
    played.play(Weeks(seed, calm=calm, events=70, tells=0.5, news=60).lines, DAYS)
    run = {"run": {"now": builders.iso(NOW), "ends": DAYS, "harmless": HARMLESS}}
    assert differences(expected(json.dumps(each) for each in (run, *played.fed)), played.funnel()) == []

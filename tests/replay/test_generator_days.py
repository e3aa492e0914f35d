"""The weeks that officers work: what comes on which day, judged by the product's own parser, and what each temper does of it.

Must not look at how anything is drawn.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from chalicelib.schemas.records import Parsed, parse_record
from infra.replay.evenings import evening_after, next_evening
from infra.replay.generator.case_days import TASK
from infra.replay.generator.duty import Roster
from infra.replay.generator.lines import lines
from infra.replay.generator.officers import Force
from infra.replay.tasks import named
from tests.replay.made_up import NOW, occurrence_of, rows

DAYS = 28
Line = dict[str, Any]


@cache
def weeks(count: int = 500, seed: int = 1) -> list[Line]:
    return list(lines({"2022-01": rows(count)}, seed, NOW, days=DAYS))


@cache
def read(count: int = 500, seed: int = 1) -> list[tuple[Line, Parsed]]:
    """Each good message of the weeks, at the hour at which it is fed."""
    found = []
    for line in weeks(count, seed)[1:]:
        parsed = parse_record(line["body"], now=evening_after(NOW, line["day"]), allow_reserved=True)
        found += [(line, parsed)] if isinstance(parsed, Parsed) else []
    return found


def events(kind: str) -> list[tuple[Line, Any]]:
    return [(line, parsed.event) for line, parsed in read() if parsed.kind == kind]


def test_the_run_says_when_it_ends_and_something_comes_on_every_day():
    header, *found = weeks()
    assert header["run"]["ends"] == DAYS
    assert {line["day"] for line in found} == set(range(DAYS))
    assert [(line["day"], line["wave"]) for line in found] == sorted((line["day"], line["wave"]) for line in found)


def test_every_message_of_an_event_is_taken():
    told = [line for line in weeks()[1:] if line["day"] and '"occurrence"' not in line["body"] and '"officer"' not in line["body"]]
    taken = [line for line, parsed in read() if line["day"] and parsed.event is not None]
    assert len(taken) >= len(told) - 5  # broken bodies of the second look may be anything


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("contact_recorded", 500),
        ("agreement_changed", 10),
        ("task_done", 150),
        ("hold_released", 2),
        ("letter_returned", 2),
        ("investigation_event", 5),
    ],
)
def test_every_kind_of_event_happens(kind, least):
    assert len(events(kind)) >= least


def test_contacts_are_of_every_result_and_cover_everything():
    told = [event for _, event in events("contact_recorded")]
    assert {event.result for event in told} == {"spoken", "sent", "given_by_hand", "message_left", "no_answer"}
    assert {what for event in told for what in event.covers} >= {"update", "written_acknowledgement", "referral", "needs_assessment"}
    assert {event.next_update_on is None for event in told} == {True, False}
    assert all(event.next_update_on >= event.at.date() for event in told if event.next_update_on)


def test_victims_decline_and_want_key_events_only_too():
    changes = [event for _, event in events("agreement_changed")]
    assert {event.declined for event in changes} == {True, False}
    assert {event.every_days is None for event in changes} == {True, False}


def test_some_events_come_late_twice_and_before_their_record():
    contacts = events("contact_recorded")
    late = [event for line, event in contacts if evening_after(NOW, line["day"]) - event.at > timedelta(days=1)]
    repeated = [body for body, count in Counter(line["body"] for line, _ in contacts).items() if count > 1]
    early = [line for line, _ in contacts if (line["day"], line["wave"]) == (0, 0)]
    assert min(len(late), len(repeated), len(early)) >= 2
    assert len(late) / len(contacts) < 0.1


def test_an_event_id_is_given_once_in_a_case():
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line, parsed in read():
        if parsed.event is not None:
            ids[parsed.event.reference, parsed.event.event_id].add(line["body"])
    assert all(len(bodies) == 1 for bodies in ids.values())


def test_cases_close_open_again_and_get_another_officer():
    versions: dict[str, list[tuple[int, str, str | None]]] = defaultdict(list)
    for _, parsed in read():
        if parsed.occurrence is not None:
            officer = parsed.occurrence.officer
            said = (parsed.occurrence.version, parsed.occurrence.status.value, officer.collar_number if officer else None)
            versions[parsed.occurrence.reference].append(said)
    stories = [[said for said in sorted(set(found))] for found in versions.values()]
    statuses = Counter(tuple(dict.fromkeys(status for _, status, _ in story)) for story in stories)
    assert statuses["open", "closed"] > 20
    assert any(status == "open" and before == "closed" for story in stories for (_, before, _), (_, status, _) in itertools.pairwise(story))
    assert sum(len({collar for *_, collar in story}) > 1 for story in stories) > 5


def test_the_directory_tells_of_absences_and_of_whoever_leaves():
    told = [parsed.officer for line, parsed in read() if line["day"] and parsed.officer is not None]
    assert sum(officer.absent_from is not None for officer in told) >= 5
    assert {officer.cover is None for officer in told} == {True, False}
    first = {parsed.officer.collar_number: parsed.officer.version for line, parsed in read() if not line["day"] and parsed.officer}
    assert all(officer.version > first[officer.collar_number] for officer in told if officer.collar_number in first)


def test_officers_have_every_temper_and_keep_it():
    force = Force(1)
    roster = Roster(1, NOW, DAYS, force.everybody)
    tempers = {officer.collar: roster.temper(officer.collar) for officer in force.everybody}
    assert {temper.kind for temper in tempers.values()} == {"prompt", "late", "absent", "leaves_messages", "careless"}
    assert tempers == {collar: Roster(1, NOW, DAYS, force.everybody).temper(collar) for collar in tempers}
    assert roster.temper(None).kind == "careless"


def test_the_careless_do_nothing_and_those_who_leave_messages_rarely_reach():
    roster = Roster(1, NOW, DAYS, Force(1).everybody)
    by = defaultdict(Counter)
    for _, event in events("contact_recorded"):
        by[roster.temper(event.by).kind][event.reached] += 1 if event.by else 0
    alone = [event for _, event in events("contact_recorded") if event.by and roster.temper(event.by).kind == "careless"]
    assert len(alone) < 25  # as a cover only, or on the first evening
    tries = by["leaves_messages"]
    assert tries[False] > 2 * tries[True] > 0
    assert by["prompt"][True] > by["prompt"][False]


def test_what_came_on_the_first_evening_is_what_comes_without_officers():
    def evening(found: list[Line]) -> list[str]:
        return sorted(line["body"] for line in found if line["day"] == 0 and occurrence_of(line["body"]))

    assert evening(weeks()[1:]) == evening(list(lines({"2022-01": rows(500)}, 1, NOW))[1:])


def test_the_same_input_gives_the_same_weeks():
    again = list(lines({"2022-01": rows(500)}, 1, NOW, days=DAYS))
    assert again == weeks()
    assert weeks(seed=2) != weeks()


OPEN = {"victim_id": "V1", "unit": "officer", "state": "open", "destinations": [], "missing": []}


def task_line() -> Line:
    body = json.dumps({"done": {"task": TASK}})
    return {"day": 3, "wave": 1, "body": body, "task_of": {"reference": "26000712345", "victim_id": "V1"}}


def test_whoever_does_a_task_does_the_first_that_is_owed_to_that_victim():
    rows_ = [
        OPEN | {"obligation_id": "b", "purpose": "tell_victim"},
        OPEN | {"obligation_id": "a", "purpose": "ask_referral", "state": "breached", "missing": ["x"]},
        OPEN | {"obligation_id": "c", "purpose": "another", "state": "met"},
        OPEN | {"obligation_id": "d", "purpose": "another", "victim_id": "V2"},
        OPEN | {"obligation_id": "e", "purpose": None, "kind": "update"},
    ]
    found = named(task_line(), rows_)
    asked = {"victim_id": "V1", "purpose": "ask_referral", "unit": "officer", "destinations": [], "missing": ["x"], "about": []}
    assert found == {"day": 3, "wave": 1, "body": '{"done": {"task": "a"}}', "task": asked}


def test_where_nothing_is_owed_nobody_does_anything():
    assert named(task_line(), [OPEN | {"obligation_id": "c", "purpose": "another", "state": "waived"}]) is None


@pytest.mark.parametrize(
    ("clock", "evening"),
    [
        ("2026-11-20T19:00:00+00:00", "2026-11-20T20:05:00+00:00"),
        ("2026-11-20T20:05:00+00:00", "2026-11-21T20:05:00+00:00"),
        ("2026-07-20T12:00:00+00:00", "2026-07-20T19:05:00+00:00"),
    ],
)
def test_the_next_evening(clock, evening):
    assert next_evening(NOW.fromisoformat(clock)).isoformat() == evening


@pytest.mark.parametrize(
    ("first", "days", "evening"),
    [
        ("2026-10-23T19:05:00+00:00", 2, "2026-10-25T20:05:00+00:00"),
        ("2027-03-26T20:05:00+00:00", 2, "2027-03-28T19:05:00+00:00"),
        ("2026-12-30T20:05:00+00:00", 3, "2027-01-02T20:05:00+00:00"),
    ],
)
def test_evenings_are_at_the_same_hour_of_london_across_the_clock_changes(first, days, evening):
    assert evening_after(NOW.fromisoformat(first), days).isoformat() == evening

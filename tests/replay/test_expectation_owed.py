"""What the expectation says of things owed, written out by hand from docs/obligations.md; and how it reads events.

Must not use the product to say what is right.
"""

from __future__ import annotations

import copy
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.calendar import ShippedCalendar
from chalicelib.domain.events import EventType, ReviewStep
from chalicelib.schemas.records import Parsed, Rejected, parse_record
from infra.replay.expectation.__main__ import expected
from infra.replay.expectation.bodies import Broken, Good, read
from infra.replay.expectation.owed import Owed
from infra.replay.expectation.working_days import bank_holidays, working_days_after
from tests import builders
from tests.replay.expectation_lines import EVENING, at, counts, record, told

HERE = Path(__file__).parent


def test_bank_holidays_are_those_that_ship_with_the_product() -> None:
    shipped = ShippedCalendar().bank_holidays()
    years = range(2024, max(shipped).year + 1)
    worked_out = frozenset().union(*(bank_holidays(year) for year in years))
    assert {day for day in shipped if day.year in years} == worked_out


@pytest.mark.parametrize(
    ("moment", "days", "until"),
    [
        ("2026-11-20T09:58:00+00:00", 2, "2026-11-24T23:59:59+00:00"),
        ("2026-11-21T23:30:00+00:00", 1, "2026-11-23T23:59:59+00:00"),
        ("2026-12-24T10:00:00+00:00", 2, "2026-12-30T23:59:59+00:00"),
        ("2026-07-10T22:30:00+00:00", 1, "2026-07-13T22:59:59+00:00"),
        ("2026-07-10T23:30:00+00:00", 1, "2026-07-13T22:59:59+00:00"),
        ("2027-03-25T12:00:00+00:00", 1, "2027-03-30T22:59:59+00:00"),
    ],
)
def test_working_days(moment: str, days: int, until: str) -> None:
    assert working_days_after(datetime.fromisoformat(moment), days).isoformat() == until


DUE = datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-11-24T23:59:59+00:00", "open"),
        ("2026-11-25T00:00:00+00:00", "late"),
        ("2026-11-27T23:59:59+00:00", "late"),
        ("2026-11-28T00:00:00+00:00", "breached"),
    ],
)
def test_how_it_stands_on_both_sides_of_every_edge(now: str, state: str) -> None:
    assert Owed("update", DUE).figure(datetime.fromisoformat(now)) == state


@pytest.mark.parametrize(("met", "figure"), [("2026-11-24T23:59:59+00:00", "met_in_time"), ("2026-11-25T00:00:00+00:00", "met_late")])
def test_met_in_time_and_late(met: str, figure: str) -> None:
    assert Owed("update", DUE, met_at=datetime.fromisoformat(met)).figure(DUE) == figure


def owed(*messages: tuple[int, dict[str, Any]], ends: int = 5) -> dict[str, int]:
    """Figures of these messages, each on its day and in a wave of its own, so many days after Tuesday 24 November, by kind and state."""
    run = {"run": {"now": builders.iso(EVENING), "ends": ends}}
    lines = [{"day": day, "wave": wave, "body": json.dumps(message)} for wave, (day, message) in enumerate(messages)]
    found = counts(expected(json.dumps(line) for line in (run, *lines))["obligations"])
    states: dict[str, int] = {}
    for path, count in found.items():
        kind, *_, agreement, state = path.split("/")
        name = f"{kind} {state}" if agreement == "-" else f"{kind} {agreement} {state}"
        states[name] = states.get(name, 0) + count
    return states


def contacted(day: int, **said: Any) -> dict[str, Any]:
    moment = builders.iso(at(24 + day, 15))
    return builders.contact_message(**{"contacted_at": moment, "next_update_on": None, **said})


def sent(day: int, message: dict[str, Any]) -> dict[str, Any]:
    """The message as if the records system had sent it at noon of a day of November."""
    return message | {"sent_at": builders.iso(at(day))}


BY_LETTER = {"preferred_channel": "letter", "contact_safety": builders.contact_safety(safe_channels=["letter"])}
USUAL = {"written_acknowledgement met_late": 1, "referral met_late": 1, "needs_assessment met_in_time": 1}
BY_HAND = [
    ("nobody does anything", [(0, record())], 5, USUAL | {"update agreed open": 1}),
    ("until it is late", [(0, record())], 7, USUAL | {"update agreed late": 1}),
    ("until it is breached", [(0, record())], 10, USUAL | {"update agreed breached": 1}),
    (
        "a contact in time", [(0, record()), (2, contacted(2, covers=["update", "referral"]))], 5,
        USUAL | {"update agreed met_in_time": 1, "update agreed open": 1},
    ),
    (
        "by hand before the deadline", [(0, record()), (0, contacted(0, covers=["written_acknowledgement"]))], 5,
        USUAL | {"written_acknowledgement met_in_time": 1, "update agreed open": 1, "written_acknowledgement met_late": 0},
    ),
    (
        "an event before its occurrence", [(0, contacted(0, covers=["written_acknowledgement", "referral"])), (0, record())], 5,
        {"written_acknowledgement met_in_time": 1, "referral met_in_time": 1, "needs_assessment met_in_time": 1, "update agreed open": 1},
    ),
    (
        "nobody assessed the needs", [(0, told(enhanced=None))], 5,
        USUAL | {"needs_assessment met_in_time": 0, "needs_assessment breached": 1, "update agreed open": 1},
    ),
    (
        "a letter", [(0, told(**BY_LETTER))], 5, USUAL | {"update agreed open": 1},
    ),
    (
        "a letter that came back",
        [(0, told(**BY_LETTER)), (4, builders.letter_message(at=builders.iso(at(28))))], 5,
        USUAL | {"written_acknowledgement met_late": 0, "written_acknowledgement breached": 1, "task breached": 1, "update agreed open": 1},
    ),
    (
        "closed in time", [(0, record()), (2, record(2, status="closed") | {"sent_at": builders.iso(at(26))})], 5,
        USUAL | {"update agreed waived": 1},
    ),
    (
        "closed when it was late", [(0, record()), (9, record(2, status="closed") | {"sent_at": builders.iso(at(3, month=12))})], 10,
        USUAL | {"update agreed breached": 1},
    ),
    (
        "cancelled: the record was wrong", [(0, told(enhanced=None)), (2, record(2, status="cancelled"))], 5,
        {"written_acknowledgement met_late": 1, "referral met_late": 1, "needs_assessment waived": 1, "update agreed waived": 1}
        | {"recording_check late": 1, "task late": 1},
    ),
    (
        "cancelled when it was late: the record was wrong",
        [(0, record()), (9, record(2, status="cancelled") | {"sent_at": builders.iso(at(3, month=12))})], 10,
        {"written_acknowledgement met_late": 1, "referral met_late": 1, "needs_assessment waived": 1, "update agreed waived": 1}
        | {"recording_check open": 1, "task open": 1},
    ),
    (
        "a closing that is heard of late undoes what followed it",
        [(0, record()), (2, contacted(2)), (3, sent(25, record(2, status="closed")))], 5,
        USUAL | {"update agreed waived": 1},
    ),
    (
        "an older version that comes again with other words takes back nothing",
        [(0, record()), (1, sent(25, record(2))), (2, sent(26, record(3))), (3, sent(25, record(2, status="closed")))], 5,
        USUAL | {"update agreed open": 1},
    ),
    (
        "domestic abuse, done by a person",
        [(0, record(flags=builders.flags(domestic_abuse=True))), (1, contacted(1, covers=["written_acknowledgement", "referral"]))], 5,
        USUAL | {"task late": 1, "update agreed open": 1},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("_", "messages", "ends", "figures"), BY_HAND, ids=[name for name, *_ in BY_HAND])
def test_figures_by_hand(_: str, messages: list[tuple[int, dict[str, Any]]], ends: int, figures: dict[str, int]) -> None:
    assert owed(*messages, ends=ends) == {name: count for name, count in figures.items() if count}


EVENTS = [builders.contact_message, builders.change_message, builders.done_message, builders.release_message, builders.letter_message,
          builders.hearing_message, builders.event_message, builders.review_message]  # fmt: skip
ODD = [None, "", " ", 0, 1, True, False, [], {}, "x" * 501, "2026-11-20", "2026-11-19", "2026-11-20T10:00:00", "1879-01-01", "2300-01-01",
       "2026-11-20T10:40:00+00:00", "2027-11-20T10:40:00+00:00", "26*712345", "99000712345", "email", "spoken", ["update"], ["update", "x"],
       ["V1", "V1"], [None], "done", "hearing_listed", "arrested", "appeal", "E-1", " E-1 ", "decided", "cps"]  # fmt: skip
NOW = builders.NOW


def odd_event(rng: random.Random) -> dict[str, Any]:
    """A message of an event in which one field is something else, or gone."""
    message = copy.deepcopy(rng.choice(EVENTS)())
    key = next(name for name in ("contact", "change", "done", "release", "letter", "event", "review") if name in message)
    holder = message[key] if rng.random() < 0.8 else message
    holder = holder["hearing"] if holder.get("hearing") and rng.random() < 0.2 else holder
    field = rng.choice(list(holder))
    if rng.random() < 0.2:
        del holder[field]
    else:
        holder[field] = rng.choice(ODD)
    return message


def test_events_are_judged_alike() -> None:
    for seed in range(3000):
        body = json.dumps(odd_event(random.Random(seed)))
        theirs, ours = parse_record(body, now=NOW, allow_reserved=True), read(body, NOW)
        assert isinstance(theirs, Rejected) == isinstance(ours, Broken), body
        if isinstance(theirs, Rejected) and isinstance(ours, Broken):
            assert (theirs.reference, theirs.version) == (ours.reference, ours.version), body


def test_every_type_and_step_is_read_by_both() -> None:
    told = [builders.event_message(kind.value, corrects="E-0", withdrawn=kind is EventType.APPEAL) for kind in EventType]
    for message in [*told, *(builders.review_message(step.value) for step in ReviewStep)]:
        body = json.dumps(message)
        assert isinstance(parse_record(body, now=NOW, allow_reserved=True), Parsed)
        assert isinstance(read(body, NOW), Good)


def test_events_are_the_same_for_both_or_for_neither() -> None:
    for make in EVENTS:
        first = json.dumps(make())
        before, known = parse_record(first, now=NOW, allow_reserved=True), read(first, NOW)
        for seed in range(300):
            body = json.dumps(odd_event(random.Random(seed)))
            after, found = parse_record(body, now=NOW, allow_reserved=True), read(body, NOW)
            if isinstance(before, Parsed) and isinstance(after, Parsed) and isinstance(found, Good) and before.kind == after.kind:
                assert (before.content_hash == after.content_hash) == (known == found), body

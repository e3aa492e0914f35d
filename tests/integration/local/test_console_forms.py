"""What the console's forms take and refuse, before anything is done: who may post, times that are typed, people who are made up."""

import json
from datetime import UTC, datetime

import pytest

from infra.local.clock import ClockRequestError
from infra.local.console_faults import MODE_WORDS, PRESETS, SERVICE_WORDS
from infra.local.console_forms import fields, refused
from infra.local.console_time import asked, next_morning
from infra.local.demo import records
from infra.local.example_cases import ToldOf
from infra.local.example_events import EVENTS, Teller
from infra.local.example_form import OFFENCES, START, as_record, faults
from infra.local.example_records import BY_NAME, EXAMPLES, Casting
from infra.local.faults import MODES, SERVICES, FaultRules
from infra.local.http_server import Request

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
HERE = "http://127.0.0.1:8000"


def post(headers=None, body=b""):
    return Request("POST", "/local/time", {}, body, {}, headers or {})


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"host": "anything.example"}, True),
        ({"host": "127.0.0.1:8000", "origin": HERE, "sec-fetch-site": "same-origin"}, True),
        ({"host": "127.0.0.1:8000", "origin": HERE}, True),
        ({"host": "127.0.0.1:8000", "sec-fetch-site": "same-origin"}, True),
        ({"host": "localhost:8000", "origin": "http://localhost:8000", "sec-fetch-site": "same-origin"}, True),
        ({"host": "[::1]:8000", "origin": "http://[::1]:8000"}, True),
        ({"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:9000"}, False),
        ({"host": "127.0.0.1:8000", "origin": "https://evil.example"}, False),
        ({"host": "127.0.0.1:8000", "origin": "null"}, False),
        ({"host": "127.0.0.1:8000", "origin": HERE, "sec-fetch-site": "cross-site"}, False),
        ({"host": "127.0.0.1:8000", "sec-fetch-site": "same-site"}, False),
        ({"host": "127.0.0.1:8000", "sec-fetch-site": "none"}, False),
        # A name that somebody else's DNS leads here.
        ({"host": "evil.example:8000", "origin": "http://evil.example:8000", "sec-fetch-site": "same-origin"}, False),
        ({"host": "127.0.0.1.evil.example", "origin": "http://127.0.0.1.evil.example"}, False),
        ({"origin": "http://"}, False),
    ],
)
def test_only_the_consoles_own_pages_and_programs_may_post(headers, taken):
    refusal = refused(post(headers))
    assert (refusal is None) is taken
    assert refusal is None or refusal.status == 403


def test_fields_of_a_form():
    assert fields(post(body=b"a=1&b=+two+&a=3&c=&d=%C5%81")) == {"a": "3", "b": "two", "c": "", "d": "Ł"}
    assert "to" not in fields(post(body=b'\xff\xfe{"to": "P1D"}'))
    assert fields(post()) == {}


@pytest.mark.parametrize(
    ("posted", "target"),
    [
        ({"to": "PT1H"}, "2026-11-20T11:30:00+00:00"),
        ({"to": "PT1M"}, "2026-11-20T10:31:00+00:00"),
        ({"to": "P10D"}, "2026-11-30T10:30:00+00:00"),
        ({"to": "morning"}, "2026-11-21T08:00:00+00:00"),
        ({"to": "moment", "at": "2026-12-01T09:00"}, "2026-12-01T09:00:00+00:00"),
        ({"to": "moment", "at": "2027-07-01 09:00"}, "2027-07-01T08:00:00+00:00"),
        ({"to": "moment", "at": "2027-07-01T09:00:30Z"}, "2027-07-01T09:00:30+00:00"),
        ({"to": "moment", "at": "2026-01-01T00:00"}, "2026-01-01T00:00:00+00:00"),
    ],
)
def test_where_the_clock_is_asked_to_go(posted, target):
    assert asked(posted, NOW).isoformat() == target


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"to": "P99D"},
        {"to": "moment"},
        {"to": "moment", "at": "soon"},
        {"to": "moment", "at": "2030-01-01T00:00"},
        {"to": "moment", "at": "0001-01-01T00:00"},
        {"to": "moment", "at": "9999-12-31T23:59"},
        {"to": "moment", "at": "0001-01-01T00:00+23:00"},
    ],
)
def test_where_it_cannot_go(posted):
    with pytest.raises(ClockRequestError):
        asked(posted, NOW)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-20T07:59:59+00:00", "2026-11-20T08:00:00+00:00"),
        ("2026-11-20T08:00:00+00:00", "2026-11-21T08:00:00+00:00"),
        ("2027-03-27T12:00:00+00:00", "2027-03-28T07:00:00+00:00"),
        ("2026-10-24T12:00:00+00:00", "2026-10-25T08:00:00+00:00"),
        ("2026-07-01T22:30:00+00:00", "2026-07-02T07:00:00+00:00"),
    ],
)
def test_the_next_morning_in_london(now, morning):
    assert next_morning(datetime.fromisoformat(now)).isoformat() == morning


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, []),
        ({"email": "", "mobile": ""}, []),
        ({"email": "a.b+c@example.org", "mobile": "+44 7700 900-999"}, []),
        ({"channel": "", "language": "", "domestic_abuse": "unknown"}, []),
        ({"email": "a@example.com"}, ["email"]),
        ({"email": "a b@example.org"}, ["email"]),
        ({"email": "a@example.org\nBcc: x@example.org"}, ["email"]),
        ({"mobile": "07700 901000"}, ["mobile"]),
        ({"mobile": "07700 90012"}, ["mobile"]),
        ({"mobile": "07700 900１２３"}, ["mobile"]),
        ({"given_name": ""}, ["given_name"]),
        (
            {"offence": "99Z", "channel": "pigeon", "language": "xx", "domestic_abuse": "perhaps"},
            ["offence", "channel", "language", "domestic_abuse"],
        ),
    ],
)
def test_only_people_who_can_be_nobody(changes, wrong):
    assert list(faults(START | changes)) == wrong


def test_an_empty_form_is_told_of_every_field_that_it_lacks():
    assert set(faults({})) == set(START) - {"email", "mobile"}


def test_the_form_becomes_a_record():
    typed = START | {"mobile": "07700 900 599", "email": "", "domestic_abuse": "unknown", "channel": "sms", "language": ""}
    occurrence = json.loads(as_record(typed, NOW, "26000900007", 7))["occurrence"]
    (victim,) = occurrence["victims"]
    assert (occurrence["reference"], occurrence["flags"]["domestic_abuse"]) == ("26000900007", None)
    assert (victim["email"], victim["mobile"], victim["language"], victim["preferred_channel"]) == (None, "+447700900599", None, "sms")
    assert victim["contact_safety"]["safe_channels"] == ["sms", "phone", "letter"]


def accepted(body):
    from chalicelib.schemas.records import Rejected, parse_record

    return not isinstance(parse_record(body, now=NOW, allow_reserved=True), Rejected)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_example_is_a_record_of_the_contract_but_the_broken_one(example):
    body = example.body(NOW, Casting("26000900001", 900_001, "+447700900601", ".900001"))
    assert accepted(body) is (example.name != "broken")


@pytest.mark.parametrize("example", EVENTS, ids=lambda example: example.name)
def test_every_event_behind_a_button_is_one_of_the_contract(example):
    body = example.body(NOW, Teller("26000900001", "V1", "2345", "0" * 32), "console-1")
    assert accepted(body)
    assert json.loads(body)["kind"] == example.kind


@pytest.mark.parametrize(
    ("victim", "task", "told"),
    [
        ("", "", ("V1", "t1")),
        ("V2", "t2", ("V2", "t2")),
        ("V9", "", None),
    ],
)
def test_an_event_is_of_the_first_victim_and_the_most_urgent_task_unless_they_are_named(victim, task, told):
    teller = ToldOf("26000900001", ("V1", "V2"), "2345", ("t1", "t2")).teller(victim, task)
    assert (teller and (teller.victim_id, teller.task)) == told


def test_a_case_without_a_victim_tells_nothing():
    assert ToldOf("26000900001", (), "2345", ()).teller("", "") is None


@pytest.mark.parametrize("code", OFFENCES)
def test_every_choice_of_the_form_is_a_record_of_the_contract(code):
    assert accepted(as_record(START | {"offence": code}, NOW, "26000900001", 1))


def test_two_examples_share_no_person_and_no_address():
    first, second = (Casting(f"2600090000{n}", 900_000 + n, f"+44770090060{n}", f".{n}") for n in (1, 2))
    for example in BY_NAME.values():
        one, other = (json.loads(example.body(NOW, casting))["occurrence"]["victims"][0] for casting in (first, second))
        for told in ("person_ref", "email", "mobile"):
            assert one.get(told) is None or one[told] != other[told], (example.name, told)


def test_the_demonstration_is_two_officers_their_supervisor_and_examples():
    shown = records(NOW)
    assert len(shown) == 11
    assert all(accepted(body) for text, body in shown if "broken" not in text)
    assert {text for text, _ in shown[3:]} <= {example.shows for example in EXAMPLES}


def test_every_fault_behind_a_button_can_be_meant():
    rules = FaultRules()
    for preset in PRESETS:
        rules.add([preset.rule])
    assert rules.remaining() == [preset.rule for preset in PRESETS]


def test_every_service_and_mode_has_words():
    assert set(SERVICE_WORDS) == set(SERVICES)
    assert set(MODE_WORDS) == set(MODES)

"""What goes out holds ids, enums and times and nothing else, and the published schema judges as the model does."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from chalicelib.schemas.examples import out_example
from chalicelib.schemas.json_schema import out_schema
from chalicelib.schemas.out_events import CONTRACT, OutEvent, OutKind

SCHEMA = out_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
LEAST = {key: out_example()[key] for key in ("contract", "event", "event_id", "at", "reference")}
FULL = out_example() | {
    "purpose": "by_person", "event_type": "arrested", "unit": "victim_care_unit", "task": "0" * 32, "template": "acknowledgement",
    "channel": "email", "notification_id": "f" * 32, "every_days": 10, "method": "phone", "next_update_on": "2026-12-08",
    "message": "1" * 32, "declined": False, "proposed": True, "ended": "closed",
}  # fmt: skip


def accepted(event) -> bool:
    try:
        OutEvent.model_validate_json(json.dumps(event))
    except ValidationError:
        return False
    return True


def test_the_contracts_events_are_these():
    told = "notified task_raised obligation_met obligation_breached agreement_changed opted_out message_received"
    assert [kind.value for kind in OutKind] == told.split()
    assert FULL.keys() == SCHEMA["properties"].keys()
    assert LEAST["contract"] == CONTRACT
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("event", [*OutKind])
@pytest.mark.parametrize(
    "rest", [FULL, LEAST, FULL | {"victim_id": None}, dict.fromkeys(FULL) | LEAST], ids=["full", "least", "all", "null"]
)
def test_an_event_may_say_much_or_little(event, rest):
    whole = rest | {"event": event.value}
    assert accepted(whole)
    assert VALIDATOR.is_valid(whole)
    assert OutEvent.model_validate(whole) == OutEvent.model_validate_json(json.dumps(whole))


@pytest.mark.parametrize("name", LEAST)
def test_what_every_event_has_must_be_there(name):
    less = {key: value for key, value in FULL.items() if key != name}
    assert not accepted(less)
    assert not VALIDATOR.is_valid(less)


PERSONAL = [
    "Alex Morgan",
    "alex.morgan@example.org",
    "+447700900123",
    "1 Wood Street, Heanor",
    "Window broken.",
    ["V1"],
    {"name": "Alex"},
    7.5,
]
NAMES_OF_THEIRS = {"victim_id", "evidence"}
"""Ids that the records system gave: we hand them back as they are."""


@pytest.mark.parametrize("name", [name for name in FULL if name not in NAMES_OF_THEIRS])
@pytest.mark.parametrize("value", PERSONAL, ids=range(len(PERSONAL)))
def test_no_field_takes_a_text_about_a_person(name, value):
    assert not accepted(FULL | {name: value})
    assert not VALIDATOR.is_valid(FULL | {name: value})


@pytest.mark.parametrize("name", ["email", "name", "officer", "summary", "reason", "text"])
def test_a_field_that_is_not_named_is_refused(name):
    assert not accepted(FULL | {name: None})
    assert not VALIDATOR.is_valid(FULL | {name: None})


@pytest.mark.parametrize("template", ["completion", "handover", "out"])
def test_a_row_that_is_no_message_is_not_told(template):
    assert not accepted(FULL | {"template": template})
    assert not VALIDATOR.is_valid(FULL | {"template": template})

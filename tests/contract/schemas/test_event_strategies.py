"""The drawn events of the other tests are events that the contract accepts, and come back as they were drawn.

Must not test a field by itself (test_events.py).
"""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from datetime import timedelta
from typing import Any

from hypothesis import given

from chalicelib.domain import events as domain
from chalicelib.schemas.records import Parsed, parse_record
from tests import builders
from tests.builders import NOW
from tests.contract.schemas.any_json import FUZZ
from tests.contract.schemas.full_records import KEYS
from tests.event_strategies import deliveries, events, stories


def message(event: domain.Event) -> str:
    """The event as a records system would have sent it."""
    kind = next(name for name, model in domain.KINDS.items() if isinstance(event, model))
    content = {name: getattr(event, name) for name in event.__dataclass_fields__}
    content = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in content.items()}
    if kind == "contact_recorded":
        content["contacted_at"] = content.pop("at")
    if kind == "investigation_event":
        content["happened_at"] = content.pop("at")
    return json.dumps(builders.envelope(kind, content, key=KEYS[kind]), default=_written)


def _written(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) else value.isoformat()


@FUZZ
@given(events())
def test_every_drawn_event_is_one_that_the_contract_accepts(event):
    parsed = parse_record(message(event), now=NOW + timedelta(days=60), allow_reserved=True)
    assert isinstance(parsed, Parsed), parsed
    assert parsed.event == event


@FUZZ
@given(stories())
def test_a_story_tells_each_event_once(story):
    assert len({event.event_id for event in story}) == len(story)


@FUZZ
@given(deliveries())
def test_an_event_that_comes_twice_is_equal(delivered):
    assert len({event.event_id for event in delivered}) == len(set(delivered))

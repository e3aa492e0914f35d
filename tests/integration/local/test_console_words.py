"""Every id that the product writes has words in the console, and no word belongs to an id that is gone."""

import pytest

from chalicelib.domain.contact_safety import WhyNot
from chalicelib.domain.deadlines import DEADLINES
from chalicelib.domain.delivery import Audience, State
from chalicelib.domain.events import Covered, DecidedBy, EventType, Result, ReviewStep
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, HoldKind, Route, Unit
from chalicelib.domain.obligations import Kind, Purpose
from chalicelib.domain.routes import RULES
from chalicelib.domain.update_starts import Start
from infra.local.flow import LANES
from infra.local.plain_words import WORDS, deadline_source, named, route_of, rule_source

KNOWN = {
    "route": {*Route, "quarantined"},
    "rule": {rule.id for rule in RULES} | {"removed"},
    "hold": set(HoldKind),
    "state": set(State),
    "owed": set(Kind),
    "purpose": set(Purpose),
    "template": set(Template),
    "audience": {*Audience, "public"},
    "channel": set(Channel),
    "unit": set(Unit),
    "result": set(Result),
    "covered": set(Covered),
    "event_type": set(EventType),
    "start": set(Start),
    "review_step": set(ReviewStep),
    "decided_by": set(DecidedBy),
    "why_not": {value for name, value in vars(WhyNot).items() if name.isupper()},
}


@pytest.mark.parametrize("kind", KNOWN)
def test_every_id_has_words(kind):
    assert {str(key) for key in KNOWN[kind]} == set(WORDS[kind])


def test_every_route_has_a_lane():
    assert set(LANES) == {route.value for route in Route}


def test_an_unknown_id_is_shown_as_it_is():
    assert named({}, "some_new_thing") == "some new thing"
    assert named({}, None) == ""
    assert (rule_source("gone"), route_of("gone"), deadline_source("gone", "2026-11-20T09:00:00Z")) == ("", None, "")


def test_sources_are_told_without_the_marks_of_their_tables():
    told = [rule_source(rule.id) for rule in RULES] + [deadline_source(row.id, "2026-11-20T09:00:00Z") for row in DEADLINES]
    assert all(told)
    assert not [text for text in told if "[" in text or "{" in text or "CC " in text]
    assert rule_source("restricted") == "inferred: held for a person, issue 2026-11 (in force from 21 November 2026)"

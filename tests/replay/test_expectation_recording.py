"""Recording checks as the independent expectation sees them, worked out by hand. The messages come on Friday 20 November 2026 at 10:31."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from infra.replay.expectation.arrivals import Force
from tests import builders
from tests.builders import NOW, flags

ABUSE = {"flags": flags(domestic_abuse=True)}
INCIDENT: dict[str, Any] = {"record_type": "incident", "offences": []}
LATER = datetime(2026, 11, 30, 20, 5, tzinfo=UTC)


def looked_at(*records: dict[str, Any], until: datetime = LATER) -> dict[str, tuple[str, datetime | None]]:
    """What has to be looked at in the newest record's case at `until`, and since when it is settled."""
    force = Force()
    for record in records:
        force.take(builders.body(record), NOW)
    force.pass_time(NOW, until)
    case = force.cases.all[records[-1]["occurrence"]["reference"]]
    return {name: (owed.figure(until), owed.met_at) for name, owed in case.checks.items()}


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, {}),
        ({"status": "cancelled"}, {"cancellation_unverified": ("breached", None)}),
        (INCIDENT | ABUSE, {"domestic_abuse_no_crime": ("breached", None)}),
        (INCIDENT | {"source": "professional"}, {"reported_by_another_no_crime": ("breached", None)}),
        ({"flags": flags(domestic_abuse=True, safeguarding=True)}, {"child_not_recorded": ("breached", None)}),
    ],
)
def test_what_is_looked_at(facts: dict[str, Any], found: dict[str, tuple[str, None]]) -> None:
    assert looked_at(builders.occurrence_record(**facts)) == found


def test_a_crime_that_came_after_the_incident_answers_it_in_the_morning() -> None:
    incident = builders.occurrence_record(reference="26000700002", linked_references=["26000700001"], **INCIDENT, **ABUSE)
    crime = builders.occurrence_record(reference="26000700001", **ABUSE)
    answered = {"domestic_abuse_no_crime": ("met_in_time", datetime(2026, 11, 21, 7, tzinfo=UTC))}
    force = Force()
    for record in (incident, crime):
        force.take(builders.body(record), NOW)
    force.pass_time(NOW, LATER)
    case = force.cases.all["26000700002"]
    assert {name: (owed.figure(LATER), owed.met_at) for name, owed in case.checks.items()} == answered
    assert looked_at(crime, incident) == {}


def test_what_is_told_of_a_record_that_does_not_come_is_looked_into_after_a_day() -> None:
    force = Force()
    for number in range(2):
        force.take(builders.body(builders.event_message("arrested", event_id=f"E-{number}")), NOW)
    force.pass_time(NOW, LATER)
    (case,) = force.cases.all.values()
    assert {name: owed.figure(LATER) for name, owed in case.checks.items()} == {"no_record": "breached"}
    force.take(builders.body(builders.occurrence_record(now=LATER)), LATER)
    assert {name: owed.figure(LATER) for name, owed in case.checks.items()} == {"no_record": "met_late"}

"""Recording integrity over days: what the crime management unit is told in its daily digest, and what settles it.

Issue 5, section 7. NOW is Friday 20 November 2026.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.case import Marker
from chalicelib.domain.errors import Contended
from chalicelib.domain.messages import Digest, Template
from chalicelib.domain.model import Unit
from chalicelib.domain.obligations import Kind, Obligation, ObligationState, Purpose
from chalicelib.services.decide import TRIES
from chalicelib.services.digests import MOST_LINES
from tests import builders
from tests.builders import flags, iso
from tests.unit.services.desk import write
from tests.unit.services.stage import DAY, HOUR, MINUTE, NOW, REF, Stage, hooked, record

CMU = "crime-management@derbyshire-police.test"
ABUSE: dict[str, Any] = {"flags": flags(domestic_abuse=True)}
INCIDENT: dict[str, Any] = {"record_type": "incident", "offences": []}
CRIME = "26000712399"


def looked_at(stage: Stage, reference: str = REF) -> dict[Purpose, ObligationState]:
    """Recording checks of an occurrence."""
    return {row.purpose: row.state for row in stage.owed(reference=reference) if row.kind is Kind.RECORDING_CHECK and row.purpose}


def check(stage: Stage) -> Obligation:
    (row,) = [row for row in stage.owed() if row.kind is Kind.RECORDING_CHECK]
    return row


def digests(stage: Stage) -> list[str]:
    return [f"{item.at:%a %d %b}" for item in stage.digests() if item.to == CMU]


def last_lines(stage: Stage) -> list[tuple[str, str]]:
    content = next(content for template, _, content in reversed(stage.world.renderer.rendered) if template is Template.DIGEST)
    assert isinstance(content, Digest)
    return [(line.reference, line.owed) for line in content.lines]


def test_the_unit_hears_every_morning_until_somebody_has_looked():
    stage = Stage()
    stage.version(status="cancelled", victims=[])
    stage.through(date(2026, 11, 22))
    assert digests(stage) == ["Sat 21 Nov", "Sun 22 Nov"]
    assert last_lines(stage) == [(REF, "Recording: A crime was cancelled. Check that additional verifiable information supports it")]
    stage.put(builders.done_message(check(stage).obligation_id, now=stage.now))
    stage.through(date(2026, 11, 26))
    assert digests(stage) == ["Sat 21 Nov", "Sun 22 Nov"]
    assert check(stage).state is ObligationState.MET


def test_nobody_looking_is_late_and_goes_up_the_ladder():
    stage = Stage()
    stage.version(status="cancelled")
    stage.through(date(2026, 11, 25))
    assert check(stage).state is ObligationState.LATE
    assert ("digest", "duty-inspector@derbyshire-police.test") in [(str(item.template), item.to) for item in stage.digests()]


def test_a_victim_s_message_is_not_held_by_it():
    stage = Stage()
    facts = {"reported_at": iso(NOW - 30 * HOUR), "occurred_from": None, "occurred_to": None}
    stage.version(**facts)
    stage.later(HOUR)
    assert looked_at(stage) == {Purpose.RECORDED_LATE: ObligationState.OPEN}
    assert [template for template, _ in stage.outside] == ["acknowledgement", "referral"]
    assert stage.leaks() == []


def test_a_record_without_victims_is_looked_at_too():
    stage = Stage()
    stage.version(**INCIDENT, **ABUSE, victims=[])
    assert looked_at(stage) == {Purpose.DOMESTIC_ABUSE_NO_CRIME: ObligationState.OPEN}


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2))), ids=["in order", "the newer first"])
def test_a_version_that_mends_it_meets_it(order: tuple[int, ...]):
    stage = Stage()
    versions = {1: {**INCIDENT, **ABUSE}, 2: ABUSE}
    for version in order:
        stage.version(version, **versions[version])
    assert looked_at(stage) == {Purpose.DOMESTIC_ABUSE_NO_CRIME: ObligationState.MET}
    stage.through(date(2026, 11, 24))
    assert digests(stage) == []


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))), ids=str)
def test_every_order_of_versions_ends_alike(order: tuple[int, ...]):
    stage = Stage()
    versions: dict[int, Any] = {1: {}, 2: {"status": "cancelled"}, 3: INCIDENT}
    for version in order:
        stage.version(version, **versions[version])
    assert looked_at(stage) == {Purpose.CANCELLATION_UNVERIFIED: ObligationState.OPEN}


@pytest.mark.parametrize("first", ["crime", "incident"])
def test_a_linked_crime_answers_an_incident(first: str):
    """Whichever comes first; what came after is seen in the morning, before the digest leaves."""
    stage = Stage()
    messages = {"crime": record(reference=CRIME, **ABUSE), "incident": record(linked_references=[CRIME], **INCIDENT, **ABUSE)}
    stage.put(messages.pop(first))
    stage.put(next(iter(messages.values())))
    stage.through(date(2026, 11, 21))
    assert looked_at(stage) == ({Purpose.DOMESTIC_ABUSE_NO_CRIME: ObligationState.MET} if first == "incident" else {})
    assert digests(stage) == []


def test_what_an_older_version_shows_that_a_newer_one_mended_is_told_to_nobody_again():
    stage = Stage()
    for version, facts in ((1, {**INCIDENT, **ABUSE}), (3, ABUSE), (2, {**INCIDENT, **ABUSE})):
        stage.version(version, **facts)
    assert looked_at(stage) == {Purpose.DOMESTIC_ABUSE_NO_CRIME: ObligationState.MET}


def test_while_a_version_is_being_written_it_waits_for_the_next_run():
    stage = Stage()
    stage.version(status="cancelled", victims=[])
    heads = stage.world.cases.heads
    heads[REF] = replace(heads[REF], marker=Marker(2, "x"))
    stage.world.clock.advance(DAY)
    swept = stage.house.sweep.sweep(stage.now)
    assert (swept.owed, swept.contended) == (1, 1)


def test_a_case_that_others_keep_writing_gives_the_run_back():
    stage = Stage()
    stage.version(**INCIDENT, **ABUSE, linked_references=[CRIME])
    stage.version(reference=CRIME)
    stage.world.calls.fail("cases.commit", *[Contended("head")] * TRIES)
    with pytest.raises(Contended):
        stage.house.recording.recheck(REF, stage.now)


def test_a_linked_incident_and_a_cancelled_crime_answer_nothing():
    stage = Stage()
    stage.version(reference=CRIME, status="cancelled")
    stage.version(linked_references=[CRIME, REF, "26000700001"], **INCIDENT, **ABUSE)
    assert looked_at(stage) == {Purpose.DOMESTIC_ABUSE_NO_CRIME: ObligationState.OPEN}


def test_a_report_by_a_professional_is_looked_at_when_its_day_is_over():
    """Reported on Friday at 09:58: from Saturday at 09:58, once, however many versions came."""
    stage = Stage()
    for version in (1, 2):
        stage.version(version, **INCIDENT, source="professional")
    stage.later(23 * HOUR)
    assert looked_at(stage) == {}
    stage.later(HOUR)
    assert looked_at(stage) == {Purpose.REPORTED_BY_ANOTHER_NO_CRIME: ObligationState.OPEN}
    assert stage.rows(Template.RECORDING) == []


def test_a_report_by_a_professional_that_became_a_crime_in_time_is_nothing():
    stage = Stage()
    stage.version(**INCIDENT, source="professional")
    stage.version(2, source="professional")
    stage.later(DAY)
    assert (looked_at(stage), stage.rows(Template.RECORDING)) == ({}, [])


def test_an_event_may_show_what_the_record_does_not():
    stage = Stage()
    stage.version(offences=[builders.offence("19C", ho_code=None, description=None)])
    assert looked_at(stage) == {}
    stage.put(builders.event_message("charged", all_suspects_and_charges=False))
    assert looked_at(stage) == {Purpose.RAPE_RECORDED_ONCE: ObligationState.OPEN}


def test_it_is_counted_and_announced():
    stage = Stage()
    stage.version(status="cancelled", victims=[])
    stage.run()
    raised = [event for event in stage.world.topic.published if event["event"] == "task_raised"]
    assert [(event["purpose"], event["unit"], event["task"]) for event in raised] == [
        ("cancellation_unverified", "crime_management", check(stage).obligation_id)
    ]
    assert check(stage).unit is Unit.CRIME_MANAGEMENT


def test_another_decision_between_reading_and_writing_is_taken_up():
    """Contended once: read again, and nothing is owed twice."""
    stage = Stage()
    stage.version(**INCIDENT, source="professional")
    stage.world.clock.advance(DAY)
    hooked(stage, "cases.commit", "before", lambda: stage.version(2, **INCIDENT, **ABUSE, source="professional"))
    stage.sweep()
    stage.sweep()
    assert looked_at(stage) == {
        Purpose.DOMESTIC_ABUSE_NO_CRIME: ObligationState.OPEN,
        Purpose.REPORTED_BY_ANOTHER_NO_CRIME: ObligationState.OPEN,
    }


def arrested(stage: Stage, event_id: str = "E-1") -> None:
    stage.put(builders.event_message("arrested", event_id=event_id, now=stage.now))


def test_what_is_told_of_a_record_that_does_not_come_is_looked_into_after_a_day():
    stage = Stage()  # Friday, 10:31
    arrested(stage)
    stage.later(24 * HOUR - MINUTE)
    assert looked_at(stage) == {}
    stage.later(MINUTE)
    assert looked_at(stage) == {Purpose.NO_RECORD: "open"}
    assert f"{check(stage).due_at:%a %d %b %H:%M}" == "Mon 23 Nov 23:59"
    stage.through(date(2026, 11, 23))
    assert digests(stage) == ["Sun 22 Nov", "Mon 23 Nov"]
    told = "Recording: Something was told of a record that has not come within a day. Send the record, or correct what was told"
    assert last_lines(stage) == [(REF, told)]
    stage.version()
    assert looked_at(stage) == {Purpose.NO_RECORD: "met"}
    assert check(stage).evidence == "record"


def test_a_record_that_comes_within_the_day_leaves_no_trace_of_it():
    stage = Stage()
    arrested(stage)
    stage.later(HOUR)
    stage.version()
    stage.later(2 * DAY)
    assert (looked_at(stage), stage.rows(Template.RECORDING)) == ({}, [])


def test_a_report_by_another_is_looked_at_after_its_day_also_where_events_came_first():
    stage = Stage()
    arrested(stage)
    stage.version(**INCIDENT, source="professional")
    stage.later(24 * HOUR)
    assert looked_at(stage) == {Purpose.REPORTED_BY_ANOTHER_NO_CRIME: "open"}


def test_more_that_is_told_of_a_missing_record_is_the_same_thing_owed():
    stage = Stage()
    arrested(stage)
    stage.later(HOUR)
    arrested(stage, "E-2")
    stage.later(23 * HOUR)
    owed = check(stage)
    arrested(stage, "E-3")
    assert check(stage) == owed
    stage.put(builders.done_message(owed.obligation_id, now=stage.now))
    assert looked_at(stage) == {Purpose.NO_RECORD: "met"}
    stage.later(30 * DAY)
    assert looked_at(stage) == {Purpose.NO_RECORD: "met"}


def test_a_message_of_the_public_without_a_record_is_the_contact_centres_alone():
    stage = Stage()
    write(stage)
    stage.later(2 * DAY)
    assert looked_at(stage) == {}


def test_a_digest_of_more_than_a_thousand_things_leaves_the_rest_for_the_next_day():
    stage = Stage()
    arrested(stage)
    stage.later(24 * HOUR)
    first = check(stage)
    cases = stage.world.cases
    for number in range(MOST_LINES + 1):
        row = replace(first, reference=f"2600099{number:04d}", due_at=first.due_at + DAY)
        cases.owed[row.reference, row.obligation_id] = row
    stage.through(date(2026, 11, 22))
    (digest,) = [row for row in cases.rows.values() if row.template is Template.DIGEST]
    assert len(digest.lines) == MOST_LINES
    assert digest.lines[0] == (REF, first.obligation_id)
    left = [row for row in cases.owed.values() if (row.reference, row.obligation_id) not in digest.lines]
    assert {f"{row.next_at:%a %d %b %H:%M}" for row in left if row.next_at} == {"Mon 23 Nov 07:00"}

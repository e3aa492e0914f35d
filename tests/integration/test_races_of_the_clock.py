"""Deployed handlers in several processes at once around what is owed: sweeps, events, versions and news; whoever wins, it counts once.

Must not use time limits or moto; what one worker alone does is tested beside. NOW is Friday 20 November 2026.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.obligations import Kind, Obligation, ObligationState
from infra.local.host import scheduled_event
from tests.builders import (
    NOW,
    body,
    change_message,
    contact_message,
    occurrence_record,
    officer_named,
    officer_record,
    supervisor_named,
    victim,
)
from tests.integration.handler_workers import Worker, at_once, workers
from tests.integration.stack_fixture import RECORDS, LocalStack, dispatch_event, sqs_event
from tests.integration.test_races import until_taken

RACERS = 4
SWEEP = scheduled_event("Sweep", "2026-11-20T10:31:00Z")
SPOKEN = NOW + timedelta(minutes=30)
LATE = datetime(2026, 12, 2, 7, 0, 5, tzinfo=UTC)
"""Two mornings after Monday 30 November, on which every update here is due: the supervisor's step."""
BREACHED = datetime(2026, 12, 4, 7, 0, 5, tzinfo=UTC)
"""The inspector's step."""


@pytest.fixture(scope="module")
def racers(standing: LocalStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Worker]]:
    with workers(RACERS, standing.environment, tmp_path_factory.mktemp("racers") / "log") as started:
        yield started


def reference(number: int) -> str:
    return f"260007000{number:02d}"


def told(local: LocalStack, cases: int = 1) -> list[str]:
    """Burglaries of three officers and three supervisors; the victims were told, and an update is agreed for Monday 30 November."""
    records = [
        occurrence_record(
            reference=reference(number),
            victims=[victim(f"V{number + 2}")],
            officer=officer_named(str(7000 + number % 3), email=f"officer{number % 3}@example.test"),
            supervisor=supervisor_named(str(8000 + number % 3), email=f"supervisor{number % 3}@example.test"),
        )
        for number in range(cases)
    ]
    for start in range(0, cases, 10):
        assert local.ingest(*map(body, records[start : start + 10])) == []
    local.set_time(NOW + timedelta(minutes=35))
    local.sweep()
    local.settle()
    return [reference(number) for number in range(cases)]


def updates(local: LocalStack, *references: str) -> list[Obligation]:
    return [owed for name in references for owed in local.ready.cases.obligations_of(name) if owed.kind is Kind.UPDATE]


def reminded(local: LocalStack) -> Counter[str]:
    """By address how many reminders left."""
    digests = [message for message in local.accepted if message.subject and "to do today" in message.subject]
    return Counter(message.to for message in digests)


def all_sweep(local: LocalStack, racers: list[Worker]) -> None:
    """Everybody sweeps at one instant; what one left to another the next run sees to."""
    answers = at_once(racers, "sweep", [SWEEP] * len(racers))
    assert [answer.error for answer in answers] == [None] * len(racers)
    local.sweep()
    local.settle()


@pytest.mark.parametrize("cases", [1, 7, 40])
def test_sweeps_at_one_instant_make_one_digest_for_each_reader_and_take_each_step_once(local, racers, cases):
    references = told(local, cases)
    readers = min(cases, 3)
    local.set_time(LATE)
    all_sweep(local, racers)
    assert [(owed.state, owed.step) for owed in updates(local, *references)] == [(ObligationState.LATE, 1)] * cases
    assert reminded(local) == {f"{who}{number}@example.test": 1 for number in range(readers) for who in ("officer", "supervisor")}
    local.set_time(BREACHED)
    all_sweep(local, racers)
    assert [(owed.state, owed.step) for owed in updates(local, *references)] == [(ObligationState.BREACHED, 2)] * cases
    again = {f"officer{number}@example.test": 2 for number in range(readers)} | {"area-inspector@derbyshire-police.test": 1}
    assert reminded(local) == again | {f"supervisor{number}@example.test": 1 for number in range(readers)}
    news = [event["event"] for name in references for event in local.announced(name)]
    assert news == [], "what was announced went"


def test_one_event_delivered_to_all_at_once_counts_once(local, racers):
    (name,) = told(local)
    text = body(contact_message(now=SPOKEN, reference=name, victim_id="V2", next_update_on="2026-12-08"))
    until_taken(racers, "ingest", [sqs_event(RECORDS, text) for _ in racers])
    assert [(owed.state, owed.evidence) for owed in sorted(updates(local, name), key=lambda owed: owed.started_at)] == [
        (ObligationState.MET, "C-1"),
        (ObligationState.OPEN, None),
    ]
    assert local.ready.cases.head(name).events == 1
    assert [entry.detail for entry in local.ready.cases.audit_of(name) if entry.op == "contact_recorded"] == ["C-1"]
    assert local.ready.quarantined.rows() == []


def test_one_id_with_two_contents_is_recorded_once_and_the_other_is_quarantined(local, racers):
    (name,) = told(local)
    contents = [body(contact_message(reference=name, victim_id="V2", result=result)) for result in ("spoken", "no_answer")]
    until_taken(racers, "ingest", [sqs_event(RECORDS, contents[racer % 2]) for racer in range(RACERS)])
    assert local.ready.cases.head(name).events == 1
    assert [row.reference for row in local.ready.quarantined.rows()] == [name]


def test_an_event_and_a_version_at_once_are_both_kept(local, racers):
    for number in range(6):
        local.empty()
        (name,) = told(local)
        version = occurrence_record(reference=name, version=2, victims=[victim("V2", given_name=f"Newer{number}")])
        events = [
            sqs_event(RECORDS, body(contact_message(now=SPOKEN, reference=name, victim_id="V2", next_update_on="2026-12-08"))),
            sqs_event(RECORDS, body(version)),
            sqs_event(RECORDS, body(change_message(now=SPOKEN, reference=name, victim_id="V2", next_update_on=None))),
        ]
        until_taken(racers[:3], "ingest", events[number % 3 :] + events[: number % 3])
        case = local.ready.cases.load(name)
        assert (case.head.version, case.head.events, len(case.events)) == (2, 2, 2)
        assert case.parts["V2"].victim.given_name == f"Newer{number}"
        (agreement,) = local.ready.cases.agreements_of(name)
        assert agreement.every_days == 14
        assert [owed.state for owed in updates(local, name)].count(ObligationState.OPEN) == 1
        assert {owed.evidence for owed in updates(local, name) if owed.state is ObligationState.MET} == {"C-1"}


def test_evidence_that_races_the_morning_leaves_no_reminder_and_no_second_step(local, racers):
    for number in range(6):
        local.empty()
        (name,) = told(local)
        local.set_time(LATE)
        spoken = body(contact_message(now=LATE, reference=name, victim_id="V2", next_update_on="2026-12-20"))
        orders: list[tuple[str, Any]] = [("ingest", sqs_event(RECORDS, spoken)), ("sweep", SWEEP), ("sweep", SWEEP)]
        for racer, (handler, event) in zip(racers, orders[number % 3 :] + orders[: number % 3], strict=False):
            racer.call(handler, event)
        answers = [racer.answer() for racer in racers[:3]]
        assert [answer.error for answer in answers] == [None] * 3
        if any(answer.result.get("batchItemFailures") for answer in answers):
            assert local.ingest(spoken) == []
        local.sweep()
        local.settle()
        met = next(owed for owed in updates(local, name) if owed.evidence == "C-1")
        assert (met.state, met.next_at) == (ObligationState.MET, None)
        assert reminded(local) == {}


def test_announcements_that_all_publish_at_once_go_under_one_id_and_are_taken_off(local, racers, out):
    references = [reference(number) for number in range(8)]
    held = [occurrence_record(reference=name, victims=[victim(f"V{n + 2}")], restricted=True) for n, name in enumerate(references)]
    assert local.ingest(*map(body, held)) == []
    ids = {event["event_id"] for name in references for event in local.announced(name)}
    assert len(ids) == len(references)
    until_taken(racers, "dispatch", [dispatch_event(*ids) for _ in racers])
    assert {event["event_id"] for event in out()} == ids
    assert [local.announced(name) for name in references] == [[]] * len(references)


def test_who_falls_ill_while_the_morning_runs_is_stood_in_for(local, racers):
    """The cover hears of it, whichever was first; the officer who is away does not."""
    told(local)
    assert local.ingest(body(officer_record(collar_number="7900", email="cover@example.test"))) == []
    local.set_time(LATE)
    ill = officer_record(now=LATE, collar_number="7000", absent_from="2026-12-01", cover="7900", email="officer0@example.test")
    racers[0].call("ingest", sqs_event(RECORDS, body(ill)))
    racers[1].call("sweep", SWEEP)
    assert [racer.answer().error for racer in racers[:2]] == [None, None]
    local.sweep()
    local.settle()
    assert reminded(local)["cover@example.test"] >= 1
    assert reminded(local)["officer0@example.test"] == 0

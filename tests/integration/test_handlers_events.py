"""Events of a case, reminders and news through the deployed handlers on the local endpoint: what each keeps, gives back, and says of it.

Must not test what an event means, nor what a reminder says. NOW is Friday 20 November 2026.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.obligations import Kind, ObligationState
from chalicelib.schemas.out_events import OutEvent
from tests.builders import (
    NOW,
    body,
    change_message,
    contact_message,
    contact_safety,
    done_message,
    hearing_message,
    letter_message,
    occurrence_record,
    officer_record,
    release_message,
    review_message,
    victim,
)
from tests.captured import Output, captured
from tests.integration.stack_fixture import DISPATCH, LocalStack

REFERENCE = "26000712345"
SPOKEN = NOW + timedelta(minutes=30)
MORNING = datetime(2026, 11, 28, 7, 0, 5, tzinfo=UTC)
"""The first morning on which an update due on Monday 30 November is in the lead."""
LATE = datetime(2026, 12, 2, 7, 0, 5, tzinfo=UTC)
DOMESTIC = {"flags": {"domestic_abuse": True}}
CONTACT = contact_message(now=SPOKEN, next_update_on="2026-12-08")
EVENTS = {
    "contact_recorded": CONTACT,
    "agreement_changed": change_message(now=SPOKEN),
    "task_done": done_message(now=SPOKEN),
    "hold_released": release_message(now=SPOKEN),
    "letter_returned": letter_message(now=SPOKEN),
    "investigation_event": hearing_message(now=SPOKEN),
    "review": review_message(now=SPOKEN),
}
Out = Callable[[], list[dict[str, Any]]]


def told(local: LocalStack, **facts: Any) -> None:
    """A burglary is recorded, its victim told and the service referred to, and every receipt and announcement is in."""
    assert local.ingest(body(occurrence_record(**facts))) == []
    local.set_time(NOW + timedelta(minutes=35))
    local.sweep()
    local.settle()


def owed(local: LocalStack, kind: Kind) -> list[tuple[str, str | None]]:
    rows = [row for row in local.ready.cases.obligations_of(REFERENCE) if row.kind is kind]
    return [(str(row.state), row.evidence) for row in sorted(rows, key=lambda row: (row.unmet, row.due_at))]


# ---- ingest


@pytest.mark.parametrize("kind", EVENTS)
def test_an_event_is_kept_once_observed_and_never_given_back(local: LocalStack, kind: str) -> None:
    told(local)
    text = body(EVENTS[kind])
    with captured() as output:
        assert local.ingest(text, text) == []
    assert [(line["outcome"], line["kind"], line["reference"]) for line in output.lines] == [
        ("recorded", kind, REFERENCE),
        ("duplicate", kind, REFERENCE),
    ]
    case = local.ready.cases.load(REFERENCE)
    assert (case.head.events, len(case.events)) == (1, 1)
    assert [line.op for line in local.ready.cases.audit_of(REFERENCE)].count(kind) == 1


def test_an_event_before_its_occurrence_waits_for_it(local: LocalStack) -> None:
    local.set_time(SPOKEN)
    assert local.ingest(body(CONTACT)) == []
    case = local.ready.cases.load(REFERENCE)
    assert (case.head.version, case.head.events, case.parts) == (0, 1, {})
    assert local.ready.cases.obligations_of(REFERENCE) == []
    assert local.ingest(body(occurrence_record())) == []
    assert owed(local, Kind.UPDATE) == [("met", "C-1"), ("open", None)]


def test_one_id_with_other_content_is_quarantined_and_holds_the_occurrence(local: LocalStack) -> None:
    told(local)
    assert local.ingest(body(CONTACT), body(contact_message(now=SPOKEN, result="no_answer"))) == []
    (row,) = local.ready.quarantined.rows()
    assert (row.reference, row.kind, row.faults) == (REFERENCE, "contact_recorded", (("event_id", "equal id with other content"),))
    assert owed(local, Kind.UPDATE)[0] == ("met", "C-1")
    assert owed(local, Kind.QUARANTINED_RECORD) == [("open", None)]


@pytest.mark.parametrize(
    ("operation", "mode"), [("BatchGetItem", "error"), ("TransactWriteItems", "error"), ("TransactWriteItems", "timeout_after")]
)
def test_an_event_whose_store_does_not_answer_is_given_back_and_counts_once(local: LocalStack, operation: str, mode: str) -> None:
    told(local)
    local.faults({"service": "dynamodb", "operation": operation, "mode": mode, "times": 3})
    assert local.ingest(body(CONTACT)) == ["m1"]
    assert local.cloud.cloud.faults.remaining() == []
    assert local.ingest(body(CONTACT), body(CONTACT)) == []
    assert owed(local, Kind.UPDATE) == [("met", "C-1"), ("open", None)]
    assert local.ready.cases.head(REFERENCE).events == 1
    local.sweep()
    local.settle()
    assert local.announced(REFERENCE) == []


def test_a_returned_letter_takes_its_evidence_back_whenever_the_answer_is_lost(local: LocalStack) -> None:
    told(local, victims=[victim(contact_safety=contact_safety(safe_channels=["letter"]))])
    local.set_time(datetime(2026, 11, 24, 12, tzinfo=UTC))
    returned = body(letter_message(now=datetime(2026, 11, 24, 12, tzinfo=UTC)))
    local.faults({"service": "dynamodb", "operation": "TransactWriteItems", "mode": "error", "times": 3})
    assert local.ingest(returned) == ["m1"]
    with captured() as output:
        assert local.ingest(returned, returned) == []
    assert ("acknowledgement", "victim", "bounced") in local.states(REFERENCE)
    assert [(line["state"], line["code"]) for line in output.lines if line["message"] == "receipt"] == [("bounced", "letter_returned")]
    assert [(metric["channel"], metric["not_arrived"]) for metric in output.metrics if "not_arrived" in metric] == [("letter", [1.0])]
    local.set_time(datetime(2026, 11, 25, 0, 5, tzinfo=UTC))
    local.sweep()
    local.settle()
    assert owed(local, Kind.WRITTEN_ACKNOWLEDGEMENT) == [("late", None)]


# ---- the sweep and dispatch


def standing(output: Output) -> dict[str, int]:
    """How things stand, as the sweep's metrics say."""
    (found,) = [metric for metric in output.metrics if "unknown_waiting" in metric]
    return {name: int(found[name][0]) for name in ("late", "about_to_breach", "breached", "unknown_waiting")}


def test_a_morning_is_one_digest_observed_with_the_age_of_the_oldest(local: LocalStack) -> None:
    told(local)
    local.set_time(MORNING)
    with captured() as output:
        local.sweep()
    (line,) = output.lines
    assert (line["message"], line["owed"], line["digests"], line["contended"]) == ("sweep", 1, 1, 0)
    assert line["oldest"] >= 5
    (alarm,) = [metric for metric in output.metrics if "oldest_unswept_seconds" in metric]
    assert alarm["oldest_unswept_seconds"] == [line["oldest"]]
    assert standing(output) == {"late": 0, "about_to_breach": 0, "breached": 0, "unknown_waiting": 0}
    local.settle()
    digest = local.accepted[-1]
    assert (digest.to, digest.subject) == ("sam.ash@example.test", "1 thing coming up")
    assert f"Open {REFERENCE}" in digest.text
    assert f"{local.environment['KI_PUBLIC_URL']}/officer/" in digest.text


def test_nothing_due_is_an_age_of_nothing(local: LocalStack) -> None:
    told(local)
    with captured() as output:
        assert local.sweep() == 0
    assert [metric["oldest_unswept_seconds"] for metric in output.metrics if "oldest_unswept_seconds" in metric] == [[0]]
    assert standing(output) == {"late": 0, "about_to_breach": 0, "breached": 0, "unknown_waiting": 0}


def test_what_is_late_about_to_breach_and_breached_is_counted_and_so_is_what_nobody_heard_of(local: LocalStack) -> None:
    """The update was due on Monday 30 November; three working days later it is breached."""
    told(local)
    mornings = [LATE, datetime(2026, 12, 3, 7, 0, 5, tzinfo=UTC), datetime(2026, 12, 4, 0, 0, 5, tzinfo=UTC)]
    seen = []
    for morning in mornings:
        local.set_time(morning)
        with captured() as output:
            local.sweep()
        seen.append(standing(output))
    names = ("late", "about_to_breach", "breached")
    assert [tuple(counted[name] for name in names) for counted in seen] == [(1, 0, 0), (1, 1, 0), (1, 0, 1)]
    local.faults({"service": "ses", "operation": "SendEmail", "mode": "timeout_before", "times": 1})
    local.settle()
    with captured() as output:
        local.sweep()
    assert standing(output)["unknown_waiting"] == 1


@pytest.mark.parametrize("operation", ["TransactWriteItems", "BatchGetItem"])
def test_a_morning_whose_store_does_not_answer_comes_again_and_takes_each_step_once(local: LocalStack, operation: str) -> None:
    told(local)
    local.set_time(LATE)
    local.faults({"service": "dynamodb", "operation": operation, "mode": "error", "times": 3})
    try:
        local.sweep()
    except StoreUnavailable:
        assert operation == "BatchGetItem"
    assert local.cloud.cloud.faults.remaining() == []
    local.sweep()
    local.sweep()
    local.settle()
    (update,) = [row for row in local.ready.cases.obligations_of(REFERENCE) if row.kind is Kind.UPDATE]
    assert (update.state, update.step) == (ObligationState.LATE, 1)
    assert sorted(message.to for message in local.accepted if "to do today" in (message.subject or "")) == [
        "jo.reed@example.test",
        "sam.ash@example.test",
    ]


def test_an_officer_who_falls_ill_hands_over_through_the_outbox(local: LocalStack) -> None:
    told(local)
    local.set_time(MORNING + timedelta(hours=2))
    local.sweep()
    local.settle()
    before = len(local.accepted)
    cover = officer_record(collar_number="2399", name="PC Kim Bell", email="kim.bell@example.test")
    ill = officer_record(now=MORNING, version=8, absent_from="2026-11-28", absent_until="2026-12-04", cover="2399")
    assert local.ingest(body(cover), body(ill)) == []
    local.settle()
    (handed,) = local.accepted[before:]
    assert handed.to == "kim.bell@example.test"
    assert "You are their cover." in handed.text


# ---- news


def test_what_a_batch_announces_goes_out_in_one_call_as_the_schema_says(local: LocalStack, out: Out) -> None:
    local.set_time(SPOKEN)
    assert local.ingest(body(occurrence_record(**DOMESTIC)), body(CONTACT)) == []
    ids = [event["event_id"] for event in local.announced(REFERENCE)]
    assert len(ids) == 3
    with captured() as output:
        assert local.dispatch(*ids) == []
    assert {line["message"] for line in output.lines} == {"announcement"}
    assert sorted(line["outcome"] for line in output.lines) == ["met_in_time", "published", "published"]
    told = out()
    assert {OutEvent.model_validate(event).event for event in told} == {"task_raised", "obligation_met", "agreement_changed"}
    assert {event["event_id"] for event in told} == set(ids)
    assert local.announced(REFERENCE) == []


@pytest.mark.parametrize("mode", ["throttle", "error", "timeout_before"])
def test_news_that_the_topic_does_not_take_stays_and_holds_nothing_else_up(local: LocalStack, out: Out, mode: str) -> None:
    assert local.ingest(body(occurrence_record(**DOMESTIC))) == []
    (raised,) = local.announced(REFERENCE)
    (task,) = local.rows(REFERENCE)[:1]
    local.faults({"service": "sns", "operation": "PublishBatch", "mode": mode, "times": 6})
    assert local.dispatch(raised["event_id"], task.notification_id) == []
    assert [message.to for message in local.accepted] == ["victim-care-unit@derbyshire-police.test"]
    assert (out(), local.announced(REFERENCE)) == ([], [raised])
    local.faults()
    local.sweep()
    assert local.pump(DISPATCH, "dispatch") >= 1
    assert out() == [raised]
    assert local.announced(REFERENCE) == []


def test_news_whose_answer_was_lost_goes_again_under_the_same_id(local: LocalStack, out: Out) -> None:
    assert local.ingest(body(occurrence_record(**DOMESTIC))) == []
    (raised,) = local.announced(REFERENCE)
    local.faults({"service": "sns", "operation": "PublishBatch", "mode": "timeout_after", "times": 1})
    assert local.dispatch(raised["event_id"]) == []
    assert {json.dumps(event) for event in out()} == {json.dumps(raised)}
    assert local.announced(REFERENCE) == []

"""Lines of a timeline: every kind of thing in plain words, and nothing of a person in them.

Must not test how a whole occurrence is put together: tests/unit/services does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain import timeline
from chalicelib.domain.announcements import of_obligations
from chalicelib.domain.case import Head, Marker, Release, Retained, Suspension, Told
from chalicelib.domain.contact_safety import WhyNot
from chalicelib.domain.delivery import Audience, Notification, State
from chalicelib.domain.events import (
    AgreementChanged,
    ContactRecorded,
    Covered,
    DecidedBy,
    Event,
    EventType,
    Hearing,
    HoldReleased,
    InvestigationEvent,
    LetterReturned,
    Result,
    ReviewStep,
    ReviewStepped,
    Step,
    TaskDone,
)
from chalicelib.domain.hand_overs import CaseHandedOver
from chalicelib.domain.message_events import MessageAllocated, MessageReceived
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Channel, Status, Unit
from chalicelib.domain.obligations import ASSESSED, PAPER, Agreement, Kind, Obligation, ObligationState, Purpose, Terms
from tests.domain_builders import HOLIDAYS, at
from tests.unit.domain.test_figures import owed

REF = "26000712345"
AT = at("2026-11-28 15:00")
SECOND = timedelta(seconds=1)
OPEN, LATE, BREACHED, MET, WAIVED = ObligationState
DUE = at("2026-11-24 23:59:59")
BREACH = at("2026-11-27 23:59:59")
TASK = owed(Kind.TASK, obligation_id="a" * 32, unit=Unit.VICTIM_CARE_UNIT, purpose=Purpose.SPECIALIST)


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("2345", "2345"),
        ("DC2345", "DC2345"),
        ("victim", "victim"),
        ("records_system", "records system"),
        (None, "nobody named"),
        ("Sam Ash", "a named person"),
        ("Ash", "a named person"),
        ("sam.ash@example.test", "a named person"),
        ("07700900123", "a named person"),
        ("", "a named person"),
    ],
)
def test_who_did_it_is_a_role_or_a_collar_number(by: str | None, said: str) -> None:
    assert timeline.somebody(by) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [("2026-03-29 00:59", "2026-03-29 00:59"), ("2026-03-29 01:00", "2026-03-29 02:00"), ("2026-11-24 23:59:59", "2026-11-24 23:59")],
)
def test_times_are_of_london(moment: str, said: str) -> None:
    assert timeline.shown(at(moment)) == said


def key_event(kind: str, event_id: str = "E", **more: Any) -> InvestigationEvent:
    return replace(InvestigationEvent(REF, event_id, EventType(kind), AT), **more)


BOTH = frozenset({Covered.UPDATE, Covered.REFERRAL})
EVENTS: list[tuple[Event, str]] = [
    (ContactRecorded(REF, "E", "V1", AT), "contact with V1: spoken, covers update, by nobody named"),
    (
        ContactRecorded(REF, "E", "V1", AT, Result.MESSAGE_LEFT, BOTH, (), Channel.PHONE, "2345", date(2026, 12, 8)),
        "contact with V1 by phone: message left, covers referral, update, by 2345; next update on 2026-12-08",
    ),
    (ContactRecorded(REF, "E", "V1", AT, covers=frozenset()), "contact with V1: spoken, covers nothing, by nobody named"),
    (
        AgreementChanged(REF, "E", "V1", AT, 14, Channel.SMS, date(2026, 12, 12), by="victim"),
        "agreement with V1 changed by victim: every 14 days by sms, next on 2026-12-12",
    ),
    (AgreementChanged(REF, "E", "V1", AT, by="2345"), "agreement with V1 changed by 2345: key events only"),
    (AgreementChanged(REF, "E", "V1", AT, 14, declined=True, by="victim"), "agreement with V1 changed by victim: no updates wanted"),
    (TaskDone(REF, "E", "a" * 32, AT, Step.PICKED_UP, "7001"), "picked up by 7001: task (specialist) to V1 by victim care unit"),
    (TaskDone(REF, "E", "a" * 32, AT, by="7001"), "done by 7001: task (specialist) to V1 by victim care unit"),
    (TaskDone(REF, "E", "rang Alex Morgan", AT, by="7001"), "done by 7001: a task that is not known"),
    (HoldReleased(REF, "E", "V1", AT, "7001", "Flag set in error for Alex."), "hold of V1 released by 7001"),
    (LetterReturned(REF, "E", "V1", AT), "letter to V1 returned"),
    (MessageReceived(REF, "E", AT, "Alex Morgan"), "message through the contact page"),
    (
        MessageReceived(REF, "E", AT, "2345", "V1", danger=True, many=True),
        "several messages through the contact page, its words speak of immediate danger",
    ),
    (MessageAllocated(REF, "E", "M", AT, "4711", "Alex Morgan"), "message given to 4711 by a named person"),
    (CaseHandedOver(REF, "E", AT, "2345", "4711", "1890"), "case handed over to 4711 by 1890"),
    (key_event("arrested"), "arrested, for every victim"),
    (key_event("charged", victim_ids=frozenset({"V2", "V1"})), "charged, for V1, V2"),
    (key_event("charged", victim_ids=frozenset()), "charged, for nobody"),
    (
        key_event("hearing_listed", received_at=AT + timedelta(hours=19), hearing=Hearing(at("2027-01-14 10:00"), "Alex Morgan’s court")),
        "hearing listed, for every victim; received 2026-11-29 10:00; the hearing is 2027-01-14 10:00",
    ),
    (key_event("hearing_listed", hearing=Hearing(None, "Derby")), "hearing listed, for every victim"),
    (
        key_event("not_prosecuted", decided_by=DecidedBy.CPS, reason="Alex Morgan withdrew."),
        "not prosecuted, for every victim; decided by cps",
    ),
    (key_event("charged", corrects="Alex Morgan"), "charged, for every victim; corrects an event that is not known"),
    (key_event("charged", corrects="E-0", withdrawn=True), "charged, for every victim; takes back an event that is not known"),
    (key_event("charged", withdrawn=True), "charged, for every victim; takes back an event that is not known"),
    (ReviewStepped(REF, "E", "V1", AT, ReviewStep.REQUESTED), "review for V1 requested"),
    (ReviewStepped(REF, "E", "V1", AT, ReviewStep.ACKNOWLEDGED), "review for V1 acknowledged"),
    (ReviewStepped(REF, "E", "V1", AT, ReviewStep.DECIDED), "review for V1 decided"),
]  # fmt: skip


@pytest.mark.parametrize(("event", "words"), EVENTS)
def test_an_event_stands_at_the_time_of_which_it_tells(event: Event, words: str) -> None:
    for heard_at in ({}, {"E": AT + 59 * SECOND}):
        assert list(timeline.of_events([event], heard_at, [TASK])) == [timeline.Entry(AT, words)]


def test_a_correction_says_what_it_corrects() -> None:
    first = key_event("released_on_bail", "E-1")
    second = key_event("released_under_investigation", "E-2", at=AT + timedelta(hours=1), corrects="E-1")
    third = key_event("released_under_investigation", "E-3", at=AT + timedelta(hours=2), corrects="E-2", withdrawn=True)
    assert [entry.words for entry in timeline.of_events([third, second, first], {}, [])] == [
        "released under investigation, for every victim; takes back released under investigation of 2026-11-28 16:00",
        "released under investigation, for every victim; corrects released on bail of 2026-11-28 15:00",
        "released on bail, for every victim",
    ]


def test_every_type_is_a_line() -> None:
    said = [entry.words for entry in timeline.of_events([key_event(kind.value) for kind in EventType], {}, [])]
    assert said == [f"{kind.value.replace('_', ' ')}, for every victim" for kind in EventType]


def test_an_event_that_came_late_says_when_we_heard_of_it() -> None:
    (entry,) = timeline.of_events([LetterReturned(REF, "E", "V1", AT)], {"E": AT + timedelta(days=2)}, [])
    assert entry == timeline.Entry(AT, "letter to V1 returned; we heard of it 2026-11-30 15:00")


def test_only_versions_that_came_late_are_told_apart() -> None:
    head = Head(REF, told=(Told(1, AT, Status.OPEN), Told(2, AT, Status.CLOSED)))
    assert list(timeline.of_late_versions(head, [1, None])) == [timeline.Entry(AT, "version 2 (closed) sent; it came after a newer one")]


# ---- messages


def message(template: Template = Template.ACKNOWLEDGEMENT, audience: Audience = Audience.VICTIM, **more: Any) -> Notification:
    return Notification("n" * 32, REF, more.pop("victim_id", "V1"), template, audience, Channel.EMAIL, AT, AT, **more)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (message(), ["acknowledgement by email to victim V1: made, now pending"]),
        (
            message(Template.REFERRAL, Audience.SERVICE, state=State.HELD, reason="waits_for_notice"),
            ["referral by email to service about V1: made, now held (waits_for_notice)"],
        ),
        (
            message(state=State.SENT, sent_at=AT),
            ["acknowledgement by email to victim V1: made", "acknowledgement by email to victim V1: sent"],
        ),
        (
            message(state=State.DELIVERED, sent_at=AT, delivered_at=AT),
            [f"acknowledgement by email to victim V1: {what}" for what in ("made", "sent", "delivered")],
        ),
        (
            message(state=State.BOUNCED, sent_at=AT, delivered_at=AT),
            [f"acknowledgement by email to victim V1: {what}" for what in ("made, now bounced", "sent", "delivered")],
        ),
        (message(Template.TASK, Audience.OPERATIONS, victim_id=None), ["task by email to operations: made, now pending"]),
        (message(Template.TASK, Audience.UNIT, task_id="a" * 32), ["task (specialist) by email to unit about V1: made, now pending"]),
        (message(Template.HANDOVER), []),
        (message(Template.CONTACT), []),
        (message(Template.COMPLETION), []),
        (message(Template.OUT, Audience.RECORDS_SYSTEM), ["for the records system: something"]),
    ],
)
def test_a_message_is_made_sent_and_delivered(row: Notification, said: list[str]) -> None:
    assert list(timeline.of_messages([row], [TASK, owed()])) == [timeline.Entry(AT, words) for words in said]


def test_what_the_records_system_is_told_is_one_line() -> None:
    met = replace(owed(state=MET, met_at=AT), evidence="E")
    assert list(timeline.of_messages(of_obligations([(owed(), met)], AT), [])) == [
        timeline.Entry(AT, "for the records system: obligation met V1 referral")
    ]


# ---- obligations


@pytest.mark.parametrize(
    ("row", "then"),
    [
        (owed(), []),
        (owed(state=WAIVED, reason="opted_out"), []),
        (owed(state=LATE), [(DUE, "late: referral to V1")]),
        (owed(state=BREACHED), [(DUE, "late: referral to V1"), (BREACH, "breached: referral to V1")]),
        (owed(state=BREACHED, reason="closed"), [(DUE, "late: referral to V1")]),
        (owed(state=MET, met_at=DUE), [(DUE, "met in time: referral to V1, by a fact of the case")]),
        (
            owed(state=MET, met_at=DUE + SECOND, evidence="E"),
            [(DUE, "late: referral to V1"), (DUE + SECOND, "met late: referral to V1, by contact recorded")],
        ),
        (
            owed(state=MET, met_at=BREACH, evidence=PAPER),
            [(DUE, "late: referral to V1"), (BREACH, "met late: referral to V1, by the officer's own paper")],
        ),
        (
            owed(state=MET, met_at=BREACH + SECOND, evidence=ASSESSED),
            [
                (DUE, "late: referral to V1"),
                (BREACH, "breached: referral to V1"),
                (BREACH + SECOND, "met late: referral to V1, by the assessment on the record"),
            ],
        ),
    ],
)
def test_what_became_of_an_obligation(row: Obligation, then: list[tuple[Any, str]]) -> None:
    begun, *rest = timeline.of_obligations([row], {"E": "contact recorded"}, HOLIDAYS)
    ended = f"{row.state} ({row.reason.replace('_', ' ')})" if row.reason else str(row.state)
    assert begun == timeline.Entry(row.started_at, f"owed: referral to V1, until 2026-11-24 23:59 (REF-2WD): {ended}")
    assert [(entry.at, entry.words) for entry in rest] == then


def test_what_is_owed_of_a_key_event_names_it() -> None:
    told = owed(Kind.EVENT, event=EventType.RELEASED_ON_BAIL, rule_id="EVENT-5WD")
    task = replace(TASK, purpose=Purpose.EVENT_IN_PERSON, event=EventType.CHARGED, unit=Unit.OFFICER, rule_id="EVENT-1WD")
    assert timeline.owed_now([told, task]) == [
        "event (released on bail) to V1, until 2026-11-24 23:59: open (EVENT-5WD)",
        "task (event in person, charged) to V1 by officer, until 2026-11-24 23:59: open (EVENT-1WD)",
    ]


def test_a_reminder_tells_what_it_reminded_of_once_it_was_sent() -> None:
    row = owed(Kind.UPDATE)
    lines = (("26000712345", row.obligation_id), ("26000799999", row.obligation_id), ("26000712345", "gone"))
    digest = message(Template.DIGEST, Audience.OFFICER, reader="2345", lines=lines, sent_at=at("2026-11-30 07:00"))
    waits = replace(digest, sent_at=None)
    (entry,) = timeline.of_reminders([digest, waits, replace(digest, lines=lines[1:])], "26000712345", [row])
    assert (entry.at, entry.words) == (at("2026-11-30 07:00"), "reminder by email to officer 2345: update to V1")


def test_what_is_owed_now_most_urgent_first() -> None:
    rows = [
        owed(Kind.UPDATE, due_at=DUE + timedelta(days=6), proposed=True, tried_at=AT, rule_id="UPDATE"),
        replace(TASK, picked_up_at=AT, rule_id="WD", step=1, state=LATE),
        owed(Kind.QUARANTINED_RECORD, BREACHED, victim_id=None, unit=Unit.OPERATIONS, step=2, due_at=DUE + SECOND),
        owed(state=MET, met_at=DUE),
        owed(state=BREACHED, reason="closed"),
    ]
    assert timeline.owed_now(rows) == [
        "task (specialist) to V1 by victim care unit, until 2026-11-24 23:59: late, picked up 2026-11-28 15:00, escalated 1 time (WD)",
        "quarantined record by operations, until 2026-11-25 00:00: breached, escalated 2 times (REF-2WD)",
        "update to V1, proposed, until 2026-11-30 23:59: open, tried 2026-11-28 15:00 (UPDATE)",
    ]


# ---- agreements and holds


PROPOSAL = Terms(10, None, None, declined=False, proposed=True, at=AT, by=None, source="proposal")
BY_RECORD = Terms(7, Channel.EMAIL, date(2026, 12, 1), declined=False, proposed=False, at=AT, by="officer", source="v2")
BY_EVENT = replace(BY_RECORD, by="victim", source="A-1")


def test_the_history_leaves_to_an_event_what_it_says_itself() -> None:
    agreement = Agreement(REF, "V1", 7, Channel.EMAIL, None, proposed=False, history=(PROPOSAL, BY_RECORD, BY_EVENT))
    assert [entry.words for entry in timeline.of_agreement(agreement, {"A-1"})] == [
        "agreement with V1 proposed: every 10 days",
        "agreement with V1 agreed by officer: every 7 days by email, next on 2026-12-01",
    ]


@pytest.mark.parametrize(
    ("agreement", "line"),
    [
        (
            Agreement(REF, "V1", 10, Channel.EMAIL, date(2026, 11, 30), proposed=True),
            "V1: every 10 days by email, next on 2026-11-30, proposed, not yet agreed, kept by officer",
        ),
        (
            Agreement(REF, "V1", None, Channel.PHONE, None, proposed=False, agreed_by="victim", keeper=Unit.WITNESS_CARE),
            "V1: key events only by phone, agreed by victim, kept by witness care",
        ),
        (
            Agreement(REF, "V1", 7, Channel.LETTER, None, proposed=False, method_reason=WhyNot.NOT_SAFE, agreed_by="2345", ended="closed"),
            "V1: every 7 days by letter, agreed by 2345, kept by officer; not safe; ended: closed",
        ),
    ],
)
def test_the_agreement_as_it_stands(agreement: Agreement, line: str) -> None:
    assert timeline.agreement_now(agreement) == line


def test_holds_say_what_keeps_messages_and_what_was_lifted() -> None:
    head = Head(
        REF,
        marker=Marker(3, "hash"),
        suspension=Suspension("q", 2, AT),
        signs=((1, frozenset({"marker", "domestic-abuse-flag"})),),
        releases=(Release("V1", 1, "Sam Ash", AT, "Set in error for Alex."),),
    )
    assert timeline.holds(head) == [
        "version 3 is being written: nothing leaves",
        "held since 2026-11-28 15:00: a version is quarantined",
        "specialist in version 1: domestic-abuse-flag, marker",
        "hold of V1 released 2026-11-28 15:00 by a named person",
    ]
    assert timeline.holds(Head(REF)) == []


@pytest.mark.parametrize(
    ("retained", "said"),
    [
        (Retained(look_at=AT), []),
        (Retained(review_since=AT), ["waits since 2026-11-28 15:00 for a person to decide whether it is kept"]),
        (Retained(kept_until=AT), ["a person decided to keep it until 2026-11-28 15:00"]),
        (
            Retained(begun_at=AT, done_at=AT),
            ["its content was taken at the end of its retention 2026-11-28 15:00: nothing is recorded and nothing leaves"],
        ),
    ],
)
def test_holds_say_how_far_retention_is(retained: Retained, said: list[str]) -> None:
    assert timeline.holds(Head(REF, retained=retained)) == said

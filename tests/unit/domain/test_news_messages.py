"""Messages of key events: which make one, when each may leave, what a correction does to what was told. NOW is Friday 20 November 2026.

Must not test who tells which event (test_events_decided.py), or what a message says.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from chalicelib.domain.compose_events import event_news
from chalicelib.domain.deadlines import next_for_bad_news
from chalicelib.domain.delivery import Notification, State
from chalicelib.domain.events import AgreementChanged, ContactRecorded, Result, ReviewStep, ReviewStepped
from chalicelib.domain.messages import Template
from chalicelib.domain.model import Status
from chalicelib.domain.obligations import Kind
from chalicelib.domain.plan import Plan
from tests import builders
from tests.domain_builders import HOLIDAYS, PROFILE, asked, at, messages, planned, situation
from tests.unit.domain.test_events_decided import HEARD, case, decided, event

QUIET = PROFILE.quiet
LATER = at("2026-11-28 12:00")


def sent(plan: Plan, state: State = State.DELIVERED) -> list[Notification]:
    """The message of events of a plan, as it left on the Friday."""
    return [
        replace(row, state=state, attempted=True, sent_at=at("2026-11-27 11:40"), delivered_at=at("2026-11-27 11:41"))
        for row in messages(plan, Template.EVENT).values()
    ]


def told(plan: Plan) -> list[tuple[str, list[str]]]:
    """Every message of events that is wanted: when, and of which events."""
    begun = {key: row.begun_by for key, row in plan.obligations.items()}
    rows = sorted((row for row in plan.notifications.values() if row.template is Template.EVENT), key=lambda row: row.not_before)
    return [(f"{row.not_before:%a %H:%M}", [begun[key] for _, key in row.lines]) for row in rows]


def owed(plan: Plan) -> dict[str, str]:
    """What became of the news, by event."""
    rows = (row for row in plan.obligations.values() if row.kind is Kind.EVENT)
    return {row.begun_by: f"{row.state}: {row.reason}" if row.reason else str(row.state) for row in rows}


def test_an_event_waits_a_moment_for_corrections_and_for_the_acknowledgement() -> None:
    plan = planned(case(), events=(event(heard_at=at("2026-11-20 10:31"), at=at("2026-11-20 10:30")),))
    (row,) = messages(plan, Template.EVENT).values()
    acknowledgement = messages(plan, Template.ACKNOWLEDGEMENT)
    assert told(plan) == [("Fri 11:01", ["E-1"])]
    assert set(row.waits_for) == {each.notification_id for each in acknowledgement.values()}


@pytest.mark.parametrize(
    ("events", "now", "expected"),
    [
        ([event(), event("charged", event_id="E-2", heard_at=at("2026-11-27 11:20"))], HEARD, [("Fri 11:35", ["E-1", "E-2"])]),
        (
            [event(), event("charged", event_id="E-2", heard_at=at("2026-11-27 11:36"))],
            HEARD,
            [("Fri 11:35", ["E-1"]), ("Fri 12:06", ["E-2"])],
        ),
        ([event(heard_at=at("2026-11-27 21:00"))], at("2026-11-27 21:00"), [("Sat 08:00", ["E-1"])]),
        (
            [event(heard_at=at("2026-11-27 21:00")), event("charged", event_id="E-2", heard_at=at("2026-11-28 07:00"))],
            at("2026-11-28 07:00"),
            [("Sat 08:00", ["E-1", "E-2"])],
        ),
        (
            [event(), event("not_prosecuted", event_id="E-2", heard_at=at("2026-11-27 11:10"))],
            HEARD,
            [("Fri 11:35", ["E-1", "E-2"])],
        ),
        (
            [event(heard_at=at("2026-11-27 14:50")), event("not_prosecuted", event_id="E-2", heard_at=at("2026-11-27 14:50"))],
            at("2026-11-27 14:50"),
            [("Fri 15:20", ["E-1"]), ("Mon 09:00", ["E-2"])],
        ),
    ],
    ids=["two soon", "the second too late", "at night", "both by the morning", "bad news in working hours", "bad news on Friday afternoon"],
)
def test_what_is_not_told_at_the_next_send_time_is_one_message(events: list[Any], now: datetime, expected: list[Any]) -> None:
    assert told(decided(case(), *events, now=now)) == expected
    assert told(decided(case(), *reversed(events), now=now)) == expected


def test_a_message_that_could_not_leave_in_its_time_takes_the_later_events_along() -> None:
    late = event("charged", event_id="E-2", heard_at=at("2026-11-27 13:00"))
    plan = decided(case(), event(), late, now=at("2026-11-27 13:00"))
    assert told(plan) == [("Fri 11:35", ["E-1", "E-2"])]


@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.DELIVERED, State.UNKNOWN])
def test_what_left_is_not_told_again(state: State) -> None:
    before = decided(case(), event())
    after = decided(case(), event(), event("charged", event_id="E-2", heard_at=LATER), rows=sent(before, state), now=LATER)
    assert told(after) == [("Sat 12:30", ["E-2"])]
    assert owed(after) == {"E-1": "met" if state is State.DELIVERED else "open", "E-2": "open"}


@pytest.mark.parametrize("state", [State.BOUNCED, State.FAILED, State.SETTLED])
def test_what_could_not_be_delivered_is_told_by_the_officer(state: State) -> None:
    after = decided(case(), event(), rows=sent(decided(case(), event()), state), now=LATER)
    assert (told(after), "event_by_officer for officer" in asked(after)) == ([], True)


def test_without_an_acknowledgement_that_can_arrive_the_officer_tells() -> None:
    crime = case()
    failed = [replace(row, state=State.FAILED, attempted=True) for row in messages(planned(crime), Template.ACKNOWLEDGEMENT).values()]
    plan = planned(crime, rows=failed, events=(event(),), now=HEARD)
    assert (told(plan), "event_by_officer for officer" in asked(plan)) == ([], True)


def test_a_text_says_that_there_is_news_and_the_officer_still_tells_it() -> None:
    plan = decided(case(method="sms"), event())
    (row,) = messages(plan, Template.EVENT).values()
    assert (row.evidences, len(row.lines)) == ((), 1)
    after = decided(case(method="sms"), event(), rows=sent(plan), now=LATER)
    assert (told(after), owed(after)) == ([], {"E-1": "open"})


def test_a_business_gets_one_message_a_day() -> None:
    crime = case(kind="business")
    before = decided(crime, event())
    late = event("charged", event_id="E-2", heard_at=at("2026-11-27 12:00"))
    assert told(decided(crime, event(), late, rows=sent(before), now=at("2026-11-27 12:00"))) == [("Sat 08:00", ["E-2"])]


def test_a_business_that_was_not_written_to_yet_hears_of_it_after_the_acknowledgement() -> None:
    crime = case(kind="business")
    (row,) = messages(planned(crime, events=(event(heard_at=at("2026-11-20 10:31")),)), Template.EVENT).values()
    assert row.waits_for != ()


def test_a_way_that_nobody_agreed_on_is_explained() -> None:
    """A text was asked for, and no mobile is known: the force's proposal goes by e-mail."""
    crime = case(update_agreement=None, preferred_channel="sms", mobile=None)
    plan = decided(crime, event())
    (row,) = messages(plan, Template.EVENT).values()
    assert plan.choice is not None
    assert plan.agreement is not None
    about = situation(crime, events=(event(),), now=HEARD)
    said = event_news(about, row, plan.choice, plan.agreement, None)
    assert said.channel_reason is not None
    assert said.channel_reason.startswith("You asked us to contact you by text message. We are writing by email")


def spoke(event_id: str, **changes: Any) -> ContactRecorded:
    return replace(ContactRecorded("26000712345", "C-1", "V1", LATER, covers_event_ids=(event_id,)), **changes)


def test_the_officer_s_contact_that_names_the_event_meets_it() -> None:
    crime = case(method="phone")
    assert owed(decided(crime, event(), spoke("E-1"), now=LATER)) == {"E-1": "met"}
    assert owed(decided(crime, event(), spoke("E-9"), now=LATER)) == {"E-1": "open"}
    missed = decided(crime, event(), spoke("E-1", result=Result.NO_ANSWER), now=LATER)
    assert [row.tried_at for row in missed.obligations.values() if row.kind is Kind.EVENT] == [LATER]
    task = next(row for row in decided(crime, event(), spoke("E-1"), now=LATER).obligations.values() if row.purpose == "event_by_officer")
    assert (task.state, task.evidence) == ("met", "C-1")
    assert told(decided(case(), event(), spoke("E-1"), now=LATER)) == [], "told by the officer before the message left"


CORRECTION = event("interviewed_under_caution", event_id="E-2", corrects="E-1", heard_at=LATER)
WITHDRAWAL = event(event_id="E-2", corrects="E-1", withdrawn=True, heard_at=LATER)


@pytest.mark.parametrize(
    ("later", "before", "after"),
    [
        (CORRECTION, {"E-1": "waived: corrected", "E-2": "open"}, {"E-1": "met", "E-2": "open"}),
        (WITHDRAWAL, {"E-1": "waived: withdrawn"}, {"E-1": "met", "E-2": "open"}),
        (replace(CORRECTION, victim_ids=frozenset({"V2"})), {"E-1": "waived: corrected"}, {"E-1": "met", "E-2": "open"}),
        (replace(CORRECTION, corrects="E-9"), {"E-1": "open", "E-2": "open"}, {"E-1": "met", "E-2": "open"}),
        (replace(WITHDRAWAL, corrects=None), {"E-1": "open"}, {"E-1": "met"}),
    ],
    ids=["corrected", "withdrawn", "of somebody else", "of what is not known", "withdrawn by itself"],
)
def test_a_correction_is_told_to_whom_the_mistake_was_told(later: Any, before: dict[str, str], after: dict[str, str]) -> None:
    assert owed(decided(case(), event(), later, now=LATER)) == before
    message = sent(decided(case(), event()))
    assert owed(decided(case(), event(), later, rows=message, now=LATER)) == after
    assert owed(decided(case(method="phone"), event(), later, spoke("E-1"), now=LATER)) == after


def test_a_correction_of_court_news_is_the_officer_s() -> None:
    """Somebody told it in person: no message of ours speaks of a court."""
    crime = case()
    court = event("court_outcome")
    plan = decided(crime, court, replace(CORRECTION, victim_ids=None), spoke("E-1"), now=LATER)
    assert (told(plan), "event_by_officer for officer" in asked(plan)) == ([], True)


def test_events_that_correct_each_other_in_a_circle_lose_nothing() -> None:
    circle = event(corrects="E-2"), event("charged", event_id="E-2", corrects="E-1")
    assert owed(decided(case(), *circle)) == {"E-1": "waived: corrected", "E-2": "open"}
    itself = event(corrects="E-1")
    assert owed(decided(case(), itself)) == {"E-1": "open"}


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-27 08:59", "Fri 27 Nov 09:00"),
        ("2026-11-26 16:59", "Thu 26 Nov 16:59"),
        ("2026-11-26 17:00", "Fri 27 Nov 09:00"),
        ("2026-11-27 14:59", "Fri 27 Nov 14:59"),
        ("2026-11-27 15:00", "Mon 30 Nov 09:00"),
        ("2026-11-28 10:00", "Mon 30 Nov 09:00"),
        ("2026-12-24 14:59", "Thu 24 Dec 14:59"),
        ("2026-12-24 15:00", "Tue 29 Dec 09:00"),
        ("2026-12-31 16:00", "Mon 4 Jan 09:00"),
        ("2027-03-25 15:00", "Tue 30 Mar 08:00"),
        ("2026-10-23 13:59", "Fri 23 Oct 13:59"),
        ("2026-10-23 14:00", "Mon 26 Oct 09:00"),
    ],
)
def test_bad_news_comes_in_working_hours_and_not_before_days_off(moment: str, expected: str) -> None:
    """UTC; in October and after 28 March London is an hour ahead."""
    found = next_for_bad_news(at(moment), QUIET, HOLIDAYS)
    assert found is not None
    assert f"{found:%a} {found.day} {found:%b %H:%M}" == expected


def test_bad_news_that_fits_no_safe_hour_is_the_officer_s() -> None:
    safety = builders.contact_safety(safe_channels=["email", "phone"], safe_hours="17:30-19:00")
    plan = decided(case(contact_safety=safety), event("no_suspect_identified"))
    assert (told(plan), "event_by_officer for officer" in asked(plan)) == ([], True)
    assert told(decided(case(contact_safety=safety), event())) == [("Fri 17:30", ["E-1"])]


def stepped(step: str, when: str, number: int = 1) -> ReviewStepped:
    return ReviewStepped("26000712345", f"R-{number}", "V1", at(when), ReviewStep(step))


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([stepped("requested", "2026-12-01 10:00")], ["acknowledged open Tue 15 Dec", "decided open Fri 15 Jan"]),
        (
            [stepped("requested", "2026-12-01 10:00"), stepped("acknowledged", "2026-12-02 10:00", 2)],
            ["acknowledged met Tue 15 Dec", "decided open Fri 15 Jan"],
        ),
        (
            [stepped("decided", "2026-12-02 10:00", 2), stepped("requested", "2026-12-01 10:00")],
            ["acknowledged met Tue 15 Dec", "decided met Fri 15 Jan"],
        ),
        ([stepped("acknowledged", "2026-12-02 10:00", 2)], []),
        (
            [
                stepped("requested", "2026-12-01 10:00"),
                stepped("decided", "2026-12-02 10:00", 2),
                stepped("requested", "2026-12-03 10:00", 3),
            ],
            ["acknowledged met Tue 15 Dec", "acknowledged open Thu 17 Dec", "decided met Fri 15 Jan", "decided open Tue 19 Jan"],
        ),
    ],
    ids=["asked", "acknowledged", "decided at once", "never asked", "asked again"],
)
def test_a_request_for_review_opens_two_clocks(steps: list[Any], expected: list[str]) -> None:
    rows = [row for row in decided(case(), *steps, now=at("2026-12-03 12:00")).obligations.values() if row.kind.startswith("review_")]
    assert {row.unit for row in rows} <= {"inspector"}
    words = [f"{row.kind.removeprefix('review_')} {row.state} {row.due_at:%a} {row.due_at.day} {row.due_at:%b}" for row in rows]
    assert sorted(words) == expected


def test_nobody_is_asked_to_tell_what_was_told_before_nothing_was_owed_any_more() -> None:
    crime = replace(case("specialist"), status=Status.CANCELLED)
    plan = decided(crime, event(), spoke("E-1"), now=LATER)
    assert owed(plan) == {"E-1": "met"}
    assert [words for words in asked(plan) if "event" in words] == []


def test_who_declined_in_a_case_that_came_closed_is_owed_no_news() -> None:
    terms = AgreementChanged("26000712345", "A-1", "V1", at("2026-11-21 10:00"), declined=True)
    plan = decided(replace(case(), status=Status.CLOSED), terms, event())
    assert (plan.agreement, owed(plan)) == (None, {"E-1": "waived: declined"})


@pytest.mark.parametrize("facts", [{"status": "cancelled"}, {"status": "transferred"}])
def test_what_ends_the_case_ends_the_news(facts: dict[str, Any]) -> None:
    crime = replace(case(), status=type(case().status)(facts["status"]))
    plan = decided(crime, event())
    assert [state.partition(":")[0] for state in owed(plan).values()] == ["waived"]
    assert told(plan) == []

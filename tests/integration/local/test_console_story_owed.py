"""What a story tells of duty: agreements, events, deadlines, reminders and escalations, announcements, and what is to come."""

import json

import pytest

from infra.local.case_owed import CaseWords
from infra.local.duty import force_duty
from infra.local.story_owed import reminded
from tests.integration.local.test_console_owed import officer
from tests.integration.local.test_console_story import MESSAGE, OWED, case, told_of, victim

DUTY = force_duty()
UPDATE = OWED | {
    "kind": "update",
    "rule_id": "UPDATE",
    "due_at": "2026-11-25T23:59:59Z",
    "officer": "2345",
    "supervisor": "1890",
}
TERMS = {"every_days": 10, "method": "email", "next_update_on": None, "declined": False, "at": "2026-11-24T10:00:00Z", "by": None}


def titles(view, now="2026-12-02T12:00:00Z"):
    return [(event.at[:16], event.title, event.tone) for event in told_of(view, now).past]


def digest(day, unit="officer", reader="2345", lines=("o1",), channel="email"):
    at = f"2026-{day}T07:00:01Z"
    named = [["26000712345", line] for line in lines]
    return {
        "notification_id": f"{unit}-{day}-{channel}",
        "message": "digest",
        "unit": unit,
        "reader": reader,
        "channel": channel,
        "lines": named,
        "sent_at": at,
        "seen": [(f"seen-{day}", at)],
    }


def event(event_id, kind, at, **body):
    told = {"reference": "26000712345", "event_id": event_id, "victim_id": "V1", "at": at} | body
    return {"kind": kind, "event_id": event_id, "received_at": at, "body": json.dumps(told)}


def with_agreement(*history, **more):
    agreed = {"victim_id": "V1", "history": list(history)} | more
    made = victim("non-specialist", "victim_services")
    return type(made)(made.victim_id, made.name, False, {}, made.decision, made.rule, (), agreed, [], [])


def test_terms_are_told_once_by_the_record_or_by_the_event():
    proposed = TERMS | {"proposed": True, "source": "proposal"}
    agreed = TERMS | {"proposed": False, "source": "v2", "at": "2026-11-25T10:00:00Z", "every_days": 7, "next_update_on": "2026-11-30"}
    changed = TERMS | {"proposed": False, "source": "A-1", "at": "2026-11-26T10:00:00Z"}
    view = case(
        victims=[with_agreement(proposed, agreed, changed)],
        events=[event("A-1", "agreement_changed", "2026-11-26T10:00:00Z", by="victim", every_days=None)],
    )
    told = told_of(view, "2026-12-02T12:00:00Z").past
    assert [(one.title, one.lines) for one in told] == [
        ("Updates proposed by the force’s default", ("Every 10 days, by e-mail.",)),
        ("Updates agreed, as the record says", ("Every 7 days, by e-mail, the next by the end of Mon 30 Nov 2026.",)),
        ("Update agreement changed, by the victim", ("From now on key events only.",)),
    ]


def test_events_stand_at_their_time_and_a_try_is_told_apart():
    view = case(
        events=[
            event("C-1", "contact_recorded", "2026-11-25T10:00:00Z", result="no_answer", covers=["update"]),
            event("C-2", "contact_recorded", "2026-11-25T11:00:00Z", result="spoken", covers=["update"]),
            event("T-1", "task_done", "2026-11-25T12:00:00Z", task="o9", step="done", by="7001"),
            event("H-1", "hold_released", "2026-11-25T13:00:00Z", by="7001", reason="x"),
        ],
        obligations=[OWED | {"kind": "task", "purpose": "doubt", "obligation_id": "o9", "state": "waived"}],
        audit=[{"op": "contact_recorded", "at": "2026-11-25T10:00:00Z", "entry_id": "e"}],
    )
    told = [one for one in told_of(view).past if one.title != "What follows"]
    assert [(one.title, one.tone) for one in told] == [
        ("Contact: no answer", "wait"),
        ("Contact: spoke to the victim", "good"),
        ("Task done, by 7001", "good"),
    ]
    assert told[-1].lines == ("A task for a person: find out what is missing.",)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, [("2026-11-25T23:59", "Deadline passed", "bad"), ("2026-11-30T23:59", "Breached", "bad")]),
        ({"state": "late"}, [("2026-11-25T23:59", "Deadline passed", "bad"), ("2026-11-30T23:59", "Breached", "bad")]),
        ({"state": "breached", "reason": "closed"}, [("2026-11-25T23:59", "Deadline passed", "bad")]),
        ({"state": "waived", "reason": "closed"}, []),
        ({"due_at": "2026-12-02T23:59:59Z"}, []),
        ({"state": "met", "met_at": "2026-11-25T09:00:00.5Z", "evidence": "gone"}, [("2026-11-25T09:00", "Met", "good")]),
        (
            {"state": "met", "met_at": "2026-11-26T09:00:00Z", "evidence": "gone"},
            [("2026-11-25T23:59", "Deadline passed", "bad"), ("2026-11-26T09:00", "Met late", "wait")],
        ),
        # The record said so when it arrived.
        ({"state": "met", "met_at": "2026-11-24T09:30:00Z", "evidence": "enhanced"}, []),
    ],
)
def test_deadlines_that_passed_and_what_was_met(changes, told):
    found = [one for one in titles(case(obligations=[UPDATE | changes])) if one[1] != "What follows"]
    assert found == told


def test_reminders_say_whom_and_how_near_and_repetitions_are_one_entry():
    view = case(
        obligations=[UPDATE | {"state": "breached", "step": 2}],
        reminders=[
            digest("11-23"),
            digest("11-25"),
            digest("11-25", channel="sms"),
            digest("11-26"),
            digest("11-27"),
            digest("11-27", "supervisor", "1890"),
            digest("11-28"),
            digest("12-01", "inspector", None),
        ],
    )
    told = list(reminded(view, DUTY))
    assert [(one.at[5:10], one.title, one.tone, one.lines) for one in told] == [
        ("11-23", "Reminder to officer 2345", "wait", ("Update to the victim, victim V1: due in 2 days.",)),
        ("11-25", "Reminder to officer 2345", "wait", ("Update to the victim, victim V1: due that day.",)),
        ("11-25", "Reminder to officer 2345 by text message", "wait", ("Update to the victim, victim V1: due that day.",)),
        (
            "11-26",
            "Reminder to officer 2345",
            "wait",
            ("Update to the victim, victim V1: 1 day late.", "The same again on 2 more days, until Sat 28 Nov 2026."),
        ),
        ("11-27", "Escalated to supervisor 1890", "bad", ("Update to the victim, victim V1: 2 days late.",)),
        ("12-01", "Escalated to the inspector", "bad", ("Update to the victim, victim V1: 6 days late.",)),
    ]
    assert told[0].seen == "seen-11-23"


def test_a_reminder_does_not_name_what_was_met_before_it_left():
    met = UPDATE | {"state": "met", "met_at": "2026-11-25T06:00:00Z"}
    assert list(reminded(case(obligations=[met], reminders=[digest("11-25")]), DUTY)) == []
    assert len(list(reminded(case(obligations=[met], reminders=[digest("11-24")]), DUTY))) == 1


def test_another_officer_stood_in_or_had_the_case():
    (told,) = reminded(case(obligations=[UPDATE], reminders=[digest("11-25", reader="2346")]), DUTY)
    assert told.lines[0].endswith("They stood in for the officer in the case, or had the case then.")


def test_what_operations_leave_undone_goes_to_the_duty_contact():
    row = UPDATE | {"kind": "quarantined_record", "unit": "operations", "state": "late", "step": 1, "victim_id": None}
    (told,) = reminded(case(obligations=[row], reminders=[digest("11-27", "duty_contact", None)]), DUTY)
    assert told.title == "Escalated to the duty contact"


def test_announcements_of_one_moment_are_one_entry_a_line_each():
    def out(event, at="2026-11-24T10:00:00.2+00:00", **more):
        return {"event": event, "at": at, "victim_id": "V1", "reference": "26000712345"} | more

    view = case(
        announced=[
            out("task_raised", purpose="doubt", unit="officer", kind="task"),
            out("notified", template="acknowledgement", channel="email"),
            out("obligation_met", kind="referral"),
            out("agreement_changed", every_days=10, method="email", proposed=True),
            out("agreement_changed", every_days=10, ended="closed", at="2026-11-24T10:00:01+00:00"),
            out("obligation_breached", kind="update", at="2026-11-24T10:00:01+00:00"),
            out("something_new", at="2026-11-24T10:00:01+00:00"),
            out(
                "task_raised", kind="task", purpose="event_in_person", unit="officer", event_type="charged", at="2026-11-24T10:00:02+00:00"
            ),
            out("obligation_met", kind="event", event_type="arrested", at="2026-11-24T10:00:02+00:00"),
            out("obligation_breached", kind="review_decided", at="2026-11-24T10:00:02+00:00"),
        ]
    )
    assert [(one.title, one.lines) for one in told_of(view).past] == [
        (
            "Told to the records system",
            (
                "Task raised for the officer in the case: find out what is missing.",
                "Acknowledgement by e-mail left.",
                "Met: referral to a victim service.",
                "Update agreement: every 10 days, by e-mail (proposed).",
            ),
        ),
        (
            "Told to the records system",
            ("Update agreement: every 10 days, and ended: the occurrence was closed.", "Breached: update to the victim.", "Something new."),
        ),
        (
            "Told to the records system",
            (
                "Task raised for the officer in the case: tell the victim the news in person (the suspect was charged).",
                "Met: news to the victim: somebody was arrested.",
                "Breached: decision of the review.",
            ),
        ),
    ]


def test_what_is_to_come_are_the_reminder_the_deadline_and_the_next_rank():
    rows = [UPDATE | {"next_at": "2026-11-25T07:00:00Z"}, UPDATE | {"next_at": "2026-11-25T07:00:00Z", "victim_id": "V2"}]
    found = told_of(case(obligations=rows), "2026-11-24T12:00:00Z").ahead
    assert [(one.at, one.title, len(one.lines)) for one in found] == [
        ("2026-11-25T07:00:00Z", "Reminder to officer 2345, unless met before", 2),
        ("2026-11-25T23:59:59Z", "Due: Update to the victim", 0),
        ("2026-11-25T23:59:59Z", "Due: Update to the victim", 0),
        ("2026-11-27T07:00:00Z", "Escalation to the supervisor, unless met before", 2),
    ]


def test_the_reminder_to_come_goes_to_whoever_is_there_that_day():
    view = case(obligations=[UPDATE | {"next_at": "2026-11-25T07:00:00Z"}])
    away = officer("2345", absent_from="2026-11-25", supervisor="1891")
    assert told_of(view, "2026-11-24T12:00:00Z", [away]).ahead[0].title == "Reminder to supervisor 1891, unless met before"


def test_nothing_is_to_come_of_what_is_over():
    over = [UPDATE | {"state": "met", "met_at": "2026-11-25T09:00:00Z"}, UPDATE | {"state": "breached", "reason": "closed"}]
    assert told_of(case(obligations=over), "2026-11-30T12:00:00Z").ahead == ()


def test_rows_of_a_case_in_words():
    messages = [MESSAGE | {"state": "delivered"}]
    words = CaseWords(case(messages=messages), DUTY, "2026-11-30T12:00:00Z")
    late = UPDATE | {"state": "late", "step": 1, "tried_at": "2026-11-27T09:00:00Z"}
    assert words.standing(late) == "late"
    assert words.became(late) == ["Last try Fri 27 Nov 2026 09:00:00, nobody reached.", "Escalated to the supervisor."]
    met = UPDATE | {"state": "met", "met_at": "2026-11-25T09:00:00Z", "evidence": "n1"}
    assert words.became(met) == ["Met Wed 25 Nov 2026 09:00:00, by Acknowledgement to the victim by e-mail, delivered."]
    assert words.method({"method_reason": "not_safe"}) == "Not as preferred: the record does not say that it is safe."
    assert words.method({}) == ""

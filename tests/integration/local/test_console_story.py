"""The story of an occurrence: what each row becomes in words, in which order, and what stands ahead."""

import pytest

from infra.local.case_view import CaseView, VictimView, fired
from infra.local.case_words import message_title, state_means, wanted_line, why_not_yet
from infra.local.duty import entries, force_duty
from infra.local.received import Version
from infra.local.story import story

NOW = "2026-11-24T12:00:00Z"
MESSAGE = {
    "notification_id": "n1",
    "message": "acknowledgement",
    "audience": "victim",
    "channel": "email",
    "state": "held",
    "reason": "hold_window",
    "open_at": "2026-11-25T08:00:00Z",
    "created_at": "2026-11-24T10:00:00Z",
    "victim_id": "V1",
    "seen": [],
}
OWED = {
    "obligation_id": "o1",
    "kind": "referral",
    "state": "open",
    "occurrence_ref": "26000712345",
    "rule_id": "REF-2WD",
    "rule_from": "2021-04-01",
    "started_at": "2026-11-24T09:00:00Z",
    "created_at": "2026-11-24T10:00:00Z",
    "due_at": "2026-11-26T23:59:59Z",
    "victim_id": "V1",
}
RECORD = {
    "occurrence": {"record_type": "crime", "status": "open", "source": "101", "offences": [{"code": "28E"}], "victims": [{"id": "V1"}]}
}


def case(**parts):
    empty = {
        "head": {},
        "victims": [],
        "obligations": [],
        "messages": [],
        "events": [],
        "reminders": [],
        "announced": [],
        "audit": [],
        "versions": (),
        "quarantined": [],
        "marks": [],
        "raw": {},
    }
    return CaseView(reference="26000712345", **(empty | parts))


def victim(rule_id, route, hold=None):
    decision = {"rule_id": rule_id, "route": route, "hold": hold}
    return VictimView("V1", "Alex Morgan", False, {}, decision, fired(rule_id), (), None, [], [])


def audit(op, at, **values):
    return {"op": op, "at": at, "entry_id": "e"} | values


def told_of(view, now=NOW, officers=()):
    return story(view, now, force_duty(), entries(list(officers)))


def past(**parts):
    return told_of(case(**parts)).past


def ahead(**parts):
    return [(event.at, event.title, event.tone) for event in told_of(case(**parts)).ahead]


def test_from_its_arrival_to_what_follows_in_the_order_of_the_way():
    at = "2026-11-24T10:00:00Z"
    told = past(
        versions=(Version(1, at, RECORD, ()),),
        audit=[audit("decided", at, rule="non-specialist@1", victim_id="V1", version=1), audit("recorded", at, version=1)],
        victims=[victim("non-specialist", "victim_services")],
        obligations=[OWED],
        messages=[MESSAGE],
    )
    assert [(event.title, event.victim) for event in told] == [
        ("Version 1 received and recorded", ""),
        ("Decided: victim services: told automatically, referred unless they opted out", "V1"),
        ("What follows", "V1"),
    ]
    assert told[0].lines[0] == "Crime, open: 28E."
    assert told[1].lines[1].startswith("Source: report of 6 July 2022")
    assert told[2].ids == ("obligation o1", "notification n1")


def test_an_older_decision_is_told_by_its_rule_alone():
    rows = [
        audit("decided", "2026-11-24T10:00:00Z", rule="non-specialist@1", victim_id="V1"),
        audit("decided", "2026-11-24T11:00:00Z", rule="domestic-abuse-flag@1", victim_id="V1"),
        audit("decided", "2026-11-24T11:30:00Z", rule="gone@7", victim_id="V1"),
    ]
    told = past(audit=rows, victims=[victim("domestic-abuse-flag", "domestic_abuse", "specialist")])
    assert [event.title.partition(":")[2].strip()[:14] for event in told] == ["victim service", "domestic abuse", ""]
    assert "until a named person releases it" in told[1].lines[-1]
    assert told[2].lines == ("gone Rule gone@7.",)


@pytest.mark.parametrize(
    ("recorded", "archived", "title", "tone"),
    [
        ([2], 2, "Version 2 received and recorded", "good"),
        ([3], 2, "Version 2 received late: a newer one stands, so only its specialist signs count", "wait"),
    ],
)
def test_a_version_is_recorded_or_late(recorded, archived, title, tone):
    rows = [audit("recorded", "2026-11-24T11:00:00Z", version=number) for number in recorded]
    told = past(versions=(Version(archived, "2026-11-24T10:00:00Z", RECORD, ("status: open → closed",)),), audit=rows)
    assert (told[0].title, told[0].tone) == (title, tone)
    assert told[0].lines[-1] == "Changed: status: open → closed."


def test_a_recorded_version_that_the_archive_lacks_is_said():
    (event,) = past(audit=[audit("recorded", NOW, version=1)])
    assert (event.tone, event.lines) == ("bad", ("It is not in the archive.",))


@pytest.mark.parametrize(
    ("state", "tone", "title"),
    [
        ("sent", "good", "Sent: Acknowledgement to the victim by e-mail"),
        ("delivered", "good", "Sent: Acknowledgement to the victim by e-mail"),
        ("bounced", "bad", "Sent: Acknowledgement to the victim by e-mail"),
        ("failed", "bad", "Failed: Acknowledgement to the victim by e-mail"),
        ("settled_by_person", "bad", "Settled by person: Acknowledgement to the victim by e-mail"),
    ],
)
def test_a_message_that_left(state, tone, title):
    sent = {"sent_at": "2026-11-24T11:00:00Z"} if title.startswith("Sent") else {}
    row = MESSAGE | {"state": state, "reason": None, "open_at": None, "attempts": 3, "seen": [("p1", "2026-11-24T11:00:00Z")]} | sent
    told = past(messages=[row])
    assert (told[-1].title, told[-1].tone, told[-1].seen) == (title, tone, "p1")
    assert "3 attempts." in told[-1].lines
    assert ahead(messages=[row]) == []


def test_quarantine_release_and_other_audit_are_told():
    told = past(
        quarantined=[{"received_at": "2026-11-24T09:00:00Z", "quarantine_id": "q", "faults": [["occurrence.status", "must be one of"]]}],
        head={"releases": [{"victim_id": "V1", "by": "7001", "at": "2026-11-24T10:00:00Z", "reason": "Flag set in error."}]},
        audit=[
            audit("released", "2026-11-24T10:00:00Z", victim_id="V1", actor="7001"),
            audit("suspension_lifted", "2026-11-24T11:00:00Z", actor="7001"),
        ],
    )
    assert [event.title for event in told] == [
        "A record could not be read and went to quarantine; what was pending is held",
        "The specialist hold was released by 7001",
        "Suspension lifted",
    ]
    assert told[0].lines == ("occurrence.status: must be one of",)
    assert told[1].lines == ("Reason: Flag set in error.",)


def test_ahead_soonest_first_then_what_has_no_time_then_what_is_late():
    late = OWED | {"due_at": "2026-11-23T23:59:59Z", "kind": "task", "purpose": "doubt", "state": "late", "step": 2}
    waiting = MESSAGE | {"message": "referral", "audience": "service", "reason": "waits_for_notice", "open_at": None}
    assert ahead(messages=[waiting, MESSAGE], obligations=[late, OWED | {"automatic": True}, OWED | {"state": "met"}]) == [
        ("2026-11-25T08:00:00Z", "Acknowledgement to the victim by e-mail: may leave then", "wait"),
        ("2026-11-26T23:59:59Z", "Due: Referral to a victim service", "wait"),
        ("2026-11-28T07:00:00Z", "Escalation to the supervisor, unless met before", "bad"),
        ("~", "Referral to the victim service by e-mail: waits", "wait"),
        ("2026-11-23T23:59:59Z", "Late: A task for a person: find out what is missing", "bad"),
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Held in its hold window or before daytime: it leaves then, if the rules still allow it, until Wed 25 Nov 2026 08:00:00."),
        ({"reason": "suspended", "open_at": None}, "Held because a later record of this occurrence is in quarantine."),
        ({"state": "pending", "reason": "transient"}, "Because the provider was busy; it is tried again with growing pauses."),
        ({"state": "cancelled", "reason": "domestic-abuse-flag"}, "Because the record carries the domestic abuse flag."),
        ({"state": "bounced", "reason": "General"}, "The reason given: General."),
        ({"reason": None}, ""),
    ],
)
def test_why_a_message_waits(changes, words):
    assert why_not_yet(MESSAGE | changes) == words


def test_titles_name_who_a_task_is_for():
    assert message_title({"message": "task", "audience": "unit", "unit": "family_liaison", "channel": "email"}) == (
        "Task to the family liaison by e-mail"
    )
    assert (
        message_title({"message": "task", "audience": "operations", "unit": "operations", "channel": "email"})
        == "Task to operations by e-mail"
    )
    officers = {"message": "digest", "audience": "officer", "unit": "officer", "reader": "2345", "channel": "sms"}
    assert message_title(officers) == "Reminder to officer 2345 by text message"
    assert message_title(officers | {"reader": None}) == "Reminder to the officers’ role address by text message"
    assert message_title(officers | {"unit": "inspector", "reader": None}) == "Reminder to the inspector by text message"


def test_a_letter_gets_no_receipt():
    assert state_means({"channel": "letter", "state": "sent"}) == "it lies ready to be printed and posted"
    assert (
        state_means({"channel": "letter", "state": "delivered"}) == "it has had its time in the post, and the post has not brought it back"
    )
    assert state_means({"channel": "letter", "state": "failed"}) == "the provider refused it for good, or there is no address"
    assert wanted_line(MESSAGE | {"state": "delivered"}) == "Wanted: Acknowledgement to the victim by e-mail."

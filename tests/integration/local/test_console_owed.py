"""What is owed, as the page of it shows it: where each thing stands at a moment, in which group, who is reminded, and in which words."""

import json
from datetime import UTC, datetime

import pytest

from infra.local.duty import force_duty
from infra.local.event_words import basis, event_lines, event_title, reached, terms
from infra.local.owed_view import MOST_LISTED, owed_now
from infra.local.owed_words import done_about, how_late, owed_line, owed_title, standing

NOW = "2026-11-24T12:00:00Z"
DUTY = force_duty()
OWED = {
    "occurrence_ref": "26000712345",
    "obligation_id": "o1",
    "kind": "referral",
    "state": "open",
    "rule_id": "REF-2WD",
    "rule_from": "2021-04-01",
    "started_at": "2026-11-24T09:00:00Z",
    "created_at": "2026-11-24T10:00:00Z",
    "due_at": "2026-11-26T23:59:59Z",
    "victim_id": "V1",
    "officer": "2345",
    "supervisor": "1890",
}


def item(values):
    def typed(value):
        if isinstance(value, list):
            return {"L": [typed(part) for part in value]}
        return {"BOOL": value} if isinstance(value, bool) else {"N": str(value)} if isinstance(value, int) else {"S": value}

    return {name: typed(value) for name, value in values.items()}


def officer(collar_number, **more):
    body = {"collar_number": collar_number, "version": 1, "active": True} | more
    return item({"collar_number": collar_number, "body": json.dumps(body)})


def page(*rows, officers=(), events=(), notifications=(), **asked):
    tables = {"obligations": rows, "officers": officers, "events": events, "notifications": notifications}
    return owed_now(datetime(2026, 11, 24, 12, tzinfo=UTC), DUTY, read=lambda table: [*tables[table]], **asked)


def groups(*rows, **asked):
    return {group.key: [line.standing for line in group.lines] for group in page(*rows, **asked).groups if group.lines}


@pytest.mark.parametrize(
    ("row", "stands"),
    [
        (("open", "2026-11-24T12:00:00Z", None, None), "open"),
        (("open", "2026-11-24T11:59:59Z", None, None), "late"),
        (("late", "2026-11-24T11:59:59Z", None, None), "late"),
        (("breached", "2026-11-01T23:59:59Z", None, None), "breached"),
        (("breached", "2026-11-01T23:59:59Z", None, "closed"), "never met"),
        (("met", "2026-11-01T23:59:59Z", "2026-11-01T23:59:59Z", None), "met"),
        (("met", "2026-11-01T23:59:59Z", "2026-11-01T23:59:59.001000Z", None), "met late"),
        (("met", "2026-11-01T23:59:59Z", None, None), "met"),
        (("waived", "2026-11-01T23:59:59Z", None, "opted_out"), "waived"),
    ],
)
def test_how_a_row_stands_at_a_moment(row, stands):
    assert standing(*row, NOW) == stands


@pytest.mark.parametrize(
    ("changes", "group"),
    [
        ({"due_at": "2026-11-24T11:59:59Z"}, {"late": ["late"]}),
        ({"due_at": "2026-11-20T23:59:59Z", "state": "breached"}, {"late": ["breached"]}),
        ({"due_at": "2026-11-20T23:59:59Z", "state": "breached", "reason": "closed"}, {}),
        ({"due_at": "2026-11-24T23:59:59Z"}, {"today": ["open"]}),
        ({"due_at": "2026-11-25T00:00:00Z"}, {"soon": ["open"]}),
        ({"due_at": "2026-11-26T23:59:59Z"}, {"soon": ["open"]}),
        ({"due_at": "2026-11-27T00:00:00Z"}, {}),
        ({"state": "met", "met_at": "2026-11-17T12:00:00Z"}, {"met": ["met"]}),
        ({"state": "met", "met_at": "2026-11-17T11:59:59Z"}, {}),
        ({"state": "waived", "due_at": "2026-11-20T23:59:59Z"}, {}),
    ],
)
def test_what_stands_in_which_group(changes, group):
    assert groups(item(OWED | changes)) == group


def test_what_is_due_later_is_counted_with_the_first_day():
    found = page(*[item(OWED | {"due_at": f"2026-12-0{n}T23:59:59Z", "kind": "update"}) for n in (3, 2)])
    assert [(row.kind, row.total, row.first_due) for row in found.later] == [("update", 2, "2026-12-02T23:59:59Z")]


def test_the_longest_overdue_comes_first_and_of_what_was_met_the_newest():
    late = [item(OWED | {"due_at": f"2026-11-{day}T23:59:59Z", "obligation_id": str(day)}) for day in (23, 21, 22)]
    met = [item(OWED | {"state": "met", "met_at": f"2026-11-{day}T10:00:00Z"}) for day in (21, 23)]
    first, *_, last = page(*late, *met).groups
    assert [line.due[:10] for line in first.lines] == ["2026-11-21", "2026-11-22", "2026-11-23"]
    assert [line.met_at[:10] for line in last.lines] == ["2026-11-23", "2026-11-21"]


def test_a_long_group_says_how_long_it_is():
    rows = [item(OWED | {"due_at": "2026-11-23T23:59:59Z", "obligation_id": str(n)}) for n in range(MOST_LISTED + 5)]
    first = page(*rows).groups[0]
    assert (first.total, len(first.lines)) == (MOST_LISTED + 5, MOST_LISTED)


def test_it_is_narrowed_by_officer_and_kind_and_the_counts_by_officer():
    rows = [item(OWED), item(OWED | {"officer": "2346"}), item(OWED | {"kind": "update"}), item(OWED | {"kind": "task", "officer": "2346"})]
    found = page(*rows, officer="2345", kind="update")
    assert found.total == 1
    assert {row.kind: row.counts["open"] for row in found.counts} == {"referral": 1, "update": 1}
    assert page(*rows, officer="9999").counts == ()


@pytest.mark.parametrize(
    ("changes", "officers", "reminded", "because"),
    [
        ({}, [], "officer 2345", ""),
        ({"unit": "victim_care_unit"}, [], "the Victim Care Unit", ""),
        ({}, [officer("2345", absent_from="2026-11-24", cover="2346"), officer("2346")], "officer 2346", "You are their cover."),
        ({}, [officer("2345", active=False)], "supervisor 1890", "The officer in the case has left."),
        ({"officer": None}, [], "the officers’ role address", "No officer is named in this case."),
    ],
)
def test_who_is_reminded_today(changes, officers, reminded, because):
    row = {name: value for name, value in (OWED | changes).items() if value is not None}
    (line,) = (line for group in page(item(row), officers=officers).groups for line in group.lines)
    assert line.reminded == reminded
    assert line.because.endswith(because)


def test_what_was_done_about_it_is_told():
    row = OWED | {"due_at": "2026-11-16T23:59:59Z", "started_at": "2026-11-12T09:00:00Z", "state": "breached", "step": 2}
    row |= {"tried_at": "2026-11-23T15:00:00Z", "picked_up_at": "2026-11-20T09:00:00Z"}
    (line,) = page(item(row)).groups[0].lines
    assert line.done == (
        "Last try Mon 23 Nov 2026 15:00:00, nobody reached.",
        "Picked up Fri 20 Nov 2026 09:00:00.",
        "Escalated to the supervisor and then the inspector.",
    )
    assert line.late == "8 days late"
    assert done_about(OWED | {"tried_at": "2026-11-20T15:00:00Z"}, []) == [], "a try before it was owed"


def test_what_met_it_is_a_message_or_an_event_of_the_same_occurrence():
    def met(evidence, reference="26000712345"):
        return item(OWED | {"occurrence_ref": reference, "state": "met", "met_at": "2026-11-24T10:00:00Z", "evidence": evidence})

    rows = [met("C-1"), met("C-1", "26000712346"), met("n1"), met("enhanced"), met("gone")]
    events = [item({"occurrence_ref": r, "event_id": "C-1", "kind": "contact_recorded", "body": json.dumps({"result": result})})
              for r, result in (("26000712345", "spoken"), ("26000712346", "given_by_hand"))]  # fmt: skip
    sent = {"occurrence_ref": "26000712345", "notification_id": "n1", "message": "referral", "audience": "service", "channel": "email"}
    lines = page(*rows, events=events, notifications=[item(sent)]).groups[-1].lines
    assert {(line.reference[-1], line.met_by) for line in lines} == {
        ("5", "contact: spoke to the victim"),
        ("6", "contact: gave something by hand"),
        ("5", "Referral to the victim service by e-mail"),
        ("5", "the assessment on the record"),
        ("5", "something that is not stored any more"),
    }


@pytest.mark.parametrize(
    ("due_at", "words"),
    [
        ("2026-11-24T12:00:00Z", ""),
        ("2026-11-24T09:00:00Z", "late"),
        ("2026-11-23T23:59:59Z", "1 day late"),
        ("2026-11-21T23:59:59Z", "3 days late"),
    ],
)
def test_how_late_in_words(due_at, words):
    assert how_late(due_at, NOW) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": "met", "evidence": "n1", "met_at": "2026-11-24T11:00:00Z"}, "Met Tue 24 Nov 2026 11:00:00, by the message."),
        ({"state": "met", "evidence": "n1", "met_at": "2026-11-27T11:00:00Z"}, "Met late Fri 27 Nov 2026 11:00:00, by the message."),
        ({"state": "met", "evidence": "written_acknowledgement"}, "Met, by the officer’s own paper, as the record says."),
        ({"state": "waived", "reason": "another_question"}, "Waived: not owed any more. Because another task took its place."),
        ({"state": "breached", "reason": "closed"}, "Ended unmet after its deadline. Because the occurrence was closed."),
        ({"missing": ["flags.domestic_abuse"], "unit": "officer"}, "For the officer in the case. Missing: flags.domestic_abuse."),
        ({"destinations": ["IDVA", "SV2"]}, "Goes to IDVA, SV2."),
        ({}, "(REF-2WD: Victims' Code, Right 4: referred within two working days of the report)."),
    ],
)
def test_what_is_owed_in_one_line(changes, words):
    line = owed_line(OWED | changes, {"n1": "the message"}, NOW)
    assert line.startswith("Owed by the end of Thu 26 Nov 2026: Referral to a victim service (REF-2WD: Victims' Code, Right 4")
    assert line.endswith(words)


def test_titles_say_what_is_owed():
    assert owed_title({"kind": "task", "purpose": "doubt"}) == "A task for a person: find out what is missing"
    assert owed_title({"kind": "update", "proposed": True}) == "Update to the victim (proposed, not yet agreed)"
    assert owed_title({"kind": "event", "event": "arrested"}) == "News to the victim: somebody was arrested"
    task = {"kind": "task", "purpose": "event_in_person", "event": "charged"}
    assert owed_title(task) == "A task for a person: tell the victim the news in person (the suspect was charged)"


def event(kind, received_at="2026-11-24T10:00:30Z", had_at=None, **body):
    body |= {"received_at": had_at} if had_at else {}
    told = {"reference": "26000712345", "event_id": "E-1", "victim_id": "V1", "at": "2026-11-24T10:00:00Z"} | body
    return {"kind": kind, "event_id": "E-1", "received_at": received_at, "body": json.dumps(told)}


CONTACT = {"result": "spoken", "by": "2345", "method": "phone", "covers": ["update", "referral"], "next_update_on": "2026-12-08"}


@pytest.mark.parametrize(
    ("row", "title", "lines"),
    [
        (
            event("contact_recorded", **CONTACT),
            "contact by telephone: spoke to the victim, by 2345",
            ["Covers an update and the referral.", "The next update was agreed for Tue 08 Dec 2026."],
        ),
        (
            event("contact_recorded", result="no_answer", covers=["update"]),
            "contact: no answer",
            ["A try, about an update: it silences that day’s reminder and stops nothing."],
        ),
        (
            event("agreement_changed", received_at="2026-11-25T09:00:00Z", by="victim", every_days=14, method="sms"),
            "update agreement changed, by the victim",
            ["From now on every 14 days, by text message.", "We heard of it Wed 25 Nov 2026 09:00:00."],
        ),
        (event("task_done", task="t1", step="picked_up", by="7001"), "task picked up, by 7001", ["The task."]),
        (event("task_done", task="t9", step="done"), "task done", ["A task that is not known."]),
        (
            event("letter_returned"),
            "letter brought back by the post",
            ["Every letter to this victim that left before counts as not delivered."],
        ),
        (event("investigation_event", type="arrested"), "somebody was arrested", []),
        (event("investigation_event", type="arrested", victim_ids=[]), "somebody was arrested, for nobody", []),
        (
            event(
                "investigation_event", type="hearing_listed", victim_ids=["V2", "V1"], had_at="2026-11-24T12:00:00Z",
                hearing={"at": "2027-01-14T10:00:00Z", "court": "Derby Magistrates’ Court"},
            ),
            "a court hearing was listed, for V1, V2",
            [
                "The hearing is on Thu 14 Jan 2027 10:00:00.", "At Derby Magistrates’ Court.", "The force had it Tue 24 Nov 2026 12:00:00.",
            ],
        ),
        (
            event("investigation_event", type="not_prosecuted", decided_by="cps", reason="Not enough evidence.", corrects="E-0"),
            "the suspect will not be prosecuted",
            [
                "Decided by the Crown Prosecution Service.", "Reason: Not enough evidence.",
                "Event E-0 was wrong. This stands in its place.",
            ],
        ),
        (
            event("investigation_event", type="charged", corrects="E-0", withdrawn=True),
            "taken back: the suspect was charged",
            ["Event E-0 was wrong. Nothing stands in its place."],
        ),
        (event("review", step="requested"), "the victim asked for a review of the decision", []),
        (
            event("review", received_at="2026-11-25T09:00:00Z", step="decided"),
            "the review was decided",
            ["We heard of it Wed 25 Nov 2026 09:00:00."],
        ),
        (
            event("update_written", channel="email", start="own_words", words="We have asked.", by="2345", next_update_on="2026-12-08"),
            "update by e-mail written, by 2345",
            [
                "Says: Only what I write myself.", "In the officer’s own words: We have asked.",
                "It promises the next by Tue 08 Dec 2026.",
            ],
        ),
        (
            event("update_written", channel="sms", start="still_looking", by="witness_care"),
            "update by text message written, by witness_care",
            ["Says: We are still looking into it, and there is no news."],
        ),
        (event("message_received", collar_number="Kim"), "a message through the contact page", []),
        (
            event("message_received", many=True, danger=True),
            "several messages through the contact page",
            ["Its words speak of immediate danger."],
        ),
        (event("message_allocated", to="4711", by="1890"), "message given to officer 4711, by 1890", []),
        (event("case_handed_over", to="4711", by="1890"), "case handed over to officer 4711, by 1890", []),
        (event("something_new"), "something new", []),
    ],
)  # fmt: skip
def test_events_in_words(row, title, lines):
    assert event_title(row) == title
    assert event_lines(row, {"t1": "The task."}) == lines


@pytest.mark.parametrize(
    ("row", "reaches"),
    [
        (event("contact_recorded", result="sent"), True),
        (event("contact_recorded", result="message_left"), False),
        (event("letter_returned"), True),
    ],
)
def test_only_some_contacts_reach_the_victim(row, reaches):
    assert reached(row) is reaches


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"declined": True, "every_days": None}, "no updates wanted"),
        ({"every_days": None}, "key events only"),
        (
            {"every_days": 10, "method": "email", "next_update_on": "2026-12-02"},
            "every 10 days, by e-mail, the next by the end of Wed 02 Dec 2026",
        ),
    ],
)
def test_terms_in_words(row, words):
    assert terms(row) == words


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"proposed": True, "by": None}, "proposed by the force’s default, not yet agreed"),
        ({"proposed": False, "by": "victim"}, "agreed by the victim"),
        ({"proposed": False, "agreed_by": "officer"}, "agreed by the officer"),
        ({"proposed": False, "by": "2345"}, "agreed by 2345"),
    ],
)
def test_whose_terms_they_are(row, words):
    assert basis(row) == words

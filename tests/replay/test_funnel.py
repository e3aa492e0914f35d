"""The funnel counted from rows as the tables hold them, its differences from an expectation, and its picture.

Must not need an instance.
"""

import json
from xml.etree import ElementTree

from infra.replay.funnel import Stored, differences, funnel, references, tidy
from infra.replay.picture import svg
from infra.replay.report import printed

ONE, TWO = "26900000001", "26900000002"


def head(reference, version=1):
    return {"occurrence_ref": reference, "part": "head", "version": version, "body": "{}"}


def victim(reference, route, rule, hold=None, opt_out=False, **more):
    part = {"decision": {"route": route, "rule_id": rule, "hold": hold}, "victim": {"referral_opt_out": opt_out}}
    return {"occurrence_ref": reference, "part": "victim#V1", "body": json.dumps(part), **more}


def outbox(reference, audience, channel, message, state, **more):
    return {"occurrence_ref": reference, "audience": audience, "channel": channel, "message": message, "state": state, **more}


def counted(**rows):
    nothing = {"occurrences": [], "notifications": [], "obligations": [], "audit": [], "accepted": []}
    return funnel(Stored(**{"received": 0, "officers": 0, "quarantined": 0, "events": 0, **nothing, **rows}))


def test_what_was_handled_and_is_neither_recorded_nor_quarantined_is_stale():
    audit = [{"occurrence_ref": ONE, "op": "recorded"}, {"occurrence_ref": ONE, "op": "disclosed"}]
    found = counted(received=7, officers=2, quarantined=1, audit=audit)
    assert found["records"] == {"in": 7, "recorded": 3, "stale": 3, "quarantined": 1}


def test_victims_count_by_route_and_rule_and_an_occurrence_without_any_once():
    rows = [
        head(ONE),
        victim(ONE, "victim_services", "non-specialist", opt_out=None),
        victim(ONE, "held", "child", hold="doubt"),
        victim(ONE, "domestic_abuse", "domestic-abuse-flag", hold="specialist"),
        victim(ONE, "held", "child", hold="doubt", removed=True),
        head(TWO),
        head("26900000003", version=0),
    ]
    found = counted(occurrences=rows)
    assert (found["occurrences"], found["victims"]) == (2, 3)
    assert found["routes"] == {
        "domestic_abuse": {"domestic-abuse-flag": 1},
        "held": {"child": 1},
        "no_route": {"no-victim": 1},
        "victim_services": {"non-specialist": 1},
    }
    assert found["held"] == {"doubt": {"child": 1}, "specialist": {"domestic-abuse-flag": 1}}
    assert found["referrals"] == {"not_asked": 1}


def test_messages_by_audience_channel_template_and_state():
    rows = [
        outbox(ONE, "victim", "email", "acknowledgement", "delivered"),
        outbox(ONE, "service", "email", "referral", "delivered"),
        outbox(TWO, "service", "email", "referral", "bounced"),
        outbox(TWO, "victim", "email", "acknowledgement", "held", reason="quarantined_version"),
        outbox(TWO, "operations", "email", "completion", "held", reason="version_in_progress"),
    ]
    found = counted(notifications=rows, accepted=rows[:2])
    assert found["messages"] == {
        "service": {"email": {"referral": {"bounced": 1, "delivered": 1}}},
        "victim": {"email": {"acknowledgement": {"delivered": 1, "held": 1}}},
    }
    assert found["held"] == {"messages": {"quarantined_version": 1}}
    assert found["referrals"] == {"referred": 1}
    assert found["accepted"] == {"service": {"email": {"referral": 1}}, "victim": {"email": {"acknowledgement": 1}}}


def test_tasks_are_what_a_unit_owes():
    rows = [
        {"occurrence_ref": ONE, "kind": "task", "unit": "officer", "purpose": "doubt", "state": "open"},
        {"occurrence_ref": ONE, "kind": "update", "unit": "witness_care", "state": "open"},
        {"occurrence_ref": ONE, "kind": "written_acknowledgement", "state": "open"},
    ]
    assert counted(obligations=rows)["tasks"] == {"officer": {"doubt": {"open": 1}}}


def test_figures_tell_apart_what_was_met_by_its_deadline():
    due = {"due_at": "2026-11-24T23:59:59Z", "kind": "update", "route": "held", "occurrence_ref": ONE}
    rows = [
        {**due, "state": "met", "met_at": "2026-11-24T23:59:59Z", "proposed": True},
        {**due, "state": "met", "met_at": "2026-11-25T00:00:00Z", "proposed": True, "district": "Derby"},
        {**due, "state": "late", "proposed": False},
        {**due, "state": "waived", "kind": "task", "route": None},
    ]
    assert counted(obligations=rows)["obligations"] == {
        "task": {"-": {"-": {"-": {"waived": 1}}}},
        "update": {"held": {"-": {"agreed": {"late": 1}, "proposed": {"met_in_time": 1}}, "Derby": {"proposed": {"met_late": 1}}}},
    }


def test_references_are_found_in_malformed_bodies_too_and_in_both_spellings():
    bodies = [
        '{"occurrence": {"reference": "26*712345"',
        json.dumps({"occurrence": {"reference": ONE}}),
        '{"reference": "none"}',
        "not JSON",
    ]
    assert references(bodies) == {"26000712345", ONE}


def test_groups_without_a_count_are_left_out_and_the_counts_of_records_stand():
    document = {"victims": 0, "records": {"stale": 0, "in": 1}, "held": {"doubt": {"child": 0}}, "routes": {}}
    assert tidy(document) == {"records": {"in": 1, "stale": 0}, "victims": 0}


def test_every_difference_is_named_by_its_path():
    expected = {"records": {"in": 3, "stale": 0}, "routes": {"held": {"child": 2}}}
    found = {"records": {"in": 3, "stale": 1}, "tasks": {"officer": {"doubt": {"open": 1}}}}
    assert differences(expected, found) == [
        "records/stale: expected 0, found 1",
        "routes/held/child: expected 2, found 0",
        "tasks/officer/doubt/open: expected 0, found 1",
    ]
    assert differences(found, found) == []


def example():
    rows = [outbox(ONE, "victim", "email", "acknowledgement", "delivered"), outbox(ONE, "service", "email", "referral", "delivered")]
    return counted(
        received=3,
        quarantined=1,
        occurrences=[head(ONE), victim(ONE, "victim_services", "non-specialist")],
        notifications=rows,
        accepted=rows,
        obligations=[{"occurrence_ref": ONE, "kind": "task", "unit": "officer", "purpose": "full_words", "state": "open"}],
        audit=[{"occurrence_ref": ONE, "op": "recorded"}],
    )


def test_the_picture_is_sound_says_all_counts_in_words_and_escapes():
    text = svg(example(), "Replay of <2022-01> & more", "20.0 records a second; 0 leaks")
    root = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == "Replay of <2022-01> & more"
    described = root.find(f"{space}desc").text
    assert described.startswith("20.0 records a second; 0 leaks. Each group has its own scale. Records: in 3")
    assert any(node.text.endswith("Each group has its own scale.") for node in root.iter(f"{space}text"))
    for said in (
        "in 3",
        "victim services: non specialist 1",
        "service: referral, e-mail, delivered 1",
        "officer: full words 1",
        "referred 1",
    ):
        assert said in described
        label = said.rpartition(" ")[0]
        assert any(node.text == label for node in root.iter(f"{space}text"))


RUN = {
    "months": ["2022-01"],
    "days": 31,
    "complete": True,
    "leaks": 0,
    "fed": 3,
    "records_a_second": 20.0,
    "feeding_seconds": 60.0,
    "sending_seconds": 30.0,
    "costs": {"cpu_ms": {"ingest": 1500.0}, "calls": {"ingest": {"dynamodb.Query": 4}}, "memory_mb": {"ingest": 90}},
}


def report(**changes):
    document = {"run": RUN, "funnel": example(), "differences": []} | changes
    return "\n".join(printed(document, 118))


def test_the_printed_report_names_every_count():
    text = report()
    assert "victim_services · non-specialist" in text
    assert "0.0 referrals a day over 31 days; the force's own figure of early 2022 is 118" in text
    assert "ingest: 500.0 ms of CPU a record, 2 s in all; 4 AWS calls" in text
    assert "ingest: at most 90 MB" in text
    assert "Leak check: 0 leaks" in text
    assert "Independent expectation: equal to the last unit" in text


def test_a_part_of_a_month_has_no_figure_for_a_day_and_a_difference_is_shown():
    text = report(run=RUN | {"complete": False}, differences=["victims: expected 2, found 1"])
    assert "referrals a day" not in text
    assert "Independent expectation: 1 counts differ" in text
    assert "  victims: expected 2, found 1" in text

"""Key events in the funnel: counted from rows by type and outcome, as text and in the picture.

Must not need an instance.
"""

import json
from xml.etree import ElementTree

import pytest

from infra.replay.event_funnel import News, counted, named_by_source, share
from infra.replay.funnel import Stored, funnel
from infra.replay.picture import svg
from infra.replay.report import printed

ONE, TWO = "26900000001", "26900000002"
TYPES = {(ONE, "K-1"): "charged", (ONE, "K-2"): "arrested", (TWO, "K-1"): "charged"}
NEWS = [
    News((ONE, "K-1"), "met_in_time", by_message=True),
    News((ONE, "K-1"), "met_late", by_message=False),
    News((ONE, "K-2"), "waived", by_message=False),
    News((ONE, "K-2"), "breached", by_message=False),
    News((ONE, "K-2"), "open", by_message=False),
]
EVENTS = {
    "charged": {"in": 2, "waiting": 1, "told": {"message": {"in_time": 1}, "person": {"late": 1}}},
    "arrested": {"in": 1, "waived": 1, "unmet": {"breached": 1, "open": 1}},
}


def test_events_count_once_and_news_for_every_victim():
    found = counted(TYPES, [ONE], NEWS, {(TWO, "K-1"): "Suspect charged"})
    assert found == {"events": EVENTS, "outcomes": {"Suspect charged": {"in": 1, "waiting": 1}}}


@pytest.mark.parametrize(
    ("group", "in_time"),
    [
        (EVENTS["charged"], 0.5),
        (EVENTS["arrested"], 0.0),
        ({"in": 3, "waiting": 3}, None),
        ({"in": 1, "unmet": {"open": 4}}, None),
        ({"in": 1, "told": {"person": {"in_time": 3}}, "unmet": {"late": 1}}, 0.75),
    ],
)
def test_what_is_told_in_time_is_a_part_of_what_fell_due(group, in_time):
    assert share(group).in_time == in_time


def test_lines_say_what_the_source_calls_an_event_in_every_way_of_writing():
    told = {"event": {"reference": "26*000001", "event_id": "K-1"}}
    lines = [
        {"body": json.dumps(told), "outcome": "Suspect charged"},
        {"body": json.dumps({"detail": {"event": {"reference": TWO, "event_id": "K-2"}}}), "outcome": "Local resolution"},
        {"body": "not looked at"},
    ]
    assert named_by_source(lines) == {("26000000001", "K-1"): "Suspect charged", (TWO, "K-2"): "Local resolution"}


def test_rows_of_the_tables_are_read():
    nothing = {"received": 0, "officers": 0, "quarantined": 0, "events": 0, "audit": [], "accepted": []}
    told = [{"occurrence_ref": ref, "event_id": key, "body": json.dumps({"type": kind})} for (ref, key), kind in TYPES.items()]
    owed = {"occurrence_ref": ONE, "kind": "event", "begun_by": "K-1", "due_at": "2026-12-01T23:59:59Z", "route": "victim_services"}
    obligations = [
        owed | {"state": "met", "met_at": "2026-11-25T08:00:00Z", "evidence": "n-1"},
        owed | {"state": "met", "met_at": "2026-12-02T08:00:00Z", "evidence": "C-1"},
    ]
    message = {"occurrence_ref": ONE, "audience": "victim", "channel": "email", "message": "event", "state": "delivered"}
    head = {"occurrence_ref": ONE, "part": "head", "version": 1, "body": "{}"}
    rows = {"occurrences": [head], "notifications": [message | {"notification_id": "n-1"}], "obligations": obligations}
    found = funnel(Stored(**nothing, **rows, told=told, outcomes={(ONE, "K-1"): "Suspect charged"}))
    assert found["events"]["charged"] == {
        "in": 2, "waiting": 1, "told": {"message": {"in_time": 1}, "person": {"late": 1}},
    }  # fmt: skip
    assert found["outcomes"] == {"Suspect charged": {"in": 1, "told": {"message": {"in_time": 1}, "person": {"late": 1}}}}


def test_the_text_and_the_picture_show_them():
    document = {
        "run": {"complete": False, "records_a_second": 1.0, "feeding_seconds": 1, "sending_seconds": 1, "fed": 1, "leaks": 0},
        "funnel": {
            "records": dict.fromkeys(("in", "recorded", "stale", "quarantined"), 1),
            "occurrences": 1,
            "victims": 1,
            "events": EVENTS,
        },
        "differences": [],
    }
    text = "\n".join(printed(document, 118))
    assert [line.split() for line in text.splitlines() if line.startswith("  charged")] == [
        ["charged", "2", "1", "1", "1", "0", "0", "50.0%"]
    ]
    drawn = svg(document["funnel"], "title", "verdict")
    labels = {element.text for element in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")}
    assert labels >= {"charged (1 waiting)", "arrested", "told by message, in time", "told by person, late", "unmet, breached"}

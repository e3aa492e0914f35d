"""Marked people in events, reminders, hand-overs and news: nobody is named in a log, a metric, a queue, a link, or on the way out.

Must not test what a message says. NOW is Friday 20 November 2026.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.entrypoints import ops
from tests.builders import (
    NOW,
    body,
    change_message,
    contact_message,
    done_message,
    event_message,
    hearing_message,
    letter_message,
    officer_named,
    officer_record,
    release_message,
    review_message,
    supervisor_named,
)
from tests.captured import captured
from tests.integration.marked_people import EMAIL, all_text, assert_nobody_is_named, marked_text, marked_victim, marks_in, reached_by
from tests.integration.stack_fixture import LocalStack

REFERENCE = "26000712345"
MORNINGS = [datetime(2026, month, day, 7, 0, 5, tzinfo=UTC) for month, day in ((11, 28), (11, 30), (12, 2), (12, 4))]
SPOKEN = NOW + timedelta(minutes=30)
INSIDE = {"officer": officer_named("2345"), "supervisor": supervisor_named("1890")}
"""Officers of this story have plain names, so that whatever is marked in their mail is the victim's."""
AS_TOLD: dict[str, Any] = {"victim_id": "Zqzqvictim", "message_id": "Zqzqmessage", "now": SPOKEN}
EVENTS: dict[str, dict[str, Any]] = {
    "contact": contact_message(**AS_TOLD, by="Zqzqofficer", method="in the Zqzqcar", next_update_on="2026-11-30"),
    "a try": contact_message(**AS_TOLD, event_id="C-2", result="no_answer", covers_event_ids=["Zqzqevent"], next_update_on=None),
    "new terms": change_message(**AS_TOLD, next_update_on="2026-11-30"),
    "released": release_message(**AS_TOLD, by="Zqzqsergeant", reason="Zqzqgiven Zqzqfamily said so."),
    "letter": letter_message(**AS_TOLD),
    "hearing": hearing_message(
        now=SPOKEN, message_id="Zqzqmessage", reason="Zqzqreason", hearing={"at": "2027-01-04T10:00:00+00:00", "court": "Zqzqcourt"}
    ),
    "arrest": event_message(
        now=SPOKEN, message_id="Zqzqmessage", event_id="E-4", reason="Zqzqgiven Zqzqfamily said so.", victim_ids=["Zqzqvictim"]
    ),
    "correction": event_message(
        "released_on_bail", now=SPOKEN, message_id="Zqzqmessage", event_id="E-2", corrects="E-4", reason="Zqzqreason"
    ),
    "withdrawal": event_message(now=SPOKEN, message_id="Zqzqmessage", event_id="E-3", corrects="Zqzqother", withdrawn=True),
    "review": review_message(**AS_TOLD),
}  # fmt: skip
SHOWN = ("a try", "new terms", "hearing", "arrest", "correction", "withdrawal", "review", "released")
BAD = {
    "a step that is none": review_message("Zqzqstep", **AS_TOLD, event_id="R-9"),
    "a type that is none": event_message("Zqzqtype", now=SPOKEN, event_id="E-9"),
    "other content": contact_message(**AS_TOLD, by="Zqzqother", result="sent"),
    "an unknown result": contact_message(**AS_TOLD, event_id="C-9", result="Zqzqresult"),
    "a day that is none": change_message(**AS_TOLD, event_id="A-9", next_update_on="Zqzqday"),
    "no reason": release_message(**AS_TOLD, event_id="H-9", reason={"Zqzqgiven": 1}),
}
Out = Callable[[], list[dict[str, Any]]]


def told(local: LocalStack, **facts: Any) -> None:
    assert local.ingest(marked_text(**INSIDE | facts)) == []
    _at(local, NOW + timedelta(minutes=35))


def _at(local: LocalStack, moment: datetime) -> None:
    local.set_time(moment)
    local.sweep()
    local.settle()


def inside(local: LocalStack) -> list[str]:
    """Everything that a reader inside the force was sent, or the service outside of the page."""
    mails = [message for message in local.accepted if message.to != EMAIL]
    return [all_text([message.subject, message.text, message.html, message.headers]) for message in mails]


def assert_news_names_nobody(out: Out) -> None:
    """The victim's id is the records system's own."""
    assert marks_in(json.dumps(out()).replace("Zqzqvictim", "")) == []


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_names_nobody(local: LocalStack, out: Out, name: str) -> None:
    with captured() as output:
        told(local, victims=[reached_by("letter")] if name == "letter" else [marked_victim()])
        assert local.ingest(body(EVENTS[name]), body(EVENTS[name])) == []
        for moment in MORNINGS:
            _at(local, moment)
    assert_nobody_is_named(local, output)
    assert_news_names_nobody(out)
    assert "recorded" in {line.get("outcome") for line in output.lines if line["message"] == "record" and line["kind"] != "occurrence"}


def test_events_before_their_occurrence_name_nobody(local: LocalStack, out: Out) -> None:
    local.set_time(SPOKEN)
    with captured() as output:
        assert local.ingest(*map(body, EVENTS.values())) == []
        told(local, flags={"domestic_abuse": True})
    assert_nobody_is_named(local, output)
    assert_news_names_nobody(out)


@pytest.mark.parametrize("name", BAD)
def test_an_event_that_cannot_be_taken_names_nobody(local: LocalStack, out: Out, name: str) -> None:
    with captured() as output:
        told(local)
        assert local.ingest(body(EVENTS["contact"]), body(BAD[name])) == []
        assert len(local.ready.quarantined.rows()) == 1
        _at(local, MORNINGS[2])
    assert_nobody_is_named(local, output)
    assert_news_names_nobody(out)


def test_reminders_escalations_and_their_links_name_nobody(local: LocalStack, out: Out) -> None:
    with captured() as output:
        told(local)
        told(local, reference="26000712346", flags={"domestic_abuse": True}, dash_risk="high")
        task = next(row.task_id for row in local.rows("26000712346") if row.task_id)
        assert local.ingest(body(done_message(task, now=SPOKEN, reference="26000712346", by="Zqzqcare", message_id="Zqzqmessage"))) == []
        for moment in MORNINGS:
            _at(local, moment)
    readers = {message.to for message in local.accepted}
    assert {"sam.ash@example.test", "jo.reed@example.test", "area-inspector@derbyshire-police.test"} <= readers
    assert marks_in("\n".join(inside(local))) == []
    links = set(re.findall(r"https?://\S+/officer/(\S+)", "\n".join(message.text for message in local.accepted)))
    assert links
    assert {local.ready.pages.opened(link, MORNINGS[-1]).reader for link in links} >= {"2345", "1890", "inspector"}
    assert marks_in("\n".join(links)) == []
    assert_nobody_is_named(local, output)
    assert_news_names_nobody(out)


def test_an_absence_and_its_hand_over_name_nobody(local: LocalStack, out: Out) -> None:
    with captured() as output:
        told(local)
        _at(local, MORNINGS[0])
        cover = officer_record(collar_number="2399", name="PC Zqzqcover", email="zqzqcover@example.test")
        ill = officer_record(now=MORNINGS[0], name="PC Zqzqash", version=8, absent_from="2026-11-28", absent_until=None, cover="2399")
        assert local.ingest(body(cover), body(ill)) == []
        local.settle()
    assert "zqzqcover@example.test" in {message.to for message in local.accepted}
    assert_nobody_is_named(local, output)
    assert_news_names_nobody(out)


def test_figures_a_timeline_and_revoked_links_name_nobody(local: LocalStack) -> None:
    """The victim's id and collar numbers are the records system's own."""
    said: list[str] = []
    with captured() as output:
        told(local)
        assert local.ingest(*(body(EVENTS[name]) for name in SHOWN)) == []
        _at(local, MORNINGS[2])
        for command in (
            ["figures", "2026-11", "--detail"],
            ["figures", "2026-11", "--csv"],
            ["links", "revoke", REFERENCE, "--by", "7001"],
        ):
            assert ops.main(command, said.append) == 0
        assert ops.main(["case", REFERENCE], said.append) == 0
    shown = "\n".join(said).replace("Zqzqvictim", "")
    assert marks_in(shown) == []
    assert_nobody_is_named(local, output)

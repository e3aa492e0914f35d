"""What the clock comes to next, and what the records system was told, as the console finds them."""

import json
from datetime import UTC, datetime

import pytest

from infra.local.announced import TOPIC, announced, listen
from infra.local.coming import ahead_of, next_reminder
from infra.local.duty import force_duty

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DUTY = force_duty()


def item(**values):
    return {name: {"S": value} for name, value in values.items()}


def owed(next_at, state="open", **more):
    return item(**{"due_shard": "1", "kind": "update", "due_at": "2026-11-26T23:59:59Z", "next_at": next_at, "state": state} | more)


def message(**values):
    return item(
        **{"open_shard": "1", "state": "held", "channel": "email", "audience": "victim", "open_at": "2026-11-25T08:00:00Z"} | values
    )


def coming(obligations=(), notifications=()):
    tables = {"obligations": list(obligations), "notifications": list(notifications)}
    return ahead_of(NOW, [], DUTY, tables.__getitem__)


def test_reminders_of_one_morning_are_one_line_and_deadlines_are_their_own():
    found = coming(
        [
            owed("2026-11-25T07:00:00Z"),
            owed("2026-11-25T07:00:00Z", "late", due_at="2026-11-23T23:59:59Z"),
            owed("2026-11-27T00:00:00Z", occurrence_ref="26000712345", unit="officer"),
            owed("2026-11-28T00:00:00Z", "late", due_at="2026-11-23T23:59:59Z"),
            owed("2026-11-24T11:00:00Z", due_at="2026-11-24T10:59:59Z"),
            item(state="met", kind="update", due_at="2026-11-23T23:59:59Z"),
        ]
    )
    assert [(one.at, one.kind, one.count, one.due) for one in found.next] == [
        ("2026-11-24T11:00:00Z", "deadline", 1, True),
        ("2026-11-25T07:00:00Z", "reminder", 2, False),
        ("2026-11-27T00:00:00Z", "deadline", 1, False),
        ("2026-11-28T00:00:00Z", "breach", 1, False),
    ]
    assert (found.next[2].reference, found.next[2].whom) == ("26000712345", "officer")
    assert found.overdue == 3


def test_only_messages_and_hand_overs_wait_for_a_time():
    found = coming(
        notifications=[
            message(message="acknowledgement", occurrence_ref="26000712345"),
            message(message="handover", reader="2345", occurrence_ref="digest#2345"),
            message(message="digest", occurrence_ref="digest#2345"),
            message(message="out"),
            message(message="completion"),
        ]
    )
    assert [(one.kind, one.what, one.whom, one.reference) for one in found.next] == [
        ("handover", "handover", "2345", ""),
        ("message", "digest", "victim", ""),
        ("message", "acknowledgement", "victim", "26000712345"),
    ]


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([], "2026-11-25T07:00:00+00:00"),
        ([owed("2026-11-30T07:00:00Z"), owed("2026-11-27T07:00:00Z")], "2026-11-27T07:00:00+00:00"),
        # A deadline is no reminder, and what is due already waits for nothing.
        ([owed("2026-11-25T00:00:00Z"), owed("2026-11-24T07:00:00Z"), owed("2026-11-26T07:00:00Z")], "2026-11-26T07:00:00+00:00"),
    ],
)
def test_when_somebody_is_next_reminded(rows, at):
    assert next_reminder(NOW, DUTY, {"obligations": rows}.__getitem__).isoformat() == at


def test_what_is_announced_is_heard_once_and_by_occurrence(cloud):
    sns = cloud.client("sns")
    topic = sns.create_topic(Name=TOPIC)["TopicArn"]
    listen(cloud.endpoint_url)

    def out(event_id, reference="26000712345", at="2026-11-24T10:00:00+00:00", **more):
        body = {"event": "obligation_met", "event_id": event_id, "at": at, "reference": reference} | more
        sns.publish(TopicArn=topic, Message=json.dumps(body))

    out("b", at="2026-11-24T11:00:00+00:00")
    out("a")
    out("a")
    out("c", reference="26000712346")
    out("d", reference="26000712346", obligation="26000712345")
    assert [event["event_id"] for event in announced("26000712345")] == ["a", "b"]

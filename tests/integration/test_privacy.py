"""Marked people through every path of the deployed handlers, then searched for in every place that must not hold anything of a person.

The records queue and its dead letters hold records, and the quarantine bucket bodies: the contract says so. `lambda-async-receipts` stands
for the queue inside Lambda in which invocations by a topic wait; it is AWS's own, belongs to no account and cannot be read, and the
providers' events on it (which hold addresses) are published by the providers themselves. Must not test what a message says.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.entrypoints import ops
from infra.local.sms_events import INVALID, REFUSED
from tests.builders import body, eventbridge
from tests.captured import captured
from tests.integration.marked_people import (
    DUE,
    EMAIL,
    MOBILE,
    OFFICER,
    all_text,
    assert_nobody_is_named,
    everything_leaves,
    marked,
    marked_representative,
    marked_text,
    marked_victim,
    marks_in,
    reached_by,
)
from tests.integration.stack_fixture import LocalStack


def with_fault(change: Callable[[dict[str, Any]], object]) -> str:
    """A marked record with one fault."""
    record = marked()
    change(record)
    return json.dumps(record)


def _occurrence(**values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda record: record["occurrence"].update(values)


def _victim(**values: Any) -> Callable[[dict[str, Any]], object]:
    return lambda record: record["occurrence"]["victims"][0].update(values)


BAD = {
    "not JSON": "Zqzqgiven Zqzqfamily, zqzqmail.morgan@example.org",
    "not an object": '["Zqzqgiven"]',
    "cut off": marked_text()[:700],
    "wrong contract": with_fault(lambda record: record.update(contract="Zqzqcontract")),
    "unknown kind": with_fault(lambda record: record.update(kind="Zqzqkind")),
    "a step of a review that nobody knows": json.dumps(
        {"contract": "kept-informed/records/v1", "kind": "review", "review": marked()["occurrence"] | {"step": "Zqzqstep"}}
    ),
    "a type of event that nobody knows": json.dumps(
        {"contract": "kept-informed/records/v1", "kind": "investigation_event", "event": marked()["occurrence"] | {"type": "Zqzqtype"}}
    ),
    "a release for which nobody answers": json.dumps(
        {"contract": "kept-informed/records/v1", "kind": "hold_released", "release": {"reason": "Zqzqgiven Zqzqfamily", "by": ["Zqzqby"]}}
    ),
    "a number for a name": with_fault(_victim(given_name={"Zqzqgiven": 1})),
    "a text too long": with_fault(_victim(requests="Zqzqrequest " * 100)),
    "an unknown word": with_fault(_victim(preferred_channel="Zqzqchannel")),
    "an impossible birthday": with_fault(_victim(date_of_birth="1971-03-09T")),
    "a time in the future": with_fault(_occurrence(recorded_at="2199-01-01T00:00:00+00:00")),
    "a reference that is a name": with_fault(_occurrence(reference="Zqzqreference")),
    "a victim without id": with_fault(_victim(id=None)),
    "two victims of one id": with_fault(lambda record: record["occurrence"]["victims"].append(marked_victim())),
    "a key twice": marked_text().replace('"given_name"', '"family_name"', 1),
    "a name for a key": with_fault(_victim(**{"Zqzqkey Zqzqfamily": float("nan")})),
    "a summary too long": marked_text(summary="Zqzqsummary " * 2000),
    "in an envelope": json.dumps(eventbridge(json.loads(with_fault(_victim(kind="Zqzqkind"))))),
    "an officer": body({**OFFICER, "officer": {**OFFICER["officer"], "active": "Zqzqactive"}}),
}


# ---- the good, the held and the changed


JOURNEYS: dict[str, list[dict[str, Any]]] = {
    "told by e-mail and referred": [marked()],
    "told by text": [marked(victims=[reached_by("sms")])],
    "told by letter": [marked(victims=[reached_by("letter")])],
    "reached through a representative": [marked(victims=[reached_by("email", representative=marked_representative())])],
    "a bounce": [marked(victims=[reached_by("email", email="bounce.zqzqmail@example.org")])],
    "a complaint": [marked(victims=[reached_by("email", email="complaint+zqzqmail@example.org")])],
    "an address that the provider refuses": [marked(victims=[reached_by("email", email="reject+zqzqmail@example.org")])],
    "no receipt at all": [marked(victims=[reached_by("email", email="silent+zqzqmail@example.org")])],
    "a number that is dead": [marked(victims=[reached_by("sms", mobile=INVALID)])],
    "a number that the provider refuses": [marked(victims=[reached_by("sms", mobile=REFUSED)])],
    "nobody can be reached": [marked(victims=[reached_by("phone", email="zqzqmail", mobile="zqzqnumber")])],
    "specialist": [marked(flags={"domestic_abuse": True})],
    "in doubt": [marked(flags={"safeguarding": None}, markers=["Zqzqmarker"])],
    "business": [marked(victims=[marked_victim(kind="business")])],
    "a child": [marked(victims=[reached_by("email", date_of_birth="2015-03-09", representative=marked_representative())])],
    "the same again, and late": [marked(version=2), marked(version=2), marked()],
    "equal version, other content": [marked(), marked(summary="Zqzqother")],
    "removed": [marked(), marked(version=2, victims=[])],
    "transferred": [marked(status="transferred")],
    "an officer, late and contradicting": [
        OFFICER,
        OFFICER,
        {**OFFICER, "officer": {**OFFICER["officer"], "name": "PC Zqzqoak"}},
        marked(),
    ],
}


@pytest.mark.parametrize(
    ("journey", "channels"),
    [
        ("told by e-mail and referred", ["email"]),
        ("told by text", ["sms"]),
        ("told by letter", []),
        ("reached through a representative", ["email"]),
    ],
)
def test_the_marks_are_where_they_belong(local: LocalStack, journey: str, channels: list[str]) -> None:
    """Otherwise the search below would find nothing for the wrong reason."""
    assert local.ingest(*map(body, JOURNEYS[journey])) == []
    everything_leaves(local)
    assert [message.channel for message in local.accepted if message.to in (EMAIL, MOBILE, "zqzqrobin@example.org")] == channels
    letters = local.client("s3").list_objects_v2(Bucket="kept-informed-letters").get("KeyCount", 0)
    assert letters == (journey == "told by letter")


@pytest.mark.parametrize("journey", JOURNEYS)
def test_nobody_is_named_on_the_way(local: LocalStack, journey: str) -> None:
    with captured() as output:
        for record in JOURNEYS[journey]:
            assert local.ingest(body(record)) == []
        everything_leaves(local)
    assert_nobody_is_named(local, output)


def test_nobody_is_named_after_it_left(local: LocalStack) -> None:
    """Opted out, then re-classified: a withdrawal and a stop notice leave, and say nothing."""
    with captured() as output:
        local.ingest(marked_text())
        everything_leaves(local)
        local.ingest(marked_text(version=2, victims=[marked_victim(referral_opt_out=True)]))
        everything_leaves(local)
        local.ingest(marked_text(version=3, flags={"domestic_abuse": True}))
        everything_leaves(local)
    subjects = [message for message in local.accepted if message.to == local.ready.profile.victim_service.email]
    assert len(subjects) == 3
    assert marks_in(all_text([(message.subject, message.text, message.html) for message in subjects])) == []
    assert_nobody_is_named(local, output)


def test_quarantined_bodies_name_nobody_outside_of_their_bucket(local: LocalStack) -> None:
    with captured() as output:
        bodies = [marked_text(), *BAD.values()]
        for start in range(0, len(bodies), 10):
            assert local.ingest(*bodies[start : start + 10]) == []
        assert local.ingest(*list(BAD.values())[:10]) == []
        everything_leaves(local)
        said: list[str] = []
        assert ops.main(["quarantine", "list"], said.append) == 0
        assert said[-1] == f"{len(BAD)} quarantined"
        for row in local.ready.quarantined.rows():
            assert ops.main(["quarantine", "show", row.quarantine_id], said.append) == 0
            assert ops.main(["quarantine", "replay", row.quarantine_id], said.append) == 0
        assert ops.main(["case", "26000712345"], said.append) == 0
    assert marks_in("\n".join(said).replace("Zqzqvictim", "")) == []
    assert_nobody_is_named(local, output)


def test_the_leak_check_names_nobody(local: LocalStack, tmp_path: Path) -> None:
    """Not even where it finds a leak: here the outbox says that a specialist victim was told."""
    with captured() as output:
        local.ingest(marked_text(flags={"domestic_abuse": True}))
        everything_leaves(local)
        planted = {
            "notification_id": "planted", "reference": "26000712345", "audience": "victim", "channel": "email",
            "to": "zqzqmail.morgan@example.org", "accepted_at": DUE.isoformat(), "message": "acknowledgement", "language": "en",
            "subject": "Zqzqsubject", "text": "Zqzqtext", "html": None, "attachments": [],
        }  # fmt: skip
        outbox = tmp_path / "outbox.json"
        outbox.write_text(json.dumps([planted]))
        said: list[str] = []
        assert ops.main(["leaks", "--outbox", str(outbox)], said.append) == 1
    assert marks_in("\n".join(said)) == []
    assert_nobody_is_named(local, output)

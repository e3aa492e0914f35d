"""The commands by which a named person decides, over the provisioned stack: pause, unknown, redrive, closed addresses, erasure.

Must not test what a use case does in every case: tests/unit/services does.
"""

import json
from typing import Any

import pytest

from chalicelib.adapters.contact_points import DynamoContactPoints
from chalicelib.adapters.tables import TABLES
from chalicelib.bootstrap import container
from chalicelib.domain.delivery import State
from chalicelib.services.ports import Changes
from tests.builders import NOW, body, contact_safety, occurrence_record, victim
from tests.integration.stack_fixture import DISPATCH, RECORDS, LocalStack
from tests.integration.test_entrypoints_ops import everything_leaves, run, told

REFERENCE = "26000712345"
BY = ("--by", "7001")
WHY = (*BY, "--reason", "Provider is down.")


def logged(reference: str = REFERENCE) -> list[tuple[str, str]]:
    return [(entry.op, entry.actor) for entry in container().cases.audit_of(reference)]


def records(count: int) -> list[str]:
    people = [victim(f"V{n}", person_ref=f"N{n}", email=f"v{n}@example.org", mobile=None) for n in range(count)]
    return [body(occurrence_record(reference=f"260007200{n:02d}", victims=[person])) for n, person in enumerate(people)]


def test_a_pause_under_load_keeps_everything_and_resuming_sends_each_once(local: LocalStack) -> None:
    local.ingest(*records(6))
    code, lines = run("pause", "email", *WHY, "--yes")
    assert (code, lines[-1]) == (0, "Paused: email. It takes effect within a minute.")
    everything_leaves(local)
    local.ingest(*records(9)[6:])
    everything_leaves(local)
    assert told(local) == []
    assert run("pauses")[1][-1] == "1 paused"
    assert "9 wait" in run("pauses")[1][0]
    assert run("pause", "email", *WHY, "--yes")[1][-1] == "Paused already: email."
    code, lines = run("resume", "email", *BY, "--yes")
    assert (code, lines[-1]) == (0, "Resumed: email. 9 messages go on.")
    everything_leaves(local)
    assert sorted(told(local)) == [f"v{n}@example.org" for n in range(9)]
    assert run("pauses") == (0, ["0 paused"])
    assert run("resume", "email", *BY, "--yes")[0] == 1
    assert [op for op, _ in logged("operations")] == ["paused", "resumed"]


def test_pausing_what_keeps_people_safe_warns_and_nothing_is_done_without_a_yes(local: LocalStack) -> None:
    code, lines = run("pause", "task", *WHY, ask="no")
    assert (code, lines[-1]) == (2, "Nothing was done.")
    assert any(line.startswith("WARNING") for line in lines)
    assert run("pauses")[1] == ["0 paused"]
    assert run("pause", "task", *WHY)[1][-1] == "Nothing was done: say yes with --yes where nobody can be asked."
    assert run("pause", "task", *WHY, ask="Yes ")[0] == 0
    assert run("resume", "task", *BY, ask="")[0] == 2


def unknown(local: LocalStack) -> str:
    """The acknowledgement's answer was lost and no receipt came; its id."""
    local.ingest(body(occurrence_record()))
    local.faults({"service": "ses", "operation": "SendEmail", "mode": "timeout_before", "times": 1})
    everything_leaves(local)
    local.faults()
    row = next(row for row in local.rows(REFERENCE) if row.template == "acknowledgement")
    assert row.state is State.UNKNOWN
    return row.notification_id


def test_an_unknown_outcome_is_listed_and_sent_again_by_a_named_person(local: LocalStack) -> None:
    key = unknown(local)
    code, lines = run("unknown", "list")
    assert (code, len(lines), lines[-1]) == (0, 2, "1 outcomes unknown")
    assert lines[0].startswith(f"{key}  2026-11-20 10:31  unknown")
    assert run("unknown", "resend", key, *WHY, ask="no")[0] == 2
    assert run("unknown", "resend", key, *WHY, "--yes")[1][-1] == "It goes once more."
    everything_leaves(local)
    assert told(local) == ["alex.morgan@example.org"]
    assert run("unknown", "list")[1] == ["0 outcomes unknown"]
    assert ("resent", "7001") in logged()
    assert run("unknown", "resend", key, *WHY, "--yes")[0] == 1


@pytest.mark.parametrize(("outcome", "state"), [("arrived", State.DELIVERED), ("lost", State.SETTLED)])
def test_an_unknown_outcome_is_settled_by_a_named_person(local: LocalStack, outcome: str, state: State) -> None:
    key = unknown(local)
    assert run("unknown", "settle", key, outcome, *WHY, ask="")[0] == 2
    assert run("unknown", "settle", key, outcome, "--at", NOW.isoformat(), *WHY, "--yes")[1][-1] == "Settled."
    assert local.ready.cases.notifications([key])[key].state is state
    assert told(local) == []
    assert ("outcome_settled", "7001") in logged()
    assert run("unknown", "settle", "0" * 32, outcome, *WHY, "--yes")[0] == 1


def test_dead_letters_are_put_back_and_taken(local: LocalStack) -> None:
    assert run("redrive", "records", *BY, "--yes") == (1, ["No dead letters of records."])
    assert run("redrive", "receipts", *BY, "--yes")[0] == 1
    sqs = local.client("sqs")
    for text in (body(occurrence_record()), body(occurrence_record(version=2))):
        sqs.send_message(QueueUrl=local.queue_urls[f"{RECORDS}-dlq"], MessageBody=text)
    sqs.send_message(QueueUrl=local.queue_urls[f"{DISPATCH}-dlq"], MessageBody=json.dumps({"notification_id": "x"}))
    assert run("redrive", "records", *BY, ask="")[0] == 2
    code, lines = run("redrive", "records", *BY, "--yes")
    assert (code, lines) == (0, ["This puts about 2 dead letters of records back. Again is safe.", "Put back: 2."])
    assert run("redrive", "dispatch", *BY, "--yes")[0] == 0
    local.pump(RECORDS, "ingest")
    local.settle()
    assert local.ready.cases.head(REFERENCE).version == 2
    assert [op for op, _ in logged("operations")] == ["redriven", "redriven"]


def test_other_cases_of_a_person_are_told_by_reference_alone(local: LocalStack) -> None:
    local.ingest(body(occurrence_record()))
    assert run("person", REFERENCE, "V1") == (0, ["0 others"])
    assert run("person", REFERENCE, "V9") == (1, ["No such victim."])
    local.ingest(body(occurrence_record(reference="26000700009", victims=[victim("V3", person_ref="N123456")])))
    local.ingest(
        body(
            occurrence_record(
                reference="26000700010", victims=[victim("V4", person_ref="N4", email="alex.morgan@example.org", mobile=None)]
            )
        )
    )
    assert run("person", "26*712345", "V1") == (
        0,
        [
            "26000700009  V3  the same person number",
            "26000700010  V4  an address, perhaps somebody else's",
            "2 others",
        ],
    )
    assert [actor for op, actor in logged("26000700010") if op == "consulted"] == ["operations"]


def test_a_closed_address_is_told_without_being_shown_and_opened_again(local: LocalStack) -> None:
    local.ingest(body(occurrence_record()))
    assert run("closed", "list", REFERENCE) == (0, ["0 addresses closed"])
    secret = local.environment["KI_CONTACT_KEY"].encode()
    point = DynamoContactPoints(None, secret).key("email", "alex.morgan@example.org")
    local.ready.cases.commit(Changes(closed_points=((point, "General"),)))
    code, lines = run("closed", "show", "26*712345")
    assert (code, lines) == (0, [f"{point[:12]}  V1  email  General  since before it was logged", "1 addresses closed"])
    assert run("closed", "reopen", REFERENCE, "nobody", *WHY, "--yes")[0] == 1
    assert run("closed", "reopen", REFERENCE, point[:12], *WHY, ask="")[0] == 2
    assert run("closed", "reopen", REFERENCE, point[:12], *WHY, "--yes")[0] == 0
    assert run("closed", "list", REFERENCE)[1] == ["0 addresses closed"]
    assert ("address_reopened", "7001") in logged()


def stored(local: LocalStack) -> str:
    """Every row and object of the stack as text, the providers' outbox apart."""
    texts = [json.dumps(row.attribute_values, default=str) for model in TABLES.values() for row in model.scan(consistent_read=True)]
    s3: Any = local.client("s3")
    for bucket in local.buckets():
        for found in s3.list_object_versions(Bucket=bucket).get("Versions", []):
            texts.append(s3.get_object(Bucket=bucket, Key=found["Key"], VersionId=found["VersionId"])["Body"].read().decode("latin-1"))
    return "\n".join(texts)


def forget_earlier_versions(local: LocalStack) -> None:
    """What the tests before left in versioned buckets."""
    s3: Any = local.client("s3")
    for bucket in local.buckets():
        answer = s3.list_object_versions(Bucket=bucket)
        for found in (*answer.get("Versions", []), *answer.get("DeleteMarkers", [])):
            s3.delete_object(Bucket=bucket, Key=found["Key"], VersionId=found["VersionId"])


def test_a_persons_content_goes_from_every_table_and_bucket(local: LocalStack) -> None:
    forget_earlier_versions(local)
    person = victim(preferred_channel="letter", contact_safety=contact_safety(safe_channels=["letter"]))
    local.ingest(body(occurrence_record(victims=[person])), body(occurrence_record(version=3, victims=[person], source="a rumour")))
    local.ingest(body(occurrence_record(version=4, victims=[person], status="closed")))
    everything_leaves(local)
    assert "alex.morgan" in stored(local)
    code, lines = run("erase", REFERENCE, "V1", *WHY)
    assert (code, len(lines)) == (2, 1)
    assert lines[0].startswith("Refused: ")
    assert run("erase", REFERENCE, "V1", "--although-live", *WHY, ask="")[0] == 2
    code, lines = run("erase", "26*712345", "V1", "--although-live", *WHY, "--yes")
    assert (code, lines[-1].partition(".")[0]) == (0, "Erased")
    left = stored(local)
    assert not [word for word in ("alex.morgan", "Morgan", "900123", "1988-04-02", "N123456", "DE75") if word in left]
    assert run("erase", REFERENCE, "V1", *WHY, "--yes") == (1, ["Nothing of this victim's content is kept."])
    assert run("erase", REFERENCE, "V9", *WHY, "--yes") == (1, ["No such victim."])
    assert ("erased", "7001") in logged()
    assert run("case", REFERENCE)[0] == 0
    assert ("consulted", "operations") in logged()

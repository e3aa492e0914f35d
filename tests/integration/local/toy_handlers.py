"""Handlers that misbehave on request, for the tests of the host; run in worker processes, where they are imported by path.

What a message asks for is its body; every handling is noted in the file that `TOY_NOTES` names, one JSON document a line.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path


def note(**what):
    with Path(os.environ["TOY_NOTES"]).open("a") as notes:
        notes.write(json.dumps(what | {"pid": os.getpid()}) + "\n")


def by_body(event, context):
    """One answer for each record, as its body says."""
    failures = []
    for record in event["Records"]:
        note(
            body=record["body"], id=record["messageId"], count=record["attributes"]["ApproximateReceiveCount"], batch=len(event["Records"])
        )
        if record["body"] == "raise":
            raise RuntimeError("asked to")
        if record["body"] == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if record["body"] == "sleep":
            time.sleep(60)
        if record["body"].startswith("fail"):
            failures.append({"itemIdentifier": record["messageId"]})
        if record["body"] == "nonsense":
            return {"batchItemFailures": [{"itemIdentifier": ""}]}
        if record["body"] == "print":
            print('{"id": 1, "result": "not the answer"}')
            sys.stdout.write("words without an end of line")
    return {"batchItemFailures": failures}


def whole_event(event, context):
    note(event=event, app_id=os.environ["AWS_SDK_UA_APP_ID"], name=context.function_name, left=context.get_remaining_time_in_millis())


def by_message(event, context):
    (record,) = event["Records"]
    note(event=event, message=record["Sns"]["Message"])
    if record["Sns"]["Message"] == "raise":
        raise RuntimeError("asked to")


def tick(event, context):
    note(tick=event["time"], source=event["source"])


def sweep_rows(event, context):
    """Closes every outbox row and obligation that is due, as a sweep would that finds nothing to come, and notes when it ran."""
    from infra.local.aws import client

    dynamodb = client("dynamodb", os.environ["AWS_ENDPOINT_URL"])
    closed = []
    for table, keys, at, shard in (
        ("kept-informed-notifications", ("notification_id",), "open_at", "open_shard"),
        ("kept-informed-obligations", ("occurrence_ref", "obligation_id"), "next_at", "due_shard"),
    ):
        for row in dynamodb.scan(TableName=table)["Items"]:
            if at in row and row[at]["S"] <= event["time"]:
                dynamodb.update_item(TableName=table, Key={name: row[name] for name in keys}, UpdateExpression=f"REMOVE {at}, {shard}")
                closed.append(row[keys[-1]]["S"])
    offset = dynamodb.get_item(TableName="kept-informed-control", Key={"name": {"S": "clock"}}, ConsistentRead=True)["Item"][
        "offset_seconds"
    ]["N"]
    note(sweep=event["time"], closed=sorted(closed), offset=int(offset))


def busy(event, context):
    """Uses CPU that can be measured, makes one call, and dies if it is asked to."""
    import boto3

    until = time.process_time() + 0.2
    while time.process_time() < until:
        pass
    boto3.client("sqs").list_queues()
    note(body=event["Records"][0]["body"])
    if event["Records"][0]["body"] == "die":
        os.kill(os.getpid(), signal.SIGKILL)

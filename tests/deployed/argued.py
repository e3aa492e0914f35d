"""What a role allows although the story of these tests never asked for it, and why it stays allowed.

Must not hold anything that is asked for: a line that is not needed any more fails, as does a permission without a line.
"""

from __future__ import annotations

from tests.deployed.asked import Asked
from tests.integration.test_table_permissions import DECISION

QUEUES = {"Ingest": "records", "Dispatch": "dispatch"}
DECIDING = ("APIHandler", "Ingest", "Dispatch", "Receipts", "Sweep")
EVERY = (*DECIDING, "Leaks", "Seal", "Retention")
RUNTIME: set[Asked] = {
    *((f"logs:{action}", "log") for action in ("CreateLogStream", "PutLogEvents")),
    *((f"xray:{action}", "*") for action in ("PutTraceSegments", "PutTelemetryRecords")),
    *(
        (f"sqs:{action}", queue)
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility")
        for queue in QUEUES.values()
    ),
}
WHOLE_DECISION: set[Asked] = {(f"dynamodb:{action}", table) for action, table in DECISION}

ARGUED: list[tuple[str, tuple[str, ...], set[Asked]]] = [
    ("the runtime does it with the function's role: logs, traces, and receiving for the trigger", EVERY, RUNTIME),
    (
        "a decision may need it, whichever function comes to it first: tests/integration/test_table_permissions.py sees it asked for",
        DECIDING,
        WHOLE_DECISION,
    ),
    ("a second worker routes the same message, or finds what another left open", ("Ingest", "Dispatch"), {("dynamodb:GetItem", "events")}),
    (
        "the desk, which nobody can sign in to without a provider: tests/integration/test_desk_page.py sees it asked for",
        ("APIHandler",),
        {
            ("dynamodb:PutItem", "control"),
            ("dynamodb:Query", "obligations"),
            ("dynamodb:Query", "officers"),
            ("dynamodb:UpdateItem", "officers"),
        },
    ),
    (
        "what another record of the same case owes: tests/integration/test_table_permissions.py sees it asked for",
        ("Ingest", "Dispatch"),
        {("dynamodb:Query", "obligations")},
    ),
    ("no unit of the deployed profile wants its tasks in lists", ("Dispatch",), {("dynamodb:Query", "notifications/index/open")}),
    ("finishes from the archive what a crash interrupted", ("Dispatch",), {("s3:GetObject", "records-archive/*")}),
    (
        "no case is old enough to be looked at in this story: tests/integration/test_retention_at_night.py sees all of it asked for",
        ("Retention",),
        {
            *((f"dynamodb:{action}", table) for action in ("Query", "GetItem", "PutItem") for table in ("occurrences", "events")),
            *((f"dynamodb:{action}", "obligations") for action in ("Query", "PutItem")),
            *((f"dynamodb:{action}", "contact-points") for action in ("BatchGetItem", "DeleteItem")),
            ("dynamodb:PutItem", "notifications"),
            ("dynamodb:Query", "notifications/index/by_occurrence"),
            ("dynamodb:PutItem", "audit"),
            ("s3:ListBucketVersions", "records-archive"),
            ("s3:DeleteObjectVersion", "records-archive/*"),
        },
    ),
]
"""Reason, functions, and what they are allowed. Of the key's own permissions KEY says why."""
KEY = "kms:"
"""The tables, buckets and queues encrypt with the key in the function's name (kms:Decrypt, kms:GenerateDataKey); no function calls KMS."""

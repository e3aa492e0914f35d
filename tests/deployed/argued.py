"""What a role allows although the story of these tests never asked for it, and why it stays allowed.

Must not hold anything that is asked for, or that no policy allows any more: a line that is not needed fails, as does a permission without a
line.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.deployed.asked import Grant
from tests.deployed.bundle import functions
from tests.deployed.triggers import triggers
from tests.integration.test_table_permissions import DECISION

DECIDING = ("APIHandler", "Ingest", "Dispatch", "Receipts", "Sweep")
EVERY = tuple(functions())
_PREFIX = "kept-informed-"


@dataclass(frozen=True, slots=True)
class Argument:
    """Why each of `functions` may do each of `granted`.

    `by_chance`: which worker comes to it first decides, so that one run asks for it and the next does not.
    """

    reason: str
    functions: tuple[str, ...]
    granted: frozenset[Grant]
    by_chance: bool = False


ARGUMENTS = [
    Argument(
        "the runtime writes the log and the traces with the function's role",
        EVERY,
        frozenset(
            {
                ("logs:CreateLogStream", "log"),
                ("logs:PutLogEvents", "log"),
                ("xray:PutTraceSegments", "*"),
                ("xray:PutTelemetryRecords", "*"),
            }
        ),
    ),
    Argument(
        "tables, buckets, queues and topics encrypt with the key in the function's name; no function calls KMS",
        EVERY,
        frozenset({("kms:Decrypt", "key"), ("kms:GenerateDataKey", "key")}),
    ),
    *(
        Argument(
            "Lambda receives for the trigger with the function's role",
            (name,),
            frozenset(
                (f"sqs:{action}", queue.removeprefix(_PREFIX))
                for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility")
            ),
        )
        for name, found in triggers().items()
        for kind, queue in found
        if kind == "queue"
    ),
    Argument(
        "Lambda lays aside with the function's role what failed every retry (ADR 0009)",
        ("Receipts",),
        frozenset({("s3:PutObject", "dead-receipts/*"), ("s3:ListBucket", "dead-receipts")}),
    ),
    Argument(
        "a decision may need it, whichever function comes to it first: tests/integration/test_table_permissions.py sees it asked for",
        DECIDING,
        frozenset((f"dynamodb:{action}", table) for action, table in DECISION),
        by_chance=True,
    ),
    Argument(
        "a second worker routes the same message, or finds what another left open",
        ("Ingest", "Dispatch"),
        frozenset({("dynamodb:GetItem", "events")}),
        by_chance=True,
    ),
    Argument(
        "the desk, which nobody can sign in to without a provider: tests/integration/test_desk_page.py sees it asked for",
        ("APIHandler",),
        frozenset({("dynamodb:PutItem", "control"), ("dynamodb:Query", "obligations"), ("dynamodb:UpdateItem", "officers")}),
    ),
    Argument(
        "what another record of the same case owes: tests/integration/test_table_permissions.py sees it asked for",
        ("Ingest", "Dispatch"),
        frozenset({("dynamodb:Query", "obligations")}),
    ),
    Argument(
        "no unit of the deployed profile wants its tasks in lists",
        ("Dispatch",),
        frozenset({("dynamodb:Query", "notifications/index/open")}),
    ),
    Argument("finishes from the archive what a crash interrupted", ("Dispatch",), frozenset({("s3:GetObject", "records-archive/*")})),
    Argument(
        "a case of which only a message through the page is known is looked at in its first night, where a night falls into the story",
        ("Retention",),
        frozenset(
            {
                *((f"dynamodb:{action}", "occurrences") for action in ("Query", "PutItem")),
                ("dynamodb:Query", "obligations"),
                ("dynamodb:Query", "notifications/index/by_occurrence"),
                ("dynamodb:Query", "events"),
            }
        ),
        by_chance=True,
    ),
    Argument(
        "no case is old enough to be stripped in this story: tests/integration/test_retention_at_night.py sees all of it asked for",
        ("Retention",),
        frozenset(
            {
                ("dynamodb:GetItem", "occurrences"),
                *((f"dynamodb:{action}", "events") for action in ("GetItem", "PutItem")),
                ("dynamodb:PutItem", "obligations"),
                *((f"dynamodb:{action}", "contact-points") for action in ("BatchGetItem", "DeleteItem")),
                ("dynamodb:PutItem", "notifications"),
                ("dynamodb:PutItem", "audit"),
                ("s3:ListBucketVersions", "records-archive"),
                ("s3:DeleteObjectVersion", "records-archive/*"),
            }
        ),
    ),
]

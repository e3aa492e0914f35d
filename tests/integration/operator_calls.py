"""Every permission that the operators' commands ask AWS for, as the SDK sends it: on which table, queue, topic or bucket.

Must not judge: the test beside holds it against the operators' policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore import handlers

from tests.integration.account_stack import STACK
from tests.integration.stack_fixture import LocalStack, local_stack
from tests.integration.table_calls import Asked, asked

_S3 = {
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "HeadObject": "GetObject",
}
"""Operations whose permissions have other names than they (AWS, Service Authorization Reference)."""
SECRETS = ("ContactKey", "LinkKey", "LinkKeyPrevious")
_MOVING = {"ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "StartMessageMoveTask"}
"""What moving dead letters asks for on their queue, whether SQS does it itself or the command does."""


class OperatorCalls:
    """What was asked so far, of commands alone: (`service:Action`, the name of a table, queue, topic or bucket)."""

    def __init__(self) -> None:
        self.seen: set[Asked] = set()
        self._listening = False

    @contextmanager
    def of_a_command(self) -> Iterator[None]:
        self._listening = True
        try:
            yield
        finally:
            self._listening = False

    def note(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        """A handler of botocore's event `provide-client-params`."""
        if self._listening:
            self.seen |= _needs(model.service_model.service_name, model.name, params)


def _needs(service: str, operation: str, params: Mapping[str, Any]) -> set[Asked]:
    if service == "dynamodb":
        return {(f"dynamodb:{action}", table) for action, table in asked(operation, params)}
    if service == "s3":
        action = _S3.get(operation, operation)
        return {(f"s3:{action}Version" if "VersionId" in params else f"s3:{action}", params["Bucket"])}
    if service == "sqs":
        name = {"SendMessageBatch": "SendMessage"}.get(operation, operation)
        where = params.get("QueueUrl") or params["SourceArn"]
        return {(f"sqs:{name}", where.replace(":", "/").rpartition("/")[2])}
    if service == "sts":
        return set()  # who one is may be asked by anybody
    if service == "cloudformation":
        return {(f"cloudformation:{operation}", "this stack" if params["StackName"] == STACK else params["StackName"])}
    if service == "secretsmanager":
        return {(f"secretsmanager:{operation}", next(name for name in SECRETS if f"-{name}-" in params["SecretId"]))}
    return {(f"{service}:{operation}", params.get("TopicArn", "*").rpartition(":")[2])}


def whole(seen: set[Asked]) -> set[Asked]:
    """With what AWS asks for behind one call, or in its place."""
    dead = {queue for action, queue in seen if action in ("sqs:StartMessageMoveTask", "sqs:ReceiveMessage")}
    return seen | {(f"sqs:{action}", queue) for action in _MOVING for queue in dead}


@contextmanager
def watched() -> Iterator[OperatorCalls]:
    """Every client that is made from here on tells of what commands ask for."""
    calls = OperatorCalls()
    told = ("provide-client-params", calls.note)
    handlers.BUILTIN_HANDLERS.append(told)  # every session of the SDK that is made from here on begins with them
    try:
        yield calls
    finally:
        handlers.BUILTIN_HANDLERS.remove(told)


@contextmanager
def watched_commands() -> Iterator[tuple[LocalStack, OperatorCalls]]:
    """A stack whose clients tell of what commands ask for."""
    with watched() as calls, local_stack() as local:
        _ = local.ready
        yield local, calls

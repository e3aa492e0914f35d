"""Which permission on which table each function asks DynamoDB for, as its own SDK sends it.

Must not judge: the test beside holds it against the policies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import EndpointConnectionError

from chalicelib.adapters.tables import ControlRow
from tests.integration.stack_fixture import Stack

PREFIX = "kept-informed-"
_OF_TRANSACTION = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
Asked = tuple[str, str]
"""(action, table, or table/index), without prefixes."""


def asked(operation: str, request: Mapping[str, Any]) -> set[Asked]:
    """What one request needs; a transaction needs the permission of each of its items."""
    if operation == "TransactWriteItems":
        items = [pair for item in request["TransactItems"] for pair in item.items()]
        return {(_OF_TRANSACTION[kind], _table(content["TableName"])) for kind, content in items}
    if operation == "BatchGetItem":
        return {(operation, _table(name)) for name in request["RequestItems"]}
    index = f"/{request['IndexName']}" if "IndexName" in request else ""
    return {(operation, _table(request["TableName"]) + index)}


def _table(name: str) -> str:
    return name.removeprefix(PREFIX)


class TableCalls:
    """What was asked so far, by function. What a test reads itself counts for nobody."""

    def __init__(self) -> None:
        self.by_function: dict[str, set[Asked]] = defaultdict(set)
        self._function: str | None = None

    def seen(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        """A handler of botocore's event `provide-client-params`."""
        if self._function:
            self.by_function[self._function] |= asked(model.name, params)

    @contextmanager
    def of(self, function: str) -> Iterator[None]:
        self._function = function
        try:
            yield
        finally:
            self._function = None


def store_events(stack: Stack) -> Any:
    """The events of the SDK's client for tables, which its models share."""
    _ = stack.ready
    return ControlRow._get_connection().connection.client.meta.events


@contextmanager
def interrupted(stack: Stack, after: int) -> Iterator[None]:
    """Of the transactions in here only so many reach the store."""
    left = iter(range(after))

    def refuse(model: Any, **_: Any) -> None:
        if model.name == "TransactWriteItems" and next(left, None) is None:
            raise EndpointConnectionError(endpoint_url="the store")

    store_events(stack).register("provide-client-params.dynamodb", refuse)
    try:
        yield
    finally:
        store_events(stack).unregister("provide-client-params.dynamodb", refuse)


@contextmanager
def watched(stack: Stack) -> Iterator[TableCalls]:
    """Every call of the stack's handlers in this process, recorded."""
    calls, call, events = TableCalls(), stack.call, store_events(stack)

    def invoked(handler: str, event: Mapping[str, Any]) -> Any:
        with calls.of(handler):
            return call(handler, event)

    events.register("provide-client-params.dynamodb", calls.seen)
    stack.call = invoked
    try:
        yield calls
    finally:
        stack.call = call
        events.unregister("provide-client-params.dynamodb", calls.seen)

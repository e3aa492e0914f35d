"""Says what an AWS store's refusal means, in the product's own errors.

Must not let anything of an item into an error: the causes (whose text and reasons may hold items) are dropped, not chained.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException, VerboseClientError

from chalicelib.domain.errors import Contended, RetryLater, StoreUnavailable

_CONTENDED = frozenset(
    {
        "ConditionalCheckFailedException",
        "TransactionConflictException",
        "TransactionInProgressException",
        "ConditionalCheckFailed",
        "TransactionConflict",
    }
)


Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def store_errors(operation: str) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Lets a function that calls a store raise Contended or StoreUnavailable, naming `operation` and AWS's code and nothing else."""

    def decorate(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
        @wraps(function)
        def call(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
            failure: RetryLater
            try:
                return function(*args, **kwargs)
            except (PynamoDBException, BotoCoreError, ClientError) as error:
                failure = _meaning(operation, error)
            raise failure  # here and not in the handler, so that the cause is not even its context

        return call

    return decorate


def _meaning(operation: str, error: Exception) -> RetryLater:
    codes = _codes(error)
    if _CONTENDED & set(codes):
        return Contended(operation)
    return StoreUnavailable(f"{operation}: {' '.join(codes)}")


def _codes(error: Exception) -> list[str]:
    """AWS's codes, those of a cancelled transaction's items included; the exception's class where there was no answer."""
    cause = error.cause if isinstance(error, PynamoDBException) else error
    if not isinstance(cause, ClientError):
        return [type(cause or error).__name__]
    reasons = {reason.code for reason in cause.cancellation_reasons if reason} if isinstance(cause, VerboseClientError) else set()
    return [cause.response["Error"]["Code"], *sorted(reasons)]

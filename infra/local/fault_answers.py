"""The refusals of a faulty AWS service, in each service's own wire protocol, so that a real SDK classifies them as it would in production.

Must not choose when to refuse: that is faults.py.
"""

import json
from typing import Any, Literal

from infra.local.aws_wire import Response, json_1_0, rest_json, xml

Refusal = Literal["throttle", "error", "conflict"]
_DYNAMODB = "com.amazonaws.dynamodb.v20120810#"
_SQS = "com.amazonaws.sqs#"
_SMS = "com.amazonaws.pinpointsmsvoicev2#"


def refusal(service: str, operation: str | None, mode: Refusal, body: bytes) -> Response:
    """The answer of `service` to `operation` when it throttles, fails inside (500) or meets a conflict; `body` is the request's."""
    if service == "dynamodb":
        return _dynamodb(operation, mode, body)
    if service == "s3":
        return _s3(mode)
    return {
        ("ses", "throttle"): rest_json(429, {"message": "Maximum sending rate exceeded."}, error="TooManyRequestsException"),
        ("ses", "error"): rest_json(500, {"message": "Internal failure."}, error="InternalServiceErrorException"),
        ("sms", "throttle"): json_1_0(400, {"__type": f"{_SMS}ThrottlingException", "Message": "Rate exceeded"}),
        ("sms", "error"): json_1_0(500, {"__type": f"{_SMS}InternalServerException", "Message": "Internal failure", "RequestId": "local"}),
        ("sms", "conflict"): json_1_0(
            400, {"__type": f"{_SMS}ConflictException", "Message": "The resource is not active", "Reason": "RESOURCE_NOT_ACTIVE"}
        ),
        ("sqs", "throttle"): json_1_0(
            403, {"__type": f"{_SQS}RequestThrottled", "message": "Rate exceeded"}, query_error="RequestThrottled;Sender"
        ),
        ("sqs", "error"): json_1_0(
            500, {"__type": f"{_SQS}InternalError", "message": "Internal failure"}, query_error="InternalError;Receiver"
        ),
        ("sns", "throttle"): _sns(400, "Throttling", "Rate exceeded"),
        ("sns", "error"): _sns(500, "InternalFailure", "Internal failure"),
    }[(service, mode)]


def _dynamodb(operation: str | None, mode: Refusal, body: bytes) -> Response:
    if mode == "throttle":
        # On-demand tables throttle with this one; provisioned ones with ProvisionedThroughputExceededException.
        message = "Throughput exceeds the current capacity of your table or index."
        return json_1_0(400, {"__type": f"{_DYNAMODB}ThrottlingException", "message": message})
    if mode == "error":
        return json_1_0(500, {"__type": f"{_DYNAMODB}InternalServerError", "message": "Internal server error"})
    request = _document(body)
    items = request.get("TransactItems")
    if isinstance(items, list):
        return json_1_0(400, _cancelled(len(items)))
    if request.get("ConditionExpression") or request.get("Expected"):
        message = "The conditional request failed"
        return json_1_0(400, {"__type": f"{_DYNAMODB}ConditionalCheckFailedException", "message": message})
    # An unconditional write cannot fail a condition; what it can meet is another's transaction.
    message = f"Transaction is ongoing for the item ({operation})"
    return json_1_0(400, {"__type": f"{_DYNAMODB}TransactionConflictException", "message": message})


def _cancelled(items: int) -> dict[str, Any]:
    """The first item is in conflict, the others are not."""
    reasons = [{"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}]
    reasons += [{"Code": "None"} for _ in range(items - 1)]
    codes = ", ".join(reason["Code"] for reason in reasons)
    return {
        "__type": f"{_DYNAMODB}TransactionCanceledException",
        "Message": f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
        "CancellationReasons": reasons,
    }


def _s3(mode: Refusal) -> Response:
    status, code, message = {
        "throttle": (503, "SlowDown", "Please reduce your request rate."),
        "error": (500, "InternalError", "We encountered an internal error. Please try again."),
        "conflict": (409, "OperationAborted", "A conflicting conditional operation is currently in progress against this resource."),
    }[mode]
    return xml(status, f"<Error><Code>{code}</Code><Message>{message}</Message><RequestId>local</RequestId></Error>")


def _sns(status: int, code: str, message: str) -> Response:
    kind = "Sender" if status < 500 else "Receiver"
    error = f"<Error><Type>{kind}</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    return xml(
        status, f'<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">{error}<RequestId>local</RequestId></ErrorResponse>'
    )


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
